"""What servers say, made fit to be shown."""

from __future__ import annotations

import re

LONGEST_WORDS = 600
# Whoever has a signed link has the file, so what signs it is shown nowhere.
SIGNED = re.compile(r"(https?://[^\s\"'?]+)\?[^\s\"']+")


def shorten(text: str) -> str:
    """Server text on one line, of a length that an error can have."""
    text = SIGNED.sub(r"\1?…", " ".join(text[: LONGEST_WORDS * 10].split()))
    return text if len(text) <= LONGEST_WORDS else text[: LONGEST_WORDS - 1] + "…"
