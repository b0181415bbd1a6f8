"""Several threads at one rescue, and what they share."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from byteplus_cli.errors import ByteplusError
from byteplus_cli.generation.avatar.runner import AvatarRunner, AvatarService
from byteplus_cli.generation.ledger import Ledger
from byteplus_cli.generation.retry import obeying, pauses
from byteplus_cli.generation.runner import Runner
from byteplus_cli.generation.service import VideoService
from byteplus_cli.generation.watch import NOTICE_SECONDS, Clocks

T = TypeVar("T")
U = TypeVar("U")

TRIES = 4


class Turns:
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
class Crew:
    """Works for one profile. `state` is the ledger's folder, `jobs` how many threads there are.

    Services are built when first needed; these and the ledger are shared by all threads.
    """

    clips: Callable[[], VideoService]
    avatars: Callable[[], AvatarService]
    runner: Runner
    avatar_runner: AvatarRunner
    ledger: Ledger
    state: Path
    profile: str
    clocks: Clocks
    jobs: int
    turns: Turns = field(default_factory=Turns)

    def runner_for(self, kind: str) -> Runner | AvatarRunner:
        """Who looks after tasks of a kind."""
        return self.avatar_runner if kind == "avatar" else self.runner

    def patiently(self, ask: Callable[[], T]) -> T:
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

    def each(self, act: Callable[[T], U], items: Sequence[T]) -> Iterator[U]:
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
                        self.clocks.heed()
                        continue
                    break
                yield outcome
