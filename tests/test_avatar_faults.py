"""What an avatar meets on its way: none that is paid for is lost, and no exit code lies."""

from __future__ import annotations

import json
import signal
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest
from test_avatar import (
    ID,
    LINE,
    Vision,
    barred,
    done,
    looked,
    ok,
    refused,
    service,
    vision,
)

from conftest import Shell, started
from service import Reply

__all__ = ["service", "vision"]  # fixtures


def sql(shell: Shell, statement: str) -> list[Any]:
    raw = sqlite3.connect(Path(shell.env["BYTEPLUS_STATE_DIR"]) / "ledger.db")
    with raw:
        rows = raw.execute(statement).fetchall()
    raw.close()
    return rows


def test_a_request_that_waits_its_turn_is_as_new_each_time_it_leaves(
    vision: Shell, service: Vision
) -> None:
    service.actions["CVSubmitTask"] = [*[refused(50430, 429)] * 6, ok(task_id=ID)]
    service.actions["CVGetResult"] = [looked("generating")]
    begun = time.time()
    ran = vision(f"{LINE} --timeout 10m")
    assert ran.code == 5, ran.stderr
    ((created_at,),) = sql(vision, "SELECT created_at FROM tasks")
    # So that a rescue meanwhile does not take it for one whose answer never came.
    assert created_at - begun > sum(ran.slept[:6]) - 0.1


def test_what_was_given_up_and_is_accepted_after_all_is_rescued(
    vision: Shell, service: Vision
) -> None:
    vision("avatar get @last")  # makes the ledger
    given_up = "UPDATE tasks SET lost_at = 1 WHERE row = new.row"
    sql(vision, f"CREATE TRIGGER rescued AFTER INSERT ON tasks BEGIN {given_up}; END")
    vision(f"{LINE} --no-wait -o hello.mp4")
    service.actions["CVGetResult"] = [done(service)]
    assert vision("rescue").lines == ["hello.mp4"]


def test_the_timeout_holds_while_others_come_first(vision: Shell, service: Vision) -> None:
    service.actions["CVSubmitTask"] = [refused(50430, 429)]
    ran = vision(f"{LINE} --timeout 3")
    assert ran.code == 4
    assert "nothing was charged" in ran.stderr
    assert 0 < sum(ran.slept) <= 3


@pytest.mark.parametrize("after", [refused(50215), looked("expired"), looked("done")])
def test_a_video_that_was_made_and_is_gone_is_told_of_once(
    vision: Shell, service: Vision, after: Reply
) -> None:
    link = f"{service.root}/gone.mp4"
    service.actions["CVGetResult"] = [looked("done", video_url=link), after]
    ran = vision(LINE)
    assert ran.code == 8, ran.stderr
    assert "this was charged" in ran.stderr
    assert vision("avatar get @last").code == 8
    assert vision("rescue").code == 12
    sql(vision, "UPDATE tasks SET created_at = created_at - 7200, finished_at = finished_at - 7200")
    ran = vision("rescue")
    assert ran.code == 8
    assert "its link died" in ran.stderr
    assert "this was charged" in ran.stderr
    assert vision("rescue").stderr == ""


def test_an_answer_that_cannot_be_read_is_asked_for_again(vision: Shell, service: Vision) -> None:
    cut = ok(status="done", resp_data='{"video_url":"http')
    service.actions["CVGetResult"] = [cut, cut, done(service)]
    ran = vision(f"{LINE} -o hello.mp4")
    assert (ran.code, ran.lines) == (0, ["hello.mp4"]), ran.stderr


@pytest.mark.parametrize(
    "refusal",
    [
        refused(50200),
        refused(50204),
        refused(50217),
        refused(50400),
        refused(50999),
        barred("MissingParameter", 400),
        barred("SignatureDoesNotMatch", 401),
    ],
)
def test_a_refused_look_is_not_the_end_of_the_task(
    vision: Shell, service: Vision, refusal: Reply
) -> None:
    service.actions["CVGetResult"] = [refusal]
    ran = vision(f"{LINE} -o hello.mp4")
    assert ran.code == 5, ran.stderr
    assert f"byteplus avatar get {ID} --wait" in ran.stderr
    assert "charged when it succeeds" in ran.stderr
    service.actions["CVGetResult"] = [done(service)]
    assert vision("rescue").lines == ["hello.mp4"]


