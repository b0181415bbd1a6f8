"""The tasks of the account and where they stand, kept in SQLite and read off the clock."""

from __future__ import annotations

import contextlib
import errno
import json
import random
import sqlite3
import string
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from byteplus_cli.sandbox.order import Order
from byteplus_cli.sandbox.states import Status

DAY = 86_400
RECORD_LIFE, CANCELLED_LIFE = 7 * DAY, DAY
# Short, so that learning is quick; `[[queue:…]]` and `[[slow:…]]` stretch them.
QUEUE_SECONDS, RUN_SECONDS = 0.3, 1.5

# Another shape of these tables needs another file name: an older state is left behind, not read.
_FILE = "tasks-1.db"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS tasks (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    created REAL NOT NULL,
    starts REAL NOT NULL,
    ends REAL NOT NULL,
    outcome TEXT NOT NULL,
    cancelled REAL,
    model TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    tier TEXT NOT NULL,
    calls_back INTEGER NOT NULL,
    told REAL NOT NULL DEFAULT 0,
    wording TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS tasks_by_age ON tasks (tier, created);
CREATE TABLE IF NOT EXISTS counts (
    id TEXT, what TEXT, number INTEGER NOT NULL, PRIMARY KEY (id, what)
);
CREATE TABLE IF NOT EXISTS secret (one INTEGER PRIMARY KEY CHECK (one = 1), value BLOB NOT NULL);
"""
_ADD = """
INSERT OR IGNORE INTO tasks
    (id, created, starts, ends, outcome, model, endpoint, tier, calls_back, wording)
    VALUES (:id, :now, :starts, :ends, :outcome, :model, :endpoint, :tier, :calls_back, :wording)
"""
_STATUS = """CASE
    WHEN :now >= cancelled THEN 'cancelled'
    WHEN :now < starts THEN 'queued'
    WHEN :now < ends THEN 'running'
    ELSE outcome END"""
_KNOWN = f"""(:now < created + {RECORD_LIFE}
    AND (cancelled IS NULL OR :now < cancelled + {CANCELLED_LIFE}))"""
_TASK = f"""SELECT id, created, starts, ends, outcome, cancelled, told, wording, {_STATUS} AS status
    FROM tasks WHERE {_KNOWN}"""


@dataclass(frozen=True)
class Task:
    """One task as it stands at one moment; times are Unix seconds."""

    id: str
    created: float
    starts: float
    ends: float
    outcome: Status
    cancelled: float | None
    told: float
    order: Order
    status: Status

    @property
    def changes(self) -> list[tuple[float, Status]]:
        """When it takes which status; one that would last no time is passed over."""
        path = [(self.created, Status.QUEUED)] if self.created < self.starts else []
        if self.cancelled is not None:
            return [*path, (self.cancelled, Status.CANCELLED)]
        if self.starts < self.ends:
            path.append((self.starts, Status.RUNNING))
        return [*path, (self.ends, self.outcome)]

    @property
    def updated(self) -> float:
        # A clock that was set back can show a status that the changes pass over.
        return next((at for at, status in self.changes if status is self.status), self.created)


class Wanted(NamedTuple):
    """What a list is narrowed down to."""

    status: Status | None = None
    model: str | None = None
    tier: str = "default"
    ids: Sequence[str] = ()


class Tasks:
    """Safe for several threads here and several sandboxes on one folder."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()

    @classmethod
    def open(cls, state: Path) -> Tasks:
        """Raises OSError when the folder or its content cannot be used."""
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = state / _FILE
        try:
            connection = sqlite3.connect(
                file, timeout=10, isolation_level=None, check_same_thread=False
            )
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.executescript(_SCHEMA)
            connection.execute("INSERT OR IGNORE INTO secret VALUES (1, randomblob(32))")
        except sqlite3.DatabaseError as error:
            raise OSError(errno.EIO, f"the sandbox cannot use its state: {error}", file) from error
        return cls(connection)

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def add(self, order: Order, now: float, *, calls_back: bool = False) -> Task:
        starts, ends, outcome = _course(order, now)
        values = {
            "now": now,
            "starts": starts,
            "ends": ends,
            "outcome": outcome,
            "model": order.model,
            "endpoint": order.endpoint,
            "tier": order.tier,
            "calls_back": calls_back,
            "wording": order.to_json(),
        }
        id = _new_id(order.tier, now)
        # Of many made within one second two may draw the same id.
        while not self._changed(_ADD, {"id": id, **values}):
            id = _new_id(order.tier, now)
        task = self.find(id, now)
        assert task is not None  # noqa: S101 - a task just made is known
        return task

    def find(self, id: str, now: float) -> Task | None:
        rows = self._rows(f"{_TASK} AND id = :id", {"id": id, "now": now})
        return _task(rows[0]) if rows else None

    def page(self, wanted: Wanted, now: float, number: int, size: int) -> tuple[int, list[Task]]:
        """The number of all wanted tasks, with those of one page, newest first."""
        values: dict[str, Any] = {
            "now": now,
            "tier": wanted.tier,
            "model": wanted.model,
            "status": wanted.status,
            "ids": json.dumps(list(wanted.ids)),
            "size": size,
            "skip": (number - 1) * size,
        }
        conditions = ["tier = :tier"]
        if wanted.model is not None:
            conditions.append("(model = :model OR endpoint = :model)")
        if wanted.ids:
            conditions.append("id IN (SELECT value FROM json_each(:ids))")
        if wanted.status is not None:
            conditions.append(f"{_STATUS} = :status")
        chosen = " AND ".join(conditions)
        total = self._rows(f"SELECT count(*) FROM tasks WHERE {_KNOWN} AND {chosen}", values)
        order = "ORDER BY created DESC, number DESC LIMIT :size OFFSET :skip"
        rows = self._rows(f"{_TASK} AND {chosen} {order}", values)
        return total[0][0], [_task(row) for row in rows]

    def cancel(self, id: str, now: float) -> bool:
        """Whether it was still queued, so that it is cancelled now."""
        return self._changed(
            "UPDATE tasks SET cancelled = :now"
            " WHERE id = :id AND cancelled IS NULL AND :now < starts",
            {"id": id, "now": now},
        )

    def remove(self, id: str) -> None:
        self._rows("DELETE FROM tasks WHERE id = :id", {"id": id})

    def count(self, id: str, what: str) -> int:
        """How often something has happened to a task, with this time."""
        rows = self._rows(
            "INSERT INTO counts VALUES (:id, :what, 1)"
            " ON CONFLICT DO UPDATE SET number = number + 1 RETURNING number",
            {"id": id, "what": what},
        )
        return int(rows[0][0])

    def to_tell(self, now: float) -> list[Task]:
        """Those whose callback address has not heard of their end."""
        return [
            _task(row)
            for row in self._rows(
                f"{_TASK} AND calls_back AND told < coalesce(cancelled, ends)", {"now": now}
            )
        ]

    def tell(self, task: Task, until: float) -> bool:
        """Claims the telling of a task's changes up to a moment, for one sandbox only."""
        return self._changed(
            "UPDATE tasks SET told = :until WHERE id = :id AND told = :told",
            {"id": task.id, "told": task.told, "until": until},
        )

    @property
    def secret(self) -> bytes:
        return bytes(self._rows("SELECT value FROM secret", {})[0][0])

    def sweep(self, now: float) -> None:
        """Drops the records that no request can see any more."""
        self._rows(f"DELETE FROM tasks WHERE NOT {_KNOWN}", {"now": now})
        self._rows("DELETE FROM counts WHERE id NOT IN (SELECT id FROM tasks)", {})

    def forget(self) -> int:
        """Drops everything, with the secret, so that every link is void; gives how many tasks."""
        with self._lock, self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            gone = self._connection.execute("DELETE FROM tasks").rowcount
            self._connection.execute("DELETE FROM counts")
            self._connection.execute("UPDATE secret SET value = randomblob(32)")
        return gone

    def _rows(self, sql: str, values: dict[str, Any]) -> list[sqlite3.Row]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def _changed(self, sql: str, values: dict[str, Any]) -> bool:
        with self._lock:
            return self._connection.execute(sql, values).rowcount == 1


def discard(state: Path) -> int:
    """Forgets all tasks of a state folder, even one that cannot be read; gives how many."""
    file = state / _FILE
    if not file.exists():
        return 0
    try:
        tasks = Tasks.open(state)
    except OSError as error:
        # A state that is only locked or out of reach is not broken, and not ours to delete.
        if type(error.__cause__) is not sqlite3.DatabaseError:
            raise
        for end in ("", "-wal", "-shm"):
            file.with_name(_FILE + end).unlink(missing_ok=True)
        return 0
    with contextlib.closing(tasks):
        return tasks.forget()


def _task(row: sqlite3.Row) -> Task:
    return Task(
        id=row["id"],
        created=row["created"],
        starts=row["starts"],
        ends=row["ends"],
        outcome=Status(row["outcome"]),
        cancelled=row["cancelled"],
        told=row["told"],
        order=Order.from_json(row["wording"]),
        status=Status(row["status"]),
    )


def _course(order: Order, now: float) -> tuple[float, float, Status]:
    """When the task starts and ends, and how; settled at its creation."""
    script = order.script
    wait = 0.0 if script.slow == 0 else QUEUE_SECONDS
    starts = now + (wait if script.queue is None else script.queue)
    ends = starts + (RUN_SECONDS if script.slow is None else script.slow)
    if ends > now + order.expires_after:
        deadline = now + order.expires_after
        return min(starts, deadline), deadline, Status.EXPIRED
    if script.expire:
        return starts, ends, Status.EXPIRED
    return starts, ends, Status.FAILED if script.fail else Status.SUCCEEDED


def _new_id(tier: str, now: float) -> str:
    moment = time.strftime("%Y%m%d%H%M%S", time.gmtime(now))
    ending = "".join(random.choices(string.ascii_lowercase + string.digits, k=5))
    return f"cgt-{'batch-' if tier == 'flex' else ''}{moment}-{ending}"
