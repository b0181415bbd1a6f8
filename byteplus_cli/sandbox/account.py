"""What the account holds between runs, in one SQLite file."""

from __future__ import annotations

import contextlib
import errno
import sqlite3
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# Another shape of these tables needs another file name: an older state is left behind, not read.
_FILE = "tasks-1.db"
# Jobs are the tasks of the Vision API. Pictures come in groups: those that one request asked for.
# What is counted of any of them goes with it.
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
CREATE TABLE IF NOT EXISTS jobs (
    id TEXT PRIMARY KEY,
    created REAL NOT NULL,
    starts REAL NOT NULL,
    ends REAL NOT NULL,
    cancelled REAL,
    wording TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS picture_groups (
    id TEXT PRIMARY KEY, created REAL NOT NULL, wording TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS counts (
    id TEXT, what TEXT, number INTEGER NOT NULL, PRIMARY KEY (id, what)
);
CREATE TRIGGER IF NOT EXISTS a_task_goes AFTER DELETE ON tasks
    BEGIN DELETE FROM counts WHERE id = old.id; END;
CREATE TRIGGER IF NOT EXISTS a_job_goes AFTER DELETE ON jobs
    BEGIN DELETE FROM counts WHERE id = old.id; END;
CREATE TRIGGER IF NOT EXISTS a_group_goes AFTER DELETE ON picture_groups
    BEGIN DELETE FROM counts WHERE id = old.id; END;
CREATE TABLE IF NOT EXISTS secret (one INTEGER PRIMARY KEY CHECK (one = 1), value BLOB NOT NULL);
"""


class Account:
    """Safe for several threads here and several sandboxes on one folder."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()

    @classmethod
    def open(cls, state: Path) -> Account:
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

    def rows(self, sql: str, values: Mapping[str, Any]) -> list[sqlite3.Row]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def changed(self, sql: str, values: Mapping[str, Any]) -> bool:
        """Whether a statement has changed just one row."""
        with self._lock:
            return self._connection.execute(sql, values).rowcount == 1

    def count(self, id: str, what: str) -> int:
        """How often something has happened to a task, a job or a group, with this time."""
        rows = self.rows(
            "INSERT INTO counts VALUES (:id, :what, 1)"
            " ON CONFLICT DO UPDATE SET number = number + 1 RETURNING number",
            {"id": id, "what": what},
        )
        return int(rows[0][0])

    @property
    def secret(self) -> bytes:
        return bytes(self.rows("SELECT value FROM secret", {})[0][0])

    def forget(self) -> int:
        """Drops everything, with the secret, so that every link is void; gives how many tasks."""
        with self._lock, self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            gone = self._connection.execute("DELETE FROM tasks").rowcount
            gone += self._connection.execute("DELETE FROM jobs").rowcount
            self._connection.execute("DELETE FROM picture_groups")
            self._connection.execute("UPDATE secret SET value = randomblob(32)")
        return gone


def discard(state: Path) -> int:
    """Forgets all of a state folder, even one that cannot be read; gives how many tasks."""
    file = state / _FILE
    if not file.exists():
        return 0
    try:
        account = Account.open(state)
    except OSError as error:
        # A state that is only locked or out of reach is not broken, and not ours to delete.
        if type(error.__cause__) is not sqlite3.DatabaseError:
            raise
        for end in ("", "-wal", "-shm"):
            file.with_name(_FILE + end).unlink(missing_ok=True)
        return 0
    with contextlib.closing(account):
        return account.forget()
