"""The rows that share one limit: those of one model, which no other model's rows wait for."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush

from byteplus_cli.errors import ByteplusError
from byteplus_cli.generation.batch.pace import Pace
from byteplus_cli.generation.batch.row import Row
from byteplus_cli.generation.batch.team import Team

# So many are submitted beyond those that a model runs at once, so that none of its places ever
# waits for us (measured against the ideal: 1.004 to 1.008 of it).
AHEAD = 5
# A lane's requests are on their way at the same time only as far as their answers take long.
SENDERS = 4


@dataclass(slots=True)
class Job:
    """One row on its way; `id` is that of its task once it has one. Times are monotonic."""

    row: Row
    lane: Lane
    since: float  # when this run took it up
    id: str | None = None
    status: str = "submitting"
    begun: float = 0.0  # when it was first seen to run
    misses: int = 0  # looks in a row that did not find it
    sent: bool = False  # by this run, so that it counts as money spent
    placed: bool = False  # it takes one of the lane's places


@dataclass
class Lane:
    """`window` is how many may be open at once. A lane whose kind the service makes while the
    connection stays open is not `tracked`: each of its jobs takes a thread until it is done.
    What the service has no list of is not `listed`, and is looked at one by one."""

    name: str
    window: int
    pace: Pace
    tracked: bool = True
    listed: bool = True
    flex: bool = False
    offsets: array[int] = field(default_factory=lambda: array("Q"))
    open: int = 0
    closed: ByteplusError | None = None  # why the service takes none of it
    rests_until: float = 0.0  # its pace is used up until then
    _next: int = 0
    _later: list[tuple[float, int, Row]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.team = Team(min(self.window, SENDERS) if self.tracked else self.window)

    @property
    def left(self) -> int:
        """How many rows are not taken up."""
        return len(self.offsets) - self._next + len(self._later)

    def take(self, now: float, read: Callable[[int], Row]) -> Row | None:
        """The next row, if one is due and there is room for it."""
        if self.open >= self.window or now < self.rests_until:
            return None
        if self._later and self._later[0][0] <= now:
            return heappop(self._later)[2]
        if self._next == len(self.offsets):
            return None
        self._next += 1
        return read(self.offsets[self._next - 1])

    def put_back(self, row: Row, due: float) -> None:
        """A row that is to be taken up again, but not before `due`."""
        heappush(self._later, (due, row.number, row))
