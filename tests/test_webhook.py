"""`byteplus webhook listen`: a callback is a hint, and what the service says of its task counts."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import clips
from byteplus_cli.generation.ledger import Ledger
from conftest import Shell
from listener import listening, listening_process, send, until
from service import DROP, TASKS, Asked, Reply, ScriptedService, error, task

ONE, TWO = (f"cgt-2026112110153{n}-{n}aaaa" for n in "12")
FORGED = "cgt-20261121101539-zzzzz"
GONE = error(404, "NotFound", "no such task")
posix = pytest.mark.skipif(os.name == "nt", reason="POSIX signals")


class Account(ScriptedService):
    """Answers a look by the task's id; the last answer stays."""

    def __init__(self) -> None:
        super().__init__()
        self.looks: dict[str, list[Reply]] = {}

    def finished(self, id: str, content: bytes | None = None) -> Reply:
        link = self.file(f"{id}.mp4", content or clips.clip())
        return task(id, "succeeded", content={"video_url": link})

    def answer(self, asked: Asked) -> Reply:
        if asked.method != "GET" or not asked.path.startswith(f"{TASKS}/"):
            return super().answer(asked)
        self.asked.append(asked)
        left = self.looks.get(asked.path.removeprefix(f"{TASKS}/"), [GONE])
        return left.pop(0) if len(left) > 1 else left[0]

    def looked(self, id: str) -> int:
        return sum(asked.path == f"{TASKS}/{id}" for asked in self.asked)

    def fetched(self) -> list[str]:
        return [Path(asked.path).stem for asked in self.asked if asked.path in self.files]


@pytest.fixture
def service() -> Iterator[Account]:
    account = Account()
    yield account
    account.stop()


def make(scripted: Shell, service: Account, *ids: str, options: str = "") -> None:
    """Submit a clip for each id; it is running."""
    for id in ids:
        service.looks[id] = [task(id, "running")]
        service.on("POST", Reply(body={"id": id}))
        assert scripted(f"video create fox --no-wait {options}").code == 0


def rows(scripted: Shell) -> list[tuple[object, ...]]:
    """All that the ledger holds of tasks."""
    raw = sqlite3.connect(Path(scripted.env["BYTEPLUS_STATE_DIR"]) / "ledger.db")
    try:
        return raw.execute("SELECT * FROM tasks ORDER BY row").fetchall()
    finally:
        raw.close()


def settled(scripted: Shell) -> None:
    """The look at the start, for what was missed, has found each task running."""
    until(lambda: all("running" in row for row in rows(scripted)))


def ledger(scripted: Shell) -> Ledger:
    return Ledger.open(Path(scripted.env["BYTEPLUS_STATE_DIR"]))


def test_a_callback_leads_to_a_look_and_a_saved_clip(scripted: Shell, service: Account) -> None:
    make(scripted, service, ONE)
    there = listening(scripted, "--exit-after 1")
    settled(scripted)
    assert there.call_back(ONE, "running") == 200
    service.looks[ONE] = [service.finished(ONE)]
    assert there.call_back(ONE, "succeeded") == 200
    ran = there.ran
    assert (ran.code, ran.stdout) == (0, "fox-5311aaaa.mp4\n")
    assert Path("fox-5311aaaa.mp4").read_bytes() == clips.clip()
    assert f"{ONE}  running" in ran.stderr
    assert ran.stderr.endswith(" kB, saved as fox-5311aaaa.mp4\n")
    assert service.looked(ONE) == 2  # of "running" the ledger knew already


def test_the_answer_does_not_wait_for_the_look(scripted: Shell, service: Account) -> None:
    make(scripted, service, ONE)
    there = listening(scripted, "--exit-after 1")
    settled(scripted)
    service.looks[ONE] = [Reply(delay=60), service.finished(ONE)]
    before = time.monotonic()
    assert there.call_back(ONE, "succeeded") == 200
    assert time.monotonic() - before < 2  # of the 5 s that the service gives
    until(lambda: service.looked(ONE) == 2)
    service.stopped.set()  # ends the delay
    service.stopped.clear()
    assert there.ran.code == 0


