"""A task as the ledger knows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from byteplus_cli.generation.task import Task

# Files that come with a task, but are not what it was made for.
BESIDES = ("last_frame", "joined")


@dataclass(frozen=True)
class SavedFile:
    """A finished file on this disk; `facts` are width, height, seconds, fps and what differed."""

    path: Path
    role: str
    bytes: int
    sha256: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Delivered:
    """A picture that the service made: where it is until it is saved.

    `kept` is a file in the state folder, for one that came without a link and so without a
    second chance.
    """

    place: int
    url: str | None = field(default=None, repr=False)
    kept: Path | None = None
    layer: str | None = None
    expires_at: float | None = None
    content: bytes | None = field(default=None, repr=False)  # as long as this run has it
    size: tuple[int, int] | None = None  # in the words of the service
    saved_at: float | None = None

    def can_be_fetched(self, now: float) -> bool:
        """Whether it is somewhere to be had still."""
        if self.kept is not None or self.content is not None:
            return True
        return self.url is not None and now < (self.expires_at or now)


@dataclass(frozen=True)
class Entry:
    """A row of the ledger. Times are Unix seconds, money is dollars as text."""

    row: int
    id: str | None
    kind: str
    profile: str
    model: str | None
    prompt: str | None
    status: str
    request: Mapping[str, Any]
    created_at: float
    output: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    estimate: str | None = None
    cost: str | None = None
    error: Mapping[str, Any] | None = None
    request_id: str | None = None
    finished_at: float | None = None
    chain: str | None = None
    step: int | None = None
    lost_at: float | None = None  # when it was told that nothing of it can be saved any more
    missing_at: float | None = None  # when a look first found no record of it
    removed_at: float | None = None  # when its record was deleted from here
    batch: str | None = None  # the run that asked for it
    name: str | None = None  # what its row in the manifest is called
    key: str | None = None  # stands for the content of that row
    files: tuple[SavedFile, ...] = ()
    pictures: tuple[Delivered, ...] = ()

    @property
    def is_draft(self) -> bool:
        return bool(self.facts.get("draft") or self.request.get("draft"))

    def waiting(self, now: float) -> list[Delivered]:
        """The pictures that are not saved and still can be."""
        return [p for p in self.pictures if p.saved_at is None and p.can_be_fetched(now)]

    @property
    def saved(self) -> bool:
        """Whether its main file is on this disk as it was saved, judged by name and size."""
        main = [file for file in self.files if file.role not in BESIDES]
        if any(picture.saved_at is None for picture in self.pictures):
            return False
        return bool(main) and all(lies_there(file.path, file.bytes) for file in main)


def lies_there(path: Path, size: int) -> bool:
    """Whether a file is where it was saved, and as large."""
    try:
        return path.stat().st_size == size
    except OSError:
        return False


def foreign(task: Task, profile: str, cost: str | None) -> Entry:
    """A task of the account that this machine did not make, for showing; it is not kept."""
    return Entry(
        row=0,
        id=task.id,
        kind=task.kind,
        profile=profile,
        model=task.model,
        prompt=None,
        status=task.status,
        request={},
        created_at=task.created_at or 0,
        facts=facts_of(task),
        cost=cost,
        error=vars(task.failure) if task.failure else None,
        finished_at=task.updated_at if task.finished else None,
    )


def facts_of(task: Task) -> dict[str, Any]:
    """What a look told of the clip, as the ledger keeps it."""
    names = ("seed", "resolution", "ratio", "duration", "frames", "fps", "audio", "draft")
    facts = {name: getattr(task, name) for name in (*names, "service_tier")}
    return {**facts, "usage": dict(task.usage)}
