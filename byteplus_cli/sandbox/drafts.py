"""The rules of 2.5 drafts: a cheap preview first, then the final made from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from byteplus_cli.sandbox.models import MODELS
from byteplus_cli.sandbox.order import Order, settings
from byteplus_cli.sandbox.refusal import invalid
from byteplus_cli.sandbox.states import Status
from byteplus_cli.sandbox.tasks import Task

DRAFT_RESOLUTION, FINAL_RESOLUTION = "480p", "1080p"
# Whatever else the draft had is taken over, and refused when sent again, even if equal (REV265).
_FREE = frozenset(
    {
        "model",
        "content",
        "draft",
        "resolution",
        "return_last_frame",
        "output_format",
        "watermark",
        "service_tier",
        "execution_expires_after",
        "priority",
        "callback_url",
        "safety_identifier",
    }
)


def check_preview(given: Mapping[str, Any]) -> None:
    """A draft has to ask for 480p: the default of 720p is refused."""
    if given.get("draft") and str(given.get("resolution")).lower() != DRAFT_RESOLUTION:
        raise invalid("resolution", f"has to be {DRAFT_RESOLUTION} for a draft")


def final(given: Mapping[str, Any], name: str, draft: Task | None) -> Order:
    """The order for the full clip of a draft; records older than its 7 days are not found."""
    model = MODELS[name]
    if not model.knows("draft"):
        raise invalid("content", f"draft_task is not supported by {name}")
    if draft is None or not draft.order.draft:
        raise invalid("content[0].draft_task.id", "is not the id of a draft")
    if draft.status is not Status.SUCCEEDED:
        raise invalid("content[0].draft_task.id", f"the draft is {draft.status}")
    if draft.order.model != name:
        raise invalid("model", f"the draft was made by {draft.order.model}")
    _check_set_anew(given)
    width, height = model.pixels(FINAL_RESOLUTION, draft.order.ratio)
    return replace(
        draft.order,
        endpoint=given["model"],
        resolution=FINAL_RESOLUTION,
        width=width,
        height=height,
        draft=False,
        draft_task_id=draft.id,
        **settings(given, model),
    )


def _check_set_anew(given: Mapping[str, Any]) -> None:
    for field in given:
        if field not in _FREE:
            raise invalid(field, "is taken from the draft and cannot be sent again")
    if given.get("draft"):
        raise invalid("draft", "cannot be true for the final clip")
    if str(given.get("resolution", FINAL_RESOLUTION)).lower() != FINAL_RESOLUTION:
        raise invalid("resolution", f"has to be {FINAL_RESOLUTION} for the final clip")