def test_a_missed_callback_is_made_up_for_at_the_start(scripted: Shell, service: Account) -> None:
    make(scripted, service, ONE)
    service.looks[ONE] = [service.finished(ONE)]
    there = listening(scripted, "--exit-after 1 --json")
    (event,) = there.heard(1)
    assert (event["callback"], event["outcome"], event["saved"]) == (
        None,
        "saved",
        ["fox-5311aaaa.mp4"],
    )


def test_a_forged_callback_changes_nothing(scripted: Shell, service: Account) -> None:
    make(scripted, service, ONE)
    there = listening(scripted, "--exit-after 1 --json")
    settled(scripted)
    before = rows(scripted)
    link = service.file("evil.mp4", b"not the clip that was asked for")
    for _ in range(2):
        assert there.call_back(FORGED, "succeeded", content={"video_url": link}) == 200
    forged = there.heard(2)
    assert rows(scripted) == before
    service.looks[ONE] = [service.finished(ONE)]
    assert there.call_back(ONE, "succeeded") == 200
    assert there.ran.code == 0
    assert [(event["outcome"], event["status"], event["duplicate"]) for event in forged] == [
        ("unknown", None, False),
        ("unknown", None, True),
    ]
    assert service.looked(FORGED) == 1
    assert [row[1] for row in rows(scripted)] == [ONE]
    assert service.fetched() == [ONE]
    assert [path.name for path in Path.cwd().iterdir()] == ["fox-5311aaaa.mp4"]


def test_a_forged_end_of_a_real_task_is_not_believed(scripted: Shell, service: Account) -> None:
    make(scripted, service, ONE)
    there = listening(scripted, "--exit-after 1 --json")
    settled(scripted)
    service.looks[ONE] = [*[task(ONE, "running")] * 4, service.finished(ONE)]
    there.call_back(ONE, "failed")
    there.call_back(ONE, "succeeded")
    forged, saved = there.heard(2)
    assert (forged["callback"]["status"], forged["status"]) == ("failed", "running")
    assert (forged["outcome"], forged["error"]) == ("noted", None)
    assert saved["outcome"] == "saved"


def test_an_end_that_a_look_does_not_show_yet_is_looked_for_again(
    scripted: Shell, service: Account
) -> None:
    make(scripted, service, ONE)
    there = listening(scripted, "--exit-after 1")
    settled(scripted)
    service.looks[ONE] = [task(ONE, "running"), service.finished(ONE)]
    assert there.call_back(ONE, "succeeded") == 200
    assert there.ran.stdout == "fox-5311aaaa.mp4\n"


def test_duplicates_and_a_wrong_order_are_harmless(scripted: Shell, service: Account) -> None:
    make(scripted, service, ONE, TWO)
    there = listening(scripted, "--exit-after 2 --json")
    settled(scripted)
    service.looks[ONE] = [service.finished(ONE)]
    for status in ("succeeded", "succeeded", "running", "queued", "succeeded", "failed"):
        assert there.call_back(ONE, status) == 200
    events = there.heard(6)
    assert [event["outcome"] for event in events] == ["saved", *["stale"] * 5]
    assert [event["duplicate"] for event in events] == [False, True, False, False, True, False]
    assert {event["status"] for event in events} == {"succeeded"}
    service.looks[TWO] = [service.finished(TWO)]
    assert there.call_back(TWO, "succeeded") == 200
    assert there.ran.code == 0
    assert service.looked(ONE) == 2
    assert service.fetched() == [ONE, TWO]


def test_what_is_saved_is_not_fetched_again_by_a_later_listener(
    scripted: Shell, service: Account
) -> None:
    make(scripted, service, ONE, TWO)
    service.looks[ONE] = [service.finished(ONE)]
    assert scripted(f"video get {ONE} --wait").code == 0
    Path("fox-5311aaaa.mp4").rename("elsewhere.mp4")
    looked = service.looked(ONE)
    there = listening(scripted, "--exit-after 2")
    there.call_back(ONE, "succeeded")
    service.looks[TWO] = [service.finished(TWO)]
    there.call_back(TWO, "succeeded")
    assert there.ran.stdout == "fox-5322aaaa.mp4\n"
    assert service.looked(ONE) == looked


