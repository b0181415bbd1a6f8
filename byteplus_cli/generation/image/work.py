"""The threads behind a request for pictures: one reads the answer, and others save what came."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from byteplus_cli.errors import ByteplusError
from byteplus_cli.generation.database import LedgerError
from byteplus_cli.generation.entry import Delivered, Entry, SavedFile
from byteplus_cli.generation.image.picture import Answer, Made, Picture
from byteplus_cli.generation.image.saving import PictureSaver
from byteplus_cli.generation.naming import Template
from byteplus_cli.generation.notice import Notice
from byteplus_cli.generation.report import LINK_SECONDS
from byteplus_cli.generation.retry import Pause
from byteplus_cli.generation.watch import NOTICE_SECONDS

SAVERS = 4


@dataclass(frozen=True)
class Unsaved:
    """A picture that is made, and could not be saved now."""

    place: int
    error: ByteplusError


@dataclass(frozen=True)
class Ended:
    """The answer is read to its end, or to where it broke."""

    error: ByteplusError | None


News = Made | SavedFile | Unsaved | Pause | Notice | Ended


@dataclass
class Work:
    """What goes on for one row. Each picture is written down as it comes, before anything else
    is done for it, and one that is slow to save holds up no other."""

    entry: Entry
    template: Template
    saver: PictureSaver
    kept_in: Path
    _news: queue.SimpleQueue[News | BaseException] = field(default_factory=queue.SimpleQueue)
    _to_save: queue.SimpleQueue[Delivered] = field(default_factory=queue.SimpleQueue)
    _savers: int = 0

    def begin(self, answer: Answer) -> None:
        threading.Thread(target=self._read, args=(answer,), daemon=True).start()

    def news(self) -> Iterator[News]:
        """What has happened, if anything happens soon."""
        with suppress(queue.Empty):
            yield self._checked(self._news.get(timeout=NOTICE_SECONDS))
            yield from self.left()

    def left(self) -> Iterator[News]:
        """What has happened until now."""
        with suppress(queue.Empty):
            while True:
                yield self._checked(self._news.get_nowait())

    def _checked(self, one: News | BaseException) -> News:
        if isinstance(one, BaseException):
            raise one  # a fault of ours, which must not pass for an end
        return one

    def _read(self, answer: Answer) -> None:
        error: ByteplusError | None = None
        try:
            for made in answer:
                self._news.put(made)
                if isinstance(made, Picture):
                    self._to_save.put(self._written_down(made))
                    self._begin_saver()
        except ByteplusError as broken:
            error = broken
        except BaseException as fault:  # noqa: BLE001 - handed to the thread that waits
            self._news.put(fault)
        self._news.put(Ended(error))

    def _written_down(self, picture: Picture) -> Delivered:
        ledger, clocks = self.saver.ledger, self.saver.clocks
        kept = self._kept(picture)
        expires = clocks.now() + LINK_SECONDS if picture.url else None
        try:
            ledger.delivered(self.entry.row, picture, kept, expires)
        except LedgerError as error:
            self._news.put(Notice(f"picture {picture.place + 1} {NOT_WRITTEN}: {error.message}"))
        return Delivered(
            picture.place,
            picture.url,
            kept,
            picture.layer,
            expires,
            content=picture.content,
            size=picture.size,
        )

    def _kept(self, picture: Picture) -> Path | None:
        """A second place for what came without a link, until it is saved."""
        if picture.content is None:
            return None
        path = self.kept_in / f"{self.entry.id}-{picture.place}"
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.write_bytes(picture.content)
        except OSError as error:
            with suppress(OSError):
                path.unlink()
            self._news.put(Notice(f"picture {picture.place + 1} {NOT_WRITTEN}: {error.strerror}"))
            return None
        return path

    def _begin_saver(self) -> None:
        if self._savers < SAVERS:
            self._savers += 1
            threading.Thread(target=self._save, daemon=True).start()

    def _save(self) -> None:
        while True:
            picture = self._to_save.get()
            try:
                self._news.put(self._saved(picture))
            except ByteplusError as error:
                self._news.put(Unsaved(picture.place, error))
            except BaseException as fault:  # noqa: BLE001 - handed to the thread that waits
                self._news.put(fault)

    def _saved(self, picture: Delivered) -> SavedFile:
        steps = self.saver.save(self.entry, picture, self.template)
        while True:
            try:
                step = next(steps)
            except StopIteration as done:
                file: SavedFile = done.value
                return file
            if isinstance(step, Pause | Notice):
                self._news.put(step)


NOT_WRITTEN = "is not written down, so rescue could not save it"
