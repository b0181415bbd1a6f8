"""Telling a callback address of each change, with no more background work than that needs.

Only plain HTTP addresses on this machine are called: the sandbox never talks to another host.
"""

from __future__ import annotations

import http.client
import json
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.parse import quote, urlsplit, urlunsplit

from byteplus_cli.sandbox.addresses import web_address
from byteplus_cli.sandbox.states import Status
from byteplus_cli.sandbox.tasks import Task, Tasks
from byteplus_cli.sandbox.view import show

# Unanswered for 5 s, an end is sent three times more (REV265 2026-10-08).
PATIENCE, TRIES = 5, 4
PACE = 0.05
# How long a sandbox that stops lets a call come to its end.
LAST_WORD = 0.1


def on_this_machine(url: str | None) -> bool:
    parts = web_address(url)
    if parts is None or parts.scheme != "http":
        return False
    return parts.hostname in ("127.0.0.1", "::1", "localhost")


def post(url: str, body: bytes) -> bool:
    """Whether the address answered with success."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port or 80, timeout=PATIENCE)
    try:
        target = urlunsplit(("", "", quote(parts.path or "/", safe="/%"), parts.query, ""))
        connection.request("POST", target, body, {"Content-Type": "application/json"})
        return connection.getresponse().status < 300
    except (OSError, http.client.HTTPException, ValueError):
        return False
    finally:
        connection.close()


@dataclass
class Callbacks:
    """`host` is where the links in a callback lead to."""

    tasks: Tasks
    clock: Callable[[], float]
    host: str
    _stopped: threading.Event = field(default_factory=threading.Event)
    _staying: threading.Event = field(default_factory=threading.Event)
    _starting: threading.Lock = field(default_factory=threading.Lock)
    _thread: threading.Thread | None = None

    def wake(self) -> None:
        """Starts the telling, unless it goes on already."""
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()

    def stay(self) -> None:
        """From now on tells of tasks that were asked for through other sandboxes, too."""
        self._staying.set()
        self.wake()

    def stop(self) -> None:
        self._stopped.set()
        with self._starting:
            thread = self._thread
        if thread is not None:
            thread.join(LAST_WORD)

    def tell_due(self) -> None:
        """Sends every change that has come, in order."""
        now = self.clock()
        for task in self.tasks.to_tell(now):
            due = [at for at, _ in task.changes if task.told < at <= now]
            if due and self.tasks.tell(task, due[-1]):
                self._tell_each(task, due)

    def _tell_each(self, task: Task, due: list[float]) -> None:
        told = task.told
        for moment in due:
            if self._stopped.is_set():
                # What is left is for the next sandbox to tell.
                self.tasks.tell(replace(task, told=due[-1]), told)
                return
            self._tell(task.id, moment)
            told = moment

    def _tell(self, id: str, moment: float) -> None:
        task = self.tasks.find(id, moment)
        # A cancelling is not told (REV265 2026-10-08).
        if task is None or task.status is Status.CANCELLED:
            return
        body = json.dumps(show(self.tasks, task, self.host)).encode()
        tries = TRIES if task.status in (Status.SUCCEEDED, Status.FAILED) else 1
        for _ in range(tries):
            if post(str(task.order.callback_url), body) or self._stopped.is_set():
                return

    def _run(self) -> None:
        try:
            while not self._stopped.wait(PACE) and self._more_to_tell():
                self.tell_due()
        except sqlite3.ProgrammingError:
            # The tasks were closed under it: the sandbox has stopped.
            return

    def _more_to_tell(self) -> bool:
        with self._starting:
            more = self._staying.is_set() or bool(self.tasks.to_tell(self.clock()))
            if not more:
                self._thread = None
            return more
