"""From options and the profile's defaults to a checked request, with nothing sent yet."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any, NamedTuple

from byteplus_cli.config import SETTINGS
from byteplus_cli.errors import InvalidRequest
from byteplus_cli.generation.catalogue import Found
from byteplus_cli.generation.cost import Estimate, estimate
from byteplus_cli.generation.media import image_source
from byteplus_cli.generation.prompt import prompt_text
from byteplus_cli.generation.rules import SEEDS, check, fit, with_seed
from byteplus_cli.generation.span import parse_extra, parse_span
from byteplus_cli.generation.video import VideoRequest
from byteplus_cli.session import Session

# Options that are body fields, and what the service calls them.
FIELDS = {
    "resolution": "resolution",
    "ratio": "ratio",
    "duration": "duration",
    "frames": "frames",
    "seed": "seed",
    "camera_fixed": "camera_fixed",
    "audio": "generate_audio",
    "watermark": "watermark",
    "save_last_frame": "return_last_frame",
    "format": "output_format",
    "task_type": "omni_reference_task_type",
    "priority": "priority",
    "callback_url": "callback_url",
    "safety_id": "safety_identifier",
}


class Plan(NamedTuple):
    """A request that may be sent, and what it should cost."""

    request: VideoRequest
    estimate: Estimate


def plan_clip(session: Session, options: Mapping[str, Any]) -> Plan:
    """The request that the options of `video create` describe; raises InvalidRequest."""
    chosen, defaults = _with_defaults(session, options)
    found = session.catalogue.video(chosen["model"])
    if found.notice:
        session.terminal.warn(found.notice)
    request = fit(_request(session, found, chosen), found.model)
    try:
        warnings = check(request, found.model)
    except InvalidRequest as error:
        raise _blame(error, defaults, session) from error
    for warning in warnings:
        session.terminal.warn(warning)
    request = with_seed(request, found.model, lambda: random.randint(0, SEEDS[1]))
    return Plan(request, estimate(request, found.model))


def _with_defaults(
    session: Session, options: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """The options with the profile's values where the user gave none, and which those are."""
    chosen, defaults = dict(options), []
    for name, given in options.items():
        key = f"video.{name}"
        if given is None and key in SETTINGS:
            chosen[name] = session.profile.get(key)
            if chosen[name] is not None:
                defaults.append(key)
    # A length in frames is a length too, and says more.
    if options.get("frames") is not None and options.get("duration") is None:
        chosen["duration"] = None
    return chosen, defaults


def _request(session: Session, found: Found, chosen: Mapping[str, Any]) -> VideoRequest:
    prompt, image = chosen["prompt"], chosen["image"]
    return VideoRequest(
        model=found.id,
        prompt=prompt_text(prompt, session.around.stdin) if prompt is not None else None,
        first_frame=image_source(image, "--image") if image is not None else None,
        service_tier="flex" if chosen["flex"] else None,
        execution_expires_after=_seconds(chosen["expires_after"]),
        extra=parse_extra(chosen["extra"] or ()),
        **{field: chosen[option] for option, field in FIELDS.items()},
    )


def _seconds(text: str | None) -> int | None:
    return None if text is None else parse_span(text)


def _blame(error: InvalidRequest, defaults: list[str], session: Session) -> InvalidRequest:
    """The error, with a word on the profile if one of its defaults is what does not fit."""
    for key in defaults:
        if key.removeprefix("video.").replace("_", "-") in error.message:
            error.hint = f"{key} comes from profile {session.profile.name}; {error.hint or ''}"
    return error
