"""What an accepted request comes to, with every default and choice filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from byteplus_cli.sandbox.kept import Kept
from byteplus_cli.sandbox.models import Model

FPS = 24
# A foreign video is not fetched, so its length for the bill is this.
VIDEO_SECONDS = 5


@dataclass(frozen=True)
class Order(Kept):
    """`endpoint` is the model as it was asked for; `frames` is the true number of frames.

    `videos` counts those that went in and are elsewhere on the web; `footage` is the seconds of
    the others.
    """

    model: str
    endpoint: str
    seed: int
    resolution: str
    ratio: str
    width: int
    height: int
    frames: int
    counted_in_frames: bool = False
    videos: int = 0
    footage: float = 0
    sound: bool | None = None
    draft: bool | None = None
    draft_task_id: str | None = None
    task_type: str | None = None
    priority: int | None = None
    last_frame: bool = False
    format: str = "mp4"
    names_format: bool = False
    tier: str = "default"
    expires_after: int = 172_800
    callback_url: str | None = None
    safety_identifier: str | None = None
    tools: list[dict[str, Any]] | None = None

    @property
    def seconds(self) -> int:
        return self.frames // FPS

    @property
    def tokens(self) -> int:
        """Width × height × frames / 1024: exact for 5 s and 4 s clips (LIVE-A, LIVE-C)."""
        inputs = round((self.videos * VIDEO_SECONDS + self.footage) * FPS)
        return self.width * self.height * (self.frames + inputs) // 1024


def settings(given: Mapping[str, Any], model: Model) -> dict[str, Any]:
    """What a final may set anew, as the order keeps it."""
    return {
        "priority": given.get("priority", 0) if model.knows("priority") else None,
        "last_frame": given.get("return_last_frame", False),
        "format": given.get("output_format", "mp4"),
        "names_format": model.knows("output_format"),
        "tier": given.get("service_tier", "default"),
        "expires_after": given.get("execution_expires_after", Order.expires_after),
        "callback_url": given.get("callback_url"),
        "safety_identifier": given.get("safety_identifier"),
        "tools": given.get("tools"),
    }
