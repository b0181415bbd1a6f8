"""What is asked of the ledger to tell whether all is well with it, and with what it knows."""

from __future__ import annotations

from typing import NamedTuple

from byteplus_cli.generation.database import MAIN_FILES, Database
from byteplus_cli.generation.migrations import MIGRATIONS
from byteplus_cli.generation.report import link_seconds

# The service forgets a task after so long (official documentation, 2026-10-08).
KNOWN_SECONDS = 7 * 86_400
# What is finished, or was never taken.
SETTLED = "('succeeded', 'incomplete', 'failed', 'cancelled', 'expired', 'refused')"
TAKEN = "profile = ? AND lost_at IS NULL AND removed_at IS NULL"


class Waiting(NamedTuple):
    """So many tasks wait to be saved; the first link to one of them dies at `until`."""

    tasks: int
    until: float | None


class Checkup(Database):
    """The ledger, asked only what a few queries over all of it can tell."""

    newest = len(MIGRATIONS)

    def version(self) -> int:
        return int(self._select("PRAGMA user_version")[0][0])

    def rows(self) -> int:
        return int(self._select("SELECT count(*) FROM tasks")[0][0])

    def under_way(self, profile: str, now: float) -> int:
        """The rows of a profile that are not finished, of those that the service still knows."""
        rows = self._select(
            "SELECT count(*) FROM tasks"
            f" WHERE {TAKEN} AND created_at > ? AND status NOT IN {SETTLED}",
            (profile, now - KNOWN_SECONDS),
        )
        return int(rows[0][0])

    def waiting(self, profile: str, now: float) -> Waiting:
        """What of a profile is finished, was never saved here and still can be."""
        rows = self._select(
            "SELECT finished_at + CASE kind WHEN 'avatar' THEN ? ELSE ? END AS until FROM tasks"
            f" WHERE {TAKEN} AND kind <> 'image' AND status = 'succeeded' AND until > ?"
            f" AND NOT EXISTS (SELECT 1 {MAIN_FILES})"
            " UNION ALL SELECT min(expires_at) FROM tasks JOIN pictures ON task_row = row"
            f" WHERE {TAKEN} AND saved_at IS NULL AND (kept IS NOT NULL OR expires_at > ?)"
            " GROUP BY row",
            (link_seconds("avatar"), link_seconds("video"), profile, now, profile, now),
        )
        ends = [row["until"] for row in rows if row["until"]]
        return Waiting(len(rows), min(ends, default=None))
