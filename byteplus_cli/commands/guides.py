"""The guides of `byteplus help`: a file for each topic, whose first line says what it tells."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from byteplus_cli.terminal.page import Items, blocks

FOLDER = Path(__file__).parents[1] / "guides"


def topics() -> dict[str, str]:
    """Each topic with its first line."""
    return {path.stem: text(path.stem).partition("\n")[0] for path in sorted(FOLDER.glob("*.txt"))}


def text(topic: str) -> str:
    """The guide to a topic."""
    return (FOLDER / f"{topic}.txt").read_text("utf-8")


def items(topic: str) -> Iterator[Items]:
    """The lists of names and meanings in a guide."""
    return (block for block in blocks(text(topic)) if isinstance(block, Items))


@cache
def meanings() -> dict[str, str]:
    """What each exit code means."""
    codes = next(items("exit-codes"))
    return {code: meaning for names, meaning in codes.pairs for code in names.split(", ")}
