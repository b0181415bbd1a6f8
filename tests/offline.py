"""A sandbox on a clock of the test's own, with a plain HTTP client in front of it."""

from __future__ import annotations

import base64
import http.client
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import clips
from byteplus_cli.sandbox.server import Sandbox, start

TASKS = "/api/v3/contents/generations/tasks"
IMAGES = "/api/v3/images/generations"
START = 1_795_000_000.0
FAST = "seedance-1-0-pro-fast-251015"
PRO = "seedance-1-0-pro-250528"
TWO = "dreamina-seedance-2-0-260128"
TWO_FIVE = "dreamina-seedance-2-5-260628"
SEEDREAM = "seedream-4-0-250828"
SEEDREAM_4_5 = "seedream-4-5-251128"
SEEDREAM_LITE = "seedream-5-0-260128"
SEEDREAM_PRO = "dola-seedream-5-0-pro-260628"
SEEDREAM_FLASH = "dola-seedream-5-0-flash-260915"


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def code(self) -> str:
        return str(self.json["error"]["code"])

    @property
    def events(self) -> list[tuple[str, Any]]:
        """The names and the data of a stream; the last is `[DONE]`."""
        found = []
        for block in self.content.decode().removesuffix("\n\n").split("\n\n"):
            lines = dict(line.split(": ", 1) for line in block.split("\n"))
            data = lines["data"]
            found.append((lines.get("event", ""), data if data == "[DONE]" else json.loads(data)))
        return found


@dataclass
class Offline:
    """`now` is what the sandbox takes the time to be."""

    state: Path
    now: float = START
    key: str = "any-key"
    sandbox: Sandbox = field(init=False)

    def start(self) -> None:
        self.sandbox = start(self.state, clock=lambda: self.now)

    @property
    def records(self) -> dict[str, int]:
        """How much the state holds of what it was asked, of which kind."""
        with closing(sqlite3.connect(self.state / "tasks-1.db")) as state:
            tables = ("tasks", "jobs", "picture_groups", "counts")
            found = {
                name: state.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables
            }
        return {name: number for name, number in found.items() if number}

    def call(self, method: str, target: str, body: object = None, **headers: str | None) -> Reply:
        """`target` is a path, or a whole link; a header of None is left out."""
        parts = urlsplit(target)
        link = f"{parts.path}?{parts.query}" if parts.query else parts.path
        sent = {"authorization": None if parts.netloc else f"Bearer {self.key}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        raw = body if isinstance(body, bytes) else None if body is None else json.dumps(body)
        connection = http.client.HTTPConnection(urlsplit(self.sandbox.base_url).netloc, timeout=20)
        try:
            given = {name: value for name, value in sent.items() if value is not None}
            connection.request(method, link, raw, given)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, found, response.read())
        finally:
            connection.close()

    def post(self, prompt: str = "a fox", *content: object, **fields: object) -> Reply:
        """Asks for a clip; `content` are items beside the prompt."""
        items = [{"type": "text", "text": prompt}] if prompt else []
        body = {"model": FAST, "content": [*items, *content], **fields}
        return self.call("POST", TASKS, body)

    def create(self, prompt: str = "a fox", *content: object, **fields: object) -> str:
        reply = self.post(prompt, *content, **fields)
        assert reply.status == 200, reply.content
        return str(reply.json["id"])

    def look(self, id: str, later: float = 0) -> dict[str, Any]:
        """The task after some seconds."""
        self.now += later
        reply = self.call("GET", f"{TASKS}/{id}")
        assert reply.status == 200, reply.content
        return dict(reply.json)

    def finished(self, prompt: str = "a fox", *content: object, **fields: object) -> dict[str, Any]:
        return self.look(self.create(f"{prompt} [[slow:0]]", *content, **fields))

    def ask(self, prompt: str | None = "a fox", **fields: object) -> Reply:
        """Asks for pictures."""
        return self.call("POST", IMAGES, {"model": SEEDREAM, "prompt": prompt, **fields})

    def drawn(self, prompt: str | None = "a fox", **fields: object) -> dict[str, Any]:
        """The plain answer with the pictures."""
        reply = self.ask(prompt, **fields)
        assert reply.status == 200, reply.content
        return dict(reply.json)


@contextmanager
def offline(state: Path, now: float = START) -> Iterator[Offline]:
    there = Offline(state, now)
    there.start()
    yield there
    there.sandbox.stop()


def image(role: str | None = None, url: str | None = None, **size: Any) -> dict[str, object]:
    """An image item; without a URL a real picture of that size is sent within the request."""
    url = url or inline("image/jpeg", clips.picture(**size))
    return {"type": "image_url", "image_url": {"url": url}, **({"role": role} if role else {})}


def video(role: str | None = "reference_video", url: str = "https://x.example/a.mp4") -> Any:
    return {"type": "video_url", "video_url": {"url": url}, **({"role": role} if role else {})}


def audio(url: str = "https://x.example/a.mp3") -> dict[str, object]:
    return {"type": "audio_url", "audio_url": {"url": url}, "role": "reference_audio"}


def inline(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def sent(codec: str = "mjpeg", **look: Any) -> str:
    """A real picture of that size as a data: URI."""
    kind = "image/jpeg" if codec == "mjpeg" else f"image/{codec}"
    return inline(kind, clips.picture(codec=codec, **look))


def group(count: int) -> dict[str, object]:
    """The fields that ask for a set of as many pictures."""
    options = {"max_images": count}
    return {
        "sequential_image_generation": "auto",
        "sequential_image_generation_options": options,
    }
