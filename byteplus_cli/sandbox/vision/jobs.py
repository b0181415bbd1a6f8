"""The tasks of the Vision API and where they stand, read off the clock."""

from __future__ import annotations

import random
import sqlite3
from dataclasses import dataclass
from enum import StrEnum

from byteplus_cli.sandbox.account import Account
from byteplus_cli.sandbox.vision.order import Order

# A record is kept for 12 hours (VIS-CN15); from its creation on is the earlier reading.
RECORD_LIFE = 12 * 3600
# One task at a time by default (VIS-GUIDE); here of all kinds together.
CONCURRENCY = 1

_ADD = """
INSERT INTO jobs (id, created, starts, ends, wording)
    SELECT :id, :now, :starts, :ends, :wording
    WHERE (SELECT count(*) FROM jobs WHERE cancelled IS NULL AND :now < ends) < :most
"""
_KNOWN = f"(:now < created + {RECORD_LIFE})"


class Status(StrEnum):
    """The words for them: VIS-CN15; `canceled` from VIS-ADPT."""

    IN_QUEUE = "in_queue"
    GENERATING = "generating"
    DONE = "done"
    EXPIRED = "expired"
    CANCELED = "canceled"
    NOT_FOUND = "not_found"


@dataclass(frozen=True)
class Job:
    """One task as it stands at one moment; times are Unix seconds."""

    id: str
    ends: float
    order: Order
    status: Status


@dataclass(frozen=True)
class Jobs:
    account: Account

    def add(self, order: Order, now: float) -> str | None:
        """The id of a new task, or None while as many as are allowed at once have not ended."""
        starts, ends = order.script.course(now)
        values = {
            "id": _new_id(),
            "now": now,
            "starts": starts,
            "ends": ends,
            "wording": order.to_json(),
            "most": CONCURRENCY,
        }
        return str(values["id"]) if self.account.changed(_ADD, values) else None

    def find(self, id: str, now: float) -> Job | None:
        known = f"SELECT * FROM jobs WHERE {_KNOWN} AND id = :id"
        rows = self.account.rows(known, {"id": id, "now": now})
        return _job(rows[0], now) if rows else None

    def cancel(self, id: str, now: float) -> bool:
        """Whether it was still queued, so that it is cancelled now."""
        return self.account.changed(
            f"UPDATE jobs SET cancelled = :now WHERE {_KNOWN} AND id = :id"
            " AND cancelled IS NULL AND :now < starts",
            {"id": id, "now": now},
        )

    def sweep(self, now: float) -> None:
        """Drops the records that no request can see any more."""
        self.account.rows(f"DELETE FROM jobs WHERE NOT {_KNOWN}", {"now": now})


def _job(row: sqlite3.Row, now: float) -> Job:
    order = Order.from_json(row["wording"])
    return Job(row["id"], row["ends"], order, _status(row, order, now))


def _status(row: sqlite3.Row, order: Order, now: float) -> Status:
    if row["cancelled"] is not None:
        return Status.CANCELED
    if now < row["starts"]:
        return Status.IN_QUEUE
    if now < row["ends"]:
        return Status.GENERATING
    return Status.EXPIRED if order.script.expire else Status.DONE


def _new_id() -> str:
    # Of 19 digits, beyond 2^53 and odd, so that a client which reads it as a float loses it.
    return str(random.randrange(7 * 10**18, 8 * 10**18) | 1)
