"""Where callbacks arrive and are given to threads, so that nothing is done twice or forgotten."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from dataclasses import replace

from byteplus_cli.generation.database import LedgerError
from byteplus_cli.generation.ledger import Ledger
from byteplus_cli.generation.task import FINISHED
from byteplus_cli.generation.watch import NOTICE_SECONDS, Clocks
from byteplus_cli.webhook.event import Dropped, Event, News, Outcome, PassedOn, is_over
from byteplus_cli.webhook.hint import Hint
from byteplus_cli.webhook.lane import Done, Lane
from byteplus_cli.webhook.memory import Memory
from byteplus_cli.webhook.onward import Onward
from byteplus_cli.webhook.work import Work

SAVERS = 8
# Callbacks that are taken and not done with; the service is told to send others again.
ROOM = 1000
# Of those that name tasks unknown to the ledger so many wait: anybody can make ids up.
STRANGERS = 100
# An end is told four times at most (REV265, 2026-10-08), so callbacks may be missed.
SWEEP_SECONDS = 600.0
TELL_DROPPED_SECONDS = 5.0


class Desk:
    """`take` is for any thread, all else for the one that reads `events`.

    One task is in the hands of one thread only; what comes about it meanwhile waits.
    """

    def __init__(
        self,
        work: Work,
        ledger: Ledger,
        profile: str,
        clocks: Clocks,
        onward: Onward | None = None,
    ) -> None:
        # By task, what came about it while it was looked at.
        self._busy: dict[str, list[Hint]] = {}
        self._verifying: dict[str, list[Hint]] = {}
        self._ledger = ledger
        self._profile = profile
        self._clocks = clocks
        self._onward = onward
        self._known = Lane(work.carry_out, SAVERS)
        self._strangers = Lane(work.verify, 1)
        self._memory = Memory(clocks.now)
        self._news: queue.SimpleQueue[Hint | Done | PassedOn | BaseException]
        self._news = queue.SimpleQueue()
        self._guard = threading.Lock()
        self._taken = 0
        self._dropped = 0
        self._tell_dropped_at = 0.0

    def take(self, hint: Hint) -> bool:
        """Keep a callback until it is done with; False if too many are waiting."""
        with self._guard:
            if self._taken >= ROOM:
                return False
            self._taken += 1
        self._news.put(hint if self._onward else replace(hint, body=b""))
        return True

    @property
    def in_hand(self) -> int:
        """How many tasks are being looked at or saved."""
        return self._known.waiting

    @property
    def passing_on(self) -> int:
        """How many callbacks are still to be passed on."""
        return self._onward.waiting if self._onward else 0

    def events(self) -> Iterator[News | None]:
        """What happens from now on, without end; None where nothing did for a moment."""
        for part in (self._known, self._strangers, self._onward):
            if part is not None:
                part.begin(self._news.put)
        sweep_at = 0.0
        while True:
            self._clocks.heed()
            if self._clocks.monotonic() >= sweep_at:
                sweep_at = self._clocks.monotonic() + SWEEP_SECONDS
                yield from self._sweep()
            yield from self._tell_dropped()
            try:
                one = self._news.get(timeout=NOTICE_SECONDS)
            except queue.Empty:
                yield None
                continue
            yield from self._dealt_with(one)

    def close(self) -> None:
        """Let each thread end once it has nothing to do."""
        for part in (self._known, self._strangers, self._onward):
            if part is not None:
                part.close()

    def _sweep(self) -> Iterator[News]:
        """Look at what the ledger has open, since callbacks may have been missed."""
        try:
            entries = self._ledger.unsaved(self._profile, "video")
        except LedgerError:
            return  # whatever is called back about next will tell
        for entry in entries:
            if entry.id and entry.id not in self._busy:
                yield from self._arrived(Hint(entry.id, None, self._clocks.now()))

    def _dealt_with(self, one: Hint | Done | PassedOn | BaseException) -> Iterator[News]:
        if isinstance(one, BaseException):
            raise one  # a fault of ours, which must not pass for an outcome
        if isinstance(one, Hint):
            yield from self._arrived(one)
        elif isinstance(one, Done):
            yield from self._done(one)
        elif self._onward is not None:
            self._onward.waiting -= 1
            yield one

    def _arrived(self, hint: Hint) -> Iterator[News]:
        if hint.id in self._busy:
            self._busy[hint.id].append(hint)
            return
        judged = self._judged(hint)
        if isinstance(judged, Event):
            yield from self._told(judged)
        elif judged is self._known:
            self._busy[hint.id] = []
            judged.put(hint)
        elif hint.id in self._verifying:
            self._verifying[hint.id].append(hint)
        elif judged.waiting >= STRANGERS:
            self._dropped += 1
            self._made_room()
        else:
            self._verifying[hint.id] = []
            judged.put(hint)

    def _judged(self, hint: Hint) -> Event | Lane:
        """What came of it, where that can be told at once; else who is to see to it."""
        try:
            entry = self._ledger.known(hint.id)
        except LedgerError as error:
            return Event(hint, Outcome.TROUBLE, error=error)
        if entry is None:
            return self._memory.stranger(hint) or self._strangers
        if entry.profile != self._profile:
            return Event(hint, Outcome.FOREIGN, entry=entry)
        if is_over(entry):
            return Event(hint, Outcome.STALE, entry.status, entry)
        if hint.claimed == entry.status and entry.status not in FINISHED:
            return Event(hint, Outcome.NOTED, entry.status, entry)
        return self._known

    def _done(self, done: Done) -> Iterator[News]:
        done.lane.waiting -= 1
        begun = self._busy if done.lane is self._known else self._verifying
        waiting = begun.pop(done.hint.id)
        if done.event is None:
            waiting = [done.hint, *waiting]
        else:
            yield from self._told(done.event)
        for hint in waiting:
            yield from self._arrived(hint)

    def _told(self, event: Event) -> Iterator[News]:
        self._memory.remember(event)
        hint = event.hint
        if hint.claimed is None:
            if not event.silent:
                yield event
            return
        self._made_room()
        # What the service said nothing of may be anybody's, and goes no further.
        crowded = self._onward and event.status and not self._onward.put(hint)
        yield replace(event, duplicate=self._memory.heard(hint))
        if crowded:
            yield PassedOn(hint, None, 0, "too many are waiting")

    def _made_room(self) -> None:
        with self._guard:
            self._taken -= 1

    def _tell_dropped(self) -> Iterator[News]:
        now = self._clocks.monotonic()
        if self._dropped and now >= self._tell_dropped_at:
            self._tell_dropped_at = now + TELL_DROPPED_SECONDS
            yield Dropped(self._dropped)
            self._dropped = 0
