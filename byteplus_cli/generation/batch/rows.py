"""What the ledger holds of batches: who asked for what, by the key of its content."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from byteplus_cli.errors import Charge, WrongState
from byteplus_cli.generation.database import MAIN, MAY_HAVE_MADE, PICTURES_LEFT, Row
from byteplus_cli.generation.entry import lies_there
from byteplus_cli.generation.image.rows import PictureRows
from byteplus_cli.generation.intent import Intent
from byteplus_cli.generation.task import Status

# Some pictures of a set that were asked for did not come.
_LACKING = "json_array_length(facts, '$.refused') > 0"
_FILES = f"SELECT path, bytes FROM files WHERE task_row = ? AND {MAIN}"
ENDED_BADLY = frozenset({Status.FAILED, Status.CANCELLED, Status.EXPIRED})


class Stage(StrEnum):
    """How far a row of a manifest has come, as this machine knows."""

    NEW = "to do"  # never accepted
    UNANSWERED = "unanswered"  # sent, and it is not known what became of it
    OPEN = "open"
    MADE = "made"  # finished and not saved
    SAVED = "saved"
    FAILED = "failed"


class Standing(NamedTuple):
    """The ledger's latest row of a key, and what that means for the batch."""

    stage: Stage
    row: int | None = None
    id: str | None = None
    batch: str | None = None


class ClaimedElsewhere(WrongState):
    """Another run asked for the same in the meantime."""


class BatchRows(PictureRows):
    """The rows of batches by their keys."""

    def refuse_stale(self, profile: str, intent: Intent) -> None:
        """Within the transaction that begins a request: raises ClaimedElsewhere if it was made
        since it was decided on."""
        latest = self._latest(profile, intent.key)
        if latest != intent.after:
            raise ClaimedElsewhere(
                f"row {intent.number} ({intent.name}) is being made by another run",
                charge=Charge.NO,
            )

    def standing(self, profile: str, key: str) -> Standing:
        """How far what a key stands for has come; what was saved and is not there is to be saved
        again."""
        rows = self._select(
            f"SELECT row, id, kind, status, batch, lost_at, {PICTURES_LEFT} AS unsaved,"
            f" {_LACKING} AS lacking FROM tasks"
            " WHERE key = ? AND profile = ? ORDER BY row DESC LIMIT 1",
            (key, profile),
        )
        if not rows:
            return Standing(Stage.NEW)
        return Standing(self._stage(rows[0]), rows[0]["row"], rows[0]["id"], rows[0]["batch"])

    def _stage(self, row: Row) -> Stage:
        status, kind = row["status"], row["kind"]
        if status == Status.REFUSED:
            return Stage.NEW
        if status in ENDED_BADLY or row["lost_at"]:
            return Stage.FAILED
        if status == Status.SUCCEEDED and not row["lacking"]:
            return Stage.SAVED if self._all_there(row) else Stage.MADE
        if status in (Status.SUCCEEDED, Status.INCOMPLETE):
            return Stage.MADE if row["unsaved"] else Stage.FAILED
        if kind == "image":
            # Pictures come in the answer, and in no list: of what broke off no more is to come.
            return Stage.UNANSWERED
        return Stage.OPEN if row["id"] else Stage.UNANSWERED

    def _all_there(self, row: Row) -> bool:
        """Whether everything is saved, and still lies where it was saved, judged by its size."""
        if row["unsaved"]:
            return False
        files = self._select(_FILES, (row["row"],))
        return bool(files) and all(lies_there(Path(file["path"]), file["bytes"]) for file in files)

    def spent(self, batch: str) -> Decimal:
        """US dollars that a run's requests cost so far: the bill, or the estimate until then."""
        rows = self._select(
            f"SELECT cost, estimate FROM tasks WHERE batch = ? AND {MAY_HAVE_MADE}", (batch,)
        )
        return sum((Decimal(row["cost"] or row["estimate"] or 0) for row in rows), Decimal(0))

    def rows_of(self, batch: str) -> list[int]:
        """The numbers of a batch's rows, in the order of its manifest."""
        rows = self._select("SELECT row FROM tasks WHERE batch = ? ORDER BY step, row", (batch,))
        return [row["row"] for row in rows]

    def _latest(self, profile: str, key: str) -> int | None:
        rows = self._select(
            "SELECT max(row) AS row FROM tasks WHERE key = ? AND profile = ?", (key, profile)
        )
        return rows[0]["row"] if rows else None
