"""The command line that would make pictures again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from byteplus_cli.errors import InvalidRequest
from byteplus_cli.generation.catalogue import Catalogue
from byteplus_cli.generation.entry import Entry
from byteplus_cli.generation.history.command_line import CommandLine, allowed
from byteplus_cli.generation.history.inputs import inputs_of
from byteplus_cli.generation.image.model import ImageModel
from byteplus_cli.generation.image.request import ImageRequest
from byteplus_cli.generation.image.rules import MODES, check
from byteplus_cli.generation.image.size import chosen_size, in_pixels

# Body fields that an option says as they are, and the types that it makes of it.
OPTIONS: Mapping[str, tuple[str, type]] = {
    "size": ("--size", str),
    "output_format": ("--format", str),
    "seed": ("--seed", int),
    "guidance_scale": ("--guidance-scale", float),
}
# Those that are on, or not sent.
FLAGS: Mapping[str, tuple[str, object]] = {
    "tools": ("--web-search", [{"type": "web_search"}]),
    "background": ("--transparent", "transparent"),
    "layer_decomposition": ("--layers", True),
}


def command(
    entry: Entry, catalogue: Catalogue, settings: Mapping[str, Any], cwd: Path
) -> CommandLine:
    """`image gen`, as it was."""
    fields, inputs = dict(entry.request), inputs_of(entry)
    name, prompt = str(fields.pop("model")), fields.pop("prompt", None)
    fields.pop("image", None)
    model = catalogue.known_image(name)
    line = CommandLine("image", "gen", cwd=cwd)
    line.prompt(prompt)
    line.add("-m", name)
    for given in inputs:
        line.input("--image", given)
    _say_count(line, fields)
    _say_switches(line, fields, model, settings)
    for field, (option, value) in FLAGS.items():
        if fields.get(field) == value:
            line.add(option)
            del fields[field]
    for field, value in _spoken(fields, ImageRequest(name, prompt or "…"), model).items():
        line.add(OPTIONS[field][0], str(value))
        del fields[field]
    line.extra(fields)
    line.warn_of_settings("image", settings, _unsaid(entry.request))
    return line


def _say_count(line: CommandLine, fields: dict[str, Any]) -> None:
    options = fields.get("sequential_image_generation_options")
    count = options.get("max_images") if isinstance(options, dict) else None
    if fields.get("sequential_image_generation") == "auto" and type(count) is int:
        line.add("--count", str(count))
        del fields["sequential_image_generation"], fields["sequential_image_generation_options"]


def _say_switches(
    line: CommandLine,
    fields: dict[str, Any],
    model: ImageModel | None,
    settings: Mapping[str, Any],
) -> None:
    """What is on or off, where that is not so by itself."""
    usual = {
        "stream": bool(model and "stream" in model.can),
        "watermark": bool(settings.get("watermark")),
    }
    for field, by_itself in usual.items():
        value = fields.get(field, False)
        if isinstance(value, bool):
            fields.pop(field, None)
            if value != by_itself:
                line.switch(f"--{field}", value)
    mode = fields.get("optimize_prompt_options")
    if isinstance(mode, dict) and mode.get("mode") in MODES:
        line.add("--optimize-prompt", mode["mode"])
        del fields["optimize_prompt_options"]


def _spoken(
    fields: Mapping[str, Any], asked: ImageRequest, model: ImageModel | None
) -> dict[str, Any]:
    """The fields that options say, and that are sent when they do."""

    def refuse(left: Mapping[str, Any]) -> None:
        check(replace(asked, **left), model)
        if "size" in left and chosen_size(left["size"], None, model) != left["size"]:
            raise InvalidRequest("--size is written in another way")

    return allowed(fields, OPTIONS, refuse)


def _unsaid(request: Mapping[str, Any]) -> Iterator[str]:
    """The settings that would change what is sent."""
    if "size" not in request:
        yield "size"
    if not in_pixels(request.get("size")):
        yield "ratio"
    if "output_format" not in request:
        yield "format"
