"""Short forms that people type: lengths of time such as 1h30m, body fields such as tier=2."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from byteplus_cli.errors import InvalidRequest

_SPAN = r"(?a)(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,9})s)?"
_WORD = r"[^\W\d][\w .:/-]*"
# Words that were meant as JSON, but are spelt in another language.
_MISSPELT = {"true", "false", "null", "none", "nan", "infinity"}


def parse_span(text: str) -> int:
    """Whole seconds in `text`: `90`, `10m`, `1h30m`; `0` is for each command to explain."""
    written = text.strip().lower()
    # Of "1h30" nobody knows the unit, so only a number alone may go without.
    found = re.fullmatch(_SPAN, f"{written}s" if written.isdigit() else written)
    if found is None or not any(found.groups()):
        raise InvalidRequest(
            f"not a length of time: {text or '(empty)'}", hint="write 90 (seconds), 10m or 1h30m"
        )
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


def span(seconds: int) -> str:
    """Seconds the way parse_span reads them: 5400 is 1h30m."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "m"), (rest, "s"))
    return "".join(f"{count}{unit}" for count, unit in parts if count) or "0"


def parse_extra(items: Sequence[str]) -> dict[str, object]:
    """Body fields from KEY=JSON, where a plain word stands for itself."""
    extra: dict[str, object] = {}
    for item in items:
        key, mark, text = item.partition("=")
        if not mark or not key:
            raise InvalidRequest(f"--extra {item} is not KEY=JSON", hint="--extra tier=2")
        if key in extra:
            raise InvalidRequest(f"--extra {key} is given twice", hint=f"keep one --extra {key}=…")
        extra[key] = _json_or_word(key, text)
    return extra


def _json_or_word(key: str, text: str) -> object:
    try:
        value: object = json.loads(text)
        # Python also reads NaN and 1e999, which no JSON may hold.
        json.dumps(value, allow_nan=False)
    except (ValueError, RecursionError):
        if re.fullmatch(_WORD, text) and text.lower() not in _MISSPELT:
            return text
        raise InvalidRequest(
            f"--extra {key}: {text or '(nothing)'} is not JSON",
            hint=f"--extra '{key}=\"{text}\"' for a text",
        ) from None
    return value
