"""What is finished and was never saved here: found, put in order, and saved, several at a time."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from byteplus_cli.errors import ByteplusError, Charge, Missing, WrongState
from byteplus_cli.generation.catalogue import Catalogue
from byteplus_cli.generation.entry import Entry, SavedFile
from byteplus_cli.generation.image.saving import PictureSaver
from byteplus_cli.generation.ledger import Ledger
from byteplus_cli.generation.link import LinkExpired
from byteplus_cli.generation.naming import Template
from byteplus_cli.generation.reconcile import (
    LISTED_SECONDS,
    PAGE,
    SENDING_SECONDS,
    TIERS,
    may_be_sending,
)
from byteplus_cli.generation.recovery import TooSoon
from byteplus_cli.generation.report import LINK_SECONDS, link_expires_at, timestamp
from byteplus_cli.generation.retry import obeying, pauses
from byteplus_cli.generation.runner import Runner
from byteplus_cli.generation.saving import name_fields
from byteplus_cli.generation.service import VideoService
from byteplus_cli.generation.task import Status, Task
from byteplus_cli.generation.watch import Clocks

T = TypeVar("T")
U = TypeVar("U")

TRIES = 4
# A wait without an end could not be interrupted on Windows.
NOTICE_SECONDS = 0.2


@dataclass(frozen=True)
class Ready:
    """What is finished and to be saved: a task as the last look saw it, or a set of pictures,
    whose links are in the ledger alone."""

    entry: Entry
    task: Task | None


@dataclass(frozen=True)
class Rescued:
    """What was saved just now, of a row that is all on the disk."""

    entry: Entry
    files: tuple[SavedFile, ...]


@dataclass(frozen=True)
class Failed:
    """What may be saved another time; there is no id where the trouble came before one."""

    id: str | None
    error: ByteplusError


@dataclass(frozen=True)
class Lost:
    """A row of the ledger that nothing can be saved of any more."""

    row: int
    id: str | None
    error: Missing


@dataclass(frozen=True)
class Found:
    """What a search came to: the first of `ready` is the first to expire."""

    ready: tuple[Ready, ...] = ()
    faults: tuple[Failed | Lost, ...] = ()
    sending: int = 0  # requests that another run may still be waiting to be answered


class _Turns:
    """Lets two tasks with the same name be saved one after the other.

    A download that finds its name being written by another takes that for its own file.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def at(self, place: Path) -> threading.Lock:
        with self._guard:
            # Some file systems take two spellings for one name.
            return self._locks[str(place.absolute()).casefold()]


