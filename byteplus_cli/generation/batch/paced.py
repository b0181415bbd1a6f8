"""The service that makes clips, asked for one clip at its lane's pace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from byteplus_cli.errors import Throttled
from byteplus_cli.generation.batch.pace import Pace
from byteplus_cli.generation.service import Created, Page, VideoService
from byteplus_cli.generation.task import Task


class Paced:
    """For one request. Its first try has its turn already; each further one waits for its own."""

    def __init__(self, service: VideoService, pace: Pace) -> None:
        self._service = service
        self._pace = pace
        self._tried = False

    def create(self, body: dict[str, Any]) -> Created:
        if self._tried:
            self._pace.turn()
        self._tried = True
        try:
            return self._service.create(body)
        except Throttled as error:
            self._pace.refused(error.retry_after)
            raise

    def get(self, id: str) -> Task:
        return self._service.get(id)

    def list(
        self,
        *,
        page: int = 1,
        size: int = 20,
        status: str | None = None,
        ids: Sequence[str] = (),
        model: str | None = None,
        tier: str | None = None,
    ) -> Page:
        return self._service.list(
            page=page, size=size, status=status, ids=ids, model=model, tier=tier
        )

    def delete(self, id: str) -> None:
        self._service.delete(id)
