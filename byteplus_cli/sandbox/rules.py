"""What the service accepts: each broken rule is a refusal in its own words."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from byteplus_cli.sandbox.models import ADAPTIVE, BEHIND_ENDPOINTS, MODELS, RATIOS, RETIRED, Model

TYPES: dict[str, type] = {
    "model": str,
    "content": list,
    "resolution": str,
    "ratio": str,
    "duration": int,
    "frames": int,
    "seed": int,
    "camera_fixed": bool,
    "generate_audio": bool,
    "watermark": bool,
    "return_last_frame": bool,
    "service_tier": str,
    "execution_expires_after": int,
    "priority": int,
    "draft": bool,
    "omni_reference_task_type": str,
    "output_format": str,
    "callback_url": str,
    "safety_identifier": str,
    "tools": list,
}
# Fields that a model may not know at all.
OPTIONAL = {"camera_fixed", "frames", "seed", "generate_audio", "priority", "draft"} | {
    "return_last_frame",
    "output_format",
    "omni_reference_task_type",
}
RANGES = {
    "seed": (-1, 2**32 - 1),
    "priority": (0, 9),
    "execution_expires_after": (3600, 259200),
}
WORDS = {
    "service_tier": ("default", "flex"),
    "output_format": ("mp4", "mov"),
    "omni_reference_task_type": ("auto", "reference", "edit", "extend"),
}
# A final inherits these from its draft, and refuses them even when they are equal.
INHERITED = {"duration", "ratio", "seed", "generate_audio", "omni_reference_task_type"}
ROLES = {
    "image_url": ("first_frame", "last_frame", "reference_image"),
    "video_url": ("reference_video",),
    "audio_url": ("reference_audio",),
}
INLINE = {
    "image_url": re.compile(r"data:image/([a-z0-9.+-]+);base64,(.*)", re.DOTALL),
    "audio_url": re.compile(r"data:audio/(wav|mp3);base64,(.*)", re.DOTALL),
}
PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF", b"BM", b"II*\0", b"MM\0*", b"GIF8")
MOST_IMAGE_BYTES = 30_000_000


class Refusal(Exception):
    """An HTTP error with the body that ModelArk gives it."""

    def __init__(self, status: int, code: str, message: str, param: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.param = param


@dataclass(frozen=True)
class Inputs:
    """What the content of a request holds, by role."""

    prompt: str
    roles: tuple[tuple[str, str], ...]  # role and URL
    draft: str | None = None

    def count(self, role: str) -> int:
        return sum(name == role for name, _ in self.roles)

    @property
    def framed(self) -> bool:
        return self.count("first_frame") > 0

    @property
    def references(self) -> int:
        return sum(name.startswith("reference_") for name, _ in self.roles)


def check(body: object) -> tuple[Mapping[str, Any], Model, Inputs]:
    """The request without its nulls, its model, and its inputs; raises Refusal."""
    if not isinstance(body, dict):
        raise _wrong("body", "the body must be a JSON object")
    given = {name: value for name, value in body.items() if value is not None}
    for name in ("model", "content"):
        if name not in given:
            raise Refusal(400, "MissingParameter", f"the field {name} is required", name)
    for name, value in given.items():
        _check_type(name, value)
    model = find_model(given["model"])
    inputs = _inputs(given["content"])
    _check_known(given, model)
    _check_ranges(given, model)
    _check_mode(given, model, inputs)
    return given, model, inputs


def find_model(name: str) -> Model:
    """The model of that id; raises Refusal as the service does for all others."""
    if name in RETIRED:
        raise Refusal(404, "ModelNotOpen", f"the model {name} is not open to this account")
    model = MODELS.get(BEHIND_ENDPOINTS if name.startswith("ep-") else name)
    if model is None:
        raise Refusal(
            404, "InvalidEndpointOrModel.NotFound", f"there is no model or endpoint {name}"
        )
    return model


def _check_type(name: str, value: object) -> None:
    if name not in TYPES:
        raise _wrong(name, f"unknown field {name}")
    if not isinstance(value, TYPES[name]) or (TYPES[name] is int and isinstance(value, bool)):
        raise _wrong(name, f"{name} must be of type {TYPES[name].__name__}")


def _check_known(given: Mapping[str, Any], model: Model) -> None:
    for name in OPTIONAL & given.keys():
        if name not in model.fields:
            raise _wrong(name, f"{name} must be empty for this model")
    if given.get("service_tier") == "flex" and "flex" not in model.fields:
        raise Refusal(
            400, "InvalidParameter.UnsupportedParameter", "no flex for this model", "service_tier"
        )


def _check_ranges(given: Mapping[str, Any], model: Model) -> None:
    for name, (low, high) in RANGES.items():
        if name in given and not low <= given[name] <= high:
            raise _wrong(name, f"{name} must be in [{low}, {high}]")
    for name, words in WORDS.items():
        if name in given and given[name] not in words:
            raise _wrong(name, f"{name} must be one of {', '.join(words)}")
    if given.get("resolution", model.resolution).lower() not in model.resolutions:
        raise _wrong("resolution", "this model does not support the resolution")
    seconds = given.get("duration")
    shortest, longest = model.seconds
    chosen = seconds == -1 and model.chooses_seconds
    if seconds is not None and not chosen and not shortest <= seconds <= longest:
        raise _wrong("duration", f"duration must be in [{shortest}, {longest}]")
    frames = given.get("frames")
    if frames is not None and not (29 <= frames <= 289 and (frames - 25) % 4 == 0):
        raise _wrong("frames", "frames must be 25 + 4n in [29, 289]")
    if given.get("priority") and given.get("service_tier") == "flex":
        raise _wrong("priority", "priority does not apply to flex")
    if len(given.get("safety_identifier", "")) > 64:
        raise _wrong("safety_identifier", "at most 64 characters")


def _check_mode(given: Mapping[str, Any], model: Model, inputs: Inputs) -> None:
    if inputs.draft:
        return _check_final(given, model)
    if not inputs.prompt and not inputs.roles:
        raise Refusal(400, "MissingParameter", "there is neither text nor media", "content")
    if inputs.references and inputs.framed:
        raise _wrong("content", "frames and references cannot stand together")
    if inputs.count("first_frame") > 1 or inputs.count("last_frame") > 1:
        raise _wrong("content", "one first and one last frame at most")
    if inputs.count("last_frame") and not (inputs.framed and model.last_frame):
        raise _wrong("content", "last_frame needs first_frame, and a model that takes it")
    _check_references(model, inputs)
    _check_ratio(given, model, inputs)
    if given.get("draft") and given.get("resolution", model.resolution).lower() != "480p":
        raise _wrong("resolution", "a draft is made in 480p")
    return None


def _check_final(given: Mapping[str, Any], model: Model) -> None:
    if "draft" not in model.fields:
        raise _wrong("content", "this model has no drafts")
    if given.get("draft"):
        raise _wrong("draft", "draft must be empty for a final")
    for name in INHERITED & given.keys():
        raise _wrong(name, f"{name} comes from the draft and must be empty")
    if given.get("resolution", "1080p").lower() != "1080p":
        raise _wrong("resolution", "a final is made in 1080p")


def _check_references(model: Model, inputs: Inputs) -> None:
    roles = ("reference_image", "reference_video", "reference_audio")
    *most, together = model.references
    for role, count in zip(roles, most, strict=True):
        if inputs.count(role) > count:
            raise _wrong("content", f"at most {count} {role}")
    if inputs.references > together:
        raise _wrong("content", f"at most {together} references")
    only_audio = inputs.references == inputs.count("reference_audio") > 0
    if only_audio and not model.audio_alone:
        raise _wrong("content", "reference_audio needs a picture or a video")


def _check_ratio(given: Mapping[str, Any], model: Model, inputs: Inputs) -> None:
    ratio = given.get("ratio")
    if ratio is None:
        return
    if ratio not in (*RATIOS, ADAPTIVE):
        raise _wrong("ratio", "unknown ratio")
    if ratio == ADAPTIVE and not inputs.roles and not model.adaptive_text:
        raise _wrong("ratio", "adaptive needs a picture")
    if ratio != ADAPTIVE and inputs.framed and model.shape_follows_frame:
        raise Refusal(400, "InvalidParameter.TaskTypeConstraint", "ratio must be adaptive", "ratio")


def _inputs(content: list[Any]) -> Inputs:
    texts, roles, draft = [], [], None
    for item in content:
        if not isinstance(item, dict):
            raise _wrong("content", "each item must be an object")
        kind = item.get("type")
        if kind == "text":
            texts.append(_string(item, "text"))
        elif kind == "draft_task":
            draft = _string(item.get(kind), "id")
        elif kind in ROLES:
            roles.append((_role(item, kind), _url(item, kind)))
        else:
            raise _wrong("content.type", f"unknown type {kind}")
    if draft and len(content) > 1:
        raise _wrong("content", "draft_task stands alone")
    if sum(role == "" for role, _ in roles) > 1:
        raise _wrong("content.role", "several pictures need roles")
    return Inputs(
        " ".join(texts), tuple((role or "first_frame", url) for role, url in roles), draft
    )


def _role(item: Mapping[str, Any], kind: str) -> str:
    role = item.get("role") or ""
    if role not in ROLES[kind] and not (kind == "image_url" and role == ""):
        raise _wrong("content.role", f"{role or 'no role'} is not a role of {kind}")
    return str(role)


def _url(item: Mapping[str, Any], kind: str) -> str:
    url = _string(item.get(kind), "url")
    if not url:
        raise Refusal(400, "InvalidImageURL.EmptyURL", "the URL is empty", kind)
    if url.startswith("data:"):
        _check_inline(url, kind)
    elif not re.match(r"https?://|asset://", url):
        raise _wrong(kind, "not a URL that can be fetched")
    return url


def _check_inline(url: str, kind: str) -> None:
    found = INLINE[kind].fullmatch(url) if kind in INLINE else None
    if found is None:
        raise Refusal(400, "InvalidImageURL.InvalidFormat", "not a data URL of that kind", kind)
    content = decoded(found[2])
    if kind == "image_url" and not (content.startswith(PICTURES) or content[4:8] == b"ftyp"):
        raise Refusal(400, "InvalidImageURL.InvalidFormat", "not a picture", kind)
    if len(content) >= MOST_IMAGE_BYTES:
        raise _wrong(kind, "a picture has less than 30 MB")


def decoded(text: str) -> bytes:
    """The bytes of base64; raises Refusal."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Refusal(400, "InvalidImageURL.InvalidFormat", "broken base64") from None


def _string(table: object, name: str) -> str:
    value = table.get(name) if isinstance(table, dict) else None
    if not isinstance(value, str):
        raise _wrong(f"content.{name}", f"{name} must be a string")
    return value


def _wrong(param: str, message: str) -> Refusal:
    return Refusal(400, "InvalidParameter", message, param)
