"""Answers of the image endpoint, as a scripted service gives them."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from typing import Any

import clips
from service import Asked, Reply, ScriptedService

PATH = "/api/v3/images/generations"
EVENTS = {"content-type": "text/event-stream"}


def content(number: int, *, codec: str = "mjpeg", **size: Any) -> bytes:
    """A picture that differs from those of other numbers."""
    return clips.picture(width=400 + number, codec=codec, **size)


def link(service: ScriptedService, number: int, name: str = "", **kind: Any) -> str:
    return service.file(name or f"picture-{number}.jpg", content(number, **kind))


def item(service: ScriptedService, number: int, **fields: Any) -> dict[str, Any]:
    return {"url": link(service, number), "size": "2048x2048", **fields}


def refusal(code: str = "OutputImageSensitiveContentDetected") -> dict[str, Any]:
    return {"error": {"code": code, "message": "not that"}}


def packed(number: int) -> dict[str, Any]:
    return {"b64_json": base64.b64encode(content(number)).decode(), "size": "401x300"}


def whole(*items: dict[str, Any], **fields: Any) -> Reply:
    """A plain answer."""
    usage = {"generated_images": sum("error" not in one for one in items)}
    return Reply(body={"model": "m", "created": 1, "data": items, "usage": usage, **fields})


def event(kind: str, **fields: Any) -> bytes:
    name = kind if kind == "error" else f"image_generation.{kind}"
    document = json.dumps({"type": name, **fields})
    return f"event: {name}\ndata: {document}\n\n".encode()


def events(*items: dict[str, Any]) -> list[bytes]:
    """An event for each picture, in order."""
    return [
        event("partial_failed" if "error" in one else "partial_succeeded", image_index=n, **one)
        for n, one in enumerate(items)
    ]


DONE = b"data: [DONE]\n\n"


def completed(*items: dict[str, Any]) -> bytes:
    return event("completed", usage={"generated_images": sum("error" not in i for i in items)})


def streamed(*items: dict[str, Any], end: Sequence[bytes] | None = None) -> Reply:
    end = [completed(*items), DONE] if end is None else end
    return Reply(headers=EVENTS, pieces=[*events(*items), *end])


def sent(service: ScriptedService) -> Any:
    """The one request that was sent."""
    (post,) = service.asked_by("POST")
    assert post.path == PATH
    return post.json


def digest(number: int) -> str:
    return hashlib.sha256(content(number)).hexdigest()


def fetched(service: ScriptedService) -> list[Asked]:
    return [asked for asked in service.asked if asked.path in service.files]
