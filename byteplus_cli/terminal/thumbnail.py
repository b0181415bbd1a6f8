"""A small picture in the terminal, where the environment says that it can show one."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from pathlib import Path

from byteplus_cli.terminal.abilities import GHOSTTY, ITERM, KITTY, WEZTERM, program

COLUMNS, ROWS = 32, 16
LONGEST_SIDE = 512  # pixels
PIECE = 4096  # bytes of base64 that the kitty protocol takes at a time


def drawn(path: Path, env: Mapping[str, str]) -> str | None:
    """The escape codes that show a picture, or the first one of a clip; None where none are
    understood."""
    way = _way(env)
    if way is None:
        return None
    from byteplus_cli.generation.clip import Unreadable, thumbnail

    try:
        png = thumbnail(path, LONGEST_SIDE)
    except (OSError, Unreadable):
        return None
    # Twice as high as wide is a cell; a tall picture is held to so many rows instead.
    width, height = (int.from_bytes(png[at : at + 4]) for at in (16, 20))
    tall = height * COLUMNS > 2 * ROWS * width
    return _kitty(png, tall=tall) if way == "kitty" else _iterm(png, tall=tall)


def _way(env: Mapping[str, str]) -> str | None:
    around = program(env)
    if around in (KITTY, GHOSTTY):
        return "kitty"
    return "iterm" if around in (ITERM, WEZTERM) else None


def _kitty(png: bytes, *, tall: bool) -> str:
    """Without answers (q=2), as many columns wide or rows high."""
    pieces = list(_pieces(b64encode(png).decode("ascii")))
    head = f"a=T,f=100,q=2,{f'r={ROWS}' if tall else f'c={COLUMNS}'},"
    codes = (
        f"\x1b_G{head if number == 0 else ''}m={int(number < len(pieces) - 1)};{piece}\x1b\\"
        for number, piece in enumerate(pieces)
    )
    return "".join(codes)


def _iterm(png: bytes, *, tall: bool) -> str:
    extent = f"height={ROWS}" if tall else f"width={COLUMNS}"
    facts = f"inline=1;size={len(png)};{extent};preserveAspectRatio=1"
    return f"\x1b]1337;File={facts}:{b64encode(png).decode('ascii')}\x07"


def _pieces(text: str) -> Iterator[str]:
    for start in range(0, len(text), PIECE):
        yield text[start : start + PIECE]
