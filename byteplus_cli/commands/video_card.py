"""What a video model does and costs, as people read it."""

from __future__ import annotations

from collections.abc import Iterator

from byteplus_cli.commands.model_card import (
    UNKNOWN,
    Fact,
    brief,
    choice,
    identity,
    listed,
    origin,
    size_rows,
)
from byteplus_cli.generation.catalogue import Catalogue
from byteplus_cli.generation.cost import Estimate, estimate
from byteplus_cli.generation.video import VideoRequest
from byteplus_cli.generation.video_model import (
    FEATURES,
    INPUTS,
    Limit,
    PriceRow,
    Prices,
    VideoModel,
)
from byteplus_cli.terminal.layout import card, table

# What prices are compared by.
SECONDS, RATIO = 5, "16:9"
HEADERS = ("MODEL", "UP TO", "SECONDS", f"PRICE OF {SECONDS} S", "CAN")
BRIEFLY = {
    "first_frame": "first",
    "last_frame": "last",
    "references": "refs",
    "sound": "sound",
    "draft": "draft",
    "flex": "flex",
}


def example(model: VideoModel, resolution: str) -> Estimate:
    """What a short clip from text should cost, with sound where the model has it."""
    return estimate(
        VideoRequest(model.id, "a fox", resolution=resolution, ratio=RATIO, duration=SECONDS),
        model,
    )


def list_row(catalogue: Catalogue, model: VideoModel) -> tuple[str, ...]:
    shortest, longest = model.durations
    usd = example(model, model.resolution).usd_text
    able = model.can | ({"references"} if any(model.reference_counts.values()) else set())
    return (
        catalogue.short_name(model.id),
        next(reversed(model.resolutions), UNKNOWN),
        f"{shortest}-{longest}",
        f"${usd} {model.resolution}" if usd else UNKNOWN,
        brief(BRIEFLY, able),
    )


def card_lines(catalogue: Catalogue, model: VideoModel) -> list[str]:
    lines = card(list(_facts(catalogue, model)))
    if sizes := [*size_rows(model.size_table), *_example_row(model)]:
        lines += ["", *table(("", *model.resolutions), sizes, width=None)]
    if model.prices:
        rows = list(_price_rows(model.prices))
        lines += ["", *table(("USD PER 1M TOKENS", "FOR"), rows, width=None)]
    return lines


def _facts(catalogue: Catalogue, model: VideoModel) -> Iterator[Fact]:
    yield from identity(catalogue, model)
    yield "takes", listed(model.can & INPUTS)
    yield from (("references", text) for text in _references(model))
    yield "does", listed(model.can & FEATURES)
    yield "resolutions", choice(model.resolutions, model.resolution)
    yield "seconds", _seconds(model)
    if model.frames:
        yield "frames", "{} to {} in steps of {}".format(*model.frames)
    yield "ratios", choice(model.ratios, model.ratio)
    yield "frame ratios", choice(model.frame_ratios, model.frame_ratio)
    yield "formats", ", ".join(model.formats)
    yield "task types", ", ".join(model.task_types)
    yield "pictures", ", ".join(model.image_formats)
    if model.usual:
        yield "usual wait", "{} to {} s for 5 s of 480p".format(*model.usual)
    yield from (("limits", _limit(limit)) for limit in model.limits)
    yield from origin(model)


def _references(model: VideoModel) -> Iterator[str]:
    counts = [f"{count} {kind}" for kind, count in model.reference_counts.items() if count]
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


def _example_row(model: VideoModel) -> Iterator[tuple[str, ...]]:
    if model.prices:
        prices = [example(model, resolution).usd_text for resolution in model.resolutions]
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
