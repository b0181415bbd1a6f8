"""What the terminal around can do beyond text, as far as its environment says so.

It is never asked: its answer would end up in what the user types. Where a program used other codes
for the same sequence once, its version has to be one that is known to be right.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

KITTY, GHOSTTY, ITERM, WEZTERM, FOOT = "kitty", "ghostty", "iterm.app", "wezterm", "foot"
_BY_TERM = {"xterm-kitty": KITTY, "xterm-ghostty": GHOSTTY, "foot": FOOT, "foot-extra": FOOT}
# The first release that shows OSC 9;4 as progress: older ones take it for a notification.
_SHOW_PROGRESS = {GHOSTTY: (1, 2), ITERM: (3, 6, 6), WEZTERM: (20250209,)}
# VTE 0.50.0 itself fell over links.
_VTE_LINKS, _VTE_PROGRESS = 5001, 8000
PROGRESS_OFF = "\x1b]9;4;0\x1b\\"
_LINKING = {KITTY, GHOSTTY, ITERM, WEZTERM, FOOT, "vscode"}


def program(env: Mapping[str, str]) -> str | None:
    """The program that draws the terminal, in lower case; None where that is not known."""
    if multiplexed(env):
        return None
    return _BY_TERM.get(env.get("TERM", "")) or env.get("TERM_PROGRAM", "").lower() or None


def multiplexed(env: Mapping[str, str]) -> bool:
    """Inside tmux or screen the variables are those of the terminal around it."""
    inside = env.get("TMUX") or env.get("STY")
    return bool(inside) or env.get("TERM", "").startswith(("screen", "tmux"))


def links(env: Mapping[str, str]) -> bool:
    """Whether a path can be made to be clicked (OSC 8)."""
    if env.get("TERM") == "dumb":
        return False
    if forced := env.get("FORCE_HYPERLINK"):
        return forced != "0"
    if multiplexed(env):
        return False
    known = program(env) in _LINKING or "WT_SESSION" in env
    return known or _number(env.get("VTE_VERSION")) >= _VTE_LINKS


def progress(env: Mapping[str, str]) -> bool:
    """Whether the taskbar or tab shows how far work is (OSC 9;4)."""
    if multiplexed(env):
        return False
    if "WT_SESSION" in env or env.get("ConEmuANSI") == "ON":
        return True
    if first := _SHOW_PROGRESS.get(program(env) or ""):
        return _version(env.get("TERM_PROGRAM_VERSION", "")) >= first
    return _number(env.get("VTE_VERSION")) >= _VTE_PROGRESS


def taskbar_off(env: Mapping[str, str]) -> str:
    """What ends the showing of progress, where it may have been shown."""
    return PROGRESS_OFF if progress(env) else ""


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0


def _version(text: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", text)))
