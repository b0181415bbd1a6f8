"""Help as it looks at 80 columns and more, ready made: drawing it takes ten times as long."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

PAGES = os.path.join(os.path.dirname(__file__), "manual.txt")
COLUMNS = 80
# Begins the line that names the command whose help comes next.
MARK = "\f"


def page(words: list[str], env: Mapping[str, str]) -> str | None:
    """The help of `byteplus WORDS`; None where it has to be drawn."""
    name = " ".join(words)
    if "COLUMNS" in env or name.split() != words or _narrow():
        return None
    with open(PAGES, encoding="utf-8") as file:
        _, found, rest = file.read().partition(f"{MARK}{name}\n")
    return rest.partition(MARK)[0] if found else None


def _narrow() -> bool:
    return sys.stdout.isatty() and os.get_terminal_size(1).columns < COLUMNS
