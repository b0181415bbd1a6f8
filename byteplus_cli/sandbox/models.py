"""The video models as the service documents them (official documentation, 2026-10-08)."""

from __future__ import annotations

from dataclasses import dataclass

Size = tuple[int, int]
RATIOS = ("16:9", "4:3", "1:1", "3:4", "9:16", "21:9")
ADAPTIVE = "adaptive"

_SHARED_2 = {"4:3": (752, 560), "1:1": (640, 640), "21:9": (992, 432)}
_720P = {"16:9": (1280, 720), "4:3": (1112, 834), "1:1": (960, 960), "21:9": (1470, 630)}
_1080P = {"16:9": (1920, 1080), "4:3": (1664, 1248), "1:1": (1440, 1440), "21:9": (2206, 946)}
_4K = {"16:9": (3840, 2160), "4:3": (3326, 2494), "1:1": (2880, 2880), "21:9": (4398, 1886)}
SIZES: dict[str, dict[str, dict[str, Size]]] = {
    "2.5": {"480p": {"16:9": (854, 480), **_SHARED_2}, "720p": _720P, "1080p": _1080P},
    "2.0": {"480p": {"16:9": (864, 496), **_SHARED_2}, "720p": _720P, "1080p": _1080P, "4k": _4K},
    "1.0": {
        "480p": {"16:9": (864, 480), "4:3": (736, 544), "1:1": (640, 640), "21:9": (960, 416)},
        "720p": {"16:9": (1248, 704), "4:3": (1120, 832), "1:1": (960, 960), "21:9": (1504, 640)},
        "1080p": {
            "16:9": (1920, 1088),
            "4:3": (1664, 1248),
            "1:1": (1440, 1440),
            "21:9": (2176, 928),
        },
    },
}


@dataclass(frozen=True)
class Model:
    """One model: its table of sizes, its ranges, and the fields that only some models know."""

    sizes: str
    resolutions: tuple[str, ...]
    resolution: str
    seconds: tuple[int, int]
    usual_seconds: int
    chooses_seconds: bool
    fields: frozenset[str]
    last_frame: bool = True
    references: tuple[int, int, int, int] = (0, 0, 0, 0)  # images, videos, audios, together
    audio_alone: bool = False
    shape_follows_frame: bool = False

    @property
    def adaptive_text(self) -> bool:
        return self.sizes != "1.0"

    def size(self, resolution: str, ratio: str) -> Size:
        table = SIZES[self.sizes][resolution]
        if ratio in table:
            return table[ratio]
        width, height = table[":".join(reversed(ratio.split(":")))]
        return height, width


_2_0 = frozenset({"generate_audio", "priority", "seed", "return_last_frame"})
_1_0 = frozenset({"camera_fixed", "frames", "seed", "return_last_frame", "flex"})


def _seedance_2_0(*resolutions: str) -> Model:
    return Model("2.0", resolutions, "720p", (4, 15), 5, True, _2_0, references=(9, 3, 3, 15))


MODELS: dict[str, Model] = {
    "dreamina-seedance-2-5-260628": Model(
        "2.5",
        ("480p", "720p", "1080p"),
        "720p",
        (4, 30),
        -1,
        True,
        _2_0 | {"draft", "output_format", "omni_reference_task_type"},
        references=(30, 10, 10, 50),
        audio_alone=True,
        shape_follows_frame=True,
    ),
    "dreamina-seedance-2-0-260128": _seedance_2_0("480p", "720p", "1080p", "4k"),
    "dreamina-seedance-2-0-fast-260128": _seedance_2_0("480p", "720p"),
    "dreamina-seedance-2-0-mini-260615": _seedance_2_0("480p", "720p"),
    "seedance-1-0-pro-250528": Model(
        "1.0", ("480p", "720p", "1080p"), "1080p", (2, 12), 5, False, _1_0
    ),
    "seedance-1-0-pro-fast-251015": Model(
        "1.0", ("480p", "720p", "1080p"), "1080p", (2, 12), 5, False, _1_0, last_frame=False
    ),
}
RETIRED = frozenset(
    {
        "seedance-1-5-pro-251215",
        "seedance-1-0-lite-t2v-250428",
        "seedance-1-0-lite-i2v-250428",
    }
)
# What an endpoint id stands for here; a real account chooses that itself.
BEHIND_ENDPOINTS = "seedance-1-0-pro-fast-251015"
