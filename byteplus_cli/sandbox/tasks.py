"""The video tasks of the account and where they stand, read off the clock."""

from __future__ import annotations

import json
import random
import sqlite3
import string
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from byteplus_cli.sandbox.account import Account
from byteplus_cli.sandbox.order import Order
from byteplus_cli.sandbox.states import Status

DAY = 86_400
RECORD_LIFE, CANCELLED_LIFE = 7 * DAY, DAY

_ADD = """
INSERT OR IGNORE INTO tasks
    (id, created, starts, ends, outcome, model, endpoint, tier, calls_back, wording)
    VALUES (:id, :now, :starts, :ends, :outcome, :model, :endpoint, :tier, :calls_back, :wording)
"""
_STATUS = """CASE
    WHEN :now >= cancelled THEN 'cancelled'
    WHEN :now < starts THEN 'queued'
    WHEN :now < ends THEN 'running'
    ELSE outcome END"""
_KNOWN = f"""(:now < created + {RECORD_LIFE}
    AND (cancelled IS NULL OR :now < cancelled + {CANCELLED_LIFE}))"""
_TASK = f"""SELECT id, created, starts, ends, outcome, cancelled, told, wording, {_STATUS} AS status
    FROM tasks WHERE {_KNOWN}"""


@dataclass(frozen=True)
class Task:
    """One task as it stands at one moment; times are Unix seconds."""

    id: str
    created: float
    starts: float
    ends: float
    outcome: Status
    cancelled: float | None
    told: float
    order: Order
    status: Status

    @property
    def changes(self) -> list[tuple[float, Status]]:
        """When it takes which status; one that would last no time is passed over."""
        path = [(self.created, Status.QUEUED)] if self.created < self.starts else []
        if self.cancelled is not None:
            return [*path, (self.cancelled, Status.CANCELLED)]
        if self.starts < self.ends:
            path.append((self.starts, Status.RUNNING))
        return [*path, (self.ends, self.outcome)]

    @property
    def updated(self) -> float:
        # A clock that was set back can show a status that the changes pass over.
        return next((at for at, status in self.changes if status is self.status), self.created)


class Wanted(NamedTuple):
    """What a list is narrowed down to."""

    status: Status | None = None
    model: str | None = None
    tier: str = "default"
    ids: Sequence[str] = ()


@dataclass(frozen=True)
class Tasks:
    account: Account

    def add(self, order: Order, now: float, *, calls_back: bool = False) -> Task:
        starts, ends, outcome = _course(order, now)
        values = {
            "now": now,
            "starts": starts,
            "ends": ends,
            "outcome": outcome,
            "model": order.model,
            "endpoint": order.endpoint,
            "tier": order.tier,
            "calls_back": calls_back,
            "wording": order.to_json(),
        }
        id = _new_id(order.tier, now)
        # Of many made within one second two may draw the same id.
        while not self.account.changed(_ADD, {"id": id, **values}):
            id = _new_id(order.tier, now)
        task = self.find(id, now)
        assert task is not None  # noqa: S101 - a task just made is known
        return task

    def find(self, id: str, now: float) -> Task | None:
        rows = self.account.rows(f"{_TASK} AND id = :id", {"id": id, "now": now})
        return _task(rows[0]) if rows else None

    def page(self, wanted: Wanted, now: float, number: int, size: int) -> tuple[int, list[Task]]:
        """The number of all wanted tasks, with those of one page, newest first."""
        values: dict[str, Any] = {
            "now": now,
            "tier": wanted.tier,
            "model": wanted.model,
            "status": wanted.status,
            "ids": json.dumps(list(wanted.ids)),
            "size": size,
            "skip": (number - 1) * size,
        }
        conditions = ["tier = :tier"]
        if wanted.model is not None:
            conditions.append("(model = :model OR endpoint = :model)")
        if wanted.ids:
            conditions.append("id IN (SELECT value FROM json_each(:ids))")
        if wanted.status is not None:
            conditions.append(f"{_STATUS} = :status")
        chosen = " AND ".join(conditions)
        total = self.account.rows(f"SELECT count(*) FROM tasks WHERE {_KNOWN} AND {chosen}", values)
        order = "ORDER BY created DESC, number DESC LIMIT :size OFFSET :skip"
        rows = self.account.rows(f"{_TASK} AND {chosen} {order}", values)
        return total[0][0], [_task(row) for row in rows]

    def cancel(self, id: str, now: float) -> bool:
        """Whether it was still queued, so that it is cancelled now."""
        return self.account.changed(
            "UPDATE tasks SET cancelled = :now"
            " WHERE id = :id AND cancelled IS NULL AND :now < starts",
            {"id": id, "now": now},
        )

    def remove(self, id: str) -> None:
        self.account.rows("DELETE FROM tasks WHERE id = :id", {"id": id})

    def to_tell(self, now: float) -> list[Task]:
        """Those whose callback address has not heard of their end."""
        return [
            _task(row)
            for row in self.account.rows(
                f"{_TASK} AND calls_back AND told < coalesce(cancelled, ends)", {"now": now}
            )
        ]

    def tell(self, task: Task, until: float) -> bool:
        """Claims the telling of a task's changes up to a moment, for one sandbox only."""
        return self.account.changed(
            "UPDATE tasks SET told = :until WHERE id = :id AND told = :told",
            {"id": task.id, "told": task.told, "until": until},
        )

    def sweep(self, now: float) -> None:
        """Drops the records that no request can see any more."""
        self.account.rows(f"DELETE FROM tasks WHERE NOT {_KNOWN}", {"now": now})


def _task(row: sqlite3.Row) -> Task:
    return Task(
        id=row["id"],
        created=row["created"],
        starts=row["starts"],
        ends=row["ends"],
        outcome=Status(row["outcome"]),
        cancelled=row["cancelled"],
        told=row["told"],
        order=Order.from_json(row["wording"]),
        status=Status(row["status"]),
    )


def _course(order: Order, now: float) -> tuple[float, float, Status]:
    """When the task starts and ends, and how; settled at its creation."""
    script = order.script
    starts, ends = script.course(now)
    if ends > now + order.expires_after:
        deadline = now + order.expires_after
        return min(starts, deadline), deadline, Status.EXPIRED
    if script.expire:
        return starts, ends, Status.EXPIRED
    return starts, ends, Status.FAILED if script.fail else Status.SUCCEEDED


def _new_id(tier: str, now: float) -> str:
    moment = time.strftime("%Y%m%d%H%M%S", time.gmtime(now))
    ending = "".join(random.choices(string.ascii_lowercase + string.digits, k=5))
    return f"cgt-{'batch-' if tier == 'flex' else ''}{moment}-{ending}"
