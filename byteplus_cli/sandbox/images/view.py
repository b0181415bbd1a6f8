"""How pictures look to the one who asked: what the plain answer and the events say of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from byteplus_cli.sandbox.images.groups import Group
from byteplus_cli.sandbox.images.models import MODELS
from byteplus_cli.sandbox.images.order import Fault, Order, Picture

# Hands a picture over, as `url` or as `b64_json`.
HandOver = Callable[[Picture], dict[str, str]]


def document(group: Group, data: list[dict[str, Any]]) -> dict[str, Any]:
    """The plain answer."""
    return {**_about(group, group.created), "data": data, **_summary(group.order)}


def failed(group: Group, fault: Fault) -> dict[str, Any]:
    """The plain answer when nothing came out, which is a success to HTTP (LIVE-E)."""
    return {**_about(group, group.created), "data": [], **_error(fault)}


def entry(order: Order, piece: Picture | Fault, hand_over: HandOver) -> dict[str, Any]:
    """One of `data`."""
    if isinstance(piece, Fault):
        return _error(piece)
    shown: dict[str, Any] = {**hand_over(piece), "size": _size(piece)}
    if MODELS[order.model].layers:
        shown["output_format"] = piece.format
    return {**shown, **_layer(order, piece)} if order.layered else shown


def progress(group: Group, piece: Picture | Fault, now: float, hand_over: HandOver) -> str:
    """The event that tells of one picture."""
    place = {**_about(group, now), "image_index": piece.index}
    if isinstance(piece, Fault):
        return _event("image_generation.partial_failed", {**place, **_error(piece)})
    shown = {**hand_over(piece), "size": _size(piece)}
    return _event("image_generation.partial_succeeded", {**place, **shown})


def completed(group: Group, now: float) -> str:
    """The last event but for the end."""
    return _event("image_generation.completed", {**_about(group, now), **_summary(group.order)})


def failed_event(fault: Fault) -> str:
    """The event that tells that nothing comes; it has no type within (REV265 2026-10-08)."""
    return f"event: error\ndata: {json.dumps(_error(fault))}\n\n"


def _event(kind: str, facts: dict[str, Any]) -> str:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **facts})}\n\n"


def _about(group: Group, created: float) -> dict[str, Any]:
    return {"model": group.order.model, "created": int(created)}


def _summary(order: Order) -> dict[str, Any]:
    """What was made and is billed; input pictures are told by the newer models only (REV265)."""
    pictures = order.pictures
    tokens = round(sum(picture.size[0] * picture.size[1] for picture in pictures) / 256)
    usage: dict[str, Any] = {"generated_images": len(pictures)}
    if MODELS[order.model].layers:
        usage["input_images"] = order.inputs
    usage |= {"output_tokens": tokens, "total_tokens": tokens}
    if order.tools is None:
        return {"usage": usage}
    # Nothing is searched for.
    return {"tools": order.tools, "usage": {**usage, "tool_usage": {"web_search": 0}}}


def _layer(order: Order, picture: Picture) -> dict[str, Any]:
    """Where a layer lies; the base, at 0, has its place only."""
    if picture.box is None:
        return {"z_index": picture.index}
    left, top = picture.box[0] * order.width // 1000, picture.box[1] * order.height // 1000
    width, height = picture.size
    return {
        "z_index": picture.index,
        "name": f"layer {picture.index}",
        "description": f"soft colours, number {picture.index} from the back",
        "bounding_box": {
            "absolute": [left, top, left + width, top + height],
            "normalized": list(picture.box),
        },
    }


def _size(picture: Picture) -> str:
    return "{}x{}".format(*picture.size)


def _error(fault: Fault) -> dict[str, Any]:
    return {"error": {"code": fault.code, "message": f"the prompt scripted this: {fault.code}"}}
