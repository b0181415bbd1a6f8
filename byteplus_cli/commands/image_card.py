"""What an image model does and costs, as people read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from byteplus_cli.commands.model_card import (
    UNKNOWN,
    Fact,
    brief,
    identity,
    listed,
    origin,
    size_rows,
)
from byteplus_cli.generation.catalogue import Catalogue
from byteplus_cli.generation.cost import usd
from byteplus_cli.generation.image.model import ANY_PIXELS, ImageModel, ImagePrices
from byteplus_cli.terminal.layout import card, table

HEADERS = ("MODEL", "SIZES", "PRICE OF ONE", "INPUTS", "CAN")
BRIEFLY = {
    "set": "sets",
    "stream": "stream",
    "transparent": "transparent",
    "layers": "layers",
    "fast": "fast",
    "web_search": "web",
}
# These have rows of their own on a card.
APART = {"text", "set", "optimize_prompt", "fast"}


def list_row(catalogue: Catalogue, model: ImageModel) -> tuple[str, ...]:
    return (
        catalogue.short_name(model.id),
        " ".join(model.classes) or model.size or UNKNOWN,
        _from_to(row.usd for row in model.prices.rows) if model.prices else UNKNOWN,
        str(model.inputs),
        brief(BRIEFLY, model.can),
    )


def card_lines(catalogue: Catalogue, model: ImageModel) -> list[str]:
    lines = card(list(_facts(catalogue, model)))
    if sizes := [*size_rows(model.size_table), *_price_row(model)]:
        lines += ["", *table(("", *model.classes), sizes, width=None)]
    if model.prices:
        rows = list(_price_rows(model.prices))
        lines += ["", *table(("USD PER PICTURE", "FOR"), rows, width=None)]
    return lines


def _facts(catalogue: Catalogue, model: ImageModel) -> Iterator[Fact]:
    yield from identity(catalogue, model)
    yield "takes", ", ".join(_takes(model))
    yield "does", listed(model.can - APART)
    if "optimize_prompt" in model.can:
        yield "optimize prompt", "standard, fast" if "fast" in model.can else "standard"
    yield "sizes", _sizes(model)
    yield "WxH", ", ".join(_limits(model))
    if model.set_total:
        yield "sets", f"up to {model.set_total} pictures, counting those that go in"
    yield "formats", ", ".join(model.formats or ["jpeg"])
    if model.images_per_minute:
        yield "limits", f"{model.images_per_minute} images a minute"
    yield from origin(model)


def _takes(model: ImageModel) -> Iterator[str]:
    if "text" in model.can:
        yield "text"
    if model.inputs:
        yield "1 picture" if model.inputs == 1 else f"up to {model.inputs} pictures"


def _sizes(model: ImageModel) -> str | None:
    if not model.classes and not model.size:
        return None
    default = f"; default {model.size}" if model.size else ""
    return ", ".join([*model.classes, "WxH"]) + default


def _limits(model: ImageModel) -> Iterator[str]:
    if model.pixels != ANY_PIXELS:
        yield "{:,} to {:,} pixels".format(*model.pixels)
    if model.sides:
        yield "each side {} to {}".format(*model.sides)


def _price_row(model: ImageModel) -> Iterator[tuple[str, ...]]:
    """What one picture of each size class costs."""
    if model.prices and model.classes:
        yield "price", *(_class_price(model, model.prices, name) for name in model.classes)


def _class_price(model: ImageModel, prices: ImagePrices, size_class: str) -> str:
    sizes = model.size_table[size_class].values()
    return _from_to(prices.picture(width * height) for width, height in sizes)


def _from_to(prices: Iterable[Decimal | None]) -> str:
    amounts = list(prices)
    known = [amount for amount in amounts if amount is not None]
    if not known or known != amounts:
        return UNKNOWN
    low, high = usd(min(known)), usd(max(known))
    return f"${low}" if low == high else f"${low}-{high}"


def _price_rows(prices: ImagePrices) -> Iterator[tuple[str, str]]:
    for row in prices.rows:
        rest = "everything larger" if prices.rows[1:] else "everything"
        yield f"{row.usd:f}", f"up to {row.most_pixels:,} pixels" if row.most_pixels else rest
    if prices.input_usd:
        free = f", after {prices.free_inputs} free" if prices.free_inputs else ""
        yield f"{prices.input_usd:f}", f"each picture that goes in{free}"
    if prices.layer_factor != 1:
        yield f"x {prices.layer_factor}", "a layer"
