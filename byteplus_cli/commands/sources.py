"""Inputs as the user names them: files, links, and earlier tasks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from byteplus_cli.errors import InvalidRequest
from byteplus_cli.generation.media import Source, audio_source, frame_source, video_source
from byteplus_cli.generation.report import LINK_SECONDS
from byteplus_cli.generation.task import Task
from byteplus_cli.generation.video import Reference
from byteplus_cli.session import Session

_TASK = re.compile(r"@last|@-\d+|cgt-[A-Za-z0-9-]+")
Read = Callable[[str, str], Source]


def frame(session: Session, text: str | None, option: str, *, dry: bool) -> Source | None:
    """The first or last frame that an option names; a task stands for its last frame."""
    if text is None:
        return None
    return _source(session, text, option, frame_source, "last_frame", dry=dry)


def references(session: Session, options: Mapping[str, Any], *, dry: bool) -> Iterator[Reference]:
    """The references in the order that prompts count them: pictures, videos, sounds."""
    readers: dict[str, Read] = {
        "image": frame_source,
        "video": video_source,
        "audio": audio_source,
    }
    for kind, read in readers.items():
        role = "video" if kind == "video" else "last_frame"
        for text in options.get(f"ref_{kind}") or ():
            source = _source(session, text, f"--ref-{kind}", read, role, dry=dry)
            yield Reference(kind, source)


def last_frame(session: Session, id: str, option: str) -> Source:
    """A finished task's last frame: its own link while that lives, since a link is trusted
    where a copy is not; after that the picture that was saved."""
    return _output(session, id, option, frame_source, "last_frame")


def _source(
    session: Session, text: str, option: str, read: Read, role: str, *, dry: bool
) -> Source:
    if read is audio_source or not _TASK.fullmatch(text) or Path(text).exists():
        return read(text, option)
    id = session.ledger.resolve(text, session.profile.name)
    if dry:
        return Source(f"({role.replace('_', ' ')} of {id})")
    return _output(session, id, option, read, role)


def _output(session: Session, id: str, option: str, read: Read, role: str) -> Source:
    task = session.runner.look(id)
    link = next((output.url for output in task.outputs if output.role == role), None)
    if link and _lives(task, session.around.now()):
        return Source(link)
    for file in reversed(session.ledger.find(id).files):
        if file.role == role and file.path.exists():
            source = read(str(file.path), option)
            session.terminal.warn(f"the link of {id} is dead, so {file.path.name} is sent instead")
            return source
    what = role.replace("_", " ")
    if not task.succeeded:
        raise InvalidRequest(f"{option} {id}: that task is {task.status}, so it has no {what}")
    raise InvalidRequest(
        f"{option} {id}: that task has no {what}, or no link to it any more",
        hint="--save-last-frame on the earlier clip keeps one" if role == "last_frame" else None,
    )


def _lives(task: Task, now: float) -> bool:
    return now < (task.updated_at or now) + LINK_SECONDS
