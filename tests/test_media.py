"""How inputs are named, what may go in, and what a wrong one is told."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import struct
import zlib
from fractions import Fraction
from functools import partial
from pathlib import Path

import pytest

import clips
from byteplus_cli.errors import InvalidRequest
from byteplus_cli.generation.media import (
    AUDIO_BYTES,
    IMAGE_BYTES,
    audio_source,
    frame_source,
    video_source,
)
from byteplus_cli.generation.prompt import PROMPT_CHARACTERS, prompt_text


def png(width, height):
    def chunk(kind, content):
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    lines = zlib.compress((b"\0" + b"\x80" * width) * height)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", lines), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


PNG = png(400, 300)
WAV = b"RIFF\x24\0\0\0WAVEfmt " + bytes(24)


def inline(content, mime):
    return f"data:{mime};base64,{base64.b64encode(content).decode()}"


def written(folder, name, content):
    path = folder / name
    path.write_bytes(content)
    return str(path)


def refusal(read, text, option="--image"):
    with pytest.raises(InvalidRequest) as refused:
        read(text, option)
    return refused.value


def test_a_local_picture_is_sent_inline_and_known_by_its_checksum(tmp_path):
    path = written(tmp_path, "a fox [1].jpg", PNG)
    source = frame_source(path, "--image")
    assert source.url == inline(PNG, "image/png")
    assert (source.path, source.bytes) == (Path(path), len(PNG))
    assert source.sha256 == hashlib.sha256(PNG).hexdigest()
    assert "base64" not in repr(source)


@pytest.mark.parametrize(
    "link",
    [
        "https://example.com/a.png?X-Sig=a%2Fb&n=1#x",
        "HTTP://127.0.0.1:8000/a",
        "https://example.com",
        "asset://asset-20260101-abc",
    ],
)
@pytest.mark.parametrize("read", [frame_source, video_source, audio_source])
def test_a_link_is_passed_on_unchanged(read, link):
    source = read(link, "--image")
    assert source.url == link
    assert (source.path, source.sha256, source.bytes) == (None, None, None)


@pytest.mark.parametrize(
    "text",
    [
        "ftp://example.com/a.png",
        "file:///etc/passwd",
        "https://",
        "https:///a",
        "https://user:word@example.com/a",
        "https://example.com/a b",
        "https://example.com/\x1b[2J",
        "asset://",
        "asset://a/b",
    ],
)
@pytest.mark.parametrize("read", [frame_source, video_source, audio_source])
def test_what_looks_like_a_link_but_cannot_be_fetched_is_refused(read, text):
    assert "--image" in refusal(read, text).message


def test_inline_content_of_the_users_own_is_checked_and_kept():
    source = frame_source(inline(PNG, "image/png"), "--image")
    assert source.url == inline(PNG, "image/png")
    assert (source.path, source.bytes) == (None, len(PNG))
    heif = b"\0\0\0\x18ftypheic" + bytes(12)
    assert frame_source(inline(heif, "image/heif"), "--image").bytes == 24
    assert audio_source(inline(WAV, "audio/wav"), "--ref-audio").bytes == len(WAV)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("data:", "is not data:image/TYPE;base64"),
        ("data:image/png,abc", "is not data:image/TYPE;base64"),
        ("data:image/png;base64,", "is not data:image/TYPE;base64"),
        (inline(PNG, "image/PNG"), "lower case"),
        ("DATA:image/png;base64,AAAA", "lower case"),
        (inline(PNG, "image/svg+xml"), "jpeg, png"),
        (inline(PNG, "text/png"), "data:image/"),
        (inline(PNG, "image/jpeg"), "says it is jpeg, but holds png"),
        (inline(b"hello, world", "image/png"), "is none of these"),
        ("data:image/png;base64,AAA", "base64 of data: is broken"),
        ("data:image/png;base64,AA AA", "base64 of data: is broken"),
        ("data:image/png;base64,äöü=", "base64 of data: is broken"),
        (inline(bytes(IMAGE_BYTES + 1), "image/png"), "30.0 MB: the limit is 30 MB"),
    ],
)
def test_broken_inline_content_is_refused_without_repeating_it(text, words):
    message = refusal(frame_source, text).message
    assert words in message
    assert len(message) < 200


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"hello, world", "is none of these: it must be jpeg, png"),
        (WAV, "is wav: it must be jpeg"),
        (b"\x89PNG\r\n\x1a\n" + bytes(31_000_000), "is 31.0 MB: the limit is 30 MB"),
        (png(20, 20), "is 20×20 pixels: each side must be 300 to 6000"),
        (png(299, 400), "is 299×400 pixels: each side must be 300 to 6000"),
        (png(7000, 7000), "is 7000×7000 pixels: each side must be 300 to 6000"),
        (png(300, 1200), "width / height is 0.25, but must be 0.4 to 2.5"),
        (png(1200, 300), "width / height is 4.00, but must be 0.4 to 2.5"),
        (PNG[:-20], "is not a whole picture"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_picture_that_cannot_be_used_is_named_with_the_limit_it_breaks(tmp_path, content, words):
    path = written(tmp_path, "fox.png", content)
    error = refusal(frame_source, path)
    assert error.message.startswith(f"--image {path}")
    assert words in error.message


@pytest.mark.parametrize("shape", [(300, 300), (300, 750), (750, 300), (6000, 2400)])
def test_pictures_at_the_limits_pass(tmp_path, shape):
    assert frame_source(written(tmp_path, "fox.png", png(*shape)), "--image").path


def test_what_is_no_regular_file_is_refused_without_waiting_for_it(tmp_path):
    assert "not a regular file" in refusal(frame_source, str(tmp_path)).message
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        assert "not a regular file" in refusal(frame_source, str(tmp_path / "pipe")).message
        assert "not a regular file" in refusal(frame_source, "/dev/zero").message


def test_a_missing_file_is_named_with_its_option():
    error = refusal(frame_source, "nowhere/fox.png", "--last-frame")
    assert error.message == "--last-frame nowhere/fox.png: no such file"
    assert error.hint


@pytest.mark.parametrize("text", ["", "  ", "a\0b", "x" * 5000])
def test_nonsense_is_no_input(text):
    assert "--image" in refusal(frame_source, text).message


def test_a_local_sound_is_sent_inline_up_to_its_limit(tmp_path):
    sound = clips.sound(3)
    source = audio_source(written(tmp_path, "a.wav", sound), "--ref-audio")
    assert source.url == inline(sound, "audio/wav")
    assert source.seconds == 3
    for content, words in (
        (WAV, "is not a whole sound file"),
        (PNG, "is png: it must be wav, mp3"),
        (WAV + bytes(AUDIO_BYTES), "is 15.0 MB: the limit is 15 MB"),
    ):
        path = written(tmp_path, "b.wav", content)
        assert words in refusal(audio_source, path, "--ref-audio").message


def test_a_video_within_the_request_is_refused_since_the_service_takes_links_only():
    error = refusal(video_source, "data:video/mp4;base64,AAAA", "--ref-video")
    assert "links only" in error.message
    assert "AAAA" not in error.message


@pytest.mark.parametrize("encoder", ["libx264", "libx265"])
def test_a_local_video_is_to_be_uploaded_and_known_before(tmp_path, encoder):
    content = clips.clip(960, 540, 3, encoder=encoder)
    path = written(tmp_path, "a fox.mp4", content)
    source = video_source(path, "--ref-video")
    assert (source.to_upload, source.url) == (True, "(upload of a fox.mp4)")
    assert (source.path, source.bytes, source.format) == (Path(path), len(content), "mp4")
    assert source.sha256 == hashlib.sha256(content).hexdigest()
    assert (source.size, source.seconds) == ((960, 540), 3)


def test_a_video_is_what_its_content_says(tmp_path):
    content = clips.clip(960, 540, 3).replace(b"ftypisom", b"ftypqt  ")
    assert video_source(written(tmp_path, "a.txt", content), "--ref-video").format == "mov"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (lambda: b"", "is empty"),
        (lambda: b"hello, world", "is none of these: it must be mp4, mov"),
        (lambda: PNG, "is png: it must be mp4, mov"),
        (lambda: clips.clip(960, 540, 3)[:-100], "is not a whole video"),
        (clips.clip, "is 96×64 pixels: each side must be 300 to 6000"),
        (partial(clips.clip, 640, 480, 1), "all of them together must be 407,696 to 8,295,044"),
        (partial(clips.clip, 320, 1280, 1), "width / height is 0.25, but must be 0.4 to 2.5"),
        (
            partial(clips.clip, 960, 540, 1, encoder="mpeg4"),
            "is coded as mpeg4: it must be H.264 or H.265",
        ),
        (partial(clips.clip, 960, 540, 1, 20), "has 20 frames a second: it must have 24 to 60"),
        (partial(clips.clip, 960, 540, 1, 70), "has 70 frames a second: it must have 24 to 60"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_video_that_cannot_be_used_is_named_with_the_limit_it_breaks(tmp_path, content, words):
    path = written(tmp_path, "fox.mp4", content())
    error = refusal(video_source, path, "--ref-video")
    assert error.message.startswith(f"--ref-video {path}")
    assert words in error.message


@pytest.mark.parametrize("fps", [Fraction(24000, 1001), 24, 30, 60])
def test_frame_rates_at_the_limits_pass(tmp_path, fps):
    path = written(tmp_path, "fox.mp4", clips.clip(960, 540, 1, fps))
    assert video_source(path, "--ref-video").to_upload


def test_a_video_over_200_mb_is_refused_unread(tmp_path):
    path = written(tmp_path, "fox.mp4", clips.clip(960, 540, 3))
    os.truncate(path, 200_000_001)
    assert "200.0 MB: the limit is 200 MB" in refusal(video_source, path, "--ref-video").message
    assert "not a regular file" in refusal(video_source, str(tmp_path), "--ref-video").message
    assert "no such file" in refusal(video_source, "nowhere.mp4", "--ref-video").message


@pytest.mark.parametrize(
    ("text", "prompt"),
    [("a fox", "a fox"), ("@@home", "@home"), ("@@", "@"), ("", ""), ("--", "--"), ("a@b", "a@b")],
)
def test_a_prompt_is_the_text_itself(text, prompt):
    assert prompt_text(text, None) == prompt


@pytest.mark.parametrize(
    ("content", "prompt"),
    [
        (b"a fox\n", "a fox"),
        (b"\xef\xbb\xbfa fox\r\n", "a fox"),
        (" ein Füchslein\n\nläuft ".encode(), " ein Füchslein\n\nläuft "),
        (b"x" * PROMPT_CHARACTERS, "x" * PROMPT_CHARACTERS),
    ],
    ids=["line end", "BOM", "lines", "longest"],
)
def test_a_prompt_is_read_from_a_file_or_standard_input(tmp_path, content, prompt):
    assert prompt_text(f"@{written(tmp_path, 'p.txt', content)}", None) == prompt
    assert prompt_text("-", io.TextIOWrapper(io.BytesIO(content), "utf-8")) == prompt


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"caf\xe9 au lait", "is not UTF-8 text"), (b"x" * (PROMPT_CHARACTERS + 1), "is over")],
    ids=["latin-1", "too long"],
)
def test_a_prompt_that_cannot_be_read_is_refused(tmp_path, content, words):
    path = written(tmp_path, "p.txt", content)
    with pytest.raises(InvalidRequest, match=words) as refused:
        prompt_text(f"@{path}", None)
    assert path in refused.value.message
    with pytest.raises(InvalidRequest, match=words):
        prompt_text("-", io.TextIOWrapper(io.BytesIO(content), "utf-8"))


@pytest.mark.parametrize("text", ["@", "@nowhere.txt", "@/", "@a\0b", "-"])
def test_a_prompt_that_is_not_there_is_refused(text):
    with pytest.raises(InvalidRequest):
        prompt_text(text, None)
