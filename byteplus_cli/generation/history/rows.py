"""What is asked of the ledger about all that was ever made, in queries that stay fast."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import NamedTuple

from byteplus_cli.generation.database import MAIN_FILES, MAY_HAVE_MADE, PICTURES_LEFT, Database
from byteplus_cli.generation.history.wanted import Wanted

# How a row is put into words for adding up: by the clock of this machine, as people count days.
KEYS = {
    "day": "strftime('%Y-%m-%d', created_at, 'unixepoch', 'localtime')",
    "month": "strftime('%Y-%m', created_at, 'unixepoch', 'localtime')",
    "model": "coalesce(model, '')",
    "profile": "profile",
    "kind": "kind",
}
# Never saved, and not because nothing was made.
UNSAVED = f"{MAY_HAVE_MADE} AND (NOT EXISTS (SELECT 1 {MAIN_FILES}) OR {PICTURES_LEFT})"
HOLDS_TEXT = (
    "(holds(prompt) OR EXISTS"
    " (SELECT 1 FROM files WHERE task_row = tasks.row AND name_holds(path)))"
)


class Made(NamedTuple):
    """One line of the history. `path` is the first file of `files`; `ours` is False for a task
    of another machine that was only looked at or saved here."""

    row: int
    id: str | None
    kind: str
    profile: str
    status: str
    cost: str | None
    created_at: float
    prompt: str | None
    ours: bool
    path: str | None
    files: int

    @property
    def name(self) -> str:
        """What it can be asked for by: its id, or its place in the ledger for want of one."""
        return self.id or f"row-{self.row}"


class Alike(NamedTuple):
    """So many tasks under one key that ended alike. Amounts stand one after another, with spaces
    between them: the costs that are known, and for the other tasks the estimates that are."""

    key: str
    kind: str
    status: str
    gone: bool  # whether the service is known to have no record of it
    ours: bool
    tasks: int
    costs: str | None
    estimates: str | None


class History(Database):
    """The ledger, from the newest row of any profile to the oldest."""

    def newest(self, wanted: Wanted, limit: int) -> list[Made]:
        """The latest of what is wanted, newest first."""
        if wanted.text is not None:
            self._understand(wanted.text)
        where, parameters = _where(wanted)
        rows = self._select(
            "SELECT row, id, kind, profile, status, cost, created_at, prompt,"
            " request <> '{}' AS ours,"
            f" (SELECT path {MAIN_FILES} ORDER BY saved_at, rowid LIMIT 1) AS path,"
            f" (SELECT count(*) {MAIN_FILES}) AS files"
            f" FROM tasks{where} ORDER BY created_at DESC, row DESC LIMIT ?",
            (*parameters, limit),
        )
        return [Made(*row) for row in rows]

    def alike(self, by: str, wanted: Wanted) -> list[Alike]:
        """What is wanted, by one of KEYS and by what became of it, in the order of keys."""
        where, parameters = _where(wanted)
        rows = self._select(
            f"SELECT {KEYS[by]} AS key, kind, status,"
            " coalesce(missing_at, removed_at, lost_at) IS NOT NULL AS gone,"
            " request <> '{}' AS ours, count(*), group_concat(cost, ' '),"
            " group_concat(CASE WHEN cost IS NULL THEN estimate END, ' ')"
            f" FROM tasks{where} GROUP BY 1, 2, 3, 4, 5 ORDER BY 1",
            parameters,
        )
        return [Alike(*row) for row in rows]

    def is_empty(self) -> bool:
        """Whether nothing was ever written down."""
        return not self._select("SELECT 1 FROM tasks LIMIT 1")

    def has_size(self, bytes: int) -> bool:
        """Whether any file of that size was saved, so that its content is worth a look."""
        return bool(self._select("SELECT 1 FROM files WHERE bytes = ? LIMIT 1", (bytes,)))

    def holding(self, sha256: str) -> list[tuple[int, str]]:
        """The rows whose saved files have that content, each with its path, newest first."""
        rows = self._select(
            "SELECT task_row, path FROM files WHERE sha256 = ? ORDER BY saved_at DESC, rowid DESC",
            (sha256,),
        )
        return [(row["task_row"], row["path"]) for row in rows]

    def saved_as(self, path: str) -> list[int]:
        """The rows that saved a file under that path, newest first."""
        rows = self._select(
            "SELECT task_row FROM files WHERE path = ? ORDER BY saved_at DESC, rowid DESC", (path,)
        )
        return [row["task_row"] for row in rows]

    def _understand(self, text: str) -> None:
        """Teach SQLite to look for a text as people do; by itself it folds only ASCII letters."""
        held = _finder(text)
        self._connection.create_function("holds", 1, held, deterministic=True)
        self._connection.create_function(
            "name_holds", 1, lambda path: held(path.rpartition(os.sep)[2]), deterministic=True
        )


def _finder(text: str) -> Callable[[str | None], bool]:
    from unicodedata import normalize

    def folded(value: str) -> str:
        if value.isascii():
            return value.lower()
        # An accent may be part of its letter, or stand after it, as in file names on macOS.
        return normalize("NFC", normalize("NFC", value).casefold())

    sought = folded(text)
    return lambda value: value is not None and sought in folded(value)


def _where(wanted: Wanted) -> tuple[str, list[object]]:
    found = list(_conditions(wanted))
    parameters = [value for _, value in found if value is not None]
    return " WHERE " + " AND ".join(sql for sql, _ in found) if found else "", parameters


def _conditions(wanted: Wanted) -> Iterator[tuple[str, object]]:
    """Each condition with its parameter."""
    compared = {
        "kind = ?": wanted.kind,
        "status = ?": wanted.status,
        "model GLOB ?": wanted.model,
        "profile = ?": wanted.profile,
        "profile <> ?": wanted.not_profile,
        "created_at >= ?": wanted.since,
        "created_at < ?": wanted.until,
    }
    yield from ((sql, value) for sql, value in compared.items() if value is not None)
    if wanted.unsaved:
        yield UNSAVED, None
    if wanted.text is not None:
        yield HOLDS_TEXT, None
