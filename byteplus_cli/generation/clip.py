"""What a media file on disk is, and whether it is all there."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:  # PyAV takes longer to load than most commands take to run
    from av.container import InputContainer
    from av.video import VideoStream
    from av.video.format import VideoFormat

HEAD = 64  # bytes that are enough for sniff()

_PICTURES = {
    "jpeg": "jpeg_pipe",
    "png": "png_pipe",
    "webp": "webp_pipe",
    "bmp": "bmp_pipe",
    "tiff": "tiff_pipe",
    "gif": "gif",
}
_BRANDS = {b"qt  ": "mov", b"M4A ": "m4a", b"avif": "avif"} | dict.fromkeys(
    (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"), "heic"
)
_MAGIC = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"BM", "bmp"),
    (b"ID3", "mp3"),
    (b"fLaC", "flac"),
    (b"OggS", "ogg"),
    (b"\x1a\x45\xdf\xa3", "webm"),
)


class Unreadable(ValueError):
    """The file is not whole, or not what it should be; the text says why."""


@dataclass(frozen=True)
class Clip:
    """A video as its headers describe it."""

    width: int
    height: int
    seconds: float
    frames: int
    fps: float
    audio: bool
    codec: str


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    format: str
    alpha: bool | None = None  # whether it can be seen through in places, where that is known


def sniff(head: bytes) -> str | None:
    """The file type that the first HEAD bytes show, whatever the file is called."""
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "mp4")
    # QuickTime files older than `ftyp` begin with one of these.
    if head[4:8] in (b"moov", b"mdat", b"wide"):
        return "mov"
    if head[:4] == b"RIFF":
        return {b"WAVE": "wav", b"WEBP": "webp", b"AVI ": "avi"}.get(head[8:12])
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        # Both begin with eleven set bits; the layer bits tell AAC from MP3.
        return "mp3" if head[1] & 0x06 else "aac"
    return None


def probe(path: Path) -> Clip:
    """The video in `path`, from its headers alone; raises Unreadable if it is not whole."""
    with path.open("rb") as file:
        if (kind := _kind(file)) not in ("mp4", "mov"):
            raise Unreadable(_unexpected(kind, "a video"))
        _check_boxes(file)
        file_size = file.seek(0, 2)
        with _opened(file, "mov") as container:
            return _clip(container, file_size)


def picture(path: Path) -> Picture:
    """The picture in `path`; raises Unreadable if it is not one, or not whole."""
    with path.open("rb") as file:
        kind = _kind(file)
        if kind == "heic":
            return Picture(*_heic_size(file), kind)
        if kind is None or kind not in _PICTURES:
            raise Unreadable(_unexpected(kind, "a picture"))
        if kind in _WHOLE:
            with mmap(file.fileno(), 0, access=ACCESS_READ) as content:
                if not _WHOLE[kind](content):
                    raise Unreadable(f"the {kind} picture is cut off")
        with _opened(file, _PICTURES[kind]) as container:
            context = _stream(container).codec_context
            # Every GIF is decoded to pixels with alpha, whether it uses them or not.
            alpha = None if kind == "gif" else _alpha(context.format)
            return Picture(context.width, context.height, kind, alpha)


def thumbnail(path: Path, longest: int) -> bytes:
    """A PNG of a picture, or of the first one of a clip, with no side over `longest` pixels.

    Raises Unreadable.
    """
    import av

    with path.open("rb") as file:
        kind = _kind(file)
        format = "mov" if kind in ("mp4", "mov") else _PICTURES.get(kind or "")
        if format is None:
            raise Unreadable(_unexpected(kind, "a picture"))
        with _opened(file, format) as container:
            try:
                frame = next(container.decode(video=0))
            except (av.FFmpegError, StopIteration) as error:
                raise Unreadable("its contents are broken") from error
    factor = min(1.0, longest / max(frame.width, frame.height))
    width, height = (max(1, round(side * factor)) for side in (frame.width, frame.height))
    small = frame.reformat(width, height, "rgba" if _alpha(frame.format) else "rgb24")
    png = av.CodecContext.create("png", "w")
    png.width, png.height, png.pix_fmt = width, height, small.format.name
    png.time_base = Fraction(1, 1)
    return b"".join(bytes(packet) for packet in [*png.encode(small), *png.encode()])


def brightness(path: Path) -> float:
    """How bright the picture in `path` is, from 0 to 1: of a mask, the share that it shows."""
    import av

    with path.open("rb") as file, _opened(file, _PICTURES[_kind(file) or ""]) as container:
        try:
            frame = next(container.decode(video=0))
        except (av.FFmpegError, StopIteration) as error:
            raise Unreadable("its contents are broken") from error
    # Averaged by the scaler, which is faster than adding up pixels here.
    small = frame.reformat(64, 64, "gray", interpolation="AREA")
    plane = small.planes[0]
    rows = bytes(plane)
    lines = (rows[n * plane.line_size : n * plane.line_size + 64] for n in range(64))
    return sum(map(sum, lines)) / (64 * 64 * 255)


def sound_seconds(path: Path) -> float:
    """The length of the WAV or MP3 file in `path`; raises Unreadable if it holds no sound."""
    with path.open("rb") as file:
        if (kind := _kind(file)) not in ("wav", "mp3"):
            raise Unreadable(_unexpected(kind, "a WAV or MP3 file"))
        with _opened(file, kind) as container:
            if not container.streams.audio or container.duration is None:
                raise Unreadable("there is no sound in it")
            return container.duration / 1_000_000  # PyAV counts microseconds here


def _kind(file: BinaryIO) -> str | None:
    head = file.read(HEAD)
    file.seek(0)
    if not head:
        raise Unreadable("the file is empty")
    return sniff(head) or ("text" if head.lstrip()[:1] in (b"<", b"{", b"[") else None)


def _unexpected(kind: str | None, wanted: str) -> str:
    if kind == "text":
        return f"it is a page of text, not {wanted}"
    return f"it is not {wanted}" + (f" but {kind}" if kind else "")


def _opened(file: BinaryIO, format: str) -> InputContainer:
    """PyAV's view of the file.

    It is given the open file and the format, so that no file name can turn into a pattern or a
    protocol, and no content into a playlist that names other files.
    """
    import av

    file.seek(0)
    try:
        container: InputContainer = av.open(file, "r", format=format, **bearing_any_tags())
        return container
    except av.FFmpegError as error:
        raise Unreadable(f"its contents are broken: {error.strerror}") from error


def bearing_any_tags() -> dict[str, Any]:
    """What makes PyAV open a file whose tags are not UTF-8; from version 19 on it always does."""
    import av

    return {"metadata_errors": "replace"} if int(av.__version__.split(".")[0]) < 19 else {}


def _stream(container: InputContainer) -> VideoStream:
    for stream in container.streams.video:
        # A codec that PyAV does not know leaves its stream without a context.
        context = stream.codec_context
        if context is not None and context.width and context.height:
            return stream
    raise Unreadable("there is no picture in it")


def _clip(container: InputContainer, file_size: int) -> Clip:
    stream = _stream(container)
    samples = [(entry.pos, entry.size) for entry in stream.index_entries]
    if not samples:
        raise Unreadable("there are no frames in it")
    if max(position + size for position, size in samples) > file_size:
        raise Unreadable("frames are missing at its end")
    fps = float(stream.average_rate or 0)
    frames = stream.frames or len(samples)
    seconds = float((stream.duration or 0) * (stream.time_base or 0)) or frames / (fps or 1)
    return Clip(
        width=stream.codec_context.width,
        height=stream.codec_context.height,
        seconds=seconds,
        frames=frames,
        fps=fps,
        audio=bool(container.streams.audio),
        codec=stream.codec_context.name,
    )


def _check_boxes(file: BinaryIO) -> None:
    """Walk the boxes that an MP4 or MOV is made of: each must end inside the file."""
    found = {kind for kind, _, _ in _boxes(file)}
    if not {b"moov", b"mdat"} <= found:
        missing = "index" if b"moov" not in found else "content"
        raise Unreadable(f"the video is cut off: its {missing} is missing")


def _boxes(file: BinaryIO) -> Iterator[tuple[bytes, int, int]]:
    """Each top-level box with where it starts and ends; raises Unreadable."""
    file_size = file.seek(0, 2)
    start = 0
    while start < file_size:
        file.seek(start)
        header = file.read(16)
        if len(header) < 8:
            raise Unreadable("the file is cut off between two parts")
        length, kind = struct.unpack(">I4s", header[:8])
        if length == 1 and len(header) == 16:
            (length,) = struct.unpack(">Q", header[8:])
        end = start + length if length else file_size
        if length and length < 8:
            raise Unreadable("its contents are broken: a part has no length")
        if end > file_size:
            raise Unreadable(f"the file is cut off: {file_size} of at least {end} bytes")
        yield kind, start, end
        start = end


def _alpha(pixels: VideoFormat | None) -> bool | None:
    # Whether the colours of a palette can be seen through is not in the name of the format.
    if pixels is None or pixels.has_palette:
        return None
    return any(component.is_alpha for component in pixels.components)


def _heic_size(file: BinaryIO) -> tuple[int, int]:
    # A HEIC picture may be a grid of tiles; the whole is the largest size the index names.
    for kind, start, end in list(_boxes(file)):
        if kind == b"meta":
            file.seek(start)
            index = file.read(end - start)
            sizes = [struct.unpack(">II", p[4:12]) for p in index.split(b"ispe")[1:] if p[11:]]
            if sizes:
                width, height = max(sizes, key=lambda size: size[0] * size[1])
                return width, height
    raise Unreadable("there is no picture in it")


def _whole_jpeg(content: mmap) -> bool:
    """True if an end marker follows the picture itself: a thumbnail inside has its own."""
    position = 2
    while position + 4 <= len(content) and content[position] == 0xFF:
        if content[position + 1] == 0xDA:
            return content.find(b"\xff\xd9", position) != -1
        if content[position + 1] == 0xFF:  # padding
            position += 1
        else:
            position += 2 + int.from_bytes(content[position + 2 : position + 4])
    return False


def _whole_png(content: mmap) -> bool:
    position = 8
    while position + 12 <= len(content):
        end = position + 12 + int.from_bytes(content[position : position + 4])
        if content[position + 4 : position + 8] == b"IEND":
            return end <= len(content)
        position = end
    return False


def _whole_webp(content: mmap) -> bool:
    return 8 + int.from_bytes(content[4:8], "little") <= len(content)


_WHOLE = {"jpeg": _whole_jpeg, "png": _whole_png, "webp": _whole_webp}
