"""What of a first frame is lost when the clip has another shape."""

from __future__ import annotations

from typing import NamedTuple

from byteplus_cli.generation.video import VideoRequest
from byteplus_cli.generation.video_model import ADAPTIVE, VideoModel

# Sizes are rounded to whole blocks, so shapes that differ by less than this count as one.
NEGLIGIBLE = 0.02


class Crop(NamedTuple):
    """The part of a picture that a clip keeps: its top left corner and size, in pixels."""

    x: int
    y: int
    width: int
    height: int
    picture: tuple[int, int]
    ratio: str
    whole: str | None  # the ratio that would keep all of it

    @property
    def words(self) -> str:
        lost = "left and right" if self.x else "top and bottom"
        width, height = self.picture
        kept = self.width * self.height / (width * height)
        return (
            f"--ratio {self.ratio} cuts {lost} off the {width}×{height} picture:"
            f" {kept:.0%} of it stays, {self.width}×{self.height} from its middle"
            + (f"; --ratio {self.whole} keeps it whole" if self.whole else "")
        )


def crop(request: VideoRequest, model: VideoModel | None) -> Crop | None:
    """The centre crop of the first frame, or None if nothing worth a word is cut.

    A picture wider than the clip loses its sides, a taller one its top and bottom (TUT-EN).
    """
    size = request.first_frame.size if request.first_frame else None
    if size is None or request.ratio in (None, ADAPTIVE):
        return None
    ratio = str(request.ratio)
    target = _shape(ratio, request, model)
    width, height = size
    kept_width = min(width, round(height * target))
    kept_height = min(height, round(width / target))
    if kept_width * kept_height >= (1 - NEGLIGIBLE) * width * height:
        return None
    adaptive = model is None or ADAPTIVE in model.frame_ratios
    return Crop(
        x=(width - kept_width) // 2,
        y=(height - kept_height) // 2,
        width=kept_width,
        height=kept_height,
        picture=size,
        ratio=ratio,
        whole=ADAPTIVE if adaptive else None,
    )


def _shape(ratio: str, request: VideoRequest, model: VideoModel | None) -> float:
    size = model.size(request.resolution or model.resolution, ratio) if model else None
    width, height = size or ratio.split(":")
    return int(width) / int(height)
