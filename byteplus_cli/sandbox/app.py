"""The HTTP face of the sandbox: ModelArk's video endpoints and the files they link to."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from byteplus_cli.sandbox import callbacks, planning, rules
from byteplus_cli.sandbox.files import Files
from byteplus_cli.sandbox.rules import Refusal
from byteplus_cli.sandbox.tasks import FRAMES_A_SECOND, Task, Tasks

API = "/api/v3/contents/generations/tasks"
MOST_BODY_BYTES = 64 * 1024 * 1024
FAILING_LOOKS = 3
Clock = Callable[[], float]
Endpoint = Callable[[Request], Awaitable[Response]]


def make_app(state: Path, clock: Clock = time.time) -> Starlette:
    """The sandbox over one state folder. `clock` gives Unix seconds."""
    tasks = Tasks(state)
    face = _Videos(tasks, clock)
    files = Files(tasks, clock)
    return Starlette(
        routes=[
            Route(API, _guarded(face.create), methods=["POST"]),
            Route(API, _guarded(face.list), methods=["GET"]),
            Route(API + "/{id}", _guarded(face.get), methods=["GET"]),
            Route(API + "/{id}", _guarded(face.delete), methods=["DELETE"]),
            Route("/files/{id}/{name}", files.get, methods=["GET", "HEAD"]),
        ],
        exception_handlers={Refusal: _refuse, HTTPException: _no_such_page},
    )


@dataclass(frozen=True)
class _Videos:
    tasks: Tasks
    clock: Clock

    async def create(self, request: Request) -> Response:
        body = await _json(request)
        plan = await run_in_threadpool(self._plan, body)
        if plan.script.refuse:
            raise Refusal(400, plan.script.refuse, "refused, as the prompt asks")
        if plan.script.http:
            raise Refusal(plan.script.http, "Scripted", "answered as the prompt asks")
        task = self.tasks.add(plan, self.clock())
        callbacks.follow(task, self.clock, lambda now: describe(task, now, _root(request), self))
        if plan.script.lose:
            return _Silence()
        return _reply({"id": task.id})

    async def list(self, request: Request) -> Response:
        now = self.clock()
        found = [task for task in self.tasks.all(now) if _matches(task, request, now)]
        page, size = _integer(request, "page_num", 1), _integer(request, "page_size", 20)
        shown = found[(page - 1) * size : page * size]
        items = [describe(task, now, _root(request), self) for task in shown]
        return _reply({"total": len(found), "items": items})

    async def get(self, request: Request) -> Response:
        task = self._find(request)
        scripted = task.plan.script.look
        if scripted and self.tasks.count(task.id, "look") <= FAILING_LOOKS:
            raise Refusal(scripted, "Scripted", "answered as the prompt asks")
        return _reply(describe(task, self.clock(), _root(request), self))

    async def delete(self, request: Request) -> Response:
        task, now = self._find(request), self.clock()
        status = task.status(now)
        if status == "queued":
            self.tasks.cancel(task.id, now)
        elif status == "running":
            raise Refusal(
                409, "InvalidAction.RunningTaskDeletion", "a running task cannot be deleted"
            )
        elif status == "cancelled":
            raise Refusal(409, "InvalidAction", "a cancelled task cannot be deleted")
        else:
            self.tasks.remove(task.id)
        return _reply({})

    def _plan(self, body: object) -> Any:
        given, model, inputs = rules.check(body)
        if inputs.draft is None:
            return planning.make_plan(given, model, inputs)
        now = self.clock()
        return planning.make_final(given, model, self.tasks.find(inputs.draft, now), now)

    def _find(self, request: Request) -> Task:
        id = request.path_params["id"]
        task = self.tasks.find(id, self.clock())
        if task is None:
            raise Refusal(404, "NotFound", f"there is no task {id}", "id")
        return task


def describe(task: Task, now: float, root: str, videos: _Videos) -> dict[str, Any]:
    """A task as GET and LIST show it."""
    plan, status = task.plan, task.status(now)
    document = {
        "id": task.id,
        "model": plan.model,
        "status": status,
        "error": None,
        "created_at": int(task.created_at),
        "updated_at": int(task.updated_at(now)),
        "service_tier": plan.service_tier,
        "execution_expires_after": plan.expires_after,
        **plan.echoed,
    }
    if plan.draft:
        document["draft"] = True
    if plan.draft_task:
        document["draft_task_id"] = plan.draft_task
    if status == "failed":
        document["error"] = {"code": plan.script.fail, "message": "failed, as the prompt asks"}
    if status == "succeeded":
        document |= _outcome(task, root, videos)
    return document


def _outcome(task: Task, root: str, videos: _Videos) -> dict[str, Any]:
    plan = task.plan
    stale = plan.script.stale and videos.tasks.count(task.id, "link") == 1
    links = Files(videos.tasks, videos.clock).links(task, stale=stale)
    length = (
        {"frames": plan.clip.frames}
        if plan.by_frames
        else {"duration": plan.clip.frames // FRAMES_A_SECOND}
    )
    return {
        "content": {name: root + link for name, link in links.items()},
        "seed": plan.clip.seed,
        "resolution": plan.resolution,
        "ratio": plan.ratio,
        "framespersecond": FRAMES_A_SECOND,
        **length,
        **({"generate_audio": True} if plan.clip.sound else {}),
        "usage": {"completion_tokens": plan.tokens, "total_tokens": plan.tokens},
    }


def _matches(task: Task, request: Request, now: float) -> bool:
    query = request.query_params
    ids = query.getlist("filter.task_ids")
    return (
        task.plan.service_tier == query.get("filter.service_tier", "default")
        and query.get("filter.status", task.status(now)) == task.status(now)
        and query.get("filter.model", task.plan.model) == task.plan.model
        and (not ids or task.id in ids)
    )


def _integer(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, str(default))
    if not text.isdecimal() or not 1 <= int(text) <= 500:
        raise Refusal(400, "InvalidParameter", f"{name} must be in [1, 500]", name)
    return int(text)


def _guarded(endpoint: Endpoint) -> Endpoint:
    async def guarded(request: Request) -> Response:
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        # A key that begins with `bad` is refused, so that this too can be tried.
        if scheme != "Bearer" or not key.strip() or key.startswith("bad"):
            raise Refusal(401, "AuthenticationError", "the API key is missing or invalid")
        return await endpoint(request)

    return guarded


async def _json(request: Request) -> object:
    content = bytearray()
    try:
        async for chunk in request.stream():
            content += chunk
            if len(content) > MOST_BODY_BYTES:
                raise Refusal(413, "RequestTooLarge", "the body is over 64 MB")
        return json.loads(content)
    except ClientDisconnect:
        raise Refusal(400, "InvalidParameter", "the request broke off") from None
    except (ValueError, RecursionError):
        raise Refusal(400, "InvalidParameter", "the body is not JSON") from None


def _root(request: Request) -> str:
    # The port changes from run to run, so links are made for the host that is asked just now.
    return f"http://{quote(request.headers.get('host', '127.0.0.1'), safe=':[]')}"


def _reply(document: Mapping[str, Any]) -> JSONResponse:
    return JSONResponse(document, headers={"x-request-id": _request_id()})


async def _refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)  # noqa: S101 - registered for nothing else
    kind = "Unauthorized" if error.status == 401 else "BadRequest"
    body = {"code": error.code, "message": str(error), "param": error.param, "type": kind}
    headers = {"x-request-id": _request_id(), "x-error-code": error.code}
    if error.status == 429:
        headers["retry-after"] = "1"
    return JSONResponse({"error": body}, error.status, headers)


async def _no_such_page(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    codes = {404: "NotFound", 405: "MethodNotAllowed"}
    refusal = Refusal(error.status_code, codes.get(error.status_code, "Error"), error.detail)
    return await _refuse(request, refusal)


def _request_id() -> str:
    return time.strftime("%Y%m%d%H%M%S") + secrets.token_hex(8).upper()


class _Silence(Response):
    """Begins an answer and ends the connection before it says anything."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-length", b"64")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        # uvicorn drops the connection when the application ends before the body does.
        await send({"type": "http.response.body", "body": b"", "more_body": True})
