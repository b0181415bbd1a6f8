"""ModelArk video tasks through the official Ark SDK."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import httpx
from byteplussdkarkruntime import Ark
from byteplussdkarkruntime._exceptions import ArkAPIError

from byteplus_cli.api import faults
from byteplus_cli.config import is_loopback, mask
from byteplus_cli.errors import ByteplusError, InvalidConfig, InvalidRequest
from byteplus_cli.generation.service import Created, Page
from byteplus_cli.generation.task import Failure, Output, Task, check_id

TASKS = "/contents/generations/tasks"
# The SDK would wait ten minutes for each answer, three times over. Seconds of silence.
CONNECT, READ = 10.0, 60.0
# A slow line still carries this many bytes a second, and the service answers after the last one.
SLOWEST_UPLOAD = 50_000
# Not documented; chosen far above what a page of 500 tasks can need.
LARGEST_ANSWER = 32 * 1024 * 1024
SHORTEST_KEY = 16
LATEST_MOMENT = 2**32  # the year 2106, in Unix seconds
Log = Callable[[str], None]


class ModelArk:
    """The video endpoints. Each method sends one request and never repeats it.

    Requests go through the SDK's plain get, post and delete: its typed methods add a null for
    every field that is not set, and hide the response headers (byteplus-python-sdk-v2 3.0.63).
    """

    def __init__(self, *, base_url: str, api_key: str, log: Log | None = None) -> None:
        self._host = urlsplit(base_url).netloc
        self._key = api_key
        try:
            self._ark = Ark(
                base_url=base_url,
                api_key=api_key,
                max_retries=0,
                timeout=httpx.Timeout(READ, connect=CONNECT),
                http_client=_http_client(base_url, log),
            )
        except (ImportError, ValueError, OSError) as error:
            raise InvalidConfig(f"the proxy or TLS settings cannot be used: {error}") from error

    def close(self) -> None:
        self._ark.close()

    def create(self, body: Mapping[str, Any]) -> Created:
        """Submit a task. Raises Unreachable or ServerFault when it may have been accepted."""
        options = {"timeout": _patience(body)}
        response = self._send("post", TASKS, body=dict(body), options=options)
        document = self._document(response)
        id = document.get("id")
        if not isinstance(id, str) or not _is_id(id):
            raise self._nonsense(response, "an answer without a task id")
        return Created(id, faults.request_id(response))

    def get(self, id: str) -> Task:
        """Look at one task."""
        response = self._send("get", f"{TASKS}/{id}")
        task = self._task(self._document(response), response)
        if task.id != id:
            raise self._nonsense(response, f"another task than {id}")
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
            raise self._nonsense(response, "a list without items")
        seen = (self._task(item, response) for item in items)
        tasks = tuple({task.id: task for task in seen}.values())
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
            told = faults.translate(error, self._host, making=method == "post")
            raise self._safe(told) from error
        return response

    def _document(self, response: httpx.Response) -> dict[str, Any]:
        try:
            document = json.loads(self._without_key(response.content.decode(errors="replace")))
        except (ValueError, RecursionError) as error:
            raise self._nonsense(response, "something that is not JSON") from error
        if not isinstance(document, dict):
            raise self._nonsense(response, "JSON of an unknown shape")
        return document

    def _task(self, document: object, response: httpx.Response) -> Task:
        if not isinstance(document, dict) or not _is_id(document.get("id")):
            raise self._nonsense(response, "a task without an id")
        return read_task(document, faults.request_id(response))

    def _nonsense(self, response: httpx.Response, what: str) -> ByteplusError:
        return self._safe(faults.nonsense(self._host, response, what))

    def _safe(self, error: ByteplusError) -> ByteplusError:
        error.details = error.details and self._without_key(error.details)
        return error

    def _without_key(self, text: str) -> str:
        # A gateway may repeat what it was sent. A short key may be part of an id, or of any word.
        if len(self._key) < SHORTEST_KEY:
            return text
        return text.replace(self._key, mask(self._key))


def read_task(document: Mapping[str, Any], request_id: str | None = None) -> Task:
    """The task that a reply describes; fields of an unexpected type count as absent."""
    return Task(
        id=document["id"],
        status=_text(document.get("status")) or "unreported",
        model=_text(document.get("model")),
        created_at=_moment(document.get("created_at")),
        updated_at=_moment(document.get("updated_at")),
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


class _Bounded(httpx.SyncByteStream):
    """The body of an answer, up to a size that no answer has."""

    def __init__(self, body: httpx.SyncByteStream) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        left = LARGEST_ANSWER
        for piece in self._body:
            left -= len(piece)
            if left < 0:
                raise httpx.ReadError("the answer does not end")
            yield piece

    def close(self) -> None:
        self._body.close()


def _http_client(base_url: str, log: Log | None) -> httpx.Client:
    def announce(response: httpx.Response) -> None:
        assert isinstance(response.stream, httpx.SyncByteStream)  # noqa: S101 - of a sync client
        response.stream = _Bounded(response.stream)
        if log:
            request = response.request
            trace = faults.request_id(response) or "-"
            log(f"{request.method} {request.url} -> {response.status_code}, request id {trace}")

    return httpx.Client(
        # A redirect would turn a POST into a GET, or carry the prompt to another host.
        follow_redirects=False,
        trust_env=not is_loopback(base_url),
        verify=httpx.create_ssl_context(),  # SSL_CERT_FILE counts on loopback too
        event_hooks={"response": [announce]},
    )


def _patience(body: Mapping[str, Any]) -> httpx.Timeout:
    """How long to wait for the answer to a request: longer, the more it carries."""
    carried = sum(len(str(part)) for item in body["content"] for part in item.values())
    return httpx.Timeout(READ + carried / SLOWEST_UPLOAD, connect=CONNECT)


def _outputs(content: object) -> tuple[Output, ...]:
    if not isinstance(content, dict):
        return ()
    roles = {"video": "video_url", "last_frame": "last_frame_url"}
    links = {role: _text(content.get(key)) for role, key in roles.items()}
    return tuple(Output(role, link) for role, link in links.items() if link)


def _failure(error: object) -> Failure | None:
    if not isinstance(error, dict) or not (error.get("code") or error.get("message")):
        return None
    code, message = (_text(str(error.get(key) or "")) for key in ("code", "message"))
    return Failure(code or "unknown", message or "")


def _usage(usage: object) -> dict[str, int]:
    if not isinstance(usage, dict):
        return {}
    known = {name: _number(count) for name, count in usage.items() if name.isascii()}
    return {name: count for name, count in known.items() if count is not None}


def _is_id(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(check_id(value))
    except InvalidRequest:
        return False


def _text(value: object) -> str | None:
    # Half a surrogate pair can be neither written to a file nor printed.
    return value.encode(errors="replace").decode() if isinstance(value, str) and value else None


def _number(value: object) -> int | None:
    # `duration` has been seen as a string (live probe, 2026-09).
    if isinstance(value, str) and value.isdecimal() and len(value) < 20:
        value = int(value)
    # Beyond this other readers of our JSON lose digits, and SQLite gives up.
    return value if type(value) is int and abs(value) < 2**53 else None


def _moment(value: object) -> int | None:
    number = _number(value)
    return number if number is not None and 0 <= number < LATEST_MOMENT else None


def _truth(value: object) -> bool | None:
    return value if isinstance(value, bool) else None
