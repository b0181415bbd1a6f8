"""ModelArk video tasks through the official Ark SDK."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from byteplus_cli.api import faults
from byteplus_cli.api.ark import Connection, patience
from byteplus_cli.api.fields import failure, moment, number, text, truth, usage
from byteplus_cli.errors import InvalidRequest
from byteplus_cli.generation.service import Created, Page
from byteplus_cli.generation.task import Output, Task, check_id

TASKS = "/contents/generations/tasks"


class ModelArk:
    """The video endpoints. Each method sends one request and never repeats it."""

    def __init__(self, connection: Connection) -> None:
        self._ark = connection

    def create(self, body: Mapping[str, Any]) -> Created:
        """Submit a task. Raises Unreachable or ServerFault when it may have been accepted."""
        carried = sum(len(str(part)) for item in body["content"] for part in item.values())
        response = self._ark.send("post", TASKS, body=dict(body), timeout=patience(carried))
        document = self._ark.document(response)
        id = document.get("id")
        if not isinstance(id, str) or not _is_id(id):
            raise self._ark.nonsense(response, "an answer without a task id")
        return Created(id, faults.request_id(response))

    def get(self, id: str) -> Task:
        """Look at one task."""
        response = self._ark.send("get", f"{TASKS}/{id}")
        task = self._task(self._ark.document(response), response)
        if task.id != id:
            raise self._ark.nonsense(response, f"another task than {id}")
        return task

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
        """One page of the account's tasks of the last seven days."""
        query = [("page_num", str(page)), ("page_size", str(size))]
        filters = {"status": status, "model": model, "service_tier": tier}
        query += [(f"filter.{name}", value) for name, value in filters.items() if value]
        query += [("filter.task_ids", id) for id in ids]
        response = self._ark.send("get", TASKS, params=query)
        document = self._ark.document(response)
        items = document.get("items") or []
        if not isinstance(items, list):
            raise self._ark.nonsense(response, "a list without items")
        right = [item for item in items if _is_task(item)]
        seen = (read_task(item, faults.request_id(response)) for item in right)
        tasks = tuple({task.id: task for task in seen}.values())
        total = document.get("total")
        counted = total if isinstance(total, int) else len(tasks)
        return Page(counted, tasks, len(items) - len(right))

    def delete(self, id: str) -> None:
        """Cancel a queued task, or remove the record of a finished one."""
        self._ark.send("delete", f"{TASKS}/{id}")

    def _task(self, document: dict[str, Any], response: httpx.Response) -> Task:
        if not _is_task(document):
            raise self._ark.nonsense(response, "a task without an id")
        return read_task(document, faults.request_id(response))


def read_task(document: Mapping[str, Any], request_id: str | None = None) -> Task:
    """The task that a reply describes; fields of an unexpected type count as absent."""
    return Task(
        id=document["id"],
        status=text(document.get("status")) or "unreported",
        model=text(document.get("model")),
        created_at=moment(document.get("created_at")),
        updated_at=moment(document.get("updated_at")),
        outputs=_outputs(document.get("content")),
        failure=failure(document.get("error")),
        seed=number(document.get("seed")),
        resolution=text(document.get("resolution")),
        ratio=text(document.get("ratio")),
        duration=number(document.get("duration")),
        frames=number(document.get("frames")),
        fps=number(document.get("framespersecond")),
        audio=truth(document.get("generate_audio")),
        draft=truth(document.get("draft")),
        service_tier=text(document.get("service_tier")),
        usage=usage(document.get("usage")),
        request_id=request_id,
    )


def _outputs(content: object) -> tuple[Output, ...]:
    if not isinstance(content, dict):
        return ()
    roles = {"video": "video_url", "last_frame": "last_frame_url"}
    links = {role: text(content.get(key)) for role, key in roles.items()}
    return tuple(Output(role, link) for role, link in links.items() if link)


def _is_task(value: object) -> bool:
    return isinstance(value, dict) and _is_id(value.get("id"))


def _is_id(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(check_id(value))
    except InvalidRequest:
        return False
