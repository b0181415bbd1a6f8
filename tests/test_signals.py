"""Leaving in the middle: the task lives on, and the user is told how to go on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import clips
from conftest import Shell, started
from service import Asked, Reply, ScriptedService, task

ID = "cgt-20261121101530-ab12c"
pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX signals")


def read_until(process: subprocess.Popen[str], word: str) -> str:
    assert process.stderr is not None
    said = ""
    while word not in said:
        line = process.stderr.readline()
        assert line, said
        said += line
    return said


ENDS = [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
if hasattr(signal, "SIGHUP"):
    ENDS.append((signal.SIGHUP, 129))


@pytest.mark.parametrize(("number", "code"), ENDS)
def test_a_signal_detaches_at_once_and_get_goes_on(
    scripted: Shell, service: ScriptedService, number: signal.Signals, code: int
) -> None:
    service.on("POST", Reply(body={"id": ID}))
    service.on("GET", task(ID, "running"))
    process = started(scripted, "video create fox")
    read_until(process, "running")
    before = time.monotonic()
    process.send_signal(number)
    _, said = process.communicate()
    # 0.3 s is the promise; a busy machine is given a little more before it fails the test.
    assert time.monotonic() - before < 1
    assert process.returncode == code
    assert f"hint: byteplus video get {ID} --wait" in said
    assert "Traceback" not in said

    link = service.file("clip.mp4", clips.clip())
    service.on("GET", task(ID, "succeeded", content={"video_url": link}))
    done = scripted("video get @last --wait")
    assert (done.code, done.stdout) == (0, "fox-530ab12c.mp4\n")
    assert len(service.asked_by("POST")) == 1


def test_a_second_signal_ends_even_a_slow_goodbye(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", Reply(body={"id": ID}))
    service.on("GET", task(ID, "running"))
    process = started(scripted, "video create fox")
    read_until(process, "running")
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=2)
    assert process.returncode == 130


def test_a_signal_before_the_answer_leaves_a_row_to_look_for(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", Reply(delay=30))
    process = started(scripted, "video create fox -v")
    while not service.asked_by("POST"):
        time.sleep(0.01)
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    assert process.returncode == 130
    assert "not known" in said
    service.on("GET", Reply(body={"total": 0, "items": []}))
    (row,) = scripted("video list --json").json["items"]
    assert row["status"] == "unknown"


def test_a_signal_while_a_lost_answer_is_looked_for_says_what_is_not_known(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", Reply(drop=True))
    process = started(scripted, "video create fox")
    read_until(process, "looking whether it was accepted")
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    assert process.returncode == 130
    assert "whether this was charged is not known" in said
    assert "hint: byteplus rescue looks again" in said


def test_a_signal_that_python_drops_is_heeded_later() -> None:
    program = (
        "import os, signal\n"
        "from byteplus_cli.cli import _catch_signals\n"
        "class Cleaned:\n"
        "    def __del__(self): os.kill(os.getpid(), signal.SIGINT)\n"
        "heed = _catch_signals().heed\n"
        "heed()\n"
        "Cleaned()\n"
        "print('dropped', flush=True)\n"
        "heed()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "dropped\n"
    assert done.stderr.endswith("Interrupted: 130\n")


def test_a_closed_stdout_is_no_traceback(scripted: Shell, service: ScriptedService) -> None:
    service.on("GET", Reply(body={"total": 0, "items": []}))
    process = started(scripted, "video list")
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    said = process.stderr.read()
    assert process.wait() == 141
    assert said == ""


def test_a_stdout_that_was_closed_before_the_start_is_no_success(scripted: Shell) -> None:
    for line in ("config path", "--version", "video get --help"):
        done = subprocess.run(
            f"exec {sys.executable} -m byteplus_cli {line} >&-",
            shell=True,
            env={**os.environ, **scripted.env},
            stderr=subprocess.PIPE,
            text=True,
        )
        assert (done.returncode, done.stderr) == (141, ""), line


def onto_a_full_disk(shell: Shell, line: str) -> subprocess.CompletedProcess[str]:
    """A command line whose standard output takes nothing."""
    with Path("/dev/full").open("w") as full:
        return subprocess.run(
            [sys.executable, "-m", "byteplus_cli", *line.split()],
            env={**os.environ, **shell.env},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )


def test_a_table_that_cannot_be_printed_is_not_repeated(scripted: Shell) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    done = onto_a_full_disk(scripted, "models list")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "error: cannot write to standard output (No space left on device)"
    )


def test_stdout_on_a_full_disk_is_one_line(scripted: Shell) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    done = onto_a_full_disk(scripted, "config path")
    assert done.returncode != 0
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("stderr", ["/dev/full", "closed"])
def test_nobody_listening_to_progress_ends_no_paid_run(
    scripted: Shell, service: ScriptedService, stderr: str
) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    service.on("POST", Reply(body={"id": ID}))
    link = service.file("clip.mp4", clips.clip())
    service.on("GET", task(ID), task(ID, "succeeded", content={"video_url": link}))
    reader, writer = os.pipe()
    os.close(reader)
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "byteplus_cli", "video", "create", "fox", "-v"],
            env={**os.environ, **scripted.env},
            stdout=subprocess.PIPE,
            stderr=full if stderr == "/dev/full" else writer,
            text=True,
        )
    os.close(writer)
    assert (done.returncode, done.stdout) == (0, "fox-530ab12c.mp4\n")


def test_a_result_that_cannot_be_written_is_told_on_stderr(
    scripted: Shell, service: ScriptedService
) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    service.on("POST", Reply(body={"id": ID}))
    link = service.file("clip.mp4", clips.clip())
    service.on("GET", task(ID, "succeeded", content={"video_url": link}))
    done = onto_a_full_disk(scripted, "video create fox")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-3:] == [
        "error: cannot write to standard output (No space left on device): fox-530ab12c.mp4",
        "  this was charged",
        "hint: byteplus history list shows it",
    ]
    assert Path("fox-530ab12c.mp4").read_bytes() == clips.clip()


def test_a_reader_that_leaves_after_one_line_leaves_the_rest_to_be_saved(
    scripted: Shell, service: ScriptedService
) -> None:
    other = "cgt-20261121101531-zz99z"
    for id in (ID, other):
        service.on("POST", Reply(body={"id": id}))
        scripted("video create fox --no-wait")
    link = service.file("clip.mp4", clips.clip())
    looks = {id: task(id, "succeeded", content={"video_url": link}) for id in (ID, other)}
    plain = service.answer

    def answer(asked: Asked) -> Reply:
        return looks.get(asked.path.rpartition("/")[2]) or plain(asked)

    service.answer = answer  # type: ignore[method-assign]
    process = started(scripted, "rescue -j 1")
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait() == 141
    assert len(list(Path.cwd().glob("*.mp4"))) == 2


def test_ctrl_c_between_the_clip_and_its_last_frame_says_what_is_saved(
    scripted: Shell, service: ScriptedService
) -> None:
    clip, frame = service.file("clip.mp4", clips.clip()), f"{service.root}/api/v3/frame.jpg"
    service.on("POST", Reply(body={"id": ID}))
    content = {"video_url": clip, "last_frame_url": frame}
    service.on("GET", task(ID, "succeeded", content=content), Reply(delay=30, drop=True))
    process = started(scripted, "video create fox --save-last-frame")
    while not any("frame.jpg" in asked.path for asked in service.asked):
        time.sleep(0.01)
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    assert process.returncode == 130
    assert f"task {ID} is saved as fox-530ab12c.mp4, but not its last frame" in said
    assert "this was charged" in said
    assert f"hint: byteplus video get {ID}" in said


def test_the_sandbox_serves_other_programs_until_ctrl_c(byteplus: Shell) -> None:
    process = started(byteplus, "sandbox serve")
    assert process.stdout is not None
    lines = [process.stdout.readline().split() for _ in range(5)]
    variables = dict(line[1].split("=", 1) for line in lines)
    assert {line[0] for line in lines} == {"export"}
    vision = [variables[f"BYTEPLUS_{name}"] for name in ("VISION_URL", "ACCESS_KEY", "SECRET_KEY")]
    assert variables["ARK_BASE_URL"] == f"{vision[0]}/api/v3"
    assert all(vision)
    done = byteplus("video create 'fox [[slow:0]]' --resolution 480p -d 2", env=variables)
    assert done.code == 0, done.stderr
    process.send_signal(signal.SIGINT)
    process.communicate()
    assert process.returncode == 0
