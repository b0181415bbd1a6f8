"""Codes that call for somebody, or lead to a file, beside the text of a line."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from byteplus_cli.terminal.abilities import program
from byteplus_cli.terminal.layout import literal

BELL = "\a"
END = "\x1b\\"


def notification(text: str, env: Mapping[str, str]) -> str:
    """The bell, and a notification of the desktop where the terminal passes one on."""
    # A semicolon would end the text for some, and begin something else for others.
    words = literal(text).replace(";", ",")
    match program(env):
        case "kitty":
            return f"\x1b]99;;{words}{END}{BELL}"
        case "iterm.app" | "ghostty":
            return f"\x1b]9;{words}{END}{BELL}"
        case "wezterm" | "foot":
            return f"\x1b]777;notify;byteplus;{words}{END}{BELL}"
    return BELL


def linked(line: str, shown: str, path: Path) -> str:
    """A line that ends in a path, with that path made to be clicked; it looks the same."""
    try:
        url = path.absolute().as_uri()
    except (OSError, ValueError):
        return line
    if os.name == "posix":
        # Over ssh the file is on another machine than the terminal, which can tell by the name.
        url = f"file://{os.uname().nodename}{url.removeprefix('file://')}"
    return f"{line.removesuffix(shown)}\x1b]8;;{url}{END}{shown}\x1b]8;;{END}"
