"""Reads the body of an answer in large pieces, however small the ones it comes in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from byteplus_cli.generation.link import Broken

if TYPE_CHECKING:  # slow to load, and only needed once something is fetched
    from http.client import HTTPResponse


class Stream:
    """The bytes of one answer. Trouble on the way is kept until what came before it was taken."""

    def __init__(self, response: HTTPResponse, clock: Callable[[], float]) -> None:
        self._response = response
        self._clock = clock
        self._wire: Callable[[memoryview], int | None] | None = None
        self._left: int | None = None  # of what is read off the wire; None if nobody says
        self._trouble: Broken | None = None

    def read_into(self, room: memoryview, seconds: float) -> int:
        """Bytes read: all that fit, or what came in about `seconds`; 0 at the end. Raises Broken.

        Waits for the first bytes as long as the connection allows.
        """
        from http.client import HTTPException

        count = 0
        try:
            if not self._trouble:
                for more in self._reads(room, self._clock() + seconds):
                    count += more
        except TimeoutError:
            self._trouble = Broken("the server went silent")
        except (OSError, HTTPException):
            self._trouble = Broken("the connection broke off")
        if self._trouble and not count:
            raise self._trouble
        return count

    def _reads(self, room: memoryview, until: float) -> Iterator[int]:
        """The bytes of one read after another, so that silence and a trickle are both noticed."""
        if not self._wire:
            yield self._first(room)
            return
        room, count = room[: self._left], 0
        while count < len(room) and (more := self._wire(room[count:])):
            count += more
            if self._left is not None:
                self._left -= more
            yield more
            if self._clock() >= until:
                return

    def _first(self, room: memoryview) -> int:
        """What came along with the headers; the rest needs no copy of its own, unless in chunks."""
        count = self._response.readinto1(room)
        if self._response.fp and not self._response.chunked:
            self._wire, self._left = self._response.fp.raw.readinto, self._response.length
        return count
