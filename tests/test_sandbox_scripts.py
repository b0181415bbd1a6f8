"""Outcomes that a prompt scripts, callbacks, and callers with bad manners."""

from __future__ import annotations

import http.client
import json
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from byteplus_cli.sandbox.scripts import DIRECTIVES, parse
from offline import FAST, IMAGES, TASKS, Offline, offline


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Offline]:
    with offline(tmp_path / "sandbox") as started:
        yield started


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


class Listener(ThreadingHTTPServer):
    """Keeps what it is told and answers with the statuses in `answers`, then 200."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Told)
        self.told: queue.Queue[Any] = queue.Queue()
        self.answers: list[int] = []
        self.when_told: Callable[[], object] | None = None  # once

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook?x=1"

    def next(self) -> Any:
        return self.told.get(timeout=10)


class Told(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        act, self.server.when_told = self.server.when_told, None
        if act:
            act()
        self.server.told.put({**json.loads(body), "path": self.path})
        self.send_response(self.server.answers.pop(0) if self.server.answers else 200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def test_each_directive_that_help_lists_is_understood() -> None:
    for directive, meaning in DIRECTIVES:
        assert parse(directive.replace("CODE", "Some.Code")) != parse(""), directive
        assert meaning


def test_other_words_in_brackets_are_part_of_the_prompt(there: Offline) -> None:
    assert parse("see [[a page]] and [[Slow:3]] and [[noise:1]]") == parse("")
    assert there.look(there.create("[[a page]]"))["status"] == "queued"


@pytest.mark.parametrize("prompt", ["[[slow]]", "[[slow:-1]]", "[[http:200]]", "[[fail:]]"])
def test_a_directive_with_a_wrong_value_is_explained(there: Offline, prompt: str) -> None:
    reply = there.post(prompt)
    assert reply.status == 400
    assert "has to be like [[" in reply.json["error"]["message"]


def test_slow_and_queue_stretch_a_task(there: Offline) -> None:
    id = there.create("[[queue:10]] [[slow:30]]")
    seen = [there.look(id, later)["status"] for later in (9.9, 0.2, 29.8, 0.2)]
    assert seen == ["queued", "running", "running", "succeeded"]


def test_fail_ends_a_task_with_that_code(there: Offline) -> None:
    task = there.finished("[[fail:OutputVideoSensitiveContentDetected]]")
    assert task["status"] == "failed"
    assert task["error"]["code"] == "OutputVideoSensitiveContentDetected"
    assert not {"content", "usage"} & set(task)


def test_expire_and_a_late_task_end_expired(there: Offline) -> None:
    assert there.finished("[[expire]]")["status"] == "expired"
    id = there.create("[[slow:9999]]", execution_expires_after=3600)
    assert there.look(id, 3599)["status"] == "running"
    assert there.look(id, 1)["status"] == "expired"
    late = there.create("[[queue:9999]]", execution_expires_after=3600)
    assert there.look(late, 3600)["status"] == "expired"


def test_refuse_and_http_answer_the_create_and_make_no_task(there: Offline) -> None:
    refused = there.post("[[refuse:InputTextSensitiveContentDetected]]")
    assert (refused.status, refused.code) == (400, "InputTextSensitiveContentDetected")
    failed = there.post("[[http:503]]")
    assert (failed.status, failed.code) == (503, "InternalServiceError")
    busy = there.post("[[http:429]]")
    assert (busy.status, busy.headers["retry-after"]) == (429, "1")
    assert there.call("GET", TASKS).json["total"] == 0


def test_lose_takes_the_task_and_says_nothing(there: Offline) -> None:
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        there.post("[[lose]]", seed=7)
    (item,) = there.call("GET", TASKS).json["items"]
    assert (item["status"], item["seed"]) == ("queued", 7)


def test_look_spoils_three_looks(there: Offline) -> None:
    path = f"{TASKS}/{there.create('[[look:503]]')}"
    assert [there.call("GET", path).status for _ in range(5)] == [503, 503, 503, 200, 200]


def test_cut_breaks_the_first_download_off(there: Offline) -> None:
    url = there.finished("[[cut]]", resolution="480p", duration=2)["content"]["video_url"]
    with pytest.raises(http.client.IncompleteRead) as cut:
        there.call("GET", url)
    whole = there.call("GET", url).content
    assert cut.value.partial == whole[: len(whole) // 2]
    rest = there.call("GET", url, range=f"bytes={len(cut.value.partial)}-")
    assert cut.value.partial + rest.content == whole


def test_stale_hands_out_a_dead_link_once(there: Offline) -> None:
    task = there.finished("[[stale]]", resolution="480p", duration=2)
    assert there.call("GET", task["content"]["video_url"]).status == 403
    fresh = there.look(task["id"])["content"]["video_url"]
    assert there.call("GET", fresh).status == 200


def test_a_callback_hears_each_change_in_order(there: Offline, listener: Listener) -> None:
    id = there.create(callback_url=listener.url)
    queued = listener.next()
    there.now += 10
    running, succeeded = listener.next(), listener.next()
    statuses = [told["status"] for told in (queued, running, succeeded)]
    assert statuses == ["queued", "running", "succeeded"]
    assert succeeded.pop("path") == "/hook?x=1"
    assert succeeded == there.look(id)


def test_an_end_that_is_not_acknowledged_is_told_again(there: Offline, listener: Listener) -> None:
    listener.answers = [500, 500, 500, 500, 500]
    there.create("[[slow:0]]", callback_url=listener.url)
    there.create("[[slow:0]] [[expire]]", callback_url=listener.url)
    seen = [listener.next()["status"] for _ in range(5)]
    assert seen.count("succeeded") == 4
    assert seen.count("expired") == 1


def test_a_cancelled_task_is_not_told(there: Offline, listener: Listener) -> None:
    id = there.create("[[queue:60]]", callback_url=listener.url)
    assert listener.next()["status"] == "queued"
    there.call("DELETE", f"{TASKS}/{id}")
    there.create("[[slow:0]]", callback_url=listener.url)
    assert listener.next()["status"] == "succeeded"
    assert listener.told.empty()


def test_what_a_stopped_sandbox_left_untold_is_told_by_the_next(
    there: Offline, listener: Listener
) -> None:
    there.create("[[queue:60]]", callback_url=listener.url)
    assert listener.next()["status"] == "queued"
    there.sandbox.stop()
    there.now += 100
    there.start()
    assert [listener.next()["status"] for _ in range(2)] == ["running", "succeeded"]


def test_a_sandbox_that_tells_for_all_calls_back_about_what_others_took(
    there: Offline, listener: Listener
) -> None:
    with offline(there.state) as staying:
        staying.sandbox.tell_for_all()
        id = there.create("[[queue:0]]", callback_url=listener.url)
        assert listener.next()["status"] == "running"
        there.sandbox.stop()
        staying.now += 100
        told = listener.next()
    assert (told["id"], told["status"]) == (id, "succeeded")


def test_no_change_is_lost_or_told_twice_when_the_sandbox_stops_amid_telling(
    there: Offline, listener: Listener
) -> None:
    there.create("[[queue:60]]", callback_url=listener.url)
    assert listener.next()["status"] == "queued"
    stopping = threading.Thread(target=there.sandbox.stop)
    listener.when_told = stopping.start
    there.now += 100
    assert listener.next()["status"] == "running"
    stopping.join()
    there.start()
    assert listener.next()["status"] == "succeeded"
    there.create("[[slow:0]] [[queue:0]] [[expire]]", callback_url=listener.url)
    assert listener.next()["status"] == "expired"


def test_no_other_host_is_called(there: Offline, listener: Listener) -> None:
    elsewhere = f"http://localhost.example:{listener.server_port}/hook"
    there.create("[[slow:0]]", callback_url=elsewhere)
    there.create("[[slow:0]]", callback_url=f"http://127.0.0.1@example.invalid:{80}/")
    there.create("[[slow:0]]", callback_url=f"http://localhost:{listener.server_port}/only")
    assert listener.next()["path"] == "/only"
    assert listener.told.empty()


def test_an_unknown_path_and_a_wrong_method_are_told_in_json(there: Offline) -> None:
    for path in ("/", "/api/v3", "/api/v3/images", f"{TASKS}/", f"{TASKS}/a/b"):
        reply = there.call("GET", path)
        assert (reply.status, reply.code) == (404, "NotFound"), path
    for method, path in (
        ("PUT", TASKS),
        ("GET", IMAGES),
        ("PATCH", f"{TASKS}/cgt-1"),
        ("POST", f"{TASKS}/x"),
    ):
        reply = there.call(method, path)
        assert (reply.status, reply.code) == (405, "MethodNotAllowed")


def test_there_is_no_cancel_call_only_another_create(there: Offline) -> None:
    body = {"model": FAST, "content": [{"type": "text", "text": "a fox"}]}
    assert there.call("POST", f"{TASKS}/cgt-1/cancel", body).json["id"].startswith("cgt-")


def test_a_body_over_64_mb_is_refused_and_the_refusal_is_heard(there: Offline) -> None:
    reply = there.call("POST", TASKS, b" " * (64 * 1024 * 1024 + 1))
    assert (reply.status, reply.code) == (413, "RequestEntityTooLarge")


def test_a_slow_caller_holds_up_nobody(there: Offline) -> None:
    parts = urlsplit(there.sandbox.base_url)
    with socket.create_connection((parts.hostname, parts.port)) as slow:
        slow.sendall(b"POST " + TASKS.encode() + b" HTTP/1.1\r\nContent-Le")
        assert there.create()


def test_noise_is_answered_and_survived(there: Offline) -> None:
    parts = urlsplit(there.sandbox.base_url)
    with socket.create_connection((parts.hostname, parts.port)) as noisy:
        noisy.sendall(b"\x16\x03\x01 hello\r\n\r\n")
        assert b" 400 " in noisy.recv(1000)
    assert there.create()


def test_it_starts_and_stops_in_a_moment(there: Offline) -> None:
    before = time.monotonic()
    there.sandbox.stop()
    there.start()
    # 10 ms alone; the rest is for a busy machine.
    assert time.monotonic() - before < 1
