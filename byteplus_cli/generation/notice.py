"""A word to the user that work has on its way, without ending."""

from __future__ import annotations

from typing import NamedTuple


class Notice(NamedTuple):
    """Yielded for what is not as the user may expect."""

    text: str
