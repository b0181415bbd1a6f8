"""`video create --count`: the same clip several times, each with a seed of its own."""

from __future__ import annotations

import io
import os
import shlex
import signal
import threading
import time
from collections.abc import Callable

import pytest

from account import Account
from byteplus_cli.cli import run
from byteplus_cli.errors import Interrupted
from byteplus_cli.session import Surroundings
from conftest import Ran, Shell, started


def seeds(account: Account) -> list[int]:
    return [job.body["seed"] for job in account.jobs.values()]


def test_each_variation_has_a_seed_and_a_name_of_its_own(shell: Shell, account: Account) -> None:
    ran = shell("video create fox --count 3 -o fox.mp4")
    assert (ran.code, sorted(ran.lines)) == (0, ["fox-1.mp4", "fox-2.mp4", "fox-3.mp4"])
    assert len(set(seeds(account))) == 3
    assert "3 clips, about $0.741 together" in ran.stderr


def test_a_seed_is_counted_up(shell: Shell, account: Account) -> None:
    assert shell("video create fox --count 3 --seed 7").code == 0
    assert sorted(seeds(account)) == [7, 8, 9]


def test_a_document_holds_all_of_them(shell: Shell) -> None:
    ran = shell("video create fox --count 2 --json")
    assert ran.json["schema"] == "byteplus.tasks/1"
    assert [item["status"] for item in ran.json["items"]] == ["succeeded", "succeeded"]


def test_not_waiting_prints_the_ids(shell: Shell, account: Account) -> None:
    ran = shell("video create fox --count 2 --no-wait")
    assert (ran.code, ran.lines) == (0, list(account.jobs))
    document = shell("video create fox --count 2 --no-wait --json").json
    assert [item["id"] for item in document["items"]] == list(account.jobs)[2:]


def test_a_preview_names_each_and_the_price_of_all(shell: Shell, account: Account) -> None:
    ran = shell("video create fox --count 2 --seed 7 -o fox.mp4 --dry-run --json")
    assert [item["file"] for item in ran.json["items"]] == ["fox-1.mp4", "fox-2.mp4"]
    assert [item["request"]["seed"] for item in ran.json["items"]] == [7, 8]
    assert account.asked["POST"] == 0


def test_the_limit_is_for_all_together(shell: Shell, account: Account) -> None:
    ran = shell("video create fox --count 3 --max-cost 0.5")
    assert (ran.code, account.asked["POST"]) == (13, 0)


@pytest.mark.parametrize("count", ["0", "-1", "101"])
def test_a_count_that_cannot_be_is_refused(shell: Shell, count: str) -> None:
    ran = shell(f"video create fox --count {count}")
    assert (ran.code, "is not from 2 to 100" in ran.stderr) == (2, True)


def test_one_that_fails_leaves_the_others(shell: Shell, account: Account) -> None:
    first = iter([(400, "InvalidParameter")])
    account.refuse = lambda _: next(first, None)
    ran = shell("video create fox --count 3")
    assert (ran.code, len(ran.lines)) == (12, 2)
    assert "2 of 3 clips saved" in ran.stderr


def test_all_that_fail_alike_end_in_that_error(shell: Shell, account: Account) -> None:
    account.refuse = lambda _: (400, "InputTextSensitiveContentDetected")
    ran = shell("video create fox --count 3")
    assert (ran.code, ran.stdout) == (10, "")


def test_a_time_limit_leaves_them_running(shell: Shell, account: Account) -> None:
    account.seconds = 600
    ran = shell("video create fox --count 2 --timeout 20")
    assert ran.code == 5
    assert "2 of 2 clips are not finished yet" in ran.stderr
    assert "byteplus video get cgt-" in ran.stderr


def test_a_time_limit_tells_which_were_not_sent(shell: Shell, account: Account) -> None:
    account.seconds = 6000
    ran = shell("video create fox --count 20 --timeout 60")
    sent = len(account.jobs)
    assert (ran.code, 0 < sent < 20) == (5, True)
    assert f"20 of 20 clips are not finished yet, {20 - sent} of them not sent" in ran.stderr


