"""Judging a request for pictures by the facts of its model."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from byteplus_cli.sandbox import models as videos
from byteplus_cli.sandbox.asked import Offer
from byteplus_cli.sandbox.images import inputs, sizes
from byteplus_cli.sandbox.images.fields import AUTO, MOST, check_fields, flat
from byteplus_cli.sandbox.images.models import (
    ENDPOINT_MODEL,
    MAX_IMAGES,
    MODELS,
    RETIRED,
    Model,
)
from byteplus_cli.sandbox.images.order import LAYERED_COUNT, Order
from byteplus_cli.sandbox.images.sizes import Shape
from byteplus_cli.sandbox.inputs import Linked
from byteplus_cli.sandbox.pictures import Sent
from byteplus_cli.sandbox.refusal import invalid, missing
from byteplus_cli.sandbox.scripted import check_words

_OFFER = Offer(MODELS, videos.MODELS, RETIRED, ENDPOINT_MODEL)
# The fewest pixels of a picture whose layers are to be separated (REV265 2026-10-08).
LAYERED_PIXELS = 262_144

Given = Mapping[str, Any]
Inputs = Sequence[Sent | None]


def checked(body: Given, linked: Linked) -> Order:
    """The order that a request body comes to; raises Refusal where the service would."""
    given = flat(body)
    name = _OFFER.chosen(given)
    model = MODELS[name]
    check_fields(given, name, model)
    pictures = inputs.read(given.get("image"), model, linked)
    _check_prompt(given)
    _check_group(given, pictures)
    _check_background(given, pictures)
    _check_layers(given, pictures)
    return _order(given, name, pictures)


def _check_prompt(given: Given) -> None:
    prompt = given.get("prompt", "")
    if not prompt.strip() and not given.get("layer_decomposition"):
        raise missing("prompt")
    check_words("prompt", prompt)


def _check_group(given: Given, pictures: Inputs) -> None:
    asked = given.get(MAX_IMAGES)
    if asked is None:
        return
    if given.get("sequential_image_generation") != "auto":
        raise invalid(MAX_IMAGES, "needs sequential_image_generation: auto")
    if asked + len(pictures) > MOST:
        raise invalid(MAX_IMAGES, f"with {len(pictures)} pictures sent, more than {MOST} in all")


def _check_background(given: Given, pictures: Inputs) -> None:
    if given.get("background") != "transparent":
        return
    if given.get("output_format") != "png":
        raise invalid("output_format", "has to be png for a transparent background")
    if len(pictures) != 1 or not (pictures[0] is None or pictures[0].alpha):
        raise invalid("image", "has to be one picture with alpha for a transparent background")


def _check_layers(given: Given, pictures: Inputs) -> None:
    if not given.get("layer_decomposition"):
        return
    if len(pictures) != 1:
        raise invalid("image", "has to be one picture to separate the layers of")
    (picture,) = pictures
    if picture is None:
        return
    if picture.kind not in ("jpeg", "png"):
        raise invalid("image", "has to be jpeg or png to separate the layers of")
    width, height = picture.size or (0, 0)
    if width * height < LAYERED_PIXELS:
        raise invalid("image", f"{width}x{height}: has to have {LAYERED_PIXELS} pixels at least")


def _order(given: Given, name: str, pictures: Inputs) -> Order:
    seed = given.get("seed", -1)
    layered = given.get("layer_decomposition", False)
    width, height = _shape(given, MODELS[name], pictures)
    return Order(
        model=name,
        prompt=given.get("prompt", ""),
        seed=random.randrange(100_000) if seed == -1 else seed,
        width=width,
        height=height,
        count=_count(given, pictures),
        # A layer has to be one that can be seen through.
        format="png" if layered else given.get("output_format", "jpeg"),
        transparent=given.get("background") == "transparent",
        layered=layered,
        base64=given.get("response_format") == "b64_json",
        stream=given.get("stream", False),
        inputs=len(pictures),
        tools=given.get("tools"),
    )


def _count(given: Given, pictures: Inputs) -> int:
    """The model would decide on a number; here it makes as many as it may."""
    if given.get("layer_decomposition"):
        return LAYERED_COUNT
    if given.get("sequential_image_generation") != "auto":
        return 1
    return int(given.get(MAX_IMAGES, MOST - len(pictures)))


def _shape(given: Given, model: Model, pictures: Inputs) -> Shape:
    asked = given.get("size", model.size)
    exact = sizes.exact(asked)
    if exact is not None:
        return exact
    like = pictures[0].size if pictures and pictures[0] else None
    if asked == AUTO:
        asked = sizes.nearest_class(model.classes, like) or model.size
    return sizes.of_class(model.classes[asked], like)
