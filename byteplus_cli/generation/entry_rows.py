"""Rows of the ledger read as entries, with the files and pictures that belong to them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from byteplus_cli.generation.database import Database, Row
from byteplus_cli.generation.entry import Delivered, Entry, SavedFile

COLUMNS = {field.name for field in fields(Entry)} - {"files", "pictures"}
THOSE = "(SELECT value FROM json_each(?))"


class EntryRows(Database):
    """What a row says, together with the rows of other tables that are about it."""

    # Files by the id of their task that are saved, but could not be written down.
    _unwritten: dict[str, list[SavedFile]]

    def at(self, row: int) -> Entry:
        """The row of that number."""
        return self.those([row])[0]

    def those(self, numbers: Sequence[int]) -> list[Entry]:
        """The rows of those numbers that there are, newest first."""
        rows = self._select(
            f"SELECT * FROM tasks WHERE row IN {THOSE} ORDER BY created_at DESC, row DESC",
            (json.dumps(numbers),),
        )
        return self._entries(rows)

    def _entries(self, rows: Iterable[Row]) -> list[Entry]:
        """The rows as entries. Files and pictures take one query each, however many rows."""
        rows = list(rows)
        files = self._files([row["row"] for row in rows])
        pictures = self._pictures([row["row"] for row in rows if row["kind"] == "image"])
        return [
            Entry(
                **_columns(row),
                files=(*files[row["row"]], *self._unwritten.get(row["id"], ())),
                pictures=tuple(pictures[row["row"]]),
            )
            for row in rows
        ]

    def _files(self, numbers: Sequence[int]) -> defaultdict[int, list[SavedFile]]:
        files: defaultdict[int, list[SavedFile]] = defaultdict(list)
        for row in self._select(
            f"SELECT * FROM files WHERE task_row IN {THOSE} ORDER BY saved_at, rowid",
            (json.dumps(numbers),),
        ):
            facts = json.loads(row["facts"])
            file = SavedFile(Path(row["path"]), row["role"], row["bytes"], row["sha256"], facts)
            files[row["task_row"]].append(file)
        return files

    def _pictures(self, numbers: Sequence[int]) -> defaultdict[int, list[Delivered]]:
        pictures: defaultdict[int, list[Delivered]] = defaultdict(list)
        if not numbers:
            return pictures
        for row in self._select(
            "SELECT task_row, place, url, kept, layer, expires_at, saved_at FROM pictures"
            f" WHERE task_row IN {THOSE} ORDER BY place",
            (json.dumps(numbers),),
        ):
            known = dict(row)
            number = known.pop("task_row")
            known["kept"] = Path(known["kept"]) if known["kept"] else None
            pictures[number].append(Delivered(**known))
        return pictures


def _columns(row: Row) -> dict[str, Any]:
    # A newer release may have columns of its own.
    columns = {name: row[name] for name in row.keys() if name in COLUMNS}  # noqa: SIM118
    for name in ("request", "facts", "error"):
        columns[name] = json.loads(columns[name]) if columns[name] else None
    return columns


def as_json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
