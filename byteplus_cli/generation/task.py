"""A task as the service reports it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from byteplus_cli.errors import InvalidRequest

# An id goes into the path of a request, so nothing that could change that path is let through.
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{2,127}")


class Status(StrEnum):
    """The states the service documents, and before them those that only this machine knows.

    A word that is not here is shown as it came and counts as not finished.
    """

    SUBMITTING = "submitting"  # the request is on its way
    UNKNOWN = "unknown"  # sent, but the answer was lost
    REFUSED = "refused"  # the service did not take it
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    INCOMPLETE = "incomplete"  # some pictures of a set came, and no more will
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


# Parts of the codes with which content moderation refuses (error code list, 2026-10-08).
MODERATION = (
    *("SensitiveContent", "PolicyViolation", "PrivacyInformation", "RiskDetection"),
    "ContentSecurityDetection",
)
# Those of the Vision API (VIS-CN15, VIS-CNERR).
MODERATION_NUMBERS = frozenset(
    {"50218", "50411", "50412", "50413", "50511", "50512", "50513", "50514"}
    | {"50516", "50517", "50518", "50519"}
)
KNOWN_HERE_ALONE = frozenset({Status.SUBMITTING, Status.UNKNOWN, Status.REFUSED, Status.INCOMPLETE})
FINISHED = frozenset({Status.SUCCEEDED, Status.FAILED, Status.CANCELLED, Status.EXPIRED})


@dataclass(frozen=True)
class Failure:
    """Why a task failed, in the server's words."""

    code: str
    message: str


@dataclass(frozen=True)
class Output:
    """A finished file on the server: `role` is video or last_frame."""

    role: str
    url: str = field(repr=False)  # signed: whoever has the link has the file


@dataclass(frozen=True)
class Task:
    """One look at a task. Times are Unix seconds; what the server left out is None."""

    id: str
    status: str
    kind: str = "video"
    model: str | None = None
    created_at: int | None = None
    updated_at: int | None = None
    outputs: tuple[Output, ...] = ()
    failure: Failure | None = None
    seed: int | None = None
    resolution: str | None = None
    ratio: str | None = None
    duration: int | None = None
    frames: int | None = None
    fps: int | None = None
    audio: bool | None = None
    draft: bool | None = None
    service_tier: str | None = None
    usage: Mapping[str, int] = field(default_factory=dict)
    request_id: str | None = None

    @property
    def finished(self) -> bool:
        return self.status in FINISHED

    @property
    def succeeded(self) -> bool:
        return self.status == Status.SUCCEEDED

    @property
    def seconds(self) -> float | None:
        """How long the clip should be: from its frames, which are exact, else its duration."""
        if self.frames and self.fps:
            return self.frames / self.fps
        return float(self.duration) if self.duration is not None else None


def is_moderation(code: str) -> bool:
    """Whether a server's error code means that content moderation refused."""
    return code in MODERATION_NUMBERS or any(part in code for part in MODERATION)


def check_id(text: str) -> str:
    """`text` if it can be a task id; raises InvalidRequest."""
    if _ID.fullmatch(text):
        return text
    raise InvalidRequest(
        f"not a task id: {text or '(empty)'}",
        hint="clips have ids like cgt-20261120101530-ab12c, avatars a number;"
        " @last is the latest of this machine",
    )
