"""What comes back for a request for pictures, one by one as they are made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from byteplus_cli.generation.task import Failure, is_moderation

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
class Missed:
    """A picture of a set that did not come: refused, not made, or not to be read.

    There is no place where not even that can be told.
    """

    place: int | None
    reason: Failure

    @property
    def refused(self) -> bool:
        """Whether content moderation did not let it pass."""
        return is_moderation(self.reason.code)

    @property
    def unclear(self) -> bool:
        """Whether it may have been made, and billed, all the same."""
        return self.reason.code in ("bad_answer", "no_picture")


@dataclass(frozen=True)
class Finished:
    """The end of an answer, with what was counted for the bill."""

    usage: Mapping[str, int] = field(default_factory=dict)


Made = Picture | Missed | Finished


@dataclass(frozen=True)
class Progress:
    """How many pictures are made or missed, of how many; None where nobody knows how many."""

    done: int
    asked: int | None
    saved: int = 0


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
