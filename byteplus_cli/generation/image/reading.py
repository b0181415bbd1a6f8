"""An answer that comes in pieces, read on a thread while what came before is being saved."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator

from byteplus_cli.errors import ByteplusError
from byteplus_cli.generation.image.picture import Answer, Made

# A wait without an end could not be interrupted on Windows.
NOTICE_SECONDS = 0.2


class Reading:
    """What an answer brings, in order, and how it ended."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._came: queue.SimpleQueue[Made | BaseException | None] = queue.SimpleQueue()
        self.ended = False
        self.error: ByteplusError | None = None
        threading.Thread(target=self._read, daemon=True).start()

    def new(self) -> Iterator[Made]:
        """All that came since the last time; waits for nothing."""
        while not self.ended:
            try:
                came = self._came.get_nowait()
            except queue.Empty:
                return
            yield from self._taken(came)

    def next(self) -> Iterator[Made]:
        """What comes next, if it comes soon."""
        try:
            came = self._came.get(timeout=NOTICE_SECONDS)
        except queue.Empty:
            return
        yield from self._taken(came)

    def _taken(self, came: Made | BaseException | None) -> Iterator[Made]:
        if came is None or isinstance(came, BaseException):
            self.ended = True
            if isinstance(came, ByteplusError):
                self.error = came
            elif came is not None:
                raise came  # a fault of ours, which must not pass for an end
            return
        yield came

    def _read(self) -> None:
        try:
            for made in self._answer:
                self._came.put(made)
        except BaseException as error:  # noqa: BLE001 - handed to the thread that asked
            self._came.put(error)
        else:
            self._came.put(None)
