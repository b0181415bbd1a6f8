"""The command line that would make an avatar speak again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from byteplus_cli.generation.avatar.model import MODELS
from byteplus_cli.generation.entry import Entry
from byteplus_cli.generation.history.command_line import CommandLine, literal_prompt
from byteplus_cli.generation.history.inputs import inputs_of

INPUTS = {"image": "--image", "audio": "--audio", "mask": "--mask-url"}


def command(entry: Entry, settings: Mapping[str, Any], cwd: Path) -> CommandLine:
    """`avatar omnihuman`, as it was."""
    request = entry.request
    line = CommandLine("avatar", "omnihuman", cwd=cwd)
    for given in inputs_of(entry):
        line.input(INPUTS[given.role], given)
    line.add("--model", _model(request))
    for index in request.get("mask_indexes") or ():
        line.add("--mask-index", str(index))
    if (prompt := request.get("prompt")) == "-":
        line.warnings.append("the prompt - cannot be an option: put it into a file, as @FILE")
    elif prompt:
        line.add("--prompt", literal_prompt(prompt))
    for field, option in (("seed", "--seed"), ("output_resolution", "--resolution")):
        if field in request:
            line.add(option, str(request[field]))
    if "pe_fast_mode" in request:
        line.switch("--fast", request["pe_fast_mode"])
    line.warn_of_settings("avatar", settings, _unsaid(request))
    return line


def _model(request: Mapping[str, Any]) -> str:
    """What the model is called here."""
    key = request["req_key"]
    return next((model.name for model in MODELS.values() if model.req_key == key), key)


def _unsaid(request: Mapping[str, Any]) -> Iterator[str]:
    if "output_resolution" not in request:
        yield "resolution"
