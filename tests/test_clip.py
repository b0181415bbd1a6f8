"""What media files are, and whether they are whole."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import av
import pytest

import clips
from byteplus_cli.generation.clip import Clip, Picture, Unreadable, picture, probe, sniff


def video(format: str = "mp4", **options: str) -> bytes:
    """One second of 96x64 in another container, or laid out in another way."""
    content = io.BytesIO()
    source = av.open(io.BytesIO(clips.clip(sound=True)))
    with av.open(content, "w", format=format, options=options) as container:
        copies = {s.index: container.add_stream_from_template(s) for s in source.streams}
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = copies[packet.stream.index]
                container.mux(packet)
    return content.getvalue()


def faststart(clip: bytes) -> bytes:
    """The clip with its index before its content, as services deliver it."""
    boxes, position = {}, 0
    while position < len(clip):
        length, kind = struct.unpack(">I4s", clip[position : position + 8])
        boxes[kind] = clip[position : position + length]
        position += length
    index = boxes[b"moov"]
    at = index.index(b"stco") + 4
    (count,) = struct.unpack(">I", index[at + 4 : at + 8])
    places = struct.unpack(f">{count}I", index[at + 8 : at + 8 + 4 * count])
    moved = struct.pack(f">{count}I", *(place + len(index) for place in places))
    index = index[: at + 8] + moved + index[at + 8 + 4 * count :]
    rest = b"".join(box for kind, box in boxes.items() if kind not in (b"ftyp", b"moov"))
    return boxes[b"ftyp"] + index + rest


def still(codec: str) -> bytes:
    formats = {"mjpeg": "yuvj420p", "libwebp": "yuv420p", "bmp": "bgr24", "gif": "rgb8"}
    content = io.BytesIO()
    with av.open(content, "w", format="gif" if codec == "gif" else "image2pipe") as container:
        stream = container.add_stream(codec, rate=1)
        stream.width, stream.height = 400, 300
        stream.pix_fmt = formats.get(codec, "rgb24")
        frame = av.VideoFrame(400, 300, stream.pix_fmt)
        for plane in frame.planes:
            plane.update(bytes([120]) * plane.buffer_size)
        frame.pts, frame.time_base = 0, Fraction(1)
        container.mux([*stream.encode(frame), *stream.encode(None)])
    return content.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Callable[[bytes], Path]:
    def write(content: bytes) -> Path:
        path = tmp_path / "%d.part"
        path.write_bytes(content)
        return path

    return write


File = Callable[[bytes], Path]


def test_a_clip_says_what_it_is(file: File) -> None:
    assert probe(file(clips.clip())) == Clip(96, 64, 1.0, 24, 24.0, False, "h264")
    assert probe(file(clips.clip(sound=True))).audio
    assert probe(file(faststart(clips.clip()))).frames == 24


@pytest.mark.parametrize("options", [{}, {"movflags": "frag_keyframe+empty_moov"}])
@pytest.mark.parametrize("format", ["mp4", "mov"])
def test_other_layouts_are_clips_too(format: str, options: dict[str, str], file: File) -> None:
    seen = probe(file(video(format, **options)))
    assert (seen.width, seen.height, seen.frames, seen.audio) == (96, 64, 24, True)
    assert seen.seconds == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("lay_out", [bytes, faststart, lambda clip: video("mov")])
def test_no_cut_clip_passes(lay_out: Callable[[bytes], bytes], file: File) -> None:
    whole = lay_out(clips.clip())
    for size in [*range(0, len(whole), 61), len(whole) - 1]:
        with pytest.raises(Unreadable):
            probe(file(whole[:size]))


def test_a_cut_clip_says_how_much_is_missing(file: File) -> None:
    whole = faststart(clips.clip())
    with pytest.raises(Unreadable, match=f"{len(whole) - 9} of at least {len(whole)} bytes"):
        probe(file(whole[:-9]))


def test_frames_that_lie_outside_the_file_are_missed(file: File) -> None:
    """Every box is whole, but the content has lost its end."""
    whole = faststart(clips.clip())
    at = whole.index(b"mdat") - 4
    (length,) = struct.unpack(">I", whole[at : at + 4])
    short = whole[:at] + struct.pack(">I", length - 50) + whole[at + 4 : -50]
    with pytest.raises(Unreadable, match="frames are missing"):
        probe(file(short))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"<!doctype html>", "page of text"),
        (b'{"error": {}}', "page of text"),
        (b"\x1f\x8b\x08" + bytes(60), "not a video"),
        (b"#EXTM3U\nfile:///etc/passwd\n", "not a video"),
        (b"\x00\x00\x00\x18ftypmp42" + bytes(12), "index is missing"),
        (b"\x00\x00\x00\x18ftypmp42" + bytes(12) + b"\0\0\0\3moov", "has no length"),
        (b"\x00\x00\x00\x18ftypmp42" + bytes(12) + b"\0\0\0\1mdat" + b"\xff" * 8, "cut off"),
    ],
)
def test_what_is_no_clip_is_refused_with_the_reason(
    content: bytes, reason: str, file: File
) -> None:
    with pytest.raises(Unreadable, match=reason):
        probe(file(content))


def test_sound_alone_is_no_clip(file: File) -> None:
    content = io.BytesIO()
    source = av.open(io.BytesIO(clips.clip(sound=True)))
    with av.open(content, "w", format="mp4") as container:
        copy = container.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(audio=0):
            if packet.dts is not None:
                packet.stream = copy
                container.mux(packet)
    with pytest.raises(Unreadable, match="no picture"):
        probe(file(content.getvalue()))


def test_damage_anywhere_is_refused_or_harmless(file: File) -> None:
    """Whatever PyAV makes of a broken index, the answer is Clip or Unreadable."""
    whole = bytearray(faststart(clips.clip()))
    for place in range(0, len(whole), 7):
        damaged = bytes(whole[:place]) + b"\xff" + bytes(whole[place + 1 :])
        with suppress(Unreadable):
            probe(file(damaged))


def test_a_large_clip_is_not_read_through(tmp_path: Path) -> None:
    """A gigabyte of nothing between index and end costs no time: the file is sparse."""
    path = tmp_path / "large.mp4"
    path.write_bytes(clips.clip())
    with path.open("ab") as whole:
        whole.write(struct.pack(">I4sQ", 1, b"free", 1 << 30))
        whole.truncate(whole.tell() - 16 + (1 << 30))
    assert probe(path).frames == 24


@pytest.mark.parametrize(
    ("codec", "format"),
    [
        ("mjpeg", "jpeg"),
        ("png", "png"),
        ("libwebp", "webp"),
        ("bmp", "bmp"),
        ("tiff", "tiff"),
        ("gif", "gif"),
    ],
)
def test_a_picture_says_what_it_is(codec: str, format: str, file: File) -> None:
    seen = picture(file(still(codec)))
    assert (seen.width, seen.height, seen.format) == (400, 300, format)
    assert not seen.alpha


@pytest.mark.parametrize("codec", ["mjpeg", "png", "libwebp"])
def test_no_cut_picture_passes(codec: str, file: File) -> None:
    whole = still(codec)
    for size in [*range(0, len(whole), 13), len(whole) - 1]:
        with pytest.raises(Unreadable):
            picture(file(whole[:size]))


def test_a_thumbnail_does_not_stand_for_its_picture(file: File) -> None:
    whole = still("mjpeg")
    segment = b"\xff\xe1" + struct.pack(">H", 2 + len(whole)) + whole
    assert picture(file(b"\xff\xd8" + segment + whole[2:])).width == 400
    with pytest.raises(Unreadable, match="cut off"):
        picture(file(b"\xff\xd8" + segment + whole[2:-2]))


def test_a_heic_picture_has_the_size_of_the_whole_and_not_of_a_tile(file: File) -> None:
    def box(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I4s", 8 + len(content), kind) + content

    def extent(width: int, height: int) -> bytes:
        return box(b"ispe", struct.pack(">III", 0, width, height))

    head = box(b"ftyp", b"heic" + bytes(4))
    meta = box(b"meta", bytes(4) + extent(512, 512) + extent(4032, 3024))
    assert picture(file(head + meta + box(b"mdat", bytes(9)))) == Picture(4032, 3024, "heic")
    with pytest.raises(Unreadable, match="cut off"):
        picture(file(head + meta + box(b"mdat", bytes(9))[:-1]))


@pytest.mark.parametrize("content", [clips.clip(), b"<html>", b"", b"BM" + bytes(60)])
def test_what_is_no_picture_is_refused(content: bytes, file: File) -> None:
    with pytest.raises(Unreadable):
        picture(file(content))


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\0\0\0\x20ftypisom", "mp4"),
        (b"\0\0\0\x14ftypqt  ", "mov"),
        (b"\0\0\0\x08wide", "mov"),
        (b"\0\0\0\x18ftypheic", "heic"),
        (b"\0\0\0\x18ftypavif", "avif"),
        (b"\0\0\0\x18ftypM4A ", "m4a"),
        (b"\xff\xd8\xff\xe0", "jpeg"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "webp"),
        (b"RIFF\0\0\0\0WAVEfmt ", "wav"),
        (b"GIF89a", "gif"),
        (b"BM\0\0", "bmp"),
        (b"II*\0", "tiff"),
        (b"ID3\x04", "mp3"),
        (b"\xff\xfb\x90", "mp3"),
        (b"\xff\xf1\x50", "aac"),
        (b"\x1a\x45\xdf\xa3", "webm"),
        (b"<html>", None),
        (b"hello", None),
        (b"", None),
    ],
)
def test_a_file_is_known_by_its_first_bytes(head: bytes, kind: str | None) -> None:
    assert sniff(head) == kind
