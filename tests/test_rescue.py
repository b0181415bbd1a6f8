"""`byteplus rescue`: whatever was paid for and is not here yet is fetched before its link dies."""

from __future__ import annotations

import os
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import clips
from byteplus_cli.generation.ledger import Ledger
from conftest import Shell, started
from pictures import content, item, streamed
from service import DROP, TASKS, Asked, Reply, ScriptedService, error, task

ONE, TWO, THREE = (f"cgt-2026112110153{n}-{n}aaaa" for n in "123")
HOUR = 3600
GONE = error(404, "NotFound", "no such task")


class Account(ScriptedService):
    """Answers a look by the task's id, and a list with the tasks of `listed`.

    Whoever asks for `silent.mp4` waits for a long time.
    """

    def __init__(self) -> None:
        super().__init__()
        self.looks: dict[str, list[Reply]] = {}
        self.listed: list[str] = []
        self.list_trouble: Reply | None = None
        self.silent = threading.Event()

    def finished(self, id: str, *, hours_left: float = 10, link: str | None = None) -> Reply:
        """A look at a finished task, which is also the answer from now on."""
        # Each clip has its own length, so that no two files are alike.
        link = link or self.file(f"{id}.mp4", clips.clip(seconds=1 + len(self.files)))
        ended = int(time.time() + (hours_left - 24) * HOUR)
        look = task(id, "succeeded", updated_at=ended, content={"video_url": link})
        self.looks[id] = [look]
        return look

    def answer(self, asked: Asked) -> Reply:
        path, _, query = asked.path.partition("?")
        if asked.method == "GET" and path.startswith(TASKS):
            self.asked.append(asked)
            if path == TASKS:
                return self._list(query)
            left = self.looks.get(path.removeprefix(f"{TASKS}/"), [GONE])
            return left.pop(0) if len(left) > 1 else left[0]
        if path == "/silent.mp4":
            self.silent.set()
            return Reply(drop=True, delay=60)
        return super().answer(asked)

    def _list(self, query: str) -> Reply:
        ids = [] if "service_tier=flex" in query else self.listed
        if self.list_trouble:
            return self.list_trouble
        return Reply(body={"total": len(ids), "items": [self.looks[id][0].body for id in ids]})

    def fetched(self) -> list[str]:
        """The files that were asked for, in that order."""
        return [Path(asked.path).stem for asked in self.asked if asked.path in self.files]


@pytest.fixture
def service() -> Iterator[Account]:
    account = Account()
    yield account
    account.stop()


def make(scripted: Shell, service: ScriptedService, *ids: str, options: str = "") -> None:
    """Submit a clip for each id, and leave without waiting."""
    for id in ids:
        service.on("POST", Reply(body={"id": id}))
        assert scripted(f'video create "fox" --no-wait {options}').code == 0


def change(scripted: Shell, how: str, id: str) -> None:
    """Time that has gone by, written into the ledger."""
    raw = sqlite3.connect(Path(scripted.env["BYTEPLUS_STATE_DIR"]) / "ledger.db")
    with raw:
        raw.execute(f"UPDATE tasks SET {how}", (id,))
    raw.close()


def entry(scripted: Shell, id: str) -> Any:
    ledger = Ledger.open(Path(scripted.env["BYTEPLUS_STATE_DIR"]))
    try:
        return ledger.find(id)
    finally:
        ledger.close()


def test_nothing_to_do_is_silent_and_asks_nobody(scripted: Shell, service: Account) -> None:
    done = scripted("rescue")
    assert (done.code, done.stdout, done.stderr) == (0, "", "")
    assert service.asked == []


def test_nothing_to_do_needs_no_key(byteplus: Shell) -> None:
    assert byteplus("rescue").code == 0


def test_what_is_still_running_or_failed_is_no_matter(scripted: Shell, service: Account) -> None:
    make(scripted, service, ONE, TWO)
    service.looks = {ONE: [task(ONE, "running")], TWO: [task(TWO, "failed", error={"code": "X"})]}
    done = scripted("rescue")
    assert (done.code, done.stdout, done.stderr) == (0, "", "")
    service.asked.clear()
    scripted("rescue")
    assert [Path(asked.path).name for asked in service.asked] == [ONE]


