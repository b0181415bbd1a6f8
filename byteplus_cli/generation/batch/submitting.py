"""Hands rows out, at each lane's pace: what is done already, what goes on, and what is new."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from byteplus_cli.errors import (
    AccessDenied,
    ByteplusError,
    Charge,
    Detached,
    Throttled,
    Unreachable,
)
from byteplus_cli.generation.batch.board import Board
from byteplus_cli.generation.batch.lane import Job, Lane
from byteplus_cli.generation.batch.progress import Done
from byteplus_cli.generation.batch.rows import ClaimedElsewhere, Stage, Standing
from byteplus_cli.generation.batch.work import Taken, Work, charged, outcome_of, surely_lost
from byteplus_cli.generation.database import LedgerError
from byteplus_cli.generation.recovery import TooSoon
from byteplus_cli.generation.retry import Pause

# A network that was there may come back, however long that takes; one that never was, may not.
OFFLINE_SECONDS = 10.0
# Until another run, or the service's list, may know more of a request.
ELSEWHERE_SECONDS = 2.0
# A request that surely came to nothing is sent again so often before its row counts as failed.
TRIES = 5


class NotNow(ByteplusError):
    """A row was not sent after all."""


@dataclass
class Submitting:
    """Takes rows up and sees to it that they are sent, each once."""

    board: Board
    lanes: list[Lane]
    work: Work
    _tries: Counter[int] = field(default_factory=Counter)

    @property
    def left(self) -> bool:
        """Whether any row was not taken up yet."""
        return any(lane.left for lane in self.lanes)

    def go_on(self) -> None:
        """Take up what there is room for, in every lane."""
        for lane in self.lanes:
            while not self.board.progress.stopping:
                row = lane.take(self._now, self.work.row)
                if row is None:
                    break
                job = Job(row, lane, self._now)
                if not self._begin(job, self.work.standing(row)):
                    lane.put_back(row, self._now)
                    lane.rests_until = self._now + lane.pace.wait
                    break

    @property
    def _now(self) -> float:
        return self.board.clocks.monotonic()

    def _begin(self, job: Job, standing: Standing) -> bool:
        """Do with a row what is left to do; False if it has to wait for its turn."""
        stage, tracked = standing.stage, job.lane.tracked
        if stage is Stage.SAVED:
            self.board.finish(job, Done(job.row, "saved", standing.row, before=True))
        elif stage in (Stage.OPEN, Stage.MADE):
            self._count(job, standing)
            self._go_on_with(job, standing.id) if tracked else self._save(job, standing)
        elif stage is Stage.UNANSWERED and self.work.is_elsewhere(standing):
            self.board.put_back(job, ELSEWHERE_SECONDS)
        elif stage is Stage.UNANSWERED and tracked and job.lane.listed:
            self._find(job, standing)
        elif stage is not Stage.NEW and not self.board.limits.retry_failed:
            self._ended_before(job, standing)
        elif job.lane.closed:
            self.board.finish(job, Done(job.row, "skipped", None, job.lane.closed))
        else:
            return self._may_send(job) and self._send(job, standing)
        return True

    def _may_send(self, job: Job) -> bool:
        if not self.board.limits.allow(job.row, self.board.progress.spent):
            # What is open may turn out to cost less than it was taken for.
            if not self.board.progress.open:
                self.board.stop("cost")
            return False
        return job.lane.pace.taken()

    def _send(self, job: Job, standing: Standing) -> bool:
        self.board.hold(job)
        self.board.spend(job)
        self.board.hand(
            job.lane.team,
            lambda: self._submitted(job, standing),
            lambda taken: self._taken(job, taken),
            lambda error: self._not_taken(job, error),
        )
        return True

    def _submitted(self, job: Job, standing: Standing) -> Taken:
        """In a team, which may have had others to send before."""
        if self.board.progress.stopping or job.lane.closed:
            raise NotNow("nothing more is sent", charge=Charge.NO)
        return self.work.submit(job.row, job.lane, standing.row)

    def _save(self, job: Job, standing: Standing) -> None:
        """Pictures that are made already cost nothing more."""
        self.board.hold(job)
        self.board.hand(
            job.lane.team,
            lambda: self.work.save_pictures(job.row, standing),
            lambda taken: self._taken(job, taken),
            lambda error: self._end(job, error),
        )

    def _find(self, job: Job, standing: Standing) -> None:
        """Look for what became of a request that was not answered."""
        self.board.hold(job)

        def found(id: str | None) -> None:
            self._count(job, standing)
            if id is None:
                self.board.put_back(job)
            else:
                self._go_on_with(job, id)

        self.board.hand(
            job.lane.team,
            lambda: self.work.reconcile(standing),
            found,
            lambda error: self._not_taken(job, error),
        )

    def _count(self, job: Job, standing: Standing) -> None:
        """What this run sent at some time before counts as much as if it were sent now."""
        if standing.batch == self.work.batch:
            self.board.progress.spent -= self.work.counted(standing)
            self.board.spend(job)

    def _go_on_with(self, job: Job, id: str | None) -> None:
        job.id, job.status = id, "queued"
        self.board.hold(job)

    def _ended_before(self, job: Job, standing: Standing) -> None:
        error = self.work.why(standing)
        self.board.finish(job, Done(job.row, outcome_of(error), standing.row, error, before=True))

    def _taken(self, job: Job, taken: Taken) -> None:
        self.board.reached = True
        job.lane.pace.accepted()
        if taken.id is not None:
            self._go_on_with(job, taken.id)
            return
        self.board.finish(job, Done(job.row, "saved", self._row_of(job)), taken.usd)

    def _not_taken(self, job: Job, error: ByteplusError) -> None:
        """Whether a row has to wait, or the rest has to go on without it."""
        if isinstance(error, LedgerError):
            raise error  # what is sent from here on could not be written down
        if isinstance(error, Detached | NotNow):
            self.board.put_back(job)
        elif isinstance(error, ClaimedElsewhere | TooSoon):
            self.board.put_back(job, ELSEWHERE_SECONDS)
        elif isinstance(error, Throttled) and error.temporary:
            self._too_fast(job, error)
        elif isinstance(error, Unreachable) and not error.arrived:
            self._offline(job, error)
        elif isinstance(error, AccessDenied | Throttled):
            self._close(job, error)
        elif surely_lost(error) and self._tries[job.row.number] < TRIES:
            self._tries[job.row.number] += 1
            self.board.put_back(job)
        else:
            self.board.reached = True
            self._end(job, error)

    def _end(self, job: Job, error: ByteplusError) -> None:
        usd = charged(error, self.work.cost(job.row))
        self.board.finish(job, Done(job.row, outcome_of(error), self._row_of(job), error), usd)

    def _too_fast(self, job: Job, error: ByteplusError) -> None:
        self.board.reached = True
        if not job.lane.tracked:
            job.lane.pace.refused(error.retry_after)
        self.board.news.put(Pause(job.lane.pace.wait, error.message, then="going on"))
        self.board.put_back(job)

    def _offline(self, job: Job, error: ByteplusError) -> None:
        if not self.board.reached:
            raise error
        self.board.news.put(Pause(OFFLINE_SECONDS, error.message))
        self.board.put_back(job, OFFLINE_SECONDS)

    def _close(self, job: Job, error: ByteplusError) -> None:
        """The service takes nothing of this lane, so the rest of it is not even tried."""
        job.lane.closed = error
        self.board.finish(job, Done(job.row, "refused", None, error), "0")

    def _row_of(self, job: Job) -> int | None:
        return self.work.standing(job.row).row
