"""Server-sent events as they arrive, however they are cut into pieces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_END = re.compile(rb"\r\n|\n|\r")
_MARK = b"\xef\xbb\xbf"  # some servers begin a text with it


class Event(NamedTuple):
    """One event: its name, if it has one, and what it carries."""

    name: str
    data: bytes


def events(pieces: Iterable[bytes]) -> Iterator[Event]:
    """Each event that is whole and carries something.

    The SDK's own decoder fails with the first byte that is not UTF-8, takes an event without data
    for one, and needs seconds for a picture of 40 MB (byteplus-python-sdk-v2 3.0.63).
    """
    name, data = "", list[bytes]()
    for line in _lines(pieces):
        if not line:
            if any(data):
                yield Event(name, b"\n".join(data))
            name, data = "", []
            continue
        field, _, value = line.partition(b":")
        if field == b"data":
            data.append(value.removeprefix(b" "))
        elif field == b"event":
            name = value.strip().decode(errors="replace")


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Lines that have ended; a line may come in thousands of pieces."""
    begun: list[bytes] = []
    first, cut = True, False
    for whole in pieces:
        if not whole:
            continue
        piece = whole.removeprefix(_MARK) if first else whole
        # An end of two bytes may be cut between them.
        piece = piece.removeprefix(b"\n") if cut else piece
        first, cut = False, whole.endswith(b"\r")
        start, *rest = _END.split(piece)
        begun.append(start)
        if rest:
            yield b"".join(begun)
            yield from rest[:-1]
            begun = [rest[-1]]
