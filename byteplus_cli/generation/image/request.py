"""What a request for pictures says, and the JSON that is sent for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from byteplus_cli.generation.media import Source, described, identity

# One picture is taken apart into a base and at most so many layers (REV265, 2026-10-08).
MOST_LAYERS = 16
LARGEST_SET = 15


@dataclass(frozen=True)
class ImageRequest:
    """One or more pictures to make. None is "not given": it is not sent, the service decides."""

    model: str
    prompt: str | None = None
    images: tuple[Source, ...] = ()
    size: str | None = None  # a size class such as 2K, or WIDTHxHEIGHT in pixels
    count: int = 1
    stream: bool = False
    watermark: bool = False
    output_format: str | None = None
    seed: int | None = None
    guidance_scale: float | None = None
    optimize_prompt: str | None = None
    web_search: bool = False
    transparent: bool = False
    layers: bool = False
    extra: Mapping[str, object] = field(default_factory=dict)

    @property
    def has_prompt(self) -> bool:
        return bool(self.prompt and self.prompt.strip())

    @property
    def most(self) -> int:
        """How many pictures may come of it."""
        return 1 + MOST_LAYERS if self.layers else self.count

    @property
    def asked(self) -> int | None:
        """How many pictures are wanted; of layers nobody knows before."""
        return None if self.layers else self.count

    def body(self) -> dict[str, Any]:
        """The JSON to send: what was given, and nothing else. The service would add a watermark
        by itself, so whether it is to is always said."""
        return self._document(lambda source: source.url)

    def record(self) -> dict[str, Any]:
        """The same to keep: pictures by path and checksum, links without what may sign them."""
        return self._document(described)

    def identity(self) -> dict[str, Any]:
        """What is asked for, with pictures by their content, however they are to come."""
        return replace(self, stream=False)._document(identity)

    def _document(self, describe: Callable[[Source], object]) -> dict[str, Any]:
        images = [describe(source) for source in self.images]
        fields: dict[str, Any] = {
            "prompt": self.prompt if self.has_prompt else None,
            "image": (images[0] if len(images) == 1 else images) or None,
            "size": self.size,
            **(_set_of(self.count) if self.count > 1 else {}),
            "stream": self.stream or None,
            "watermark": self.watermark,
            "output_format": self.output_format,
            "seed": self.seed,
            "guidance_scale": self.guidance_scale,
            "optimize_prompt_options": {"mode": self.optimize_prompt}
            if self.optimize_prompt
            else None,
            "tools": [{"type": "web_search"}] if self.web_search else None,
            "background": "transparent" if self.transparent else None,
            "layer_decomposition": self.layers or None,
        }
        given = {name: value for name, value in fields.items() if value is not None}
        return {"model": self.model, **given, **self.extra}


def asked_for(record: Mapping[str, Any]) -> int:
    """How many pictures may come of a request, from what was kept of it."""
    if record.get("layer_decomposition"):
        return 1 + MOST_LAYERS
    if record.get("sequential_image_generation") != "auto":
        return 1
    options = record.get("sequential_image_generation_options")
    most = options.get("max_images") if isinstance(options, dict) else None
    return most if isinstance(most, int) else LARGEST_SET


def _set_of(count: int) -> dict[str, Any]:
    return {
        "sequential_image_generation": "auto",
        "sequential_image_generation_options": {"max_images": count},
    }
