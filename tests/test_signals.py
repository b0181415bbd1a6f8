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
from service import Reply, ScriptedService, task

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


def test_a_closed_stdout_is_no_traceback(scripted: Shell, service: ScriptedService) -> None:
    service.on("GET", Reply(body={"total": 0, "items": []}))
    process = started(scripted, "video list")
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    said = process.stderr.read()
    assert process.wait() == 141
    assert said == ""


def test_stdout_on_a_full_disk_is_one_line(scripted: Shell) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "byteplus_cli", "config", "path"],
            env={**os.environ, **scripted.env},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode != 0
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_the_sandbox_serves_other_programs_until_ctrl_c(byteplus: Shell) -> None:
    process = started(byteplus, "sandbox serve")
    assert process.stdout is not None
    lines = [process.stdout.readline().split() for _ in range(2)]
    variables = dict(line[1].split("=", 1) for line in lines)
    assert {line[0] for line in lines} == {"export"}
    done = byteplus("video create 'fox [[slow:0]]' --resolution 480p -d 2", env=variables)
    assert done.code == 0, done.stderr
    process.send_signal(signal.SIGINT)
    process.communicate()
    assert process.returncode == 0