def test_unsaved_clips_are_saved_soonest_to_expire_first(scripted: Shell, service: Account) -> None:
    make(scripted, service, ONE, TWO, THREE)
    for id, hours in ((ONE, 9.5), (TWO, 2.5), (THREE, 5.5)):
        service.finished(id, hours_left=hours)
    done = scripted("rescue -j 1")
    assert done.code == 0, done.stderr
    assert done.lines == ["fox-5322aaaa.mp4", "fox-5333aaaa.mp4", "fox-5311aaaa.mp4"]
    assert service.fetched() == [TWO, THREE, ONE]
    assert "3 to save, the first link: 2h left" in done.stderr
    assert [path.name for path in sorted(Path.cwd().iterdir())] == sorted(done.lines)
    assert all(entry(scripted, id).saved for id in (ONE, TWO, THREE))


def test_what_is_saved_is_not_saved_again_even_when_it_was_moved(
    scripted: Shell, service: Account
) -> None:
    make(scripted, service, ONE)
    service.finished(ONE)
    (name,) = scripted("rescue").lines
    Path(name).rename("elsewhere.mp4")
    done = scripted("rescue")
    assert (done.code, done.stdout, done.stderr) == (0, "", "")


def test_each_clip_gets_the_name_it_was_made_for(scripted: Shell, service: Account) -> None:
    make(scripted, service, ONE, options="-o winter/fox.mp4")
    make(scripted, service, TWO, options="-o '{id}.{ext}'")
    service.finished(ONE)
    service.finished(TWO)
    assert set(scripted("rescue").lines) == {"winter/fox.mp4", f"{TWO}.mp4"}


def test_a_place_that_is_named_now_goes_before(scripted: Shell, service: Account) -> None:
    make(scripted, service, ONE, options="-o fox.mp4")
    service.finished(ONE)
    assert scripted("rescue -o found/").lines == ["found/fox-5311aaaa.mp4"]


def test_several_clips_of_one_name_are_all_kept(scripted: Shell, service: Account) -> None:
    make(scripted, service, ONE, TWO, THREE, options="-o fox.mp4")
    for id in (ONE, TWO, THREE):
        service.finished(id)
    done = scripted("rescue")
    assert set(done.lines) == {"fox.mp4", "fox-2.mp4", "fox-3.mp4"}
    for id in (ONE, TWO, THREE):
        (file,) = entry(scripted, id).files
        assert file.path.read_bytes() == service.files[f"/{id}.mp4"]


def test_a_stale_link_is_renewed(scripted: Shell, service: Account) -> None:
    make(scripted, service, ONE)
    fresh = service.finished(ONE)
    stale = service.finished(ONE, link=f"{service.root}/stale.mp4")
    service.looks[ONE] = [stale, fresh]
    assert scripted("rescue").lines == ["fox-5311aaaa.mp4"]


def test_a_dead_link_is_told_of_once_and_then_never_again(
    scripted: Shell, service: Account
) -> None:
    make(scripted, service, ONE)
    service.finished(ONE, hours_left=-1, link=f"{service.root}/dead.mp4")
    done = scripted("rescue")
    assert done.code == 8
    assert done.stderr.count(f"{ONE} cannot be saved any more: its link died on 20") == 1
    service.asked.clear()
    again = scripted("rescue")
    assert (again.code, again.stdout, again.stderr) == (0, "", "")
    assert service.asked == []


def test_a_task_that_the_service_forgot_is_told_of_once(scripted: Shell, service: Account) -> None:
    make(scripted, service, ONE, TWO)
    service.finished(TWO)
    change(scripted, "created_at = created_at - 8 * 86400 WHERE id = ?", ONE)
    done = scripted("rescue --quiet")
    assert done.code == 8
    assert done.lines == ["fox-5322aaaa.mp4"]
    assert f"{ONE} cannot be saved any more: the service has no record of it" in done.stderr
    assert scripted("rescue").stderr == ""


