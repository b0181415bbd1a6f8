"""Looking at tasks that exist: cards, lists, and doing one thing to several of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from byteplus_cli.commands.creating import Saving
from byteplus_cli.commands.leaving import retold
from byteplus_cli.commands.making import check_ended_well, save, wait_for
from byteplus_cli.config import nearest
from byteplus_cli.errors import (
    ByteplusError,
    Detached,
    InvalidRequest,
    Missing,
    PartlyFailed,
)
from byteplus_cli.generation.entry import Entry
from byteplus_cli.generation.report import (
    link_expires_at,
    shown_path,
    task_document,
    tasks_document,
)
from byteplus_cli.generation.task import Status
from byteplus_cli.session import Session
from byteplus_cli.terminal.layout import card, span, table

WITH_ARTICLE = {"video": "a clip", "avatar": "an avatar"}


def get_tasks(
    session: Session, names: Sequence[str], saving: Saving, *, wait: bool, kind: str = "video"
) -> None:
    """Look at each task, follow it if asked, and save what is finished."""
    saved: list[str] = []

    def get(id: str) -> None:
        if kind == "video":
            session.runner.recovery.claim(id)
        elif session.ledger.known(id) is None:
            session.avatar_runner.look(id)  # from now on its kind is known
        with retold(session, kind):
            task = wait_for(session, id, saving) if wait else session.runner_for(id).look(id)
            if task.finished:
                check_ended_well(task)
                saved.extend(save(session, task, saving))

    def lines(entries: Sequence[Entry]) -> list[str]:
        return saved if wait else _look_lines(session, entries)

    for_each(session, names, get, lines, kind)


def for_each(
    session: Session,
    names: Sequence[str],
    act: Callable[[str], object],
    lines: Callable[[Sequence[Entry]], Sequence[str]],
    kind: str = "video",
) -> None:
    """Do one thing to each task and print them; a failure does not stop the rest.

    Raises the failure of a single task as it is, and PartlyFailed for several.
    """
    ids = [task_id(session, name, kind) for name in names]
    faults: dict[str, ByteplusError] = {}
    for id in dict.fromkeys(ids):
        try:
            act(id)
        except Detached:
            raise
        except ByteplusError as error:
            error.task_id = error.task_id or id
            faults[id] = error
    entries = _known(session, ids)
    document = _document(entries, session.cwd, single=len(ids) == 1)
    if faults and len(ids) == 1:
        faults[ids[0]].document = document
        raise faults[ids[0]]
    if not faults:
        session.terminal.result(lines(entries), document, files=_files(session, entries))
        return
    good = [entry for entry in entries if entry.id not in faults]
    if not session.terminal.json:
        session.terminal.result(lines(good), files=_files(session, good))
    for id, fault in faults.items():
        session.terminal.warn(f"{id}: {fault.message}")
    failed = PartlyFailed(f"{len(faults)} of {len(ids)} tasks: see above")
    failed.document = document
    raise failed


def checked_status(text: str | None) -> str | None:
    """A status to look for; raises InvalidRequest that names the nearest."""
    if text is None or text in list(Status):
        return text
    hint = nearest(text, list(Status)) or f"one of {', '.join(Status)}"
    raise InvalidRequest(f"no task is ever {text}", hint=hint)


def task_id(session: Session, name: str, kind: str) -> str:
    """The id of the task of one kind that the user means; raises InvalidRequest for others."""
    id = session.ledger.resolve(name, session.profile.name, kind)
    known = session.ledger.known(id)
    if known is None or known.kind == kind:
        return id
    if known.kind != "image":
        raise InvalidRequest(
            f"{id} is {WITH_ARTICLE[known.kind]}, not {WITH_ARTICLE[kind]}",
            hint=session.resume_words(f"{known.kind} get {id}"),
        )
    files = ", ".join(shown_path(file.path, session.cwd) for file in known.files)
    raise InvalidRequest(
        f"{id} is a picture, and no task on the server",
        hint=f"it is saved as {files}" if files else session.resume_words("rescue"),
    )


def list_lines(entries: Sequence[Entry], now: float, width: int | None) -> list[str]:
    """The table of `video list`."""
    headers = ("ID", "STATUS", "AGE", "LINK", "SAVED", "PROMPT")
    rows = [
        (
            entry.id or "(no id)",
            f"{entry.status} draft" if entry.is_draft else entry.status,
            span(now - entry.created_at),
            _link_left(entry, now) or "-",
            "yes" if entry.saved else "no",
            entry.prompt or "",
        )
        for entry in entries
    ]
    return table(headers, rows, width)


def ids_of(entries: Sequence[Entry]) -> list[str]:
    """The ids, one a line."""
    return [str(entry.id) for entry in entries]


def _look_lines(session: Session, entries: Sequence[Entry]) -> list[str]:
    now = session.around.now()
    if len(entries) == 1:
        return _card(entries[0], now, session.cwd)
    return list_lines(entries, now, session.terminal.width)


def _card(entry: Entry, now: float, cwd: Path) -> list[str]:
    facts = entry.facts or {}
    files = [shown_path(file.path, cwd) for file in entry.files]
    length = f"{facts['duration']} s" if facts.get("duration") else None
    left = _link_left(entry, now)
    return card(
        [
            ("id", entry.id),
            ("status", entry.status),
            ("model", entry.model),
            ("prompt", entry.prompt),
            (
                "clip",
                ", ".join(filter(None, (facts.get("resolution"), facts.get("ratio"), length))),
            ),
            ("seed", str(facts["seed"]) if facts.get("seed") is not None else None),
            ("age", span(now - entry.created_at)),
            ("cost", f"${entry.cost}" if entry.cost else None),
            ("link", f"{left} left" if left else None),
            *(("file", file) for file in files),
        ]
    )


def _files(session: Session, entries: Sequence[Entry]) -> list[str]:
    return [shown_path(file.path, session.cwd) for entry in entries for file in entry.files]


def _link_left(entry: Entry, now: float) -> str | None:
    expires = link_expires_at(entry)
    if expires is None:
        return None
    return span(expires - now) if expires > now else "gone"


def _known(session: Session, ids: Sequence[str]) -> list[Entry]:
    entries = []
    for id in dict.fromkeys(ids):
        try:
            entries.append(session.ledger.find(id))
        except Missing:
            continue
    return entries


def _document(entries: Sequence[Entry], cwd: Path, *, single: bool) -> dict[str, Any]:
    if single and entries:
        return task_document(entries[0], cwd)
    return tasks_document(entries, cwd)
