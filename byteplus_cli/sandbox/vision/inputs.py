"""The media of a request: its own files are opened, those of the web are taken as they come."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from byteplus_cli.sandbox import pictures
from byteplus_cli.sandbox.own import Own
from byteplus_cli.sandbox.vision.refusal import BAD_INPUT, NOT_FETCHED, VisionRefusal

# Limits of VIS-GUIDE and S001; a sound has to be shorter than a minute (VIS-CN15, 2026 notes).
IMAGE_BYTES, IMAGE_SIDE = 5 * 1024 * 1024, 4096
AUDIO_SECONDS = 60
# A foreign sound is not fetched, so its length is this, and a foreign picture's size that.
FOREIGN_SECONDS, FOREIGN_SHAPE = 5.0, (1080, 1920)

Shape = tuple[int, int]


@dataclass(frozen=True)
class Sound:
    """`fault` is the code with which a task on it ends, if it does."""

    seconds: float
    fault: int | None = None


@dataclass(frozen=True)
class Inputs:
    """`hosts` are those that lead here: a link to one of them cannot be foreign."""

    own: Own
    hosts: tuple[str, ...]

    def picture(self, url: str) -> Shape:
        """The size of a picture; raises VisionRefusal for one that the service does not take."""
        path = self._found(url)
        return _shape(path) if path else FOREIGN_SHAPE

    def sound(self, url: str) -> Sound:
        """A sound that is no good is only noticed when the task runs (VIS-GUIDE)."""
        path = self._found(url)
        seconds = _seconds(path) if path else FOREIGN_SECONDS
        if seconds is None or seconds >= AUDIO_SECONDS:
            return Sound(0, BAD_INPUT)
        return Sound(seconds)

    def check_masks(self, urls: str) -> None:
        """Raises VisionRefusal when a mask of our own has gone."""
        for url in urls.split(";"):
            self._found(url)

    def _found(self, url: str) -> Path | None:
        path, parts = self.own.find(url), urlsplit(url)
        if path is None and parts.netloc in self.hosts:
            raise VisionRefusal(NOT_FETCHED, parts.path)
        return path


def _shape(path: Path) -> Shape:
    if path.stat().st_size >= IMAGE_BYTES:
        raise VisionRefusal(BAD_INPUT, "the picture has to be smaller than 5 MB")
    content = path.read_bytes()
    kind = pictures.kind(content)
    # What is called jfif is a JPEG, too.
    shape = pictures.look(kind, content).size if kind in ("jpeg", "png") else None
    if shape is None:
        raise VisionRefusal(BAD_INPUT, "the picture has to be a JPEG or PNG")
    if max(shape) >= IMAGE_SIDE:
        raise VisionRefusal(BAD_INPUT, f"the picture has to be smaller than {IMAGE_SIDE} a side")
    return shape


def _seconds(path: Path) -> float | None:
    """The length of a wav or mp3 file, None for anything else."""
    import av

    with path.open("rb") as file:
        start = file.read(12)
    if not any(pictures.is_sound(kind, start) for kind in ("wav", "mp3")):
        return None
    try:
        with av.open(path) as container:
            return container.duration / av.time_base if container.duration else None
    except av.FFmpegError:
        return None
