"""From models.toml, and the user's own file of that form, to models."""

from __future__ import annotations

import datetime
import json
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from byteplus_cli.generation.model import Size, State

if TYPE_CHECKING:
    from byteplus_cli.generation.image.model import ImageModel
    from byteplus_cli.generation.video_model import VideoModel

BUILT_IN = Path(__file__).with_name("models.toml")
# The same, made from it: read in a twentieth of the time (measured with CPython 3.11).
COMPILED = Path(__file__).with_name("models.json")
_NUMBER = "number:"

Document = dict[str, Any]
Reader = Callable[[object, str], Any]
T = TypeVar("T")
M = TypeVar("M", "VideoModel", "ImageModel")


def read_document(path: Path) -> Document:
    """A file of that form; raises OSError, or ValueError."""
    import tomllib

    return tomllib.loads(path.read_text("utf-8-sig"), parse_float=Decimal)


def read_built_in() -> Document:
    """What this release knows."""
    document: Document = json.loads(COMPILED.read_text("utf-8"), parse_float=Decimal)
    return document


def compiled() -> str:
    """What `models.json` has to be, from `models.toml`."""
    document = json.dumps(read_document(BUILT_IN), default=_as_text, separators=(",", ":"))
    # As numbers, but digit for digit: a price of 0.80 is not to be shown as 0.8.
    numbers = re.sub(f'"{_NUMBER}([0-9.]+)"', r"\1", document)
    return numbers.replace('},"', '},\n"') + "\n"


def _as_text(value: object) -> str:
    return f"{_NUMBER}{value}" if isinstance(value, Decimal) else str(value)


def videos_in(document: Document) -> dict[str, VideoModel]:
    """The video models of a document, by id; raises ValueError that says what is wrong where."""
    from byteplus_cli.generation.video_model import ABILITIES, VideoModel

    return _models(VideoModel, ABILITIES, document, "video", "sizes")


def images_in(document: Document) -> dict[str, ImageModel]:
    """The same of its image models."""
    from byteplus_cli.generation.image.model import ABILITIES, ImageModel

    return _models(ImageModel, ABILITIES, document, "image", "image_sizes")


def merged(document: Document, own: Document) -> Document:
    """`document` with the tables of the user's file added, or their keys replaced."""
    for kind, tables in own.items():
        if kind not in document:
            raise ValueError(f"unknown table {kind}; there are {', '.join(document)}")
        for name, table in _table(tables, kind).items():
            before = document[kind].get(name, {})
            document[kind][name] = {**before, **_table(table, f"{kind}.{name}")}
    return document


def _models(
    kind: type[M], abilities: frozenset[str], document: Document, word: str, sizes: str
) -> dict[str, M]:
    """The models of one kind, each with the size table that it names."""
    families = {name: _sizes(table, f"{sizes}.{name}") for name, table in document[sizes].items()}
    models = {}
    for model_id, table in document[word].items():
        where = f"{word}.{model_id}"
        keys = {**table, "id": model_id}
        family = str(keys.pop("sizes", ""))
        if family and family not in families:
            raise ValueError(f"{where}: there are no sizes {family}")
        model = _read(kind, keys, where)
        if strange := model.can - abilities:
            raise ValueError(f"{where}.can: unknown word {min(strange)}")
        models[model_id] = replace(model, sizes=families.get(family, {}))
    return models


def _sizes(table: Mapping[str, Any], where: str) -> dict[str, dict[str, Size]]:
    return {
        name: {
            ratio: _integers(2)(size, f"{where}.{name}.{ratio}")
            for ratio, size in _table(sizes, f"{where}.{name}").items()
        }
        for name, sizes in table.items()
        if name not in ("source", "date")
    }


def _read(kind: type[T], table: object, where: str) -> T:
    """An instance of a class from its table; raises ValueError that says where it is wrong."""
    known = _keys(kind)
    given = _table(table, where)
    for name in given:
        if name not in known:
            raise ValueError(f"{where}: unknown key {name}")
    for name, key in known.items():
        if name not in given and key.required:
            raise ValueError(f"{where}: {name} is missing")
    return kind(
        **{
            name: _reader(kind, known[name].annotation)(value, f"{where}.{name}")
            for name, value in given.items()
        }
    )


class _Key(NamedTuple):
    annotation: str
    required: bool


def _keys(kind: type) -> Mapping[str, _Key]:
    """The keys that a dataclass or a named tuple has."""
    if is_dataclass(kind):
        return {
            key.name: _Key(str(key.type), key.default is MISSING and key.default_factory is MISSING)
            for key in fields(kind)
        }
    defaults = kind._field_defaults  # type: ignore[attr-defined]
    return {
        name: _Key(annotation.__forward_arg__, name not in defaults)
        for name, annotation in kind.__annotations__.items()
    }


def _reader(kind: type, annotation: str) -> Reader:
    """What reads a key of `kind`; annotations are kept as the text that they were written in."""
    plain = annotation.removesuffix(" | None")
    if plain in READERS:
        return READERS[plain]
    # A class that is defined beside `kind`, or a list of its instances.
    row = plain.removeprefix("tuple[").removesuffix(", ...]")
    beside = getattr(sys.modules[kind.__module__], row)
    return _class(beside) if row == plain else _rows(beside)


# --- One value ---------------------------------------------------------------------------------


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


def _integers(count: int) -> Reader:
    def read(value: object, where: str) -> object:
        numbers = value if isinstance(value, list) else []
        if len(numbers) != count or not all(type(item) is int and item > 0 for item in numbers):
            raise ValueError(f"{where} must be {count} whole numbers above 0")
        return tuple(numbers)

    return read


def _date(value: object, where: str) -> object:
    try:
        day = datetime.date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        day = None
    return _plain(datetime.date)(day, where)


def _state(value: object, where: str) -> State:
    try:
        return State(value)  # type: ignore[arg-type]
    except ValueError:
        raise ValueError(f"{where} must be {', '.join(State)}") from None


def _class(kind: type) -> Reader:
    return lambda table, where: _read(kind, table, where)


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
    "datetime.date": _date,
    "Decimal": _number,
    "State": _state,
    "frozenset[str]": lambda value, where: frozenset(_strings(value, where)),
    "tuple[str, ...]": _strings,
    "tuple[int, int]": _integers(2),
    "tuple[int, int, int]": _integers(3),
}
