"""What all parts of a running batch share: its open rows, its money, and word between threads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from queue import Empty, SimpleQueue
from typing import TypeVar

from byteplus_cli.errors import ByteplusError
from byteplus_cli.generation.batch.lane import Job
from byteplus_cli.generation.batch.limits import Limits
from byteplus_cli.generation.batch.progress import Done, Progress
from byteplus_cli.generation.batch.team import Team
from byteplus_cli.generation.notice import Notice
from byteplus_cli.generation.retry import Pause
from byteplus_cli.generation.watch import Clocks

T = TypeVar("T")
Event = Done | Notice | Pause | Progress


@dataclass
class Board:
    """Only the thread that coordinates writes to it, but for `stop`; teams hand their results to
    `inbox`.

    `record` writes down what a row came to.
    """

    progress: Progress
    limits: Limits
    clocks: Clocks
    record: Callable[[Done], None]
    reached: bool = False  # the service answered at least once
    news: SimpleQueue[Event | None] = field(default_factory=SimpleQueue)
    inbox: SimpleQueue[Callable[[], None]] = field(default_factory=SimpleQueue)

    def hand(
        self,
        team: Team,
        ask: Callable[[], T],
        then: Callable[[T], None],
        otherwise: Callable[[ByteplusError], None],
    ) -> None:
        """Let a team ask, and go on here with the answer or with the error."""

        def task() -> None:
            try:
                answer = ask()
            except ByteplusError as error:
                trouble = error
                self.inbox.put(lambda: otherwise(trouble))
            except BaseException as error:  # noqa: BLE001 - raised again where all come together
                fault = error
                self.inbox.put(lambda: _raise(fault))
            else:
                self.inbox.put(lambda: then(answer))

        team.do(task)

    def take_up(self) -> None:
        """Go on with all that teams have answered."""
        while True:
            try:
                act = self.inbox.get_nowait()
            except Empty:
                return
            act()

    def stop(self, why: str) -> None:
        """Submit nothing more; what is open is waited for."""
        self.progress.stopping = self.progress.stopping or why

    def hold(self, job: Job) -> None:
        """A row is open from now on, and takes one of its lane's places."""
        self.progress.open[job.row.number] = job
        self._place(job, taken=True)

    def leave_place(self, job: Job) -> None:
        """A row that is still open makes room for the next of its lane."""
        self._place(job, taken=False)

    def spend(self, job: Job) -> None:
        """Money that a row should cost counts from the moment it is sent."""
        job.sent = True
        self.progress.spent += Decimal(job.row.usd or 0)

    def put_back(self, job: Job, seconds: float = 0.0) -> None:
        """A row that was not taken is to be tried again after so long."""
        self._close(job, "0")
        job.lane.put_back(job.row, self.clocks.monotonic() + seconds)

    def finish(self, job: Job, done: Done, usd: str | None = None) -> None:
        """A row has come to its end; `usd` is what it cost, else its estimate goes on counting."""
        progress = self.progress
        self._close(job, usd)
        progress.count(done, self.clocks.monotonic())
        self.record(done)
        self.news.put(done)
        if self.limits.reached(progress.failures):
            self.stop("failures")

    def _close(self, job: Job, usd: str | None) -> None:
        self.progress.open.pop(job.row.number, None)
        self._place(job, taken=False)
        if job.sent and usd is not None:
            self.progress.spent += Decimal(usd) - Decimal(job.row.usd or 0)
        job.sent = False

    def _place(self, job: Job, *, taken: bool) -> None:
        job.lane.open += taken - job.placed
        job.placed = taken


def _raise(fault: BaseException) -> None:
    raise fault
