"""The pictures that a request brings: in what form and of what size they are accepted."""

from __future__ import annotations

from byteplus_cli.sandbox import inputs
from byteplus_cli.sandbox.addresses import web_address
from byteplus_cli.sandbox.images import sizes
from byteplus_cli.sandbox.images.models import Model
from byteplus_cli.sandbox.images.sizes import Shape
from byteplus_cli.sandbox.inputs import Linked
from byteplus_cli.sandbox.pictures import Sent
from byteplus_cli.sandbox.refusal import bad_image, invalid

# Limits of one picture (REV265 2026-10-08); a side has to be longer than the shortest.
PIXELS = (196, 36_000_000)
SHORTEST = 14


def read(raw: object, model: Model, linked: Linked) -> tuple[Sent | None, ...]:
    """What is known of each input, which is nothing of one elsewhere on the web.

    Raises Refusal for what the service would turn down.
    """
    if raw is None:
        return ()
    if not isinstance(raw, list):
        return (_one("image", raw, linked),)
    if not raw:
        raise invalid("image", "has to hold a picture")
    if len(raw) > model.inputs:
        raise invalid("image", f"there can be {model.inputs} pictures at most")
    return tuple(_one(f"image[{index}]", url, linked) for index, url in enumerate(raw))


def _one(where: str, url: object, linked: Linked) -> Sent | None:
    if not isinstance(url, str):
        raise invalid(where, "has to be a string")
    if not url:
        raise bad_image(where, "is empty", "EmptyURL")
    # An asset:// address, which video models take, is refused (LIVE-B 2026-08-13).
    if not url.startswith("data:") and web_address(url) is None:
        raise invalid(where, "has to be a web address or a data: URI")
    picture = inputs.picture(where, url, linked)
    if picture is not None and picture.size is not None:
        _check_size(where, picture.size)
    return picture


def _check_size(where: str, size: Shape) -> None:
    width, height = size
    if not PIXELS[0] <= width * height <= PIXELS[1]:
        raise invalid(
            where, f"{width}x{height}: has to have {PIXELS[0]} to {PIXELS[1]} pixels in all"
        )
    if min(size) <= SHORTEST:
        raise invalid(where, f"{width}x{height}: sides have to be longer than {SHORTEST} pixels")
    if sizes.is_stretched(size):
        longest = sizes.LONGEST
        raise invalid(where, f"{width}x{height}: width/height has to be 1/{longest} to {longest}")