def test_a_flood_of_forged_ids_is_no_flood_of_looks(scripted: Shell, service: Account) -> None:
    make(scripted, service, ONE)
    there = listening(scripted, "--exit-after 1")
    settled(scripted)
    ids = [f"cgt-forged-{number}" for number in range(160)]
    service.looks[ids[0]] = [Reply(delay=60, status=404)]
    for id in ids:
        assert there.call_back(id, "succeeded") == 200
    service.looks[ONE] = [service.finished(ONE)]
    there.call_back(ONE, "succeeded")  # goes past all of them
    assert there.ran.stdout == "fox-5311aaaa.mp4\n"
    assert sum(service.looked(id) for id in ids) == 1
    assert "that this machine does not know; not looked up: " in there.ran.stderr


def test_a_task_that_the_ledger_comes_to_know_waits_for_no_stranger(
    scripted: Shell, service: Account
) -> None:
    there = listening(scripted, "--exit-after 1 --json")
    service.looks[FORGED] = [Reply(delay=60, status=404)]
    there.call_back(FORGED, "succeeded")
    until(lambda: service.looked(FORGED) == 1)
    there.call_back(ONE, "queued")  # before the answer to its create is written down
    make(scripted, service, ONE)
    service.looks[ONE] = [service.finished(ONE)]
    there.call_back(ONE, "succeeded")
    assert there.ran.code == 0
    assert [event["outcome"] for event in there.events] == ["saved"]


def test_more_than_can_be_kept_is_to_be_sent_again(scripted: Shell, service: Account) -> None:
    make(scripted, service, ONE)
    there = listening(scripted, "--exit-after 1 --quiet")
    settled(scripted)
    service.looks[ONE] = [Reply(delay=60), service.finished(ONE)]
    answers = [there.call_back(ONE, "succeeded") for _ in range(1003)]
    assert answers == [200] * 1000 + [503] * 3
    service.stopped.set()
    assert there.ran.code == 0


def test_a_task_of_another_machine_is_told_and_left_alone(
    scripted: Shell, service: Account
) -> None:
    make(scripted, service, ONE)
    service.looks[TWO] = [service.finished(TWO)]
    there = listening(scripted, "--exit-after 1 --json")
    there.call_back(TWO, "succeeded")
    there.call_back(TWO, "succeeded")
    foreign = there.heard(2)
    service.looks[ONE] = [service.finished(ONE)]
    there.call_back(ONE, "succeeded")
    assert there.ran.code == 0
    assert {(event["outcome"], event["status"]) for event in foreign} == {("foreign", "succeeded")}
    assert service.looked(TWO) == 1
    assert [row[1] for row in rows(scripted)] == [ONE]
    assert service.fetched() == [ONE]


def test_all_saves_what_another_machine_made(scripted: Shell, service: Account) -> None:
    service.looks[TWO] = [service.finished(TWO)]
    there = listening(scripted, "--all --exit-after 1")
    there.call_back(TWO, "succeeded")
    assert there.ran.stdout == "clip-5322aaaa.mp4\n"


def test_a_task_of_another_profile_is_not_asked_about(scripted: Shell, service: Account) -> None:
    make(scripted, service, ONE)
    scripted("config set video.resolution 480p -p other")
    make(scripted, service, TWO, options="-p other")
    there = listening(scripted, "--exit-after 1")
    until(lambda: service.looked(ONE) == 1)
    there.call_back(TWO, "succeeded")
    service.looks[ONE] = [service.finished(ONE)]
    there.call_back(ONE, "succeeded")
    assert f"{TWO}  succeeded, of profile other: not looked up" in there.ran.stderr
    assert service.looked(TWO) == 0


@pytest.mark.parametrize("options", ["", "--all"])
def test_a_callback_before_the_answer_to_its_create_takes_nothing_from_it(
    scripted: Shell, service: Account, options: str
) -> None:
    make(scripted, service, ONE)
    books = ledger(scripted)
    row = books.begin(
        kind="video",
        profile="default",
        model="seedance-1-0-pro-fast-251015",
        prompt="a fox on its way",
        request={"seed": 7},
        output=None,
        estimate=None,
        now=time.time(),
    )
    service.looks[TWO] = [task(TWO, "succeeded", seed=7)]
    there = listening(scripted, f"--exit-after 1 {options}")
    there.call_back(TWO, "succeeded")
    until(lambda: f"{TWO}  succeeded, not made on this machine" in there.stderr.getvalue())
    service.looks[ONE] = [service.finished(ONE)]
    there.call_back(ONE, "succeeded")
    assert there.ran.code == 0
    assert books.known(TWO) is None
    books.accepted(row, TWO, None)
    assert books.find(TWO).prompt == "a fox on its way"
    books.close()


