"""What came of a callback, of passing one on, or of too many at once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from byteplus_cli.errors import ByteplusError
from byteplus_cli.generation.entry import BESIDES, Entry, SavedFile
from byteplus_cli.generation.notice import Notice
from byteplus_cli.generation.task import FINISHED, Status, Task
from byteplus_cli.webhook.hint import Hint


class Outcome(StrEnum):
    """What a callback came to."""

    NOTED = "noted"  # the task is not finished yet
    SAVED = "saved"
    ENDED = "ended"  # with nothing to save: failed, expired or cancelled
    STALE = "stale"  # it came again, or too late to tell anything new
    FOREIGN = "foreign"  # a task of the account that this machine did not ask for
    UNKNOWN = "unknown"  # the service has no such task: forged, or of another account
    TROUBLE = "trouble"  # it could not be looked up, or not saved


@dataclass(frozen=True)
class Event:
    """`status` is what the service says of the task, None where it said nothing."""

    hint: Hint
    outcome: Outcome
    status: str | None = None
    entry: Entry | None = None
    task: Task | None = None
    files: tuple[SavedFile, ...] = ()
    error: ByteplusError | None = None
    notices: tuple[Notice, ...] = ()  # what saving it had to tell
    duplicate: bool = False  # this run had the same callback before

    @property
    def ended(self) -> bool:
        """Whether a task of this machine is finished, however it ended."""
        return self.entry is not None and self.status in FINISHED

    @property
    def silent(self) -> bool:
        """Whether it is no news: our own look at a task that goes on."""
        return self.hint.claimed is None and self.outcome in (Outcome.NOTED, Outcome.STALE)


@dataclass(frozen=True)
class PassedOn:
    """What the user's own server made of a callback: its HTTP status, or why there is none."""

    hint: Hint
    status: int | None
    tries: int
    trouble: str | None = None

    @property
    def taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True)
class Dropped:
    """So many callbacks about unknown tasks came at once that these were not looked up."""

    count: int


News = Event | PassedOn | Dropped


def is_over(entry: Entry) -> bool:
    """Whether nothing is left to be done for a task.

    What was saved once and then moved or deleted is its owner's business.
    """
    if entry.lost_at or entry.removed_at:
        return True
    if entry.status == Status.SUCCEEDED:
        return any(file.role not in BESIDES for file in entry.files)
    return entry.status in FINISHED
