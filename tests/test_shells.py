"""Completion in real shells, with somebody at the keyboard."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_completion import BOAT, FOX, remember

import shells
from conftest import Shell
from regenerate.products import ROOT
from regenerate.tree import tree

MAKERS = {"bash": shells.bash, "zsh": shells.zsh, "fish": shells.Fish}
THERE = {
    "bash": shells.bash_can_tell(),
    "zsh": shells.present("zsh"),
    "fish": shells.present("fish"),
}


@pytest.fixture(params=[*MAKERS])
def person(request: pytest.FixtureRequest, byteplus: Shell) -> Iterator[Any]:
    """Somebody at a shell, with a clip in the ledger and files in the folder."""
    if not THERE[request.param]:
        pytest.skip(f"no {request.param} here, or one that is too old to be asked")
    remember(byteplus, FOX, "a fox", 1)
    remember(byteplus, BOAT, "a boat", 2)
    for name in ("prompt.txt", "a b.jpg"):
        (byteplus.home / name).write_text("x")
    (byteplus.home / "pictures").mkdir()
    somebody = MAKERS[request.param](byteplus.home, byteplus.env)
    yield somebody
    somebody.leave()


@pytest.fixture
def bash(byteplus: Shell) -> Iterator[shells.Person]:
    if not THERE["bash"]:
        pytest.skip("no bash here that can say what stands in its line")
    remember(byteplus, FOX, "a fox", 1)
    (byteplus.home / "a b.txt").write_text("x")
    (byteplus.home / "pictures").mkdir()
    somebody = shells.bash(byteplus.home, byteplus.env)
    yield somebody
    somebody.leave()


CASES = {
    "byteplus ": "video image avatar rescue models doctor config sandbox completion ...",
    "byteplus vi": "video",
    "byteplus models ": "list show",
    "byteplus video c": "create chain cancel",
    "byteplus video create --re": "--ref-image --ref-video --ref-audio --resolution",
    "byteplus video create --no-w": "--no-wait --no-watermark",
    "byteplus video create -p ": "default sandbox",
    "byteplus video create 'a: fox = b' --profile s": "sandbox",
    "byteplus video create -m seedance-2.0-": "seedance-2.0-fast seedance-2.0-mini",
    "byteplus video create -m seedance-2.0-fast --resolution ": "480p 720p",
    "byteplus video create --format ": "mp4 mov",
    "byteplus video list --status c": "cancelled",
    "byteplus video create -r 16": "16:9",
    "byteplus video create -r 16:": "16:9",
    "byteplus video create --seed ": "",
    "byteplus video create ": "",
    "byteplus video create a": "",
    "byteplus video create @prom": "@prompt.txt",
    "byteplus video create @pic": "@pictures/",
    "byteplus video create -o prom": "prompt.txt",
    "byteplus video create -i prom": "prompt.txt",
    "byteplus video create -i @": "@last @-2",
    f"byteplus video create -i {FOX[:6]}": f"{FOX} {BOAT}",
    "byteplus video get ": f"@last {BOAT} {FOX}",
    f"byteplus video get {FOX} @l": "@last",
    f"byteplus video finalize {FOX[:6]}": "",
    "byteplus video cancel -p sandbox ": "",
    "byteplus video create --json --": "...",
    "byteplus video create -- --": "",
    "byteplus video foo ": "",
    "byteplus foo ": "",
    "byteplus config get api": "api_key",
    "byteplus config set video.ratio 1": "16:9 1:1",
    "byteplus config use d": "default",
    "byteplus models show omni": "omnihuman-1.5 omnihuman-1.0",
    "byteplus models list --kind ": "video image avatar",
    "byteplus completion z": "zsh",
}


def test_a_shell_offers_what_fits(person: Any) -> None:
    for line, said in CASES.items():
        expected = set(said.split())
        found = {word.rstrip("/=") for word in person.every(line)}
        rest = found - {word.rstrip("/") for word in expected}
        assert found - rest == {word.rstrip("/") for word in expected - {"..."}}, line
        assert not rest or "..." in expected, f"{line}: {rest}"


def test_every_word_and_option_of_every_command_is_offered(person: Any) -> None:
    for command in tree().all:
        line = " ".join(("byteplus", *command.path))
        assert set(person.every(f"{line} ")) >= {each.path[-1] for each in command.below}, line
        long = {name for each in command.options for name in each.names if name[:2] == "--"}
        found = {word.rstrip("=") for word in person.every(f"{line} --")}
        if len(long) > 1:
            assert found == long, line


def test_a_value_after_an_equals_sign_is_completed(person: Any) -> None:
    if isinstance(person, shells.Fish):
        assert person.every("byteplus video create --ratio=16") == ["--ratio=16:9"]
        assert person.every("byteplus video create --output=prom") == ["--output=prompt.txt"]
        return
    start = "byteplus video create --model=seedance-2.0-fast"
    assert person.type("byteplus video create --model=seedance-2.0-f\t") == f"{start} "
    assert person.type(f"{start} --ratio=16\t") == f"{start} --ratio=16:9 "
    assert person.type(f"{start} --resolution=7\t") == f"{start} --resolution=720p "
    assert person.type("byteplus video get --output=prom\t") == (
        "byteplus video get --output=prompt.txt "
    )
    assert person.type("byteplus video get --output=pic\t") == (
        "byteplus video get --output=pictures/"
    )


def test_a_space_follows_a_word_but_no_folder(person: Any) -> None:
    if isinstance(person, shells.Fish):
        assert person.every("byteplus video get -o pic") == ["pictures/"]
        return
    assert person.type("byteplus vid\t") == "byteplus video "
    assert person.type("byteplus video get @l\t") == "byteplus video get @last "
    assert person.type("byteplus video get -o pic\t") == "byteplus video get -o pictures/"
    assert person.type("byteplus video create @pic\t") == "byteplus video create @pictures/"
    assert person.type("byteplus video create @prom\t") == "byteplus video create @prompt.txt "


def test_a_file_with_a_space_is_quoted(person: Any) -> None:
    if isinstance(person, shells.Fish):
        assert person.every("byteplus video create -i a") == ["a b.jpg"]
        return
    assert person.type("byteplus video create -i a\t") == r"byteplus video create -i a\ b.jpg "
    assert person.type("byteplus video create @a\t") == r"byteplus video create @a\ b.jpg "
    assert person.type('byteplus video create "@a\t') == 'byteplus video create "@a b.jpg" '


def test_prompts_are_shown_beside_the_tasks(person: Any) -> None:
    line = "byteplus video get cgt-2026112"
    if isinstance(person, shells.Fish):
        assert person.told(line) == {BOAT: "a boat", FOX: "a fox"}
        return
    shown, typed = person.see(f"{line}\t\t")
    rows = [row.rstrip() for row in shown.splitlines()]
    assert f"{BOAT}  a boat" in rows
    assert f"{FOX}  a fox" in rows
    assert rows.index(f"{BOAT}  a boat") < rows.index(f"{FOX}  a fox")
    assert typed == line


def test_static_words_start_no_program(person: Any, byteplus: Shell) -> None:
    program = byteplus.home.parent / "bin" / "byteplus"
    program.write_text(f"#!/bin/sh\ntouch {byteplus.home}/started\n")
    for line in ("byteplus v", "byteplus video create --", "byteplus video list --status "):
        assert person.every(line)
    assert not (byteplus.home / "started").exists()
    assert person.every("byteplus video create -m ") == []
    assert (byteplus.home / "started").exists()


def test_a_program_that_fails_leaves_the_line_as_it_was(person: Any, byteplus: Shell) -> None:
    program = byteplus.home.parent / "bin" / "byteplus"
    program.write_text("#!/bin/sh\necho oh no >&2\nexit 3\n")
    if isinstance(person, shells.Fish):
        assert person.every("byteplus video create -m x") == []  # and nothing on its stderr
        return
    shown, typed = person.see("byteplus video create -m x\t")
    assert typed == "byteplus video create -m x"
    assert "oh no" not in shown


def test_the_line_may_name_byteplus_by_its_path(bash: shells.Person, byteplus: Shell) -> None:
    assert bash.type("../bin/byteplus video get @l\t") == "../bin/byteplus video get @last "
    (byteplus.home / "byteplus").symlink_to("../bin/byteplus")
    assert bash.type("~/byteplus video get @l\t") == "~/byteplus video get @last "


@pytest.mark.parametrize("breaks", ["=", ":", "@", "=:", ""])
def test_bash_may_take_words_apart_as_it_likes(byteplus: Shell, breaks: str) -> None:
    if not THERE["bash"]:
        pytest.skip("no bash here that can say what stands in its line")
    remember(byteplus, FOX, "a fox", 1)
    (byteplus.home / "notes").mkdir()
    person = shells.bash(byteplus.home, byteplus.env, f"COMP_WORDBREAKS=$' \\t\\n{breaks}'")
    for line, becomes in (
        ("video create -r 16:", "video create -r 16:9 "),
        ("video create --ratio=16:", "video create --ratio=16:9 "),
        ("video create --model=seedance-2.0-m", "video create --model=seedance-2.0-mini "),
        ("video create x -o no", "video create x -o notes/"),
        ("video create x --output=no", "video create x --output=notes/"),
        ("video get --profile default @l", "video get --profile default @last "),
        ("video create -i @l", "video create -i @last "),
        ("video create @no", "video create @notes/"),
    ):
        assert person.type(f"byteplus {line}\t") == f"byteplus {becomes}", line
    person.leave()


def test_bash_may_be_strict(byteplus: Shell) -> None:
    if not THERE["bash"]:
        pytest.skip("no bash here that can say what stands in its line")
    remember(byteplus, FOX, "a fox", 1)
    remember(byteplus, BOAT, "a boat", 2)
    strict = "set -u -o noclobber; shopt -s failglob nullglob extglob; IFS=x"
    person = shells.bash(byteplus.home, byteplus.env, strict)
    for line in (
        "byteplus vid",
        "byteplus video get ",
        "byteplus video create -r 16",
        "byteplus x ",
    ):
        shown, _ = person.see(f"{line}\t\t")
        assert "bash:" not in shown
    assert person.type("byteplus video get @l\t") == "byteplus video get @last "
    person.leave()


BASH_COMPLETION = Path("/usr/share/bash-completion/bash_completion")


@pytest.mark.skipif(not BASH_COMPLETION.exists(), reason="bash-completion is not installed")
def test_bash_completion_finds_the_script_by_itself(byteplus: Shell) -> None:
    share = byteplus.home / ".local" / "share" / "bash-completion" / "completions"
    share.mkdir(parents=True)
    (share / "byteplus").symlink_to(ROOT / "completions" / "byteplus.bash")
    remember(byteplus, FOX, "a fox", 1)
    loaded = f". {BASH_COMPLETION}"
    person = shells.Person(
        ["bash", "--norc", "--noprofile", "-i"],
        f"{loaded}\n{shells.BASH}",
        byteplus.home,
        byteplus.env,
    )
    assert person.type("byteplus vid\t") == "byteplus video "
    assert person.type("byteplus video get @l\t") == "byteplus video get @last "
    person.leave()


@pytest.mark.skipif(not THERE["zsh"], reason="no zsh here")
def test_zsh_finds_the_script_by_itself(byteplus: Shell) -> None:
    remember(byteplus, FOX, "a fox", 1)
    setup = f"fpath=({ROOT}/completions $fpath)\n{shells.ZSH}"
    person = shells.Person(["zsh", "-f", "-i"], setup, byteplus.home, byteplus.env)
    assert person.type("byteplus vid\t") == "byteplus video "
    assert person.type("byteplus video get @l\t") == "byteplus video get @last "
    person.leave()


@pytest.mark.skipif(not THERE["zsh"], reason="no zsh here")
def test_zsh_offers_no_option_twice_nor_its_opposite(byteplus: Shell) -> None:
    person = shells.zsh(byteplus.home, byteplus.env)
    assert "--no-wait" not in person.every("byteplus video get --wait --")
    assert "--output" not in person.every("byteplus video get -o x --")
    assert "--ref-image=" in person.every("byteplus video create --ref-image x --ref-i")
    assert person.every("byteplus video create -mseedance-2.0-m") == ["-mseedance-2.0-mini"]
    person.leave()


@pytest.mark.skipif(not shells.present("pwsh"), reason="no PowerShell here")
def test_powershell_offers_what_fits(byteplus: Shell) -> None:
    remember(byteplus, FOX, "a fox", 1)
    for line, expected in (
        ("byteplus vi", ["video"]),
        ("byteplus video create --no-w", ["--no-watermark", "--no-wait"]),
        ("byteplus video create -m seedance-2.0-", ["seedance-2.0-fast", "seedance-2.0-mini"]),
        ("byteplus video create --format=m", ["--format=mp4", "--format=mov"]),
        ("byteplus video get ", ["'@last'", FOX]),
        ("byteplus config get api", ["api_key"]),
    ):
        program = (
            f". '{ROOT}/completions/byteplus.ps1'; $line = '{line}';"
            "[System.Management.Automation.CommandCompletion]::CompleteInput("
            "$line, $line.Length, $null).CompletionMatches.CompletionText | ConvertTo-Json -AsArray"
        )
        done = subprocess.run(
            ["pwsh", "-NoProfile", "-Command", program],
            env=shells.surroundings(byteplus.home, byteplus.env),
            capture_output=True,
            text=True,
        )
        assert json.loads(done.stdout) == expected, done.stderr
