"""A scripted ModelArk account: so many places, a queue, a limit of requests a minute, and a log."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import clips

TASKS = "/api/v3/contents/generations/tasks"
MODEL = "seedance-1-0-pro-fast-251015"


@dataclass
class Job:
    """One accepted task; times are Unix seconds, None until it has come so far."""

    id: str
    body: dict[str, Any]
    submitted: float
    seconds: float
    started: float | None = None
    seen: float | None = None  # when a client was first told that it is finished
    fetched: int = 0

    @property
    def prompt(self) -> str:
        return next((part["text"] for part in self.body["content"] if "text" in part), "")

    @property
    def ends(self) -> float | None:
        return None if self.started is None else self.started + self.seconds


@dataclass
class Account:
    """Tasks run in the order they came, `slots` at a time, each for `seconds`.

    `refuse` may give an error (status and code) in answer to a prompt, and `fail` the code that
    its task fails with. `gate` is called at each create, before it counts.
    """

    slots: int = 10
    seconds: float = 0.2
    per_minute: int | None = None
    retry_after: str | None = None
    clip: bytes = b""
    refuse: Callable[[str], tuple[int, str] | None] = lambda _: None
    fail: Callable[[str], str | None] = lambda _: None
    jobs: dict[str, Job] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    recent: deque[float] = field(default_factory=deque)
    links_die: bool = False
    list_status: int = 200
    listed: list[int] = field(default_factory=list)  # how many ids each list asked for
    lock: threading.RLock = field(default_factory=threading.RLock)
    open_at_once: list[int] = field(default_factory=list)
    on_create: Callable[[], None] = lambda: None
    _waiting: deque[Job] = field(default_factory=deque)
    _running: list[Job] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clip = self.clip or clips.clip()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def base_url(self) -> str:
        return f"{self.root}/api/v3"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def prompts(self) -> Counter[str]:
        """How many tasks were accepted for each prompt."""
        with self.lock:
            return Counter(job.prompt for job in self.jobs.values())

    def advance(self) -> None:
        """Bring every task to where it is by now."""
        now = time.time()
        while True:
            ended = [job for job in self._running if (job.ends or now) <= now]
            for job in sorted(ended, key=lambda job: job.ends or 0):
                self._running.remove(job)
                if self._waiting:
                    self._start(self._waiting.popleft(), job.ends or now)
            if not ended:
                return

    def _start(self, job: Job, at: float) -> None:
        job.started = max(at, job.submitted)
        self._running.append(job)

    def create(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.on_create()
        with self.lock:
            self.advance()
            now = time.time()
            if error := self._turned_away(now, body):
                return error
            id = f"cgt-20261121101530-{len(self.jobs):05x}"
            job = self.jobs[id] = Job(id, body, now, self.seconds)
            if len(self._running) < self.slots:
                self._start(job, now)
            else:
                self._waiting.append(job)
            self.open_at_once.append(len(self._running) + len(self._waiting))
            return 200, {"id": id}

    def _turned_away(self, now: float, body: dict[str, Any]) -> tuple[int, dict[str, Any]] | None:
        while self.recent and self.recent[0] <= now - 60:
            self.recent.popleft()
        if self.per_minute is not None and len(self.recent) >= self.per_minute:
            self.refused += 1
            return _error(429, "ModelAccountRpmRateLimitExceeded")
        self.recent.append(now)
        refusal = self.refuse(Job("", body, now, 0).prompt)
        return _error(*refusal) if refusal else None

    def view(self, id: str) -> dict[str, Any] | None:
        with self.lock:
            self.advance()
            job = self.jobs.get(id)
            if job is None:
                return None
            now = time.time()
            done = job.ends is not None and job.ends <= now
            status = "succeeded" if done else "queued" if job.started is None else "running"
            code = self.fail(job.prompt) if done else None
            if done:
                job.seen = job.seen or now
            times = {"created_at": int(job.submitted), "updated_at": int(job.ends or now)}
            return {
                "id": id,
                "status": "failed" if code else status,
                **times,
                "model": job.body["model"],
                "seed": job.body.get("seed"),
                "resolution": job.body.get("resolution"),
                "error": {"code": code, "message": "no"} if code else None,
                "content": {"video_url": f"{self.root}/{id}.mp4"} if done and not code else None,
                "usage": {"completion_tokens": 1000} if done and not code else None,
            }

    def page(self, query: dict[str, list[str]]) -> dict[str, Any]:
        ids = query.get("filter.task_ids")
        with self.lock:
            self.listed.append(len(ids or ()))
            chosen = list(self.jobs) if ids is None else [id for id in ids if id in self.jobs]
            items = [self.view(id) for id in chosen]
        first = (int(query["page_num"][0]) - 1) * int(query["page_size"][0])
        return {"total": len(items), "items": items[first : first + int(query["page_size"][0])]}


def _error(status: int, code: str) -> tuple[int, dict[str, Any]]:
    return status, {"error": {"code": code, "message": "no"}}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def _handler(account: Account) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            account.asked["POST"] += 1
            status, document = account.create(body)
            self._send(status, document)

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path.endswith(".mp4"):
                account.jobs[parts.path[1:-4]].fetched += 1
                status = 403 if account.links_die else 200
                self._send(status, account.clip, "video/mp4")
            elif parts.path == TASKS:
                account.asked["LIST"] += 1
                self._send(account.list_status, account.page(parse_qs(parts.query)))
            else:
                account.asked["GET"] += 1
                seen = account.view(parts.path.rpartition("/")[2])
                self._send(*((200, seen) if seen else _error(404, "ResourceNotFound")))

        def _send(self, status: int, body: Any, kind: str = "application/json") -> None:
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("x-request-id", "req-1")
            if status == 429 and account.retry_after:
                self.send_header("retry-after", account.retry_after)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    return Handler
