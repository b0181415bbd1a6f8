"""What a request was made from, as the ledger keeps it, and whether that is still as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from byteplus_cli.generation.entry import Entry
from byteplus_cli.generation.media import MADE_BY, UNSIGNED

THERE, CHANGED, GONE = "there", "changed", "gone"


@dataclass(frozen=True)
class Input:
    """A file by `path` and checksum, a link, or what was made before: `made_by` names its task.

    Content that was written into the command line itself has a checksum alone.
    """

    role: str
    path: Path | None = None
    sha256: str | None = None
    bytes: int | None = None
    url: str | None = None
    made_by: str | None = None
    keep: bool = False  # whether it was to stay in storage

    @property
    def is_whole_link(self) -> bool:
        """Whether its link is all there; what may have signed it is never kept."""
        return self.url is not None and not self.url.endswith(UNSIGNED)

    @property
    def state(self) -> str | None:
        """Whether the file is there, with the content that was sent."""
        return None if self.path is None else state_of(self.path, self.bytes, self.sha256)


def inputs_of(entry: Entry) -> list[Input]:
    """The inputs in the order in which they were sent."""
    request = entry.request
    content = request.get("content")
    found = [*_of_clip(content)] if isinstance(content, list) else []
    images = request.get("image")
    for image in images if isinstance(images, list) else [images]:
        found += _described("image", image)
    found += _described("audio", request.get("audio"))
    for url in request.get("mask_urls") or ():
        found.append(Input("mask", url=url))
    return found


def state_of(path: Path, bytes: int | None, sha256: str | None = None) -> str:
    """Whether a file is there and unchanged: by its size, and by its checksum where one is given.

    One that cannot be read is not there.
    """
    try:
        if not path.is_file():
            return GONE
        if bytes is not None and path.stat().st_size != bytes:
            return CHANGED
        return THERE if sha256 in (None, _sha256(path)) else CHANGED
    except OSError:
        return GONE


def _sha256(path: Path) -> str:
    from byteplus_cli.generation.part import sha256_of

    return sha256_of(path)


def _of_clip(content: list[Any]) -> Iterator[Input]:
    for item in content:
        if not isinstance(item, Mapping):
            continue
        if draft := item.get("draft_task"):
            yield Input("draft", made_by=str(draft["id"]))
        elif role := item.get("role"):
            yield from _described(str(role), item.get(str(item.get("type"))))


def _described(role: str, record: object) -> Iterator[Input]:
    if isinstance(record, Mapping):
        path = record.get("path")
        yield Input(
            role,
            Path(path) if path else None,
            record.get("sha256"),
            record.get("bytes"),
            record.get("url"),
            record.get(MADE_BY),
            bool(record.get("keep")),
        )
