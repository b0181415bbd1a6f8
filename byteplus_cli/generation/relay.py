"""Lets one thread work on the bytes that came while the next ones are read."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:  # only needed once something is fetched
    from queue import SimpleQueue

# Measured: four rooms of this size stay in the processor's cache, and larger ones cost more time.
ROOM = 256 * 1024
ROOMS = 4


class Relay:
    """Rooms that go round: filled here, worked on by `work` in their order, and filled again.

    At the end of the `with` block all that was handed over is done.
    """

    def __init__(self, work: Callable[[memoryview], object]) -> None:
        from queue import SimpleQueue

        self._work = work
        self._full: SimpleQueue[tuple[memoryview, int] | None] = SimpleQueue()
        self._empty: SimpleQueue[memoryview] = SimpleQueue()
        self._alone = False
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        for _ in range(ROOMS):
            self._empty.put(memoryview(bytearray(ROOM)))
        try:
            self._thread.start()
        except RuntimeError:  # there may be no more threads; then it is done in between
            self._alone = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._alone:
            self._full.put(None)
            self._thread.join()

    def room(self) -> memoryview:
        """An empty room, as soon as there is one."""
        return self._empty.get()

    def hand_over(self, room: memoryview, count: int) -> None:
        """Its first `count` bytes are to be worked on; after that it is empty again."""
        if self._alone:
            self._work(room[:count])
            self._empty.put(room)
            return
        self._full.put((room, count))

    def _run(self) -> None:
        while handed := self._full.get():
            room, count = handed
            self._work(room[:count])
            self._empty.put(room)
