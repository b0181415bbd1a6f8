"""A glance at the ledger for shell completion: it makes no file, waits for nobody, stops nobody."""

from __future__ import annotations

import os

try:
    # The same module without what it adds for dates, which takes as long again to load.
    import _sqlite3 as sqlite3
except ImportError:
    import sqlite3  # type: ignore[no-redef]

PATIENCE = 0.1
MOST = 50
# A prompt may be as long as a book.
ENOUGH = 200
Told = tuple[str, str]  # an id, and what is said of it
ORDER = " ORDER BY created_at DESC, row DESC LIMIT ?"
NAMED = " AND id IS NOT NULL AND status <> 'refused' AND (? IS NULL OR kind = ?)"
NARROWED = {
    "tasks": "",
    "queued": " AND status IN ('queued', 'submitting', 'unknown')",
    "drafts": " AND (json_extract(request, '$.draft') OR json_extract(facts, '$.draft'))",
}


class Glance:
    """What the ledger in a folder says; there must be one."""

    def __init__(self, folder: str) -> None:
        path = os.path.join(os.path.abspath(folder), "ledger.db")
        # SQLite would make files beside a ledger at rest, so that is read as it lies; one in use
        # is read beside those who write it.
        in_use = os.path.exists(f"{path}-wal") and os.path.exists(f"{path}-shm")
        self._connection = sqlite3.connect(
            _uri(path) + ("?mode=ro" if in_use else "?mode=ro&immutable=1"),
            uri=True,
            timeout=PATIENCE,
        )

    def latest(self, profile: str, kind: str | None, count: int) -> list[Told]:
        """The tasks that `@last`, `@-2` and so on stand for, each with what was asked of it."""
        return self._tasks(
            f"{NAMED} AND (kind <> 'image' OR row IN (SELECT task_row FROM pictures)){ORDER}",
            (profile, kind, kind, count),
        )

    def tasks(self, profile: str, kind: str | None, start: str, which: str) -> list[Told]:
        """The newest tasks whose ids start that way, each with what was asked of it."""
        return self._tasks(
            f"{NAMED}{NARROWED[which]} AND removed_at IS NULL"
            f" AND id >= ? AND id < ? || char(1114111){ORDER}",
            (profile, kind, kind, start, start, MOST),
        )

    def chains(self, profile: str) -> list[Told]:
        """The newest chains, each with its first prompt."""
        return self._connection.execute(
            f"SELECT id, substr(json_extract(plan, '$.prompts[0]'), 1, {ENOUGH}) FROM chains"
            " WHERE profile = ? ORDER BY created_at DESC LIMIT ?",
            (profile, MOST),
        ).fetchall()

    def _tasks(self, rest: str, parameters: tuple[object, ...]) -> list[Told]:
        return self._connection.execute(
            f"SELECT id, substr(coalesce(prompt, kind || ', ' || status), 1, {ENOUGH}) FROM tasks"
            f" WHERE profile = ?{rest}",
            parameters,
        ).fetchall()


def _uri(path: str) -> str:
    """A file: URI; only what would end the path is written otherwise."""
    if os.sep == "\\":
        path = path.replace("\\", "/")
    for letter in "%?#":
        path = path.replace(letter, f"%{ord(letter):x}")
    return f"file:///{path.lstrip('/')}"
