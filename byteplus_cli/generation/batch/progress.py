"""How far a batch has come, as whoever draws it may read it at any moment."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from byteplus_cli.errors import ByteplusError
from byteplus_cli.generation.batch.row import Row

if TYPE_CHECKING:
    from byteplus_cli.generation.batch.lane import Job

SHOWN = 8
# A rate is told from so many of the latest that were finished, and not from fewer than these.
LATEST, FEWEST = 200, 5


@dataclass(frozen=True)
class Done:
    """What a row came to. `outcome` is saved; unsaved or lost, when it was made; failed,
    refused, unknown, or skipped. `entry` is its row of the ledger, `before` tells that it was
    so before this run."""

    row: Row
    outcome: str
    entry: int | None = None
    error: ByteplusError | None = None
    before: bool = False


@dataclass
class Progress:
    """Counts of rows; only the run itself changes them. Times are of the monotonic clock."""

    total: int
    started: float
    done: Counter[str] = field(default_factory=Counter)
    saved_before: int = 0
    failures: int = 0  # of this run
    spent: Decimal = Decimal(0)
    open: dict[int, Job] = field(default_factory=dict)
    finished_at: deque[float] = field(default_factory=lambda: deque(maxlen=LATEST))
    stopping: str | None = None  # why nothing more is submitted

    def count(self, done: Done, now: float) -> None:
        """A row has come to its end."""
        self.done[done.outcome] += 1
        self.saved_before += done.before and done.outcome == "saved"
        if not done.before:
            self.finished_at.append(now)
            self.failures += done.outcome != "saved"

    @property
    def left(self) -> int:
        """Rows that were not taken up yet."""
        return self.total - sum(self.done.values()) - len(self.open)

    def stages(self) -> Counter[str]:
        """How many of the open rows are queued, running, and so on."""
        return Counter(job.status for job in tuple(self.open.values()))

    def shown(self) -> list[Job]:
        """The open rows that say most: what runs longest, before what only waits."""
        jobs = [job for job in tuple(self.open.values()) if job.status != "queued"]
        return sorted(jobs, key=lambda job: job.begun or job.since)[:SHOWN]

    def seconds_left(self, now: float) -> float | None:
        """By the rate of the latest; None while there are too few to tell."""
        times = self.finished_at
        if len(times) < FEWEST or self.stopping:
            return None
        since = self.started if len(times) < LATEST else times[0]
        rate = len(times) / max(now - since, 1e-9)
        return (self.left + len(self.open)) / rate
