"""In what form the media of a video request is accepted: address, asset, or base64 within it."""

from __future__ import annotations

import re

from byteplus_cli.sandbox import inputs, pictures
from byteplus_cli.sandbox.addresses import web_address
from byteplus_cli.sandbox.inputs import MEGABYTE, Linked
from byteplus_cli.sandbox.models import Model
from byteplus_cli.sandbox.refusal import bad_image, invalid, missing

# Limits of one sound and of one picture (REV265 2026-10-08).
AUDIO_BYTES = 15 * MEGABYTE
SIDE = (300, 6000)
SHAPE = (0.4, 2.5)
_ASSET = re.compile(r"asset://[A-Za-z0-9._-]+")

Shape = tuple[int, int]


def check(where: str, kind: str, url: str, model: Model, linked: Linked) -> Shape | None:
    """Refuses media that the service would not take; gives the size of a picture, if known."""
    if not url:
        raise bad_image(where, "is empty", "EmptyURL") if kind == "image_url" else missing(where)
    if _ASSET.fullmatch(url):
        return None
    if not url.startswith("data:") and web_address(url) is None:
        raise invalid(where, "has to be a web address, an asset:// address or a data: URI")
    if kind == "image_url":
        return _checked_picture(where, url, model, linked)
    if url.startswith("data:"):
        _check_inline(kind, where, url)
    return None


def _checked_picture(where: str, url: str, model: Model, linked: Linked) -> Shape | None:
    picture = inputs.picture(where, url, linked)
    if picture is None:
        return None
    if picture.kind == "heic" and not model.heic:
        raise bad_image(where, "is not a picture of a supported format")
    if picture.size is not None:
        _check_shape(where, picture.size)
    return picture.size


def _check_inline(kind: str, where: str, url: str) -> None:
    if kind == "video_url":
        raise invalid(where, "a video cannot be sent as base64")  # LIVE-B 2026-08-13
    _check_sound(where, *inputs.decoded("audio", where, url))


def _check_sound(where: str, kind: str, content: bytes) -> None:
    if kind not in ("wav", "mp3") or not pictures.is_sound(kind, content):
        raise invalid(where, "has to be a wav or mp3 file")
    if len(content) > AUDIO_BYTES:
        raise invalid(where, f"is larger than {AUDIO_BYTES // MEGABYTE} MB")


def _check_shape(where: str, shape: Shape) -> None:
    width, height = shape
    if not all(SIDE[0] <= side <= SIDE[1] for side in shape):
        raise invalid(where, f"{width}x{height}: sides have to be {SIDE[0]} to {SIDE[1]} pixels")
    if not SHAPE[0] <= width / height <= SHAPE[1]:
        raise invalid(where, f"{width}x{height}: width/height has to be {SHAPE[0]} to {SHAPE[1]}")
