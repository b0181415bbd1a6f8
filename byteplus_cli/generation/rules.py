"""Which rules a video request must keep, all checked before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NoReturn

from byteplus_cli.errors import InvalidRequest
from byteplus_cli.generation.crop import NEGLIGIBLE, crop
from byteplus_cli.generation.media import BODY_BYTES, MEGABYTE
from byteplus_cli.generation.prompt import check_prompt, prompt_warnings
from byteplus_cli.generation.span import span
from byteplus_cli.generation.video import FLEX, OPEN_DURATION, VideoRequest
from byteplus_cli.generation.video_model import ADAPTIVE, VideoModel

# Numbers that hold for every model (REV265, 2026-10-08). Of a seed's two documented maxima this
# is the smaller one, which both pages allow.
SEEDS = (-1, 2_147_483_647)
PRIORITIES = (0, 9)
EXPIRY_SECONDS = (3_600, 259_200)
SAFETY_ID_LENGTH = 64
# Seconds of a video that is to be edited (REV265, 2026-10-08).
SHORTEST_EDIT = 4
# The only resolution of a draft (REV265, 2026-10-08).
DRAFT_RESOLUTION = "480p"

_INLINE_IMAGE = r"data:image/([^;]+);"
_CALLBACK = r"(?i)https?://[^\s/?#]+\S*"
_MEASURE = r"([1-9]\d{0,3})(?::([1-9]\d{0,3})|(p|k))"

# Fields that not every model knows: the option, the value that changes nothing, who knows it.
SWITCHES: dict[str, tuple[str, object, Callable[[VideoModel], bool]]] = {
    "seed": ("--seed", -1, lambda model: "seed" in model.can),
    "frames": ("--frames", None, lambda model: model.frames is not None),
    "camera_fixed": ("--camera-fixed", False, lambda model: "camera_fixed" in model.can),
    "generate_audio": ("--audio", False, lambda model: "sound" in model.can),
    "return_last_frame": ("--save-last-frame", False, lambda m: "return_last_frame" in m.can),
    "priority": ("--priority", 0, lambda model: "priority" in model.can),
    "service_tier": ("--flex", "default", lambda model: FLEX in model.can),
    "draft": ("a draft", False, lambda model: "draft" in model.can),
    "output_format": ("--format", "mp4", lambda model: len(model.formats) > 1),
    "omni_reference_task_type": ("--task-type", "auto", lambda model: bool(model.task_types)),
}


def fit(request: VideoRequest, model: VideoModel | None) -> VideoRequest:
    """The same request without what the model does not know and would do anyway."""
    if model is None:
        return request
    idle: dict[str, Any] = {
        name: None
        for name, (_, neutral, takes) in SWITCHES.items()
        if getattr(request, name) == neutral and not takes(model)
    }
    return replace(request, **idle)


def with_seed(
    request: VideoRequest, model: VideoModel | None, pick: Callable[[], int]
) -> VideoRequest:
    """The request with a seed of ours where chance was to choose: a lost task is found by it."""
    if model is None or "seed" not in model.can or "seed" in request.extra:
        return request
    if request.seed not in (None, -1):
        return request
    return replace(request, seed=pick(), own_seed=True)


def check(request: VideoRequest, model: VideoModel | None) -> list[str]:
    """Warnings about a request; raises InvalidRequest for the first rule that it breaks.

    For a model that is not known only those rules count that every model has.
    """
    check_prompt(request.prompt or "")
    _check_parts(request)
    _check_values(request)
    if model:
        _check_switches(request, model)
        _check_media(request, model)
        _check_references(request, model)
        _check_picture(request, model)
        _check_length(request, model)
        _check_task(request, model)
    return [*prompt_warnings(request.prompt or ""), *_alterations(request, model)]


def _alterations(request: VideoRequest, model: VideoModel | None) -> Iterator[str]:
    """What the service would change without a word."""
    if cut := crop(request, model):
        yield cut.words
    first, last = request.first_frame, request.last_frame
    if first and last and first.size and last.size:
        shapes = [width / height for width, height in (first.size, last.size)]
        if abs(shapes[0] / shapes[1] - 1) > NEGLIGIBLE:
            yield "the last frame has another shape than the first, and is cropped to it"
    auto = request.omni_reference_task_type in (None, "auto")
    if model and model.task_types and auto and request.referring("video"):
        fixed = [
            request.ratio not in (None, ADAPTIVE),
            request.duration not in (None, OPEN_DURATION),
        ]
        if any(fixed):
            yield (
                "with a prompt that asks to edit or extend the video, the task fails unless"
                f" --ratio is {ADAPTIVE} (and, to edit, --duration {OPEN_DURATION})"
            )


def _refuse(message: str, hint: str) -> NoReturn:
    raise InvalidRequest(message, hint=hint)


def _check_parts(request: VideoRequest) -> None:
    if request.draft_task:
        return
    media = [source for _, _, source in request.media()]
    if not media and not request.has_prompt:
        _refuse("there is no prompt and no media", 'write a prompt: "a fox"')
    if request.last_frame and not request.first_frame:
        _refuse("--last-frame needs a first frame", "add --image FILE")
    if request.first_frame and request.references:
        _refuse("--image cannot stand with references", "use --ref-image for that picture")
    if request.duration is not None and request.frames is not None:
        hint = f"leave --duration {request.duration} out"
        _refuse("--duration and --frames cannot stand together", hint)
    if (size := sum(len(source.url) for source in media)) > BODY_BYTES:
        limit = f"a request may hold {BODY_BYTES // MEGABYTE} MB"
        _refuse(f"the media are {size / MEGABYTE:.0f} MB as sent: {limit}", "give links instead")
    for name, instead in (("model", "--model"), ("content", "a prompt, --image or --ref-image")):
        if name in request.extra:
            _refuse(f"--extra cannot replace {name}", f"use {instead}")


def _check_values(request: VideoRequest) -> None:
    _check_range("--seed", request.seed, SEEDS)
    _check_range("--priority", request.priority, PRIORITIES)
    _check_range("--expires-after", request.execution_expires_after, EXPIRY_SECONDS, show=span)
    if request.priority and request.service_tier == FLEX:
        _refuse("--priority cannot stand with --flex", f"leave --priority {request.priority} out")
    callback = request.callback_url
    if callback is not None and not re.fullmatch(_CALLBACK, callback):
        _refuse(
            f"--callback-url {callback} is not an http or https URL",
            "--callback-url https://example.com/hook",
        )
    if len(request.safety_identifier or "") > SAFETY_ID_LENGTH:
        _refuse(f"--safety-id is over {SAFETY_ID_LENGTH} characters long", "use a checksum of it")


def _check_switches(request: VideoRequest, model: VideoModel) -> None:
    for name, (option, neutral, takes) in SWITCHES.items():
        if getattr(request, name) not in (None, neutral) and not takes(model):
            _refuse(
                f"{model.id} does not take {option}",
                f"leave {option} out, or choose another model: byteplus models list",
            )


def _check_media(request: VideoRequest, model: VideoModel) -> None:
    if not any(request.media()) and "text" not in model.can:
        _refuse(f"{model.id} needs a picture", "add --image FILE")
    for role, option in (("first_frame", "--image"), ("last_frame", "--last-frame")):
        if getattr(request, role) and role not in model.can:
            _refuse(f"{model.id} does not take {option}", f"leave {option} out")
    for _, _, source in request.media():
        inline = re.match(_INLINE_IMAGE, source.url)
        if inline and model.image_formats and inline[1] not in model.image_formats:
            _refuse(f"{model.id} does not take {inline[1]} pictures", "convert it to jpeg")


def _check_references(request: VideoRequest, model: VideoModel) -> None:
    total, sounds = len(request.references), request.referring("audio")
    for what, count, most in (
        ("--ref-image", request.referring("image"), model.reference_images),
        ("--ref-video", request.referring("video"), model.reference_videos),
        ("--ref-audio", sounds, model.reference_audios),
        ("references", total, model.references or total),
    ):
        if count > most:
            hint = f"leave {count - most} out" if most else f"leave {what} out"
            taken = f"{most} {what}, not {count}" if most else f"no {what}"
            _refuse(f"{model.id} takes {taken}", hint)
    _check_seconds(request, model)
    if total and total == sounds and "audio_only" not in model.can:
        _refuse(f"{model.id} takes no --ref-audio by itself", "add --ref-image FILE")


def _check_seconds(request: VideoRequest, model: VideoModel) -> None:
    """How long the sounds and the videos may be, where that is known."""
    if model.reference_seconds is None:
        return
    shortest, longest = model.reference_seconds
    for kind, plural in (("audio", "sounds"), ("video", "videos")):
        known = request.lengths(kind)
        for source, seconds in known:
            if not shortest <= seconds <= longest:
                _refuse(
                    f"--ref-{kind} {source.path} is {seconds:.1f} s long: {model.id} takes"
                    f" {shortest} to {longest} s",
                    "cut it first",
                )
        together = sum(seconds for _, seconds in known)
        if together > longest:
            _refuse(
                f"the {plural} are {together:.1f} s long together: {model.id} takes {longest} s",
                "cut or leave out some",
            )


def _check_picture(request: VideoRequest, model: VideoModel) -> None:
    allowed = (DRAFT_RESOLUTION,) if request.draft else model.resolutions
    whom = f"a draft of {model.id}" if request.draft else model.id
    resolution = request.resolution or (model.resolution if request.draft else None)
    _check_choice("--resolution", resolution, allowed, model.resolution, whom)
    whom = f"{model.id} and --image" if request.first_frame else model.id
    ratios = (request.first_frame and model.frame_ratios) or model.ratios
    usual = model.ratio if model.ratio in ratios else ratios[0]
    _check_choice("--ratio", request.ratio, ratios, usual, whom)
    _check_choice("--format", request.output_format, model.formats, model.formats[0], model.id)


def _check_length(request: VideoRequest, model: VideoModel) -> None:
    if not (model.open_duration and request.duration == OPEN_DURATION):
        unit = " seconds, or -1" if model.open_duration else " seconds"
        _check_range("--duration", request.duration, model.durations, model.id, unit)
    if request.frames is None or model.frames is None:
        return
    first, last, step = model.frames
    nearest = first + round((min(max(request.frames, first), last) - first) / step) * step
    if request.frames != nearest:
        _refuse(
            f"--frames {request.frames} is not possible with {model.id}:"
            f" {first} to {last} in steps of {step}",
            f"--frames {nearest}",
        )


def _check_task(request: VideoRequest, model: VideoModel) -> None:
    """What a task type needs beside it (REV265, 2026-10-08)."""
    task = request.omni_reference_task_type
    if task is None or task == "auto":
        return
    _check_choice("--task-type", task, model.task_types, "auto", model.id)
    whom = f"--task-type {task}"
    if not request.references:
        _refuse(f"{whom} needs a reference", "add --ref-image FILE")
    if task == "reference":
        return
    if not request.referring("video"):
        _refuse(f"{whom} needs a video", "add --ref-video URL")
    if not request.has_prompt:
        _refuse(f"{whom} needs a prompt", f"say what to {task}")
    _check_choice("--ratio", request.ratio, (ADAPTIVE,), ADAPTIVE, whom)
    if task == "edit":
        _check_edit(request, whom)


def _check_edit(request: VideoRequest, whom: str) -> None:
    if request.duration not in (None, OPEN_DURATION):
        _refuse(
            f"--duration {request.duration} is not possible with {whom}", "leave --duration out"
        )
    for source, seconds in request.lengths("video"):
        if seconds < SHORTEST_EDIT:
            _refuse(
                f"--ref-video {source.path} is {seconds:.1f} s long: {whom} takes"
                f" {SHORTEST_EDIT} s or more",
                "take a longer one",
            )


def _check_range(
    option: str,
    value: int | None,
    limits: tuple[int, int],
    model: str | None = None,
    unit: str = "",
    *,
    show: Callable[[int], object] = int,
) -> None:
    low, high = limits
    if value is None or low <= value <= high:
        return
    whom = f" for {model}" if model else ""
    _refuse(
        f"{option} {show(value)} is out of range{whom}: {show(low)} to {show(high)}{unit}",
        f"{option} {show(min(max(value, low), high))}",
    )


def _check_choice(
    option: str, value: str | None, allowed: Sequence[str], usual: str, whom: str
) -> None:
    if value is None or value in allowed:
        return
    sized = [word for word in allowed if _measure(word) and _measure(value)]
    nearest = min(sized, key=lambda word: abs(_measure(word) - _measure(value)), default=usual)
    _refuse(
        f"{option} {value} is not possible with {whom}: {', '.join(allowed)}",
        f"{option} {nearest}",
    )


def _measure(word: str) -> float:
    """A shape as width over height, a resolution as its lines; 0 for any other word."""
    if not (found := re.fullmatch(_MEASURE, word)):
        return 0.0
    number = int(found[1])
    # 4k has 2160 lines.
    return number / int(found[2]) if found[2] else number * (540 if found[3] == "k" else 1)
