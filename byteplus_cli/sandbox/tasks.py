"""The sandbox's tasks: kept in a file, and moved from state to state by the clock alone.

queued ──▶ running ──▶ succeeded | failed | expired
  └──▶ cancelled
"""

from __future__ import annotations

import json
import random
import secrets
import sqlite3
import string
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from byteplus_cli.sandbox.scripts import Script

FRAMES_A_SECOND = 24
KEPT_SECONDS = 7 * 86_400
CANCELLED_KEPT_SECONDS = 86_400
EXPIRES_AFTER = 172_800
_SCHEMA = """
CREATE TABLE IF NOT EXISTS secret (key BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS tasks (
    id TEXT PRIMARY KEY, created_at REAL NOT NULL, plan TEXT NOT NULL, cancelled_at REAL
);
CREATE TABLE IF NOT EXISTS counts (
    id TEXT NOT NULL, what TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (id, what)
);
"""


@dataclass(frozen=True)
class Clip:
    """The clip that a task makes."""

    width: int
    height: int
    frames: int
    seed: int
    sound: bool
    format: str = "mp4"


@dataclass(frozen=True)
class Plan:
    """Everything that was settled when a task was accepted."""

    model: str
    prompt: str
    clip: Clip
    resolution: str
    ratio: str
    tokens: int
    script: Script = field(default_factory=Script)
    by_frames: bool = False
    last_frame: bool = False
    draft: bool = False
    draft_task: str | None = None
    expires_after: int = EXPIRES_AFTER
    service_tier: str = "default"
    callback_url: str | None = None
    echoed: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Task:
    """A task as it stands; times are Unix seconds."""

    id: str
    created_at: float
    plan: Plan
    cancelled_at: float | None = None

    @property
    def started_at(self) -> float:
        return self.created_at + self.plan.script.queue

    @property
    def ended_at(self) -> float:
        """When it ends by itself."""
        return min(self.started_at + self.plan.script.run, self._expires_at)

    @property
    def _expires_at(self) -> float:
        return self.created_at + self.plan.expires_after

    def status(self, now: float) -> str:
        if self.cancelled_at is not None:
            return "cancelled"
        if now >= self.ended_at:
            return self._ending()
        return "running" if now >= self.started_at else "queued"

    def _ending(self) -> str:
        late = self.started_at + self.plan.script.run > self._expires_at
        if self.plan.script.expire or late:
            return "expired"
        return "failed" if self.plan.script.fail else "succeeded"

    def updated_at(self, now: float) -> float:
        moments = {"queued": self.created_at, "running": self.started_at}
        return self.cancelled_at or moments.get(self.status(now), self.ended_at)

    def gone(self, now: float) -> bool:
        """Whether the service has forgotten it."""
        if self.cancelled_at is not None:
            return now >= self.cancelled_at + CANCELLED_KEPT_SECONDS
        return now >= self.created_at + KEPT_SECONDS


class Tasks:
    """The tasks in one state folder; several sandboxes may share it."""

    def __init__(self, state: Path) -> None:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.files = state / "files"
        self.files.mkdir(exist_ok=True)
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(
            state / "sandbox.db", timeout=30, isolation_level=None, check_same_thread=False
        )
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.executescript(_SCHEMA)
        self.secret = self._secret()

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def add(self, plan: Plan, now: float) -> Task:
        batch = "batch-" if plan.service_tier == "flex" else ""
        date = datetime.fromtimestamp(now, UTC).strftime("%Y%m%d%H%M%S")
        letters = string.ascii_lowercase + string.digits
        end = "".join(secrets.choice(letters) for _ in range(5))
        task = Task(f"cgt-{batch}{date}-{end}", now, plan)
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO tasks VALUES (?, ?, ?, NULL)",
                (task.id, now, json.dumps(asdict(plan))),
            )
        return task

    def find(self, id: str, now: float) -> Task | None:
        with self._lock:
            row = self._connection.execute("SELECT * FROM tasks WHERE id = ?", (id,)).fetchone()
        task = _task(row) if row else None
        return None if task is None or task.gone(now) else task

    def all(self, now: float) -> list[Task]:
        """Every task that is still known, newest first."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT * FROM tasks ORDER BY created_at DESC"
            ).fetchall()
        return [task for row in rows if not (task := _task(row)).gone(now)]

    def cancel(self, id: str, now: float) -> None:
        with self._writing() as connection:
            connection.execute("UPDATE tasks SET cancelled_at = ? WHERE id = ?", (now, id))

    def remove(self, id: str) -> None:
        with self._writing() as connection:
            connection.execute("DELETE FROM tasks WHERE id = ?", (id,))

    def count(self, id: str, what: str) -> int:
        """How often this has been asked, this time included."""
        with self._writing() as connection:
            return int(
                connection.execute(
                    "INSERT INTO counts VALUES (?, ?, 1)"
                    " ON CONFLICT (id, what) DO UPDATE SET n = n + 1 RETURNING n",
                    (id, what),
                ).fetchone()[0]
            )

    def _secret(self) -> bytes:
        with self._writing() as connection:
            row = connection.execute("SELECT key FROM secret").fetchone()
            if row:
                return bytes(row[0])
            key = secrets.token_bytes(32)
            connection.execute("INSERT INTO secret VALUES (?)", (key,))
        return key

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")


def random_seed() -> int:
    """A seed as the service picks one."""
    return random.randrange(2**31)


def _task(row: Sequence[Any]) -> Task:
    id, created_at, text, cancelled_at = row
    plan = json.loads(text)
    plan |= {"clip": Clip(**plan["clip"]), "script": Script(**plan["script"])}
    return Task(id, created_at, Plan(**plan), cancelled_at)
