"""`byteplus video get`, `list`, `cancel` and `delete`."""

from __future__ import annotations

from pathlib import Path

import pytest

import clips
from conftest import Shell
from service import Reply, ScriptedService, error, task

ONE, TWO = "cgt-20261121101530-aaaa1", "cgt-20261121101531-bbbb2"


def finished(service: ScriptedService, id: str = ONE) -> Reply:
    link = service.file(f"{id}.mp4", clips.clip())
    return task(id, "succeeded", content={"video_url": link})


def test_get_shows_a_running_task_as_a_card(scripted: Shell, service: ScriptedService) -> None:
    service.on("GET", task(ONE, "running"))
    done = scripted(f"video get {ONE}")
    assert done.code == 0
    assert done.lines[:2] == [f"id      {ONE}", "status  running"]


def test_get_saves_what_is_finished_and_only_once(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("GET", finished(service))
    first, second = scripted(f"video get {ONE}"), scripted("video get @last")
    assert first.code == second.code == 0
    assert "file    clip-1530aaaa1.mp4".replace("1530aaaa1", "530aaaa1") in first.stdout
    assert [asked.path for asked in service.asked].count(f"/{ONE}.mp4") == 1


def test_get_with_another_name_saves_again(scripted: Shell, service: ScriptedService) -> None:
    service.on("GET", finished(service))
    scripted(f"video get {ONE}")
    assert scripted(f"video get {ONE} --wait -o fox.mp4").code == 0
    assert Path("fox.mp4").exists()


def test_get_wait_follows_to_the_end_and_prints_the_path(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("GET", task(ONE, "queued"), task(ONE, "running"), finished(service))
    done = scripted(f"video get {ONE} --wait")
    assert done.stdout == "clip-530aaaa1.mp4\n"


def test_get_of_several_tells_which_failed(scripted: Shell, service: ScriptedService) -> None:
    service.on("GET", task(ONE, "running"), task(TWO, "failed", error={"code": "X"}))
    done = scripted(f"video get {ONE} {TWO}")
    assert done.code == 12
    assert ONE in done.stdout
    assert TWO in done.stderr


def test_get_of_a_failed_task_prints_one_json_document(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("GET", task(ONE, "failed", error={"code": "X", "message": "broke"}))
    document = scripted(f"video get {ONE} --json").json
    assert document["status"] == "failed"
    assert document["error"]["code"] == "X"
    assert document["error"]["exit_code"] == 9


def test_an_unknown_id_is_not_found(scripted: Shell, service: ScriptedService) -> None:
    service.on("GET", error(404, "NotFound", "no such task"))
    assert scripted(f"video get {ONE}").code == 8
    assert scripted("video get @last").code == 8


@pytest.mark.parametrize("id", ["../x", "''", "'a b'", "x?y=1"])
def test_a_malformed_id_is_refused_and_nothing_is_sent(
    scripted: Shell, service: ScriptedService, id: str
) -> None:
    done = scripted(f"video get {id}")
    assert done.code == 2
    assert service.asked == []


def test_list_merges_the_server_and_the_ledger(scripted: Shell, service: ScriptedService) -> None:
    service.on("POST", Reply(body={"id": ONE}))
    scripted('video create "a fox in the snow" --no-wait')
    listed = [{"id": TWO, "status": "succeeded", "created_at": 5, "updated_at": 9}]
    service.on("GET", Reply(body={"total": 1, "items": listed}))
    done = scripted("video list")
    assert done.lines[0].split() == ["ID", "STATUS", "AGE", "LINK", "SAVED", "PROMPT"]
    assert done.lines[1].split()[:2] == [ONE, "queued"]
    assert done.lines[1].endswith("a fox in the snow")
    assert done.lines[2].split()[:2] == [TWO, "succeeded"]
    assert "gone" in done.lines[2]
    items = scripted("video list --json").json["items"]
    assert [item["id"] for item in items] == [ONE, TWO]


def test_list_filters_on_the_server(scripted: Shell, service: ScriptedService) -> None:
    service.on("GET", Reply(body={"total": 0, "items": []}))
    scripted("video list --status running --model seedance-2.0 --flex -n 7")
    (asked,) = service.asked
    assert asked.path.split("?")[1].split("&") == [
        "page_num=1",
        "page_size=7",
        "filter.status=running",
        "filter.model=dreamina-seedance-2-0-260128",
        "filter.service_tier=flex",
    ]


@pytest.mark.parametrize(
    ("option", "tier", "left"), [("--flex", "flex", ONE), ("--no-flex", "default", TWO)]
)
def test_list_keeps_to_one_tier_here_too(
    scripted: Shell, service: ScriptedService, option: str, tier: str, left: str
) -> None:
    service.on("POST", Reply(body={"id": ONE}), Reply(body={"id": TWO}))
    scripted("video create fox --flex --no-wait")
    scripted("video create fox --no-wait")
    service.on("GET", Reply(body={"total": 0, "items": []}))
    items = scripted(f"video list {option} -n 1 --json").json["items"]
    assert [item["id"] for item in items] == [left]
    (asked,) = service.asked_by("GET")
    assert asked.path.endswith(f"&filter.service_tier={tier}")


def test_list_knows_the_tier_of_what_another_machine_made(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("GET", task(ONE, "running", service_tier="flex"))
    scripted(f"video get {ONE}")
    service.on("GET", Reply(body={"total": 0, "items": []}))
    assert scripted("video list --no-flex --json").json["items"] == []
    assert len(scripted("video list --flex --json").json["items"]) == 1


def test_list_of_a_status_is_what_the_service_says(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", Reply(body={"id": ONE}))
    scripted("video create fox --no-wait")
    service.on("GET", Reply(body={"total": 0, "items": []}))
    assert scripted("video list --status queued --json").json["items"] == []


def test_list_finds_what_was_refused_behind_later_tasks(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", error(400, "InvalidParameter"), Reply(body={"id": ONE}))
    scripted("video create wolf --flex")
    scripted("video create fox --no-wait")
    wanted = "video list --status refused -n 1 --json"
    assert [item["prompt"] for item in scripted(wanted).json["items"]] == ["wolf"]
    assert len(scripted(f"{wanted} --flex --model seedance-1.0-pro-fast").json["items"]) == 1
    assert scripted(f"{wanted} --no-flex").json["items"] == []
    assert scripted(f"{wanted} --model seedance-2.0").json["items"] == []


def test_get_saves_where_it_was_to_go_when_it_was_made(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", Reply(body={"id": ONE}))
    scripted("video create fox --no-wait -o winter/fox.mp4")
    service.on("GET", finished(service))
    assert scripted("video get @last --wait").lines == ["winter/fox.mp4"]


@pytest.mark.parametrize("status", ["refused", "unknown", "submitting"])
def test_what_only_this_machine_knows_is_listed_without_asking_the_service(
    scripted: Shell, service: ScriptedService, status: str
) -> None:
    service.on("POST", error(400, "InvalidParameter"))
    scripted("video create fox")
    service.asked.clear()
    items = scripted(f"video list --status {status} --json").json["items"]
    assert len(items) == (status == "refused")
    assert service.asked == []


def test_a_status_that_no_task_has_is_refused(scripted: Shell, service: ScriptedService) -> None:
    done = scripted("video list --status succeded")
    assert done.code == 2
    assert "did you mean succeeded?" in done.stderr
    assert service.asked == []


def test_cancel_deletes_a_queued_task(scripted: Shell, service: ScriptedService) -> None:
    service.on("GET", task(ONE, "queued"), task(ONE, "cancelled"))
    service.on("DELETE", Reply())
    done = scripted(f"video cancel {ONE}")
    assert done.code == 0
    assert done.stdout == f"{ONE}\n"
    assert len(service.asked_by("DELETE")) == 1


@pytest.mark.parametrize("status", ["running", "succeeded", "failed", "expired"])
def test_cancel_refuses_what_is_no_longer_queued(
    scripted: Shell, service: ScriptedService, status: str
) -> None:
    service.on("GET", task(ONE, status))
    done = scripted(f"video cancel {ONE}")
    assert done.code == 9
    assert f"already {status}" in done.stderr
    assert service.asked_by("DELETE") == []


def test_a_cancel_that_came_too_late_is_not_reported_as_done(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("GET", task(ONE, "queued"))
    service.on("DELETE", error(409, "InvalidAction.RunningTaskDeletion", "it runs"))
    assert scripted(f"video cancel {ONE}").code == 9


def test_a_cancel_that_changed_nothing_is_not_reported_as_done(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("GET", task(ONE, "queued"), task(ONE, "running"))
    service.on("DELETE", Reply())
    done = scripted(f"video cancel {ONE}")
    assert (done.code, done.stdout) == (9, "")
    assert f"{ONE} is running, though the service took the request to cancel it" in done.stderr
    assert f"hint: byteplus video get {ONE}" in done.stderr


def test_delete_keeps_a_clip_that_was_never_saved(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("GET", finished(service))
    service.on("DELETE", Reply())
    done = scripted(f"video delete {ONE}")
    assert done.code == 9
    assert "would be lost" in done.stderr
    assert service.asked_by("DELETE") == []
    scripted(f"video get {ONE}")
    assert scripted(f"video delete {ONE}").code == 0
    assert len(service.asked_by("DELETE")) == 1


def test_delete_of_an_unsaved_clip_has_to_be_asked_for(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("GET", finished(service))
    service.on("DELETE", Reply())
    assert scripted(f"video delete {ONE} --unsaved").code == 0
