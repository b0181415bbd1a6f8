"""Signed links to files, with the refusals that an object store gives."""

from __future__ import annotations

import hashlib
import hmac
from calendar import timegm
from collections.abc import Mapping
from time import gmtime, strftime, strptime
from urllib.parse import urlencode

# A link lives for 24 hours (REV265 2026-10-08).
LIFETIME = 86_400
_DATE = "%Y%m%dT%H%M%SZ"


def signed(host: str, path: str, issued: float, secret: bytes, lifetime: int = LIFETIME) -> str:
    """A link to `path`; the host is no part of the signature, since a sandbox changes ports."""
    date = strftime(_DATE, gmtime(issued))
    query = {
        "X-Tos-Algorithm": "TOS4-HMAC-SHA256",
        "X-Tos-Date": date,
        "X-Tos-Expires": str(lifetime),
        "X-Tos-Signature": _signature(path, date, str(lifetime), secret),
    }
    return f"http://{host}{path}?{urlencode(query)}"


class LinkRefused(Exception):
    """Becomes an XML error body."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def check(path: str, query: Mapping[str, str], now: float, secret: bytes) -> None:
    """Raises LinkRefused unless the link is one of ours and still alive."""
    date, expires = query.get("X-Tos-Date", ""), query.get("X-Tos-Expires", "")
    signature = query.get("X-Tos-Signature", "")
    right = _signature(path, date, expires, secret)
    if not hmac.compare_digest(signature.encode(), right.encode()):
        raise LinkRefused(403, "SignatureDoesNotMatch", "The signature of the link is wrong.")
    if now >= timegm(strptime(date, _DATE)) + int(expires):
        raise LinkRefused(403, "AccessDenied", "The link has expired.")


def _signature(path: str, date: str, expires: str, secret: bytes) -> str:
    words = "\n".join((path, date, expires))
    return hmac.new(secret, words.encode(), hashlib.sha256).hexdigest()
