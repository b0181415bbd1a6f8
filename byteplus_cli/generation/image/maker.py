"""Ask for pictures, and save each as it is made; every step goes to the ledger."""

from __future__ import annotations

import secrets
import string
from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from byteplus_cli.errors import ByteplusError, Charge, Detached, Interrupted
from byteplus_cli.generation import cost
from byteplus_cli.generation.entry import Delivered, Entry, SavedFile
from byteplus_cli.generation.image.cost import billed
from byteplus_cli.generation.image.model import ImageModel
from byteplus_cli.generation.image.picture import (
    Answer,
    Finished,
    ImageService,
    Made,
    Picture,
    Progress,
    Refused,
)
from byteplus_cli.generation.image.reading import Reading
from byteplus_cli.generation.image.request import ImageRequest
from byteplus_cli.generation.image.saving import PictureSaver
from byteplus_cli.generation.ledger import Ledger
from byteplus_cli.generation.naming import Template
from byteplus_cli.generation.notice import Notice
from byteplus_cli.generation.report import LINK_SECONDS
from byteplus_cli.generation.sending import send_for
from byteplus_cli.generation.task import Status
from byteplus_cli.generation.watch import Clocks

KEPT_FOLDER = "pictures"
# Clips are in a list of tasks; pictures are in none.
NO_LIST = "the service keeps no list of pictures: those of an unanswered request are lost"


@dataclass
class Outcome:
    """What a request came to. `broken` is how the answer ended, where it was not whole."""

    entry: Entry
    asked: int | None
    refused: list[Refused] = field(default_factory=list)
    unsaved: list[ByteplusError] = field(default_factory=list)
    broken: ByteplusError | None = None


Steps = Generator[Any, None, Outcome]


@dataclass(frozen=True)
class ImageMaker:
    """Makes pictures for one profile. `service` is built when first needed; `state` is a folder
    for pictures that came without a link, until they are saved."""

    service: Callable[[], ImageService]
    ledger: Ledger
    profile: str
    state: Path
    clocks: Clocks

    def make(
        self,
        request: ImageRequest,
        model: ImageModel | None,
        template: Template,
        *,
        overwrite: bool,
        estimate: str | None,
    ) -> Steps:
        """Send a request once, and save what comes of it.

        Yields Pause, Progress, Transfer, Notice, and each SavedFile; raises what kept the request
        from being taken, and Detached when a signal ends it.
        """
        service = self.service()
        now = self.clocks.now()
        row = self.ledger.begin(
            kind="image",
            profile=self.profile,
            model=request.model,
            prompt=request.prompt,
            request=request.record(),
            output=template.text,
            estimate=estimate,
            now=now,
            id=_new_id(now),
        )
        answer = yield from self._sent(service, row, request.body())
        self.ledger.answered(row, answer.request_id)
        saver = PictureSaver(self.ledger, self.clocks, overwrite)
        run = _Run(self, row, request, model, template, saver, Reading(answer))
        try:
            yield from run.collect()
        except Interrupted as signal:
            raise run.stopped(signal) from signal
        finally:
            answer.close()
        return run.ended()

    def _sent(
        self, service: ImageService, row: int, body: dict[str, Any]
    ) -> Generator[Any, None, Answer]:
        try:
            return (
                yield from send_for(
                    row,
                    lambda: service.generate(body),
                    self.ledger,
                    self.clocks,
                    unanswered=NO_LIST,
                )
            )
        except ByteplusError as error:
            if error.charge is Charge.UNKNOWN:
                error.hint = NO_LIST
            raise


