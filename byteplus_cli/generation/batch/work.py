"""What a batch asks of whoever makes things, and what the answers mean for a row."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple, Protocol

from byteplus_cli.errors import (
    AccessDenied,
    ByteplusError,
    Charge,
    Missing,
    Moderated,
    NotSaved,
    Throttled,
)
from byteplus_cli.generation.batch.lane import Lane
from byteplus_cli.generation.batch.row import Row
from byteplus_cli.generation.batch.rows import Standing
from byteplus_cli.generation.task import Task


class Taken(NamedTuple):
    """A row that the service took: the id to watch, or with none what it cost, all being done."""

    id: str | None
    usd: str | None = None


class Work(Protocol):
    """Each call may raise ByteplusError; from `submit` on they take long, and run in threads."""

    @property
    def batch(self) -> str: ...

    def row(self, offset: int) -> Row: ...
    def standing(self, row: Row) -> Standing: ...
    def why(self, standing: Standing) -> ByteplusError:
        """What kept a row of the ledger from success."""
        ...

    def cost(self, row: Row) -> str | None:
        """What the latest request of a row cost in US dollars, if that is known."""
        ...

    def counted(self, standing: Standing) -> Decimal:
        """US dollars that a request of this run counts for in what the ledger says is spent."""
        ...

    def is_elsewhere(self, standing: Standing) -> bool:
        """Whether another run is at work on what a row asks for."""
        ...

    def lost(self, standing: Standing) -> None:
        """Write down that nothing of a row can be saved any more."""
        ...

    def submit(self, row: Row, lane: Lane, after: int | None) -> Taken:
        """Send a row once, if the ledger's latest row of its key is still `after`."""
        ...

    def save_pictures(self, row: Row, standing: Standing) -> Taken:
        """Save what is made of a row and not saved yet."""
        ...

    def reconcile(self, standing: Standing) -> str | None:
        """The id that an unanswered request has after all; None if it surely has none."""
        ...

    def list(self, ids: Sequence[str], flex: bool) -> Sequence[Task]: ...
    def look(self, id: str) -> Task: ...
    def seen(self, task: Task) -> None:
        """Write down what was told of a task."""
        ...

    def save(self, row: Row, task: Task) -> str | None:
        """Save a finished task's files; gives what it cost in US dollars."""
        ...

    def ended(self, task: Task) -> ByteplusError:
        """What a task that did not succeed means."""
        ...


def outcome_of(error: ByteplusError) -> str:
    """What a row came to that ended in an error."""
    if isinstance(error, NotSaved):
        return "unsaved"
    if isinstance(error, Missing):
        return "lost"
    if isinstance(error, AccessDenied | Throttled):
        return "refused"
    if error.charge is Charge.UNKNOWN and not isinstance(error, Moderated):
        return "unknown"
    return "failed"


def charged(error: ByteplusError, usd: str | None) -> str | None:
    """What a row cost that ended in an error; None is "as much as was estimated"."""
    return "0" if error.charge is Charge.NO else usd


def surely_lost(error: ByteplusError) -> bool:
    """Whether a request came to nothing that may well succeed the next time."""
    return error.temporary and error.charge is Charge.NO