class Paper(io.StringIO):
    """Standard output that has `then` happen after a second line."""

    def __init__(self, then: Callable[[], None]) -> None:
        super().__init__()
        self.then = then

    def write(self, text: str) -> int:
        before = self.getvalue().count("\n")
        written = super().write(text)
        if before < 2 <= self.getvalue().count("\n"):
            self.then()
        return written


def at_the_last_file(shell: Shell, line: str, then: Callable[[list[float]], None]) -> Ran:
    """Two clips are made, and as the second is told something happens; it may turn the clock on."""
    skipped: list[float] = []
    stdout, stderr = Paper(lambda: then(skipped)), io.StringIO()
    around = Surroundings(
        shell.env,
        io.StringIO(),
        stdout,
        stderr,
        monotonic=lambda: time.monotonic() + sum(skipped),
    )
    return Ran(run(shlex.split(line), around), stdout.getvalue(), stderr.getvalue())


def test_time_that_is_up_as_the_last_is_saved_is_no_failure(shell: Shell) -> None:
    ran = at_the_last_file(
        shell, "video create fox --count 2 --timeout 60", lambda clock: clock.append(600)
    )
    assert (ran.code, len(ran.lines)) == (0, 2), ran.stderr
    assert "for 2 clips" in ran.stderr


def test_a_signal_as_the_last_is_saved_is_no_failure(shell: Shell) -> None:
    def stop(_: list[float]) -> None:
        raise Interrupted(130)

    ran = at_the_last_file(shell, "video create fox --count 2", stop)
    assert (ran.code, len(ran.lines)) == (0, 2), ran.stderr


def test_one_that_failed_is_none_to_wait_for(shell: Shell, account: Account) -> None:
    first = iter([(400, "InvalidParameter")])
    account.refuse = lambda _: next(first, None)
    ran = at_the_last_file(
        shell, "video create fox --count 3 --timeout 60", lambda clock: clock.append(600)
    )
    assert (ran.code, len(ran.lines)) == (12, 2)
    assert "2 of 3 clips saved" in ran.stderr


@pytest.mark.parametrize("json", ["", " --json"])
def test_ctrl_c_between_two_submits_prints_the_ids_that_are_paid_for(
    shell: Shell, account: Account, json: str
) -> None:
    stops = iter([Interrupted(130)])

    def now() -> float:
        if len(account.jobs) == 2 and (stop := next(stops, None)):
            raise stop
        return time.time()

    stdout, stderr = io.StringIO(), io.StringIO()
    around = Surroundings(shell.env, io.StringIO(), stdout, stderr, now=now)
    line = f"video create fox --count 4 --no-wait{json}"
    ran = Ran(run(shlex.split(line), around), stdout.getvalue(), stderr.getvalue())
    ids = list(account.jobs)
    assert (ran.code, len(ids)) == (130, 2)
    printed = [item["id"] for item in ran.json["items"]] if json else ran.lines
    assert printed == ids
    said = ran.stdout if json else ran.stderr
    assert "stopped: 2 of 4 clips submitted" in said
    assert f"byteplus video get {' '.join(ids)} --wait" in said


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_ctrl_c_before_an_answer_prints_the_ids_of_those_before(
    shell: Shell, account: Account
) -> None:
    held = threading.Event()
    account.on_create = lambda: account.jobs and held.wait(30) and None
    process = started(shell, "video create fox --count 3 --no-wait")
    while account.asked["POST"] < 2:
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    stdout, said = process.communicate(timeout=30)
    first = next(iter(account.jobs))
    held.set()
    assert (process.returncode, stdout) == (130, f"{first}\n")
    assert f"go on with: byteplus video get {first} --wait" in said
    assert "whether this was charged is not known" in said
