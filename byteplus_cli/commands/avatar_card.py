"""What the avatar models do and cost, as people and programs read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from byteplus_cli.commands.model_card import UNKNOWN
from byteplus_cli.generation.avatar.model import DATE, MODELS, SOURCE, USD_A_SECOND, AvatarModel
from byteplus_cli.generation.avatar.rules import RESOLUTIONS, SECONDS_REFUSED
from byteplus_cli.terminal.layout import card

HEADERS = ("AVATAR", "SOUND", "PRICE OF 1 S", "CAN")


def found(name: str) -> AvatarModel | None:
    """The avatar model of that name, if it is one."""
    return next((model for model in MODELS.values() if model.id == name.lower()), None)


def list_row(model: AvatarModel) -> tuple[str, ...]:
    able = "masks prompt" if model.prompt else UNKNOWN
    return model.id, f"under {SECONDS_REFUSED:.0f} s", f"${USD_A_SECOND}", able


def card_lines(model: AvatarModel) -> list[str]:
    return card(
        [
            ("id", model.id),
            ("req_key", model.req_key),
            ("takes", "a portrait and a sound"),
            ("does", ", ".join(_can(model)) or None),
            ("sound", f"WAV or MP3, under {SECONDS_REFUSED:.0f} s; up to 15 s come out best"),
            ("portrait", "JPEG or PNG, under 5 MB, each side under 4096 pixels"),
            ("resolutions", "{}, {}; default 1080".format(*RESOLUTIONS) if model.prompt else None),
            ("limits", "1 at once"),
            ("price", f"${USD_A_SECOND} a second; on no official price page"),
            ("known from", f"{SOURCE} ({DATE})"),
        ]
    )


def document(model: AvatarModel) -> dict[str, Any]:
    return {
        "id": model.id,
        "kind": "avatar",
        "names": [model.name],
        "state": "current",
        "can": list(_can(model)),
        "longest_seconds": SECONDS_REFUSED,
        "resolutions": RESOLUTIONS if model.prompt else None,
        "usd_per_second": str(USD_A_SECOND),
        "source": SOURCE,
        "date": str(DATE),
    }


def _can(model: AvatarModel) -> Iterator[str]:
    if model.masks:
        yield "masks"
    if model.prompt:
        yield from ("prompt", "seed", "fast")
