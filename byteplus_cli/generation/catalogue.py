"""What each model can do, what it costs and how it may be called, as models.toml has it."""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from byteplus_cli.errors import InvalidConfig, InvalidRequest

BUILT_IN = Path(__file__).with_name("models.toml")
ADAPTIVE = "adaptive"
INPUTS = {"text", "first_frame", "last_frame", "audio_only"}
FEATURES = {"sound", "draft", "return_last_frame", "flex", "priority", "camera_fixed", "seed"}
ABILITIES = frozenset(INPUTS | FEATURES)
_DATED = re.compile(r"([a-z0-9][a-z0-9.-]*)-(\d{6})", re.IGNORECASE)
_ENDPOINT = re.compile(r"ep-[a-z0-9-]+", re.IGNORECASE)

Size = tuple[int, int]
T = TypeVar("T")


class State(StrEnum):
    CURRENT = "current"
    RETIRING = "retiring"
    RETIRED = "retired"


@dataclass(frozen=True)
class PriceRow:
    """US dollars per million tokens; None and () fit everything."""

    usd: Decimal
    resolutions: tuple[str, ...] = ()
    video_input: bool | None = None
    audio: bool | None = None
    draft_tokens: Decimal = Decimal(1)

    def fits(self, resolution: str | None, video_input: bool, audio: bool) -> bool:
        return (
            (not self.resolutions or resolution in self.resolutions)
            and self.video_input in (None, video_input)
            and self.audio in (None, audio)
        )


@dataclass(frozen=True)
class Prices:
    """A dated price list; without `flex_factor` the flex price is not known."""

    rows: tuple[PriceRow, ...]
    source: str
    date: datetime.date
    flex_factor: Decimal | None = None


@dataclass(frozen=True)
class Limit:
    """How fast one account may go; None and () fit everything."""

    requests_per_minute: int
    concurrency: int
    account: str | None = None
    resolutions: tuple[str, ...] = ()
    flex_tokens_per_day: int | None = None


@dataclass(frozen=True)
class VideoModel:
    """One dated video model, in the words that models.toml explains.

    Durations are seconds, sizes (width, height) in pixels.
    """

    id: str
    resolutions: tuple[str, ...]
    resolution: str
    durations: tuple[int, int]
    duration: int
    ratios: tuple[str, ...]
    ratio: str
    source: str
    date: datetime.date
    names: tuple[str, ...] = ()
    state: State = State.CURRENT
    retired_on: datetime.date | None = None
    replacement: str | None = None
    can: frozenset[str] = frozenset({"text"})
    frame_ratios: tuple[str, ...] = ()
    frame_ratio: str | None = None
    open_duration: bool = False
    frames: tuple[int, int, int] | None = None
    reference_images: int = 0
    reference_videos: int = 0
    reference_audios: int = 0
    references: int = 0
    reference_seconds: tuple[int, int] | None = None
    formats: tuple[str, ...] = ("mp4",)
    task_types: tuple[str, ...] = ()
    image_formats: tuple[str, ...] = ()
    usual: tuple[int, int] | None = None
    limits: tuple[Limit, ...] = ()
    prices: Prices | None = None
    sizes: Mapping[str, Mapping[str, Size]] = field(default_factory=dict, repr=False)

    @property
    def usual_seconds(self) -> float | None:
        """How long a short clip usually takes, if anybody measured it."""
        return sum(self.usual) / 2 if self.usual else None

    def size(self, resolution: str, ratio: str) -> Size | None:
        """Width and height of a clip; None for `adaptive` and what is not in the table."""
        if resolution not in self.resolutions:
            return None
        table = self.sizes.get(resolution, {})
        if ratio in table:
            return table[ratio]
        turned = table.get(":".join(reversed(ratio.split(":"))))
        return (turned[1], turned[0]) if turned else None


@dataclass(frozen=True)
class Found:
    """What a model name stands for: the id to send, what is known of it, and what to tell."""

    id: str
    model: VideoModel | None = None
    notice: str | None = None


@dataclass(frozen=True)
class Catalogue:
    """Every model known to this release and to the user's own file, by id."""

    videos: Mapping[str, VideoModel]

    @classmethod
    def load(cls, user_file: Path | None = None) -> Catalogue:
        """Read models.toml, and over it the user's own if there is one; raises InvalidConfig."""
        document = _document(BUILT_IN)
        try:
            if user_file and user_file.exists():
                document = _merged(document, _document(user_file))
            return cls(_videos(document))
        except (OSError, ValueError) as error:
            raise InvalidConfig(
                f"{user_file or BUILT_IN}: {error}", hint="mend the file, or move it away"
            ) from error

    def known_video(self, id: str) -> VideoModel | None:
        """The model with exactly this id, if it is in the catalogue."""
        return self.videos.get(id) or self.videos.get(id.lower())

    def newest_with(self, ability: str) -> VideoModel:
        """The newest current model that has an ability."""
        able = [m for m in self.videos.values() if ability in m.can and m.state is State.CURRENT]
        return max(able, key=lambda model: _split(model.id)[1])

    def video(self, name: str) -> Found:
        """What `name` stands for; raises InvalidRequest with the nearest known names."""
        names = self._names()
        if name.lower() in names:
            model = self.videos[names[name.lower()]]
            return Found(model.id, model, _farewell(model))
        if _ENDPOINT.fullmatch(name):
            return Found(
                name, notice=f"the model behind {name} is not known here, nor what it costs"
            )
        if _DATED.fullmatch(name):
            return Found(name, notice=f"{name} is not known here, nor what it costs: sent as it is")
        raise InvalidRequest(
            f"unknown video model: {name or '(empty)'}", hint=_nearest(name, names)
        )

    def _names(self) -> dict[str, str]:
        """Every name that stands for a model, in lower case, with the newest id of that name."""
        names: dict[str, str] = {}
        for model in sorted(self.videos.values(), key=lambda model: _split(model.id)[1]):
            for name in (*model.names, _split(model.id)[0]):
                names[name.lower()] = model.id
        return names | {model_id.lower(): model_id for model_id in self.videos}


