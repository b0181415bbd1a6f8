"""Real clips and pictures, no two alike: a coloured field, a bar that moves, a tone."""

from __future__ import annotations

import secrets
from array import array
from collections.abc import Iterator
from fractions import Fraction
from io import BytesIO
from math import pi, sin
from pathlib import Path

import av

from byteplus_cli.sandbox.tasks import FRAMES_A_SECOND, Clip

SAMPLE_RATE = 44_100
SAMPLES_A_FRAME = 1024
LOUDNESS = 0.1


def write_clip(clip: Clip, target: Path) -> None:
    """Make the clip under `target`, in one step however many ask for it at once."""
    partial = target.with_name(f"{secrets.token_hex(4)}.{clip.format}")
    with av.open(str(partial), "w", format=clip.format, options={"movflags": "faststart"}) as file:
        video = file.add_stream(
            "libx264",
            rate=FRAMES_A_SECOND,
            options={"preset": "ultrafast", "crf": "30", "g": "48", "threads": "2"},
        )
        video.width, video.height, video.pix_fmt = clip.width, clip.height, "yuv420p"
        sound = file.add_stream("aac", rate=SAMPLE_RATE, layout="mono") if clip.sound else None
        for frame in _frames(clip):
            file.mux(video.encode(frame))
        file.mux(video.encode(None))
        if sound is not None:
            for samples in _tone(clip):
                file.mux(sound.encode(samples))
            file.mux(sound.encode(None))
    partial.replace(target)


def write_last_frame(clip: Path, target: Path) -> None:
    """The clip's last frame as a JPEG of the same size."""
    with av.open(str(clip)) as file:
        stream = file.streams.video[0]
        # From the last keyframe on, so that the whole clip need not be decoded.
        file.seek(stream.duration or 0, stream=stream)
        *_, last = file.decode(stream)
    picture = last.reformat(format="yuvj420p")
    codec = av.CodecContext.create("mjpeg", "w")
    codec.width, codec.height, codec.pix_fmt = picture.width, picture.height, "yuvj420p"
    codec.time_base = Fraction(1, FRAMES_A_SECOND)
    picture.pts = 0
    packets = [*codec.encode(picture), *codec.encode(None)]
    partial = target.with_name(f"{secrets.token_hex(4)}.jpg")
    partial.write_bytes(b"".join(bytes(packet) for packet in packets))
    partial.replace(target)


def picture_shape(content: bytes) -> float | None:
    """Width over height of a picture, or None if it cannot be opened."""
    try:
        with av.open(BytesIO(content)) as file:
            stream = file.streams.video[0]
            return stream.width / stream.height
    except (av.FFmpegError, IndexError, ZeroDivisionError):
        return None


def _frames(clip: Clip) -> Iterator[av.VideoFrame]:
    dark, bright = 50 + clip.seed % 60, 235
    bar = max(8, clip.width // 12)
    for number in range(clip.frames):
        frame = av.VideoFrame(clip.width, clip.height, "yuv420p")
        luma, blue, red = frame.planes
        left = (clip.width - bar) * number // max(1, clip.frames - 1)
        row = bytearray([dark]) * luma.line_size
        row[left : left + bar] = bytes([bright]) * bar
        luma.update(bytes(row) * luma.height)
        blue.update(bytes([64 + clip.seed // 64 % 128]) * blue.buffer_size)
        red.update(bytes([64 + clip.seed // 8192 % 128]) * red.buffer_size)
        frame.pts, frame.time_base = number, Fraction(1, FRAMES_A_SECOND)
        yield frame


def _tone(clip: Clip) -> Iterator[av.AudioFrame]:
    # A whole number of samples a period, so that one period can be repeated.
    period = 80 + clip.seed % 120
    wave = array("f", (LOUDNESS * sin(2 * pi * n / period) for n in range(period)))
    count = SAMPLE_RATE * clip.frames // FRAMES_A_SECOND
    samples = (wave * (count // period + 1))[:count]
    for start in range(0, count, SAMPLES_A_FRAME):
        part = samples[start : start + SAMPLES_A_FRAME]
        frame = av.AudioFrame("fltp", "mono", len(part))
        frame.planes[0].update(part.tobytes().ljust(frame.planes[0].buffer_size, b"\0"))
        frame.sample_rate, frame.pts = SAMPLE_RATE, start
        yield frame
