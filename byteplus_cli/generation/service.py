"""What is asked of the service that makes clips, and how it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from byteplus_cli.generation.task import Task


@dataclass(frozen=True)
class Created:
    """The service's answer to a create."""

    id: str
    request_id: str | None


@dataclass(frozen=True)
class Page:
    """One page of the account's tasks; `unreadable` counts what was none."""

    total: int
    tasks: tuple[Task, ...]
    unreadable: int = 0


class VideoService(Protocol):
    """What a runner needs of the service; each call sends one request."""

    def create(self, body: dict[str, Any]) -> Created: ...
    def get(self, id: str) -> Task: ...
    def list(
        self,
        *,
        page: int = 1,
        size: int = 20,
        status: str | None = None,
        ids: Sequence[str] = (),
        model: str | None = None,
        tier: str | None = None,
    ) -> Page: ...
    def delete(self, id: str) -> None: ...
