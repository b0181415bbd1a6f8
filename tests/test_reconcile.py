"""A create whose answer was lost: found again, never sent again, and never guessed."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

import pytest

import clips
from byteplus_cli.errors import ByteplusError, Charge, Detached, Interrupted, Unreachable
from byteplus_cli.generation.ledger import Ledger
from byteplus_cli.generation.sending import send_for
from byteplus_cli.generation.task import Status
from byteplus_cli.generation.watch import Clocks
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


def with_our_seed(service: ScriptedService, *others: dict[str, object]) -> Reply:
    """The list with a task of the seed that was sent, which nobody else can have."""

    def body() -> dict[str, object]:
        seed = service.asked_by("POST")[-1].json["seed"]
        tasks = [item(ID, seed=seed), *others]
        return {"total": len(tasks), "items": tasks}

    return Reply(body=body)


def finished(service: ScriptedService) -> Reply:
    link = service.file("clip.mp4", clips.clip())
    return task(ID, "succeeded", content={"video_url": link})


@pytest.mark.parametrize("lost", [DROP, error(500, "InternalServiceError"), Reply(502, b"<html>")])
def test_a_lost_answer_is_found_in_the_list_and_the_clip_is_saved(
    scripted: Shell, service: ScriptedService, lost: Reply
) -> None:
    service.on("POST", lost)
    service.on("GET", with_our_seed(service, item(OTHER, seed=-8)), EMPTY, finished(service))
    done = scripted("video create fox")
    assert done.code == 0, done.stderr
    assert done.stdout == "fox-530ab12c.mp4\n"
    assert "whether it was accepted" in done.stderr
    assert len(service.asked_by("POST")) == 1


def test_a_task_of_the_other_tier_is_found_too(scripted: Shell, service: ScriptedService) -> None:
    service.on("POST", DROP)
    service.on("GET", EMPTY, with_our_seed(service), finished(service))
    assert scripted("video create fox --flex").code == 0
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
    assert "look 3 of 4 did not tell; looking whether it was accepted in 20 s" in done.stderr
    assert len(service.asked_by("POST")) == 1
    (row,) = scripted("video list --json").json["items"]
    assert row["status"] == "refused"


@pytest.mark.parametrize(
    "seeds",
    [
        {ID: 7, OTHER: 7},
        {ID: None, OTHER: None},
        {ID: None},
        # Another machine of this account may have chosen the same seed.
        {ID: 7},
    ],
)
def test_what_cannot_be_told_is_reported_and_not_guessed(
    scripted: Shell, service: ScriptedService, seeds: dict[str, int | None]
) -> None:
    tasks = [item(id, seed=seed) for id, seed in seeds.items()]
    service.on("POST", DROP)
    service.on("GET", *[listed(*tasks), EMPTY] * 4)
    done = scripted("video create fox --seed 7")
    assert done.code == 6
    assert "whether this was charged is not known" in done.stderr
    assert f"byteplus video get {ID}" in done.stderr
    assert len(service.asked_by("POST")) == 1


@pytest.mark.parametrize(
    ("seed", "seconds_ago"),
    [(8, 0), (7, 3600)],
)
def test_another_task_is_not_taken_for_ours(
    scripted: Shell, service: ScriptedService, seed: int, seconds_ago: int
) -> None:
    stranger = item(ID, seed=seed, created_at=int(time.time()) - seconds_ago)
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


def test_a_list_that_cannot_all_be_read_proves_no_absence(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", DROP)
    service.on("GET", Reply(body={"total": 1, "items": [{"status": "running"}]}))
    done = scripted("video create fox")
    assert done.code == 6
    assert "whether this was charged is not known" in done.stderr


def test_every_page_of_the_list_is_read(scripted: Shell, service: ScriptedService) -> None:
    page = [item(f"cgt-20261121101530-{n:05}", seed=1) for n in range(500)]
    first = Reply(body={"total": 501, "items": page})
    second = with_our_seed(service)
    service.on("POST", DROP)
    service.on("GET", first, second, EMPTY, finished(service))
    assert scripted("video create fox").code == 0


def lose(scripted: Shell, service: ScriptedService, line: str, hours_ago: float = 1) -> None:
    """A create whose answer was lost, and which cannot be told from another's."""
    service.on("POST", DROP)
    service.on("GET", error(503, "InternalServiceError"))
    assert scripted(line).code == 6
    raw = sqlite3.connect(Path(scripted.env["BYTEPLUS_STATE_DIR"]) / "ledger.db")
    with raw:
        raw.execute("UPDATE tasks SET created_at = created_at - ?", (hours_ago * 3600,))
    raw.close()


