"""What a rescue comes to, for each thing that may be saved."""

from __future__ import annotations

from dataclasses import dataclass

from byteplus_cli.errors import ByteplusError, Missing
from byteplus_cli.generation.entry import Entry, SavedFile
from byteplus_cli.generation.notice import Notice
from byteplus_cli.generation.task import Task


@dataclass(frozen=True)
class Ready:
    """What is finished and to be saved: a task as the last look saw it, or a set of pictures,
    whose links are in the ledger alone."""

    entry: Entry
    task: Task | None


@dataclass(frozen=True)
class Rescued:
    """What was saved just now, of a row that is all on the disk."""

    entry: Entry
    files: tuple[SavedFile, ...]
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class Failed:
    """What may be saved another time; there is no id where the trouble came before one."""

    id: str | None
    error: ByteplusError
    saved: Rescued | None = None  # what of it could be saved
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class Lost:
    """A row of the ledger that nothing can be saved of any more."""

    row: int
    id: str | None
    error: Missing
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class Found:
    """What a search came to: the first of `ready` is the first to expire."""

    ready: tuple[Ready, ...] = ()
    faults: tuple[Failed | Lost, ...] = ()
    sending: int = 0  # requests that another run may still be waiting to be answered
