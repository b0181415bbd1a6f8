"""The man page: what the commands and guides say, as a reader of man pages shows it."""

from __future__ import annotations

import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from byteplus_cli.commands.leaf import Leaf
from examples import in_guide, in_help
from regenerate.manpage import PATH, commands, page, roff

ROOT = Path(__file__).parents[1]
groff = pytest.mark.skipif(shutil.which("groff") is None, reason="needs groff")


def shown(text: str, width: int = 200) -> tuple[str, str]:
    """The page as it is read, without bold and italics, and what groff finds wrong with it."""
    done = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", "-P-cbou", f"-rLL={width}n"],
        input=text,
        capture_output=True,
        encoding="utf-8",
    )
    return done.stdout, done.stderr


def test_the_man_page_is_that_of_these_commands_and_guides() -> None:
    assert PATH.read_text("ascii") == page(), "run: python -m tests.regenerate"


def test_the_wheel_puts_the_man_page_where_man_looks_for_it() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    shared = project["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert shared[PATH.relative_to(ROOT).as_posix()] == "share/man/man1/byteplus.1"


@groff
@pytest.mark.parametrize("width", [60, 78, 120])
def test_nothing_is_wrong_with_the_man_page_at_any_width(width: int) -> None:
    assert shown(page(), width)[1] == ""


@groff
def test_every_command_option_and_example_is_in_the_man_page() -> None:
    said, _ = shown(page())
    for title in ("NAME", "SYNOPSIS", "COMMANDS", "OPTIONS", "EXIT STATUS", "ENVIRONMENT", "FILES"):
        assert f"\n{title}\n" in f"\n{said}"
    plain = " ".join(said.replace("\\\n", " ").split())
    for words, command in commands():
        assert f"byteplus {words} " in plain
        for line in in_help(command):
            assert " ".join(line.split()) in plain
        for param in command.params if isinstance(command, Leaf) else ():
            assert all(name in plain for name in param.opts if name.startswith("-"))
    for line in in_guide("ci") + in_guide("templates"):
        assert " ".join(line.split()) in plain


@groff
@pytest.mark.parametrize(
    "line",
    [
        "--dry-run -n",
        ".fox.mp4.TAG.part",
        "'quoted' \"twice\" `and` more",
        r"C:\Users\me \fBold\fR \n",
        "~/clips ^up | {slug}-{id8}.{ext}",
        "waves — at night, 你好",
    ],
)
def test_what_roff_would_read_as_its_own_is_shown_as_it_stands(line: str) -> None:
    said, wrong = shown(f".TH X 1\n.SH X\n.EX\n{roff(line)}\n.EE\n")
    assert wrong == ""
    assert line in said
