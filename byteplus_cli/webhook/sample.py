"""A callback like those that the service sends."""

from __future__ import annotations

import random
import string
import time
from typing import Any
from urllib.parse import urlencode

from byteplus_cli.generation import cost
from byteplus_cli.generation.entry import Entry
from byteplus_cli.generation.task import Status
from byteplus_cli.generation.video_model import VideoModel

# The changes that are told: of a cancelled task nothing is (REV265, 2026-10-08).
TOLD = (Status.QUEUED, Status.RUNNING, Status.SUCCEEDED, Status.FAILED, Status.EXPIRED)
MADE_UP = {"seed": 11, "resolution": "720p", "ratio": "16:9", "duration": 5}
MADE_UP_SECONDS = 60
# From the making of a clip on (REV265, 2026-10-08).
LINK_SECONDS = 86_400
EXPIRES_AFTER = 172_800


def sample(status: Status, id: str, model: VideoModel, entry: Entry | None, now: float) -> Any:
    """The body of a callback: the fields of a look at that task (REV265, 2026-10-08)."""
    known = {**(entry.request if entry else {}), **(entry.facts if entry else {})}
    clip = {name: known.get(name) or made_up for name, made_up in MADE_UP.items()}
    created = entry.created_at if entry else now - MADE_UP_SECONDS
    return {
        "id": id,
        "model": model.id,
        "status": str(status),
        "created_at": int(created),
        "updated_at": int(now),
        **(_made(id, model, clip, now) if status is Status.SUCCEEDED else {}),
        **clip,
        "framespersecond": cost.FRAMES_PER_SECOND,
        "service_tier": known.get("service_tier") or "default",
        "execution_expires_after": known.get("execution_expires_after") or EXPIRES_AFTER,
        "error": _failure() if status is Status.FAILED else None,
    }


def new_id(now: float) -> str:
    """An id of the service's shape, which no task has."""
    moment = time.strftime("%Y%m%d%H%M%S", time.gmtime(now))
    ending = "".join(random.choices(string.ascii_lowercase + string.digits, k=5))
    return f"cgt-{moment}-{ending}"


def _made(id: str, model: VideoModel, clip: dict[str, Any], now: float) -> dict[str, Any]:
    width, height = model.size(clip["resolution"], clip["ratio"]) or (1248, 704)
    frames = cost.FRAMES_PER_SECOND * clip["duration"] + 1
    tokens = cost.clip_tokens(width, height, frames)
    signature = {
        "X-Tos-Algorithm": "TOS4-HMAC-SHA256",
        "X-Tos-Date": time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now)),
        "X-Tos-Expires": LINK_SECONDS,
        "X-Tos-Signature": "0" * 64,
    }
    return {
        # Nothing has an address that ends in .invalid (RFC 2606).
        "content": {"video_url": f"https://made-up.invalid/{id}.mp4?{urlencode(signature)}"},
        "usage": {"completion_tokens": tokens, "total_tokens": tokens},
    }


def _failure() -> dict[str, str]:
    code = "OutputVideoSensitiveContentDetected"
    return {"code": code, "message": "a made-up failure, to try a receiver with"}
