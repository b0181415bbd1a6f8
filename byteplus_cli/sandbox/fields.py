"""The rules of each body field but `content`: known to the model, of its type, in range."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from byteplus_cli.sandbox.addresses import web_address
from byteplus_cli.sandbox.models import ADAPTIVE, CHOSEN_BY_MODEL, KNOWN_FIELDS, RATIOS, Model
from byteplus_cli.sandbox.refusal import Refusal, invalid

# Says what a value has to be when it is not, else None.
Complaint = str | None
Check = Callable[[Any], Complaint]

SEED_MAX = 2**32 - 1


def check_fields(given: Mapping[str, Any], name: str, model: Model) -> None:
    """Refuses the first field that this model does not know or whose value it does not take."""
    for field, value in given.items():
        if field not in KNOWN_FIELDS:
            raise invalid(field, "is not a field of this request")
        if not model.knows(field):
            raise invalid(field, f"must be empty for model {name}")
        check = _CHECKS.get(field) or _by_model(field, model)
        if check and (complaint := check(value)):
            raise invalid(field, complaint)
    if given.get("service_tier") == "flex" and not model.flex:
        code = "InvalidParameter.UnsupportedParameter"
        raise Refusal(400, code, f"service_tier: flex is not offered by {name}", "service_tier")


def _by_model(field: str, model: Model) -> Check | None:
    if field == "resolution":
        return partial(_resolution, model)
    return partial(_duration, model) if field == "duration" else None


def _resolution(model: Model, value: object) -> Complaint:
    # Capitals are accepted (LIVE-B).
    if isinstance(value, str) and value.lower() in model.resolutions:
        return None
    return f"has to be one of {', '.join(model.resolutions)}"


def _duration(model: Model, value: object) -> Complaint:
    if model.chooses_length and _is_whole(value) and value == CHOSEN_BY_MODEL:
        return None
    complaint = _whole(*model.seconds)(value)
    return f"{complaint}, or -1" if complaint and model.chooses_length else complaint


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _whole(low: int, high: int) -> Check:
    def check(value: Any) -> Complaint:
        if _is_whole(value) and low <= value <= high:
            return None
        return f"has to be a whole number from {low} to {high}"

    return check


def _one_of(*values: str) -> Check:
    def check(value: object) -> Complaint:
        return None if value in values else f"has to be one of {', '.join(values)}"

    return check


def _yes_no(value: object) -> Complaint:
    return None if isinstance(value, bool) else "has to be true or false"


def _frames(value: Any) -> Complaint:
    if _is_whole(value) and 29 <= value <= 289 and (value - 25) % 4 == 0:
        return None
    return "has to be 25 + 4n, from 29 to 289"


def _callback(value: object) -> Complaint:
    return None if web_address(value) else "has to be a web address"


def _safety_identifier(value: object) -> Complaint:
    good = isinstance(value, str) and len(value) <= 64
    return None if good else "has to be a string of at most 64 characters"


def _tools(value: object) -> Complaint:
    good = isinstance(value, list) and all(tool == {"type": "web_search"} for tool in value)
    return None if good else 'has to be an array of {"type": "web_search"}'


# Ranges: REV265 (2026-10-08).
_CHECKS: Mapping[str, Check] = {
    "ratio": _one_of(*RATIOS, ADAPTIVE),
    "frames": _frames,
    "seed": _whole(-1, SEED_MAX),
    "camera_fixed": _yes_no,
    "generate_audio": _yes_no,
    "watermark": _yes_no,
    "return_last_frame": _yes_no,
    "service_tier": _one_of("default", "flex"),
    "execution_expires_after": _whole(3600, 259_200),
    "priority": _whole(0, 9),
    "draft": _yes_no,
    "omni_reference_task_type": _one_of("auto", "reference", "edit", "extend"),
    "output_format": _one_of("mp4", "mov"),
    "callback_url": _callback,
    "safety_identifier": _safety_identifier,
    "tools": _tools,
}
