"""`webhook listen` while it runs: in a thread of the test, or in a process of its own."""

from __future__ import annotations

import http.client
import io
import json
import re
import shlex
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from byteplus_cli.cli import run
from byteplus_cli.session import Surroundings
from conftest import Ran, Shell, started


def send(url: str, body: object, *, method: str = "POST", **headers: str) -> tuple[int, bytes]:
    """The status and the body of the answer; anything but bytes is sent as JSON."""
    parts = urlsplit(url)
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port or 80, timeout=20)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request(
            method, parts.path or "/", raw, {"content-type": "application/json", **named}
        )
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def until(condition: Any) -> None:
    """Go on as soon as something is so, which takes other threads a moment."""
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@dataclass
class Hearing:
    """A listener in a thread, and what it has said so far."""

    shell: Shell
    port: int
    stdout: io.StringIO = field(default_factory=io.StringIO)
    stderr: io.StringIO = field(default_factory=io.StringIO)
    codes: list[int] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def begin(self, options: str) -> None:
        line = shlex.split(f"webhook listen --port {self.port} {options}")
        around = Surroundings(
            self.shell.env,
            io.StringIO(),
            self.stdout,
            self.stderr,
            sleep=lambda seconds: time.sleep(min(seconds, 0.02)),
        )

        def listen() -> None:
            self.codes.append(run(line, around))

        threading.Thread(target=listen, daemon=True).start()

    def call_back(self, id: str, status: str, **fields: object) -> int:
        return send(self.url, {"id": id, "status": status, **fields})[0]

    def answers(self) -> bool:
        assert not self.codes, self.stderr.getvalue()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    @property
    def events(self) -> list[Any]:
        """What it has printed under --json until now, but for its first line."""
        return [json.loads(line) for line in self.stdout.getvalue().splitlines()[1:]]

    def heard(self, count: int) -> list[Any]:
        """The events, once there are so many."""
        until(lambda: len(self.events) >= count)
        return self.events

    @property
    def ran(self) -> Ran:
        """What it came to in the end."""
        until(lambda: self.codes)
        return Ran(self.codes[0], self.stdout.getvalue(), self.stderr.getvalue())


def listening(shell: Shell, options: str = "") -> Hearing:
    """A listener that answers already."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        hearing = Hearing(shell, free.getsockname()[1])
    hearing.begin(options)
    until(hearing.answers)
    return hearing


@contextmanager
def listening_process(
    shell: Shell, options: str = ""
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process and the address that it said it listens on."""
    process = started(shell, f"webhook listen --port 0 {options}")
    try:
        assert process.stderr is not None
        line = process.stderr.readline()
        found = re.search(r"listening on (http://\S+)", line)
        assert found, line + process.stderr.read()
        yield process, found[1]
    finally:
        process.kill()
        process.communicate()
