"""What a clip costs: tokens and dollars to expect before it is made, and dollars billed after."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from math import ceil, floor
from typing import NamedTuple, TypeVar

from byteplus_cli.generation.model import Size
from byteplus_cli.generation.prompt import legacy_flags
from byteplus_cli.generation.video import FLEX, OPEN_DURATION, VideoRequest
from byteplus_cli.generation.video_model import ADAPTIVE, PriceRow, VideoModel

Number = TypeVar("Number", int, Decimal)
FRAMES_PER_SECOND = 24  # of every model (official documentation, 2026-10-08)
PIXELS_PER_TOKEN = 1024
# Seconds of video input: less costs as much, by a table that is not published (price page,
# 2026-09).
CHEAPEST_INPUT = 4
# What sets the price, as body fields and as options. From --extra, or from inside the prompt, it
# reaches the service unread, and any value may be billed (LIVE-A, 2026-09-02; LIVE-B, 2026-08).
SHAPE_FIELDS = {"resolution", "ratio", "duration", "frames", "framespersecond"}
PRICED_FIELDS = SHAPE_FIELDS | {"draft", "service_tier", "generate_audio"}
UNPRICED_OPTIONS = {"--seed", "--camera-fixed", "--watermark"}


class Estimate(NamedTuple):
    """What a request should cost, from low to high; None is "not known"."""

    tokens_low: int | None = None
    tokens_high: int | None = None
    usd_low: Decimal | None = None
    usd_high: Decimal | None = None

    @property
    def usd_text(self) -> str | None:
        """The amount, if it is one: a range is not squeezed into a number."""
        if self.usd_low is None or self.usd_high is None:
            return None
        low, high = usd(self.usd_low), usd(self.usd_high)
        return high if low == high else None

    @property
    def low_text(self) -> str | None:
        return None if self.usd_low is None else usd(self.usd_low)

    @property
    def high_text(self) -> str | None:
        return None if self.usd_high is None else usd(self.usd_high)

    @property
    def words(self) -> str:
        if self.usd_low is None or self.usd_high is None:
            return "cost not known"
        if self.usd_text:
            return f"about ${self.usd_text}"
        return f"${usd(self.usd_low)} to ${usd(self.usd_high)}"


def estimate(request: VideoRequest, model: VideoModel | None) -> Estimate:
    """A range where the model chooses size or length, and unknown rather than a guess."""
    if model is None or _priced_unread(request):
        return Estimate()
    sizes, frames = _sizes(request, model), _frames(request, model)
    if not sizes or frames is None:
        return Estimate()
    resolution = request.resolution or model.resolution
    video_input = request.referring("video") > 0
    audio = "sound" in model.can and request.generate_audio is not False
    row = _row(model, resolution, video_input, audio)
    share = row.draft_tokens if row and request.draft else Decimal(1)
    counts = [int(clip_tokens(*size, count) * share) for size in sizes for count in frames]
    low, high = (
        price(
            model,
            count,
            resolution=resolution,
            video_input=video_input,
            audio=audio,
            flex=request.service_tier == FLEX,
        )
        for count in (min(counts), max(counts))
    )
    return Estimate(min(counts), max(counts), low, high)


def total(estimates: Iterable[Estimate]) -> Estimate:
    """What several clips cost together; not known as soon as one is not."""
    together = Estimate(0, 0, Decimal(0), Decimal(0))
    for one in estimates:
        together = Estimate(
            _sum(together.tokens_low, one.tokens_low),
            _sum(together.tokens_high, one.tokens_high),
            _sum(together.usd_low, one.usd_low),
            _sum(together.usd_high, one.usd_high),
        )
    return together


def _sum(one: Number | None, other: Number | None) -> Number | None:
    return None if one is None or other is None else one + other


def clip_tokens(width: int, height: int, frames: int) -> int:
    """What is billed for that many frames, rounded as the service does (LIVE-A, LIVE-C)."""
    return width * height * frames // PIXELS_PER_TOKEN


def price(
    model: VideoModel | None,
    tokens: int,
    *,
    resolution: str | None,
    video_input: bool,
    audio: bool,
    flex: bool,
) -> Decimal | None:
    """US dollars for `tokens`, by the dated list prices; None if no price is known."""
    row = _row(model, resolution, video_input, audio)
    if model is None or model.prices is None or row is None:
        return None
    factor = model.prices.flex_factor if flex else Decimal(1)
    return None if factor is None else tokens * row.usd * factor / 1_000_000


def usd(amount: Decimal) -> str:
    """Dollars to a tenth of a cent, such as 0.104."""
    return str(amount.quantize(Decimal("0.001"), ROUND_HALF_UP))


def _row(
    model: VideoModel | None, resolution: str | None, video_input: bool, audio: bool
) -> PriceRow | None:
    rows = model.prices.rows if model and model.prices else ()
    return next((row for row in rows if row.fits(resolution, video_input, audio)), None)


def _priced_unread(request: VideoRequest) -> bool:
    flags = {option for _, option in legacy_flags(request.prompt or "")}
    return bool(PRICED_FIELDS & request.extra.keys() or flags - UNPRICED_OPTIONS)


def _sizes(request: VideoRequest, model: VideoModel) -> list[Size]:
    """Every size the clip may have: one, unless its shape follows the input."""
    usual = model.frame_ratio if request.first_frame else model.ratio
    ratio = request.ratio or usual or ADAPTIVE
    ratios = (*model.ratios, *model.frame_ratios) if ratio == ADAPTIVE else (ratio,)
    sizes = (model.size(request.resolution or model.resolution, ratio) for ratio in ratios)
    return [size for size in sizes if size]


def _frames(request: VideoRequest, model: VideoModel) -> tuple[int, int] | None:
    """The fewest and the most frames that may be billed."""
    if request.frames is not None:
        low = high = request.frames
    else:
        seconds = model.duration if request.duration is None else request.duration
        shortest, longest = model.durations if seconds == OPEN_DURATION else (seconds, seconds)
        low, high = FRAMES_PER_SECOND * shortest + 1, FRAMES_PER_SECOND * longest + 1
    if not request.referring("video"):
        return low, high
    if model.reference_seconds is None:
        return None
    least, most = _input_seconds(request, model.reference_seconds)
    return low + FRAMES_PER_SECOND * least, high + FRAMES_PER_SECOND * most


def _input_seconds(request: VideoRequest, limits: tuple[int, int]) -> tuple[int, int]:
    """The fewest and the most seconds of video that go in, billed like those that come out."""
    shortest, longest = limits
    known = request.lengths("video")
    together = sum(seconds for _, seconds in known)
    unknown = request.referring("video") - len(known)
    least = min(floor(together) + shortest * unknown, longest)
    # Together they may not be longer than one alone. How a part of a second counts is not known.
    return least, longest if unknown else max(ceil(together), CHEAPEST_INPUT)
