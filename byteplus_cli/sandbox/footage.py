"""A reference video that the sandbox has itself: whether the service would take it, how long it is.

Limits are those of REV265 (2026-10-08).
"""

from __future__ import annotations

from pathlib import Path

from byteplus_cli.sandbox.inputs import MEGABYTE
from byteplus_cli.sandbox.refusal import invalid

VIDEO_BYTES = 200 * MEGABYTE
SIDE, AREA, SHAPE = (300, 6000), (407_696, 8_295_044), (0.4, 2.5)
RATE = (24, 60)
CODECS = ("h264", "hevc")


def seconds(where: str, path: Path) -> float:
    """The length of a video; raises Refusal for one that no model takes."""
    import av

    if path.stat().st_size > VIDEO_BYTES:
        raise invalid(where, f"is larger than {VIDEO_BYTES // MEGABYTE} MB")
    try:
        # FFmpeg has one name for both.
        with av.open(path, format="mov") as container:
            stream = container.streams.video[0]
            codec, rate = stream.codec_context.name, float(stream.average_rate or 0)
            width, height, length = stream.width, stream.height, container.duration
    except (av.FFmpegError, IndexError) as error:
        raise invalid(where, "has to be an mp4 or mov file") from error
    if codec not in CODECS or not length:
        raise invalid(where, "has to be in H.264 or H.265")
    if not RATE[0] <= round(rate) <= RATE[1]:
        raise invalid(where, f"{rate:g} frames a second: {RATE[0]} to {RATE[1]} are supported")
    _check_size(where, width, height)
    return float(length / av.time_base)


def _check_size(where: str, width: int, height: int) -> None:
    if not all(SIDE[0] <= side <= SIDE[1] for side in (width, height)):
        raise invalid(where, f"{width}x{height}: sides have to be {SIDE[0]} to {SIDE[1]} pixels")
    if not AREA[0] <= width * height <= AREA[1]:
        raise invalid(where, f"{width}x{height}: has to have {AREA[0]} to {AREA[1]} pixels")
    if not SHAPE[0] <= width / height <= SHAPE[1]:
        raise invalid(where, f"{width}x{height}: width/height has to be {SHAPE[0]} to {SHAPE[1]}")
