"""How what a listener hears is told: a line with its time, or one JSON document on a line."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from byteplus_cli.commands.leaving import get_words
from byteplus_cli.commands.making import check_ended_well
from byteplus_cli.errors import ByteplusError
from byteplus_cli.generation.report import shown_path, task_document, timestamp
from byteplus_cli.generation.task import FINISHED, Status
from byteplus_cli.session import Session
from byteplus_cli.terminal.layout import size
from byteplus_cli.terminal.sink import error_document
from byteplus_cli.webhook.event import Dropped, Event, News, Outcome, PassedOn
from byteplus_cli.webhook.post import shown


def tell(session: Session, news: News, forward_to: str | None) -> None:
    """Say what happened; saved paths are the result."""
    match news:
        case Event():
            _tell_event(session, news)
        case PassedOn():
            _tell_passed_on(session, news, shown(str(forward_to)))
        case Dropped():
            session.terminal.warn(
                "too many callbacks about tasks that this machine does not know; not looked up:"
                f" {news.count}"
            )


def error_of(session: Session, event: Event) -> ByteplusError | None:
    """What went wrong with a task of this machine, with how to go on."""
    if event.outcome is Outcome.ENDED and event.task is not None:
        try:
            check_ended_well(event.task)
        except ByteplusError as error:
            return error
    if event.error is not None and event.outcome is Outcome.TROUBLE:
        event.error.task_id = event.hint.id
        event.error.hint = event.error.hint or get_words(session, event.hint.id)
    return event.error


def _tell_event(session: Session, event: Event) -> None:
    error, terminal = error_of(session, event), session.terminal
    paths = [shown_path(file.path, session.cwd) for file in event.files]
    _note(session, event.hint.at, event.hint.id, _words(session, event, paths))
    for notice in event.notices:
        terminal.warn(notice.text)
    for file in event.files:
        for difference in file.facts.get("differs") or []:
            terminal.warn(f"{event.hint.id}: {difference}")
    if error and not terminal.json and event.outcome is not Outcome.UNKNOWN:
        terminal.fail(error)
    terminal.event(paths, _document(session, event, paths, error))


def _words(session: Session, event: Event, paths: list[str]) -> str:
    claimed, status, entry = event.hint.claimed, event.status, event.entry
    match event.outcome:
        case Outcome.SAVED:
            # Where the paths go elsewhere, whoever reads the log wants to know them, too.
            named = "" if session.terminal.stdout.isatty() else f", saved as {', '.join(paths)}"
            return f"{status}, {size(sum(file.bytes for file in event.files))}{named}"
        case Outcome.STALE if claimed not in (None, status):
            return f"{claimed}, but late: it is {status} already"
        case Outcome.STALE:
            return f"{status}, nothing is left to do"
        case Outcome.FOREIGN if entry is not None:
            return f"{claimed}, of profile {entry.profile}: not looked up"
        case Outcome.FOREIGN:
            way = " (--all saves such tasks)" if status == Status.SUCCEEDED else ""
            return f"{status}, not made on this machine{way}"
        case Outcome.UNKNOWN if claimed is None:
            return "the service has no record of it"
        case Outcome.UNKNOWN:
            return f"{claimed}, not believed: the service knows no such task"
        case Outcome.TROUBLE:
            return f"{status}, not saved" if status else "could not be looked up"
    if claimed in (None, status):
        return f"{status}, again" if event.duplicate else str(status)
    if claimed in FINISHED:
        return f"{status}, though the callback said {claimed}"
    return f"{claimed}, by now {status}"


def _tell_passed_on(session: Session, passed: PassedOn, to: str) -> None:
    hint, now = passed.hint, session.around.now()
    trouble = None
    if passed.taken:
        _note(session, now, hint.id, f"{hint.claimed}, passed on ({passed.status})")
    else:
        trouble = passed.trouble or f"it answered {passed.status}"
        tries = f", {passed.tries} times" if passed.tries > 1 else ""
        session.terminal.warn(f"{hint.id}: not passed on to {to}: {trouble}{tries}")
    document = {
        "schema": "byteplus.forward/1",
        "at": timestamp(now),
        "id": hint.id,
        "callback": {"status": hint.claimed},
        "to": to,
        "http_status": passed.status,
        "tries": passed.tries,
        "error": trouble,
    }
    session.terminal.event([], document)


def _document(
    session: Session, event: Event, paths: list[str], error: ByteplusError | None
) -> dict[str, Any]:
    claimed, entry = event.hint.claimed, event.entry
    return {
        "schema": "byteplus.event/1",
        "at": timestamp(event.hint.at),
        "id": event.hint.id,
        "callback": None if claimed is None else {"status": claimed},
        "outcome": event.outcome,
        "status": event.status,
        "duplicate": event.duplicate,
        "saved": paths,
        "task": task_document(entry, session.cwd) if entry else None,
        "error": error_document(error)["error"] if error else None,
    }


def _note(session: Session, at: float, id: str, words: str) -> None:
    moment = datetime.fromtimestamp(at).strftime("%H:%M:%S")
    session.terminal.note(f"{moment}  {id}  {words}")
