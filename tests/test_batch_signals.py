"""A batch that is stopped or killed: nothing is lost, and nothing is paid for twice."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Callable

import pytest

from account import Account
from conftest import Shell, started

pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX signals")


def manifest(shell: Shell, count: int) -> None:
    rows = (json.dumps({"prompt": f"n{number}"}) + "\n" for number in range(count))
    (shell.home / "shots.jsonl").write_text("".join(rows))


def once(true: Callable[[], object], process: subprocess.Popen[str]) -> None:
    """Wait until something is so; the process has to be alive meanwhile."""
    until = time.monotonic() + 30
    while not true():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.01)


def test_ctrl_c_stops_submitting_and_saves_what_is_under_way(
    shell: Shell, account: Account
) -> None:
    account.seconds = 1.5
    manifest(shell, 40)
    process = started(shell, "batch run shots.jsonl -j 4")
    once(lambda: len(account.jobs) >= 4, process)
    process.send_signal(signal.SIGINT)
    said, heard = process.communicate(timeout=60)
    accepted = len(account.jobs)
    assert process.returncode == 130
    assert accepted < 20
    assert len(said.splitlines()) == accepted
    assert f"detached: stopped: {accepted} of 40 saved" in heard
    assert "hint: byteplus batch run shots.jsonl" in heard

    account.seconds = 0.1
    ran = shell("batch run shots.jsonl")
    assert (ran.code, len(ran.lines)) == (0, 40)
    assert set(account.prompts.values()) == {1}


@pytest.mark.parametrize(
    ("signals", "code"), [([signal.SIGINT, signal.SIGINT], 130), ([signal.SIGTERM], 143)]
)
def test_ctrl_c_twice_or_a_termination_leaves_at_once(
    shell: Shell, account: Account, signals: list[signal.Signals], code: int
) -> None:
    account.seconds = 600
    manifest(shell, 8)
    process = started(shell, "batch run shots.jsonl")
    once(lambda: len(account.jobs) >= 8, process)
    before = time.monotonic()
    for number in signals:
        process.send_signal(number)
        time.sleep(0.1)
    _, heard = process.communicate(timeout=10)
    assert time.monotonic() - before < 2
    assert process.returncode == code
    assert "detached: stopped: 0 of 8 saved, 8 still under way" in heard
    assert "hint: byteplus batch run shots.jsonl" in heard

    for job in account.jobs.values():
        job.seconds = 0
    ran = shell("batch run shots.jsonl")
    assert (ran.code, len(ran.lines)) == (0, 8)
    assert set(account.prompts.values()) == {1}


def test_a_killed_batch_goes_on_and_pays_nothing_twice(shell: Shell, account: Account) -> None:
    account.seconds, dice = 0.3, random.Random(7)
    manifest(shell, 30)
    for _ in range(4):
        process = started(shell, "batch run shots.jsonl")
        time.sleep(dice.uniform(0.5, 2.0))
        process.kill()
        process.communicate()
    ran = shell("batch run shots.jsonl")
    assert (ran.code, len(ran.lines)) == (0, 30)
    assert account.prompts == {f"n{number}": 1 for number in range(30)}
    assert len(list(shell.home.glob("*.mp4"))) == 30


def test_one_process_has_a_run_at_a_time(shell: Shell, account: Account) -> None:
    account.seconds = 600
    manifest(shell, 2)
    process = started(shell, "batch run shots.jsonl")
    once(lambda: len(account.jobs) == 2, process)
    ran = shell("batch run shots.jsonl")
    assert (ran.code, "is at work in another process" in ran.stderr) == (9, True)
    assert shell("batch status --json").json["items"][0]["running"] is True
    process.terminate()
    process.communicate(timeout=10)


def test_two_manifests_with_the_same_row_pay_for_it_once(shell: Shell, account: Account) -> None:
    account.seconds = 3
    manifest(shell, 6)
    text = (shell.home / "shots.jsonl").read_text()
    (shell.home / "more.jsonl").write_text(text + '{"prompt": "another"}\n')
    processes = [started(shell, f"batch run {name}.jsonl") for name in ("shots", "more")]
    for process in processes:
        _, heard = process.communicate(timeout=60)
        assert process.returncode == 0, heard
    assert set(account.prompts.values()) == {1}
    assert len(account.prompts) == 7


def test_a_request_that_another_run_waits_for_is_not_sent_again(
    shell: Shell, account: Account
) -> None:
    held = threading.Event()
    account.on_create = lambda: held.wait(30) and None
    manifest(shell, 1)
    (shell.home / "same.jsonl").write_text('{"prompt": "n0", "name": "other"}\n')
    first = started(shell, "batch run shots.jsonl")
    once(lambda: account.asked["POST"] == 1, first)
    threading.Timer(3.0, held.set).start()
    second = shell("batch run same.jsonl")
    _, heard = first.communicate(timeout=60)
    assert (second.code, first.returncode) == (0, 0), heard
    assert account.prompts == {"n0": 1}


def test_pictures_that_another_run_makes_are_waited_for(sandbox: Shell) -> None:
    row = {"kind": "image", "prompt": "cups [[slow:4]]", "size": "1K"}
    for name in ("one", "two"):
        (sandbox.home / f"{name}.jsonl").write_text(json.dumps({**row, "name": name}) + "\n")
    first = started(sandbox, "batch run one.jsonl")
    signs = sandbox.home.parent / "state/running"
    once(lambda: signs.exists() and list(signs.iterdir()), first)
    second = sandbox("batch run two.jsonl")
    _, heard = first.communicate(timeout=60)
    assert (second.code, first.returncode) == (0, 0), heard + second.stderr
    assert len(sandbox("history list --json").json["items"]) == 1


def test_ctrl_c_leaves_variations_running(shell: Shell, account: Account) -> None:
    account.seconds = 600
    process = started(shell, "video create fox --count 3")
    once(lambda: len(account.jobs) == 3, process)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, heard = process.communicate(timeout=10)
    assert process.returncode == 130
    assert "hint: byteplus video get cgt-" in heard
    assert heard.count("cgt-20261121101530") == 3


def test_a_run_that_goes_on_counts_its_money_once(shell: Shell, account: Account) -> None:
    account.seconds = 600
    manifest(shell, 2)
    # Of a length that the model chooses only the most that it may cost is known.
    line = "batch run shots.jsonl -m seedance-2.0 -d -1 --resolution 480p"
    process = started(shell, line)
    once(lambda: len(account.jobs) == 2, process)
    process.terminate()
    process.communicate(timeout=10)
    for job in account.jobs.values():
        job.seconds = 0
    ran = shell(line)
    (run,) = shell("batch status --json").json["items"]
    assert ran.code == 0
    assert float(run["cost_usd"]) > 0
    assert f"2 of 2 saved, ${float(run['cost_usd']):.3f}" in ran.stderr
