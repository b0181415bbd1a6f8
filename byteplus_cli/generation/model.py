"""What every model has, whatever it makes: its names, its state, and where it is known from."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

Size = tuple[int, int]


class State(StrEnum):
    CURRENT = "current"
    RETIRING = "retiring"
    RETIRED = "retired"


# Nobody compares or prints models, and methods for that take longer to make than all else here.
@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Model:
    """One dated model; sizes are (width, height) in pixels."""

    id: str
    source: str
    date: datetime.date
    names: tuple[str, ...] = ()
    state: State = State.CURRENT
    retired_on: datetime.date | None = None
    replacement: str | None = None


def turned(ratio: str) -> str:
    """The same shape standing instead of lying, or the other way about."""
    return ":".join(reversed(ratio.split(":")))


def size_of(ratio: str, table: Mapping[str, Size]) -> Size | None:
    """The size that a table has for a ratio, or for the same ratio turned."""
    if ratio in table:
        return table[ratio]
    lying = table.get(turned(ratio))
    return (lying[1], lying[0]) if lying else None
