"""Real pictures to deliver: soft colours, quick to make, different for each prompt and place."""

from __future__ import annotations

import hashlib

import av
from av.video.reformatter import Interpolation

from byteplus_cli.sandbox.stills import encoded

# As many spots of colour in each direction, spread over any size by the scaler.
_SPOTS = 4
_CLEAR, _SOLID = b"\x00", b"\xff"


def draw(size: tuple[int, int], format: str, alpha: bool, look: str) -> bytes:
    """A picture that fades out towards its edges if it has `alpha`; `look` decides its colours."""
    spots = _spots(look, alpha)
    if format == "jpeg":
        return encoded(_spread(spots, size, "yuvj420p"), "mjpeg")
    return encoded(_spread(spots, size, "rgba" if alpha else "rgb24"), "png")


def _spread(spots: av.VideoFrame, size: tuple[int, int], pixels: str) -> av.VideoFrame:
    return spots.reformat(*size, pixels, interpolation=Interpolation.BICUBIC)


def _spots(look: str, alpha: bool) -> av.VideoFrame:
    colours = hashlib.sha512(look.encode(errors="surrogatepass")).digest()
    frame = av.VideoFrame(_SPOTS, _SPOTS, "rgba")
    (plane,) = frame.planes
    rows = []
    for row in range(_SPOTS):
        spots = b""
        for column in range(_SPOTS):
            start = 3 * (row * _SPOTS + column)
            edge = {row, column} & {0, _SPOTS - 1}
            spots += colours[start : start + 3] + (_CLEAR if alpha and edge else _SOLID)
        rows.append(spots.ljust(plane.line_size, b"\0"))
    plane.update(b"".join(rows))
    return frame
