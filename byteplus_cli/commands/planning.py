"""From options and the profile's defaults to a checked request, with nothing sent yet."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from byteplus_cli.commands import sources
from byteplus_cli.config import SETTINGS
from byteplus_cli.errors import InvalidRequest, OverBudget
from byteplus_cli.generation.catalogue import Found
from byteplus_cli.generation.cost import Estimate, estimate, usd
from byteplus_cli.generation.crop import Crop, crop
from byteplus_cli.generation.media import Source
from byteplus_cli.generation.prompt import prompt_text
from byteplus_cli.generation.rules import DRAFT_RESOLUTION, SEEDS, check, fit, with_seed
from byteplus_cli.generation.span import parse_extra, parse_span
from byteplus_cli.generation.video import VideoRequest
from byteplus_cli.generation.video_model import VideoModel
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
    """A request that may be sent, what it should cost, and what should be known of it before."""

    request: VideoRequest
    estimate: Estimate
    warnings: tuple[str, ...] = ()
    crop: Crop | None = None


def plan_clip(
    session: Session,
    options: Mapping[str, Any],
    *,
    draft: bool = False,
    first_frame: Source | None = None,
) -> Plan:
    """The request that the options describe, as a draft if asked; raises InvalidRequest.

    `first_frame` stands for a picture that does not exist yet.
    """
    chosen, defaults = with_defaults(session, options)
    found = session.catalogue.video(_draft_model(session, options) if draft else chosen["model"])
    if draft:
        chosen["resolution"] = options["resolution"] or DRAFT_RESOLUTION
        chosen["flex"] = options["flex"]
    request = _request(session, found, chosen, draft=draft)
    if first_frame:
        request = replace(request, first_frame=first_frame)
    request = fit(request, found.model)
    try:
        warnings = check(request, found.model)
    except InvalidRequest as error:
        raise blame(error, defaults, session) from error
    request = with_seed(request, found.model, _any_seed)
    told = (found.notice,) if found.notice else ()
    plan = Plan(
        request,
        estimate(request, found.model),
        (*told, *warnings),
        crop(request, found.model),
    )
    for warning in plan.warnings:
        session.terminal.warn(warning)
    return plan


def _any_seed() -> int:
    # Far sooner at hand than the module `random`.
    return int.from_bytes(os.urandom(8), "big") % (SEEDS[1] + 1)


def check_budget(
    session: Session,
    expected: Estimate,
    option: str | None,
    instead: str = "a shorter or smaller clip",
) -> None:
    """Raise OverBudget for what may cost more than `--max-cost` or the profile's max_cost."""
    limit = dollars(option) if option is not None else session.profile.get("max_cost")
    if limit is None:
        return
    limit = Decimal(str(limit))
    if expected.usd_high is None:
        raise OverBudget(
            f"what this costs is not known, so ${limit} cannot be promised",
            hint="leave out what makes it unknown, or --max-cost",
        )
    if expected.usd_high > limit:
        raise OverBudget(
            f"this costs {expected.words}, and the limit is ${limit}",
            hint=f"--max-cost {usd(expected.usd_high)}, or {instead}",
        )


def seconds(text: str | None) -> int | None:
    """A span of time that may be left out."""
    return None if text is None else parse_span(text)


def with_defaults(
    session: Session, options: Mapping[str, Any], kind: str = "video"
) -> tuple[dict[str, Any], list[str]]:
    """The options with the profile's values where the user gave none, and which those are."""
    chosen, defaults = dict(options), []
    for name, given in options.items():
        key = f"{kind}.{name}"
        if given is None and key in SETTINGS:
            chosen[name] = session.profile.get(key)
            if chosen[name] is not None:
                defaults.append(key)
    # A length in frames is a length too, and says more.
    if options.get("frames") is not None and options.get("duration") is None:
        chosen["duration"] = None
    return chosen, defaults


def _draft_model(session: Session, options: Mapping[str, Any]) -> str:
    return options["model"] or session.catalogue.newest_with("draft").id


def _request(
    session: Session, found: Found[VideoModel], chosen: Mapping[str, Any], *, draft: bool
) -> VideoRequest:
    prompt, dry = chosen["prompt"], bool(chosen.get("dry_run"))
    return VideoRequest(
        model=found.id,
        prompt=prompt_text(prompt, session.around.stdin) if prompt is not None else None,
        first_frame=sources.frame(session, chosen["image"], "--image", dry=dry),
        last_frame=sources.frame(session, chosen.get("last_frame"), "--last-frame", dry=dry),
        references=tuple(sources.references(session, chosen, dry=dry)),
        service_tier="flex" if chosen["flex"] else None,
        execution_expires_after=seconds(chosen["expires_after"]),
        extra=parse_extra(chosen["extra"] or ()),
        draft=True if draft else None,
        **{field: chosen.get(option) for option, field in FIELDS.items()},
    )


def dollars(text: str) -> Decimal:
    """What `--max-cost` was given; raises InvalidRequest."""
    try:
        amount = Decimal(text.removeprefix("$"))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        raise InvalidRequest(f"--max-cost {text} is not an amount", hint="--max-cost 0.50")
    return amount


def blame(error: InvalidRequest, defaults: list[str], session: Session) -> InvalidRequest:
    """The error, with a word on the profile if one of its defaults is what does not fit."""
    for key in defaults:
        if key.partition(".")[2].replace("_", "-") in error.message:
            error.hint = f"{key} comes from profile {session.profile.name}; {error.hint or ''}"
    return error
