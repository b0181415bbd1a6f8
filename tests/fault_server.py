"""A file server on loopback that fails in whatever way a test asks for.

    with FaultServer() as server:
        honest = content(b"...", etag='"one"')
        server.on("/clip.mp4", but(honest, cut=100), honest)
        server.url("/clip.mp4")

The first question is answered with a connection that breaks after 100 bytes, the rest honestly.
"""

from __future__ import annotations

import os
import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType


@dataclass(frozen=True)
class Asked:
    """One question, with its headers by lower-case name."""

    path: str
    headers: Mapping[str, str]

    @property
    def range(self) -> str | None:
        return self.headers.get("range")


@dataclass(frozen=True)
class Reply:
    """What to answer, and how to fail at it.

    `length` is the Content-Length to claim where it is not the truth; None sends none. After
    `cut` bytes of the body the connection ends: in silence with `stall`, with RST with `reset`,
    otherwise as if all was said. `pieces` sends that many bytes at a time.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = -1
    chunked: bool = False
    cut: int | None = None
    stall: bool = False
    reset: bool = False
    silent: bool = False  # not even a status line
    pieces: int | None = None

    @property
    def head(self) -> dict[str, str]:
        if self.chunked:
            return {**self.headers, "Transfer-Encoding": "chunked"}
        if self.length is None:
            return dict(self.headers)
        length = len(self.body) if self.length < 0 else self.length
        return {"Content-Length": str(length), **self.headers}


Answer = Callable[[Asked], Reply]


def content(body: bytes, *, etag: str = "", modified: str = "", kind: str = "video/mp4") -> Answer:
    """Answers as a good file server does: whole, or the rest that Range and If-Range ask for."""
    named = {"ETag": etag, "Last-Modified": modified, "Content-Type": kind}
    headers = {name: value for name, value in named.items() if value}

    def answer(asked: Asked) -> Reply:
        wanted = re.fullmatch(r"bytes=(\d+)-", asked.range or "")
        if not wanted or asked.headers.get("if-range", etag) not in {etag, modified} - {""}:
            return Reply(body=body, headers=headers)
        start = int(wanted[1])
        if start >= len(body):
            return Reply(416, headers={"Content-Range": f"bytes */{len(body)}"})
        place = f"bytes {start}-{len(body) - 1}/{len(body)}"
        return Reply(206, body[start:], {**headers, "Content-Range": place})

    return answer


def but(answer: Answer, **changes: object) -> Answer:
    """The same answer with something else about it: `but(honest, cut=100)`."""
    return lambda asked: replace(answer(asked), **changes)  # type: ignore[arg-type]


def redirect(to: str, status: int = 302) -> Reply:
    return Reply(status, headers={"Location": to})


class FaultServer:
    """Answers each path from its own list, one reply after another; the last one stays."""

    def __init__(self, certificate: Path | None = None) -> None:
        self.asked: list[Asked] = []
        self.closing = threading.Event()
        self._answers: dict[str, list[Reply | Answer]] = {}
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._scheme = "https" if certificate else "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def __enter__(self) -> FaultServer:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        return self._server.server_port

    def url(self, path: str = "/clip.mp4", host: str = "127.0.0.1") -> str:
        return f"{self._scheme}://{host}:{self.port}{path}"

    def on(self, path: str, *answers: Reply | Answer) -> str:
        """Set the answers for `path`; gives its URL. A whole URL is what a proxy is asked for."""
        self._answers[path] = list(answers)
        return path if "://" in path else self.url(path)

    def answer(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        answers = self._answers.get(asked.path) or [Reply(404)]
        chosen = answers.pop(0) if len(answers) > 1 else answers[0]
        return chosen if isinstance(chosen, Reply) else chosen(asked)

    @property
    def ranges(self) -> list[str | None]:
        """The Range of each question so far."""
        return [asked.range for asked in self.asked]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what many tests are about."""


def _handler(server: FaultServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = server.answer(Asked(self.path, headers))
            self.close_connection = True
            if reply.silent:
                server.closing.wait()
                return
            self.send_response(reply.status)
            for name, value in reply.head.items():
                self.send_header(name, value)
            self.end_headers()
            self._send_body(reply)

        def _send_body(self, reply: Reply) -> None:
            body = reply.body if reply.cut is None else reply.body[: reply.cut]
            step = reply.pieces or max(len(body), 1)
            for start in range(0, len(body), step):
                piece = body[start : start + step]
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if reply.chunked else piece)
            if reply.stall:
                server.closing.wait()
            elif reply.chunked and reply.cut is None:
                self.wfile.write(b"0\r\n\r\n")
            if reply.reset:
                # Closing with no time to linger sends RST.
                linger = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                os.close(self.connection.detach())

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler
