"""The rules of `content`: which items may stand together, and in what form each is accepted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from byteplus_cli.sandbox import footage, media
from byteplus_cli.sandbox.inputs import Linked
from byteplus_cli.sandbox.media import Shape
from byteplus_cli.sandbox.models import Model
from byteplus_cli.sandbox.refusal import invalid, missing

FRAME_ROLES = ("first_frame", "last_frame")
# `role` stands beside the payload, never within it (REV265 2026-10-08).
ROLES = {
    "image_url": (*FRAME_ROLES, "reference_image"),
    "video_url": ("reference_video",),
    "audio_url": ("reference_audio",),
}
PAYLOADS = {"text": "text", "draft_task": "draft_task", **{kind: kind for kind in ROLES}}


@dataclass(frozen=True)
class Item:
    """One entry of `content`; `value` is the text, the URL or the draft's id."""

    where: str
    kind: str
    role: str
    value: str


@dataclass(frozen=True)
class Content:
    """The entries once they are known to be right.

    `shape` is that of the leading picture, `lengths` are the seconds of the videos known here.
    """

    items: tuple[Item, ...]
    shape: Shape | None = None
    lengths: tuple[float, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(item.value for item in self.items if item.kind == "text")

    @property
    def draft(self) -> str | None:
        return next((item.value for item in self.items if item.kind == "draft_task"), None)

    @property
    def media(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.kind in ROLES)

    @property
    def framed(self) -> bool:
        return any(item.role in FRAME_ROLES for item in self.items)

    @property
    def referenced(self) -> bool:
        return bool(self.media) and not self.framed

    def count(self, kind: str) -> int:
        return sum(item.kind == kind for item in self.items)


def read(raw: object, model: Model, linked: Linked) -> Content:
    """The content of a request; raises Refusal for what the service would turn down."""
    if raw is None or raw == []:
        raise missing("content")
    if not isinstance(raw, list):
        raise invalid("content", "has to be an array")
    items = tuple(_item(f"content[{index}]", entry) for index, entry in enumerate(raw))
    content = Content(_with_lone_frame_named(items))
    _check_company(content)
    if content.draft is None:
        _check_frames(content, model)
        _check_references(content, model)
    shapes = [
        media.check(f"{item.where}.{item.kind}.url", item.kind, item.value, model, linked)
        for item in content.media
    ]
    lengths = tuple(_lengths(content, linked))
    _check_lengths(lengths, model)
    return replace(content, shape=next(filter(None, shapes), None), lengths=lengths)


def _item(where: str, entry: object) -> Item:
    if not isinstance(entry, dict):
        raise invalid(where, "has to be an object")
    given = {key: value for key, value in entry.items() if value is not None}
    kind = given.pop("type", None)
    if not isinstance(kind, str) or kind not in PAYLOADS:
        raise invalid(f"{where}.type", f"has to be one of {', '.join(PAYLOADS)}")
    role = given.pop("role", "") if kind in ROLES else ""
    payload = given.pop(PAYLOADS[kind], None)
    if given:
        name = next(iter(given))
        raise invalid(f"{where}.{name}", f"is not a field of an item of type {kind}")
    return Item(where, kind, _role(where, kind, role), _value(where, kind, payload))


def _role(where: str, kind: str, role: object) -> str:
    if kind not in ROLES:
        return ""
    if role == "" and kind == "image_url":
        return ""
    if role not in ROLES[kind]:
        raise invalid(f"{where}.role", f"has to be {' or '.join(ROLES[kind])}")
    return str(role)


def _value(where: str, kind: str, payload: object) -> str:
    if kind == "text":
        return _words(f"{where}.text", payload)
    if not isinstance(payload, dict):
        raise invalid(f"{where}.{kind}", "has to be an object")
    name = "id" if kind == "draft_task" else "url"
    foreign = [key for key, value in payload.items() if key != name and value is not None]
    if foreign:
        raise invalid(f"{where}.{kind}.{foreign[0]}", f"is not a field of {kind}")
    return _words(f"{where}.{kind}.{name}", payload.get(name))


def _words(where: str, value: object) -> str:
    if not isinstance(value, str):
        raise invalid(where, "has to be a string")
    return value


def _with_lone_frame_named(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Gives the role that may be left out where there is one picture only."""
    unnamed = [item for item in items if item.kind == "image_url" and not item.role]
    if not unnamed:
        return items
    if sum(item.kind in ROLES for item in items) > 1:
        raise invalid(f"{unnamed[0].where}.role", "is needed when there is other media")
    (lone,) = unnamed
    named = replace(lone, role="first_frame")
    return tuple(named if item is lone else item for item in items)


def _check_company(content: Content) -> None:
    if content.draft is not None:
        if len(content.items) > 1:
            raise invalid("content", "a draft_task has to stand alone")
        return
    if not content.media and not content.text.strip():
        raise missing("content.text")
    if content.framed and any(item.role.startswith("reference_") for item in content.media):
        raise invalid("content", "frames and references cannot stand together")


def _check_frames(content: Content, model: Model) -> None:
    roles = [item.role for item in content.media]
    for role in FRAME_ROLES:
        if roles.count(role) > 1:
            raise invalid("content", f"there can be one {role} only")
    if "last_frame" not in roles:
        return
    if not model.last_frame_role:
        raise invalid("content", "last_frame is not supported by this model")
    if "first_frame" not in roles:
        raise invalid("content", "last_frame needs a first_frame")


def _check_references(content: Content, model: Model) -> None:
    if not content.referenced:
        return
    most = model.references
    if most is None:
        raise invalid("content", "references are not supported by this model")
    limits = {"image_url": most.images, "video_url": most.videos, "audio_url": most.audios}
    for kind, limit in limits.items():
        if content.count(kind) > limit:
            raise invalid("content", f"there can be {limit} items of type {kind} at most")
    if len(content.media) > most.total:
        raise invalid("content", f"there can be {most.total} references at most")
    if content.count("audio_url") == len(content.media) and not model.audio_alone:
        raise invalid("content", "audio needs an image or a video beside it")


def _lengths(content: Content, linked: Linked) -> Iterator[float]:
    for item in content.media:
        if item.kind == "video_url" and (path := linked(item.value)):
            yield footage.seconds(f"{item.where}.{item.kind}.url", path)


def _check_lengths(lengths: tuple[float, ...], model: Model) -> None:
    if not lengths or model.references is None:
        return
    shortest, longest = model.references.seconds
    if min(lengths) < shortest or sum(lengths) > longest:
        raise invalid("content", f"videos have to be {shortest} s each to {longest} s together")
