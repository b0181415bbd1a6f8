"""Looking at many tasks with few requests: one list of the oldest, and all of them in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from byteplus_cli.errors import AccessDenied, ByteplusError, Missing
from byteplus_cli.generation.batch.lane import Job
from byteplus_cli.generation.task import Task

# The account allows one list a second; more ids than these make an address that some servers
# refuse to read (measured with a stock nginx: about 190).
SECONDS_APART = 2.0
SWEEP_SECONDS = 60.0
MOST_IDS = 150
# A task that a list leaves out so often is looked at by itself, and so many of those at once.
MISSES, SINGLY = 3, 5
# After so many looks it is believed that there is no such task.
LOST = 15
# So many lists in a row may fail before tasks are looked at one by one.
PATIENCE = 3

Told = tuple[Job, Task | ByteplusError]
List = Callable[[Sequence[str], bool], Sequence[Task]]


@dataclass
class Looks:
    """Whom to look at next. `list_of` gives the tasks of ids that it finds, `look` one of them."""

    list_of: List
    look: Callable[[str], Task]
    most: int = MOST_IDS
    _failed: int = 0  # lists in a row
    _swept_at: float = 0.0
    _sweep: list[Job] = field(default_factory=list)

    def chosen(self, jobs: Sequence[Job], now: float) -> Sequence[Job]:
        """The oldest jobs, since tasks mostly end in order, and a part of all others."""
        oldest = list(jobs[: self.most])
        if len(jobs) <= self.most:
            return oldest
        if not self._sweep and now - self._swept_at >= SWEEP_SECONDS:
            self._swept_at = now
            self._sweep = list(jobs[self.most :])
        part, self._sweep = self._sweep[: self.most], self._sweep[self.most :]
        return [*oldest, *(job for job in part if job.id)]

    def at(self, jobs: Sequence[Job]) -> Iterator[Told]:
        """What is told of each job; of one that cannot be found, the error of its own look."""
        yield from self._singly([job for job in jobs if not job.lane.listed])
        listed = [job for job in jobs if job.lane.listed]
        try:
            for flex in (False, True):
                alike = (job for job in listed if job.lane.flex == flex)
                yield from self._listed({str(job.id): job for job in alike}, flex=flex)
            self._failed = 0
        except ByteplusError as error:
            self._failed += 1
            if not error.temporary or self._failed < PATIENCE:
                raise
            # Perhaps the list alone is in trouble.
            yield from self._singly(listed[:SINGLY])

    def _listed(self, by_id: dict[str, Job], *, flex: bool) -> Iterator[Told]:
        ids = list(by_id)
        while ids:
            part = ids[: self.most]
            found = self._asked(part, flex=flex)
            if found is None:
                continue  # with fewer ids at once
            ids = ids[len(part) :]
            for task in found:
                if job := by_id.pop(task.id, None):
                    job.misses = 0
                    yield job, task
        yield from self._missed(list(by_id.values()))

    def _asked(self, ids: Sequence[str], *, flex: bool) -> Sequence[Task] | None:
        """The tasks of a list; None if it is to be asked with fewer ids."""
        try:
            return self.list_of(ids, flex)
        except ByteplusError as error:
            if error.temporary or isinstance(error, AccessDenied):
                raise
            if self.most == 1:
                return []  # there is no list here, so each is looked at by itself
            self.most = max(1, self.most // 2)
            return None

    def _missed(self, jobs: Sequence[Job]) -> Iterator[Told]:
        """New tasks may not be in the list yet, and a page may leave one out."""
        for job in jobs:
            job.misses += 1
        lost = sorted((job for job in jobs if job.misses >= MISSES), key=lambda j: -j.misses)
        yield from self._singly(lost[:SINGLY])

    def _singly(self, jobs: Sequence[Job]) -> Iterator[Told]:
        for job in jobs:
            try:
                yield job, self.look(str(job.id))
                job.misses = 0
            except ByteplusError as error:
                if error.temporary or isinstance(error, AccessDenied):
                    raise
                job.misses += not job.lane.listed
                if job.misses >= LOST or not isinstance(error, Missing):
                    yield job, error
