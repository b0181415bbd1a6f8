"""What a video model can do, how fast it may be asked, and what it costs."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from byteplus_cli.generation.model import Model, Size, size_of

ADAPTIVE = "adaptive"
INPUTS = {"text", "first_frame", "last_frame", "audio_only"}
FEATURES = {"sound", "draft", "return_last_frame", "flex", "priority", "camera_fixed", "seed"}
ABILITIES = frozenset(INPUTS | FEATURES)

# Small classes that every command about clips loads are named tuples: those are made faster.


class PriceRow(NamedTuple):
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


class Prices(NamedTuple):
    """A dated price list; without `flex_factor` the flex price is not known."""

    rows: tuple[PriceRow, ...]
    source: str
    date: datetime.date
    flex_factor: Decimal | None = None


class Limit(NamedTuple):
    """How fast one account may go; None and () fit everything."""

    requests_per_minute: int
    concurrency: int
    account: str | None = None
    resolutions: tuple[str, ...] = ()
    flex_tokens_per_day: int | None = None


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class VideoModel(Model):
    """One dated video model, in the words that models.toml explains.

    Durations are seconds.
    """

    resolutions: tuple[str, ...]
    resolution: str
    durations: tuple[int, int]
    duration: int
    ratios: tuple[str, ...]
    ratio: str
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

    @property
    def reference_counts(self) -> dict[str, int]:
        """How many references of each kind may go in."""
        return {
            "images": self.reference_images,
            "videos": self.reference_videos,
            "audios": self.reference_audios,
        }

    @property
    def size_table(self) -> dict[str, dict[str, Size]]:
        """Every known size, by resolution and ratio."""
        ratios = dict.fromkeys((*self.ratios, *self.frame_ratios))
        return {
            resolution: {ratio: size for ratio in ratios if (size := self.size(resolution, ratio))}
            for resolution in self.resolutions
        }

    def size(self, resolution: str, ratio: str) -> Size | None:
        """Width and height of a clip; None for `adaptive` and what is not in the table."""
        if resolution not in self.resolutions:
            return None
        return size_of(ratio, self.sizes.get(resolution, {}))
