"""What an accepted request will make: size, length, seed, tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from byteplus_cli.sandbox.models import ADAPTIVE, RATIOS, Model
from byteplus_cli.sandbox.rules import INLINE, Inputs, Refusal, decoded
from byteplus_cli.sandbox.scripts import read_script
from byteplus_cli.sandbox.tasks import (
    EXPIRES_AFTER,
    FRAMES_A_SECOND,
    Clip,
    Plan,
    Task,
    random_seed,
)

PIXELS_A_TOKEN = 1024
CHOSEN_SECONDS = 5  # what a model that chooses the length chooses here
UNSEEN = "16:9"  # the shape of pictures that are only links
ECHOED = ("priority", "safety_identifier", "output_format", "tools")


def make_plan(given: Mapping[str, Any], model: Model, inputs: Inputs) -> Plan:
    """The plan for a request that keeps every rule."""
    resolution = given.get("resolution", model.resolution).lower()
    ratio = _ratio(given, model, inputs)
    width, height = model.size(resolution, ratio)
    frames, by_frames = _frames(given, model)
    seed = given.get("seed", -1)
    clip = Clip(
        width,
        height,
        frames,
        random_seed() if seed == -1 else seed,
        sound="generate_audio" in model.fields and given.get("generate_audio", True),
        format=given.get("output_format", "mp4"),
    )
    return Plan(
        model=given["model"],
        prompt=inputs.prompt,
        clip=clip,
        resolution=resolution,
        ratio=ratio,
        tokens=width * height * frames // PIXELS_A_TOKEN,
        script=read_script(inputs.prompt),
        by_frames=by_frames,
        draft=given.get("draft", False),
        **_service(given),
    )


def make_final(given: Mapping[str, Any], model: Model, draft: Task | None, now: float) -> Plan:
    """The plan for the full clip of a draft; raises Refusal."""
    if draft is None or not draft.plan.draft or draft.status(now) != "succeeded":
        raise Refusal(400, "InvalidParameter", "there is no such finished draft", "content")
    if draft.plan.model != given["model"]:
        raise Refusal(400, "InvalidParameter", "the draft is of another model", "model")
    width, height = model.size("1080p", draft.plan.ratio)
    frames = draft.plan.clip.frames
    format = given.get("output_format", "mp4")
    return replace(
        draft.plan,
        clip=replace(draft.plan.clip, width=width, height=height, format=format),
        resolution="1080p",
        tokens=width * height * frames // PIXELS_A_TOKEN,
        draft=False,
        draft_task=draft.id,
        **_service(given),
    )


def _service(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "last_frame": given.get("return_last_frame", False),
        "expires_after": given.get("execution_expires_after", EXPIRES_AFTER),
        "service_tier": given.get("service_tier", "default"),
        "callback_url": given.get("callback_url"),
        "echoed": {name: given[name] for name in ECHOED if name in given},
    }


def _frames(given: Mapping[str, Any], model: Model) -> tuple[int, bool]:
    if "frames" in given:
        return given["frames"], True
    seconds = given.get("duration", model.usual_seconds)
    seconds = CHOSEN_SECONDS if seconds == -1 else seconds
    # One frame more than the seconds hold is made and billed (live probes, 2026-09).
    return FRAMES_A_SECOND * seconds + 1, False


def _ratio(given: Mapping[str, Any], model: Model, inputs: Inputs) -> str:
    ratio = given.get("ratio")
    if ratio not in (None, ADAPTIVE):
        return str(ratio)
    picture = next((url for role, url in inputs.roles if url.startswith("data:image")), None)
    return _nearest_ratio(picture) if picture else UNSEEN


def _nearest_ratio(url: str) -> str:
    from byteplus_cli.sandbox.samples import picture_shape

    found = INLINE["image_url"].fullmatch(url)
    shape = picture_shape(decoded(found[2])) if found else None
    return min(RATIOS, key=lambda ratio: abs(_shape(ratio) - shape)) if shape else UNSEEN


def _shape(ratio: str) -> float:
    width, height = ratio.split(":")
    return int(width) / int(height)