def test_a_callback_finds_the_task_of_a_lost_answer(scripted: Shell, service: Account) -> None:
    service.on("POST", DROP)
    service.on("GET", Reply(500))
    assert scripted("video create fox --seed 7").code != 0
    raw = sqlite3.connect(Path(scripted.env["BYTEPLUS_STATE_DIR"]) / "ledger.db")
    with raw:
        raw.execute("UPDATE tasks SET created_at = ?", (time.time(),))
    raw.close()
    done = service.finished(ONE)
    service.looks[ONE] = [Reply(body={**done.body, "seed": 7})]
    there = listening(scripted, "--exit-after 1")
    there.call_back(ONE, "succeeded")
    assert there.ran.stdout == "fox-5311aaaa.mp4\n"


def test_a_failed_task_is_told_with_its_reason(scripted: Shell, service: Account) -> None:
    make(scripted, service, ONE)
    there = listening(scripted, "--exit-after 1")
    settled(scripted)
    reason = {"code": "OutputVideoSensitiveContentDetected", "message": "not that"}
    service.looks[ONE] = [task(ONE, "failed", error=reason)]
    there.call_back(ONE, "failed")
    assert (there.ran.code, there.ran.stdout) == (10, "")
    assert f"{ONE}  failed\n" in there.ran.stderr
    assert f"error: task {ONE} refused by content moderation\n" in there.ran.stderr
    assert "nothing was charged" in there.ran.stderr


def test_what_cannot_be_saved_is_told_and_the_rest_goes_on(
    scripted: Shell, service: Account
) -> None:
    make(scripted, service, ONE, TWO)
    there = listening(scripted, "--exit-after 2")
    settled(scripted)
    service.looks[ONE] = [service.finished(ONE, b"not a clip")]
    there.call_back(ONE, "succeeded")
    until(lambda: ONE in service.fetched())
    service.looks[TWO] = [service.finished(TWO)]
    there.call_back(TWO, "succeeded")
    ran = there.ran
    assert (ran.code, ran.stdout) == (12, "fox-5322aaaa.mp4\n")
    assert f"{ONE}  succeeded, not saved" in ran.stderr
    assert f"hint: byteplus video get {ONE}" in ran.stderr
    assert "this was charged" in ran.stderr


def test_what_is_saved_and_cannot_be_written_down_is_told(
    scripted: Shell, service: Account
) -> None:
    make(scripted, service, ONE)
    full = "SELECT RAISE(ABORT, 'database or disk is full')"
    raw = sqlite3.connect(Path(scripted.env["BYTEPLUS_STATE_DIR"]) / "ledger.db")
    with raw:
        raw.execute(f"CREATE TRIGGER full BEFORE INSERT ON files BEGIN {full}; END")
    raw.close()
    there = listening(scripted, "--exit-after 1")
    settled(scripted)
    service.looks[ONE] = [service.finished(ONE)]
    there.call_back(ONE, "succeeded")
    ran = there.ran
    assert (ran.code, ran.stdout) == (0, "fox-5311aaaa.mp4\n")
    assert "fox-5311aaaa.mp4 is saved, but not written down" in ran.stderr


def test_a_look_that_fails_is_tried_again_and_then_told(scripted: Shell, service: Account) -> None:
    make(scripted, service, ONE)
    there = listening(scripted, "--exit-after 1 --json")
    settled(scripted)
    service.looks[ONE] = [*[error(503, "Busy")] * 5, service.finished(ONE)]
    there.call_back(ONE, "succeeded")
    there.call_back(ONE, "succeeded")
    first, last = there.heard(2)
    assert (first["outcome"], first["status"]) == ("trouble", None)
    assert first["error"]["hint"] == f"byteplus video get {ONE}"
    assert (last["outcome"], last["duplicate"]) == ("saved", True)