@dataclass
class _Run:
    """One answer on its way: what is made, what of it is saved, and what is to come."""

    maker: ImageMaker
    row: int
    request: ImageRequest
    model: ImageModel | None
    template: Template
    saver: PictureSaver
    reading: Reading
    made: list[Picture] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    unsaved: list[ByteplusError] = field(default_factory=list)
    waiting: deque[Delivered] = field(default_factory=deque)
    usage: Mapping[str, int] = field(default_factory=dict)

    def collect(self) -> Generator[Any, None, None]:
        """Save what is there, and wait for what is not."""
        while not self.reading.ended or self.waiting:
            yield from self._take(self.reading.new())
            if self.waiting:
                yield from self._save(self.waiting.popleft())
            elif not self.reading.ended:
                yield self._progress
                yield from self._take(self.reading.next())

    def ended(self) -> Outcome:
        """Write down what the answer came to."""
        broken = self.reading.error
        self._write_end(broken)
        return Outcome(self._entry, self.request.asked, self.refused, self.unsaved, broken)

    def stopped(self, signal: Interrupted) -> Detached:
        """What to say when a signal ends the run: what is made can be saved, the rest is gone."""
        for _ in self._take(self.reading.new()):
            pass
        self._write_end(None, whole=False)
        entry = self._entry
        saved = len(entry.files)
        left = len(entry.pictures) - saved
        return Detached(
            f"stopped with {saved} of {self.request.asked or 'the'} pictures saved",
            exit_code=signal.exit_code,
            hint=f"byteplus rescue saves {left} more that are made"
            if left
            else "what was not made by then cannot be had any more",
            charge=Charge.YES if entry.pictures else Charge.UNKNOWN,
            task_id=entry.id,
        )

    def _take(self, came: Iterable[Made]) -> Generator[Any, None, None]:
        """Write down each picture the moment that it is known of."""
        for one in came:
            if isinstance(one, Picture):
                self._delivered(one)
            elif isinstance(one, Refused):
                self.refused.append(one)
                yield Notice(f"picture {one.place + 1} was refused: {_reason(one)}")
            elif isinstance(one, Finished):
                self.usage = one.usage
                continue
            yield self._progress

    def _delivered(self, picture: Picture) -> None:
        now = self.maker.clocks.now()
        kept = None
        if picture.content is not None:
            kept = self.maker.state / KEPT_FOLDER / f"{self._entry.id}-{picture.place}"
            _keep(kept, picture.content)
        expires = now + LINK_SECONDS if picture.url else None
        self.maker.ledger.delivered(self.row, picture, kept, expires)
        self.made.append(picture)
        self.waiting.append(Delivered(picture.place, picture.url, kept, picture.layer, expires))

    def _save(self, picture: Delivered) -> Generator[Any, None, None]:
        steps = self.saver.save(self._entry, picture, self.template)
        while True:
            try:
                step = next(steps)
            except StopIteration as done:
                file: SavedFile = done.value
                yield file
                return
            except ByteplusError as error:
                self.unsaved.append(error)
                if self.request.most > 1:  # of one picture the error at the end tells
                    yield Notice(error.message)
                return
            yield step
            # A slow download must not keep the pictures after it from being written down.
            yield from self._take(self.reading.new())

    def _write_end(self, error: ByteplusError | None, *, whole: bool = True) -> None:
        whole = whole and error is None
        status = Status.SUCCEEDED if whole else Status.INCOMPLETE
        if not self.made:
            nothing_made = whole or (error is not None and error.charge is Charge.NO)
            status = Status.FAILED if nothing_made else Status.UNKNOWN
        dollars = billed(
            self.model,
            self._pixels(),
            inputs=len(self.request.images),
            layers=self.request.layers,
        )
        self.maker.ledger.ended_with(
            self.row,
            status,
            facts={"usage": dict(self.usage), "refused": [_document(one) for one in self.refused]},
            cost=cost.usd(dollars) if self.made and dollars is not None else None,
            error=error,
            now=self.maker.clocks.now(),
        )

    def _pixels(self) -> list[int]:
        """The pixels of each picture: measured where it is saved, else as the service says."""
        seen = {f.facts["index"]: (f.facts["width"], f.facts["height"]) for f in self._entry.files}
        sizes = [seen.get(picture.place + 1, picture.size) for picture in self.made]
        return [width * height for width, height in filter(None, sizes)]

    @property
    def _progress(self) -> Progress:
        return Progress(len(self.made) + len(self.refused), self.request.asked)

    @property
    def _entry(self) -> Entry:
        return self.maker.ledger.at(self.row)


def _new_id(now: float) -> str:
    """An id in the form of the service's own, which names no pictures."""
    letters = string.ascii_lowercase + string.digits
    moment = datetime.fromtimestamp(now, UTC).strftime("%Y%m%d%H%M%S")
    return f"img-{moment}-{''.join(secrets.choice(letters) for _ in range(5))}"


def _keep(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_bytes(content)


def _reason(refused: Refused) -> str:
    reason = refused.reason
    return f"{reason.message} ({reason.code})" if reason.message else reason.code


def _document(refused: Refused) -> dict[str, Any]:
    reason = refused.reason
    return {"index": refused.place + 1, "code": reason.code, "message": reason.message}
