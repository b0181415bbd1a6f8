"""Judging a create request by the facts of its model."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

from byteplus_cli.sandbox import content as contents
from byteplus_cli.sandbox import drafts
from byteplus_cli.sandbox.asked import Offer
from byteplus_cli.sandbox.content import Content
from byteplus_cli.sandbox.fields import check_fields
from byteplus_cli.sandbox.images import models as images
from byteplus_cli.sandbox.inputs import Linked
from byteplus_cli.sandbox.models import (
    ADAPTIVE,
    CHOSEN_BY_MODEL,
    ENDPOINT_MODEL,
    MODELS,
    RETIRED,
    Model,
    nearest_ratio,
)
from byteplus_cli.sandbox.order import FPS, Order, settings
from byteplus_cli.sandbox.refusal import against_task_type, invalid, missing
from byteplus_cli.sandbox.scripted import check_words
from byteplus_cli.sandbox.tasks import Task

# The task of an id, if it is known and not too old.
Find = Callable[[str], Task | None]
_OFFER = Offer(MODELS, images.MODELS, RETIRED, ENDPOINT_MODEL)


def checked(body: Mapping[str, Any], find: Find, linked: Linked) -> Order:
    """The order that a request body comes to; raises Refusal where the service would."""
    # The official SDK sends null for every field that is not set.
    given = {name: value for name, value in body.items() if value is not None}
    name = _OFFER.chosen(given)
    model = MODELS[name]
    content = contents.read(given.get("content"), model, linked)
    check_fields(given, name, model)
    if content.draft is not None:
        return drafts.final(given, name, find(content.draft))
    _check_shape(given, content, model)
    _check_task_type(given, content)
    drafts.check_preview(given)
    check_words("content.text", content.text)
    return _order(given, name, content)


def _check_shape(given: Mapping[str, Any], content: Content, model: Model) -> None:
    ratio = given.get("ratio", ADAPTIVE)
    if content.framed and model.frames_keep_shape and ratio != ADAPTIVE:
        raise against_task_type("ratio", "has to be adaptive with a first frame")
    if "ratio" in given and ratio == ADAPTIVE and not (content.media or model.adaptive_text):
        raise invalid("ratio", "adaptive needs a picture with this model")
    if given.get("camera_fixed") and content.referenced:
        raise invalid("camera_fixed", "cannot stand with references")


def _check_task_type(given: Mapping[str, Any], content: Content) -> None:
    asked = given.get("omni_reference_task_type", "auto")
    if asked == "auto":
        return
    if not content.referenced:
        raise against_task_type("omni_reference_task_type", f"{asked} needs references")
    if asked == "reference":
        return
    if not content.count("video_url"):
        raise against_task_type("content", f"{asked} needs a reference_video")
    if not content.text.strip():
        raise missing("content.text")
    if given.get("ratio", ADAPTIVE) != ADAPTIVE:
        raise against_task_type("ratio", f"has to be adaptive to {asked} a video")
    if asked == "edit" and given.get("duration", CHOSEN_BY_MODEL) != CHOSEN_BY_MODEL:
        raise against_task_type("duration", "has to be -1 to edit a video")


def _order(given: Mapping[str, Any], name: str, content: Content) -> Order:
    model = MODELS[name]
    resolution = str(given.get("resolution", model.resolution)).lower()
    ratio = _ratio(given.get("ratio", ADAPTIVE), content)
    width, height = model.pixels(resolution, ratio)
    seed = given.get("seed", -1)
    return Order(
        model=name,
        endpoint=given["model"],
        prompt=content.text,
        seed=random.randrange(100_000) if seed == -1 else seed,
        resolution=resolution,
        ratio=ratio,
        width=width,
        height=height,
        frames=_frames(given, model),
        counted_in_frames="frames" in given,
        videos=content.count("video_url") - len(content.lengths),
        footage=sum(content.lengths),
        sound=given.get("generate_audio", True) if model.sound else None,
        draft=given.get("draft"),
        task_type=given.get("omni_reference_task_type"),
        **settings(given, model),
    )


def _ratio(asked: str, content: Content) -> str:
    if asked != ADAPTIVE:
        return asked
    return nearest_ratio(*content.shape) if content.shape else "16:9"


def _frames(given: Mapping[str, Any], model: Model) -> int:
    # `frames` wins over `duration` (REV265 2026-10-08).
    if "frames" in given:
        return int(given["frames"])
    seconds = given.get("duration", model.duration)
    if seconds == CHOSEN_BY_MODEL:
        seconds = max(5, model.seconds[0])
    # One frame more than the seconds need is made and billed (LIVE-A, LIVE-C).
    return FPS * int(seconds) + 1
