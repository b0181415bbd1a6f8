"""Whether a setting can ever work, told when it is set and not when a clip is to be made."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from byteplus_cli.api.storage_place import check_endpoint, check_url
from byteplus_cli.commands.waiting import PROGRESS
from byteplus_cli.errors import InvalidConfig, InvalidRequest
from byteplus_cli.generation.image.rules import FORMATS
from byteplus_cli.generation.image.size import chosen_size
from byteplus_cli.generation.naming import Template
from byteplus_cli.generation.rules import EXPIRY_SECONDS, PRIORITIES
from byteplus_cli.generation.span import parse_span, span
from byteplus_cli.session import Session

_ADDRESS = re.compile(r"https?://[^\s/?#@]+(/\S*)?", re.IGNORECASE)

Check = Callable[[Session, str, Any], None]


def check(session: Session, key: str, value: object) -> None:
    """Raises InvalidConfig for a value that every run would refuse."""
    if wrong := CHECKS.get(key):
        try:
            wrong(session, key, value)
        except InvalidConfig:
            raise
        except InvalidRequest as error:
            raise InvalidConfig(f"{key}: {error.message}", hint=error.hint) from error


def _template(_: Session, key: str, value: str) -> None:
    Template.parse(value, home=Path.cwd())


def _video_model(session: Session, key: str, value: str) -> None:
    session.catalogue.video(value)


def _image_model(session: Session, key: str, value: str) -> None:
    session.catalogue.image(value)


def _image_size(session: Session, key: str, value: str) -> None:
    models = session.catalogue.images.values()
    known = dict.fromkeys(name for model in models for name in model.classes)
    for model in models:
        with suppress(InvalidRequest):
            chosen_size(value, None, model)
            return
    raise InvalidConfig(f"no model takes {key} {value}", hint=f"{', '.join(known)} or WxH")


def _image_ratio(session: Session, key: str, value: str) -> None:
    models = session.catalogue.images.values()
    known = dict.fromkeys(ratio for model in models for ratio in model.ratios)
    if value not in known:
        raise InvalidConfig(f"no model takes {key} {value}", hint=", ".join(known))


def _image_format(_: Session, key: str, value: str) -> None:
    if value.lower() not in FORMATS:
        raise InvalidConfig(f"{key} {value} is no format", hint=" or ".join(FORMATS))


def _choice(field: str) -> Check:
    """One of the values that any video model takes."""

    def check(session: Session, key: str, value: str) -> None:
        models = session.catalogue.videos.values()
        known = dict.fromkeys(word for model in models for word in getattr(model, field))
        if value.lower() not in known:
            raise InvalidConfig(f"no model takes {key} {value}", hint=", ".join(known))

    return check


def _seconds(session: Session, key: str, value: int) -> None:
    models = session.catalogue.videos.values()
    longest = max(model.durations[1] for model in models)
    if value != -1 and not 1 <= value <= longest:
        raise InvalidConfig(f"no model takes {key} {value}", hint=f"1 to {longest}, or -1")


def _expiry(_: Session, key: str, value: str) -> None:
    low, high = EXPIRY_SECONDS
    if not low <= parse_span(value) <= high:
        raise InvalidConfig(f"{key} {value} is out of range", hint=f"{span(low)} to {span(high)}")


def _priority(_: Session, key: str, value: int) -> None:
    low, high = PRIORITIES
    if not low <= value <= high:
        raise InvalidConfig(f"{key} {value} is out of range", hint=f"{low} to {high}")


def _amount(_: Session, key: str, value: float) -> None:
    if value < 0:
        raise InvalidConfig(f"{key} {value} is less than nothing", hint="dollars, such as 0.50")


def _address(_: Session, key: str, value: str) -> None:
    if not _ADDRESS.fullmatch(value):
        raise InvalidConfig(f"{key} {value} is not an address", hint="such as https://example.com")


def _progress(_: Session, key: str, value: str) -> None:
    if value not in PROGRESS:
        raise InvalidConfig(f"there is no {key} {value}", hint=" or ".join(PROGRESS))


def _bucket(_: Session, key: str, value: str) -> None:
    check_url(value)


def _endpoint(_: Session, key: str, value: str) -> None:
    check_endpoint(value)


CHECKS: dict[str, Check] = {
    "base_url": _address,
    "vision_url": _address,
    "video.callback_url": _address,
    "storage.endpoint": _endpoint,
    "storage.url": _bucket,
    "output": _template,
    "max_cost": _amount,
    "confirm_above": _amount,
    "progress": _progress,
    "video.model": _video_model,
    "video.resolution": _choice("resolutions"),
    "video.ratio": _choice("ratios"),
    "video.duration": _seconds,
    "video.expires_after": _expiry,
    "video.priority": _priority,
    "image.model": _image_model,
    "image.size": _image_size,
    "image.ratio": _image_ratio,
    "image.format": _image_format,
}
