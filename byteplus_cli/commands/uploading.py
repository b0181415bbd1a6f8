"""Files that the service takes as links only: into the user's storage, and out of it again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from byteplus_cli.errors import (
    ByteplusError,
    Charge,
    Detached,
    Interrupted,
    InvalidConfig,
    InvalidRequest,
)
from byteplus_cli.generation import uploads
from byteplus_cli.generation.database import LedgerError
from byteplus_cli.generation.entry import Entry
from byteplus_cli.generation.media import Source
from byteplus_cli.generation.video import VideoRequest
from byteplus_cli.session import Session
from byteplus_cli.terminal.layout import size

# What storage takes to set up; the last is not needed with AWS.
SET_UP = (
    "storage.url s3://BUCKET/FOLDER",
    "storage.access_key",
    "storage.secret_key",
    "storage.endpoint https://tos-s3-ap-southeast-1.bytepluses.com",
)


def uploaded(
    session: Session, request: VideoRequest, seconds: int, *, keep: bool = False
) -> VideoRequest:
    """The request with each file that needs a link in storage, and that link in its place."""
    return request.with_each(lambda source: uploaded_source(session, source, seconds, keep=keep))


def uploaded_source(
    session: Session, source: Source, seconds: int, *, keep: bool = False
) -> Source:
    """An input with a link that lives so long; one that has no need of it as it is.

    `keep` is written down with it, for when the task is saved.
    """
    if not source.to_upload:
        return source
    check_storage(session, source.path)
    try:
        key, link = _stored(session, source, seconds)
    except ByteplusError as error:
        error.charge = Charge.NO
        raise
    except Interrupted as signal:
        raise Detached(
            "stopped during the upload, before anything was asked for",
            exit_code=signal.exit_code,
            hint="the same command begins it anew",
            charge=Charge.NO,
        ) from signal
    return replace(source, url=link, key=key, keep=keep, to_upload=False)


def remove_uploads(session: Session, entry: Entry) -> None:
    """Delete what was uploaded for a saved task and no task needs any more.

    Whatever goes wrong is a warning: the task is saved all the same.
    """
    try:
        keys = uploads.done_with(entry, session.ledger, session.around.now())
        if _removed(session, keys):
            uploads.forget(entry, keys, session.ledger)
    except LedgerError as error:
        session.terminal.warn(f"what was uploaded may still be in storage: {error.message}")


def removed(session: Session, sources: Iterable[Source]) -> None:
    """Delete what was uploaded for no task at all, unless one needs it too."""
    keys = (source.key for source in sources if source.key and not source.keep)
    _removed(session, uploads.unneeded(keys, session.ledger, session.around.now()))


def check_storage(session: Session, file: Path | None) -> None:
    """Raises InvalidRequest, with how to set one up, if there is no storage to put a file into."""
    if session.storage is not None:
        return
    lines = [session.resume_words(f"config set {setting}") for setting in SET_UP]
    raise InvalidRequest(
        f"{file}: the service takes that as a link only, and profile {session.profile.name} has no"
        " storage that a file could be linked from",
        hint="\n".join(lines) + "  (BytePlus TOS; AWS needs none)",
    )


def _stored(session: Session, source: Source, seconds: int) -> tuple[str, str]:
    storage, path, sha256, sent = session.storage, source.path, source.sha256, False
    if storage is None or path is None or sha256 is None:
        raise AssertionError(f"{source} is no file to upload")

    def sending() -> None:
        nonlocal sent
        sent = True
        session.terminal.note(f"uploading {path.name} ({size(source.bytes or 0)})")

    key = storage.put(path, sha256, sending=sending)
    if not sent:
        session.terminal.note(f"{path.name} is in storage already")
    return key, storage.link(key, seconds)


def _removed(session: Session, keys: Sequence[str]) -> bool:
    """Whether anything was deleted; if it cannot be, that is said."""
    if not keys:
        return False
    try:
        if session.storage is None:
            raise InvalidConfig(
                f"profile {session.profile.name} names no storage any more",
                hint="byteplus config set storage.url s3://BUCKET/FOLDER",
            )
        session.storage.remove(keys)
    except ByteplusError as error:
        session.terminal.warn(f"still in storage: {', '.join(keys)} ({error.message})")
        return False
    for key in keys:
        session.terminal.detail(f"removed from storage: {key}")
    return True
