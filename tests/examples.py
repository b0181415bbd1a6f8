"""The examples of help and guides: found in their text, and run as somebody would run them."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import clips
from byteplus_cli.cli import run
from byteplus_cli.commands.guides import text, topics
from byteplus_cli.errors import Interrupted
from byteplus_cli.session import Surroundings
from byteplus_cli.terminal.page import Lines, blocks
from conftest import Ran, Shell, started
from regenerate.manpage import commands
from service import Reply, ScriptedService

ROOT = Path(__file__).parents[1]
IN_HELP = re.compile(r"^(?:Examples?|Try .*):\n((?: +.*\n?)+)", re.MULTILINE)
IN_CI = re.compile(r"- run: (byteplus .*)")
FILE = re.compile(r"[\w-]+\.(?:jpg|png|mp4|mp3|wav|txt)\b")
PREVIEWED = re.compile(
    r"byteplus (?:video (?:create|draft|chain(?! --resume))|image gen|avatar omni|batch run)"
    r"(?!.*(?:-n|--dry-run|--no-wait)\b)"
)
WRITTEN = re.compile(r"(?:-o|--output|>) +\S+")
FOR_A_SHELL = {"|", "||", "&&", ">"}
KEY = "key-for-tests-1234"
# What these would do on a real machine is not ours to test.
STUBS = {
    "byteplus": f'exec "{sys.executable}" -m byteplus_cli "$@"',
    "mpv": 'test -s "$1"',
    "pass": f"echo {KEY}",
}


def is_group(command: Any) -> bool:
    return hasattr(command, "commands")


def in_help(command: Any) -> list[str]:
    """The command lines that a command's help shows."""
    whole = re.sub(r"\s*\\\n\s*", " ", command.help.replace("\b\n", ""))
    return [line.strip() for found in IN_HELP.findall(whole) for line in found.splitlines()]


def in_guide(topic: str) -> list[str]:
    """The command lines that a guide shows, and those of a workflow in it."""
    found = []
    for block in blocks(text(topic)):
        if isinstance(block, Lines):
            found += block.commands
            found += [match[1] for line in block.lines if (match := IN_CI.fullmatch(line))]
    return found


def all_examples() -> list[str]:
    found = [line for _, command in commands() for line in in_help(command)]
    return list(dict.fromkeys([*found, *(line for topic in topics() for line in in_guide(topic))]))


def try_out(shell: Shell, line: str) -> Ran:
    """What an example comes to in the sandbox, with the files and tasks that it speaks of."""
    before = replace(shell, env={**shell.env, "BYTEPLUS_PROFILE": "sandbox"})
    provide_files(line)
    provide_run(before, line)
    line = with_ids(line, provide_task(before, line))
    if " config " in f" {line}":
        assert shell("config set output clips/ -p work").code == 0
        assert shell("config set video.model seedance-2.0").code == 0
        before = shell
    if "webhook trigger" in line:
        with heard() as url:
            return directly(before, re.sub(r"http://[\w.:]+", url, line))
    if "webhook listen" in line:
        return until_it_listens(before, line)
    if "sandbox serve" in line or "--watch" in line:
        return until_it_sleeps(before, line)
    if needs_a_shell(line):
        # Small clips are made sooner.
        assert before("config set video.resolution 480p").code == 0
        return in_a_shell(before, line)
    # What the README's examples make for real need not all be made here once more.
    preview = " --dry-run" if PREVIEWED.match(line) and "finalize" not in line else ""
    return directly(before, line + preview)


def provide_files(line: str) -> None:
    provide_manifests()
    for name in FILE.findall(WRITTEN.sub("", line)):
        ending = name.rpartition(".")[2]
        path = Path(name)
        if ending == "jpg":
            path.write_bytes(clips.picture(640, 480))
        elif ending == "png":
            path.write_bytes(clips.picture(640, 480, codec="png", pixels="rgba"))
        elif ending == "mp4":
            path.write_bytes(clips.clip(960, 540, 5))
        elif ending == "txt":
            path.write_text("waves at night\na door opens\n")
        else:
            path.write_bytes(clips.wav(2))