@dataclass(frozen=True)
class Rescue:
    """Finds and saves for one profile. `state` is the ledger's folder, `jobs` how many at a time.

    `service` is built when first needed, and shared by all threads; each has its own ledger.
    """

    service: Callable[[], VideoService]
    state: Path
    catalogue: Catalogue
    profile: str
    clocks: Clocks
    jobs: int
    _turns: _Turns = field(default_factory=_Turns)

    def find(self, *, everywhere: bool) -> Found:
        """Look at everything that may be unsaved; `everywhere` includes other machines' tasks.

        What was saved once and then moved or deleted is its owner's business.
        """
        ids, faults, sending = self._candidates(everywhere)
        if ids:
            self.service()  # not by several threads at once
        looks = [*self._each(self._look, ids), *self._pictures()]
        ready = [look for look in looks if isinstance(look, Ready)]
        ready.sort(key=lambda look: link_expires_at(look.entry) or 0)
        faults += [look for look in looks if isinstance(look, Failed | Lost)]
        return Found(tuple(ready), tuple(faults), sending)

    def save(
        self, ready: Sequence[Ready], template: Callable[[Entry], Template]
    ) -> Iterator[Rescued | Failed | Lost]:
        """Save in that order; yields each as it is done."""
        return self._each(lambda one: self._save(one, template(one.entry)), ready)

    def _candidates(self, everywhere: bool) -> tuple[list[str], list[Failed | Lost], int]:
        ids: list[str] = []
        faults: list[Failed | Lost] = []
        sending = 0
        with self._open() as (runner, ledger):
            for entry in ledger.unsaved(self.profile, "video"):
                if may_be_sending(entry, self.clocks.now()):
                    sending += 1
                    continue
                try:
                    found = entry if entry.id else runner.recovery.reconcile(entry)
                    ids += [found.id] if found and found.id else []
                except TooSoon:
                    sending += 1
                except ByteplusError as error:
                    faults.append(self._unidentified(entry, error))
            if everywhere:
                try:
                    ids += self._foreign(ledger.ids())
                except ByteplusError as error:
                    faults.append(Failed(None, error))
        return ids, faults, sending

    def _unidentified(self, entry: Entry, error: ByteplusError) -> Failed | Lost:
        """A request whose task cannot be told; a day later nothing of it could be saved."""
        if not isinstance(error, WrongState):
            return Failed(None, error)
        if self.clocks.now() - entry.created_at < LINK_SECONDS:
            return Failed(None, error)
        day = timestamp(entry.created_at)
        words = f"the request of {day} cannot be followed any more: {error.message}"
        return Lost(entry.row, None, Missing(words, charge=Charge.UNKNOWN))

    def _foreign(self, known: Collection[str]) -> list[str]:
        """The ids of what succeeded on the server without this machine knowing of it."""
        # As the keys of a dict, since a page may repeat what the one before held.
        found: dict[str, None] = {}
        for tier in TIERS:
            page, left = 1, 1
            while left > 0:
                total, tasks = self._succeeded(tier, page)
                found.update((task.id, None) for task in tasks if task.id not in known)
                left = total - page * PAGE if tasks else 0
                page += 1
        return list(found)

    def _succeeded(self, tier: str, page: int) -> tuple[int, Sequence[Task]]:
        found = self._patiently(
            lambda: self.service().list(page=page, size=PAGE, status=Status.SUCCEEDED, tier=tier)
        )
        return found.total, found.tasks

    def _look(self, id: str) -> Ready | Failed | Lost | None:
        before: Entry | None = None
        try:
            with self._open() as (runner, ledger):
                before = ledger.known(id)
                task = self._patiently(lambda: runner.look(id))
                return Ready(ledger.find(id), task) if task.succeeded else None
        except ByteplusError as error:
            return self._fault(id, before, error)

    def _pictures(self) -> Iterator[Ready | Lost]:
        """The sets of pictures that are not all saved."""
        now = self.clocks.now()
        with self._open() as (_, ledger):
            for entry in ledger.unfetched(self.profile):
                # Another run may be at it right now.
                if entry.status == Status.RUNNING and now - entry.created_at < SENDING_SECONDS:
                    continue
                yield Ready(entry, None) if entry.waiting(now) else self._dead(entry)

    def _save(self, ready: Ready, template: Template) -> Rescued | Failed | Lost:
        entry, task = ready.entry, ready.task
        if task is None:
            return self._save_pictures(entry, template)
        try:
            if not task.outputs and self._expired(entry):
                raise LinkExpired("the service names no file any more")
            with self._open() as (runner, ledger), self._turns.at(_place(entry, task, template)):
                for _ in runner.save(task, template, overwrite=False):
                    pass
                saved = ledger.find(task.id)
                return Rescued(saved, saved.files)
        except ByteplusError as error:
            return self._fault(task.id, entry, error)

    def _save_pictures(self, entry: Entry, template: Template) -> Rescued | Failed | Lost:
        failed: ByteplusError | None = None
        with self._open() as (_, ledger), self._turns.at(Path(template.text)):
            saver = PictureSaver(ledger, self.clocks)
            for picture in entry.waiting(self.clocks.now()):
                try:
                    for _ in saver.save(entry, picture, template):
                        pass
                except ByteplusError as error:
                    failed = failed or error
            now = ledger.at(entry.row)
        if failed is not None:
            return self._fault(str(entry.id), now, failed)
        return Rescued(now, tuple(file for file in now.files if file not in entry.files))

    def _dead(self, entry: Entry) -> Lost:
        left = sum(picture.saved_at is None for picture in entry.pictures)
        words = f"{left} of {len(entry.pictures)} pictures of {entry.id} cannot be saved any more"
        why = f"their links died on {timestamp(link_expires_at(entry))}"
        return Lost(
            entry.row, entry.id, Missing(f"{words}: {why}", task_id=entry.id, charge=Charge.YES)
        )

    def _fault(self, id: str, entry: Entry | None, error: ByteplusError) -> Failed | Lost:
        if entry is None or not isinstance(error, Missing):
            return Failed(id, error)
        expired = self._expired(entry)
        if isinstance(error, LinkExpired):
            gone = expired
        else:
            # A 404 without the service's own code is some other server's, at a wrong address.
            gone = not error.code.startswith("http_") and self._forgotten(id, entry, error)
        if not gone:
            return Failed(id, error)
        why = "the service has no record of it"
        if expired:
            why = f"its link died on {timestamp(link_expires_at(entry))}"
        charge = Charge.YES if entry.status == Status.SUCCEEDED else Charge.UNKNOWN
        words = f"{id} cannot be saved any more: {why}"
        return Lost(entry.row, id, Missing(words, task_id=id, charge=charge))

    def _forgotten(self, id: str, entry: Entry, error: Missing) -> bool:
        """Whether there is no record of a task for good; one such answer may be a mistake."""
        now = self.clocks.now()
        since = now if entry.missing_at is None else entry.missing_at
        # By then no record is kept, or no link works.
        if now - entry.created_at > LISTED_SECONDS or now - since > LINK_SECONDS:
            return True
        with closing(Ledger.open(self.state)) as ledger:
            ledger.missing(id, now)
        error.message = "the service has no record of it just now"
        error.hint = f"it is looked for until {timestamp(since + LINK_SECONDS)}"
        return False

    def _expired(self, entry: Entry) -> bool:
        expires = link_expires_at(entry)
        return expires is not None and expires <= self.clocks.now()

    def _patiently(self, ask: Callable[[], T]) -> T:
        """An answer, asked for again a few times where the trouble may pass."""
        waits = pauses()
        for _ in range(TRIES - 1):
            try:
                return ask()
            except ByteplusError as error:
                if not error.temporary:
                    raise
                self.clocks.sleep(obeying(error.retry_after, next(waits)))
        return ask()

    def _each(self, act: Callable[[T], U], items: Sequence[T]) -> Iterator[U]:
        """What `act` makes of each item, on threads, as it is done."""
        if not items:
            return
        # Imported here for the sake of runs that find nothing. Its threads, unlike an executor's,
        # do not keep a run that was interrupted waiting for a silent server.
        from multiprocessing import TimeoutError as NotYet
        from multiprocessing.pool import ThreadPool

        with ThreadPool(min(self.jobs, len(items))) as pool:
            done = pool.imap_unordered(act, items)
            for _ in items:
                while True:
                    try:
                        outcome = done.next(NOTICE_SECONDS)
                    except NotYet:
                        continue
                    break
                yield outcome

    @contextmanager
    def _open(self) -> Iterator[tuple[Runner, Ledger]]:
        """A runner for one thread, since an SQLite connection belongs to the one that opened it."""
        with closing(Ledger.open(self.state)) as ledger:
            yield (
                Runner(
                    self.service,
                    ledger,
                    self.catalogue,
                    profile=self.profile,
                    clocks=self.clocks,
                ),
                ledger,
            )


def _place(entry: Entry, task: Task, template: Template) -> Path:
    return template.name(name_fields(entry, task), mark="draft" if entry.is_draft else None)
