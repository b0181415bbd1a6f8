"""What bytes sent as media really are."""

from __future__ import annotations

import io
from dataclasses import dataclass

_STARTS = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
)
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")


@dataclass(frozen=True)
class Sent:
    """A picture that was sent; `size` is None where its bytes cannot be decoded."""

    kind: str
    size: tuple[int, int] | None
    alpha: bool = False


def kind(content: bytes) -> str | None:
    """The picture format that the first bytes show."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return "heic"
    return next((name for start, name in _STARTS if content.startswith(start)), None)


def look(kind: str, content: bytes) -> Sent:
    """A picture of that format as it is once decoded."""
    import av

    try:
        with av.open(io.BytesIO(content)) as container:
            stream = container.streams.video[0]
            size, pixels = (stream.width, stream.height), stream.codec_context.format
            alpha = pixels is not None and any(part.is_alpha for part in pixels.components)
    except (av.FFmpegError, IndexError):
        return Sent(kind, None)
    return Sent(kind, size if all(size) else None, alpha)


def is_sound(kind: str, content: bytes) -> bool:
    """Whether bytes start like a `wav` or an `mp3`."""
    if kind == "wav":
        return content[:4] == b"RIFF" and content[8:12] == b"WAVE"
    # An MP3 opens with an ID3 tag or with eleven set bits.
    return content[:3] == b"ID3" or (content[:1] == b"\xff" and content[1:2] >= b"\xe0")
