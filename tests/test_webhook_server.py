"""Whoever calls the listener is answered at once, briefly, and whatever they send."""

from __future__ import annotations

import json
import queue
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from byteplus_cli.webhook.hint import Hint
from byteplus_cli.webhook.server import LARGEST, READ, Listening, serve
from listener import send

ID = "cgt-20261121101530-ab12c"
CALLBACK = {"id": ID, "status": "running"}


@dataclass
class Door:
    """A server that keeps what it takes."""

    patience: float = 10.0
    path: str = "/"
    room: bool = True
    taken: queue.SimpleQueue[Hint] = field(default_factory=queue.SimpleQueue)
    listening: Listening = field(init=False)

    def __post_init__(self) -> None:
        self.listening = serve(
            "127.0.0.1", 0, self.path, self._take, clock=lambda: 1.0, patience=self.patience
        )

    def _take(self, hint: Hint) -> bool:
        if self.room:
            self.taken.put(hint)
        return self.room

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listening.port}{self.path}"

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.listening.port), timeout=10)


@pytest.fixture
def door() -> Iterator[Door]:
    made = Door()
    yield made
    made.listening.stop()


@pytest.fixture
def hurried() -> Iterator[Door]:
    made = Door(patience=0.2)
    yield made
    made.listening.stop()


def test_a_callback_is_taken_with_its_id_claim_body_and_type(door: Door) -> None:
    body = json.dumps({**CALLBACK, "content": None}).encode()
    status, said = send(door.url, body, content_type="application/json; charset=utf-8")
    assert (status, said) == (200, b"taken\n")
    hint = door.taken.get(timeout=5)
    assert hint == Hint(ID, "running", 1.0, body, "application/json; charset=utf-8")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b"null",
        b'"cgt-1"',
        b"{}",
        b'{"id": "cgt-20261121101530-ab12c"}',
        b'{"id": 7, "status": "running"}',
        b'{"id": "../../x", "status": "running"}',
        b'{"id": "", "status": "running"}',
        b'{"id": "cgt-1\\u001b[2J", "status": "running"}',
        b'{"id": "cgt-20261121101530-ab12c", "status": "\\u001b[2Jrunning"}',
        b'{"id": "cgt-20261121101530-ab12c", "status": {"a": 1}}',
        b'{"id": "cgt-20261121101530-ab12c", "status": ' + b'"' + b"x" * 41 + b'"}',
        b"[" * 60_000,
        b'{"id": ' + b"9" * 60_000 + b"}",
        b"\xff\xfe\x00",
    ],
)
def test_what_is_no_callback_is_refused_and_not_repeated(door: Door, body: bytes) -> None:
    status, said = send(door.url, body)
    assert status == 400
    assert said == b"not a callback: JSON with the id and the status of a task\n"
    assert door.taken.empty()


@pytest.mark.parametrize("size", [LARGEST + 1, READ, 4 * READ])
def test_an_oversized_body_is_refused_and_not_kept(door: Door, size: int) -> None:
    try:
        status, said = send(door.url, b" " * size)
        assert (status, said) == (413, b"too large for a callback\n")
    except (BrokenPipeError, ConnectionResetError):
        assert size > READ  # nobody reads that much to the end
    assert door.taken.empty()
    assert send(door.url, CALLBACK)[0] == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "BREW"])
def test_another_method_is_refused(door: Door, method: str) -> None:
    assert send(door.url, CALLBACK, method=method)[0] == 405
    assert door.taken.empty()


@pytest.mark.parametrize(
    "path", ["/nowhere", "/hook", "/hook/x/", "/hook/../x", "/../etc/passwd", "/hook/%2e%2e", "//"]
)
def test_another_path_is_nothing(path: str) -> None:
    door = Door(path="/hook/x")
    try:
        assert send(door.url.removesuffix("/hook/x") + path, CALLBACK)[0] == 404
        assert send(door.url, CALLBACK)[0] == 200
    finally:
        door.listening.stop()


def test_where_there_is_no_room_the_service_is_to_send_it_again(door: Door) -> None:
    door.room = False
    assert send(door.url, CALLBACK)[0] == 503


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Le",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{",
    ],
    ids=["nothing", "half a head", "half a body"],
)
def test_a_slow_caller_is_hung_up_on_and_holds_up_nobody(hurried: Door, begun: bytes) -> None:
    with hurried.connect() as slow:
        slow.sendall(begun)
        assert send(hurried.url, CALLBACK)[0] == 200
        with suppress(ConnectionResetError):  # another way to be hung up on
            assert slow.recv(1000) == b""


def test_a_head_without_an_end_is_refused(door: Door) -> None:
    with door.connect() as endless:
        endless.sendall(b"POST / HTTP/1.1\r\nX: " + b"x" * 100_000)
        assert b" 400 " in endless.recv(1000)
    assert send(door.url, CALLBACK)[0] == 200


def test_noise_and_callers_that_hang_up_are_survived(door: Door) -> None:
    with door.connect() as noisy:
        noisy.sendall(b"\x16\x03\x01 hello\r\n\r\n")
        assert b" 400 " in noisy.recv(1000)
    with door.connect() as gone:
        gone.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{")
    assert send(door.url, CALLBACK)[0] == 200


def test_it_says_nothing_of_itself(door: Door) -> None:
    with door.connect() as asking:
        asking.sendall(b"GET /secret HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = asking.recv(1000).lower()
    assert b"connection: close" in answer
    assert b"server:" not in answer
    assert b"secret" not in answer


def test_it_stops_in_a_moment(door: Door) -> None:
    before = time.monotonic()
    door.listening.stop()
    assert time.monotonic() - before < 0.1
