"""What an image model can do, the sizes of its pictures, and what one costs."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from byteplus_cli.generation.model import Model, Size, size_of, turned

ABILITIES = frozenset(
    {
        "text",
        "set",
        "stream",
        "transparent",
        "layers",
        "fast",
        "web_search",
        "seed",
        "guidance_scale",
        "optimize_prompt",
    }
)
# Stands where the sources name no limit, so that every size is within it.
ANY_PIXELS = (1, sys.maxsize)


class ImagePriceRow(NamedTuple):
    """US dollars per picture of at most so many pixels; None fits everything."""

    usd: Decimal
    most_pixels: int | None = None

    def fits(self, pixels: int) -> bool:
        return self.most_pixels is None or pixels <= self.most_pixels


class ImagePrices(NamedTuple):
    """A dated price list of pictures made, and of pictures put in beyond the free ones."""

    rows: tuple[ImagePriceRow, ...]
    source: str
    date: datetime.date
    input_usd: Decimal = Decimal(0)
    free_inputs: int = 0
    layer_factor: Decimal = Decimal(1)

    def picture(self, pixels: int) -> Decimal | None:
        """The price of one picture of so many pixels; None if no row has it."""
        return next((row.usd for row in self.rows if row.fits(pixels)), None)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ImageModel(Model):
    """One dated image model, in the words that models.toml explains."""

    can: frozenset[str] = frozenset({"text"})
    classes: tuple[str, ...] = ()
    size: str | None = None
    formats: tuple[str, ...] = ()
    inputs: int = 0
    set_total: int = 0
    pixels: tuple[int, int] = ANY_PIXELS
    sides: tuple[int, int] | None = None
    images_per_minute: int | None = None
    prices: ImagePrices | None = None
    sizes: Mapping[str, Mapping[str, Size]] = field(default_factory=dict, repr=False)

    @property
    def ratios(self) -> tuple[str, ...]:
        """Every ratio that the size table has, each followed by the same one turned."""
        lying = dict.fromkeys(ratio for table in self.sizes.values() for ratio in table)
        return tuple(dict.fromkeys(each for ratio in lying for each in (ratio, turned(ratio))))

    @property
    def size_table(self) -> dict[str, dict[str, Size]]:
        """Every known size, by size class and ratio."""
        return {
            name: {ratio: size for ratio in self.ratios if (size := self.dimensions(name, ratio))}
            for name in self.classes
        }

    def dimensions(self, size_class: str, ratio: str) -> Size | None:
        """Width and height of a picture; None for what is not in the table."""
        if size_class not in self.classes:
            return None
        return size_of(ratio, self.sizes.get(size_class, {}))
