"""What is looked for in the history, as the user narrows it down."""

from __future__ import annotations

from typing import NamedTuple


class Wanted(NamedTuple):
    """None is "any". `model` is a pattern, as SQLite's GLOB reads it; times are Unix seconds."""

    kind: str | None = None
    status: str | None = None
    model: str | None = None
    profile: str | None = None
    not_profile: str | None = None
    since: float | None = None
    until: float | None = None  # not itself
    text: str | None = None
    unsaved: bool = False