def test_each_event_is_one_line_of_json(scripted: Shell, service: Account) -> None:
    make(scripted, service, ONE)
    there = listening(scripted, "--exit-after 1 --json")
    settled(scripted)
    there.call_back(ONE, "running")
    service.looks[ONE] = [service.finished(ONE)]
    there.call_back(ONE, "succeeded")
    assert json.loads(there.ran.lines[0]) == {"schema": "byteplus.listener/1", "url": there.url}
    noted, saved = there.heard(2)
    assert (noted["schema"], noted["outcome"]) == ("byteplus.event/1", "noted")
    assert saved.pop("at").endswith("Z")
    document = saved.pop("task")
    assert saved == {
        "schema": "byteplus.event/1",
        "id": ONE,
        "callback": {"status": "succeeded"},
        "outcome": "saved",
        "status": "succeeded",
        "duplicate": False,
        "saved": ["fox-5311aaaa.mp4"],
        "error": None,
    }
    assert document["schema"] == "byteplus.task/1"
    assert document["files"][0]["path"] == "fox-5311aaaa.mp4"


def test_names_and_overwriting_are_those_of_get(scripted: Shell, service: Account) -> None:
    make(scripted, service, ONE)
    Path("here").mkdir()
    Path("here/fox.mp4").write_bytes(b"an older one")
    service.looks[ONE] = [service.finished(ONE)]
    there = listening(scripted, "--exit-after 1 -o here/{slug}.{ext} --overwrite")
    assert there.ran.stdout == "here/fox.mp4\n"
    assert Path("here/fox.mp4").read_bytes() == clips.clip()


@pytest.fixture
def mine() -> Iterator[ScriptedService]:
    """The user's own server."""
    own = ScriptedService()
    yield own
    own.stop()


def test_a_callback_is_passed_on_as_it_came(
    scripted: Shell, service: Account, mine: ScriptedService
) -> None:
    make(scripted, service, ONE)
    mine.on("POST", Reply(500), Reply(drop=True), Reply(204))
    there = listening(scripted, f"--exit-after 1 --json --forward-to {mine.root}/hook?word=secret")
    settled(scripted)
    there.call_back(FORGED, "succeeded")
    body = f'{{"id": "{ONE}",  "status": "running", "error":null}}'.encode()
    assert send(there.url, body, content_type="application/json; charset=utf-8")[0] == 200
    until(lambda: len(mine.asked) == 3)
    service.looks[ONE] = [service.finished(ONE)]
    there.call_back(ONE, "succeeded")
    assert there.ran.code == 0
    forwards = [event for event in there.events if event["schema"] == "byteplus.forward/1"]
    assert [asked.path for asked in mine.asked] == ["/hook?word=secret"] * 4
    assert [asked.body for asked in mine.asked[:3]] == [body] * 3
    assert mine.asked[0].headers["content-type"] == "application/json; charset=utf-8"
    assert "authorization" not in mine.asked[0].headers
    assert [(one["callback"]["status"], one["http_status"], one["tries"]) for one in forwards] == [
        ("running", 204, 3),
        ("succeeded", 204, 1),
    ]
    assert "secret" not in there.ran.stdout + there.ran.stderr


def test_a_server_that_takes_nothing_ends_nothing(
    scripted: Shell, service: Account, mine: ScriptedService
) -> None:
    make(scripted, service, ONE)
    mine.on("POST", Reply(302, headers={"location": f"{mine.root}/elsewhere"}))
    there = listening(scripted, f"--exit-after 1 --forward-to {mine.root}/hook")
    settled(scripted)
    there.call_back(ONE, "running")
    until(lambda: mine.asked)
    mine.stop()
    service.looks[ONE] = [service.finished(ONE)]
    there.call_back(ONE, "succeeded")
    assert (there.ran.code, there.ran.stdout) == (0, "fox-5311aaaa.mp4\n")
    told = f"warning: {ONE}: not passed on to {mine.root}/hook: "
    assert f"{told}it answered 302\n" in there.ran.stderr
    assert f"{told}cannot reach 127.0.0.1: Connection refused, 3 times\n" in there.ran.stderr
    assert [asked.path for asked in mine.asked] == ["/hook"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--path hook", "--path hook is no plain path"),
        ("--path /{id}", "is no plain path"),
        ("--path '/a b'", "is no plain path"),
        ("--forward-to nowhere", "--forward-to nowhere is not an http or https address"),
        ("--forward-to file:///etc/passwd", "is not an http or https address"),
        ("--forward-to http://x:99999/", "is not an http or https address"),
        ("--forward-to http://me:word@x.example/", "no name and password"),
        ("--forward-to http://localhost:8787/hook", "leads back to this listener"),
        ("--exit-after 0", "--exit-after"),
        ("--port 70000", "ports go from 0 to 65535"),
        ("--host nowhere.invalid", "cannot listen on nowhere.invalid"),
        ("-o {nope}.mp4", "nope"),
    ],
)
def test_a_wrong_option_is_refused(scripted: Shell, options: str, said: str) -> None:
    done = scripted(f"webhook listen {options}")
    assert done.code == 2
    assert said in done.stderr


