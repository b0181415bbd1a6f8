"""A local video as an input: what it must be, found out before any of it is sent."""

from __future__ import annotations

from hashlib import file_digest
from pathlib import Path

from byteplus_cli.errors import InvalidRequest
from byteplus_cli.generation.clip import HEAD, Clip, Unreadable, probe
from byteplus_cli.generation.media import VIDEO, Source, check_pixels, format_of, opened

# As FFmpeg calls them, with what people call them (REV265, 2026-10-08).
CODECS = {"h264": "H.264", "hevc": "H.265"}
FRAMES_PER_SECOND = (24, 60)


def video_file(path: Path, what: str) -> Source:
    """The video in a file, to be uploaded; raises InvalidRequest that begins with `what`.

    What is there at the first look is what is uploaded: the checksum is taken before the checks.
    """
    with opened(path, what, VIDEO) as file:
        format = format_of(file.read(HEAD), what, VIDEO)
        file.seek(0)
        sha256, size = file_digest(file, "sha256").hexdigest(), file.tell()
    try:
        seen = probe(path)
    except (OSError, Unreadable) as error:
        raise InvalidRequest(
            f"{what} is not a whole video: {error}", hint="name another file, or a link"
        ) from error
    check_pixels(seen.width, seen.height, what, VIDEO)
    _check_frames(seen, what)
    return Source(
        f"(upload of {path.name})",
        path,
        sha256,
        size,
        size=(seen.width, seen.height),
        format=format,
        seconds=seen.seconds,
        to_upload=True,
    )


def _check_frames(seen: Clip, what: str) -> None:
    if seen.codec not in CODECS:
        raise InvalidRequest(
            f"{what} is coded as {seen.codec}: it must be {' or '.join(CODECS.values())}",
            hint="convert it first",
        )
    low, high = FRAMES_PER_SECOND
    # What is called 24 frames may be 23.976.
    if not low <= round(seen.fps) <= high:
        raise InvalidRequest(
            f"{what} has {seen.fps:.3g} frames a second: it must have {low} to {high}",
            hint="convert it first",
        )