def test_a_ledger_that_fails_as_the_task_is_taken_names_the_right_command(
    vision: Shell, service: Vision
) -> None:
    vision("avatar get @last")  # makes the ledger
    full = "SELECT RAISE(ABORT, 'database or disk is full')"
    sql(vision, f"CREATE TRIGGER full BEFORE UPDATE OF id ON tasks BEGIN {full}; END")
    ran = vision(f"{LINE} -p default")
    assert ran.code == 5
    assert f"hint: byteplus avatar get {ID}" in ran.stderr
    assert len(service.calls("CVSubmitTask")) == 1


@pytest.mark.parametrize("moment", range(6))
@pytest.mark.parametrize("json_too", ["", " --json"])
def test_a_signal_around_the_answer_says_what_became_of_the_request(
    vision: Shell, service: Vision, moment: int, json_too: str
) -> None:
    service.actions["CVGetResult"] = [looked("in_queue")]
    process = started(vision, LINE + json_too)
    while not service.calls("CVSubmitTask"):
        assert process.poll() is None
    until = time.monotonic() + moment * 0.003  # the answer is under way by now
    while time.monotonic() < until:
        pass
    process.send_signal(signal.SIGINT)
    printed, said = process.communicate()
    assert process.returncode == 130
    ((id, status),) = sql(vision, "SELECT id, status FROM tasks")
    if id is None:
        assert status == "unknown"
        assert "not known" in said or json_too
    else:
        assert id == ID
        assert f"byteplus avatar get {ID} --wait" in said + printed
    if json_too:
        assert json.loads(printed)["error"]["exit_code"] == 130


@pytest.mark.parametrize("status", ["generating", "in_queue"])
def test_a_cancel_that_did_not_take_is_not_told_as_one(
    vision: Shell, service: Vision, status: str
) -> None:
    vision(f"{LINE} --no-wait")
    service.actions["CVGetResult"] = [looked("in_queue"), looked(status)]
    service.actions["CVCancelTask"] = [ok()]
    ran = vision("avatar cancel @last")
    assert ran.code == 9
    assert "though the service took the request to cancel it" in ran.stderr


def test_a_detection_that_cannot_be_read_is_not_an_empty_picture(
    vision: Shell, service: Vision
) -> None:
    service.actions["CVProcess"] = [ok(resp_data="zz")]
    ran = vision("avatar subjects --image https://x.example/face.jpg")
    assert ran.code == 7
    assert "cannot be read" in ran.stderr
    ran = vision(f"{LINE} --mask-index 0")
    assert ran.code == 7
    assert service.calls("CVSubmitTask") == []


def test_a_mask_that_would_be_split_is_refused(vision: Shell, service: Vision) -> None:
    ran = vision(f"{LINE} --mask-url 'https://x.example/a;b.png'")
    assert ran.code == 2
    assert "%3B" in ran.stderr
    assert service.asked == []


def test_a_cancelled_task_without_a_record_is_nothing_to_rescue(
    vision: Shell, service: Vision
) -> None:
    vision(f"{LINE} --no-wait")
    service.actions["CVGetResult"] = [looked("in_queue"), looked("not_found")]
    service.actions["CVCancelTask"] = [ok()]
    assert vision("avatar cancel @last").lines == [ID]
    ran = vision("rescue")
    assert (ran.code, ran.stderr) == (0, "")


def test_a_task_of_another_machine_is_looked_for_under_both_models(
    vision: Shell, service: Vision
) -> None:
    service.actions["CVGetResult"] = [refused(50215), done(service)]
    ran = vision(f"avatar get {ID} -o hello.mp4")
    assert ran.code == 0, ran.stderr
    assert Path("hello.mp4").exists()
    keys = [asked.json["req_key"] for asked in service.calls("CVGetResult")]
    assert len(set(keys)) == 2
