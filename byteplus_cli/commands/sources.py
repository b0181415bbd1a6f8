"""Inputs as the user names them: files, links, and what was made before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from byteplus_cli.errors import InvalidRequest
from byteplus_cli.generation.media import (
    Source,
    audio_source,
    frame_source,
    picture_source,
    video_source,
)
from byteplus_cli.generation.video import Reference
from byteplus_cli.session import Session

if TYPE_CHECKING:
    from byteplus_cli.generation.entry import Entry, SavedFile
    from byteplus_cli.generation.task import Task

# Of a set of pictures the first is meant, or the one of that number: @last#2.
_MADE = r"(@last|@-\d+|(?:cgt|img)-[A-Za-z0-9-]+)(?:#(\d{1,3}))?"
Read = Callable[[str, str], Source]


def frame(session: Session, text: str | None, option: str, *, dry: bool) -> Source | None:
    """The first or last frame that an option names: a clip stands for its last frame."""
    if text is None:
        return None
    return _source(session, text, option, frame_source, "last_frame", dry=dry)


def pictures(session: Session, texts: Sequence[str], *, dry: bool) -> Iterator[Source]:
    """The pictures that another picture is made from."""
    for text in texts:
        yield _source(session, text, "--image", picture_source, "last_frame", dry=dry)


def portrait(session: Session, text: str, *, dry: bool) -> Source:
    """The picture that is to speak."""
    from byteplus_cli.generation.avatar.inputs import portrait_source

    return _source(session, text, "--image", portrait_source, "last_frame", dry=dry)


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
    named = None if read is audio_source or Path(text).exists() else re.fullmatch(_MADE, text)
    if named is None:
        return read(text, option)
    id = session.ledger.resolve(named[1], session.profile.name)
    entry = session.ledger.known(id)
    if entry and entry.kind == "image":
        source = _picture(session, entry, int(named[2] or 1), option, read)
        # A preview may be passed on, and whoever has a signed link has the picture.
        return replace(source, url=f"(picture {named[2] or 1} of {id})") if dry else source
    if named[2]:
        raise InvalidRequest(
            f"{option} {text}: {id} is one clip, not several pictures", hint=f"{option} {id}"
        )
    if dry:
        return Source(f"({role.replace('_', ' ')} of {id})", made_by=id)
    return _output(session, id, option, read, role)


def _picture(session: Session, entry: Entry, number: int, option: str, read: Read) -> Source:
    """A picture that was made here, by its own link while that lives."""
    if read is video_source:
        raise InvalidRequest(f"{option} {entry.id}: that is a picture", hint="--ref-image takes it")
    files = [file for file in entry.files if file.facts.get("index") == number]
    name = f"{entry.id}#{number}"
    for picture in entry.pictures:
        alive = picture.can_be_fetched(session.around.now())
        if picture.place == number - 1 and picture.url and alive:
            seen = files[0].facts if files else {}
            size = (seen["width"], seen["height"]) if seen else None
            return Source(picture.url, size=size, made_by=name)
    if source := _saved(session, str(entry.id), files, option, read):
        return replace(source, made_by=name)
    raise InvalidRequest(
        f"{option} {entry.id}: it has no picture {number}, or no link to it any more",
        hint=f"{option} FILE, or a link",
    )


def _output(session: Session, id: str, option: str, read: Read, role: str) -> Source:
    task = session.runner.look(id)
    link = next((output.url for output in task.outputs if output.role == role), None)
    if link and _lives(task, session.around.now()):
        return Source(link, made_by=id)
    files = [file for file in session.ledger.find(id).files if file.role == role]
    if source := _saved(session, id, files, option, read):
        return replace(source, made_by=id)
    what = role.replace("_", " ")
    if not task.succeeded:
        wait = None if task.finished else session.resume_words(f"video get {id} --wait")
        raise InvalidRequest(
            f"{option} {id}: that task is {task.status}, so it has no {what}",
            hint=wait or f"{option} FILE, or another task",
        )
    raise InvalidRequest(
        f"{option} {id}: that task has no {what}, or no link to it any more",
        hint="--save-last-frame on the earlier clip keeps one" if role == "last_frame" else None,
    )


def _saved(
    session: Session, id: str, files: Sequence[SavedFile], option: str, read: Read
) -> Source | None:
    """The latest file that is still there, once its link is dead."""
    for file in reversed(files):
        if file.path.exists():
            source = read(str(file.path), option)
            session.terminal.warn(f"the link of {id} is dead, so {file.path.name} is sent instead")
            return source
    return None


def _lives(task: Task, now: float) -> bool:
    from byteplus_cli.generation.report import LINK_SECONDS

    return now < (task.updated_at or now) + LINK_SECONDS
