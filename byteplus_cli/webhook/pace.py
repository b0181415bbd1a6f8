"""A pace that several threads keep together."""

from __future__ import annotations

import threading

from byteplus_cli.generation.watch import Clocks


class Pace:
    """Lets one through every `gap` seconds."""

    def __init__(self, gap: float, clocks: Clocks) -> None:
        self._gap = gap
        self._clocks = clocks
        self._guard = threading.Lock()
        self._next = 0.0

    def keep(self) -> None:
        """Wait for a turn."""
        with self._guard:
            now = self._clocks.monotonic()
            turn = max(self._next, now)
            self._next = turn + self._gap
        if turn > now:
            self._clocks.sleep(turn - now)
