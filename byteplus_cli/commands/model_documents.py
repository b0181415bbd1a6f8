"""What is known of a model, as programs read it."""

from __future__ import annotations

from typing import Any

from byteplus_cli.commands.model_card import AnyModel
from byteplus_cli.commands.video_card import RATIO, SECONDS, example
from byteplus_cli.generation.catalogue import Catalogue
from byteplus_cli.generation.cost import usd
from byteplus_cli.generation.image.model import ANY_PIXELS, ImageModel, ImagePrices
from byteplus_cli.generation.video_model import Limit, Prices, VideoModel

SQUARE = "1:1"


def document(catalogue: Catalogue, model: AnyModel) -> dict[str, Any]:
    """All that is known of a model, in the words of models.toml."""
    known = _image(model) if isinstance(model, ImageModel) else _video(model)
    return {
        "id": model.id,
        "kind": "image" if isinstance(model, ImageModel) else "video",
        "names": catalogue.names_of(model),
        "state": model.state,
        "retired_on": _text(model.retired_on),
        "replacement": model.replacement,
        "can": sorted(model.can),
        **known,
        "source": model.source,
        "date": str(model.date),
    }


# --- Video -------------------------------------------------------------------------------------


def _video(model: VideoModel) -> dict[str, Any]:
    return {
        "resolutions": model.resolutions,
        "resolution": model.resolution,
        "durations": model.durations,
        "duration": model.duration,
        "open_duration": model.open_duration,
        "frames": model.frames,
        "ratios": model.ratios,
        "ratio": model.ratio,
        "frame_ratios": model.frame_ratios,
        "frame_ratio": model.frame_ratio,
        "sizes": model.size_table,
        "references": {
            **model.reference_counts,
            "together": model.references,
            "seconds": model.reference_seconds,
        },
        "formats": model.formats,
        "task_types": model.task_types,
        "image_formats": model.image_formats,
        "usual_seconds": model.usual,
        "limits": [_limit(limit) for limit in model.limits],
        "prices": _video_prices(model.prices) if model.prices else None,
        "examples": [_clip(model, resolution) for resolution in model.resolutions],
    }


def _limit(limit: Limit) -> dict[str, Any]:
    return {
        "account": limit.account,
        "resolutions": limit.resolutions,
        "requests_per_minute": limit.requests_per_minute,
        "concurrency": limit.concurrency,
        "flex_tokens_per_day": limit.flex_tokens_per_day,
    }


def _video_prices(prices: Prices) -> dict[str, Any]:
    return {
        "rows": [
            {
                "usd_per_million_tokens": f"{row.usd:f}",
                "resolutions": row.resolutions,
                "video_input": row.video_input,
                "audio": row.audio,
                "draft_tokens": str(row.draft_tokens),
            }
            for row in prices.rows
        ],
        "flex_factor": _text(prices.flex_factor),
        "source": prices.source,
        "date": str(prices.date),
    }


def _clip(model: VideoModel, resolution: str) -> dict[str, Any]:
    expected = example(model, resolution)
    return {
        "resolution": resolution,
        "ratio": RATIO,
        "duration": SECONDS,
        "tokens": expected.tokens_high,
        "usd": expected.usd_text,
    }


# --- Images ------------------------------------------------------------------------------------


def _image(model: ImageModel) -> dict[str, Any]:
    return {
        "classes": model.classes,
        "size": model.size,
        "ratios": model.ratios,
        "sizes": model.size_table,
        "pixels": None if model.pixels == ANY_PIXELS else model.pixels,
        "sides": model.sides,
        "formats": model.formats,
        "inputs": model.inputs,
        "set_total": model.set_total,
        "images_per_minute": model.images_per_minute,
        "prices": _image_prices(model.prices) if model.prices else None,
        "examples": [_picture(model, size_class) for size_class in model.classes],
    }


def _image_prices(prices: ImagePrices) -> dict[str, Any]:
    return {
        "rows": [
            {"usd_per_image": f"{row.usd:f}", "most_pixels": row.most_pixels} for row in prices.rows
        ],
        "usd_per_input": f"{prices.input_usd:f}",
        "free_inputs": prices.free_inputs,
        "layer_factor": str(prices.layer_factor),
        "source": prices.source,
        "date": str(prices.date),
    }


def _picture(model: ImageModel, size_class: str) -> dict[str, Any]:
    size = model.dimensions(size_class, SQUARE)
    price = model.prices.picture(size[0] * size[1]) if model.prices and size else None
    return {
        "size": size_class,
        "ratio": SQUARE,
        "usd": None if price is None else usd(price),
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)
