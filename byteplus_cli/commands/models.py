"""`byteplus models`: what each model can do, what it costs, and which ones are gone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer

from byteplus_cli.commands.leaf import Leaf, words
from byteplus_cli.errors import InvalidRequest
from byteplus_cli.generation.catalogue import Catalogue
from byteplus_cli.generation.cost import Estimate, estimate
from byteplus_cli.generation.model import Size, State
from byteplus_cli.generation.video import VideoRequest
from byteplus_cli.generation.video_model import (
    FEATURES,
    INPUTS,
    Limit,
    PriceRow,
    Prices,
    VideoModel,
)
from byteplus_cli.session import Session
from byteplus_cli.terminal.layout import card, table

app = words("What each model can do, its limits, price and state.")

Name = Annotated[str, typer.Argument(metavar="MODEL", help="A short name or a full id.")]

# What prices are compared by.
SECONDS, RATIO = 5, "16:9"
BRIEFLY = {
    "first_frame": "first",
    "last_frame": "last",
    "references": "refs",
    "sound": "sound",
    "draft": "draft",
    "flex": "flex",
}
UNKNOWN = "-"


@app.command("list", cls=Leaf)
def list_(ctx: typer.Context) -> None:
    """Every model, current ones first, with prices to compare.

    CAN says what a model takes and does: a first and a last frame, references, sound, drafts, and
    flex, the slow and cheap way.
    """
    session: Session = ctx.obj
    catalogue = session.catalogue
    models = sorted(catalogue.videos.values(), key=lambda model: list(State).index(model.state))
    session.terminal.result(
        _list_lines(catalogue, models, session.terminal.width),
        {
            "schema": "byteplus.models/1",
            "items": [_document(catalogue, model) for model in models],
        },
    )
    oldest = min(model.prices.date for model in models if model.prices)
    session.terminal.note(
        f"list prices of {oldest}, for {RATIO}; byteplus models show MODEL says more"
    )


@app.command(cls=Leaf)
def show(ctx: typer.Context, name: Name) -> None:
    """All that is known of one model.

    \b
    Example:
      byteplus models show seedance-2.0
    """
    session: Session = ctx.obj
    found = session.catalogue.video(name)
    if found.model is None:
        raise InvalidRequest(f"nothing is known here of {found.id}", hint="byteplus models list")
    session.terminal.result(
        _show_lines(session.catalogue, found.model),
        {"schema": "byteplus.model/1", **_document(session.catalogue, found.model)},
    )


# --- For people --------------------------------------------------------------------------------


def _list_lines(catalogue: Catalogue, models: Sequence[VideoModel], width: int | None) -> list[str]:
    usable = [_usable_row(catalogue, m) for m in models if m.state is not State.RETIRED]
    leaving = [_leaving_row(catalogue, m) for m in models if m.state is not State.CURRENT]
    lines = table(("MODEL", "UP TO", "SECONDS", f"PRICE OF {SECONDS} S", "CAN"), usable, width)
    if leaving:
        lines += ["", *table(("LEAVING", "USE INSTEAD", "STATE"), leaving, width)]
    return lines


def _usable_row(catalogue: Catalogue, model: VideoModel) -> tuple[str, ...]:
    shortest, longest = model.durations
    usd = _example(model, model.resolution).usd_text
    able = model.can | ({"references"} if any(_references(model).values()) else set())
    return (
        _short_name(catalogue, model.id),
        next(reversed(model.resolutions), UNKNOWN),
        f"{shortest}-{longest}",
        f"${usd} {model.resolution}" if usd else UNKNOWN,
        " ".join(word for ability, word in BRIEFLY.items() if ability in able),
    )


def _leaving_row(catalogue: Catalogue, model: VideoModel) -> tuple[str, ...]:
    instead = _instead(catalogue, model) or UNKNOWN
    return _short_name(catalogue, model.id), instead, _state(model)


def _show_lines(catalogue: Catalogue, model: VideoModel) -> list[str]:
    lines = card(list(_facts(catalogue, model)))
    if sizes := list(_size_rows(model)):
        lines += ["", *table(("", *model.resolutions), sizes, width=None)]
    if model.prices:
        rows = list(_price_rows(model.prices))
        lines += ["", *table(("USD PER 1M TOKENS", "FOR"), rows, width=None)]
    return lines


def _facts(catalogue: Catalogue, model: VideoModel) -> Iterator[tuple[str, str | None]]:
    yield "id", model.id
    yield "names", ", ".join(_names(catalogue, model))
    yield "state", _state(model)
    yield "use instead", _instead(catalogue, model)
    yield "takes", _listed(model.can & INPUTS)
    yield from (("references", text) for text in _reference_texts(model))
    yield "does", _listed(model.can & FEATURES)
    yield "resolutions", _choice(model.resolutions, model.resolution)
    yield "seconds", _seconds(model)
    if model.frames:
        yield "frames", "{} to {} in steps of {}".format(*model.frames)
    yield "ratios", _choice(model.ratios, model.ratio)
    yield "frame ratios", _choice(model.frame_ratios, model.frame_ratio)
    yield "formats", ", ".join(model.formats)
    yield "task types", ", ".join(model.task_types)
    yield "pictures", ", ".join(model.image_formats)
    if model.usual:
        yield "usual wait", "{} to {} s for 5 s of 480p".format(*model.usual)
    yield from (("limits", _limit(limit)) for limit in model.limits)
    yield "known from", f"{model.source} ({model.date})"
    yield "price list", f"{model.prices.source} ({model.prices.date})" if model.prices else None


def _state(model: VideoModel) -> str:
    return f"{model.state} {model.retired_on}" if model.retired_on else model.state


def _instead(catalogue: Catalogue, model: VideoModel) -> str | None:
    return _short_name(catalogue, model.replacement) if model.replacement else None


def _reference_texts(model: VideoModel) -> Iterator[str]:
    counts = [f"{count} {kind}" for kind, count in _references(model).items() if count]
    if counts:
        yield f"{', '.join(counts)}; {model.references} in all"
    if model.reference_seconds:
        least, most = model.reference_seconds
        yield f"videos and audios of {least} to {most} s, of each kind {most} s in all"


def _seconds(model: VideoModel) -> str:
    shortest, longest = model.durations
    open_end = " or -1 (the model chooses)" if model.open_duration else ""
    return f"{shortest} to {longest}{open_end}; default {model.duration}"


def _limit(limit: Limit) -> str:
    who = [f"{limit.account} accounts"] if limit.account else []
    fits = ", ".join([*who, *limit.resolutions])
    pace = f"{limit.requests_per_minute} requests a minute, {limit.concurrency} at once"
    tokens = limit.flex_tokens_per_day
    flex = f", {tokens / 1e9:g} billion flex tokens a day" if tokens else ""
    return f"{fits}: {pace}{flex}" if fits else pace + flex


def _size_rows(model: VideoModel) -> Iterator[tuple[str, ...]]:
    """Width and height by ratio and resolution, and below them an example of the price."""
    sizes = _sizes(model)
    for ratio in dict.fromkeys(ratio for sizes_of in sizes.values() for ratio in sizes_of):
        found = [sizes[resolution].get(ratio) for resolution in model.resolutions]
        yield ratio, *("{}x{}".format(*size) if size else UNKNOWN for size in found)
    if model.prices:
        prices = [_example(model, resolution).usd_text for resolution in model.resolutions]
        yield f"{SECONDS} s of {RATIO}", *(f"${usd}" if usd else UNKNOWN for usd in prices)


def _price_rows(prices: Prices) -> Iterator[tuple[str, str]]:
    for row in prices.rows:
        yield f"{row.usd:f}", _priced(row) or "everything"
    if prices.flex_factor is not None:
        yield f"x {prices.flex_factor}", "with --flex"


def _priced(row: PriceRow) -> str:
    video = {True: "with a video as input", False: "no video as input", None: ""}
    audio = {True: "with sound", False: "without sound", None: ""}
    draft = f"a draft counts {row.draft_tokens} of its tokens" if row.draft_tokens != 1 else ""
    parts = (", ".join(row.resolutions), video[row.video_input], audio[row.audio], draft)
    return "; ".join(filter(None, parts))


def _choice(options: Sequence[str], default: str | None) -> str:
    return ", ".join(options) + (f"; default {default}" if default and options[1:] else "")


def _listed(abilities: frozenset[str]) -> str:
    return ", ".join(sorted(abilities)).replace("_", " ")


# --- For programs ------------------------------------------------------------------------------


def _document(catalogue: Catalogue, model: VideoModel) -> dict[str, Any]:
    """All that is known of a model, in the words of models.toml."""
    return {
        "id": model.id,
        "kind": "video",
        "names": _names(catalogue, model),
        "state": model.state,
        "retired_on": _text(model.retired_on),
        "replacement": model.replacement,
        "can": sorted(model.can),
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
        "sizes": _sizes(model),
        "references": {
            **_references(model),
            "together": model.references,
            "seconds": model.reference_seconds,
        },
        "formats": model.formats,
        "task_types": model.task_types,
        "image_formats": model.image_formats,
        "usual_seconds": model.usual,
        "limits": [_limit_document(limit) for limit in model.limits],
        "prices": _prices_document(model.prices) if model.prices else None,
        "examples": [_example_document(model, resolution) for resolution in model.resolutions],
        "source": model.source,
        "date": str(model.date),
    }


def _limit_document(limit: Limit) -> dict[str, Any]:
    return {
        "account": limit.account,
        "resolutions": limit.resolutions,
        "requests_per_minute": limit.requests_per_minute,
        "concurrency": limit.concurrency,
        "flex_tokens_per_day": limit.flex_tokens_per_day,
    }


def _prices_document(prices: Prices) -> dict[str, Any]:
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


def _example_document(model: VideoModel, resolution: str) -> dict[str, Any]:
    expected = _example(model, resolution)
    return {
        "resolution": resolution,
        "ratio": RATIO,
        "duration": SECONDS,
        "tokens": expected.tokens_high,
        "usd": expected.usd_text,
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)


# --- For both ----------------------------------------------------------------------------------


def _names(catalogue: Catalogue, model: VideoModel) -> list[str]:
    """The short names of a model; a newer one may have taken some over."""
    return [name for name in model.names if catalogue.video(name).id == model.id]


def _short_name(catalogue: Catalogue, id: str) -> str:
    model = catalogue.known_video(id)
    return next(iter(_names(catalogue, model)), model.id) if model else id


def _references(model: VideoModel) -> dict[str, int]:
    return {
        "images": model.reference_images,
        "videos": model.reference_videos,
        "audios": model.reference_audios,
    }


def _sizes(model: VideoModel) -> dict[str, dict[str, Size]]:
    ratios = dict.fromkeys((*model.ratios, *model.frame_ratios))
    return {
        resolution: {
            ratio: size for ratio in ratios if (size := model.size(resolution, ratio)) is not None
        }
        for resolution in model.resolutions
    }


def _example(model: VideoModel, resolution: str) -> Estimate:
    """What a short clip from text should cost, with sound where the model has it."""
    return estimate(
        VideoRequest(model.id, "a fox", resolution=resolution, ratio=RATIO, duration=SECONDS),
        model,
    )
