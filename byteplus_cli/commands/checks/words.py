"""Command lines that mend something, as they are typed on this system."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

WINDOWS = os.name == "nt"


def quoted(path: Path) -> str:
    """A path as a word of a command line."""
    return f'"{path}"' if WINDOWS else shlex.quote(str(path))


def shown(path: Path) -> str:
    """A path in words, the home folder as `~`."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def edit(path: Path) -> str:
    """Opens a file to mend it."""
    return f"notepad {quoted(path)}" if WINDOWS else f"${{EDITOR:-vi}} {quoted(path)}"


def move_away(path: Path, name: str) -> str:
    """Puts something aside under another name, and deletes nothing."""
    word = "move" if WINDOWS else "mv"
    return f"{word} {quoted(path)} {quoted(path.with_name(name))}"


def export(variable: str, value: str) -> str:
    return f'$env:{variable} = "{value}"' if WINDOWS else f"export {variable}={value}"


def unset(variable: str) -> str:
    return f"Remove-Item Env:{variable}" if WINDOWS else f"unset {variable}"


def show_time() -> str:
    return "Get-Date" if WINDOWS else "date -u"


def set_clock() -> str:
    """Has this machine take the time from the network."""
    if WINDOWS:
        return "w32tm /resync"
    return (
        "sudo sntp -sS pool.ntp.org"
        if sys.platform == "darwin"
        else "sudo timedatectl set-ntp true"
    )
