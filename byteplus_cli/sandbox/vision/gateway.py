"""The gateway before the Vision API: it wants a right signature, and a clock that agrees."""

from __future__ import annotations

import hashlib

from starlette.requests import Request

from byteplus_cli.sandbox.signature import VISION, Claim, Keys, canonical, fields, moment
from byteplus_cli.sandbox.vision.refusal import GatewayRefusal

# Not the pair of the storage, so that a client which mixes them up is turned away.
KEYS = Keys("AKSANDBOXVISION", "sandbox-vision-secret")
VERSION, REGION, SERVICE = "2024-06-06", "ap-singapore-1", "cv"
# Chosen: how far the real gateway lets clocks drift apart is not known.
DRIFT = 15 * 60
# Without these a signature would prove neither where the request goes nor when it was made.
_SIGNED = ("host", "x-date")


def check(request: Request, body: bytes, now: float) -> None:
    """Raises GatewayRefusal unless the request was signed just now, with our keys."""
    claim = _claim(request)
    stamp = request.headers.get("x-date", "")
    _check_time(stamp, claim, now)
    if claim.access_key != KEYS.access:
        raise GatewayRefusal("InvalidAccessKey", "there is no such access key")
    if "x-security-token" in request.headers:
        raise GatewayRefusal("InvalidSecretToken", "this access key has no session token")
    # What the body really hashes to, not what a header says of it.
    wording = canonical(request, claim.headers, hashlib.sha256(body).hexdigest())
    if not VISION.proves(KEYS.secret, claim, stamp, wording):
        message = "the signature is not that of this request and the secret key"
        raise GatewayRefusal("SignatureDoesNotMatch", message)


def metadata(request: Request, request_id: str, refusal: GatewayRefusal) -> dict[str, object]:
    """The body of an answer that is the gateway's own."""
    return {
        "ResponseMetadata": {
            "RequestId": request_id,
            "Action": request.query_params.get("Action", ""),
            "Version": request.query_params.get("Version", ""),
            "Service": SERVICE,
            "Region": REGION,
            "Error": {"Code": refusal.code, "Message": refusal.message},
        }
    }


def _claim(request: Request) -> Claim:
    header = request.headers.get("authorization")
    if not header:
        raise GatewayRefusal("MissingAuthenticationToken", "there is no Authorization header")
    algorithm, given = fields(header)
    if algorithm != VISION.algorithm:
        raise GatewayRefusal("InvalidAuthorization", f"the algorithm has to be {VISION.algorithm}")
    if not given.get("Signature"):
        raise GatewayRefusal("MissingSignature", "the Authorization header holds no Signature")
    try:
        claim = VISION.claim(
            given.get("Credential", ""), given.get("SignedHeaders", ""), given["Signature"]
        )
    except ValueError as error:
        message = f"the Credential has to be KEY/DATE/{REGION}/{SERVICE}/request"
        raise GatewayRefusal("InvalidCredential", message) from error
    if claim.scope[1:3] != (REGION, SERVICE):
        raise GatewayRefusal("InvalidCredential", f"the scope has to be {REGION}/{SERVICE}")
    if missing := [name for name in _SIGNED if name not in claim.headers]:
        raise GatewayRefusal("InvalidAuthorization", f"{missing[0]} has to be signed")
    return claim


def _check_time(stamp: str, claim: Claim, now: float) -> None:
    try:
        signed = moment(stamp)
    except ValueError as error:
        message = "X-Date has to be a time like 20261120T101530Z"
        raise GatewayRefusal("InvalidTimestamp", message) from error
    if abs(now - signed) > DRIFT:
        message = f"X-Date is more than {DRIFT // 60} minutes off"
        raise GatewayRefusal("InvalidTimestamp", message)
    if claim.scope[0] != stamp[:8]:
        raise GatewayRefusal("InvalidCredential", "the date of the Credential is not X-Date's")
