"""From a manifest's row to a checked request, by the options of the command that it stands for."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin

from byteplus_cli.commands import avatar, image, preview, video
from byteplus_cli.commands.picturing import PicturePlan, names_to_be, plan_pictures
from byteplus_cli.commands.planning import Plan, plan_clip
from byteplus_cli.commands.portraits import plan_avatar
from byteplus_cli.errors import InvalidRequest
from byteplus_cli.generation.avatar.request import AvatarRequest
from byteplus_cli.generation.batch.key import key_of
from byteplus_cli.generation.batch.row import Option, Options, Row
from byteplus_cli.generation.cost import Estimate, usd
from byteplus_cli.generation.image.request import ImageRequest
from byteplus_cli.generation.media import Source
from byteplus_cli.generation.naming import Template
from byteplus_cli.session import Session

COMMANDS: dict[str, Callable[..., None]] = {
    "video": video.create,
    "image": image.gen,
    "avatar": avatar.omnihuman,
}
# What is for the whole run, or makes no sense among others.
_NOT_OF_A_ROW = {"ctx", "max_cost", "dry_run", "as_", "wait", "timeout"}
_NOT_OF_A_CLIP = {"count"}
MEDIA = ("image", "last_frame", "ref_image", "ref_video", "ref_audio", "audio")

Request = Plan | PicturePlan | AvatarRequest


@cache
def options_of(kind: str) -> Options:
    """The options that a row of that kind may name, as its command declares them."""
    left_out = _NOT_OF_A_ROW | (_NOT_OF_A_CLIP if kind == "video" else set())
    parameters = inspect.signature(COMMANDS[kind]).parameters
    return {
        name: _option(parameter.annotation)
        for name, parameter in parameters.items()
        if name not in left_out
    }


@dataclass(frozen=True)
class Planned:
    """A row that may be sent: what it asks, and where it would be saved."""

    request: Request
    estimate: Estimate
    warnings: tuple[str, ...]
    files: tuple[Path, ...]

    @property
    def model(self) -> str:
        request = self.request
        if isinstance(request, AvatarRequest):
            return request.model.id
        return request.request.model

    @property
    def usd(self) -> str | None:
        """The most that it should cost."""
        return None if self.estimate.usd_high is None else usd(self.estimate.usd_high)

    @property
    def sources(self) -> Sequence[Source]:
        """Its inputs."""
        request = self.request
        if isinstance(request, AvatarRequest):
            return (request.image, request.audio)
        asked = request.request
        if isinstance(asked, ImageRequest):
            return asked.images
        return [source for _, _, source in asked.media()]

    @property
    def identity(self) -> dict[str, Any]:
        """What it asks, wherever its media lie."""
        request = self.request
        asked = request if isinstance(request, AvatarRequest) else request.request
        return asked.identity()


@dataclass(frozen=True)
class Planner:
    """Plans rows in one session. `folder` is the manifest's, where its media are looked for
    first; `defaults` are for rows of the kind `default_kind`."""

    session: Session
    folder: Path
    template: Template
    default_kind: str
    defaults: Mapping[str, Any]

    def settled(self, row: Row) -> Row:
        """A row whose options hold everything that is needed to plan it later."""
        options = dict(row.options)
        if row.kind == self.default_kind:
            options = {**self.defaults, **options}
        for name in MEDIA:
            value = options.get(name)
            if isinstance(value, str):
                options[name] = self._beside(value)
            elif isinstance(value, list):
                options[name] = [self._beside(each) for each in value]
        prompt = options.get("prompt")
        if prompt == "-":
            raise InvalidRequest("prompt: - would read standard input", hint="@FILE reads a file")
        if isinstance(prompt, str) and prompt.startswith("@") and not prompt.startswith("@@"):
            options["prompt"] = "@" + self._beside(prompt[1:])
        return replace(row, options=options)

    def plan(self, row: Row, *, dry: bool = True) -> Planned:
        """The request of a settled row; `dry` asks the service nothing. Raises InvalidRequest."""
        options = {**_absent(row.kind), **row.options, "dry_run": dry, "max_cost": None}
        template = self.template_of(row)
        session = self.session
        if row.kind == "image":
            pictures = plan_pictures(session, options, template)
            most = 1 if template.tells_apart else pictures.request.most
            files = names_to_be(session, pictures.request, template, most)
            return Planned(pictures, pictures.estimate, pictures.warnings, files)
        if row.kind == "avatar":
            _require(options, "image", "audio")
            request = plan_avatar(session, options)
            fields = preview.fields_to_be(
                session, request.model.id, request.prompt, request.record(), row.number
            )
            return Planned(request, request.estimate, (), (template.name(fields),))
        clip = plan_clip(session, options)
        asked = clip.request
        fields = preview.fields_to_be(
            session, asked.model, asked.prompt, asked.record(), row.number
        )
        return Planned(clip, clip.estimate, clip.warnings, (template.name(fields),))

    def key(self, row: Row, planned: Planned, repeat: int = 0) -> str:
        """What stands for a row by its content."""
        indexes = {"masks": row.options.get("mask_index")} if row.kind == "avatar" else {}
        return key_of(row.kind, {**planned.identity, **indexes}, repeat)

    def template_of(self, row: Row) -> Template:
        """Where a row is saved, with its own columns filled in."""
        own = row.options.get("output")
        template = self.template
        if own is not None:
            template = Template.parse(own, home=self.session.cwd, columns=row.columns)
        return template.for_row(row.columns)

    def _beside(self, text: str) -> str:
        """A file beside the manifest, where there is one; else what stands there."""
        if text.startswith("@last") or text.startswith("@-"):
            raise InvalidRequest(
                f"{text} is another task each time within a batch", hint="name its id"
            )
        try:
            path = self.folder / text
            return str(path) if path.is_file() else text
        except (OSError, ValueError):
            return text


def _require(options: Mapping[str, Any], *names: str) -> None:
    for name in names:
        if options.get(name) is None:
            raise InvalidRequest(f"an avatar needs {name}", hint=f"a path or a link as {name}")


@cache
def _absent(kind: str) -> dict[str, Any]:
    """Every option as it stands when it is not given."""
    parameters = inspect.signature(COMMANDS[kind]).parameters
    return {
        name: None if parameter.default is inspect.Parameter.empty else parameter.default
        for name, parameter in parameters.items()
    }


def _option(annotation: Any) -> Option:
    base = get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
    parts = [part for part in _union(base) if part is not type(None)]
    only = parts[0]
    if get_origin(only) is list:
        return Option(get_args(only)[0], many=True)
    return Option(only)


def _union(base: Any) -> Iterator[Any]:
    import types

    if get_origin(base) in (Union, types.UnionType):
        yield from get_args(base)
    else:
        yield base
