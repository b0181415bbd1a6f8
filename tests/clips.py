"""Real clips and pictures for tests, made once and small."""

from __future__ import annotations

import io
import wave
from fractions import Fraction
from functools import cache

import av


@cache
def clip(
    width: int = 96, height: int = 64, seconds: float = 1, fps: int = 24, sound: bool = False
) -> bytes:
    """An MP4 with that many frames of one colour each."""
    content = io.BytesIO()
    with av.open(content, "w", format="mp4") as container:
        video = container.add_stream("libx264", rate=fps, options={"preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        audio = container.add_stream("aac", rate=16000, layout="mono") if sound else None
        for number in range(round(seconds * fps)):
            frame = av.VideoFrame(width, height, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes([(16 + number * 3) % 256]) * plane.buffer_size)
            frame.pts, frame.time_base = number, Fraction(1, fps)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if audio:
            for number in range(round(seconds * 16000 / 1024)):
                samples = av.AudioFrame("fltp", "mono", 1024)
                samples.planes[0].update(bytes(samples.planes[0].buffer_size))
                samples.sample_rate, samples.pts = 16000, number * 1024
                container.mux(audio.encode(samples))
            container.mux(audio.encode(None))
    return content.getvalue()


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
def picture(width: int = 400, height: int = 300, codec: str = "mjpeg") -> bytes:
    """A picture of one colour; `codec` mjpeg gives a JPEG, png a PNG."""
    context = av.CodecContext.create(codec, "w")
    context.width, context.height = width, height
    context.pix_fmt = "yuvj420p" if codec == "mjpeg" else "rgb24"
    context.time_base = Fraction(1, 24)
    frame = av.VideoFrame(width, height, context.pix_fmt)
    for plane in frame.planes:
        plane.update(bytes([120]) * plane.buffer_size)
    return b"".join(bytes(packet) for packet in [*context.encode(frame), *context.encode(None)])
