"""Whether a create whose answer was lost was accepted: the account's task list knows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from byteplus_cli.generation.entry import Entry
from byteplus_cli.generation.task import Task

PAGE = 500
# How far apart the two clocks may be, and how long a request may have been on its way (seconds).
EARLIEST, LATEST = -120.0, 300.0
# Until then a task may have been accepted and not be in the list yet. Not documented; chosen.
GRACE_SECONDS = 30.0
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


class Lister(Protocol):
    """The one call of the service that is needed here."""

    def list(
        self, *, page: int = 1, size: int = 20, model: str | None = None, tier: str | None = None
    ) -> Tasks: ...


def search(entry: Entry, service: Lister, known: Collection[str]) -> Search:
    """Look for the task of a lost create among those that this machine does not know.

    A task of the same model and time, and with the seed that we chose, is it. With no seed to
    tell by, a single task is; of several, none is guessed.
    """
    seed = entry.request.get("seed")
    alike = [task for task in _unknown(entry, service, known) if task.seed in (seed, None)]
    certain = [task for task in alike if task.seed == seed]
    if len(certain) == 1 or (seed is None and len(alike) == 1):
        return Search(Verdict.FOUND, tuple(certain or alike))
    if alike:
        return Search(Verdict.UNDECIDED, tuple(certain or alike))
    return Search(Verdict.ABSENT)


def _unknown(entry: Entry, service: Lister, known: Collection[str]) -> Iterator[Task]:
    seen = set(known)
    for task in _listed(entry, service):
        # A page may repeat what the one before held, when tasks were added in between.
        if task.id in seen or task.created_at is None:
            continue
        seen.add(task.id)
        if EARLIEST <= task.created_at - entry.created_at <= LATEST:
            yield task


def _listed(entry: Entry, service: Lister) -> Iterable[Task]:
    for tier in TIERS:
        page, left = 1, 1
        while left > 0:
            found = service.list(page=page, size=PAGE, model=entry.model, tier=tier)
            yield from found.tasks
            left = found.total - page * PAGE if found.tasks else 0
            page += 1