def test_a_young_task_that_is_not_found_is_looked_for_until_its_link_must_be_dead(
    scripted: Shell, service: Account
) -> None:
    make(scripted, service, ONE)
    done = scripted("rescue")
    assert done.code == 12
    assert f"{ONE}: the service has no record of it just now" in done.stderr
    assert "hint: it is looked for until 20" in done.stderr
    change(scripted, "missing_at = missing_at - 90000 WHERE id = ?", ONE)
    assert scripted("rescue").code == 8
    assert scripted("rescue").stderr == ""


def test_a_task_that_was_not_found_once_is_saved_when_it_is_back(
    scripted: Shell, service: Account
) -> None:
    make(scripted, service, ONE)
    assert scripted("rescue").code == 12
    service.finished(ONE)
    assert scripted("rescue").lines == ["fox-5311aaaa.mp4"]
    assert entry(scripted, ONE).missing_at is None


def test_what_was_deleted_here_is_not_looked_for_again(scripted: Shell, service: Account) -> None:
    make(scripted, service, ONE)
    service.finished(ONE)
    service.on("DELETE", Reply())
    assert scripted(f"video delete {ONE} --unsaved").code == 0
    service.looks.clear()
    assert scripted("rescue").stderr == ""
    assert scripted("video list --json").json["items"] == []
    looked = scripted(f"video get {ONE}")
    assert looked.code == 8
    assert f"the record of {ONE} was deleted on 20" in looked.stderr


def test_a_sandbox_that_was_reset_leaves_nothing_to_look_for(sandbox: Shell) -> None:
    assert sandbox("video create 'fox [[slow:0]]' --resolution 480p -d 2 --no-wait").code == 0
    assert sandbox("sandbox reset").code == 0
    done = sandbox("rescue")
    assert (done.code, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "look",
    [
        pytest.param(Reply(404, b"<html>no such page</html>"), id="another server's 404"),
        pytest.param(error(401, "AuthenticationError"), id="a wrong key"),
    ],
)
def test_what_says_nothing_of_the_task_loses_nothing(
    scripted: Shell, service: Account, look: Reply
) -> None:
    make(scripted, service, ONE)
    service.looks[ONE] = [look]
    assert scripted("rescue").code == 12
    service.finished(ONE)
    assert scripted("rescue").lines == ["fox-5311aaaa.mp4"]


def test_a_dead_link_before_its_time_is_tried_again(scripted: Shell, service: Account) -> None:
    make(scripted, service, ONE)
    service.finished(ONE, hours_left=3, link=f"{service.root}/trouble.mp4")
    assert scripted("rescue").code == 12
    service.finished(ONE, hours_left=3)
    assert scripted("rescue").code == 0


def test_one_failure_leaves_the_others_saved(scripted: Shell, service: Account) -> None:
    make(scripted, service, ONE, TWO, THREE)
    for id in (ONE, THREE):
        service.finished(id)
    service.finished(TWO, link=service.file("page.mp4", b"not a clip"))
    done = scripted("rescue")
    assert done.code == 12
    assert set(done.lines) == {"fox-5311aaaa.mp4", "fox-5333aaaa.mp4"}
    assert f"warning: {TWO}: could not save" in done.stderr
    assert f"1 of 3 could not be saved: {TWO}" in done.stderr
    assert "hint: byteplus rescue tries again" in done.stderr


def fill_the_disk(scripted: Shell) -> None:
    """From now on no saved file can be written down."""
    full = "SELECT RAISE(ABORT, 'database or disk is full')"
    raw = sqlite3.connect(Path(scripted.env["BYTEPLUS_STATE_DIR"]) / "ledger.db")
    with raw:
        raw.execute(f"CREATE TRIGGER full BEFORE INSERT ON files BEGIN {full}; END")
    raw.close()


def test_what_is_saved_and_cannot_be_written_down_is_told(
    scripted: Shell, service: Account
) -> None:
    make(scripted, service, ONE)
    service.finished(ONE)
    fill_the_disk(scripted)
    done = scripted("rescue")
    assert (done.code, done.lines) == (0, ["fox-5311aaaa.mp4"])
    assert done.stderr.count("fox-5311aaaa.mp4 is saved, but not written down") == 1


