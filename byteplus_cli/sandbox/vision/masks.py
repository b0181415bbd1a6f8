"""Masks of the subjects in a picture: white where one stands, black elsewhere."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

_NAME = re.compile(r"mask-(\d+)x(\d+)-(\d+)of(\d+)\.png", re.ASCII)


@dataclass(frozen=True)
class Mask:
    """The subject of a number from 0 on, where the subjects stand side by side."""

    width: int
    height: int
    number: int
    subjects: int

    @property
    def name(self) -> str:
        return f"mask-{self.width}x{self.height}-{self.number}of{self.subjects}.png"

    @classmethod
    def named(cls, name: str) -> Mask | None:
        match = _NAME.fullmatch(name)
        return cls(*map(int, match.groups())) if match else None


def write_mask(path: Path, mask: Mask) -> None:
    import av

    from byteplus_cli.sandbox.stills import encoded

    frame = av.VideoFrame(mask.width, mask.height, "gray")
    plane = frame.planes[0]
    rows = (_row(mask, number).ljust(plane.line_size, b"\0") for number in range(mask.height))
    plane.update(b"".join(rows).ljust(plane.buffer_size, b"\0"))
    path.write_bytes(encoded(frame, "png"))


def _row(mask: Mask, number: int) -> bytes:
    """One row of an ellipse that stands on the floor; later subjects are smaller."""
    tall = mask.height * (0.9 - 0.1 * mask.number)
    along = (number + 0.5 - (mask.height - tall / 2)) / (tall / 2)
    if abs(along) >= 1:
        return b""
    share = mask.width / mask.subjects
    middle, half = share * (mask.number + 0.5), share * 0.4 * math.sqrt(1 - along**2)
    left, right = round(middle - half), round(middle + half)
    return b"\0" * left + b"\xff" * (right - left)
