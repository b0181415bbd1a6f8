"""Every example of the README runs, in the sandbox; those of help are tried in test_help.py."""

from __future__ import annotations

import re
import wave
from pathlib import Path

import pytest
import yaml

import clips
from conftest import Shell
from examples import try_out
from screen import VARYING

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
PIPED = re.compile(r'echo "(?P<stdin>[^"]*)" \| byteplus (?P<line>.*)')
INSIDE = re.compile(r'\w+ "\$\(byteplus (?P<line>.*)\)"')
# How many machines the recipes for CI and clusters use.
SHARDS = 4
# These change settings, run for ever or call a server, for which the stage is set.
STAGED = ("config ", "sandbox serve", "sandbox reset", "webhook ")


def examples(text: str) -> list[tuple[str, str]]:
    """The command lines in a text, each with its standard input."""
    found = []
    for block in BLOCK.findall(text):
        for line in re.findall(r"^\$ (.*)$", block, re.MULTILINE):
            match = PIPED.fullmatch(line) or INSIDE.fullmatch(line)
            if match:
                found.append((match["line"], match.groupdict().get("stdin", "")))
            elif line.startswith("byteplus "):
                found.append((line.removeprefix("byteplus "), ""))
    return found


README_TEXT = (ROOT / "README.md").read_text("utf-8")
README = examples(README_TEXT)


def supplied(sandbox: Shell) -> None:
    """The files and the earlier task that examples speak of."""
    for name in ("boat", "porch", "noon", "dusk", "rider", "desert", "portrait"):
        for ending in ("jpg", "png"):
            Path(f"{name}.{ending}").write_bytes(clips.picture(640, 360))
    for name in ("cup", "room", "poster", "cutout"):
        Path(f"{name}.jpg").write_bytes(clips.picture(640, 480))
        Path(f"{name}.png").write_bytes(clips.picture(640, 480, codec="png", pixels="rgba"))
    Path("walk.mp4").write_bytes(clips.clip(960, 540, 3))
    with wave.open("hello.wav", "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(16_000)
        sound.writeframes(bytes(2 * 16_000 * 2))
    manifest = README_TEXT.partition("```json\n")[2].partition("```")[0]
    Path("shots.jsonl").write_text(manifest)
    Path("shots.csv").write_text("name,prompt\nfox,a red fox\n")
    Path("prompt.txt").write_text("waves at night\n")
    Path("shots.txt").write_text("a door opens\n\na light goes on\n")
    sandbox("config set video.resolution 480p")


def recipes() -> tuple[str, str]:
    """The command lines of the GitHub workflow and of the Kubernetes Job."""
    workflow, job = map(yaml.safe_load, re.findall(r"```yaml\n(.*?)```", README_TEXT, re.DOTALL))
    steps = [step["run"] for step in workflow["jobs"]["clips"]["steps"] if "run" in step]
    (container,) = job["spec"]["template"]["spec"]["containers"]
    assert len(workflow["jobs"]["clips"]["strategy"]["matrix"]["shard"]) == SHARDS
    assert job["spec"]["completions"] == SHARDS
    return steps[-1].partition(" >")[0], container["command"][-1].replace("/data/", "")


@pytest.mark.parametrize(
    ("line", "index"),
    list(zip(recipes(), ("BYTEPLUS_SHARD_INDEX", "JOB_COMPLETION_INDEX"), strict=True)),
)
def test_a_recipe_makes_each_row_on_one_of_its_machines(
    sandbox: Shell, line: str, index: str
) -> None:
    rows = [f'{{"prompt": "{n} [[slow:0]]", "resolution": "480p"}}\n' for n in range(6)]
    Path("shots.jsonl").write_text("".join(rows))
    for machine in range(SHARDS):
        env = {
            index: str(machine),
            "BYTEPLUS_SHARD_TOTAL": str(SHARDS),
            "BYTEPLUS_STATE_DIR": f"state-{machine}",
        }
        done = sandbox(line.removeprefix("byteplus "), env=env)
        assert done.code == 0, done.stderr
    assert len(list(Path("clips").glob("*.mp4"))) == len(rows)


def test_the_readme_has_examples_of_every_command() -> None:
    words = {tuple(line.split()[:2]) for line, _ in README}
    for command in ("create", "draft", "finalize", "chain", "get", "list", "cancel"):
        assert ("video", command) in words
    assert ("image", "gen") in words
    assert ("avatar", "omnihuman") in words
    assert {("batch", "run"), ("batch", "status")} <= words
    for command in ("list", "show", "cost"):
        assert ("history", command) in words


def test_the_readme_names_its_test_command_on_a_line_of_its_own() -> None:
    lines = re.findall(r"^\$ (.*)$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert lines[0].endswith('video create "a red fox in the snow" --profile sandbox')
    assert lines[1].endswith("-m pytest")


def alike(text: str) -> list[str]:
    """Lines with what differs from run to run made alike; a state may pass between two looks."""
    for pattern, word in VARYING:
        text = pattern.sub(word, text)
    lines = [re.sub(r"\d{14}-\w{5}", "ID", line) for line in text.splitlines()]
    return [line for line in lines if not line.startswith(("queued", "running"))]


def test_the_session_in_the_readme_is_what_a_run_says(sandbox: Shell) -> None:
    session = README_TEXT.partition("A run looks like this")[2].partition("```console\n")[2]
    command, *said = session.partition("```")[0].splitlines()
    ran = sandbox(command.removeprefix("$ byteplus "))
    assert alike(ran.stderr + ran.stdout) == alike("\n".join(said))


@pytest.mark.parametrize("line", [line for line, _ in README if line.startswith(STAGED)])
def test_an_example_of_the_readme_that_is_staged_works(byteplus: Shell, line: str) -> None:
    done = try_out(byteplus, f"byteplus {line}")
    assert done.code == 0, done.stderr


@pytest.mark.parametrize(
    ("line", "stdin"), [pair for pair in README if not pair[0].startswith(STAGED)]
)
def test_an_example_of_the_readme_runs(sandbox: Shell, line: str, stdin: str) -> None:
    supplied(sandbox)
    if "@last" in line:
        queue = "[[queue:60]]" if "cancel" in line else "[[slow:0]]"
        wait = "--no-wait" if "cancel" in line else "--save-last-frame"
        make = "draft" if "finalize" in line else "create"
        assert sandbox(f"video {make} 'before {queue}' {wait}").code == 0
    done = sandbox(line, stdin=stdin)
    expected = 10 if "[[fail:" in line else 0
    assert done.code == expected, done.stderr
