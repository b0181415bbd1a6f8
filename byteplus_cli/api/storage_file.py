"""A file on its way into storage: its name there, and that it still is what was checked."""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import sha256 as sha256_of
from pathlib import Path

from byteplus_cli.errors import InvalidRequest
from byteplus_cli.generation.clip import HEAD, sniff

PIECE = 1 << 20
# How a name ends and what type it has, by what the content is.
ENDINGS = {
    "mp4": ("mp4", "video/mp4"),
    "mov": ("mov", "video/quicktime"),
    "jpeg": ("jpg", "image/jpeg"),
    "png": ("png", "image/png"),
    "wav": ("wav", "audio/wav"),
    "mp3": ("mp3", "audio/mpeg"),
}
UNKNOWN = ("bin", "application/octet-stream")


@dataclass(frozen=True)
class StoredFile:
    """What a file is by its content, whatever its name says."""

    size: int
    ending: str
    type: str

    @classmethod
    def of(cls, path: Path) -> StoredFile:
        """Raises InvalidRequest if it cannot be read any more."""
        try:
            with path.open("rb") as file:
                kind = sniff(file.read(HEAD))
                size = file.seek(0, os.SEEK_END)
        except OSError as error:
            raise _changed(path, error.strerror) from error
        return cls(size, *ENDINGS.get(kind or "", UNKNOWN))


def content_of(path: Path, size: int, sha256: str) -> bytearray:
    """The content with that checksum; raises InvalidRequest for any other.

    It is held in memory, so that nothing but what was checked can be sent, whatever becomes of the
    file meanwhile.
    """
    content, digest = bytearray(), sha256_of()
    try:
        with path.open("rb") as file:
            while len(content) <= size and (piece := file.read(PIECE)):
                digest.update(piece)
                content += piece
    except OSError as error:
        raise _changed(path, error.strerror) from error
    if digest.hexdigest() != sha256:
        raise _changed(path, "its content is another")
    return content


def _changed(path: Path, why: str | None) -> InvalidRequest:
    return InvalidRequest(
        f"{path} has changed since it was checked: {why}", hint="run the command once more"
    )
