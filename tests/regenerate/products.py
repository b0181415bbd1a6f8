"""Every file that is made, by its path from the top of the repository."""

from __future__ import annotations

import contextlib
import io
import os
from functools import cache
from pathlib import Path
from unittest import mock

from byteplus_cli.cli import run
from byteplus_cli.doors.manual import COLUMNS, MARK
from byteplus_cli.generation import model_file, model_words
from byteplus_cli.session import Surroundings

from . import bash, fish, manpage, powershell, zsh
from .tree import Command, tree

ROOT = Path(__file__).parents[2]


@cache
def products() -> dict[str, str]:
    root = tree()
    return {
        "completions/byteplus.bash": bash.script(root),
        "completions/_byteplus": zsh.script(root),
        "completions/byteplus.fish": fish.script(root),
        "completions/byteplus.ps1": powershell.script(root),
        "byteplus_cli/guides/byteplus.1": manpage.page(),
        "byteplus_cli/doors/manual.txt": _help(root),
        "byteplus_cli/generation/models.json": model_file.compiled(),
        "byteplus_cli/generation/model_words.tsv": model_words.table(),
    }


def _help(root: Command) -> str:
    return "".join(f"{MARK}{each.name}\n{drawn(each.path)}" for each in root.all)


def drawn(path: tuple[str, ...], columns: int = COLUMNS) -> str:
    """The help of a command as it is drawn on a terminal."""
    out = io.StringIO()
    around = Surroundings({}, io.StringIO(), out, io.StringIO())
    with mock.patch.dict(os.environ, COLUMNS=str(columns)), contextlib.redirect_stdout(out):
        run([*path, "--help"], around)
    return out.getvalue()
