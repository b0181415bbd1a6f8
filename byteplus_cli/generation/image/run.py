"""One request for pictures on its way: what is made, what of it is saved, and what is to come."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from byteplus_cli.errors import ByteplusError, Charge, Detached, Interrupted
from byteplus_cli.generation import cost
from byteplus_cli.generation.database import LedgerError
from byteplus_cli.generation.entry import Entry, SavedFile
from byteplus_cli.generation.image.cost import billed
from byteplus_cli.generation.image.model import ImageModel
from byteplus_cli.generation.image.picture import Finished, ImageService, Missed, Picture, Progress
from byteplus_cli.generation.image.request import ImageRequest
from byteplus_cli.generation.image.work import Ended, News, Unsaved, Work
from byteplus_cli.generation.ledger import Ledger
from byteplus_cli.generation.notice import Notice
from byteplus_cli.generation.sending import send_for
from byteplus_cli.generation.task import Status
from byteplus_cli.generation.watch import Clocks

# Clips are in a list of tasks; pictures are in none.
NO_LIST = "the service keeps no list of pictures: those of an unanswered request are lost"
# After the bill nothing of use comes any more, so a connection that stays open is left.
SECONDS_AFTER_THE_BILL = 5.0
# Paths are told in the order of the set, but a slow picture keeps no other back for longer.
SECONDS_HELD = 1.0


@dataclass(frozen=True)
class Outcome:
    """What a request came to. `broken` is how the answer ended, where it was not whole."""

    entry: Entry
    asked: int | None
    made: int
    counted: int | None  # by the service, for the bill
    missed: tuple[Missed, ...]
    unsaved: tuple[Unsaved, ...]
    broken: ByteplusError | None

    @property
    def saved(self) -> int:
        return len(self.entry.files)


@dataclass
class Run:
    """One request on its way: what is made, what of it is saved, and what is to come."""

    work: Work
    request: ImageRequest
    model: ImageModel | None
    clocks: Clocks
    ledger: Ledger
    request_id: str | None = None
    made: list[Picture] = field(default_factory=list)
    missed: list[Missed] = field(default_factory=list)
    saved: list[SavedFile] = field(default_factory=list)
    held: dict[int, float] = field(default_factory=dict)  # since when, of files not told of yet
    told: set[int] = field(default_factory=set)
    unsaved: list[Unsaved] = field(default_factory=list)
    bill: Mapping[str, int] | None = None
    billed_at: float = 0.0
    over: Ended | None = None

    def send(self, service: ImageService) -> Generator[Any, None, None]:
        """From here on the service may be at work."""
        row = self.work.entry.row
        try:
            answer = yield from send_for(
                row,
                lambda: service.generate(self.request.body()),
                self.ledger,
                self.clocks,
                unanswered=NO_LIST,
            )
        except ByteplusError as error:
            if error.charge is Charge.UNKNOWN:
                error.hint = NO_LIST
            raise
        self.request_id = answer.request_id
        self.work.begin(answer)
        try:
            self.ledger.answered(row, answer.request_id)
        except LedgerError as error:
            yield Notice(error.message)  # the pictures matter more than their row

    def collect(self) -> Generator[Any, None, None]:
        """Until all is told and all is saved that can be."""
        while not (self._told and self._settled):
            yield self._progress
            yield from self._take(self.work.news())
            yield from self._in_order()

    def ended(self) -> Outcome:
        """Write down what the answer came to."""
        broken = self.over.error if self.over else None
        entry = self._write_end(broken, whole=broken is None)
        return Outcome(
            entry,
            self.request.asked,
            len(self.made),
            (self.bill or {}).get("generated_images"),
            tuple(self.missed),
            tuple(self.unsaved),
            broken,
        )

    def stopped(self, signal: Interrupted) -> Detached:
        """What to say when a signal ends the run: what is made can be saved, the rest is gone."""
        for _ in self._take(self.work.left()):
            pass
        entry = self._write_end(None, whole=False)
        saved = len(entry.files)
        left = len(self.made) - saved
        return Detached(
            f"stopped with {saved} of {self.request.asked or 'the'} pictures saved",
            exit_code=signal.exit_code,
            hint=f"byteplus rescue saves {left} more that {'is' if left == 1 else 'are'} made"
            if left
            else "what was not made by then cannot be had any more",
            charge=Charge.YES if self.made else Charge.UNKNOWN,
            task_id=entry.id,
        )

    def untold(self) -> Generator[SavedFile, None, None]:
        """The files that are saved and were not told of yet, as the ledger has them."""
        known = self.ledger.at(self.work.entry.row).files
        yield from (file for file in known if _place(file) not in self.told)

    @property
    def _told(self) -> bool:
        """Whether the answer has come to its end, or to its bill and nothing after it."""
        if self.over is not None or self.bill is None:
            return self.over is not None
        return self.clocks.monotonic() - self.billed_at > SECONDS_AFTER_THE_BILL

    @property
    def _settled(self) -> bool:
        return len(self.saved) + len(self.unsaved) == len(self.made)

    @property
    def _progress(self) -> Progress:
        done = len(self.made) + len(self.missed)
        return Progress(done, self.request.asked, len(self.saved))

    def _take(self, news: Iterable[News]) -> Generator[Any, None, None]:
        for one in news:
            if isinstance(one, Picture):
                self.made.append(one)
            elif isinstance(one, Missed):
                self.missed.append(one)
                yield Notice(_words(one))
            elif isinstance(one, Finished):
                self.bill, self.billed_at = one.usage, self.clocks.monotonic()
            elif isinstance(one, Unsaved):
                self.unsaved.append(one)
                if self.request.most > 1:  # of one picture the error at the end tells
                    yield Notice(one.error.message)
            elif isinstance(one, Ended):
                self.over = one
            elif isinstance(one, SavedFile):
                self.saved.append(one)
                self.held[_place(one)] = self.clocks.monotonic()
            else:
                yield one
            yield self._progress

    def _in_order(self) -> Generator[SavedFile, None, None]:
        """The files to tell of, by their places, as long as none keeps the others waiting."""
        settled = {_place(file) for file in self.saved} | {one.place for one in self.unsaved}
        pending = [picture.place for picture in self.made if picture.place not in settled]
        first, now = min(pending, default=None), self.clocks.monotonic()
        for file in sorted(self.saved, key=_place):
            place = _place(file)
            since = self.held.get(place)
            if since is None:
                continue
            if first is None or place < first or now - since > SECONDS_HELD:
                del self.held[place]
                self.told.add(place)
                yield file

    def _write_end(self, error: ByteplusError | None, *, whole: bool) -> Entry:
        """The row as it stands now, also where it cannot be written."""
        status = Status.SUCCEEDED if whole else Status.INCOMPLETE
        if not self.made:
            unclear = any(missed.unclear for missed in self.missed)
            nothing_made = error is not None and error.charge is Charge.NO
            nothing_made = nothing_made or (whole and not unclear)
            status = Status.FAILED if nothing_made else Status.UNKNOWN
        facts = {
            "usage": dict(self.bill or {}),
            "refused": [_document(missed) for missed in self.missed],
        }
        reason = {"code": error.code, "message": error.details or error.message} if error else None
        entry = replace(
            self.work.entry,
            status=status,
            facts=facts,
            cost=self._cost(),
            error=reason,
            request_id=self.request_id,
            finished_at=self.clocks.now(),
            files=tuple(sorted(self.saved, key=_place)),
        )
        try:
            self.ledger.ended_with(entry)
            known = self.ledger.at(entry.row)
        except LedgerError:
            return entry
        # A thread may have saved one just now, and not said so yet.
        files = {_place(file): file for file in (*known.files, *entry.files)}
        in_order = tuple(files[place] for place in sorted(files))
        return replace(entry, pictures=known.pictures, files=in_order)

    def _cost(self) -> str | None:
        """By the pixels of each picture: measured where it is saved, else as the service says."""
        seen = {f.facts["index"]: (f.facts["width"], f.facts["height"]) for f in self.saved}
        sizes = [seen.get(picture.place + 1, picture.size) for picture in self.made]
        dollars = billed(
            self.model,
            [width * height for width, height in filter(None, sizes)],
            inputs=len(self.request.images),
            layers=self.request.layers,
        )
        return cost.usd(dollars) if self.made and dollars is not None else None


def _place(file: SavedFile) -> int:
    return int(file.facts["index"]) - 1


def _words(missed: Missed) -> str:
    which = "something" if missed.place is None else f"picture {missed.place + 1}"
    verb = "was refused" if missed.refused else "did not come"
    reason = missed.reason
    return f"{which} {verb}: " + (
        f"{reason.message} ({reason.code})" if reason.message else reason.code
    )


def _document(missed: Missed) -> dict[str, Any]:
    reason = missed.reason
    index = None if missed.place is None else missed.place + 1
    return {"index": index, "code": reason.code, "message": reason.message}
