"""Brings a finished file from its link to its final name: resumed, checked, never half there."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Generator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from byteplus_cli.errors import Charge, NotSaved
from byteplus_cli.generation.link import Body, Broken, get
from byteplus_cli.generation.link import LinkExpired as LinkExpired
from byteplus_cli.generation.part import Part, Taken, md5_in, place, sha256_of
from byteplus_cli.generation.relay import Relay
from byteplus_cli.generation.retry import Pause, obeying, pauses
from byteplus_cli.generation.stream import Stream
from byteplus_cli.generation.target import odd

if TYPE_CHECKING:  # slow to load, and only needed once something is fetched
    from http.client import HTTPResponse

T = TypeVar("T")

DRAWN_EVERY = 0.2  # seconds

# A try that brought less than this was fruitless, or a trickle could go on for ever.
PROGRESS = 64 * 1024


@dataclass(frozen=True)
class Patience:
    """How much a download bears: seconds of silence, bytes a second, fruitless tries."""

    idle: float = 30.0
    slowest: float = 1024.0
    tries: int = 6


@dataclass(frozen=True)
class Transfer:
    """Bytes so far; `total` is None where the server does not say."""

    done: int
    total: int | None


@dataclass(frozen=True)
class Saved(Generic[T]):
    """A file in its place; `content` is what the check made of it."""

    path: Path
    bytes: int
    sha256: str
    content: T


def download(
    url: str,
    target: Path,
    *,
    check: Callable[[Path], T],
    named: Callable[[T], Path] | None = None,
    overwrite: bool = False,
    patience: Patience = Patience(),
    sleep: Callable[[float], object] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
    spread: Callable[[], float] = random.random,
) -> Generator[Transfer | Pause, None, Saved[T]]:
    """Fetch `url` and place it as `target`, yielding each step.

    `check` gets the whole file under its hidden name and raises ValueError if it is not what it
    should be; `named` may choose another final name by what the check found. Raises LinkExpired,
    and NotSaved for whatever else kept the file from its place.
    """
    job = _Download(
        url, target, check, named or (lambda _: target), overwrite, patience, sleep, clock, spread
    )
    try:
        return (yield from job.run())
    except OSError as error:
        raise _kept_out(target, error) from error
    finally:
        job.close()


def place_content(
    content: bytes,
    target: Path,
    *,
    check: Callable[[Path], T],
    named: Callable[[T], Path],
    overwrite: bool = False,
) -> Saved[T]:
    """The same for content that is here already; raises NotSaved."""
    part: Part | None = None
    try:
        if strange := odd(target):
            raise _not_saved(target, strange)
        target.parent.mkdir(parents=True, exist_ok=True)
        part = Part.begin(target, "")
        part.write(memoryview(content))
        part.update(content)
        found = check(part.path)
        sha256, _ = part.digests()
        return Saved(place(part, named(found), sha256, overwrite), part.size, sha256, found)
    except ValueError as error:
        raise _not_saved(target, str(error)) from error
    except OSError as error:
        raise _kept_out(target, error) from error
    finally:
        if part:
            part.discard()


@dataclass
class _Download(Generic[T]):
    """One file on its way; `part` stays open, and so locked, from the first byte to the last."""

    url: str
    target: Path
    check: Callable[[Path], T]
    named: Callable[[T], Path]
    overwrite: bool
    patience: Patience
    sleep: Callable[[float], object]
    clock: Callable[[], float]
    spread: Callable[[], float]
    part: Part | None = None
    refused: str | None = None  # SHA-256 of whole content that failed the check

    def run(self) -> Generator[Transfer | Pause, None, Saved[T]]:
        if strange := odd(self.target):
            raise _not_saved(self.target, strange)
        self.target.parent.mkdir(parents=True, exist_ok=True)
        fruitless, reached, waits = 0, 0, pauses(random=self.spread)
        while True:
            try:
                return (yield from self._attempt())
            except Taken as taken:
                found = yield from self._stand_by(taken)
                if found:
                    return found
                continue
            except Broken as broken:
                size = self.part.size if self.part else 0
                if size >= reached + PROGRESS:
                    fruitless, reached, waits = 0, size, pauses(random=self.spread)
                fruitless += 1
                if broken.final or fruitless >= self.patience.tries:
                    raise self._given_up(broken) from broken
                pause = Pause(obeying(broken.retry_after, next(waits)), str(broken))
            yield pause
            self.sleep(pause.seconds)

    def close(self) -> None:
        """Keep what came for the next run, if that can tell what it is."""
        if self.part and self.part.worth_keeping:
            self.part.close()
        elif self.part:
            self.part.discard()

    def _attempt(self) -> Generator[Transfer | Pause, None, Saved[T]]:
        if self.part is None:
            self.part = Part.left_behind(self.target)
        rest = self.part.rest() if self.part else {}
        with closing(get(self.url, rest, self.patience.idle)) as response:
            body = Body.of(response, rest.get("If-Range", ""))
            part = self._part_for(body)
            yield Transfer(part.size, body.total)
            if part.size != body.total:
                yield from self._receive(response, part, body.total)
        return self._finish(part)

    def _part_for(self, body: Body) -> Part:
        """The partial file that the body goes on from, or a new one; raises Broken, Taken."""
        part = self.part
        if part and part.validator == body.validator:
            if body.start == 0:
                part.restart()
                part.total = body.total
            if part.goes_on(body):
                return part
        if part:
            part.discard()
            self.part = None
        if body.start:
            raise Broken("the server sent another part of the file than was asked for")
        self.part = Part.begin(self.target, body.validator)
        self.part.total = body.total
        return self.part

    def _receive(
        self, response: HTTPResponse, part: Part, total: int | None
    ) -> Generator[Transfer, None, None]:
        with Relay(part.update) as relay:
            yield from self._take(Stream(response, self.clock), relay, part, total)
        yield Transfer(part.size, total)
        if total is not None and part.size != total:
            raise Broken(f"the connection closed after {part.size} of {total} bytes")

    def _take(
        self, stream: Stream, relay: Relay, part: Part, total: int | None
    ) -> Generator[Transfer, None, None]:
        drawn = since = self.clock()
        mark = part.size
        while count := stream.read_into(room := relay.room(), DRAWN_EVERY):
            part.write(room[:count])
            relay.hand_over(room, count)
            now = self.clock()
            if now - drawn >= DRAWN_EVERY:
                drawn = now
                yield Transfer(part.size, total)
            if now - since >= self.patience.idle:
                if part.size - mark < self.patience.slowest * self.patience.idle:
                    raise Broken("the connection is too slow")
                mark, since = part.size, now

    def _finish(self, part: Part) -> Saved[T]:
        if not part.size:
            raise Broken("the server sent an empty file")
        sha256, md5 = part.digests()
        try:
            if md5 != md5_in(part.validator):
                raise ValueError("its MD5 is not the one that the server names")
            content = self.check(part.path)
        except ValueError as error:
            part.spoiled = True
            # The same bytes twice: the server has no others, and a third time costs for nothing.
            final, self.refused = sha256 == self.refused, sha256
            raise Broken(str(error), final=final) from error
        placed = place(part, self.named(content), sha256, self.overwrite)
        return Saved(placed, part.size, sha256, content)

    def _stand_by(self, taken: Taken) -> Generator[Pause, None, Saved[T] | None]:
        """Wait until the other run is done; gives the file if that run put it in place."""
        while True:
            pause = Pause(1.0, f"another run is saving {self.target.name}")
            yield pause
            self.sleep(pause.seconds)
            try:
                Part.open(taken.path).close()
            except Taken as still:
                taken = still
            except FileNotFoundError:
                return self._placed(taken.state)
            else:
                return None

    def _placed(self, state: os.stat_result) -> Saved[T] | None:
        with suppress(FileNotFoundError, ValueError):
            now = self.target.lstat()
            if os.path.samestat(state, now):
                content = self.check(self.target)
                return Saved(self.target, now.st_size, sha256_of(self.target), content)
        return None

    def _given_up(self, broken: Broken) -> NotSaved:
        keeping = self.part and self.part.worth_keeping
        kept = f"; what came is kept in {self.part.path}" if self.part and keeping else ""
        return _not_saved(self.target, f"{broken}{kept}", broken.hint)


def _kept_out(target: Path, error: OSError) -> NotSaved:
    about = f" ({error.filename})" if error.filename not in (None, str(target)) else ""
    return _not_saved(target, f"{error.strerror or error}{about}")


def _not_saved(target: Path, reason: str, hint: str | None = None) -> NotSaved:
    return NotSaved(f"could not save {target}: {reason}", hint=hint, charge=Charge.YES)
