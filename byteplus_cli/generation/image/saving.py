"""A picture that is made, from its link or its bytes to the disk and the ledger."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from byteplus_cli.errors import Charge, Missing, NotSaved
from byteplus_cli.generation import clip
from byteplus_cli.generation.database import LedgerError
from byteplus_cli.generation.download import Saved, Transfer, download, place_content
from byteplus_cli.generation.entry import Delivered, Entry, SavedFile
from byteplus_cli.generation.fields import name_fields
from byteplus_cli.generation.image.names import ENDINGS, picture_name
from byteplus_cli.generation.image.request import asked_for
from byteplus_cli.generation.image.size import in_pixels
from byteplus_cli.generation.ledger import Ledger
from byteplus_cli.generation.naming import Template, another
from byteplus_cli.generation.notice import Notice
from byteplus_cli.generation.retry import Pause
from byteplus_cli.generation.saving import PICTURE_SUFFIXES
from byteplus_cli.generation.watch import Clocks

ROLE = "image"

Steps = Generator[Transfer | Pause | Notice, None, SavedFile]


@dataclass(frozen=True)
class PictureSaver:
    """Saves pictures of one run, each under a name of its own."""

    ledger: Ledger
    clocks: Clocks
    overwrite: bool = False

    def save(self, entry: Entry, picture: Delivered, template: Template) -> Steps:
        """Save one picture and write it down; raises NotSaved, or Missing for a dead link."""
        saved = yield from self._fetched(entry, picture, template)
        facts = {**asdict(saved.content), "index": picture.place + 1, "layer": picture.layer}
        facts["differs"] = list(_differences(entry, picture, saved.content))
        file = SavedFile(saved.path, ROLE, saved.bytes, saved.sha256, facts)
        try:
            self.ledger.saved(str(entry.id), file, self.clocks.now(), place=picture.place)
        except LedgerError as error:
            # What was kept of it stays: by the ledger it is to be saved yet.
            yield Notice(f"{saved.path} is saved, but not written down: {error.message}")
        else:
            if picture.kept:
                picture.kept.unlink(missing_ok=True)
        return file

    def _fetched(
        self, entry: Entry, picture: Delivered, template: Template
    ) -> Generator[Transfer | Pause | Notice, None, Saved[clip.Picture]]:
        def named(ending: str) -> Path:
            several = asked_for(entry.request) > 1
            return picture_name(
                name_fields(entry), picture.place, template, ending, picture.layer, several=several
            )

        def by_content(seen: clip.Picture) -> Path:
            return named(ENDINGS.get(seen.format, seen.format))

        guess = named(_likely_ending(picture.url))
        content = _content(picture, guess)
        if content is not None:
            saved = place_content(
                content,
                guess,
                check=clip.picture,
                named=by_content,
                overwrite=self.overwrite,
            )
        elif picture.url is None:
            raise Missing(f"the link of picture {picture.place + 1} is dead", charge=Charge.YES)
        else:
            saved = yield from download(
                picture.url,
                guess,
                check=clip.picture,
                named=by_content,
                overwrite=self.overwrite,
                sleep=self.clocks.sleep,
                clock=self.clocks.monotonic,
            )
        if (wanted := by_content(saved.content)) != saved.path:
            yield Notice(another(wanted, saved.path))
        return saved


def _likely_ending(url: str | None) -> str:
    suffix = PurePosixPath(urlsplit(url or "").path).suffix.lower()
    return PICTURE_SUFFIXES.get(suffix, "jpg")


def _content(picture: Delivered, target: Path) -> bytes | None:
    """The bytes of a picture that came without a link."""
    if picture.content is not None or picture.kept is None:
        return picture.content
    try:
        return picture.kept.read_bytes()
    except OSError as error:
        raise NotSaved(
            f"could not save {target}: what was kept of it in {picture.kept} is gone",
            charge=Charge.YES,
        ) from error


def _differences(entry: Entry, picture: Delivered, seen: clip.Picture) -> Iterator[str]:
    """Where a picture has another size than was asked for, or than the service says it has."""
    asked = in_pixels(str(entry.request.get("size") or "")) or picture.size
    if asked not in (None, (seen.width, seen.height)):
        yield f"the picture is {seen.width}x{seen.height}, not {asked[0]}x{asked[1]}"
