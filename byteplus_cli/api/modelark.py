"""ModelArk video tasks through the official Ark SDK."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import httpx
from byteplussdkarkruntime import Ark
from byteplussdkarkruntime._exceptions import ArkAPIError

from byteplus_cli.api import faults
from byteplus_cli.config import is_loopback
from byteplus_cli.errors import InvalidConfig
from byteplus_cli.generation.runner import Created, Page
from byteplus_cli.generation.task import Failure, Output, Task

TASKS = "/contents/generations/tasks"
# The SDK would wait ten minutes for each answer, three times over.
TIMEOUT = httpx.Timeout(60.0, connect=10.0, write=300.0)
Log = Callable[[str], None]


class ModelArk:
    """The video endpoints. Each method sends one request and never repeats it.

    Requests go through the SDK's plain get, post and delete: its typed methods add a null for
    every field that is not set, and hide the response headers (byteplus-python-sdk-v2 3.0.63).
    """

    def __init__(self, *, base_url: str, api_key: str, log: Log | None = None) -> None:
        self._host = urlsplit(base_url).netloc
        try:
            self._ark = Ark(
                base_url=base_url,
                api_key=api_key,
                max_retries=0,
                timeout=TIMEOUT,
                http_client=_http_client(base_url, log),
            )
        except (ImportError, ValueError, OSError) as error:
            raise InvalidConfig(f"the proxy or TLS settings cannot be used: {error}") from error

    def close(self) -> None:
        self._ark.close()

    def create(self, body: Mapping[str, Any]) -> Created:
        """Submit a task. Raises Unreachable or ServerFault when it may have been accepted."""
        response = self._send("post", TASKS, body=dict(body))
        document = self._document(response)
        id = document.get("id")
        if not isinstance(id, str) or not id:
            raise faults.nonsense(self._host, response, "an answer without a task id")
        return Created(id, faults.request_id(response))

    def get(self, id: str) -> Task:
        """Look at one task."""
        response = self._send("get", f"{TASKS}/{id}")
        task = self._task(self._document(response), response)
        if task.id != id:
            raise faults.nonsense(self._host, response, f"another task than {id}")
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
        response = self._send("get", TASKS, params=query)
        document = self._document(response)
        items = document.get("items") or []
        if not isinstance(items, list):
            raise faults.nonsense(self._host, response, "a list without items")
        tasks = tuple(self._task(item, response) for item in items)
        total = document.get("total")
        return Page(total if isinstance(total, int) else len(tasks), tasks)

    def delete(self, id: str) -> None:
        """Cancel a queued task, or remove the record of a finished one."""
        self._send("delete", f"{TASKS}/{id}")

    def _send(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        try:
            response: httpx.Response = getattr(self._ark, method)(
                path, cast_to=httpx.Response, **arguments
            )
        except ArkAPIError as error:
            raise faults.translate(error, self._host) from error
        return response

    def _document(self, response: httpx.Response) -> dict[str, Any]:
        try:
            document = json.loads(response.content)
        except (ValueError, RecursionError) as error:
            raise faults.nonsense(self._host, response, "something that is not JSON") from error
        if not isinstance(document, dict):
            raise faults.nonsense(self._host, response, "JSON of an unknown shape")
        return document

    def _task(self, document: object, response: httpx.Response) -> Task:
        if not isinstance(document, dict) or not isinstance(document.get("id"), str):
            raise faults.nonsense(self._host, response, "a task without an id")
        return read_task(document, faults.request_id(response))


def read_task(document: Mapping[str, Any], request_id: str | None = None) -> Task:
    """The task that a reply describes; fields of an unexpected type count as absent."""
    return Task(
        id=document["id"],
        status=_text(document.get("status")) or "unreported",
        model=_text(document.get("model")),
        created_at=_number(document.get("created_at")),
        updated_at=_number(document.get("updated_at")),
        outputs=_outputs(document.get("content")),
        failure=_failure(document.get("error")),
        seed=_number(document.get("seed")),
        resolution=_text(document.get("resolution")),
        ratio=_text(document.get("ratio")),
        duration=_number(document.get("duration")),
        frames=_number(document.get("frames")),
        fps=_number(document.get("framespersecond")),
        audio=_truth(document.get("generate_audio")),
        draft=_truth(document.get("draft")),
        service_tier=_text(document.get("service_tier")),
        usage=_usage(document.get("usage")),
        request_id=request_id,
    )


def _http_client(base_url: str, log: Log | None) -> httpx.Client:
    def announce(response: httpx.Response) -> None:
        if log:
            request = response.request
            trace = faults.request_id(response) or "-"
            log(f"{request.method} {request.url} -> {response.status_code}, request id {trace}")

    return httpx.Client(
        # A redirect would turn a POST into a GET, or carry the prompt to another host.
        follow_redirects=False,
        trust_env=not is_loopback(base_url),
        event_hooks={"response": [announce]},
    )


def _outputs(content: object) -> tuple[Output, ...]:
    if not isinstance(content, dict):
        return ()
    roles = {"video": "video_url", "last_frame": "last_frame_url"}
    links = {role: _text(content.get(key)) for role, key in roles.items()}
    return tuple(Output(role, link) for role, link in links.items() if link)


def _failure(error: object) -> Failure | None:
    if not isinstance(error, dict) or not (error.get("code") or error.get("message")):
        return None
    return Failure(str(error.get("code") or "unknown"), str(error.get("message") or ""))


def _usage(usage: object) -> dict[str, int]:
    if not isinstance(usage, dict):
        return {}
    return {name: count for name, count in usage.items() if type(count) is int}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: object) -> int | None:
    # `duration` has been seen as a string (live probe, 2026-09).
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _truth(value: object) -> bool | None:
    return value if isinstance(value, bool) else None
