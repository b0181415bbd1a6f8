"""What a request for an avatar says, and the JSON that is sent for it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from byteplus_cli.generation.avatar.model import USD_A_SECOND, AvatarModel
from byteplus_cli.generation.cost import Estimate
from byteplus_cli.generation.media import Source, described, identity, unsigned

# Several masks stand in one text (VIS-SAMPLE).
BETWEEN_MASKS = ";"


@dataclass(frozen=True)
class AvatarRequest:
    """A portrait and what it is to say. None is "not given": it is not sent."""

    model: AvatarModel
    image: Source
    audio: Source
    masks: tuple[str, ...] = ()
    mask_indexes: tuple[int, ...] = ()  # of the subjects that the masks are of, if they are known
    prompt: str | None = None
    seed: int | None = None
    resolution: int | None = None
    fast: bool | None = None

    def body(self) -> dict[str, Any]:
        """The JSON to send: what was given, and nothing else."""
        urls = {"image_url": self.image.url, "audio_url": self.audio.url}
        return {"req_key": self.model.req_key, **urls, **self._options()}

    def record(self) -> dict[str, Any]:
        """The same to keep: inputs by path and checksum, links without what may sign them."""
        options = self._options()
        options.pop("mask_url", None)
        seconds = self.audio.seconds
        return {
            "req_key": self.model.req_key,
            "image": described(self.image),
            "audio": described(self.audio),
            **options,
            "masks": len(self.masks),
            **self._masks(),
            "seconds": seconds,
            # The words that names of files are made of.
            "resolution": f"{self.resolution}p" if self.resolution else None,
            "duration": round(seconds) if seconds else None,
        }

    def identity(self) -> dict[str, Any]:
        """What is asked for, with the inputs by their content."""
        inputs = {"image": identity(self.image), "audio": identity(self.audio)}
        return {"req_key": self.model.req_key, **inputs, **self._options()}

    def _masks(self) -> dict[str, Any]:
        """Who is to speak, as it can be asked for again: found masks have links that die."""
        if self.mask_indexes:
            return {"mask_indexes": self.mask_indexes}
        return {"mask_urls": [unsigned(url) for url in self.masks]} if self.masks else {}

    @property
    def estimate(self) -> Estimate:
        """By the second of the sound, where its length is known."""
        if self.audio.seconds is None:
            return Estimate()
        dollars = price(self.audio.seconds)
        return Estimate(usd_low=dollars, usd_high=dollars)

    def _options(self) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "mask_url": BETWEEN_MASKS.join(self.masks) or None,
            "prompt": self.prompt or None,
            "seed": self.seed,
            "output_resolution": self.resolution,
            "pe_fast_mode": self.fast,
        }
        return {name: value for name, value in fields.items() if value is not None}


def price(seconds: float) -> Decimal:
    """US dollars for so many seconds."""
    return USD_A_SECOND * Decimal(str(seconds))
