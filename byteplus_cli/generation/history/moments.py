"""Moments as people type them: 2d ago, a day, a day and an hour; days are those of this machine."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from byteplus_cli.errors import InvalidRequest

_AGO = re.compile(r"(?:(\d{1,5})w)?(?:(\d{1,5})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?", re.ASCII)
_SECONDS = (7 * 86_400, 86_400, 3_600, 60)
# Nothing was made outside of these, and every calendar has them: 1970 to 3000.
_FIRST, _LAST = 0.0, 32_503_680_000.0


def began(text: str, option: str, now: float) -> float:
    """The moment that `--since` means, in Unix seconds: of a day its first."""
    return _moment(text, option, now, days=0)


def ended(text: str, option: str, now: float) -> float:
    """The moment that `--until` means: a day counts whole, up to the first of the next."""
    return _moment(text, option, now, days=1)


def _moment(text: str, option: str, now: float, *, days: int) -> float:
    written = text.strip()
    ago = _AGO.fullmatch(written.lower())
    if ago and any(ago.groups()):
        counts = (int(part or 0) for part in ago.groups())
        seconds = sum(count * each for count, each in zip(counts, _SECONDS, strict=True))
        return max(_FIRST, now - seconds)
    try:
        return min(max(_FIRST, _written(written, days)), _LAST)
    except (ValueError, OverflowError, OSError):
        today = datetime.fromtimestamp(now).date()
        raise InvalidRequest(
            f"{option} {text or '(empty)'} is no moment",
            hint=f"{option} 2d (w, d, h, m ago), or {option} {today}, or {today}T15:30",
        ) from None


def _written(text: str, days: int) -> float:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return datetime.fromisoformat(text).timestamp()
    # The clock of this machine may be put forward or back in between: a day is no 24 hours.
    return datetime.combine(day + timedelta(days), time()).timestamp()
