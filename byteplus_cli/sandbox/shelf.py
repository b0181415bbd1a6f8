"""The files behind the links: made when first asked for, then always the same bytes."""

from __future__ import annotations

import hashlib
import secrets
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from byteplus_cli.sandbox.links import LIFETIME
from byteplus_cli.sandbox.order import FPS
from byteplus_cli.sandbox.states import Status
from byteplus_cli.sandbox.tasks import Task

# Where links lead to, and the folder within the state.
ROOT, _FOLDER = "/files/", "files"


def names(task: Task) -> dict[str, str]:
    """The links of a task, with the names of their files."""
    found = {"video_url": f"{task.id}.{task.order.format}"}
    if task.order.last_frame:
        found["last_frame_url"] = f"{task.id}-last.jpeg"
    return found


def task_id(name: str) -> str:
    """The task that a file belongs to, judged by its name."""
    return name.partition(".")[0].removesuffix("-last")


@dataclass(frozen=True)
class Shelf:
    state: Path
    _making: threading.Lock = field(default_factory=threading.Lock)

    def fetch(self, task: Task, name: str) -> Path | None:
        """The file of that name, unless the task has none like it."""
        if task.status is not Status.SUCCEEDED or name not in names(task).values():
            return None
        clip = self._made(names(task)["video_url"], lambda path: _make_clip(path, task))
        if name == clip.name:
            return clip
        return self._made(name, lambda path: _make_last_frame(path, clip))

    def sweep(self, now: float) -> None:
        """Drops files whose links have long expired."""
        for path in (self.state / _FOLDER).glob("*"):
            if path.stat().st_mtime < now - 2 * LIFETIME:
                path.unlink(missing_ok=True)

    def forget(self) -> None:
        shutil.rmtree(self.state / _FOLDER, ignore_errors=True)

    def _made(self, name: str, make: Callable[[Path], None]) -> Path:
        path = self.state / _FOLDER / name
        with self._making:
            if path.exists():
                return path
            path.parent.mkdir(mode=0o700, exist_ok=True)
            unfinished = path.with_name(f".{secrets.token_hex(4)}-{name}")
            make(unfinished)
            # Another sandbox may have been faster; what it made is the same.
            unfinished.replace(path)
        return path


def etag(path: Path) -> str:
    """The MD5 of the content, quoted, as object stores give it."""
    stat = path.stat()
    return _etag(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=1000)
def _etag(path: Path, modified: int, size: int) -> str:
    with path.open("rb") as file:
        return f'"{hashlib.file_digest(file, "md5").hexdigest()}"'


def _make_clip(path: Path, task: Task) -> None:
    from byteplus_cli.sandbox.samples import Sample, write_clip

    order = task.order
    look = f"{order.seed} {order.prompt}"
    sample = Sample(
        order.width, order.height, order.frames, FPS, bool(order.sound), order.format, look
    )
    write_clip(path, sample)


def _make_last_frame(path: Path, clip: Path) -> None:
    from byteplus_cli.sandbox.samples import write_last_frame

    write_last_frame(path, clip)
