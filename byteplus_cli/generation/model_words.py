"""What completion tells of the models: a table that is kept ready made in model_words.tsv."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from byteplus_cli.generation.avatar.model import MODELS, AvatarModel
from byteplus_cli.generation.avatar.rules import RESOLUTIONS
from byteplus_cli.generation.catalogue import Catalogue
from byteplus_cli.generation.image.model import ImageModel
from byteplus_cli.generation.model import State
from byteplus_cli.generation.video_model import VideoModel


def table(own: Path | None = None) -> str:
    """A line for each model, newest state first: its kind, state, id, the names to offer, every
    name that stands for it, resolutions or size classes, ratios, and what to say of it."""
    catalogue = Catalogue.load(own)
    models = sorted(catalogue.models.values(), key=lambda model: list(State).index(model.state))
    rows = [*(_row(catalogue, model) for model in models), *map(_avatar_row, MODELS.values())]
    return "".join("\t".join(row) + "\n" for row in rows)


def _row(catalogue: Catalogue, model: VideoModel | ImageModel) -> Iterator[str]:
    kind, shapes = _shapes(model)
    yield from (kind, str(model.state), model.id)
    yield " ".join(catalogue.names_of(model))
    yield " ".join(catalogue.every_name_of(model))
    yield " ".join(shapes)
    yield " ".join(model.ratios)
    yield _said(model, shapes)


def _avatar_row(model: AvatarModel) -> Iterator[str]:
    lines = " ".join(map(str, RESOLUTIONS))
    yield from ("avatar", str(State.CURRENT), model.id, model.id, f"{model.id} {model.name}")
    yield from (lines, "", "")


def _shapes(model: VideoModel | ImageModel) -> tuple[str, tuple[str, ...]]:
    if isinstance(model, VideoModel):
        return "video", model.resolutions
    return "image", model.classes


def _said(model: VideoModel | ImageModel, shapes: tuple[str, ...]) -> str:
    if model.state is not State.CURRENT:
        return f"{model.state}: use {model.replacement}" if model.replacement else model.state
    span = " to ".join(dict.fromkeys((shapes[0], shapes[-1]))) if shapes else ""
    if isinstance(model, VideoModel):
        return f"{span}, {model.durations[0]}-{model.durations[1]} s"
    return span
