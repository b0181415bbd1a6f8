"""Single pictures, encoded."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

import av


def encoded(frame: av.VideoFrame, codec: Literal["mjpeg", "png"]) -> bytes:
    """A JPEG or a PNG of a frame whose pixels its encoder takes."""
    encoder = av.CodecContext.create(codec, "w")
    encoder.width, encoder.height, encoder.pix_fmt = frame.width, frame.height, frame.format.name
    # The fastest compression of a PNG; a JPEG has no such setting.
    encoder.options = {"compression_level": "1"}
    encoder.time_base = frame.time_base = Fraction(1, 1)
    frame.pts = 0
    return b"".join(bytes(packet) for packet in [*encoder.encode(frame), *encoder.encode()])
