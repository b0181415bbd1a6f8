"""The rules of each body field but `content`: known to the model, of its type, in range."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from byteplus_cli.sandbox.checks import (
    SEED_MAX,
    Check,
    Complaint,
    address,
    check_each,
    is_whole,
    one_of,
    web_search,
    whole,
    yes_no,
)
from byteplus_cli.sandbox.models import ADAPTIVE, CHOSEN_BY_MODEL, KNOWN_FIELDS, RATIOS, Model
from byteplus_cli.sandbox.refusal import Refusal


def check_fields(given: Mapping[str, Any], name: str, model: Model) -> None:
    """Refuses the first field that this model does not know or whose value it does not take."""
    by_model = {"resolution": partial(_resolution, model), "duration": partial(_duration, model)}
    check_each(given, name, KNOWN_FIELDS, model.knows, {**_CHECKS, **by_model})
    if given.get("service_tier") == "flex" and not model.flex:
        code = "InvalidParameter.UnsupportedParameter"
        raise Refusal(400, code, f"service_tier: flex is not offered by {name}", "service_tier")


def _resolution(model: Model, value: object) -> Complaint:
    # Capitals are accepted (LIVE-B).
    if isinstance(value, str) and value.lower() in model.resolutions:
        return None
    return f"has to be one of {', '.join(model.resolutions)}"


def _duration(model: Model, value: object) -> Complaint:
    if model.chooses_length and is_whole(value) and value == CHOSEN_BY_MODEL:
        return None
    complaint = whole(*model.seconds)(value)
    return f"{complaint}, or -1" if complaint and model.chooses_length else complaint


def _frames(value: Any) -> Complaint:
    if is_whole(value) and 29 <= value <= 289 and (value - 25) % 4 == 0:
        return None
    return "has to be 25 + 4n, from 29 to 289"


def _safety_identifier(value: object) -> Complaint:
    good = isinstance(value, str) and len(value) <= 64
    return None if good else "has to be a string of at most 64 characters"


# Ranges: REV265 (2026-10-08).
_CHECKS: Mapping[str, Check] = {
    "ratio": one_of(*RATIOS, ADAPTIVE),
    "frames": _frames,
    "seed": whole(-1, SEED_MAX),
    "camera_fixed": yes_no,
    "generate_audio": yes_no,
    "watermark": yes_no,
    "return_last_frame": yes_no,
    "service_tier": one_of("default", "flex"),
    "execution_expires_after": whole(3600, 259_200),
    "priority": whole(0, 9),
    "draft": yes_no,
    "omni_reference_task_type": one_of("auto", "reference", "edit", "extend"),
    "output_format": one_of("mp4", "mov"),
    "callback_url": address,
    "safety_identifier": _safety_identifier,
    "tools": web_search,
}
