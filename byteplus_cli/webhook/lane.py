"""Threads that do one thing to each hint they are given."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import NamedTuple

from byteplus_cli.webhook.event import Event
from byteplus_cli.webhook.hint import Hint


class Done(NamedTuple):
    """What a lane made of a hint; None where it is to be judged anew."""

    lane: Lane
    hint: Hint
    event: Event | None


class Lane:
    """`waiting` counts what was put in and has not come out yet; one thread alone reads it."""

    def __init__(self, act: Callable[[Hint], Event | None], threads: int) -> None:
        self.waiting = 0
        self._act = act
        self._threads = threads
        self._hints: queue.SimpleQueue[Hint | None] = queue.SimpleQueue()

    def begin(self, tell: Callable[[Done | BaseException], None]) -> None:
        for _ in range(self._threads):
            threading.Thread(target=self._serve, args=(tell,), daemon=True).start()

    def put(self, hint: Hint) -> None:
        self.waiting += 1
        self._hints.put(hint)

    def close(self) -> None:
        """Let each thread end once it has nothing to do."""
        for _ in range(self._threads):
            self._hints.put(None)

    def _serve(self, tell: Callable[[Done | BaseException], None]) -> None:
        while (hint := self._hints.get()) is not None:
            try:
                tell(Done(self, hint, self._act(hint)))
            except BaseException as fault:  # noqa: BLE001 - handed to the thread that waits
                tell(fault)
