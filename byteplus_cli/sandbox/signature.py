"""The two signature schemes of requests, near relatives: the Vision gateway's, and that of S3."""

from __future__ import annotations

import hashlib
import hmac
import re
from calendar import timegm
from collections.abc import Sequence
from dataclasses import dataclass
from time import strptime
from urllib.parse import parse_qsl, quote, unquote_to_bytes

from starlette.requests import Request

_UNRESERVED = "-_.~"


@dataclass(frozen=True)
class Keys:
    access: str
    secret: str


@dataclass(frozen=True)
class Scheme:
    """`prefix` goes before the secret, `ending` closes the credential's scope."""

    algorithm: str
    prefix: str
    ending: str

    def claim(self, credential: str, headers: str, signature: str) -> Claim:
        """Raises ValueError for a credential of another form."""
        access_key, date, region, service, ending = credential.split("/")
        if ending != self.ending:
            raise ValueError(ending)
        return Claim(access_key, (date, region, service, ending), headers.split(";"), signature)

    def sign(self, secret: str, claim: Claim, stamp: str, canonical: str) -> str:
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        text = "\n".join((self.algorithm, stamp, "/".join(claim.scope), digest))
        key = (self.prefix + secret).encode()
        for part in (*claim.scope, text):
            key = hmac.digest(key, part.encode(), "sha256")
        return key.hex()

    def proves(self, secret: str, claim: Claim, stamp: str, canonical: str) -> bool:
        right = self.sign(secret, claim, stamp, canonical)
        return hmac.compare_digest(right.encode(), claim.signature.encode())


VISION = Scheme("HMAC-SHA256", "", "request")
S3 = Scheme("AWS4-HMAC-SHA256", "AWS4", "aws4_request")


@dataclass(frozen=True)
class Claim:
    """What a request says of its signature; `scope` is date, region, service and ending."""

    access_key: str
    scope: tuple[str, str, str, str]
    headers: Sequence[str]
    signature: str


def fields(header: str) -> tuple[str, dict[str, str]]:
    """The algorithm that an Authorization header names, with the fields after it."""
    algorithm, _, rest = header.partition(" ")
    pairs = (piece.strip().partition("=") for piece in rest.split(","))
    return algorithm, {name: value for name, _, value in pairs}


def moment(stamp: str) -> int:
    """Unix seconds; raises ValueError for what is no time."""
    return timegm(strptime(stamp, "%Y%m%dT%H%M%SZ"))


def canonical(request: Request, headers: Sequence[str], body_hash: str) -> str:
    """The request in the one wording that both sides sign."""
    path = quote(unquote_to_bytes(request.scope["raw_path"]), safe=f"/{_UNRESERVED}")
    lines = "".join(f"{name}:{_value(request, name)}\n" for name in headers)
    return "\n".join((request.method, path, _query(request), lines, ";".join(headers), body_hash))


def _value(request: Request, name: str) -> str:
    value = ",".join(" ".join(each.split()) for each in request.headers.getlist(name))
    # A usual port is no part of the signed host.
    return re.sub(r":(80|443)$", "", value) if name == "host" else value


def _query(request: Request) -> str:
    pairs = parse_qsl(request.url.query, keep_blank_values=True)
    signed = sorted(
        (quote(name, safe=_UNRESERVED), quote(value, safe=_UNRESERVED))
        for name, value in pairs
        if name != "X-Amz-Signature"
    )
    return "&".join(f"{name}={value}" for name, value in signed)
