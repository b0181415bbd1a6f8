"""Running the offline BytePlus on this machine, for one command or until Ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import Server

from byteplus_cli.sandbox.account import discard
from byteplus_cli.sandbox.app import BASE, create_app
from byteplus_cli.sandbox.callbacks import Callbacks
from byteplus_cli.sandbox.shelf import Shelf
from byteplus_cli.sandbox.state import State
from byteplus_cli.sandbox.storage import access, calls
from byteplus_cli.sandbox.storage.objects import Objects
from byteplus_cli.sandbox.vision import gateway

HOST = "127.0.0.1"
API_KEY = "sandbox-key"
START_SECONDS = 10
_PORT = "port"


@dataclass(frozen=True)
class Sandbox:
    """A running offline BytePlus: where its parts are, and the keys that open them."""

    base_url: str
    api_key: str
    vision_url: str
    access_key: str
    secret_key: str
    storage_url: str
    storage_endpoint: str
    storage_region: str
    storage_access_key: str
    storage_secret_key: str
    stop: Callable[[], None]
    # From then on it makes the callbacks of tasks that other sandboxes on its state took, too.
    tell_for_all: Callable[[], None]


def start(state: Path, port: int = 0, *, clock: Callable[[], float] = time.time) -> Sandbox:
    """Serves from a thread and returns once requests are answered; port 0 takes a free one.

    Raises OSError when the port or the state folder cannot be used.
    """
    listener = _listen(port, state)
    try:
        kept = State.open(state)
        kept.sweep(clock())
        _remember(state, listener.getsockname()[1])
    except OSError:
        listener.close()
        raise
    host = f"{HOST}:{listener.getsockname()[1]}"
    callbacks = Callbacks(kept.tasks, clock, host)
    server = _Server(create_app(kept, callbacks, clock))
    server.answer(listener)
    # An earlier run may have left something untold.
    callbacks.wake()

    def stop() -> None:
        server.should_exit = server.force_exit = True
        callbacks.stop()
        kept.account.close()

    return _sandbox(f"http://{host}", stop, callbacks.stay)


def reset(state: Path) -> int:
    """Forgets every task, picture and file of the sandbox; gives the number of tasks."""
    Shelf(state).forget()
    Objects(state).forget()
    return discard(state)


def _sandbox(root: str, stop: Callable[[], None], tell: Callable[[], None]) -> Sandbox:
    return Sandbox(
        base_url=f"{root}{BASE}",
        api_key=API_KEY,
        vision_url=root,
        access_key=gateway.KEYS.access,
        secret_key=gateway.KEYS.secret,
        storage_url=f"s3://{calls.BUCKET}/inputs",
        storage_endpoint=f"{root}{calls.ROOT}",
        storage_region=access.REGION,
        storage_access_key=access.KEYS.access,
        storage_secret_key=access.KEYS.secret,
        stop=stop,
        tell_for_all=tell,
    )


def _listen(port: int, state: Path) -> socket.socket:
    """A free port: for choice the first one that this sandbox ever had, so that links of earlier
    runs lead to it still."""
    if port == 0:
        with contextlib.suppress(OSError, ValueError, OverflowError):
            return socket.create_server((HOST, int((state / _PORT).read_text())))
    try:
        return socket.create_server((HOST, port))
    except OverflowError as error:
        raise OSError(errno.EINVAL, "ports go from 0 to 65535") from error


def _remember(state: Path, port: int) -> None:
    with contextlib.suppress(FileExistsError), (state / _PORT).open("x") as file:
        file.write(str(port))


class _Connection(H11Protocol):
    """Lets the app hang up without an answer, which ASGI has no words for."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        app = self.app

        async def with_hang_up(scope: Scope, receive: Receive, send: Send) -> None:
            scope["hang_up"] = transport.abort
            await app(scope, receive, send)

        self.app = with_hang_up


class _Server(Server):
    """Answers from a thread of its own; it logs nothing, touches no signal and dies with us."""

    def __init__(self, app: ASGIApp) -> None:
        config = Config(
            app,
            http=_Connection,
            ws="none",
            loop="asyncio",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            log_level="critical",
            access_log=False,
            # Longer than clients keep an idle connection, so that none is closed under a request.
            timeout_keep_alive=75,
        )
        super().__init__(config)
        self._answering = threading.Event()

    def answer(self, listener: socket.socket) -> None:
        threading.Thread(target=self._run, args=(listener,), daemon=True).start()
        if not self._answering.wait(START_SECONDS) or not self.started:
            raise OSError(errno.ETIMEDOUT, "the sandbox did not start")

    def _run(self, listener: socket.socket) -> None:
        try:
            self.run([listener])
        finally:
            self._answering.set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._answering.set()
