"""The whole of `rescue`: find, list or save, say what came of it, and maybe do so for ever."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from byteplus_cli.commands.several import crew_of, templates
from byteplus_cli.commands.uploading import remove_uploads
from byteplus_cli.errors import (
    ByteplusError,
    Charge,
    Detached,
    Interrupted,
    InvalidRequest,
    Missing,
    PartlyFailed,
)
from byteplus_cli.generation.entry import Entry
from byteplus_cli.generation.naming import Template
from byteplus_cli.generation.report import (
    document_of,
    link_expires_at,
    shown_path,
    tasks_document,
)
from byteplus_cli.generation.rescue.outcomes import Failed, Found, Lost, Rescued
from byteplus_cli.generation.rescue.rescue import Rescue
from byteplus_cli.generation.span import parse_span
from byteplus_cli.session import Session
from byteplus_cli.terminal.layout import size, span, table

T = TypeVar("T")


def run_rescue(session: Session, options: Mapping[str, Any]) -> None:
    """One round, or with `watch` one after another; raises what a single one is to end with."""
    pause = _pause(options["watch"])
    template = templates(session, options["output"])
    rescue = Rescue(crew_of(session, options["jobs"]))
    if session.profile.is_sandbox:
        _ = session.sandbox  # the links of pictures lead to it, and work while it runs

    def once() -> ByteplusError | None:
        found = rescue.find(everywhere=options["everywhere"])
        if options["dry_run"]:
            return _list(session, found)
        return _save(session, rescue, found, template, pause)

    if pause is None:
        if error := once():
            raise error
        return
    while True:
        _report(session, once)
        session.around.heed()  # a signal that got lost would come back in no later round
        session.around.sleep(pause)


def _pause(watch: str | None) -> int | None:
    if watch is None:
        return None
    seconds = parse_span(watch)
    if not seconds:
        raise InvalidRequest("--watch 0 would never pause", hint="--watch 10m")
    return seconds


def _report(session: Session, once: Callable[[], ByteplusError | None]) -> None:
    """One round of many: trouble that may pass is said, and ends nothing."""
    try:
        error = once()
    except ByteplusError as trouble:
        if not trouble.temporary:
            raise
        error = trouble
    if error:
        session.terminal.fail(error)


@dataclass
class _Round:
    """What one round came to so far."""

    session: Session
    saved: list[Entry] = field(default_factory=list)  # those of which nothing failed
    failed: list[Failed] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)

    def take(self, outcome: Rescued | Failed | Lost) -> None:
        for notice in outcome.notices:
            self.session.terminal.warn(notice.text)
        if isinstance(outcome, Rescued):
            self.saved.append(outcome.entry)
            self._tell(outcome)
        elif isinstance(outcome, Failed):
            if outcome.saved:
                self._tell(outcome.saved)
            self.failed.append(outcome)
            named = f"{outcome.id}: " if outcome.id else ""
            self.session.terminal.warn(named + outcome.error.message)
        else:
            self.lost.append(outcome)

    def _tell(self, rescued: Rescued) -> None:
        _say_saved(self.session, rescued)
        remove_uploads(self.session, rescued.entry)

    @property
    def error(self) -> ByteplusError | None:
        """What the round is to end with; a failure goes before a loss, as it can be mended."""
        losses = "; ".join(lost.error.message for lost in self.lost)
        error: ByteplusError
        if self.failed:
            count = len(self.failed) + len(self.saved) + len(self.lost)
            words = f"{len(self.failed)} of {count} could not be saved"
            if ids := ", ".join(failed.id for failed in self.failed if failed.id):
                words += f": {ids}"  # also where --quiet keeps the warnings back
            hint = _shared(failed.error.hint for failed in self.failed)
            again = f"{self.session.resume_words('rescue')} tries again"
            error = PartlyFailed("; ".join(filter(None, (words, losses))), hint=hint or again)
        elif self.lost:
            charge = _shared(lost.error.charge for lost in self.lost) or Charge.UNKNOWN
            error = Missing(losses, charge=charge)
        else:
            return None
        error.document = self.document
        return error

    @property
    def document(self) -> dict[str, Any]:
        partly = [failed.saved.entry for failed in self.failed if failed.saved]
        return {
            "schema": "byteplus.rescue/1",
            "saved": [document_of(entry, self.session.cwd) for entry in (*self.saved, *partly)],
            "failed": [_fault_document(failed) for failed in self.failed],
            "lost": [_fault_document(lost) for lost in self.lost],
        }


def _save(
    session: Session,
    rescue: Rescue,
    found: Found,
    template: Callable[[Entry], Template],
    pause: int | None,
) -> ByteplusError | None:
    """Save what was found; gives the error to end with, if there is one."""
    done = _Round(session)
    if found.sending:
        session.terminal.note(
            f"{found.sending} unanswered so far, and may still be on the way: the next rescue looks"
        )
    try:
        for fault in found.faults:
            done.take(fault)
        if found.ready:
            left = _left(found.ready[0].entry, session.around.now())
            first = left.replace("its link", "the first link")
            session.terminal.note(f"{len(found.ready)} to save, {first}")
        for outcome in rescue.save(found.ready, template):
            done.take(outcome)
    except Interrupted as signal:
        raise _stopped(done, len(found.ready), signal) from signal
    for lost in done.lost:
        session.ledger.lost(lost.row, session.around.now())
    error = done.error
    if error is None and session.terminal.json and (done.saved or pause is None):
        session.terminal.result([], done.document)
    return error


def _list(session: Session, found: Found) -> ByteplusError | None:
    """Print what would be saved; nothing is, and no loss counts as told.

    What the looks told is written down all the same.
    """
    done = _Round(session)
    for fault in found.faults:
        done.take(fault)
    entries = [ready.entry for ready in found.ready]
    now = session.around.now()
    rows = [
        (str(entry.id), _briefly_left(entry, now), entry.model or "", entry.prompt or "")
        for entry in entries
    ]
    lines = table(("ID", "LEFT", "MODEL", "PROMPT"), rows, session.terminal.width) if rows else []
    error = done.error
    document = {**done.document, "ready": tasks_document(entries, session.cwd)["items"]}
    if error is not None:
        error.document = document
    if error is None or not session.terminal.json:
        session.terminal.result(lines, document)
    return error


def _stopped(done: _Round, ready: int, signal: Interrupted) -> Detached:
    stopped = Detached(
        f"stopped with {ready - len(done.saved)} of {ready} not saved",
        exit_code=signal.exit_code,
        hint=done.session.resume_words("rescue"),
        charge=Charge.YES,
    )
    stopped.document = done.document
    return stopped


def _say_saved(session: Session, rescued: Rescued) -> None:
    entry, files = rescued.entry, rescued.files
    if not session.terminal.json:
        paths = [shown_path(file.path, session.cwd) for file in files]
        session.terminal.result(paths, files=paths)
    total = size(sum(file.bytes for file in files))
    left = _left(entry, session.around.now())
    session.terminal.note(f"saved {entry.id}, {total}, {left}")
    for file in files:
        for difference in file.facts.get("differs") or []:
            session.terminal.warn(f"{entry.id}: {difference}")


def _shared(values: Iterable[T]) -> T | None:
    """What all of them are, if they are all the same."""
    different = set(values)
    return different.pop() if len(different) == 1 else None


def _left(entry: Entry, now: float) -> str:
    """How long something finished can still be fetched, in words."""
    expires = link_expires_at(entry)
    return f"its link: {span(expires - now)} left" if expires else "kept on this machine"


def _briefly_left(entry: Entry, now: float) -> str:
    expires = link_expires_at(entry)
    return span(expires - now) if expires else "kept"


def _fault_document(fault: Failed | Lost) -> dict[str, Any]:
    error = fault.error
    return {"id": fault.id, "error": {"code": error.code, "message": error.message}}
