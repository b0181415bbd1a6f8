"""Real clips and pictures for tests, made once and small."""

from __future__ import annotations

import io
import struct
import wave
from fractions import Fraction
from functools import cache

import av


@cache
def clip(
    width: int = 96,
    height: int = 64,
    seconds: float = 1,
    fps: int = 24,
    sound: bool = False,
    *,
    encoder: str = "libx264",
    pixels: str = "yuv420p",
    preset: str = "ultrafast",  # the slower ones of libx264 make B-frames
    first: int = 16,
    sound_seconds: float | None = None,
    sound_rate: int = 16000,
    **options: str,
) -> bytes:
    """A clip with that many frames of one colour each; its sound begins with a beep.

    The colours count up from `first` in steps of 3. `options` are those of the MP4.
    """
    content = io.BytesIO()
    quiet = {"x265-params": "log-level=none"} if encoder == "libx265" else {}
    with av.open(content, "w", format="mp4", container_options=options) as container:
        video = container.add_stream(encoder, rate=fps, options={"preset": preset, **quiet})
        video.width, video.height, video.pix_fmt = width, height, pixels
        audio = container.add_stream("aac", rate=sound_rate, layout="mono") if sound else None
        for number in range(round(seconds * fps)):
            frame = av.VideoFrame(width, height, pixels)
            fill(frame, (first + number * 3) % 256)
            frame.pts, frame.time_base = number, Fraction(1, fps)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if audio:
            for number in range(round((sound_seconds or seconds) * sound_rate / 1024)):
                samples = av.AudioFrame("fltp", "mono", 1024)
                samples.planes[0].update(bytes(4096) if number else BEEP)
                samples.sample_rate, samples.pts = sound_rate, number * 1024
                container.mux(audio.encode(samples))
            container.mux(audio.encode(None))
    return content.getvalue()


BEEP = struct.pack("<8f", 0, 0.3, 0.5, 0.3, 0, -0.3, -0.5, -0.3) * 128


def fill(frame: av.VideoFrame, colour: int) -> None:
    """Give all samples of the frame one value, of 8 bits."""
    deep = frame.format.components[0].bits > 8
    sample = (colour * 4).to_bytes(2, "little") if deep else bytes([colour])
    for plane in frame.planes:
        plane.update(sample * (plane.buffer_size // len(sample)))


@cache
def sound(seconds: float = 1) -> bytes:
    """A silent WAV file."""
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(round(seconds * 8000) * 2))
    return content.getvalue()


@cache
def picture(
    width: int = 400, height: int = 300, codec: str = "mjpeg", pixels: str | None = None
) -> bytes:
    """A picture of one colour; `codec` mjpeg gives a JPEG, png a PNG."""
    context = av.CodecContext.create(codec, "w")
    context.width, context.height = width, height
    context.pix_fmt = pixels or ("yuvj420p" if codec == "mjpeg" else "rgb24")
    context.time_base = Fraction(1, 24)
    frame = av.VideoFrame(width, height, context.pix_fmt)
    for plane in frame.planes:
        plane.update(bytes([120]) * plane.buffer_size)
    return b"".join(bytes(packet) for packet in [*context.encode(frame), *context.encode(None)])


def wav(seconds: int) -> bytes:
    """So many seconds of silence."""
    packed = io.BytesIO()
    with wave.open(packed, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(b"\x80" * 8000 * seconds)
    return packed.getvalue()