def _split(id: str) -> tuple[str, str]:
    """An id without its date, and the date; an id that has none comes before all others."""
    dated = _DATED.fullmatch(id)
    return (dated[1], dated[2]) if dated else (id, "")


def _farewell(model: VideoModel) -> str | None:
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


def _document(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8-sig"), parse_float=Decimal)


def _merged(document: dict[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """`document` with the tables of the user's file added, or their keys replaced."""
    for kind, tables in own.items():
        if kind not in document:
            raise ValueError(f"unknown table {kind}; there are {', '.join(document)}")
        for name, table in _table(tables, kind).items():
            before = document[kind].get(name, {})
            document[kind][name] = {**before, **_table(table, f"{kind}.{name}")}
    return document


def _videos(document: Mapping[str, Any]) -> dict[str, VideoModel]:
    families = {name: _sizes(table, name) for name, table in document["sizes"].items()}
    videos = {}
    for model_id, table in document["video"].items():
        keys = {**table, "id": model_id}
        family = str(keys.pop("sizes", ""))
        if family and family not in families:
            raise ValueError(f"video.{model_id}: there are no sizes {family}")
        model = _read(VideoModel, keys, f"video.{model_id}")
        videos[model_id] = replace(model, sizes=families.get(family, {}))
    return videos


def _sizes(table: Mapping[str, Any], name: str) -> dict[str, dict[str, Size]]:
    return {
        resolution: {
            ratio: _integers(2)(size, f"sizes.{name}.{resolution}.{ratio}")
            for ratio, size in _table(sizes, f"sizes.{name}.{resolution}").items()
        }
        for resolution, sizes in table.items()
        if resolution not in ("source", "date")
    }


# --- From TOML to the classes above ------------------------------------------------------------

Reader = Callable[[object, str], Any]


def _read(kind: type[T], table: object, where: str) -> T:
    """An instance of a dataclass from its table; raises ValueError that says where it is wrong."""
    known = {key.name: key for key in fields(kind)}  # type: ignore[arg-type]
    given = _table(table, where)
    for name in given:
        if name not in known:
            raise ValueError(f"{where}: unknown key {name}")
    for name, key in known.items():
        if name not in given and key.default is MISSING and key.default_factory is MISSING:
            raise ValueError(f"{where}: {name} is missing")
    return kind(
        **{
            # Annotations are kept as the text that they were written in.
            name: READERS[str(known[name].type).removesuffix(" | None")](value, f"{where}.{name}")
            for name, value in given.items()
        }
    )


def _table(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{where} must be a table")
    return value


def _plain(kind: type) -> Reader:
    def read(value: object, where: str) -> object:
        if type(value) is not kind:
            raise ValueError(f"{where} must be of type {kind.__name__}")
        return value

    return read


def _number(value: object, where: str) -> Decimal:
    number = Decimal(value) if isinstance(value, int | Decimal) else Decimal("NaN")
    if not number.is_finite() or number < 0:
        raise ValueError(f"{where} must be a number, 0 or more")
    return number


def _strings(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(f"{where} must be a list of words")
    return tuple(value)


def _abilities(value: object, where: str) -> frozenset[str]:
    words = frozenset(_strings(value, where))
    if strange := words - ABILITIES:
        raise ValueError(f"{where}: unknown word {min(strange)}")
    return words


def _integers(count: int) -> Reader:
    def read(value: object, where: str) -> object:
        numbers = value if isinstance(value, list) else []
        if len(numbers) != count or not all(type(item) is int and item > 0 for item in numbers):
            raise ValueError(f"{where} must be {count} whole numbers above 0")
        return tuple(numbers)

    return read


def _state(value: object, where: str) -> State:
    try:
        return State(value)  # type: ignore[arg-type]
    except ValueError:
        raise ValueError(f"{where} must be {', '.join(State)}") from None


def _rows(kind: type[T]) -> Reader:
    def read(value: object, where: str) -> tuple[T, ...]:
        if not isinstance(value, list):
            raise ValueError(f"{where} must be a list")
        return tuple(_read(kind, row, where) for row in value)

    return read


READERS: dict[str, Reader] = {
    "str": _plain(str),
    "int": _plain(int),
    "bool": _plain(bool),
    "datetime.date": _plain(datetime.date),
    "Decimal": _number,
    "State": _state,
    "frozenset[str]": _abilities,
    "tuple[str, ...]": _strings,
    "tuple[int, int]": _integers(2),
    "tuple[int, int, int]": _integers(3),
    "tuple[Limit, ...]": _rows(Limit),
    "tuple[PriceRow, ...]": _rows(PriceRow),
    "Prices": lambda value, where: _read(Prices, value, where),
}
