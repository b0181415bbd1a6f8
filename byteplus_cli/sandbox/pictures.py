"""What bytes sent as media really are."""

from __future__ import annotations

import io

_STARTS = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
)
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")


def kind(content: bytes) -> str | None:
    """The picture format that the first bytes show."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return "heic"
    return next((name for start, name in _STARTS if content.startswith(start)), None)


def size(content: bytes) -> tuple[int, int] | None:
    """Width and height, or None when the bytes cannot be decoded."""
    import av

    try:
        with av.open(io.BytesIO(content)) as container:
            if not container.streams.video:
                return None
            stream = container.streams.video[0]
            return (stream.width, stream.height) if stream.width and stream.height else None
    except av.FFmpegError:
        return None


def is_sound(kind: str, content: bytes) -> bool:
    """Whether bytes start like a `wav` or an `mp3`."""
    if kind == "wav":
        return content[:4] == b"RIFF" and content[8:12] == b"WAVE"
    # An MP3 opens with an ID3 tag or with eleven set bits.
    return content[:3] == b"ID3" or (content[:1] == b"\xff" and content[1:2] >= b"\xe0")
