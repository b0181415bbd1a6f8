"""A create whose answer was lost: found again, never sent again, and never guessed."""

from __future__ import annotations

import time

import pytest

import clips
from conftest import Shell
from service import DROP, Reply, ScriptedService, error, task

ID, OTHER = "cgt-20261121101530-ab12c", "cgt-20261121101531-zz99z"
MODEL = "seedance-1-0-pro-fast-251015"


def listed(*tasks: dict[str, object]) -> Reply:
    return Reply(body={"total": len(tasks), "items": list(tasks)})


def item(id: str, **fields: object) -> dict[str, object]:
    now = int(time.time())
    return {"id": id, "status": "running", "model": MODEL, "created_at": now, **fields}


EMPTY = listed()


def finished(service: ScriptedService) -> Reply:
    link = service.file("clip.mp4", clips.clip())
    return task(ID, "succeeded", content={"video_url": link})


@pytest.mark.parametrize("lost", [DROP, error(500, "InternalServiceError"), Reply(502, b"<html>")])
def test_a_lost_answer_is_found_in_the_list_and_the_clip_is_saved(
    scripted: Shell, service: ScriptedService, lost: Reply
) -> None:
    service.on("POST", lost)
    service.on("GET", listed(item(ID, seed=7), item(OTHER, seed=8)), EMPTY, finished(service))
    done = scripted("video create fox --seed 7")
    assert done.code == 0, done.stderr
    assert done.stdout == "fox-530ab12c.mp4\n"
    assert "whether it was accepted" in done.stderr
    assert len(service.asked_by("POST")) == 1


def test_a_task_of_the_other_tier_is_found_too(scripted: Shell, service: ScriptedService) -> None:
    service.on("POST", DROP)
    service.on("GET", EMPTY, listed(item(ID, seed=7)), finished(service))
    assert scripted("video create fox --seed 7 --flex").code == 0
    tiers = [asked.path for asked in service.asked_by("GET")[:2]]
    assert "filter.service_tier=default" in tiers[0]
    assert "filter.service_tier=flex" in tiers[1]


def test_a_clear_absence_says_that_nothing_was_charged(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", DROP)
    service.on("GET", EMPTY)
    done = scripted("video create fox")
    assert done.code == 6
    assert "nothing was charged" in done.stderr
    assert sum(done.slept) > 30
    assert len(service.asked_by("POST")) == 1
    (row,) = scripted("video list --json").json["items"]
    assert row["status"] == "refused"


@pytest.mark.parametrize(
    "tasks",
    [
        [item(ID, seed=7), item(OTHER, seed=7)],
        [item(ID), item(OTHER)],
        [item(ID)],
    ],
)
def test_what_cannot_be_told_is_reported_and_not_guessed(
    scripted: Shell, service: ScriptedService, tasks: list[dict[str, object]]
) -> None:
    service.on("POST", DROP)
    service.on("GET", *[listed(*tasks), EMPTY] * 4)
    done = scripted("video create fox --seed 7")
    assert done.code == 6
    assert "whether this was charged is not known" in done.stderr
    assert len(service.asked_by("POST")) == 1


@pytest.mark.parametrize(
    "stranger",
    [
        item(ID, seed=8),
        item(ID, seed=7, created_at=int(time.time()) - 3600),
    ],
)
def test_another_task_is_not_taken_for_ours(
    scripted: Shell, service: ScriptedService, stranger: dict[str, object]
) -> None:
    service.on("POST", DROP)
    service.on("GET", *[listed(stranger), EMPTY] * 4)
    done = scripted("video create fox --seed 7")
    assert done.code == 6
    assert "nothing was charged" in done.stderr


def test_a_task_that_this_machine_knows_is_not_ours_either(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", Reply(body={"id": ID}))
    scripted("video create fox --seed 7 --no-wait")
    service.on("POST", DROP)
    service.on("GET", *[listed(item(ID, seed=7)), EMPTY] * 4)
    done = scripted("video create fox --seed 7")
    assert done.code == 6
    assert "nothing was charged" in done.stderr


def test_a_list_that_cannot_be_had_leaves_the_row_unknown(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", DROP)
    service.on("GET", error(503, "InternalServiceError"))
    done = scripted("video create fox")
    assert done.code == 6
    assert "not known" in done.stderr
    service.on("GET", EMPTY)
    (row,) = scripted("video list --json").json["items"]
    assert row["status"] == "unknown"


def test_every_page_of_the_list_is_read(scripted: Shell, service: ScriptedService) -> None:
    page = [item(f"cgt-20261121101530-{n:05}", seed=1) for n in range(500)]
    first = Reply(body={"total": 501, "items": page})
    second = Reply(body={"total": 501, "items": [item(ID, seed=7)]})
    service.on("POST", DROP)
    service.on("GET", first, second, EMPTY, finished(service))
    assert scripted("video create fox --seed 7").code == 0
