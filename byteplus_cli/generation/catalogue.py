"""Every model that is known, and which of them a name stands for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from byteplus_cli.errors import InvalidConfig, InvalidRequest
from byteplus_cli.generation.model import Model, State
from byteplus_cli.generation.model_file import (
    Document,
    images_in,
    merged,
    read_built_in,
    read_document,
    videos_in,
)

if TYPE_CHECKING:
    from byteplus_cli.generation.image.model import ImageModel
    from byteplus_cli.generation.video_model import VideoModel

# A build may carry its whole year: seedream-4-0-20260415 is callable (LIVE-A, 2026-09).
_DATED = re.compile(r"([a-z0-9][a-z0-9.-]*)-(?:20)?(\d{6})", re.IGNORECASE)
_ENDPOINT = r"(?i)ep-[a-z0-9-]+"

M = TypeVar("M", bound=Model)
M_co = TypeVar("M_co", bound=Model, covariant=True)


class Found(NamedTuple, Generic[M_co]):
    """What a model name stands for: the id to send, what is known of it, and what to tell."""

    id: str
    model: M_co | None = None
    notice: str | None = None


@dataclass(frozen=True)
class Catalogue:
    """Every model known to this release and to the user's own file, by id."""

    videos: Mapping[str, VideoModel]
    document: Document = field(repr=False)

    @classmethod
    def load(cls, user_file: Path | None = None) -> Catalogue:
        """Read models.toml, and over it the user's own if there is one; raises InvalidConfig."""
        document = read_built_in()
        if user_file is None or not user_file.exists():
            return cls(videos_in(document), document)
        try:
            document = merged(document, read_document(user_file))
            images_in(document)  # what is wrong there is told now, before anything is sent
            return cls(videos_in(document), document)
        except (OSError, ValueError) as error:
            raise InvalidConfig(
                f"{user_file}: {error}", hint="mend the file, or move it away"
            ) from error

    @cached_property
    def images(self) -> Mapping[str, ImageModel]:
        """Read when they are asked for: a command about clips starts sooner without them."""
        return images_in(self.document)

    @property
    def models(self) -> Mapping[str, VideoModel | ImageModel]:
        return {**self.videos, **self.images}

    def known_video(self, id: str) -> VideoModel | None:
        """The model with exactly this id, if it is in the catalogue."""
        return _known(id, self.videos)

    def known_image(self, id: str) -> ImageModel | None:
        """The model with exactly this id, if it is in the catalogue."""
        return _known(id, self.images)

    def newest_with(self, ability: str) -> VideoModel:
        """The newest current video model that has an ability."""
        able = [m for m in self.videos.values() if ability in m.can and m.state is State.CURRENT]
        return max(able, key=lambda model: _split(model.id)[1])

    def video(self, name: str) -> Found[VideoModel]:
        """What `name` stands for; raises InvalidRequest with the nearest known names."""
        if name.lower() not in self._video_names and name.lower() in self._image_names:
            raise InvalidRequest(
                f"{name} makes pictures, not clips", hint=f"byteplus image gen --model {name}"
            )
        return _found(name, self.videos, self._video_names, "video model")

    def image(self, name: str) -> Found[ImageModel]:
        """What `name` stands for; raises InvalidRequest with the nearest known names."""
        if name.lower() not in self._image_names and name.lower() in self._video_names:
            raise InvalidRequest(
                f"{name} makes clips, not pictures", hint=f"byteplus video create --model {name}"
            )
        return _found(name, self.images, self._image_names, "image model")

    def model(self, name: str) -> Found[VideoModel | ImageModel]:
        """The same for a name of either kind."""
        return _found(name, self.models, self._every_name, "model")

    def every_date(self, name: str) -> str:
        """A pattern, as SQLite's GLOB reads it, for the ids that a name may stand for over time.

        Raises InvalidRequest with the nearest known names.
        """
        id = self.model(name).id
        family, date = _split(id)
        return f"{family}-[0-9]*" if date and name.lower() != id.lower() else id

    def names_of(self, model: Model) -> list[str]:
        """The short names of a model; a newer one may have taken some over."""
        return [name for name in model.names if self._every_name[name.lower()] == model.id]

    def every_name_of(self, model: Model) -> list[str]:
        """Whatever may be typed for a model, in lower case."""
        return [name for name, id in self._every_name.items() if id == model.id]

    def short_name(self, id: str) -> str:
        """What a model is called here: its first short name, or its id for want of one."""
        model = self.models.get(id)
        return next(iter(self.names_of(model)), id) if model else id

    @cached_property
    def _video_names(self) -> Mapping[str, str]:
        return _names(self.videos)

    @cached_property
    def _image_names(self) -> Mapping[str, str]:
        return _names(self.images)

    @cached_property
    def _every_name(self) -> Mapping[str, str]:
        return _names(self.models)


def _found(name: str, models: Mapping[str, M], names: Mapping[str, str], kind: str) -> Found[M]:
    if name.lower() in names:
        model = models[names[name.lower()]]
        return Found(model.id, model, _farewell(model))
    if re.fullmatch(_ENDPOINT, name):
        return Found(name, notice=f"the model behind {name} is not known here, nor what it costs")
    if _DATED.fullmatch(name):
        return Found(name, notice=f"{name} is not known here, nor what it costs: sent as it is")
    raise InvalidRequest(f"unknown {kind}: {name or '(empty)'}", hint=_nearest(name, names))


def _names(models: Mapping[str, Model]) -> dict[str, str]:
    """Every name that stands for a model, in lower case, with the newest id of that name."""
    names: dict[str, str] = {}
    for model in sorted(models.values(), key=lambda model: _split(model.id)[1]):
        for name in (*model.names, model.id):
            names |= {name.lower(): model.id, _split(name)[0].lower(): model.id}
    return names | {model_id.lower(): model_id for model_id in models}


def _known(id: str, models: Mapping[str, M]) -> M | None:
    return models.get(id) or models.get(id.lower())


def _split(id: str) -> tuple[str, str]:
    """An id without its date, and the date; an id that has none comes before all others."""
    dated = _DATED.fullmatch(id)
    return (dated[1], dated[2]) if dated else (id, "")


def _farewell(model: Model) -> str | None:
    if model.state is State.CURRENT:
        return None
    verb = "was retired" if model.state is State.RETIRED else "is being retired"
    when = f" on {model.retired_on}" if model.retired_on else ""
    instead = f"use {model.replacement}" if model.replacement else "see byteplus models list"
    return f"{model.id} {verb}{when}: {instead}"


def _nearest(name: str, names: Mapping[str, str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name.lower(), list(names), n=3)
    return f"did you mean {' or '.join(close)}?" if close else "byteplus models list shows them all"
