"""What an accepted submit comes to, with every default and choice filled in."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from byteplus_cli.sandbox.kept import Kept
from byteplus_cli.sandbox.scripts import parse
from byteplus_cli.sandbox.vision.inputs import Shape, Sound
from byteplus_cli.sandbox.vision.parameters import RECOGNITION
from byteplus_cli.sandbox.vision.refusal import bad

FPS = 30  # S001
_SQUARE_UNTIL = 1.2


@dataclass(frozen=True)
class Order(Kept):
    """`prompt` is all the words around a request; `fault` the code of an input that is no good."""

    req_key: str
    seed: int
    width: int
    height: int
    seconds: float
    fault: int | None = None

    @property
    def films(self) -> bool:
        return self.req_key != RECOGNITION

    @property
    def frames(self) -> int:
        return max(1, round(self.seconds * FPS))


def order(given: Mapping[str, Any], shape: Shape, sound: Sound) -> Order:
    # 1.0 has no output_resolution; what it makes is not known.
    width, height = _size(shape, given.get("output_resolution", 1080))
    seed = given.get("seed", -1)
    return Order(
        req_key=given["req_key"],
        prompt=words(given),
        seed=random.randrange(100_000) if seed == -1 else seed,
        width=width,
        height=height,
        seconds=sound.seconds,
        fault=sound.fault,
    )


def words(given: Mapping[str, Any]) -> str:
    """Where a script can stand: the prompt, and the names and queries of the two files.

    Raises VisionRefusal for a directive with a wrong value.
    """
    links = (given.get(name, "") for name in ("image_url", "audio_url"))
    found = "\n".join([given.get("prompt", ""), *map(_name_and_query, links)])
    try:
        parse(found)
    except ValueError as error:
        raise bad(str(error)) from error
    return found


def _size(shape: Shape, short: int) -> Shape:
    """A plain size in the manner of a picture's shape; how the service chooses is not known."""
    width, height = shape
    long = short * 16 // 9
    if width > height * _SQUARE_UNTIL:
        return long, short
    if height > width * _SQUARE_UNTIL:
        return short, long
    return short, short


def _name_and_query(url: str) -> str:
    parts = urlsplit(url)
    return unquote(f"{parts.path.rpartition('/')[2]}?{parts.query}")
