"""Where a batch stops: money, failures, and its share of what several machines may ask."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from byteplus_cli.generation.batch.row import Row


@dataclass(frozen=True)
class Limits:
    """`max_cost` is in US dollars, for the whole run; `spread` is how many machines share the
    account's looks."""

    max_cost: Decimal | None = None
    max_failures: int | None = None
    retry_failed: bool = False
    spread: int = 1

    def allow(self, row: Row, spent: Decimal) -> bool:
        """Whether a row may still be paid for."""
        if self.max_cost is None:
            return True
        return row.usd is not None and spent + Decimal(row.usd) <= self.max_cost

    def reached(self, failures: int) -> bool:
        """Whether so many failures are too many to go on."""
        return self.max_failures is not None and failures >= self.max_failures
