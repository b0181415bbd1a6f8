"""Running the sandbox: in a thread of this process, on a free port of this machine."""

from __future__ import annotations

import shutil
import socket
import threading
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from byteplus_cli.sandbox.app import make_app

HOST = "127.0.0.1"
KEY = "sandbox-key"


@dataclass(frozen=True)
class Sandbox:
    """A sandbox that answers."""

    base_url: str
    _server: uvicorn.Server
    api_key: str = KEY

    def stop(self) -> None:
        """Tell it to end; what it holds is on the disk already."""
        self._server.should_exit = True


def start(state: Path, port: int = 0) -> Sandbox:
    """Start over the tasks in `state`; raises OSError if the port is taken."""
    listener = socket.create_server((HOST, port))
    config = uvicorn.Config(
        make_app(state), log_level="critical", lifespan="off", access_log=False, ws="none"
    )
    server = uvicorn.Server(config)
    threading.Thread(target=server.run, args=([listener],), daemon=True).start()
    # The socket listens already, so a request that comes before the server is up just waits.
    return Sandbox(f"http://{HOST}:{listener.getsockname()[1]}/api/v3", server)


def reset(state: Path) -> int:
    """Forget everything; gives how many tasks that were."""
    from byteplus_cli.sandbox.tasks import Tasks

    if not state.exists():
        return 0
    tasks = Tasks(state)
    count = len(tasks.all(0))
    tasks.close()
    shutil.rmtree(state)
    return count
