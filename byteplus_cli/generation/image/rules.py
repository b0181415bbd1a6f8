"""Which rules a request for pictures must keep, all checked before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NoReturn

from byteplus_cli.errors import InvalidRequest
from byteplus_cli.generation.image.model import ImageModel
from byteplus_cli.generation.image.request import ImageRequest
from byteplus_cli.generation.image.size import in_pixels
from byteplus_cli.generation.media import BODY_BYTES, MEGABYTE
from byteplus_cli.generation.prompt import check_prompt, length_warnings
from byteplus_cli.generation.rules import SEEDS

# All of REV265, 2026-10-08; the prompt's length is advice.
ADVISED_WORDS, ADVISED_CHINESE = 600, 300
SET_SIZES = (1, 15)
GUIDANCE = (1.0, 10.0)
FORMATS = ("jpeg", "png")
MODES = ("standard", "fast")
LAYERED_FORMATS = ("jpeg", "png")
LAYERED_PIXELS = 262_144


def check(request: ImageRequest, model: ImageModel | None) -> list[str]:
    """Warnings about a request; raises InvalidRequest for the first rule that it breaks.

    For a model that is not known only those rules count that every model has.
    """
    check_prompt(request.prompt or "")
    _check_parts(request)
    _check_values(request)
    if model:
        _check_abilities(request, model)
        _check_inputs(request, model)
        _check_set(request, model)
    return length_warnings(request.prompt or "", ADVISED_WORDS, ADVISED_CHINESE)


def _refuse(message: str, hint: str) -> NoReturn:
    raise InvalidRequest(message, hint=hint)


def _check_parts(request: ImageRequest) -> None:
    if not request.has_prompt and not request.layers:
        _refuse("there is no prompt", 'say what to show: "a fox"')
    if (size := sum(len(source.url) for source in request.images)) > BODY_BYTES:
        limit = f"a request may hold {BODY_BYTES // MEGABYTE} MB"
        _refuse(f"the pictures are {size / MEGABYTE:.0f} MB as sent: {limit}", "give links instead")
    for name, instead in (("model", "--model"), ("prompt", "a prompt"), ("image", "--image")):
        if name in request.extra:
            _refuse(f"--extra cannot replace {name}", f"use {instead}")
    if request.transparent:
        _check_transparent(request)
    if request.layers:
        _check_layers(request)


def _check_transparent(request: ImageRequest) -> None:
    if request.output_format == "jpeg":
        _refuse("--format jpeg has no transparent pixels", "--format png, or leave it out")
    if len(request.images) != 1:
        count = len(request.images)
        _refuse(f"--transparent needs one --image, not {count}", "add --image FILE.png")
    if request.images[0].alpha is False:
        _refuse(
            f"--transparent needs a picture with transparent pixels: {request.images[0].path}"
            " has none",
            "a PNG with its background cut out",
        )


def _check_layers(request: ImageRequest) -> None:
    if len(request.images) != 1:
        _refuse(f"--layers needs one --image, not {len(request.images)}", "add --image FILE.png")
    source = request.images[0]
    if source.format not in (None, *LAYERED_FORMATS):
        _refuse(f"--layers takes jpeg and png pictures, not {source.format}", "convert it first")
    if source.size and source.size[0] * source.size[1] < LAYERED_PIXELS:
        width, height = source.size
        _refuse(
            f"--layers needs a picture of {LAYERED_PIXELS:,} pixels or more:"
            f" {source.path} is {width}×{height}",
            "scale the picture first",
        )
    if request.count != 1:
        _refuse("--layers cannot stand with --count", "leave --count out")
    if in_pixels(request.size):
        _refuse("--layers takes a size class, not a ratio or pixels", "--size 2K")


def _check_values(request: ImageRequest) -> None:
    _check_range("--count", request.count, *SET_SIZES)
    _check_range("--seed", request.seed, *SEEDS)
    _check_range("--guidance-scale", request.guidance_scale, *GUIDANCE)
    for option, value, allowed in (
        ("--format", request.output_format, FORMATS),
        ("--optimize-prompt", request.optimize_prompt, MODES),
    ):
        if value not in (None, *allowed):
            _refuse(f"{option} {value} is not {' or '.join(allowed)}", f"{option} {allowed[0]}")


def _check_range(option: str, value: float | None, low: float, high: float) -> None:
    if value is not None and not low <= value <= high:
        nearest = low if value != value else min(max(value, low), high)  # NaN is not itself
        limits = f"{_written(low)} to {_written(high)}"
        _refuse(f"{option} {value} is out of range: {limits}", f"{option} {_written(nearest)}")


def _written(number: float) -> str:
    return str(number).removesuffix(".0")


def _check_abilities(request: ImageRequest, model: ImageModel) -> None:
    for option, ability in _used(request):
        if ability not in model.can:
            _refuse(
                f"{model.id} does not take {option}",
                f"leave {option} out, or choose another model: byteplus models list",
            )
    asked = request.output_format
    if asked and asked not in model.formats:
        if model.formats:
            _refuse(f"{model.id} does not make {asked}", f"--format {model.formats[0]}")
        _refuse(f"{model.id} does not take --format: it makes jpeg", "leave --format out")


def _used(request: ImageRequest) -> Iterator[tuple[str, str]]:
    """Each option that not every model knows and this request needs, with the ability."""
    for option, ability, used in (
        ("--count", "set", request.count > 1),
        ("--stream", "stream", request.stream),
        ("--transparent", "transparent", request.transparent),
        ("--layers", "layers", request.layers),
        ("--seed", "seed", request.seed is not None),
        ("--guidance-scale", "guidance_scale", request.guidance_scale is not None),
        ("--optimize-prompt", "optimize_prompt", request.optimize_prompt is not None),
        ("--optimize-prompt fast", "fast", request.optimize_prompt == "fast"),
        ("--web-search", "web_search", request.web_search),
    ):
        if used:
            yield option, ability


def _check_inputs(request: ImageRequest, model: ImageModel) -> None:
    count = len(request.images)
    if count > model.inputs:
        most = f"at most {model.inputs} --image, not {count}" if model.inputs else "no --image"
        _refuse(f"{model.id} takes {most}", f"leave {count - model.inputs} out")
    if not count and "text" not in model.can:
        _refuse(f"{model.id} needs a picture to start from", "add --image FILE")


def _check_set(request: ImageRequest, model: ImageModel) -> None:
    together = request.count + len(request.images)
    if request.count > 1 and together > model.set_total:
        _refuse(
            f"--count {request.count} and {len(request.images)} --image are {together} together:"
            f" {model.id} takes {model.set_total}",
            f"--count {max(1, model.set_total - len(request.images))}",
        )
