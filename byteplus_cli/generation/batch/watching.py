"""Watches all open tasks together, and saves each that is finished."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from byteplus_cli.errors import ByteplusError, Missing, NotSaved, StillRunning
from byteplus_cli.generation.batch.board import Board
from byteplus_cli.generation.batch.lane import Job
from byteplus_cli.generation.batch.looks import SECONDS_APART, Looks, Told
from byteplus_cli.generation.batch.progress import Done
from byteplus_cli.generation.batch.team import Team
from byteplus_cli.generation.batch.work import Work, charged, outcome_of
from byteplus_cli.generation.retry import Pause, obeying, pauses
from byteplus_cli.generation.task import Status, Task

SAVERS = 8
SAVING = "saving"


@dataclass
class Watching:
    """Looks every few seconds; one look is under way at a time."""

    board: Board
    work: Work

    def __post_init__(self) -> None:
        self._looks = Looks(self.work.list, self.work.look)
        self._looker, self._savers = Team(1), Team(SAVERS)
        self._waits: Iterator[float] = pauses()
        self._looking, self._next = False, 0.0

    def go_on(self) -> None:
        """Look, if it is time to and there is anything to look at."""
        now = self.board.clocks.monotonic()
        if self._looking or now < self._next:
            return
        open = self.board.progress.open.values()
        jobs = self._looks.chosen([job for job in open if job.id and job.status != SAVING], now)
        if not jobs:
            return
        self._looking = True
        self.board.hand(
            self._looker, lambda: list(self._looks.at(jobs)), self._looked, self._look_failed
        )

    def _looked(self, told: list[Told]) -> None:
        self._looking, self._waits, self.board.reached = False, pauses(), True
        self._next = self.board.clocks.monotonic() + SECONDS_APART * self.board.limits.spread
        for job, what in told:
            if isinstance(what, Task):
                self._see(job, what)
            else:
                # Not even its own look finds it, though the service once gave it an id.
                if isinstance(what, Missing):
                    self.work.lost(self.work.standing(job.row))
                outcome = "lost" if isinstance(what, Missing) else "unknown"
                self._end(job, outcome, what)

    def _look_failed(self, error: ByteplusError) -> None:
        self._looking = False
        if not error.temporary:
            raise StillRunning(
                error.message, details=error.details, code=error.code, hint=error.hint
            ) from error
        gap = max(SECONDS_APART, obeying(error.retry_after, next(self._waits)))
        self._next = self.board.clocks.monotonic() + gap
        self.board.news.put(Pause(gap, error.message))

    def _see(self, job: Job, task: Task) -> None:
        if task.status != job.status:
            self.work.seen(task)
            job.status = task.status
        if not job.begun and task.status != Status.QUEUED:
            job.begun = self.board.clocks.monotonic()
        if task.succeeded:
            self._save(job, task)
        elif task.finished:
            error = self.work.ended(task)
            self._end(job, outcome_of(error), error)

    def _save(self, job: Job, task: Task) -> None:
        job.status = SAVING
        self.board.leave_place(job)  # the service has a place free, and saving takes none
        self.board.hand(
            self._savers,
            lambda: self.work.save(job.row, task),
            lambda usd: self.board.finish(job, self._done(job, "saved"), usd),
            lambda error: self._unsaved(job, error),
        )

    def _unsaved(self, job: Job, error: ByteplusError) -> None:
        self._end(job, outcome_of(error), error)
        if isinstance(error, NotSaved) and isinstance(error.__cause__, OSError):
            # What is paid for from here on could not be saved either.
            self.board.stop("disk")

    def _end(self, job: Job, outcome: str, error: ByteplusError) -> None:
        usd = charged(error, self.work.cost(job.row))
        self.board.finish(job, self._done(job, outcome, error), usd)

    def _done(self, job: Job, outcome: str, error: ByteplusError | None = None) -> Done:
        return Done(job.row, outcome, self.work.standing(job.row).row, error)
