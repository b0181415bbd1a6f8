"""The whole way in the sandbox, as the README's first command goes it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from byteplus_cli.generation import clip
from conftest import Shell


def test_a_first_clip_needs_no_key(sandbox: Shell) -> None:
    done = sandbox('video create "a red fox [[slow:0]]"')
    assert done.code == 0, done.stderr
    seen = clip.probe(Path(done.lines[0]))
    assert (seen.width, seen.height, seen.fps, seen.audio) == (1920, 1088, 24.0, False)
    assert abs(seen.seconds - 5) < 0.1


@pytest.mark.parametrize(
    ("options", "size", "seconds", "sound"),
    [
        ("-m seedance-2.0 --resolution 480p -d 4 -r 9:16", (496, 864), 4, True),
        ("-m seedance-2.0 --resolution 480p -d 4 -r 1:1 --no-audio", (640, 640), 4, False),
        ("-m seedance-1.0-pro --resolution 480p --frames 29 -r 21:9", (960, 416), 1.2, False),
        ("-m seedance-2.5 --resolution 480p -d 4 --format mov", (854, 480), 4, True),
    ],
)
def test_the_clip_is_what_was_asked_for(
    sandbox: Shell, options: str, size: tuple[int, int], seconds: float, sound: bool
) -> None:
    done = sandbox(f'video create "a fox [[slow:0]]" {options}')
    assert done.code == 0, done.stderr
    assert "warning" not in done.stderr
    seen = clip.probe(Path(done.lines[0]))
    assert (seen.width, seen.height) == size
    assert abs(seen.seconds - seconds) < 0.1
    assert seen.audio is sound


def test_a_last_frame_is_saved_beside_its_clip(sandbox: Shell) -> None:
    done = sandbox('video create "fox [[slow:0]]" --resolution 480p -d 2 --save-last-frame')
    video, frame = done.lines
    assert frame == video.replace(".mp4", "-last.jpg")
    assert clip.picture(Path(frame)).width == 864


def test_a_task_is_found_by_a_later_run(sandbox: Shell) -> None:
    first = sandbox('video create "a fox" --resolution 480p -d 2 --no-wait')
    assert first.stdout.startswith("cgt-")
    assert sandbox("video get @last --wait").code == 0
    (item,) = sandbox("video list --json").json["items"]
    assert item["id"] == first.stdout.strip()
    assert item["status"] == "succeeded"


def test_two_clips_are_not_alike(sandbox: Shell) -> None:
    line = 'video create "fox [[slow:0]]" --resolution 480p -d 2 --json --seed '
    one, two, again = (sandbox(line + seed).json["files"][0] for seed in ("1", "2", "1"))
    assert one["sha256"] != two["sha256"]
    assert one["sha256"] == again["sha256"]
    assert hashlib.sha256(Path(one["path"]).read_bytes()).hexdigest() == one["sha256"]


@pytest.mark.parametrize(
    ("script", "code", "said"),
    [
        ("[[fail:InternalServiceError]]", 9, "InternalServiceError"),
        ("[[fail:OutputVideoSensitiveContentDetected]]", 10, "moderation"),
        ("[[refuse:InputTextSensitiveContentDetected]]", 10, "moderation"),
        ("[[expire]]", 9, "expired"),
        ("[[http:401]]", 3, "API key"),
        ("[[http:429]]", 4, "turning requests away"),
        ("[[http:503]]", 7, "nothing was charged"),
    ],
)
def test_a_prompt_scripts_its_end(sandbox: Shell, script: str, code: int, said: str) -> None:
    done = sandbox(f'video create "a fox [[slow:0]] {script}" --resolution 480p -d 2')
    assert done.code == code, done.stderr
    assert said in done.stderr
    assert list(Path.cwd().iterdir()) == []


@pytest.mark.parametrize("script", ["[[look:503]]", "[[cut]]", "[[stale]]", "[[lose]]"])
def test_a_prompt_scripts_trouble_that_is_overcome(sandbox: Shell, script: str) -> None:
    done = sandbox(f'video create "a fox [[slow:0]] {script}" --resolution 480p -d 2')
    assert done.code == 0, done.stderr
    assert clip.probe(Path(done.lines[0])).width == 864


def test_a_queued_task_is_cancelled_and_a_running_one_is_not(sandbox: Shell) -> None:
    sandbox('video create "a fox [[queue:60]]" --no-wait')
    assert sandbox("video cancel @last").code == 0
    sandbox('video create "a fox [[queue:0]][[slow:60]]" --no-wait')
    done = sandbox("video cancel @last")
    assert done.code == 9
    assert "already running" in done.stderr


def test_the_sandbox_takes_no_proxy_for_itself(
    sandbox: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:9")
    assert sandbox('video create "fox [[slow:0]]" --resolution 480p -d 2').code == 0


def test_reset_forgets_everything(sandbox: Shell) -> None:
    sandbox('video create "a fox" --no-wait')
    assert "sandbox tasks forgotten: 1," in sandbox("sandbox reset").stderr
    assert sandbox("video get @last").code == 8


def test_help_lists_what_a_prompt_can_script(sandbox: Shell) -> None:
    assert "[[fail:CODE]]" in sandbox("sandbox --help").stdout
