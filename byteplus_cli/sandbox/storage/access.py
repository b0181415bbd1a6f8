"""Who may use the storage: what was signed with AWS Signature Version 4, in a header or a link."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from byteplus_cli.sandbox.links import LinkRefused
from byteplus_cli.sandbox.signature import S3, Claim, Keys, canonical, fields, moment

# Not the pair of the Vision API, so that a client which mixes them up is turned away.
KEYS = Keys("AKSANDBOXSTORAGE", "sandbox-storage-secret")
REGION, SERVICE = "ap-southeast-1", "s3"
UNSIGNED = "UNSIGNED-PAYLOAD"
# How far clocks may drift apart, and how long a link may live (S3's own limits).
DRIFT, LONGEST = 15 * 60, 604_800


@dataclass(frozen=True)
class Signed:
    claim: Claim
    stamp: str
    body_hash: str


def check(request: Request, now: float) -> str:
    """The SHA-256 that the body was signed with, or UNSIGNED.

    Raises LinkRefused unless the request was signed just now, or its link is still alive.
    """
    in_link = "X-Amz-Signature" in request.query_params
    signed = _in_link(request, now) if in_link else _in_header(request, now)
    claim = signed.claim
    if claim.access_key != KEYS.access:
        raise LinkRefused(403, "InvalidAccessKeyId", "There is no such access key.")
    _check_signed_headers(request, claim)
    wording = canonical(request, claim.headers, signed.body_hash)
    if not S3.proves(KEYS.secret, claim, signed.stamp, wording):
        raise LinkRefused(403, "SignatureDoesNotMatch", "The signature is wrong.")
    return signed.body_hash


def _in_header(request: Request, now: float) -> Signed:
    header = request.headers.get("authorization")
    if not header:
        raise LinkRefused(403, "AccessDenied", "The request is not signed.")
    algorithm, given = fields(header)
    stamp = request.headers.get("x-amz-date", "")
    claim = _claim("AuthorizationHeaderMalformed", algorithm, stamp, given)
    if abs(now - moment(stamp)) > DRIFT:
        raise LinkRefused(403, "RequestTimeTooSkewed", "The clocks are too far apart.")
    body_hash = request.headers.get("x-amz-content-sha256")
    if body_hash is None:
        raise LinkRefused(400, "InvalidRequest", "The header x-amz-content-sha256 is missing.")
    return Signed(claim, stamp, body_hash)


def _in_link(request: Request, now: float) -> Signed:
    if "authorization" in request.headers:
        raise LinkRefused(400, "InvalidArgument", "A signed link needs no Authorization header.")
    code, query = "AuthorizationQueryParametersError", request.query_params
    names = ("Credential", "SignedHeaders", "Signature")
    stamp, life = query.get("X-Amz-Date", ""), query.get("X-Amz-Expires", "")
    given = {name: query.get(f"X-Amz-{name}", "") for name in names}
    claim = _claim(code, query.get("X-Amz-Algorithm", ""), stamp, given)
    if not (life.isascii() and life.isdigit() and 1 <= int(life[:9]) <= LONGEST):
        raise LinkRefused(400, code, f"X-Amz-Expires has to be 1 to {LONGEST}.")
    if now < moment(stamp) - DRIFT:
        raise LinkRefused(403, "AccessDenied", "The link is not valid yet.")
    if now >= moment(stamp) + int(life):
        raise LinkRefused(403, "AccessDenied", "The link has expired.")
    return Signed(claim, stamp, UNSIGNED)


def _claim(code: str, algorithm: str, stamp: str, given: dict[str, str]) -> Claim:
    """What was signed, once its scope is that of this storage and of the day in `stamp`."""
    try:
        moment(stamp)
        claim = S3.claim(
            given.get("Credential", ""), given.get("SignedHeaders", ""), given.get("Signature", "")
        )
    except ValueError as error:
        raise LinkRefused(400, code, "The credential or its date is malformed.") from error
    if algorithm != S3.algorithm:
        raise LinkRefused(400, code, f"The algorithm has to be {S3.algorithm}.")
    if claim.scope[:3] != (stamp[:8], REGION, SERVICE):
        raise LinkRefused(400, code, f"The scope has to be DATE/{REGION}/{SERVICE}.")
    return claim


def _check_signed_headers(request: Request, claim: Claim) -> None:
    has_to_be = {"host", *(name for name in request.headers if name.startswith("x-amz-"))}
    if not has_to_be.issubset(claim.headers):
        raise LinkRefused(403, "AccessDenied", "A header that has to be signed is not.")
