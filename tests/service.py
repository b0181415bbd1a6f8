"""A scripted ModelArk: answers from a list, and writes down what it was asked."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TASKS = "/api/v3/contents/generations/tasks"


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """What to answer. `drop` closes the connection without a word, `delay` is in seconds.

    A body that is a function is made when it is asked for.
    """

    status: int = 200
    body: Any = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: bool = False
    delay: float = 0
    pieces: Sequence[bytes] | None = None  # sent one by one in place of the body
    whole: bool = True  # False breaks the connection off after the last piece

    @property
    def content(self) -> bytes:
        body = self.body() if callable(self.body) else self.body
        return body if isinstance(body, bytes) else json.dumps(body).encode()


DROP = Reply(drop=True)


def error(status: int, code: str, message: str = "no", **headers: str) -> Reply:
    """An error as ModelArk words it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, {"error": {"code": code, "message": message}}, named)


class ScriptedService:
    """Answers POST, GET, PUT and DELETE from `replies`, one after another; the last one stays."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.replies: dict[str, list[Reply]] = {}
        self.files: dict[str, bytes] = {}
        self.stopped = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def base_url(self) -> str:
        return f"{self.root}/api/v3"

    def on(self, method: str, *replies: Reply) -> None:
        self.replies[method] = list(replies)

    def asked_by(self, method: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.method == method]

    def file(self, name: str, content: bytes) -> str:
        """Serve a file; gives its link."""
        self.files[f"/{name}"] = content
        return f"{self.root}/{name}"

    def stop(self) -> None:
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()

    def answer(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        path = asked.path.partition("?")[0]
        if path in self.files:
            kind = "image/jpeg" if path.endswith((".jpg", ".jpeg", ".png")) else "video/mp4"
            return Reply(body=self.files[path], headers={"content-type": kind})
        left = self.replies.get(asked.method) or [error(404, "NotFound")]
        return left.pop(0) if len(left) > 1 else left[0]


def _handler(service: ScriptedService) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _handle(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = service.answer(Asked(self.command, self.path, headers, body))
            service.stopped.wait(reply.delay)
            if reply.drop:
                self.close_connection = True
                return
            pieces = reply.pieces
            content = reply.content if pieces is None else b""
            self.send_response(reply.status)
            sent = {"content-type": "application/json", "x-request-id": "req-1", **reply.headers}
            length = {"content-length": str(len(content))}
            chunked = {"transfer-encoding": "chunked"}
            for name, value in {**sent, **(length if pieces is None else chunked)}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)
            for piece in pieces or ():
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                self.wfile.flush()
            if pieces is not None and reply.whole:
                self.wfile.write(b"0\r\n\r\n")
            self.close_connection = self.close_connection or not reply.whole

        do_GET = do_POST = do_PUT = do_DELETE = _handle

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def task(id: str = "cgt-20261121101530-ab12c", status: str = "running", **fields: Any) -> Reply:
    """A look at a task."""
    now = int(time.time())
    return Reply(body={"id": id, "status": status, "created_at": now, "updated_at": now, **fields})
