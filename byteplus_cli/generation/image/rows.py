"""What the ledger holds of pictures: where each is, from when it is made until it is saved."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from byteplus_cli.generation.entry import Entry
from byteplus_cli.generation.entry_rows import EntryRows
from byteplus_cli.generation.task import Status

if TYPE_CHECKING:
    from byteplus_cli.generation.image.picture import Picture

# A dead link is of no use to anybody, and need not be kept.
KEPT_SECONDS = 7 * 86_400


class PictureRows(EntryRows):
    """Pictures by the number of the row that asked for them."""

    def answered(self, row: int, request_id: str | None) -> None:
        """The service took the request, and its answer comes in."""
        with self._writing() as connection:
            connection.execute(
                "UPDATE tasks SET status = ?, request_id = ? WHERE row = ?",
                (Status.RUNNING, request_id, row),
            )

    def delivered(
        self, row: int, picture: Picture, kept: Path | None, expires_at: float | None
    ) -> None:
        """A picture is made, and stands behind its link or in `kept`."""
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO pictures (task_row, place, url, kept, layer, expires_at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (
                    *(row, picture.place, picture.url, kept and str(kept)),
                    *(picture.layer, expires_at),
                ),
            )

    def ended_with(self, entry: Entry) -> None:
        """No more pictures will come for this row; what it came to is in `entry`."""
        with self._writing() as connection:
            connection.execute(
                "UPDATE tasks SET status = ?, facts = ?, cost = ?, error = ?, finished_at = ?"
                " WHERE row = ?",
                (
                    *(entry.status, json.dumps(entry.facts), entry.cost),
                    *(entry.error and json.dumps(entry.error), entry.finished_at, entry.row),
                ),
            )
            dead = (entry.finished_at or 0) - KEPT_SECONDS
            connection.execute("UPDATE pictures SET url = NULL WHERE expires_at < ?", (dead,))
