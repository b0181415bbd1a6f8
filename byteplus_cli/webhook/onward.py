"""Passing callbacks on to the user's own server, in their order, on a thread of its own."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

from byteplus_cli.generation.link import Broken
from byteplus_cli.generation.watch import Clocks
from byteplus_cli.webhook.event import PassedOn
from byteplus_cli.webhook.hint import Hint
from byteplus_cli.webhook.post import post

PAUSES = (1.0, 3.0)
# A server that is silent must not make this run keep ever more.
ROOM = 100


class Onward:
    """`waiting` counts what was put in and has not come out yet; one thread alone reads it."""

    def __init__(self, url: str, clocks: Clocks) -> None:
        self.waiting = 0
        self._url = url
        self._clocks = clocks
        self._hints: queue.SimpleQueue[Hint | None] = queue.SimpleQueue()

    def begin(self, tell: Callable[[PassedOn | BaseException], None]) -> None:
        threading.Thread(target=self._serve, args=(tell,), daemon=True).start()

    def put(self, hint: Hint) -> bool:
        """Whether there was room for it."""
        if self.waiting >= ROOM:
            return False
        self.waiting += 1
        self._hints.put(hint)
        return True

    def close(self) -> None:
        self._hints.put(None)

    def _serve(self, tell: Callable[[PassedOn | BaseException], None]) -> None:
        while (hint := self._hints.get()) is not None:
            try:
                tell(self._pass_on(hint))
            except BaseException as fault:  # noqa: BLE001 - handed to the thread that waits
                tell(fault)

    def _pass_on(self, hint: Hint) -> PassedOn:
        for tries, pause in enumerate(PAUSES, 1):
            passed = self._sent(hint, tries)
            if passed.status is not None and passed.status < 500:
                return passed
            self._clocks.sleep(pause)
        return self._sent(hint, len(PAUSES) + 1)

    def _sent(self, hint: Hint, tries: int) -> PassedOn:
        try:
            status = post(self._url, hint.body, hint.content_type)
        except Broken as broken:
            return PassedOn(hint, None, tries, str(broken))
        return PassedOn(hint, status, tries)
