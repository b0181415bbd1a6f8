"""The parts of the scripts that are no facts: a file for each, with places to fill."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent


def filled(name: str, **places: str) -> str:
    """A template with what belongs into each `@place@`."""
    text = (HERE / name).read_text("utf-8")
    for place, content in places.items():
        assert text.count(f"@{place}@\n") == 1
        text = text.replace(f"@{place}@\n", f"{content}\n")
    return text


def quoted(text: str, quote: str = "'\\''") -> str:
    """Text in single quotes; `quote` is how a shell writes one inside."""
    return f"'{text.replace(chr(39), quote)}'"
