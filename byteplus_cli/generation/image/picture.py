"""What comes back for a request for pictures, one by one as they are made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from byteplus_cli.generation.task import Failure

Size = tuple[int, int]


@dataclass(frozen=True)
class Picture:
    """A finished picture: a link to it, or its bytes. `place` counts from 0 within its set."""

    place: int
    url: str | None = field(default=None, repr=False)  # signed: whoever has it has the picture
    content: bytes | None = field(default=None, repr=False)
    size: Size | None = None
    layer: str | None = None  # its name, where a picture was taken apart


@dataclass(frozen=True)
class Refused:
    """A picture of a set that was not made, and costs nothing."""

    place: int
    reason: Failure


@dataclass(frozen=True)
class Finished:
    """The end of an answer, with what was counted for the bill."""

    usage: Mapping[str, int] = field(default_factory=dict)


Made = Picture | Refused | Finished


@dataclass(frozen=True)
class Progress:
    """How many pictures are made or refused, of how many; None where nobody knows how many."""

    done: int
    asked: int | None


class Answer(Protocol):
    """An answer that comes in pieces.

    Reading it raises Moderated, ServerFault or Unreachable where it ends otherwise than it should.
    """

    request_id: str | None

    def __iter__(self) -> Iterator[Made]: ...
    def close(self) -> None: ...


class ImageService(Protocol):
    """What is needed of the service that makes pictures."""

    def generate(self, body: dict[str, Any]) -> Answer: ...
