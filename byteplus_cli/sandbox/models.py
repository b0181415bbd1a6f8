"""What each video model takes and makes: the table that requests are judged by.

Read from REV265 (2026-10-08), sizes from TUT-EN; the state is that of 2026-11-20.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

ADAPTIVE = "adaptive"
CHOSEN_BY_MODEL = -1

# Width and height of the landscape ratios; portrait ones are the same, turned.
_Sizes = Mapping[str, tuple[int, int]]
_720P: _Sizes = {"16:9": (1280, 720), "4:3": (1112, 834), "1:1": (960, 960), "21:9": (1470, 630)}
_1080P: _Sizes = {
    "16:9": (1920, 1080),
    "4:3": (1664, 1248),
    "1:1": (1440, 1440),
    "21:9": (2206, 946),
}
_SIZES: Mapping[str, Mapping[str, _Sizes]] = {
    "2.5": {
        "480p": {"16:9": (854, 480), "4:3": (752, 560), "1:1": (640, 640), "21:9": (992, 432)},
        "720p": _720P,
        "1080p": _1080P,
    },
    "2.0": {
        "480p": {"16:9": (864, 496), "4:3": (752, 560), "1:1": (640, 640), "21:9": (992, 432)},
        "720p": _720P,
        "1080p": _1080P,
        "4k": {
            "16:9": (3840, 2160),
            "4:3": (3326, 2494),
            "1:1": (2880, 2880),
            "21:9": (4398, 1886),
        },
    },
    "1.0": {
        "480p": {"16:9": (864, 480), "4:3": (736, 544), "1:1": (640, 640), "21:9": (960, 416)},
        "720p": {"16:9": (1248, 704), "4:3": (1120, 832), "1:1": (960, 960), "21:9": (1504, 640)},
        "1080p": {**_1080P, "16:9": (1920, 1088), "21:9": (2176, 928)},
    },
}
_TURNED = {"3:4": "4:3", "9:16": "16:9"}
RATIOS = ("16:9", "4:3", "1:1", "3:4", "9:16", "21:9")

# Fields that every model knows.
_COMMON = frozenset(
    [
        "model",
        "content",
        "resolution",
        "ratio",
        "duration",
        "seed",
        "watermark",
        "return_last_frame",
        "service_tier",
        "execution_expires_after",
        "callback_url",
        "safety_identifier",
    ]
)
# framespersecond is swallowed unchecked by every model (LIVE-B).
_SWALLOWED = frozenset({"framespersecond"})


@dataclass(frozen=True)
class References:
    """How many reference files of each kind, and of all kinds, a request may hold.

    `seconds` are the fewest of one video, and the most of all together.
    """

    images: int
    videos: int
    audios: int
    total: int
    seconds: tuple[int, int]


@dataclass(frozen=True)
class Model:
    """`fields` are those beyond the common ones; `seconds` are the shortest and the longest."""

    family: str
    resolutions: tuple[str, ...]
    resolution: str
    seconds: tuple[int, int]
    fields: frozenset[str]
    duration: int = 5
    chooses_length: bool = True
    adaptive_text: bool = True
    last_frame_role: bool = True
    heic: bool = True
    flex: bool = False
    references: References | None = None
    audio_alone: bool = False
    frames_keep_shape: bool = False

    @property
    def sound(self) -> bool:
        return "generate_audio" in self.fields

    def knows(self, field: str) -> bool:
        return field in _COMMON or field in _SWALLOWED or field in self.fields

    def pixels(self, resolution: str, ratio: str) -> tuple[int, int]:
        sizes = _SIZES[self.family][resolution]
        if ratio in _TURNED:
            height, width = sizes[_TURNED[ratio]]
            return width, height
        return sizes[ratio]


_PRO = Model(
    family="1.0",
    resolutions=("480p", "720p", "1080p"),
    resolution="1080p",
    seconds=(2, 12),
    fields=frozenset({"frames", "camera_fixed"}),
    chooses_length=False,
    adaptive_text=False,
    heic=False,
    flex=True,
)
_TWO = Model(
    family="2.0",
    resolutions=("480p", "720p", "1080p", "4k"),
    resolution="720p",
    seconds=(4, 15),
    # `tools` stands in the OpenAPI schema only, and in the China edition's pages for 2.x.
    fields=frozenset({"generate_audio", "priority", "tools"}),
    references=References(images=9, videos=3, audios=3, total=15, seconds=(2, 15)),
)
_TWO_SMALL = replace(_TWO, resolutions=("480p", "720p"))

MODELS: Mapping[str, Model] = {
    "dreamina-seedance-2-5-260628": Model(
        family="2.5",
        resolutions=("480p", "720p", "1080p"),
        resolution="720p",
        seconds=(4, 30),
        fields=_TWO.fields | {"draft", "output_format", "omni_reference_task_type"},
        duration=CHOSEN_BY_MODEL,
        references=References(images=30, videos=10, audios=10, total=50, seconds=(2, 30)),
        audio_alone=True,
        frames_keep_shape=True,
    ),
    "dreamina-seedance-2-0-260128": _TWO,
    "dreamina-seedance-2-0-fast-260128": _TWO_SMALL,
    "dreamina-seedance-2-0-mini-260615": _TWO_SMALL,
    "seedance-1-0-pro-250528": _PRO,
    "seedance-1-0-pro-fast-251015": replace(_PRO, last_frame_role=False),
}
# What an endpoint id stands for here; a real one is bound to a model in the console.
ENDPOINT_MODEL = "seedance-1-0-pro-fast-251015"
# 1.5 pro ended on 2026-11-11, the lite models on 2026-05-13 (REV265 deprecation notices).
RETIRED = frozenset(
    {
        "seedance-1-5-pro-251215",
        "seedance-1-0-lite-t2v-250428",
        "seedance-1-0-lite-i2v-250428",
    }
)
KNOWN_FIELDS = _COMMON | _SWALLOWED | frozenset().union(*(each.fields for each in MODELS.values()))


def nearest_ratio(width: int, height: int) -> str:
    """The listed ratio whose shape is closest to a picture of that size."""

    def distance(ratio: str) -> float:
        across, down = ratio.split(":")
        return abs(math.log(width / height) - math.log(int(across) / int(down)))

    return min(RATIOS, key=distance)
