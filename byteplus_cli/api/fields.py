"""Values of an answer, read without trusting them to be of any type."""

from __future__ import annotations

from byteplus_cli.generation.task import Failure

LATEST_MOMENT = 2**32  # the year 2106, in Unix seconds


def text(value: object) -> str | None:
    # Half a surrogate pair can be neither written to a file nor printed.
    return value.encode(errors="replace").decode() if isinstance(value, str) and value else None


def number(value: object) -> int | None:
    # `duration` has been seen as a string (live probe, 2026-09).
    if isinstance(value, str) and value.isdecimal() and len(value) < 20:
        value = int(value)
    # Beyond this other readers of our JSON lose digits, and SQLite gives up.
    return value if type(value) is int and abs(value) < 2**53 else None


def moment(value: object) -> int | None:
    """Unix seconds that can be a date."""
    seconds = number(value)
    return seconds if seconds is not None and 0 <= seconds < LATEST_MOMENT else None


def truth(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def failure(error: object) -> Failure | None:
    """The service's reason, if this is one."""
    if not isinstance(error, dict) or not (error.get("code") or error.get("message")):
        return None
    code, message = (text(str(error.get(key) or "")) for key in ("code", "message"))
    return Failure(code or "unknown", message or "")


def usage(value: object) -> dict[str, int]:
    """What was counted, by name."""
    if not isinstance(value, dict):
        return {}
    known = {name: number(count) for name, count in value.items() if name.isascii()}
    return {name: count for name, count in known.items() if count is not None}
