"""Sizes of pictures as people think of them, made into what a model takes."""

from __future__ import annotations

import re
from math import ceil, floor, sqrt

from byteplus_cli.errors import InvalidRequest
from byteplus_cli.generation.image.model import ImageModel
from byteplus_cli.generation.model import Size

# Width to height and the other way round (REV265, 2026-10-08).
SLIMMEST = 16
# A size that a model would refuse is brought into its limits in steps that all of them take.
STEP = 16

_PIXELS = re.compile(r"([1-9]\d{0,4})[xX×]([1-9]\d{0,4})")
_CLASS = re.compile(r"(\d+(?:\.\d+)?)[kK]")
_RATIO = re.compile(r"([1-9]\d?):([1-9]\d?)")


def chosen_size(size: str | None, ratio: str | None, model: ImageModel | None) -> str | None:
    """What to send for `--size` and `--ratio`; raises InvalidRequest with what is near."""
    if size is not None and (exact := in_pixels(size)):
        if ratio is not None:
            raise InvalidRequest(
                f"--ratio {ratio} cannot stand with --size {size}",
                hint=f"--size {model.size if model else '2K'} --ratio {ratio}, or --size alone",
            )
        return _checked(exact, model)
    if model is None:
        return _unknown(size, ratio)
    named = _class_of(size, model)
    if ratio is None:
        return named or None
    found = model.dimensions(named, ratio)
    if found is None:
        raise _no_ratio(ratio, named, model)
    return written(found)


def in_pixels(size: str | None) -> Size | None:
    """Width and height, if a size names them."""
    found = _PIXELS.fullmatch(size or "")
    return (int(found[1]), int(found[2])) if found else None


def written(size: Size) -> str:
    return f"{size[0]}x{size[1]}"


def possible_pixels(size: str | None, model: ImageModel) -> list[int]:
    """How many pixels a picture may have: one number, unless the model chooses its shape."""
    if exact := in_pixels(size or model.size):
        return [exact[0] * exact[1]]
    table = model.size_table.get(size or model.size or "", {})
    return [width * height for width, height in table.values()]


def _unknown(size: str | None, ratio: str | None) -> str | None:
    if ratio is not None:
        raise InvalidRequest(
            f"--ratio {ratio}: the sizes of this model are not known", hint="--size 2048x1152"
        )
    return size


def _class_of(size: str | None, model: ImageModel) -> str:
    usual = model.size or ""
    if size is None:
        return usual
    named = size.upper()
    if named in model.classes:
        return named
    exact = f"WIDTHxHEIGHT with {model.pixels[0]:,} to {model.pixels[1]:,} pixels"
    raise InvalidRequest(
        f"--size {size} is not possible with {model.id}: {', '.join((*model.classes, exact))}",
        hint=f"--size {_nearest_class(named, model) or usual}",
    )


def _nearest_class(named: str, model: ImageModel) -> str | None:
    wanted = _CLASS.fullmatch(named)
    if not wanted or not model.classes:
        return None
    return min(model.classes, key=lambda known: abs(float(known[:-1]) - float(wanted[1])))


def _no_ratio(ratio: str, named: str, model: ImageModel) -> InvalidRequest:
    known = [each for each in model.ratios if model.dimensions(named, each)]
    if not known:
        return InvalidRequest(
            f"--ratio {ratio}: {model.id} takes sizes in pixels only", hint="--size 1024x768"
        )
    shape = _RATIO.fullmatch(ratio)
    nearest = known[0]
    if shape:
        wanted = int(shape[1]) / int(shape[2])
        nearest = min(known, key=lambda each: abs(_shape(each) - wanted))
    return InvalidRequest(
        f"--ratio {ratio} is not in the sizes of {model.id}: {', '.join(known)}",
        hint=f"--ratio {nearest}, or --size in pixels",
    )


def _shape(ratio: str) -> float:
    width, _, height = ratio.partition(":")
    return int(width) / int(height)


def _checked(size: Size, model: ImageModel | None) -> str:
    """The size, if the model takes it."""
    width, height = size
    if max(size) > SLIMMEST * min(size):
        raise InvalidRequest(
            f"--size {written(size)} is too slim: at most {SLIMMEST} times as long as wide",
            hint=f"--size {written(_within(size, model))}",
        )
    if model is None:
        return written(size)
    low, high = model.sides or (1, max(size))
    if not low <= min(size) <= max(size) <= high:
        raise InvalidRequest(
            f"--size {written(size)}: with {model.id} each side is {low} to {high} pixels",
            hint=f"--size {written((_clamp(width, low, high), _clamp(height, low, high)))}",
        )
    fewest, most = model.pixels
    if not fewest <= width * height <= most:
        raise InvalidRequest(
            f"--size {written(size)} is {width * height:,} pixels:"
            f" with {model.id} it must be {fewest:,} to {most:,}",
            hint=f"--size {written(_within(size, model))}",
        )
    return written(size)


def _within(size: Size, model: ImageModel | None) -> Size:
    """The same shape, or the slimmest allowed, with as many pixels as the model takes."""
    width, height = size
    width, height = min(width, height * SLIMMEST), min(height, width * SLIMMEST)
    if model is None:
        return width, height
    fewest, most = model.pixels
    wanted = _clamp(width * height, fewest, most)
    factor = sqrt(wanted / (width * height)) / STEP
    # Down to a whole step where there were too many pixels, up where too few.
    rounded = ceil if wanted == fewest else floor
    return rounded(width * factor) * STEP, rounded(height * factor) * STEP


def _clamp(value: int, low: int, high: int) -> int:
    return min(max(value, low), high)
