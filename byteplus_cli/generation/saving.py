"""A finished task's files, from their links to the disk and the ledger."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from byteplus_cli.errors import Charge, NotSaved
from byteplus_cli.generation import clip, naming
from byteplus_cli.generation.cost import FRAMES_PER_SECOND
from byteplus_cli.generation.database import LedgerError
from byteplus_cli.generation.download import LinkExpired, Saved, Transfer, download
from byteplus_cli.generation.entry import Entry, SavedFile
from byteplus_cli.generation.fields import name_fields
from byteplus_cli.generation.ledger import Ledger
from byteplus_cli.generation.notice import Notice
from byteplus_cli.generation.retry import Pause
from byteplus_cli.generation.task import Task
from byteplus_cli.generation.video_model import VideoModel
from byteplus_cli.generation.watch import Clocks

# An edited clip may come out 0.4 s shorter than its source (live probe, 2026-09).
SECONDS_OFF = 0.5
PICTURE_SUFFIXES = {".jpg": "jpg", ".jpeg": "jpg", ".png": "png"}

Saving = Generator[Transfer | Pause | Notice, None, tuple[SavedFile, ...]]


def save(
    task: Task,
    entry: Entry,
    template: naming.Template,
    *,
    look: Callable[[], Task],
    ledger: Ledger,
    model: VideoModel | None,
    clocks: Clocks,
    overwrite: bool,
) -> Saving:
    """Save each output of a task and write it down; `look` gives fresh links for stale ones.

    Raises NotSaved, and Missing when no link works any more.
    """
    if not task.outputs:
        raise NotSaved(
            f"task {task.id} succeeded, but the service names no file", charge=Charge.YES
        )
    main = template.name(name_fields(entry, task), mark="draft" if entry.is_draft else None)
    files = []
    for role, target in _targets(task, main):
        saved = yield from _fetch(task, role, target, look, clocks, overwrite)
        if saved.path != target:
            yield Notice(naming.another(target, saved.path))
        facts = {**asdict(saved.content), "differs": []}
        if isinstance(saved.content, clip.Clip):
            facts["differs"] = list(differences(task, entry, saved.content, model))
        file = SavedFile(saved.path, role, saved.bytes, saved.sha256, facts)
        try:
            ledger.saved(task.id, file, clocks.now())
        except LedgerError as error:
            # The file is there, and a run that failed might be made, and paid for, once more.
            yield Notice(f"{saved.path} is saved, but not written down: {error.message}")
        files.append(file)
    return tuple(files)


def differences(
    task: Task, entry: Entry, seen: clip.Clip, model: VideoModel | None
) -> Iterator[str]:
    """Where a delivered clip is not what was asked for, in words."""
    asked = entry.request
    for name, got in (("resolution", task.resolution), ("ratio", task.ratio)):
        wanted = asked.get(name)
        if got and wanted not in (None, got, "adaptive"):
            yield f"the {name} is {got}, not {wanted}"
    size = model.size(task.resolution or "", task.ratio or "") if model else None
    if size and size != (seen.width, seen.height):
        yield f"the clip is {seen.width}x{seen.height}, not {size[0]}x{size[1]}"
    seconds = task.seconds
    if seconds and seconds > 0 and abs(seconds - seen.seconds) > SECONDS_OFF:
        yield f"the clip is {seen.seconds:.1f} s long, not {seconds:.1f} s"
    if task.kind == "video" and seen.fps and round(seen.fps) != (task.fps or FRAMES_PER_SECOND):
        yield f"the clip has {seen.fps:.3g} frames a second, not {task.fps or FRAMES_PER_SECOND}"
    if task.audio and not seen.audio:
        yield "the clip has no sound"


def _targets(task: Task, main: Path) -> Iterator[tuple[str, Path]]:
    for output in task.outputs:
        if output.role == "video":
            yield output.role, main
            continue
        # Sources disagree on jpeg or png, so the link's own ending decides.
        suffix = PurePosixPath(urlsplit(output.url).path).suffix.lower()
        yield output.role, naming.beside(main, "last", PICTURE_SUFFIXES.get(suffix, "jpg"))


def _fetch(
    task: Task,
    role: str,
    target: Path,
    look: Callable[[], Task],
    clocks: Clocks,
    overwrite: bool,
) -> Generator[Transfer | Pause, None, Saved[Any]]:
    check = clip.probe if role == "video" else clip.picture

    def bring(current: Task) -> Generator[Transfer | Pause, None, Saved[Any]]:
        link = next((output.url for output in current.outputs if output.role == role), None)
        if link is None:
            raise NotSaved(f"task {task.id} has no {role} any more", charge=Charge.YES)
        return download(
            link,
            target,
            check=check,
            overwrite=overwrite,
            sleep=clocks.sleep,
            clock=clocks.monotonic,
        )

    try:
        return (yield from bring(task))
    except LinkExpired:
        return (yield from bring(look()))
