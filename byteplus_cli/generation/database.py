"""One SQLite file, safe under many processes at once, and every trouble with it in our words."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

from byteplus_cli.errors import ByteplusError, Charge, InvalidRequest, StillRunning
from byteplus_cli.generation.migrations import migrate

BUSY_SECONDS = 30.0
LOOK = "byteplus doctor looks at the ledger and its disk"
# Pieces of what is asked in several places.
MAIN = "role NOT IN ('last_frame', 'joined')"
MAIN_FILES = f"FROM files WHERE task_row = tasks.row AND {MAIN}"
PICTURES_LEFT = "EXISTS (SELECT 1 FROM pictures WHERE task_row = tasks.row AND saved_at IS NULL)"
MAY_HAVE_MADE = "status NOT IN ('refused', 'failed', 'cancelled', 'expired')"
_CREATING = threading.Lock()
Row = sqlite3.Row


class LedgerError(ByteplusError):
    """The ledger cannot be used, so nothing may be sent."""

    exit_code = InvalidRequest.exit_code
    default_code = "ledger"


class Database:
    """The file, its transactions, and whether this release may write to it."""

    def __init__(self, connection: sqlite3.Connection, writable: bool) -> None:
        self._connection = connection
        self._writable = writable
        # Threads of one run share the connection, one at a time.
        self._lock = threading.RLock()

    @classmethod
    def open(cls, folder: Path, *, patience: float = BUSY_SECONDS) -> Self:
        """Open or create the ledger in `folder`; raises LedgerError before anything is spent.

        A write waits `patience` seconds for other processes."""
        path = folder / "ledger.db"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _ensure_there(path)
            connection = sqlite3.connect(
                path, timeout=patience, isolation_level=None, check_same_thread=False
            )
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            writable = migrate(connection)
        except (OSError, sqlite3.Error) as error:
            raise LedgerError(
                f"cannot open the ledger {path}: {error}",
                hint="nothing was sent; BYTEPLUS_STATE_DIR moves the ledger to another folder",
            ) from error
        return cls(connection, writable)

    @property
    def writable(self) -> bool:
        """False for a file of a newer release, which is only read."""
        return self._writable

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def damage(self, seconds: float) -> str | None:
        """What is broken in the file, or None; raises TimeoutError if that takes longer."""
        stop = threading.Timer(seconds, self._connection.interrupt)
        stop.start()
        try:
            with self._lock:
                found = self._connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        except sqlite3.DatabaseError as error:
            if "interrupted" in str(error):
                raise TimeoutError from error
            return str(error)
        finally:
            stop.cancel()
        return None if found == "ok" else str(found)

    def _select(self, sql: str, parameters: Sequence[object] = ()) -> list[sqlite3.Row]:
        try:
            with self._lock:
                return self._connection.execute(sql, parameters).fetchall()
        except sqlite3.Error as error:
            raise LedgerError(f"cannot read the ledger: {error}", hint=LOOK) from error

    @contextmanager
    def _writing(
        self, *, about: str | None = None, charge: Charge | None = None
    ) -> Iterator[sqlite3.Connection]:
        if not self._writable:
            raise LedgerError(
                "the ledger was written by a newer byteplus, so this one only reads it",
                hint="pip install --upgrade byteplus-cli",
                task_id=about,
                charge=charge,
            )
        try:
            with self._lock, self._connection:  # commits, or rolls back whatever ends it
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
        except sqlite3.Error as error:
            raise _unwritten(error, about, charge) from error


def _ensure_there(path: Path) -> None:
    """Create an empty file for its owner alone: SQLite gives its side files the mode of that one.

    One that is there is not even opened. Closing it would drop the locks that SQLite holds on it
    for other threads, and another process that ends would then take the log of all that is new
    away from under them (sqlite.org/howtocorrupt.html, 2.2).
    """
    with _CREATING, suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _unwritten(error: sqlite3.Error, about: str | None, charge: Charge | None) -> LedgerError:
    """What to say of a write that failed; by now the id `about` may stand nowhere else."""
    words = f"cannot write to the ledger: {error}"
    if about and isinstance(error, sqlite3.IntegrityError):
        # Written twice in another place it would be one task where two may be paid for.
        words = f"the service gave the new task an id that another one here has: {about}"
    told = LedgerError(words, task_id=about, charge=charge, hint=LOOK)
    if about:
        # The task lives on, so this is no error of what was asked for.
        told.exit_code = StillRunning.exit_code
        told.hint, told.charge = f"byteplus video get {about}", Charge.LATER
    return told
