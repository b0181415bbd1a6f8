"""Links to finished files: signed, and dead after a day."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime

LINK_SECONDS = 86_400
_FORM = "%Y%m%dT%H%M%SZ"


def sign(path: str, moment: float, secret: bytes) -> str:
    """`path` with the query that opens it for a day from `moment` (Unix seconds)."""
    date = datetime.fromtimestamp(moment, UTC).strftime(_FORM)
    signature = _signature(path, date, str(LINK_SECONDS), secret)
    return f"{path}?X-Tos-Date={date}&X-Tos-Expires={LINK_SECONDS}&X-Tos-Signature={signature}"


def opens(path: str, query: Mapping[str, str], now: float, secret: bytes) -> bool:
    """Whether the query is one that `sign` gave for this path, and not too old."""
    date, lifetime = query.get("X-Tos-Date", ""), query.get("X-Tos-Expires", "")
    expected = _signature(path, date, lifetime, secret)
    if not hmac.compare_digest(expected, query.get("X-Tos-Signature", "")):
        return False
    signed_at = datetime.strptime(date, _FORM).replace(tzinfo=UTC).timestamp()
    return now < signed_at + int(lifetime)


def _signature(path: str, date: str, lifetime: str, secret: bytes) -> str:
    text = f"{path}\n{date}\n{lifetime}".encode()
    return hmac.new(secret, text, hashlib.sha256).hexdigest()