def test_a_picture_that_cannot_be_written_down_is_told_beside_one_that_failed(
    scripted: Shell, service: Account
) -> None:
    make_a_set_that_is_partly_lost(scripted, service)
    fill_the_disk(scripted)
    done = scripted("rescue --json")
    assert done.code == 12
    assert done.stderr.count(".jpg is saved, but not written down") == 1


def make_a_set_that_is_partly_lost(scripted: Shell, service: Account) -> None:
    """Two pictures that are still to be saved, one of which can be."""
    service.on("POST", streamed(item(service, 1), item(service, 2)))
    service.files["/picture-1.jpg"] = service.files["/picture-2.jpg"] = content(2)[:-200]
    assert scripted('image gen "cats" --count 2 -o cats/').code == 11
    service.files["/picture-1.jpg"] = content(1)


def test_a_set_of_which_some_was_saved_counts_once(scripted: Shell, service: Account) -> None:
    make_a_set_that_is_partly_lost(scripted, service)
    done = scripted("rescue --json")
    assert done.code == 12
    assert "error: 1 of 1 could not be saved: img-" in done.stderr
    (saved,), (failed,) = done.json["saved"], done.json["failed"]
    assert [file["index"] for file in saved["files"]] == [1]
    assert failed["id"] == saved["id"]


def test_passing_trouble_is_waited_out(scripted: Shell, service: Account) -> None:
    make(scripted, service, ONE)
    trouble = [error(503, "Busy"), error(429, "Busy", retry_after="2")]
    service.looks[ONE] = [*trouble, service.finished(ONE)]
    done = scripted("rescue")
    assert done.code == 0, done.stderr
    assert max(done.slept) >= 2


def test_all_saves_what_other_machines_made(scripted: Shell, service: Account) -> None:
    service.finished(ONE)
    service.listed = [ONE, ONE]
    assert scripted("rescue").lines == []
    assert scripted("rescue --all").lines == ["clip-5311aaaa.mp4"]
    queries = [asked.path for asked in service.asked if "?" in asked.path]
    assert ["service_tier=default" in query for query in queries] == [True, False]
    assert all("filter.status=succeeded" in query for query in queries)
    assert scripted("rescue --all").stderr == ""


def test_a_list_that_fails_does_not_keep_the_known_from_being_saved(
    scripted: Shell, service: Account
) -> None:
    make(scripted, service, ONE)
    service.finished(ONE)
    service.list_trouble = error(403, "Denied")
    done = scripted("rescue --all")
    assert done.code == 12
    assert done.lines == ["fox-5311aaaa.mp4"]


def test_json_is_one_document(scripted: Shell, service: Account) -> None:
    empty = {"schema": "byteplus.rescue/1", "saved": [], "failed": [], "lost": []}
    assert scripted("rescue --json").json == empty
    make(scripted, service, ONE, TWO, THREE)
    change(scripted, "created_at = created_at - 8 * 86400 WHERE id = ?", THREE)
    service.finished(ONE)
    service.finished(TWO, link=service.file("page.mp4", b"not a clip"))
    done = scripted("rescue --json")
    assert done.code == 12
    (saved,), (failed,), (lost,) = (done.json[name] for name in ("saved", "failed", "lost"))
    assert saved["schema"] == "byteplus.task/1"
    assert saved["files"][0]["path"] == "fox-5311aaaa.mp4"
    assert (failed["id"], failed["error"]["code"]) == (TWO, "not_saved")
    assert (lost["id"], lost["error"]["code"]) == (THREE, "not_found")
    assert done.json["error"]["exit_code"] == 12