def provide_manifests() -> None:
    Path("shots.jsonl").write_text('{"prompt": "a fox", "name": "fox", "resolution": "480p"}\n')
    Path("shots.csv").write_text("name,prompt\nfox,a red fox\n")
    Path("posters.jsonl").write_text('{"prompt": "a poster"}\n')


def provide_task(shell: Shell, line: str) -> str | None:
    """Make what `@last`, an id or a file with one stands for; gives its id."""
    if "--resume" in line:
        failed = shell("video chain 'one [[slow:0]]' 'two [[fail:Oops]]' --json")
        return str(failed.json["id"])
    if not re.search(r"@last|\bcgt-|id\.txt\)", line):
        return None
    if "avatar omnihuman" in line:
        make = "image gen 'before' --size 1K"
    elif "avatar" in line:
        wait = "[[queue:60]]" if "cancel" in line else "[[slow:0]]"
        provide_files("portrait.jpg hello.wav")
        make = f"avatar omnihuman -i portrait.jpg -a hello.wav --prompt 'x {wait}' --no-wait"
    elif "cancel" in line:
        make = "video create 'before [[queue:60]]' --no-wait"
    else:
        word = "draft" if "finalize" in line else "create"
        small = "--resolution 480p -d 4"  # is made sooner
        make = f"video {word} 'before [[slow:0]]' {small} --save-last-frame"
    made = shell(f"{make} --json")
    assert made.code == 0, made.stderr
    id = str(made.json["id"])
    Path("id.txt").write_text(id)
    return id


def provide_run(shell: Shell, line: str) -> None:
    """Make the batch that is looked back at, and its results."""
    if "batch status" in line or re.search(r"(?<!> )results\.jsonl", line):
        made = shell("batch run shots.jsonl --json")
        assert made.code == 0, made.stderr
        for path in (Path("results.jsonl"), Path("shard-1/results.jsonl")):
            path.parent.mkdir(exist_ok=True)
            path.write_text(made.stdout)


def with_ids(line: str, id: str | None) -> str:
    return re.sub(r"\b(?:cgt|chain)-\S+", id, line) if id else line


def needs_a_shell(line: str) -> bool:
    return "$" in line or not FOR_A_SHELL.isdisjoint(line.split())


def directly(shell: Shell, line: str) -> Ran:
    words = shlex.split(line)
    at = words.index("byteplus")
    env = dict(word.split("=", 1) for word in words[:at])
    return shell(shlex.join(words[at + 1 :]), stdin=f"{KEY}\n", env=env)


def in_a_shell(shell: Shell, line: str) -> Ran:
    bash = shutil.which("bash") if os.name == "posix" else None
    if bash is None or ("jq" in line and not shutil.which("jq")):
        pytest.skip("needs bash, and maybe jq")
    folder = shell.home / "bin"
    folder.mkdir()
    for name, what in STUBS.items():
        (folder / name).write_text(f"#!/bin/sh\n{what}\n")
        (folder / name).chmod(0o755)
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    safe = [] if "[[fail" in line else ["-o", "pipefail"]
    done = subprocess.run(
        [bash, *safe, "-c", line],
        env={**os.environ, **shell.env, "PATH": path, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


@contextlib.contextmanager
def heard() -> Iterator[str]:
    """The address of a server that takes a callback."""
    service = ScriptedService()
    service.on("POST", Reply())
    yield service.root
    service.stop()


def until_it_listens(shell: Shell, line: str) -> Ran:
    """Ctrl-C comes as soon as it says where it listens."""
    process = started(shell, f"{line.removeprefix('byteplus ')} --port 0")
    assert process.stderr is not None
    said = process.stderr.readline()
    while said and "listening on" not in said:
        said = process.stderr.readline()
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=30)
    return Ran(0 if process.returncode == 130 else 1, stdout, said + stderr)


def until_it_sleeps(shell: Shell, line: str) -> Ran:
    """For what runs for ever: Ctrl-C comes with its first pause."""

    def stop(seconds: float) -> None:
        raise Interrupted(130)

    stdout, stderr = io.StringIO(), io.StringIO()
    around = Surroundings(shell.env, io.StringIO(), stdout, stderr, sleep=stop)
    with contextlib.redirect_stdout(stdout):
        code = run(shlex.split(line.removeprefix("byteplus ")), around)
    return Ran(0 if code == 130 else code, stdout.getvalue(), stderr.getvalue())
