"""Media that a request brings: base64 within it, or a link to a file of the sandbox's own."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from pathlib import Path

from byteplus_cli.sandbox import pictures
from byteplus_cli.sandbox.pictures import Sent
from byteplus_cli.sandbox.refusal import Refusal, bad_image, invalid

# The file behind a link, if it is one of the sandbox's own.
Linked = Callable[[str], Path | None]

MEGABYTE = 1024 * 1024
# The limit of one picture, to either kind of model (REV265 2026-10-08).
IMAGE_BYTES = 30 * MEGABYTE
# `image/` and the type after it have to be in lower case (LIVE-B).
_DATA = re.compile(r"data:(image|audio)/([a-z0-9.+-]+);base64,(.*)", re.DOTALL)


def decoded(kind: str, where: str, url: str) -> tuple[str, bytes]:
    """The type that a data: URI of an image or an audio names, and its content."""
    match = _DATA.fullmatch(url)
    if match is None or match[1] != kind:
        raise _malformed(kind, where, f"has to open with data:{kind}/<type>;base64,")
    try:
        return match[2], base64.b64decode(match[3], validate=True)
    except (binascii.Error, ValueError) as error:
        raise _malformed(kind, where, "is not base64") from error


def picture(where: str, url: str, linked: Linked) -> Sent | None:
    """What a picture really is, unless it is elsewhere on the web.

    Raises Refusal for what no model takes.
    """
    content = _content(where, url, linked)
    return None if content is None else _sent(where, content)


def _content(where: str, url: str, linked: Linked) -> bytes | None:
    if url.startswith("data:"):
        return decoded("image", where, url)[1]
    path = linked(url)
    return path.read_bytes() if path else None


def _sent(where: str, content: bytes) -> Sent:
    if not content:
        raise bad_image(where, "is empty", "EmptyURL")
    kind = pictures.kind(content)
    if kind is None:
        raise bad_image(where, "is not a picture of a supported format")
    if len(content) >= IMAGE_BYTES:
        raise invalid(where, f"has to be smaller than {IMAGE_BYTES // MEGABYTE} MB")
    seen = pictures.look(kind, content)
    if seen.size is None and kind != "heic":
        raise bad_image(where, "cannot be decoded")
    return seen


def _malformed(kind: str, where: str, message: str) -> Refusal:
    return bad_image(where, message) if kind == "image" else invalid(where, message)