def test_a_dry_run_lists_and_saves_nothing(scripted: Shell, service: Account) -> None:
    make(scripted, service, ONE, TWO, THREE)
    change(scripted, "created_at = created_at - 8 * 86400 WHERE id = ?", THREE)
    service.finished(ONE, hours_left=9.5)
    service.finished(TWO, hours_left=2.5)
    done = scripted("rescue -n")
    assert done.code == 8
    assert [line.split() for line in done.lines] == [
        ["ID", "LEFT", "MODEL", "PROMPT"],
        [TWO, "2h", "seedance-1-0-pro-fast-251015", "fox"],
        [ONE, "9h", "seedance-1-0-pro-fast-251015", "fox"],
    ]
    assert list(Path.cwd().iterdir()) == []
    assert service.fetched() == []
    assert scripted("rescue").code == 8  # so the dry run did not use up the one warning


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_watch_goes_on_through_trouble_until_ctrl_c(scripted: Shell, service: Account) -> None:
    make(scripted, service, ONE)
    service.looks[ONE] = [error(401, "AuthenticationError"), service.finished(ONE)]
    process = started(scripted, "rescue --watch 1s")
    assert process.stdout is not None
    assert process.stdout.readline() == "fox-5311aaaa.mp4\n"
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    assert process.returncode == 130
    assert "1 of 1 could not be saved" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("line", ["rescue --watch 0", "rescue --watch soon", "rescue -j 0"])
def test_a_wrong_option_is_refused(scripted: Shell, line: str) -> None:
    assert scripted(line).code == 2


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_ctrl_c_does_not_wait_for_a_silent_server(scripted: Shell, service: Account) -> None:
    make(scripted, service, ONE)
    service.finished(ONE, link=f"{service.root}/silent.mp4")
    process = started(scripted, "rescue")
    assert service.silent.wait(30)
    before = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    assert time.monotonic() - before < 1
    assert process.returncode == 130
    assert "stopped with 1 of 1 not saved" in said
    assert "hint: byteplus rescue" in said
    assert "Traceback" not in said


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_ctrl_c_counts_a_set_of_which_some_was_saved_as_not_saved(
    scripted: Shell, service: Account
) -> None:
    make_a_set_that_is_partly_lost(scripted, service)
    make(scripted, service, ONE)
    service.finished(ONE, hours_left=40, link=f"{service.root}/silent.mp4")
    process = started(scripted, "rescue -j 1")
    assert service.silent.wait(30)
    process.send_signal(signal.SIGINT)
    printed, said = process.communicate()
    assert printed.startswith("cats/")
    assert "stopped with 2 of 2 not saved" in said


def test_two_rescues_at_once_save_each_clip_once(scripted: Shell, service: Account) -> None:
    make(scripted, service, ONE, TWO)
    for id in (ONE, TWO):
        service.finished(id)
    runs = [started(scripted, "rescue") for _ in range(2)]
    said = [run.communicate()[1] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], said
    assert [path.name for path in sorted(Path.cwd().iterdir())] == [
        "fox-5311aaaa.mp4",
        "fox-5322aaaa.mp4",
    ]


@pytest.mark.parametrize("script", ["", "[[stale]]", "[[cut]]", "[[look:503]]"])
def test_the_sandbox_gives_up_its_clips(sandbox: Shell, script: str) -> None:
    line = f"'fox [[slow:0]][[queue:0]] {script}' --resolution 480p -d 2 --no-wait"
    assert sandbox(f"video create {line}").code == 0
    done = sandbox("rescue")
    assert done.code == 0, done.stderr
    assert Path(done.lines[0]).exists()
    assert sandbox("rescue").stderr == ""


def test_a_clip_whose_answer_was_lost_is_found_and_saved(scripted: Shell, service: Account) -> None:
    service.on("POST", DROP)
    service.list_trouble = error(503, "Busy")
    assert scripted("video create fox --no-wait").code == 6
    service.finished(ONE).body["seed"] = service.asked_by("POST")[0].json["seed"]
    service.listed, service.list_trouble = [ONE], None
    assert scripted("rescue").lines == ["fox-5311aaaa.mp4"]
    assert len(service.asked_by("POST")) == 1


def test_a_request_that_another_run_may_still_be_sending_is_let_be(
    scripted: Shell, service: Account
) -> None:
    ledger = Ledger.open(Path(scripted.env["BYTEPLUS_STATE_DIR"]))
    request: dict[str, Any] = {"model": "m", "prompt": "fox", "request": {}, "estimate": None}
    ledger.begin(kind="video", profile="default", output=None, now=time.time() - 60, **request)
    ledger.close()
    assert scripted("rescue").code == 0
    assert service.asked == []
