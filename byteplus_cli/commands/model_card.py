"""How the facts of a model are put to people, whatever it makes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from byteplus_cli.generation.catalogue import Catalogue
from byteplus_cli.generation.image.model import ImageModel
from byteplus_cli.generation.model import Size
from byteplus_cli.generation.video_model import VideoModel

AnyModel = VideoModel | ImageModel
Fact = tuple[str, str | None]
UNKNOWN = "-"


def identity(catalogue: Catalogue, model: AnyModel) -> Iterator[Fact]:
    """What a card begins with."""
    yield "id", model.id
    yield "names", ", ".join(catalogue.names_of(model))
    yield "state", state(model)
    yield "use instead", catalogue.short_name(model.replacement) if model.replacement else None


def origin(model: AnyModel) -> Iterator[Fact]:
    """What a card ends with."""
    yield "known from", f"{model.source} ({model.date})"
    yield "price list", f"{model.prices.source} ({model.prices.date})" if model.prices else None


def leaving_row(catalogue: Catalogue, model: AnyModel) -> tuple[str, ...]:
    instead = catalogue.short_name(model.replacement) if model.replacement else UNKNOWN
    return catalogue.short_name(model.id), instead, state(model)


def state(model: AnyModel) -> str:
    return f"{model.state} {model.retired_on}" if model.retired_on else model.state


def choice(options: Sequence[str], default: str | None) -> str:
    return ", ".join(options) + (f"; default {default}" if default and options[1:] else "")


def listed(abilities: Iterable[str]) -> str:
    return ", ".join(sorted(abilities)).replace("_", " ")


def brief(words: dict[str, str], abilities: Iterable[str]) -> str:
    """What there is of `abilities`, in the short words and the order of a list's last column."""
    return " ".join(word for ability, word in words.items() if ability in set(abilities))


def size_rows(table: dict[str, dict[str, Size]]) -> Iterator[tuple[str, ...]]:
    """Width and height, a row for each ratio and a column for each key of the table."""
    for ratio in dict.fromkeys(ratio for sizes in table.values() for ratio in sizes):
        found = [sizes.get(ratio) for sizes in table.values()]
        yield ratio, *("{}x{}".format(*size) if size else UNKNOWN for size in found)
