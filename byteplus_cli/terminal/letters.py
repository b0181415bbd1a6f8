"""Signs of ours on terminals that have no others than ASCII, or few."""

from __future__ import annotations

import codecs

LIKE = {"…": "...", "×": "x", "–": "-", "—": "-", "’": "'", "·": "-", "≤": "<=", "≥": ">="}
NAME = "byteplus-plainly"


def plainly(error: UnicodeError) -> tuple[str, int]:
    """What to write for letters that an encoding does not have."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    letters = error.object[error.start : error.end]
    shown = (LIKE.get(letter) or ascii(letter)[1:-1] for letter in letters)
    return "".join(shown), error.end


codecs.register_error(NAME, plainly)
