"""What each image model takes and makes: the table that requests are judged by.

Read from REV265 (2026-10-08); the state is that of 2026-11-20.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from byteplus_cli.sandbox.images import sizes
from byteplus_cli.sandbox.images.sizes import Landscapes

MODE = "optimize_prompt_options.mode"
MAX_IMAGES = "sequential_image_generation_options.max_images"
# Objects whose fields are judged like those beside them, as `object.field`.
OBJECTS = ("optimize_prompt_options", "sequential_image_generation_options")

_COMMON = frozenset(
    {
        "model",
        "prompt",
        "image",
        "size",
        "response_format",
        "watermark",
        "optimize_prompt_options",
        MODE,
    }
)
_GROUPS = frozenset(
    {
        "sequential_image_generation",
        "sequential_image_generation_options",
        MAX_IMAGES,
        "stream",
    }
)
_LAYERS = frozenset({"output_format", "background", "layer_decomposition"})
# Of models that are closed; those that are left refuse it.
_GONE = frozenset({"guidance_scale"})


@dataclass(frozen=True)
class Model:
    """`fields` are those beyond the common ones; `pixels` bounds sizes given as WxH."""

    classes: Mapping[str, Landscapes]
    size: str
    pixels: tuple[int, int]
    inputs: int
    fields: frozenset[str]
    fast: bool = False

    @property
    def layers(self) -> bool:
        """Whether it separates layers; such models also say more of what they made."""
        return "layer_decomposition" in self.fields

    def knows(self, field: str) -> bool:
        return field in _COMMON or field in self.fields


_PRO = Model(
    classes={"1K": sizes.ONE, "1.5K": sizes.ONE_AND_A_HALF, "2K": sizes.TWO_OF_PRO},
    size="2K",
    pixels=(921_600, 4_624_220),
    inputs=10,
    fields=_LAYERS,
    fast=True,
)
_FLASH = Model(
    classes=_PRO.classes,
    size="2K",
    pixels=_PRO.pixels,
    inputs=10,
    # The last three stand in the catalogue only, and were accepted by the live service.
    fields=_LAYERS | {"seed", "negative_prompt", "optimize_prompt"},
)
_LITE = Model(
    classes={"2K": sizes.TWO, "3K": sizes.THREE, "4K": sizes.FOUR},
    size="2048x2048",
    pixels=(3_686_400, 16_777_216),
    inputs=14,
    # `tools` stands in the OpenAPI schema only, and in the China edition's pages for this model.
    fields=_GROUPS | {"output_format", "tools"},
)
_FOUR_FIVE = Model(
    classes={"2K": sizes.TWO, "4K": sizes.FOUR},
    size="2048x2048",
    pixels=(3_686_400, 16_777_216),
    inputs=14,
    fields=_GROUPS,
)
_FOUR = Model(
    classes={"1K": sizes.ONE_OF_4_0, "2K": sizes.TWO, "4K": sizes.FOUR},
    size="2048x2048",
    pixels=(921_600, 16_777_216),
    inputs=14,
    fields=_GROUPS,
    fast=True,
)

MODELS: Mapping[str, Model] = {
    "dola-seedream-5-0-pro-260628": _PRO,
    "dola-seedream-5-0-flash-260915": _FLASH,
    "seedream-5-0-260128": _LITE,
    # The same model; it stands in no list (LIVE-A).
    "seedream-5-0-lite-260128": _LITE,
    "seedream-4-5-251128": _FOUR_FIVE,
    "seedream-4-0-250828": _FOUR,
    # A build that answers to its own id (LIVE-A).
    "seedream-4-0-20260415": _FOUR,
}
# What an endpoint id stands for here; a real one is bound to a model in the console.
ENDPOINT_MODEL = "seedream-4-0-250828"
# 3.0 ended on 2026-05-13; seededit is shut down (REV265).
RETIRED = frozenset({"seedream-3-0-t2i-250415", "seededit-3-0-i2i-250628"})
KNOWN_FIELDS = _COMMON | _GONE | frozenset().union(*(each.fields for each in MODELS.values()))
