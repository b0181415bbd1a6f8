"""The rules of each body field but `image`: known to the model, of its type, in range."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from byteplus_cli.sandbox.checks import (
    SEED_MAX,
    Check,
    Complaint,
    check_each,
    one_of,
    text,
    web_search,
    whole,
    yes_no,
)
from byteplus_cli.sandbox.images import sizes
from byteplus_cli.sandbox.images.models import KNOWN_FIELDS, MAX_IMAGES, MODE, OBJECTS, Model
from byteplus_cli.sandbox.refusal import invalid

# The most pictures of a group (REV265 2026-10-08).
MOST = 15
# A size that only the separation of layers has: whatever fits the picture.
AUTO = "auto"


def flat(body: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that are set, with those of objects beside them as `object.field`.

    The official SDK sends null for every field that is not set.
    """
    given = _set(body)
    for name in given:
        if "." in name:
            raise invalid(name, "is not a field of this request")
    for name in OBJECTS:
        if isinstance(given.get(name), dict):
            given |= {f"{name}.{field}": value for field, value in _set(given[name]).items()}
    return given


def check_fields(given: Mapping[str, Any], name: str, model: Model) -> None:
    """Refuses the first field that this model does not know or whose value it does not take."""
    layered = given.get("layer_decomposition") is True
    by_model: Mapping[str, Check] = {
        MODE: one_of("standard", "fast") if model.fast else one_of("standard"),
        "size": partial(_layered_size if layered else _size, model),
    }
    check_each(given, name, KNOWN_FIELDS, model.knows, {**_CHECKS, **by_model})


def _set(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _layered_size(model: Model, value: object) -> Complaint:
    return one_of(*model.classes, AUTO)(value)


def _size(model: Model, value: object) -> Complaint:
    if not isinstance(value, str):
        return "has to be a string"
    if value in model.classes:
        return None
    shape = sizes.exact(value)
    if shape is None:
        return f"has to be {', '.join(model.classes)} or WIDTHxHEIGHT"
    least, most = model.pixels
    if not least <= shape[0] * shape[1] <= most:
        return f"width times height has to be from {least} to {most}"
    if sizes.is_stretched(shape):
        return f"width/height has to be from 1/{sizes.LONGEST} to {sizes.LONGEST}"
    return None


def _object(value: object) -> Complaint:
    return None if isinstance(value, dict) else "has to be an object"


_CHECKS: Mapping[str, Check] = {
    "prompt": text,
    "response_format": one_of("url", "b64_json"),
    "output_format": one_of("jpeg", "png"),
    "watermark": yes_no,
    **dict.fromkeys(OBJECTS, _object),
    "sequential_image_generation": one_of("auto", "disabled"),
    MAX_IMAGES: whole(1, MOST),
    "stream": yes_no,
    "background": one_of("opaque", "transparent"),
    "layer_decomposition": yes_no,
    "tools": web_search,
    # No page has a range for image models; this is that of video.
    "seed": whole(-1, SEED_MAX),
    "negative_prompt": text,
    "optimize_prompt": yes_no,
}