def an_hour_ago(**fields: object) -> dict[str, object]:
    return item(ID, created_at=int(time.time()) - 3600, **fields)


def test_a_task_that_the_user_names_keeps_the_prompt_and_name_that_were_asked_for(
    scripted: Shell, service: ScriptedService
) -> None:
    lose(scripted, service, "video create fox --seed 7 -o winter.mp4")
    done_look = Reply(body={**finished(service).body, **an_hour_ago(seed=7), "status": "succeeded"})
    service.on("GET", done_look)
    done = scripted(f"video get {ID} --json")
    assert done.code == 0, done.stderr
    assert done.json["prompt"] == "fox"
    service.on("GET", EMPTY)
    (row,) = scripted("video list --json").json["items"]
    assert (row["id"], row["status"]) == (ID, "succeeded")


def test_a_task_of_another_seed_is_not_taken_for_it(
    scripted: Shell, service: ScriptedService
) -> None:
    lose(scripted, service, "video create fox --seed 7")
    service.on("GET", Reply(body=an_hour_ago(seed=8)))
    assert scripted(f"video get {ID} --json").json["prompt"] is None
    service.on("GET", EMPTY)
    rows = scripted("video list --json").json["items"]
    assert sorted(row["status"] for row in rows) == ["running", "unknown"]


def test_rescue_says_once_that_a_request_can_be_followed_no_more(
    scripted: Shell, service: ScriptedService
) -> None:
    lose(scripted, service, "video create fox --seed 7", hours_ago=25)
    stranger = item(ID, seed=7, created_at=int(time.time()) - 25 * 3600)
    service.on("GET", listed(stranger), EMPTY)
    done = scripted("rescue")
    assert done.code == 8
    assert "cannot be followed any more" in done.stderr
    assert ID in done.stderr
    assert scripted("rescue").stderr == ""


def test_rescue_tells_of_requests_that_may_still_be_on_the_way(
    scripted: Shell, service: ScriptedService
) -> None:
    lose(scripted, service, "video create fox --seed 7", hours_ago=0)
    service.on("GET", EMPTY)
    done = scripted("rescue")
    assert (done.code, done.stdout) == (0, "")
    assert "1 unanswered so far" in done.stderr


def test_a_task_that_was_only_looked_at_before_is_found_to_be_ours(
    scripted: Shell, service: ScriptedService
) -> None:
    for _ in range(2):
        lose(scripted, service, "video create fox", hours_ago=0)
    service.on("GET", finished(service))  # names no seed, so it may be either
    first = scripted(f"video get {ID} --json")
    assert (first.code, first.json["prompt"]) == (0, None)
    service.on("GET", with_our_seed(service))
    scripted("rescue")
    shown = scripted(f"history show {ID} --json").json
    assert (shown["prompt"], shown["status"], len(shown["files"])) == ("fox", "succeeded", 1)
    assert len(scripted("history list --json").json["items"]) == 2


class Interrupting(Ledger):
    """A signal comes while it writes down for the first time what became of a request."""

    heard = False

    def ended(self, row: int, status: Status, error: ByteplusError | None) -> None:
        if not self.heard:
            self.heard = True
            raise Interrupted(130)
        super().ended(row, status, error)


def test_a_signal_as_a_lost_answer_is_written_down_leaves_it_unknown(tmp_path: Path) -> None:
    ledger, clocks = Interrupting.open(tmp_path), Clocks(time.sleep, time.monotonic, time.time)
    asked = {"kind": "video", "profile": "p", "model": "m", "prompt": "fox", "request": {"a": 1}}
    row = ledger.begin(**asked, output=None, estimate=None, now=time.time())

    def attempt() -> None:
        raise Unreachable("the connection broke off", charge=Charge.UNKNOWN)

    with pytest.raises(Detached) as caught:
        list(send_for(row, attempt, ledger, clocks, unanswered="byteplus video list"))
    assert (caught.value.charge, ledger.at(row).status) == (Charge.UNKNOWN, "unknown")
