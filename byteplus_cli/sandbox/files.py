"""The finished files behind the links, made when first asked for."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from byteplus_cli.sandbox.links import LINK_SECONDS, opens, sign
from byteplus_cli.sandbox.tasks import Task, Tasks

LAST_FRAME = "last_frame.jpg"
TYPES = {".mp4": "video/mp4", ".mov": "video/quicktime", ".jpg": "image/jpeg"}
_making = threading.Lock()


@dataclass(frozen=True)
class Files:
    """The files of the tasks in one state folder. `clock` gives Unix seconds."""

    tasks: Tasks
    clock: Callable[[], float]

    def links(self, task: Task, *, stale: bool) -> dict[str, str]:
        """Signed paths to a finished task's files, good for a day from its end."""
        signed_at = task.ended_at - (2 * LINK_SECONDS if stale else 0)
        names = {"video_url": f"video.{task.plan.clip.format}"}
        if task.plan.last_frame:
            names["last_frame_url"] = LAST_FRAME
        secret = self.tasks.secret
        return {key: sign(f"/files/{task.id}/{n}", signed_at, secret) for key, n in names.items()}

    async def get(self, request: Request) -> Response:
        """A file, or what an object store says when it will not give one."""
        if "authorization" in request.headers:
            return _denied(400, "InvalidArgument", "only one way of signing is allowed")
        if request.method == "HEAD" or not opens(
            request.url.path, request.query_params, self.clock(), self.tasks.secret
        ):
            return _denied(403, "AccessDenied", "the link does not open this, or no longer")
        id, name = request.path_params["id"], request.path_params["name"]
        task = self.tasks.find(id, self.clock())
        if task is None:
            return _denied(404, "NoSuchKey", "there is no such file")
        path = await run_in_threadpool(self._made, task, name)
        if task.plan.script.cut and self.tasks.count(id, "cut") == 1:
            return _BrokenOff(path)
        tag = await run_in_threadpool(_tag, path)
        return FileResponse(path, media_type=TYPES[path.suffix], headers={"etag": tag})

    def _made(self, task: Task, name: str) -> Path:
        from byteplus_cli.sandbox.samples import write_clip, write_last_frame

        clip = self.tasks.files / f"{task.id}.{task.plan.clip.format}"
        frame = self.tasks.files / f"{task.id}.jpg"
        with _making:
            if not clip.exists():
                write_clip(task.plan.clip, clip)
            if name == LAST_FRAME and not frame.exists():
                write_last_frame(clip, frame)
        return frame if name == LAST_FRAME else clip


def _tag(path: Path) -> str:
    digest = hashlib.md5(path.read_bytes(), usedforsecurity=False)
    return f'"{digest.hexdigest()}"'


def _denied(status: int, code: str, message: str) -> Response:
    body = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    return Response(body, status, media_type="application/xml")


class _BrokenOff(Response):
    """Promises a whole file and ends the connection after half of it."""

    def __init__(self, path: Path) -> None:
        super().__init__(media_type=TYPES[path.suffix])
        self._content = path.read_bytes()
        self.headers["content-length"] = str(len(self._content))
        self.headers["etag"] = _tag(path)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        half = self._content[: len(self._content) // 2]
        # uvicorn drops the connection when the application ends before the body does.
        await send({"type": "http.response.body", "body": half, "more_body": True})
