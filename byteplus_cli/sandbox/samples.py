"""Real clips to deliver: small, quick to make, and different for each prompt and seed."""

from __future__ import annotations

import hashlib
import math
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from byteplus_cli.sandbox.stills import encoded

RATE, BLOCK = 48_000, 1024
# `g`: a keyframe every two seconds keeps clips small and their last frame quick to reach.
_VIDEO_OPTIONS = {"preset": "ultrafast", "crf": "35", "g": "48"}


@dataclass(frozen=True)
class Sample:
    """What a clip has to be; `look` decides its colours, motion and tone."""

    width: int
    height: int
    frames: int
    fps: int
    sound: bool
    container: str
    look: str


def write_clip(path: Path, sample: Sample) -> None:
    look = hashlib.sha256(sample.look.encode(errors="surrogatepass")).digest()
    options = {"movflags": "+faststart"}
    with av.open(path, "w", format=sample.container, options=options) as container:
        video = container.add_stream("libx264", rate=sample.fps, options=_VIDEO_OPTIONS)
        video.width, video.height, video.pix_fmt = sample.width, sample.height, "yuv420p"
        sound: Any = None
        if sample.sound:
            sound = container.add_stream("aac", rate=RATE, layout="mono")
            sound.bit_rate = 64_000
        for frame in _pictures(sample, look):
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if sound is not None:
            for block in _tone(sample, look):
                container.mux(sound.encode(block))
            container.mux(sound.encode(None))


def write_last_frame(path: Path, clip: Path) -> None:
    """The very last frame of a clip, as a JPEG."""
    with av.open(clip) as container:
        stream = container.streams.video[0]
        # From the last keyframe on, since decoding all of a long clip takes seconds.
        container.seek(stream.duration or 0, stream=stream)
        *_, last = container.decode(stream)
    path.write_bytes(encoded(last.reformat(format="yuvj420p"), "mjpeg"))


def _pictures(sample: Sample, look: bytes) -> Iterator[av.VideoFrame]:
    """Upright stripes of soft light that drift across one colour."""
    period, step = 64 + look[0], 1 + look[1] % 7
    wave = bytes(48 + abs(column % period - period // 2) for column in range(period))
    for number in range(sample.frames):
        frame = av.VideoFrame(sample.width, sample.height, "yuv420p")
        light, blue, red = frame.planes
        row = wave * (2 + light.line_size // period)
        offset = number * step % period
        light.update(row[offset : offset + light.line_size] * light.height)
        blue.update(bytes([64 + look[2] // 2]) * blue.buffer_size)
        red.update(bytes([64 + look[3] // 2]) * red.buffer_size)
        frame.pts, frame.time_base = number, Fraction(1, sample.fps)
        yield frame


def _tone(sample: Sample, look: bytes) -> Iterator[av.AudioFrame]:
    """One quiet note, as long as the pictures."""
    pitch = 220 + look[4]
    # A whole number of waves fits into a second, so that seconds follow without a click.
    second = array("f", (0.1 * math.sin(2 * math.pi * pitch * n / RATE) for n in range(RATE)))
    second.extend(second[:BLOCK])
    length = sample.frames * RATE // sample.fps
    for start in range(0, length, BLOCK):
        size = min(BLOCK, length - start)
        block = av.AudioFrame("fltp", "mono", size)
        content = second[start % RATE : start % RATE + size].tobytes()
        block.planes[0].update(content.ljust(block.planes[0].buffer_size, b"\0"))
        block.sample_rate, block.pts = RATE, start
        block.time_base = Fraction(1, RATE)
        yield block
