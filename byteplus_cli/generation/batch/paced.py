"""The service that makes clips, asked for one clip at its lane's pace."""

from __future__ import annotations

from typing import Any

from byteplus_cli.errors import Throttled
from byteplus_cli.generation.batch.pace import Pace
from byteplus_cli.generation.service import Created, VideoService


class Paced:
    """For one request. Its first try has its turn already; each further one waits for its own."""

    def __init__(self, service: VideoService, pace: Pace) -> None:
        self._service = service
        self.get, self.list, self.delete = service.get, service.list, service.delete
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
