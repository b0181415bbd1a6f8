"""The sizes of pictures: classes like `2K` with their shapes, and `WIDTHxHEIGHT`.

The listed sizes are those of REV265 (2026-10-08).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

Shape = tuple[int, int]
# The landscape shapes of a class; portrait ones are the same, turned.
Landscapes = Sequence[Shape]

ONE: Landscapes = ((1024, 1024), (1152, 864), (1424, 800), (1248, 832), (1568, 672))
ONE_AND_A_HALF: Landscapes = ((1536, 1536), (1792, 1344), (2048, 1152), (1872, 1248), (2352, 1008))
TWO_OF_PRO: Landscapes = ((2048, 2048), (2368, 1776), (2816, 1584), (2496, 1664), (3136, 1344))
TWO: Landscapes = ((2048, 2048), (2304, 1728), (2848, 1600), (2496, 1664), (3136, 1344))
THREE: Landscapes = ((3072, 3072), (3456, 2592), (4096, 2304), (3744, 2496), (4704, 2016))
FOUR: Landscapes = ((4096, 4096), (4704, 3520), (5504, 3040), (4992, 3328), (6240, 2656))
# The tutorial has 1312x736 and 1568x672 for the third and the last (TUT-EN).
ONE_OF_4_0: Landscapes = ((1024, 1024), (1152, 864), (1280, 720), (1248, 832), (1512, 648))

_EXACT = re.compile(r"([1-9][0-9]{0,5})x([1-9][0-9]{0,5})")
# The most that one side may be of the other (REV265 2026-10-08).
LONGEST = 16


def exact(asked: str) -> Shape | None:
    """Width and height as they stand in a size, unless it is a class."""
    match = _EXACT.fullmatch(asked)
    return (int(match[1]), int(match[2])) if match else None


def is_stretched(shape: Shape) -> bool:
    return max(shape) > LONGEST * min(shape)


def of_class(landscapes: Landscapes, like: Shape | None) -> Shape:
    """The shape of a class that is nearest to a picture, and square where there is none."""
    if like is None:
        return landscapes[0]
    portraits = [(height, width) for width, height in landscapes]
    return min([*landscapes, *portraits], key=lambda shape: abs(_slant(shape) - _slant(like)))


def nearest_class(classes: Mapping[str, Landscapes], like: Shape | None) -> str | None:
    """The class whose pictures have about as many pixels as this one."""
    if like is None:
        return None
    return min(classes, key=lambda name: abs(math.prod(classes[name][0]) - math.prod(like)))


def _slant(shape: Shape) -> float:
    return math.log(shape[0] / shape[1])
