"""What tasks cost together: charged, still open, and of no known price; nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from byteplus_cli.generation.history.rows import Alike
from byteplus_cli.generation.task import Status

FREE = frozenset({Status.CANCELLED, Status.FAILED, Status.EXPIRED})
MADE = frozenset({Status.SUCCEEDED, Status.INCOMPLETE})


@dataclass
class Costs:
    """So many tasks and US dollars; `open` are those that may still be charged, as `expected`."""

    key: str
    tasks: int = 0
    charged: Decimal = Decimal(0)
    open: int = 0
    expected: Decimal = Decimal(0)
    unknown: int = 0

    def add(self, alike: Alike) -> None:
        costs, estimates = _amounts(alike.costs), _amounts(alike.estimates)
        self.tasks += alike.tasks
        self.charged += sum(costs)
        unpriced = 0 if _costs_nothing(alike) else alike.tasks - len(costs)
        if unpriced and _is_open(alike):
            self.open += len(estimates)
            self.expected += sum(estimates)
            unpriced -= len(estimates)
        self.unknown += unpriced

    def include(self, other: Costs) -> None:
        self.tasks += other.tasks
        self.charged += other.charged
        self.open += other.open
        self.expected += other.expected
        self.unknown += other.unknown


def add_up(found: Iterable[Alike]) -> list[Costs]:
    """The costs of each key, in the order in which keys come."""
    sums: dict[str, Costs] = {}
    for alike in found:
        # What the service did not take never was a task.
        if alike.ours and alike.status != Status.REFUSED:
            sums.setdefault(alike.key, Costs(alike.key)).add(alike)
    return list(sums.values())


def together(sums: Iterable[Costs]) -> Costs:
    total = Costs("total")
    for each in sums:
        total.include(each)
    return total


def _amounts(text: str | None) -> list[Decimal]:
    return [Decimal(amount) for amount in (text or "").split()]


def _costs_nothing(alike: Alike) -> bool:
    # Of clips it is documented that failures are not billed, of avatars nothing is.
    return alike.status in FREE and (alike.kind != "avatar" or alike.status == Status.CANCELLED)


def _is_open(alike: Alike) -> bool:
    """Whether it goes on, as far as is known here: then what it will cost is an estimate."""
    over = alike.status in MADE or alike.status in FREE or alike.status == Status.UNKNOWN
    return not over and not alike.gone
