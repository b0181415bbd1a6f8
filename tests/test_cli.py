"""The command line itself: versions, help, mistakes, and errors as text and as JSON."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

import pytest

from byteplus_cli import __version__
from conftest import Shell
from regenerate.products import drawn
from regenerate.tree import tree


@pytest.mark.parametrize("line", ["--version", "-V"])
def test_the_version_is_told(byteplus: Shell, line: str) -> None:
    assert byteplus(line).stdout == f"byteplus {__version__}\n"
    door = subprocess.run(
        [sys.executable, "-m", "byteplus_cli", line], capture_output=True, text=True
    )
    assert (door.returncode, door.stdout) == (0, f"byteplus {__version__}\n")


@pytest.mark.parametrize("line", ["", "--help", "-h", "video", "video --help", "config -h"])
def test_help_is_a_result(byteplus: Shell, line: str) -> None:
    done = byteplus(line)
    assert done.code == 0
    assert done.stdout.startswith("Usage: byteplus")
    assert done.stderr == ""


def process(words: Sequence[str], **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command line by itself; its stderr names every module that was loaded."""
    return subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "byteplus_cli", *words],
        env={name: value for name, value in os.environ.items() if name != "COLUMNS"} | env,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("line", ["", "--help", "-h", "video -h", "video create --help"])
def test_help_is_ready_made_where_it_looks_as_if_it_were_drawn(line: str) -> None:
    ready = process(line.split())
    assert "typer" not in ready.stderr
    drawn = process(line.split(), COLUMNS="80")
    assert "typer" in drawn.stderr
    assert ready.stdout == drawn.stdout
    assert process(line.split(), COLUMNS="60").stdout != ready.stdout


def test_help_looks_the_same_on_every_terminal_that_is_wide_enough() -> None:
    for command in tree().all:
        assert drawn(command.path) == drawn(command.path, 200), command.name


def test_help_of_what_is_no_command_is_a_mistake() -> None:
    for words in (["vidoe"], ["create"], ["video create"], ["video\ncreate"], [""]):
        done = process([*words, "--help"])
        assert (done.returncode, done.stdout) == (2, ""), words
        assert "hint:" in done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")  # noqa: PTH110
def test_help_that_cannot_be_printed_is_an_error() -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = subprocess.run(
            [sys.executable, "-m", "byteplus_cli", "--help"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 1
    assert done.stderr.startswith("error: cannot go on")


def test_every_command_explains_itself_and_the_shared_options(byteplus: Shell) -> None:
    for line in ("video create", "video get", "video list", "config set", "sandbox serve"):
        said = byteplus(f"{line} --help").stdout
        assert f"Usage: byteplus {line}" in said
        assert "-p, --profile NAME" in said
        assert all(len(row) <= 80 for row in said.splitlines())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("vidoe", "did you mean video?"),
        ("video craete", "No such command"),
        ("video create --durration 5", "--durration"),
        ("video create --duration five", "'five'"),
        ("video get", "ID"),
        ("config get", "KEY"),
    ],
)
def test_a_mistake_is_one_error_and_one_hint(byteplus: Shell, line: str, said: str) -> None:
    done = byteplus(line)
    assert done.code == 2
    assert said in done.stderr
    assert [row.partition(":")[0] for row in done.stderr.splitlines()] == ["error", "hint"]
    assert done.stdout == ""


def test_a_mistake_under_json_is_a_document(byteplus: Shell) -> None:
    done = byteplus("video create --duration five --json")
    assert done.json["error"]["exit_code"] == 2
    assert done.json["error"]["code"] == "usage"


def test_a_ledger_that_cannot_be_opened_stops_the_run_before_money_is_spent(
    sandbox: Shell,
) -> None:
    (sandbox.home / "state").write_text("a file where the folder should be")
    done = sandbox("video create fox", env={"BYTEPLUS_STATE_DIR": str(sandbox.home / "state")})
    assert done.code == 2
    assert "cannot open the ledger" in done.stderr
    assert "nothing was sent" in done.stderr
