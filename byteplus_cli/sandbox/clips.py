"""The files of a finished task: its clip and, if asked for, the last frame of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from byteplus_cli.sandbox.order import FPS, Order
from byteplus_cli.sandbox.shelf import File, Shelf
from byteplus_cli.sandbox.states import Status
from byteplus_cli.sandbox.tasks import Task, Tasks


def names(task: Task) -> dict[str, str]:
    """The links of a task, with the names of their files."""
    found = {"video_url": f"{task.id}.{task.order.format}"}
    if task.order.last_frame:
        found["last_frame_url"] = f"{task.id}-last.jpeg"
    return found


@dataclass(frozen=True)
class Clips:
    tasks: Tasks
    shelf: Shelf
    clock: Callable[[], float]

    def find(self, name: str) -> File | None:
        """The file of that name, unless no finished task has one like it."""
        task = self.tasks.find(name.partition(".")[0].removesuffix("-last"), self.clock())
        if task is None or task.status is not Status.SUCCEEDED or name not in names(task).values():
            return None
        clip = _file(task, names(task)["video_url"], lambda path: _write_clip(path, task.order))
        if name == clip.name:
            return clip
        return _file(task, name, lambda path: _write_last_frame(path, self.shelf.path(clip)))


def _file(task: Task, name: str, make: Callable[[Path], None]) -> File:
    return File(name, task.id, make, task.order.script.cut)


def _write_clip(path: Path, order: Order) -> None:
    from byteplus_cli.sandbox.samples import Sample, write_clip

    look = f"{order.seed} {order.prompt}"
    sample = Sample(
        order.width, order.height, order.frames, FPS, bool(order.sound), order.format, look
    )
    write_clip(path, sample)


def _write_last_frame(path: Path, clip: Path) -> None:
    from byteplus_cli.sandbox.samples import write_last_frame

    write_last_frame(path, clip)
