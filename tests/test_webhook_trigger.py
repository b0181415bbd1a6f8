"""`byteplus webhook trigger`: one callback, as the service would send it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from byteplus_cli.generation.cost import clip_tokens
from conftest import Shell
from listener import listening
from offline import offline
from service import Reply, ScriptedService


@pytest.fixture
def mine() -> Iterator[ScriptedService]:
    """The user's own server, which takes whatever comes."""
    own = ScriptedService()
    own.on("POST", Reply())
    yield own
    own.stop()


def test_a_test_callback_needs_no_key_and_looks_like_a_real_one(
    byteplus: Shell, mine: ScriptedService
) -> None:
    done = byteplus(f"webhook trigger succeeded --to {mine.root}/hook?x=1")
    assert done.code == 0, done.stderr
    assert done.stdout.startswith("answered 200 after 0.")
    (asked,) = mine.asked
    assert (asked.method, asked.path) == ("POST", "/hook?x=1")
    assert asked.headers["content-type"] == "application/json"
    assert "authorization" not in asked.headers
    assert asked.json["id"].startswith("cgt-20")
    assert asked.json["usage"]["total_tokens"] == clip_tokens(1248, 704, 121)
    assert f"sent succeeded of {asked.json['id']} to {mine.root}/hook\n" in done.stderr
    assert not Path(byteplus.env["BYTEPLUS_STATE_DIR"]).exists()


@pytest.mark.parametrize("status", ["queued", "running", "succeeded", "failed", "expired"])
def test_it_has_the_fields_of_a_look_at_such_a_task(
    byteplus: Shell, mine: ScriptedService, tmp_path: Path, status: str
) -> None:
    prompts = {
        "queued": "[[queue:60]]",
        "running": "[[queue:0]][[slow:60]]",
        "succeeded": "[[slow:0]]",
        "failed": "[[slow:0]][[fail:InternalServiceError]]",
        "expired": "[[slow:0]][[expire]]",
    }
    with offline(tmp_path / "there") as there:
        look = there.look(there.create(prompts[status]))
    done = byteplus(f"webhook trigger {status} --to {mine.root}/ --json")
    assert done.json["schema"] == "byteplus.trigger/1"
    assert (done.json["to"], done.json["http_status"]) == (f"{mine.root}/", 200)
    sent = mine.asked[0].json
    assert sent == done.json["body"]
    assert sent["status"] == status == look["status"]
    assert {name: type(value) for name, value in sent.items()} == {
        name: type(value) for name, value in look.items()
    }


def test_a_real_id_brings_what_is_known_of_its_task(sandbox: Shell, mine: ScriptedService) -> None:
    made = sandbox(
        "video create 'fox [[queue:60]]' --no-wait -m seedance-2.0 --duration 4 --seed 9"
    )
    sandbox(f"webhook trigger running --id @last --to {mine.root}/")
    sent = mine.asked[0].json
    assert sent["id"] == made.stdout.strip()
    assert (sent["model"], sent["seed"], sent["duration"]) == ("dreamina-seedance-2-0-260128", 9, 4)


def test_a_listener_looks_up_what_is_triggered(sandbox: Shell) -> None:
    there = listening(sandbox, "--exit-after 1")
    sandbox("video create 'fox [[queue:0]] [[slow:0]]' --resolution 480p -d 2 --no-wait")
    done = sandbox(f"webhook trigger succeeded --id @last --to {there.url}")
    assert done.code == 0, done.stderr
    assert there.ran.code == 0
    assert Path(there.ran.lines[0]).exists()


@pytest.mark.parametrize(
    ("reply", "code", "said"),
    [
        (Reply(204), 0, ""),
        (Reply(404), 7, "answered 404 to running of cgt-"),
        (Reply(500), 7, "answered 500 to running of cgt-"),
        (Reply(302, headers={"location": "/elsewhere"}), 7, "answered 302"),
        (Reply(drop=True), 6, "no answer from http://127.0.0.1:"),
    ],
)
def test_the_exit_code_says_how_it_was_taken(
    byteplus: Shell, mine: ScriptedService, reply: Reply, code: int, said: str
) -> None:
    mine.on("POST", reply)
    done = byteplus(f"webhook trigger running --to {mine.root}/")
    assert done.code == code
    assert said in done.stderr
    assert len(mine.asked) == 1
    assert ("hint: " in done.stderr) is bool(code)


def test_nobody_there_is_told(byteplus: Shell, mine: ScriptedService) -> None:
    mine.stop()
    done = byteplus(f"webhook trigger running --to {mine.root}/")
    assert done.code == 6
    assert "Connection refused" in done.stderr


@pytest.mark.parametrize(
    ("line", "said", "hint"),
    [
        ("cancelled --to http://x.example/", "no callback for a cancelled task", "one of queued"),
        ("succeded --to http://x.example/", "no callback says succeded", "succeeded"),
        ("running --to x.example", "--to x.example is not an http or https address", "--to http"),
        ("running --to 'http://x.example/a b'", "is not an http or https address", "--to http"),
        ("running", "Missing option '--to'", "--help"),
        ("running --to http://x.example/ --id ../x", "not a task id: ../x", "cgt-"),
    ],
)
def test_a_wrong_request_is_refused(byteplus: Shell, line: str, said: str, hint: str) -> None:
    done = byteplus(f"webhook trigger {line}")
    assert done.code == 2
    assert said in done.stderr
    assert hint in done.stderr.splitlines()[-1]
