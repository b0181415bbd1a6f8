"""The object store: hands out what a signed link points to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from byteplus_cli.sandbox import links, shelf
from byteplus_cli.sandbox.links import LinkRefused
from byteplus_cli.sandbox.shelf import Shelf
from byteplus_cli.sandbox.tasks import Task, Tasks

_TYPES = {".mp4": "video/mp4", ".mov": "video/quicktime", ".jpeg": "image/jpeg"}


@dataclass(frozen=True)
class Files:
    tasks: Tasks
    shelf: Shelf
    clock: Callable[[], float]

    def get(self, request: Request) -> Response:
        _check_manner(request)
        links.check(request.url.path, request.query_params, self.clock(), self.tasks.secret)
        name = request.path_params["name"]
        task = self.tasks.find(shelf.task_id(name), self.clock())
        path = self.shelf.fetch(task, name) if task else None
        if task is None or path is None:
            raise LinkRefused(404, "NoSuchKey", "There is no such file.")
        headers = {"etag": shelf.etag(path)}
        if self._cuts(task):
            return _half(path, headers)
        return FileResponse(path, headers=headers, media_type=_TYPES[path.suffix])

    def _cuts(self, task: Task) -> bool:
        return task.order.script.cut and self.tasks.count(task.id, "downloads") == 1


def _check_manner(request: Request) -> None:
    # A second credential beside the signature is a fault to an object store, and so is HEAD
    # on a link that was signed for GET (ARKCLI).
    if "authorization" in request.headers:
        raise LinkRefused(400, "InvalidRequest", "The link needs no Authorization header.")
    if request.method == "HEAD":
        raise LinkRefused(403, "SignatureDoesNotMatch", "The link was signed for GET.")


def _half(path: Path, headers: dict[str, str]) -> Response:
    content = path.read_bytes()
    length = {"content-length": str(len(content)), "accept-ranges": "bytes"}
    # The server closes the connection when a body ends before its announced length.
    half = content[: len(content) // 2]
    return Response(half, headers={**headers, **length}, media_type=_TYPES[path.suffix])
