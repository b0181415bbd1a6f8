"""The files that answers of the Vision API link to: clips and masks, for an hour each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from byteplus_cli.sandbox import links
from byteplus_cli.sandbox.shelf import ROOT, File
from byteplus_cli.sandbox.vision.jobs import Job, Jobs, Status
from byteplus_cli.sandbox.vision.masks import Mask, write_mask
from byteplus_cli.sandbox.vision.order import FPS, Order

# VIS-CN15, for clips and masks alike.
LIFETIME = 3600


def link(host: str, name: str, issued: float, secret: bytes) -> str:
    return links.signed(host, ROOT + name, issued, secret, LIFETIME)


def clip_name(job: Job) -> str:
    return f"{job.id}.mp4"


@dataclass(frozen=True)
class Gallery:
    jobs: Jobs
    clock: Callable[[], float]

    def find(self, name: str) -> File | None:
        """The file of that name, unless it is no mask's and no finished task has one like it."""
        mask = Mask.named(name)
        if mask:
            # Nothing is kept of a mask: its name says how it looks.
            return File(name, name, lambda path: write_mask(path, mask))
        job = self.jobs.find(name.partition(".")[0], self.clock())
        if job is None or job.status is not Status.DONE or name != clip_name(job):
            return None
        order = job.order
        return File(name, job.id, lambda path: _film(path, order), order.script.cut)


def _film(path: Path, order: Order) -> None:
    from byteplus_cli.sandbox.samples import Sample, write_clip

    look = f"{order.seed} {order.prompt}"
    write_clip(path, Sample(order.width, order.height, order.frames, FPS, True, "mp4", look))
