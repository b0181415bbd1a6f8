"""What the ledger holds of chains: what each is to be, and how far its clips have come."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from byteplus_cli.errors import Charge, Missing, WrongState
from byteplus_cli.generation.batch.rows import BatchRows
from byteplus_cli.generation.entry import Entry
from byteplus_cli.generation.entry_rows import as_json
from byteplus_cli.generation.task import FINISHED, Status

GIVEN_UP = {Status.REFUSED, Status.UNKNOWN}


class ChainRows(BatchRows):
    """The rows of chains, by their ids."""

    def refuse_twice(self, chain: str, step: int | None) -> None:
        """Two runs may go on with one chain at once; the first to write a clip down makes it."""
        rows = self._select(
            "SELECT status FROM tasks WHERE chain = ? AND step = ? ORDER BY row DESC LIMIT 1",
            (chain, step),
        )
        if rows and rows[0]["status"] not in (FINISHED - {Status.SUCCEEDED}) | GIVEN_UP:
            raise WrongState(
                f"clip {step} of {chain} is being made by another run",
                hint=f"once that has ended: byteplus video chain --resume {chain}",
                charge=Charge.NO,
            )

    def begin_chain(self, id: str, profile: str, plan: Mapping[str, Any], now: float) -> None:
        """Write down what a chain of clips is to be, before its first request leaves."""
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO chains VALUES (?, ?, ?, ?)", (id, profile, as_json(plan), now)
            )

    def chain_plan(self, id: str, profile: str) -> dict[str, Any]:
        """What a chain was begun as; raises Missing."""
        rows = self._select("SELECT * FROM chains WHERE id = ? AND profile = ?", (id, profile))
        if not rows:
            raise Missing(
                f"this machine knows no chain {id} in profile {profile}",
                hint="-p NAME, if it was begun in another profile",
            )
        return dict(json.loads(rows[0]["plan"]))

    def chain_steps(self, id: str) -> dict[int, Entry]:
        """The latest row of each step of a chain."""
        rows = self._select("SELECT * FROM tasks WHERE chain = ? ORDER BY row", (id,))
        return {entry.step: entry for entry in self._entries(rows) if entry.step is not None}
