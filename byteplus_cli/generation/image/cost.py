"""What pictures cost: dollars to expect before they are made, and dollars billed after."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from byteplus_cli.generation.cost import Estimate
from byteplus_cli.generation.image.model import ImageModel
from byteplus_cli.generation.image.request import ImageRequest
from byteplus_cli.generation.image.size import possible_pixels

# Body fields that set the price. From --extra they reach the service unread.
PRICED_FIELDS = {
    *("size", "layer_decomposition", "sequential_image_generation"),
    *("sequential_image_generation_options", "n"),
}


def estimate(request: ImageRequest, model: ImageModel | None) -> Estimate:
    """A range where the model chooses shape or number, and unknown rather than a guess."""
    if model is None or model.prices is None or PRICED_FIELDS & request.extra.keys():
        return Estimate()
    pixels = possible_pixels(request.size, model)
    prices = [model.prices.picture(count) for count in pixels]
    known = [price for price in prices if price is not None]
    if not known or len(known) < len(prices):
        return Estimate()
    factor = model.prices.layer_factor if request.layers else Decimal(1)
    inputs = _inputs(model, len(request.images))
    return Estimate(
        usd_low=min(known) * factor + inputs,
        usd_high=max(known) * factor * request.most + inputs,
    )


def billed(
    model: ImageModel | None, pixels: Iterable[int], *, inputs: int, layers: bool
) -> Decimal | None:
    """Dollars for the pictures that were delivered, by the dated list prices; None if unknown."""
    if model is None or model.prices is None:
        return None
    total = _inputs(model, inputs)
    factor = model.prices.layer_factor if layers else Decimal(1)
    for count in pixels:
        price = model.prices.picture(count)
        if price is None:
            return None
        total += price * factor
    return total


def _inputs(model: ImageModel, count: int) -> Decimal:
    if model.prices is None:
        return Decimal(0)
    return max(0, count - model.prices.free_inputs) * model.prices.input_usd
