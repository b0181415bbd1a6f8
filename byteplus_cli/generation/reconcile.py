"""Whether a create whose answer was lost was accepted: the account's task list knows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from byteplus_cli.errors import ServerFault
from byteplus_cli.generation.entry import Entry
from byteplus_cli.generation.task import Status, Task
from byteplus_cli.generation.video import OWN_SEED

PAGE = 500
# How far apart the two clocks may be, and how long a request may have been on its way (seconds).
EARLIEST, LATEST = -120.0, 300.0
# The list goes back so far (official documentation, 2026-10-08).
LISTED_SECONDS = 7 * 86_400
# Until then a task may have been accepted and not be in the list yet. Not documented; chosen.
GRACE_SECONDS = 30.0
# The same for a request of which nobody heard anything, not even that it was lost.
SILENT_SECONDS = 120.0
# Longer than any request may be on its way, so that no run is still waiting for the answer.
SENDING_SECONDS = 600.0
TIERS = ("default", "flex")


class Verdict(StrEnum):
    """What the list says of a lost create."""

    FOUND = "found"
    ABSENT = "absent"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Search:
    """A verdict, with the one task that was found, or all that it might be."""

    verdict: Verdict
    tasks: tuple[Task, ...] = ()


class Tasks(Protocol):
    """A page of the account's tasks."""

    @property
    def total(self) -> int: ...
    @property
    def tasks(self) -> tuple[Task, ...]: ...
    @property
    def unreadable(self) -> int: ...


class Lister(Protocol):
    """The one call of the service that is needed here."""

    def list(
        self, *, page: int = 1, size: int = 20, model: str | None = None, tier: str | None = None
    ) -> Tasks: ...


def search(entry: Entry, service: Lister, known: Collection[str]) -> Search:
    """Look for the task of a lost create among those that this machine did not make.

    A task of the same model and time, and with a seed that we chose, is it. A seed that the user
    chose may be another machine's too, so by that none is guessed.
    """
    alike = list(_alike(entry, service, known))
    certain = tuple(task for task in alike if task.seed == entry.request.get("seed"))
    if len(certain) == 1 and entry.request.get(OWN_SEED):
        return Search(Verdict.FOUND, certain)
    if alike:
        return Search(Verdict.UNDECIDED, certain or tuple(alike))
    return Search(Verdict.ABSENT)


def may_be_sending(entry: Entry, now: float) -> bool:
    """Whether a run may still be waiting for the answer to a request."""
    return entry.status == Status.SUBMITTING and now - entry.created_at < SENDING_SECONDS


def fits(entry: Entry, task: Task) -> bool:
    """Whether a task can be what a request became, by its time and seed."""
    if task.created_at is None:
        return False
    seed = entry.request.get("seed")
    soon = EARLIEST <= task.created_at - entry.created_at <= LATEST
    return soon and (seed is None or task.seed in (seed, None))


def _alike(entry: Entry, service: Lister, known: Collection[str]) -> Iterator[Task]:
    seen = set(known)
    for task in _listed(entry, service):
        # A page may repeat what the one before held, when tasks were added in between.
        if task.id not in seen and fits(entry, task):
            seen.add(task.id)
            yield task


def _listed(entry: Entry, service: Lister) -> Iterable[Task]:
    for tier in TIERS:
        page, left = 1, 1
        while left > 0:
            found = service.list(page=page, size=PAGE, model=entry.model, tier=tier)
            if found.unreadable:
                # The one that is looked for may be among them.
                raise ServerFault("the task list holds entries that cannot be read")
            yield from found.tasks
            left = found.total - page * PAGE if found.tasks else 0
            page += 1
