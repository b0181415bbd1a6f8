"""The command line that would make something again, with what was sent for it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from byteplus_cli.errors import InvalidRequest, Missing
from byteplus_cli.generation.catalogue import Catalogue
from byteplus_cli.generation.entry import Entry
from byteplus_cli.generation.history import again_avatar, again_clip, again_pictures
from byteplus_cli.generation.history.command_line import CommandLine
from byteplus_cli.generation.history.inputs import inputs_of
from byteplus_cli.generation.naming import Template


class Here(NamedTuple):
    """Where the command line is to be typed: in `cwd`, with the settings of its profile.

    `profile` is to be named on it, unless it is the one that counts by itself.
    """

    cwd: Path
    profile: str | None
    settings: Mapping[str, Any]
    output: str | None


def again(entry: Entry, catalogue: Catalogue, here: Here) -> CommandLine:
    """The command line for a row of the ledger; raises Missing where it was not made here."""
    if not entry.request:
        raise Missing(
            f"{entry.id} was made by another machine, so what it was made from is not known here"
        )
    if entry.kind == "image":
        line = again_pictures.command(entry, catalogue, here.settings, here.cwd)
    elif entry.kind == "avatar":
        line = again_avatar.command(entry, here.settings, here.cwd)
    else:
        line = again_clip.command(entry, catalogue, here.settings, here.cwd)
    if any(given.keep for given in inputs_of(entry)):
        line.add("--keep")
    _add_output(line, entry, here)
    if here.profile:
        line.add("-p", here.profile)
    return line


def _add_output(line: CommandLine, entry: Entry, here: Here) -> None:
    """The name that was asked for, unless it is the usual one anyway."""
    if entry.output is None:
        return
    name = entry.output.replace("{index}", str(entry.step)) if entry.step else entry.output
    try:
        usual = Template.parse(here.output, home=here.cwd).text
        Template.parse(name, home=here.cwd)
    except InvalidRequest:  # such as a column of a batch
        return
    if name != usual:
        line.add("-o", name)