def test_a_port_that_is_taken_is_told_with_a_way_out(
    scripted: Shell, service: Account, mine: ScriptedService
) -> None:
    port = mine.root.rpartition(":")[2]
    done = scripted(f"webhook listen --port {port}")
    assert done.code == 2
    assert f"cannot listen on 127.0.0.1, port {port}: Address already in use" in done.stderr
    assert "hint: --port 0 takes a free one" in done.stderr


def test_without_a_key_nothing_listens(byteplus: Shell) -> None:
    done = byteplus("webhook listen")
    assert done.code == 3
    assert "hint: byteplus config set api_key" in done.stderr


@posix
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_it_at_once_even_while_a_clip_is_fetched(
    scripted: Shell, service: Account, number: signal.Signals, code: int
) -> None:
    make(scripted, service, ONE)
    content = {"video_url": f"{service.root}/api/v3/silent.mp4"}
    service.looks[ONE] = [task(ONE, "succeeded", content=content)]
    service.on("GET", Reply(delay=60))
    with listening_process(scripted) as (process, _):
        until(lambda: any("silent" in asked.path for asked in service.asked))
        before = time.monotonic()
        process.send_signal(number)
        _, said = process.communicate()
        # 0.3 s is the promise; a busy machine is given a little more before it fails the test.
        assert time.monotonic() - before < 1
    assert process.returncode == code
    assert said.endswith("stopped with 1 task in hand: byteplus rescue goes on\n")
    service.looks[ONE] = [service.finished(ONE)]
    assert scripted("rescue").stdout == "fox-5311aaaa.mp4\n"


@posix
def test_a_reader_that_leaves_ends_it(scripted: Shell, service: Account) -> None:
    make(scripted, service, ONE)
    with listening_process(scripted, "--json") as (process, url):
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        assert send(url, {"id": ONE, "status": "queued"})[0] == 200
        assert process.wait(10) == 141


def test_the_sandbox_calls_back_and_the_clip_is_saved(sandbox: Shell) -> None:
    with listening_process(sandbox, "--exit-after 1 --json") as (process, url):
        made = sandbox(
            f"video create 'fox [[slow:1]]' --resolution 480p -d 2 --no-wait --callback-url {url}"
        )
        assert made.code == 0, made.stderr
        out, said = process.communicate(timeout=30)
    assert process.returncode == 0, said
    events = [json.loads(line) for line in out.splitlines()[1:]]
    assert {event["id"] for event in events} == {made.stdout.strip()}
    told = [event["callback"]["status"] for event in events]
    assert told == ["queued", "running", "succeeded"]
    (saved,) = events[-1]["saved"]
    assert Path(saved).stat().st_size == events[-1]["task"]["files"][0]["bytes"]


def test_the_sandbox_tells_of_a_failure(sandbox: Shell) -> None:
    with listening_process(sandbox, "--exit-after 1 --json") as (process, url):
        prompt = "fox [[slow:0]] [[fail:OutputVideoSensitiveContentDetected]]"
        made = sandbox(f"video create '{prompt}' --no-wait --callback-url {url}")
        assert made.code == 0, made.stderr
        out, said = process.communicate(timeout=30)
    assert process.returncode == 10, said
    last = json.loads(out.splitlines()[-1])
    assert (last["outcome"], last["error"]["exit_code"]) == ("ended", 10)
