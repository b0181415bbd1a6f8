"""Answers whoever calls back: at once, and with no word of what was sent."""

from __future__ import annotations

import asyncio
import errno
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import Server

from byteplus_cli.webhook.hint import Hint, read

# A callback is what a look would answer: about 2 kB, most of it the signed link.
LARGEST = 64 * 1024
# More of what is too large is not read to its end, so that nobody can keep us reading.
READ = 16 * LARGEST
LARGEST_HEAD = 16 * 1024
CALLERS = 100
# For a whole request; the service itself gives up after 5 s (REV265, 2026-10-08).
PATIENCE = 10.0
START_SECONDS = 10

Take = Callable[[Hint], bool]


@dataclass(frozen=True)
class Listening:
    """A server that answers until it is stopped."""

    port: int
    stop: Callable[[], None]


def serve(
    host: str,
    port: int,
    path: str,
    take: Take,
    *,
    clock: Callable[[], float],
    patience: float = PATIENCE,
) -> Listening:
    """Answer from a thread, and return once it does; port 0 takes a free one.

    `take` gets each callback, and says whether there was room for it. Raises OSError.
    """
    listener = _listen(host, port)
    server = _Server(create_app(path, take, clock), patience)
    server.answer(listener)

    def stop() -> None:
        server.should_exit = server.force_exit = True

    return Listening(listener.getsockname()[1], stop)


def create_app(path: str, take: Take, clock: Callable[[], float]) -> Starlette:
    async def receive(request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return _said(413, "too large for a callback")
        try:
            hint = read(body, request.headers.get("content-type", ""), clock())
        except ValueError:
            return _said(400, "not a callback: JSON with the id and the status of a task")
        if not take(hint):
            return _said(503, "too many at once, send it again")
        return _said(200, "taken")

    def explain(_: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        words = {404: "nothing is here", 405: "send it with POST"}
        headers = error.headers if isinstance(error, HTTPException) else None
        return _said(status, words.get(status, "it cannot be taken"), headers)

    app = Starlette(
        routes=[Route(path, receive, methods=["POST"])],
        exception_handlers={HTTPException: explain, 500: explain},
    )
    app.router.redirect_slashes = False
    return app


async def _body(request: Request) -> bytes | None:
    """What was sent; None if it is too large, after as much of it as lets the caller hear so."""
    kept, size = bytearray(), 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= LARGEST:
            kept += chunk
        if size > READ:
            break
    return bytes(kept) if size <= LARGEST else None


def _said(status: int, words: str, headers: object = None) -> Response:
    # One request a connection, so that the time of a connection is that of a request.
    allowed = {"Connection": "close", **(headers if isinstance(headers, dict) else {})}
    return PlainTextResponse(words + "\n", status, headers=allowed)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OverflowError as error:
        raise OSError(errno.EINVAL, "ports go from 0 to 65535") from error


class _Connection(H11Protocol):
    """Hangs up on whoever takes too long, with the head of a request or with its body."""

    patience = PATIENCE

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._too_late = self.loop.call_later(self.patience, transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        self._too_late.cancel()
        super().connection_lost(exc)


class _Server(Server):
    """Answers from a thread of its own; it logs nothing, touches no signal and dies with us."""

    def __init__(self, app: ASGIApp, patience: float) -> None:
        config = Config(
            app,
            http=type("_Patient", (_Connection,), {"patience": patience}),
            ws="none",
            loop="asyncio",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            log_level="critical",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            limit_concurrency=CALLERS,
            h11_max_incomplete_event_size=LARGEST_HEAD,
        )
        super().__init__(config)
        self._answering = threading.Event()

    def answer(self, listener: socket.socket) -> None:
        threading.Thread(target=self._run, args=(listener,), daemon=True).start()
        if not self._answering.wait(START_SECONDS) or not self.started:
            raise OSError(errno.ETIMEDOUT, "the server did not start")

    def _run(self, listener: socket.socket) -> None:
        try:
            self.run([listener])
        finally:
            self._answering.set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._answering.set()
