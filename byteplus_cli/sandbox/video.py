"""The four calls on video tasks."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from byteplus_cli.sandbox.callbacks import Callbacks, on_this_machine
from byteplus_cli.sandbox.own import Own
from byteplus_cli.sandbox.refusal import Refusal, invalid
from byteplus_cli.sandbox.replies import answer
from byteplus_cli.sandbox.requests import check_key, host, parse_body, read_body
from byteplus_cli.sandbox.rules import checked
from byteplus_cli.sandbox.scripted import failure, turn_down
from byteplus_cli.sandbox.scripts import SPOILED_LOOKS
from byteplus_cli.sandbox.states import NEXT, REMOVABLE, Status
from byteplus_cli.sandbox.tasks import Task, Tasks, Wanted
from byteplus_cli.sandbox.view import show


@dataclass(frozen=True)
class Video:
    tasks: Tasks
    clock: Callable[[], float]
    callbacks: Callbacks
    own: Own

    async def create(self, request: Request) -> Response:
        check_key(request)
        raw = await read_body(request)
        task = await run_in_threadpool(self._accept, raw)
        if task.order.script.lose:
            # What is answered from here on goes nowhere.
            request.scope["hang_up"]()
        return answer({"id": task.id})

    def get(self, request: Request) -> Response:
        check_key(request)
        task = self._find(request)
        look = task.order.script.look
        if look is not None and self.tasks.account.count(task.id, "looks") <= SPOILED_LOOKS:
            raise failure(look)
        return answer(show(self.tasks, task, host(request)))

    def list(self, request: Request) -> Response:
        check_key(request)
        query = request.query_params
        number, size = _whole(query, "page_num", 1), _whole(query, "page_size", 20)
        wanted = Wanted(
            status=_status(query.get("filter.status")),
            model=query.get("filter.model"),
            tier=_tier(query.get("filter.service_tier", "default")),
            ids=query.getlist("filter.task_ids"),
        )
        total, page = self.tasks.page(wanted, self.clock(), number, size)
        items = [show(self.tasks, task, host(request)) for task in page]
        return answer({"total": total, "items": items})

    def delete(self, request: Request) -> Response:
        """Cancels what is queued and removes what has ended."""
        check_key(request)
        task = self._find(request)
        now = self.clock()
        if Status.CANCELLED in NEXT[task.status] and self.tasks.cancel(task.id, now):
            return answer({})
        if task.status in REMOVABLE:
            self.tasks.remove(task.id)
            return answer({})
        if task.status is Status.CANCELLED:
            # The real code for this is not known.
            raise Refusal(409, "InvalidAction", f"task {task.id} is cancelled already")
        code = "InvalidAction.RunningTaskDeletion"
        raise Refusal(409, code, f"task {task.id} is running and cannot be deleted")

    def _find(self, request: Request) -> Task:
        id = request.path_params["id"]
        task = self.tasks.find(id, self.clock())
        if task is None:
            # The real code for this is not known.
            raise Refusal(404, "NotFound", f"there is no task {id}", "id")
        return task

    def _accept(self, raw: bytes) -> Task:
        now = self.clock()
        order = checked(parse_body(raw), lambda id: self.tasks.find(id, now), self.own.find)
        turn_down(order.script)
        calls_back = on_this_machine(order.callback_url)
        task = self.tasks.add(order, now, calls_back=calls_back)
        if calls_back:
            self.callbacks.wake()
        return task


def _whole(query: QueryParams, name: str, default: int) -> int:
    value = query.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,3}", value) or not 1 <= int(value) <= 500:
        raise invalid(name, "has to be a whole number from 1 to 500")
    return int(value)


def _status(value: str | None) -> Status | None:
    if value is None:
        return None
    try:
        return Status(value)
    except ValueError as error:
        raise invalid("filter.status", f"has to be one of {', '.join(Status)}") from error


def _tier(value: str) -> str:
    if value not in ("default", "flex"):
        raise invalid("filter.service_tier", "has to be default or flex")
    return value
