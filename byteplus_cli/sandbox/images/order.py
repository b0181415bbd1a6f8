"""What an accepted request comes to: the pictures of one group, with every choice made."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from byteplus_cli.sandbox.images.sizes import Shape
from byteplus_cli.sandbox.kept import Kept

# Left, top, right and bottom of each layer, in thousandths of the base picture.
_BOXES = ((80, 400, 480, 960), (520, 330, 940, 900), (200, 60, 800, 260))
# The base is one more.
LAYERED_COUNT = 1 + len(_BOXES)


@dataclass(frozen=True)
class Picture:
    """One to deliver; `box` is where a layer lies in its base, in thousandths."""

    index: int
    size: Shape
    format: str
    alpha: bool
    box: tuple[int, int, int, int] | None = None


@dataclass(frozen=True)
class Fault:
    """What comes in place of a picture, or of all of them."""

    index: int
    code: str


@dataclass(frozen=True)
class Order(Kept):
    """`inputs` and `tools` only count for the bill; `base64` is how pictures are handed over."""

    model: str
    seed: int
    width: int
    height: int
    count: int
    format: str
    transparent: bool
    layered: bool
    base64: bool
    stream: bool
    inputs: int
    tools: list[dict[str, Any]] | None

    @cached_property
    def pieces(self) -> tuple[Picture | Fault, ...]:
        """What comes, in order; a fault of the service stops what would follow (REV265)."""
        count = min(self.count, self.script.make or self.count)
        return tuple(self._piece(index) for index in range(count))[: self.script.stop]

    @property
    def pictures(self) -> list[Picture]:
        return [piece for piece in self.pieces if isinstance(piece, Picture)]

    @property
    def failure(self) -> Fault | None:
        """Why nothing comes out; of layers all fail when one does (REV265)."""
        if self.script.fail is not None:
            return Fault(0, self.script.fail)
        faults = [piece for piece in self.pieces if isinstance(piece, Fault)]
        return faults[0] if faults and (self.layered or not self.pictures) else None

    @property
    def breaks_after(self) -> int | None:
        """How many pieces arrive before the answer breaks off, if it does."""
        count, pictures = self.script.break_, self.pictures
        if count is None or count > len(pictures) or self.failure is not None:
            return None
        return pictures[count - 1].index + 1

    def _piece(self, index: int) -> Picture | Fault:
        if index + 1 == self.script.stop:
            return Fault(index, "InternalServiceError")
        if index + 1 == self.script.skip:
            return Fault(index, "OutputImageSensitiveContentDetected")
        if not (self.layered and index):
            return Picture(index, (self.width, self.height), self.format, self.transparent)
        left, top, right, bottom = box = _BOXES[index - 1]
        size = self.width * (right - left) // 1000, self.height * (bottom - top) // 1000
        return Picture(index, size, self.format, alpha=True, box=box)
