"""The ledger: every task this machine paid for, written down before the request leaves."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from byteplus_cli.errors import ByteplusError, Charge, InvalidRequest, Missing
from byteplus_cli.generation.chain_rows import ChainRows
from byteplus_cli.generation.database import MAIN_FILES, MAY_HAVE_MADE
from byteplus_cli.generation.entry import Entry, SavedFile, facts_of, foreign
from byteplus_cli.generation.entry_rows import as_json
from byteplus_cli.generation.intent import Intent
from byteplus_cli.generation.task import FINISHED, Status, Task, check_id

_TAKE_OVER = (
    "UPDATE OR REPLACE files SET task_row = :row WHERE task_row = :other",
    "UPDATE tasks SET (status, facts, error, cost, finished_at) ="
    " (SELECT status, facts, error, cost, finished_at FROM tasks WHERE row = :other)"
    " WHERE row = :row",
    "DELETE FROM tasks WHERE row = :other",
)


class Ledger(ChainRows):
    """What is written of every task, and what is asked of it later."""

    def __init__(self, connection: sqlite3.Connection, writable: bool) -> None:
        super().__init__(connection, writable)
        self._unwritten: dict[str, list[SavedFile]] = {}
        self.begun: int | None = None  # the row of this run's latest request

    def begin(
        self,
        *,
        kind: str,
        profile: str,
        model: str,
        prompt: str | None,
        request: Mapping[str, Any],
        output: str | None,
        estimate: str | None,
        now: float,
        chain: str | None = None,
        step: int | None = None,
        id: str | None = None,
        intent: Intent | None = None,
    ) -> int:
        """Write down a request that is about to leave; gives the row that stands for it.

        `id` is for what the service gives no id of its own, `intent` for what a batch asks.
        """
        row = {
            "kind": kind,
            "profile": profile,
            "model": model,
            "prompt": prompt,
            "status": Status.SUBMITTING,
            "request": as_json(request),
            "output": output,
            "estimate": estimate,
            "created_at": now,
            "chain": chain,
            "step": step,
            "id": id,
        }
        if intent is not None:
            row |= {"batch": intent.batch, "name": intent.name, "key": intent.key}
            row["step"] = intent.number
        places = ", ".join(f":{column}" for column in row)
        with self._writing(charge=Charge.NO) as connection:
            if chain is not None:
                self.refuse_twice(chain, step)
            if intent is not None:
                self.refuse_stale(profile, intent)
            cursor = connection.execute(
                f"INSERT INTO tasks ({', '.join(row)}) VALUES ({places})", row
            )
        assert cursor.lastrowid is not None  # noqa: S101 - an INSERT always has one
        self.begun = cursor.lastrowid
        return self.begun

    def sent_again(self, row: int, now: float) -> None:
        """A request that the service turned away leaves once more, so it is as new."""
        with self._writing(charge=Charge.NO) as connection:
            connection.execute(
                "UPDATE tasks SET created_at = ?, lost_at = NULL WHERE row = ?", (now, row)
            )

    def accepted(self, row: int, id: str, request_id: str | None) -> None:
        """The service took the request and named the task.

        A row of its own, from a look before anybody knew whose task it is, goes into this one.
        """
        with self._writing(about=id) as connection:
            connection.execute(
                "UPDATE tasks SET status = ?, request_id = ?, lost_at = NULL WHERE row = ?",
                (Status.QUEUED, request_id, row),
            )
            seen = "SELECT row FROM tasks WHERE id = ? AND request = '{}' AND row <> ?"
            for (other,) in self._select(seen, (id, row)):
                for statement in _TAKE_OVER:
                    connection.execute(statement, {"row": row, "other": other})
            connection.execute("UPDATE tasks SET id = ? WHERE row = ?", (id, row))

    def ended(self, row: int, status: Status, error: ByteplusError | None) -> None:
        """The request was refused, or its answer was lost."""
        reason = error and {"code": error.code, "message": error.details or error.message}
        with self._writing() as connection:
            connection.execute(
                "UPDATE tasks SET status = ?, error = ?, request_id = ? WHERE row = ?",
                (status, reason and as_json(reason), error and error.request_id, row),
            )

    def looked(self, task: Task, profile: str, cost: str | None, now: float) -> Entry:
        """Keep what a look told; a task that this machine never saw gets a row of its own.

        A finished state is never taken back by a later look. In a file that is only read, nothing
        is kept.
        """
        if not self._writable:
            known = self.known(task.id) or foreign(task, profile, cost)
            return replace(known, status=task.status, facts=facts_of(task))
        with self._writing(about=task.id) as connection:
            rows = self._select("SELECT status FROM tasks WHERE id = ?", (task.id,))
            if not rows:
                connection.execute(
                    "INSERT INTO tasks (id, kind, profile, model, status, request, created_at)"
                    " VALUES (?, ?, ?, ?, ?, '{}', ?)",
                    (task.id, task.kind, profile, task.model, task.status, task.created_at or now),
                )
            if not rows or rows[0]["status"] not in FINISHED:
                connection.execute(
                    "UPDATE tasks SET status = ?, facts = ?, error = ?, cost = ?,"
                    " model = coalesce(?, model), finished_at = ?, missing_at = NULL WHERE id = ?",
                    (
                        task.status,
                        as_json(facts_of(task)),
                        task.failure and as_json(vars(task.failure)),
                        cost,
                        task.model,
                        (task.updated_at or now) if task.finished else None,
                        task.id,
                    ),
                )
        return self.find(task.id)

    def saved(self, id: str, file: SavedFile, now: float, *, place: int | None = None) -> None:
        """A finished file of task `id` is on the disk; this run knows it even if it is not
        written down. `place` is that of a picture within its set."""
        self._unwritten.setdefault(id, []).append(file)
        with self._writing(about=id) as connection:
            connection.execute(
                "INSERT INTO files (task_row, path, role, bytes, sha256, facts, saved_at)"
                " SELECT row, ?, ?, ?, ?, ?, ? FROM tasks WHERE id = ?"
                " ON CONFLICT (task_row, path) DO UPDATE SET bytes = excluded.bytes,"
                " sha256 = excluded.sha256, facts = excluded.facts, saved_at = excluded.saved_at",
                (
                    *(str(file.path.absolute()), file.role, file.bytes, file.sha256),
                    *(as_json(file.facts), now, id),
                ),
            )
            connection.execute(
                "UPDATE pictures SET saved_at = ?, kept = NULL WHERE place = ?"
                " AND task_row = (SELECT row FROM tasks WHERE id = ?)",
                (now, place, id),
            )
        self._unwritten[id].remove(file)

    def missing(self, id: str, now: float) -> None:
        """The service had no record of task `id`; the first such look counts until one finds it."""
        with self._writing() as connection:
            connection.execute(
                "UPDATE tasks SET missing_at = coalesce(missing_at, ?) WHERE id = ?", (now, id)
            )

    def removed(self, id: str, now: float) -> None:
        """The service's record of task `id` was deleted from here."""
        with self._writing() as connection:
            connection.execute("UPDATE tasks SET removed_at = ? WHERE id = ?", (now, id))

    def all_removed(self, profile: str, now: float) -> None:
        """The service behind a profile forgot everything."""
        with self._writing() as connection:
            connection.execute(
                "UPDATE tasks SET removed_at = ? WHERE profile = ? AND removed_at IS NULL",
                (now, profile),
            )

    def priced(self, id: str, cost: str) -> None:
        """What a finished task cost, where that is known only from what it made."""
        with self._writing() as connection:
            connection.execute("UPDATE tasks SET cost = ? WHERE id = ?", (cost, id))

    def lost(self, row: int, now: float) -> None:
        """Nothing of a row can be saved any more, and that was said."""
        with self._writing() as connection:
            connection.execute("UPDATE tasks SET lost_at = ? WHERE row = ?", (now, row))

    def rewrite(self, row: int, request: Mapping[str, Any]) -> None:
        """Keep another description of the request that a row stands for."""
        with self._writing() as connection:
            connection.execute(
                "UPDATE tasks SET request = ? WHERE row = ?", (as_json(request), row)
            )

    def naming(self, key: str) -> list[Entry]:
        """The rows of any profile whose request names an object in storage."""
        rows = self._select("SELECT * FROM tasks WHERE instr(request, ?)", (key,))
        return self._entries(rows)

    def find(self, id: str) -> Entry:
        """The row of task `id`; raises Missing."""
        entry = self.known(id)
        if entry is None:
            raise Missing(f"this machine knows no task {id}")
        return entry

    def known(self, id: str) -> Entry | None:
        """The row of task `id`, if this machine has one."""
        rows = self._select("SELECT * FROM tasks WHERE id = ?", (id,))
        return self._entries(rows)[0] if rows else None

    def ids(self) -> set[str]:
        """The id of every task that this machine knows."""
        rows = self._select("SELECT id FROM tasks WHERE id IS NOT NULL")
        return {row["id"] for row in rows}

    def made_here(self) -> set[str]:
        """The id of every task that this machine asked for itself."""
        rows = self._select("SELECT id FROM tasks WHERE id IS NOT NULL AND request <> '{}'")
        return {row["id"] for row in rows}

    def unanswered(self, profile: str) -> list[Entry]:
        """The rows that were sent and never got an id, oldest first."""
        rows = self._select(
            "SELECT * FROM tasks WHERE profile = ? AND id IS NULL AND kind = 'video'"
            " AND status IN ('submitting', 'unknown') ORDER BY created_at, row",
            (profile,),
        )
        return self._entries(rows)

    def recent(
        self,
        profile: str,
        limit: int,
        kind: str | None = None,
        status: str | None = None,
        model: str | None = None,
        tier: str | None = None,
    ) -> list[Entry]:
        """The latest rows of a profile, newest first; None stands for all."""
        rows = self._select(
            "SELECT * FROM tasks WHERE profile = ? AND (? IS NULL OR kind = ?)"
            " AND (? IS NULL OR status = ?) AND (? IS NULL OR model = ?)"
            " AND (? IS NULL OR ? = coalesce(json_extract(request, '$.service_tier'),"
            " json_extract(facts, '$.service_tier'), 'default'))"
            " ORDER BY created_at DESC, row DESC LIMIT ?",
            (profile, kind, kind, status, status, model, model, tier, tier, limit),
        )
        return self._entries(rows)

    def unsaved(self, profile: str, kind: str) -> list[Entry]:
        """The rows whose clip was never saved here and still may be, oldest first."""
        rows = self._select(
            "SELECT * FROM tasks WHERE profile = ? AND kind = ? AND lost_at IS NULL"
            f" AND removed_at IS NULL AND {MAY_HAVE_MADE}"
            f" AND NOT EXISTS (SELECT 1 {MAIN_FILES}) ORDER BY created_at, row",
            (profile, kind),
        )
        return self._entries(rows)

    def unfetched(self, profile: str) -> list[Entry]:
        """The rows with pictures that were never saved here and still may be, oldest first."""
        rows = self._select(
            "SELECT * FROM tasks WHERE profile = ? AND lost_at IS NULL AND removed_at IS NULL"
            " AND row IN (SELECT task_row FROM pictures WHERE saved_at IS NULL)"
            " ORDER BY created_at, row",
            (profile,),
        )
        return self._entries(rows)

    def resolve(self, name: str, profile: str, kind: str | None = None) -> str:
        """The task id that the user means: an id, `@last`, or `@-2` for the one before.

        Of one `kind` alone where only that can be meant.
        """
        if not name.startswith("@"):
            return check_id(name)
        steps = 1 if name == "@last" else _steps(name)
        rows = self._select(
            "SELECT id FROM tasks WHERE profile = ? AND id IS NOT NULL AND status <> 'refused'"
            " AND (kind <> 'image' OR row IN (SELECT task_row FROM pictures))"
            " AND (? IS NULL OR kind = ?) ORDER BY created_at DESC, row DESC LIMIT 1 OFFSET ?",
            (profile, kind, kind, steps - 1),
        )
        if not rows:
            raise Missing(
                f"{name}: no such task in profile {profile} on this machine",
                hint="byteplus history list shows those of every profile",
            )
        return str(rows[0]["id"])

    def usual_seconds(self, profile: str, model: str, resolution: str | None) -> float | None:
        """The median time from submit to success here, or None with fewer than three."""
        rows = self._select(
            "SELECT finished_at - created_at AS seconds FROM tasks"
            " WHERE profile = ? AND model = ? AND status = 'succeeded'"
            " AND finished_at > created_at AND json_extract(request, '$.resolution') IS ?"
            " ORDER BY created_at DESC LIMIT 20",
            (profile, model, resolution),
        )
        times = sorted(row["seconds"] for row in rows)
        return times[len(times) // 2] if len(times) >= 3 else None


def _steps(name: str) -> int:
    digits = name.removeprefix("@-")
    if digits == name or not digits.isdecimal() or int(digits) == 0:
        raise InvalidRequest(
            f"not a task: {name}", hint="@last is the latest task, @-2 the one before it"
        )
    return int(digits)
