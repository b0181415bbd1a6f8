"""`byteplus models`: what each model can do, what it costs, and which ones are gone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Annotated

import typer

from byteplus_cli.commands import avatar_card, image_card, video_card
from byteplus_cli.commands.leaf import Leaf, words
from byteplus_cli.commands.model_card import AnyModel, leaving_row
from byteplus_cli.commands.model_documents import document
from byteplus_cli.errors import InvalidRequest
from byteplus_cli.generation.avatar.model import DATE, MODELS, AvatarModel
from byteplus_cli.generation.catalogue import Catalogue
from byteplus_cli.generation.image.model import ImageModel
from byteplus_cli.generation.model import State
from byteplus_cli.generation.video_model import VideoModel
from byteplus_cli.session import Session
from byteplus_cli.terminal.layout import table

app = words(
    """What each model can do, its limits, price and state.

    \b
    Examples:
      byteplus models list
      byteplus models show seedance-2.0
    """
)


class Kind(StrEnum):
    VIDEO = "video"
    IMAGE = "image"
    AVATAR = "avatar"


Name = Annotated[str, typer.Argument(metavar="MODEL", help="A short name or a full id.")]
OfKind = Annotated[Kind | None, typer.Option("--kind", help="Only models that make these.")]
Models = Sequence[AnyModel]
Section = tuple[Sequence[str], Sequence[Sequence[str]]]


@app.command("list", cls=Leaf)
def list_(ctx: typer.Context, kind: OfKind = None) -> None:
    """Every model, current ones first, with prices to compare.

    \b
    Examples:
      byteplus models list
      byteplus models list --kind image

    CAN says what a model takes and does. For video: a first and a last frame, references, sound,
    drafts, and flex, the slow and cheap way. For images: sets of related pictures, a stream that
    brings each as it is made, transparent backgrounds, layers, fast prompt optimization, and a
    look at the web. For avatars: masks that say who speaks, and a prompt.
    """
    session: Session = ctx.obj
    catalogue = session.catalogue
    models = _of(catalogue, kind)
    avatars = list(MODELS.values()) if kind in (None, Kind.AVATAR) else []
    items = [document(catalogue, model) for model in models]
    items += [avatar_card.document(model) for model in avatars]
    items.sort(key=lambda item: list(State).index(item["state"]))
    session.terminal.result(
        _list_lines(catalogue, models, avatars, session.terminal.width),
        {"schema": "byteplus.models/1", "items": items},
    )
    dates = [model.prices.date for model in models if model.prices]
    clips = f", clips in {video_card.RATIO}" if kind in (None, Kind.VIDEO) else ""
    oldest = min([*dates, DATE] if avatars else dates)
    session.terminal.note(f"list prices of {oldest}{clips}; byteplus models show MODEL says more")


@app.command(cls=Leaf)
def show(ctx: typer.Context, name: Name) -> None:
    """All that is known of one model.

    \b
    Examples:
      byteplus models show seedance-2.0
      byteplus models show seedream-4.0
      byteplus models show omnihuman-1.5
    """
    session: Session = ctx.obj
    if avatar := avatar_card.found(name):
        facts = {"schema": "byteplus.model/1", **avatar_card.document(avatar)}
        session.terminal.result(avatar_card.card_lines(avatar), facts)
        return
    found = session.catalogue.model(name)
    if found.model is None:
        raise InvalidRequest(f"nothing is known here of {found.id}", hint="byteplus models list")
    session.terminal.result(
        _show_lines(session.catalogue, found.model),
        {"schema": "byteplus.model/1", **document(session.catalogue, found.model)},
    )


def _of(catalogue: Catalogue, kind: Kind | None) -> Models:
    """Models of one kind or of all, current ones first."""
    videos = catalogue.videos.values() if kind in (None, Kind.VIDEO) else ()
    images = catalogue.images.values() if kind in (None, Kind.IMAGE) else ()
    return sorted((*videos, *images), key=lambda model: list(State).index(model.state))


def _list_lines(
    catalogue: Catalogue, models: Models, avatars: Sequence[AvatarModel], width: int | None
) -> list[str]:
    lines: list[str] = []
    for headers, rows in _sections(catalogue, models, avatars):
        if rows:
            lines += ["", *table(headers, rows, width)]
    return lines[1:]


def _sections(
    catalogue: Catalogue, models: Models, avatars: Sequence[AvatarModel]
) -> Iterator[Section]:
    usable = [model for model in models if model.state is not State.RETIRED]
    leaving = [model for model in models if model.state is not State.CURRENT]
    videos = [model for model in usable if isinstance(model, VideoModel)]
    images = [model for model in usable if isinstance(model, ImageModel)]
    yield video_card.HEADERS, [video_card.list_row(catalogue, model) for model in videos]
    yield image_card.HEADERS, [image_card.list_row(catalogue, model) for model in images]
    yield avatar_card.HEADERS, [avatar_card.list_row(model) for model in avatars]
    yield (
        ("LEAVING", "USE INSTEAD", "STATE"),
        [leaving_row(catalogue, model) for model in leaving],
    )


def _show_lines(catalogue: Catalogue, model: AnyModel) -> list[str]:
    if isinstance(model, ImageModel):
        return image_card.card_lines(catalogue, model)
    return video_card.card_lines(catalogue, model)
