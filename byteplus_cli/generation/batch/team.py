"""Threads that do what they are given, one thing after another, and end with the process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue


class Team:
    """At most `size` threads, each begun when it is needed.

    Unlike an executor's they keep nobody waiting who leaves while a server is silent.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._members = 0
        self._free = 0
        self._guard = threading.Lock()
        self._tasks: SimpleQueue[Callable[[], None]] = SimpleQueue()

    def do(self, task: Callable[[], None]) -> None:
        """Give the team something to do; it must not raise."""
        with self._guard:
            self._free -= 1
            if self._free < 0 and self._members < self._size:
                self._members += 1
                self._free += 1
                threading.Thread(target=self._work, daemon=True).start()
        self._tasks.put(task)

    def _work(self) -> None:
        while True:
            self._tasks.get()()
            with self._guard:
                self._free += 1
