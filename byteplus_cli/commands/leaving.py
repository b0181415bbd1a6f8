"""Leaving a run whose task goes on: what is said, what is written down, and the exit code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from byteplus_cli.errors import (
    ByteplusError,
    Charge,
    Detached,
    Interrupted,
    Missing,
    StillRunning,
)
from byteplus_cli.generation.database import LedgerError
from byteplus_cli.generation.task import Status
from byteplus_cli.session import Session

KEY_SECONDS = 3.0


def outlived(session: Session, id: str, error: ByteplusError) -> ByteplusError:
    """What to raise for a failed look, which is not the end of the task that was looked at."""
    resume = get_words(session, id, wait=True)
    hint = f"{error.hint}; then go on with: {resume}" if error.hint else resume
    if isinstance(error, Missing):
        error.task_id, error.hint, error.charge = id, hint, error.charge or Charge.UNKNOWN
        return error
    return StillRunning(
        error.message,
        hint=hint,
        details=error.details,
        code=error.code,
        request_id=error.request_id,
        task_id=id,
        charge=Charge.LATER,
    )


@contextmanager
def accounted(session: Session, kind: str) -> Iterator[None]:
    """Whatever ends a run in here, what became of its request is said."""
    session.ledger.begun = None
    try:
        with retold(session, kind):
            yield
    except Interrupted as signal:
        raise _stopped(session, signal) from signal


@contextmanager
def retold(session: Session, kind: str) -> Iterator[None]:
    """A task that could not be written down is named, with the command that goes on with it."""
    try:
        yield
    except LedgerError as broken:
        if broken.task_id is not None:
            broken.hint = session.resume_words(f"{kind} get {broken.task_id}")
        raise


def _stopped(session: Session, signal: Interrupted) -> Detached:
    row = session.ledger.begun
    entry = None if row is None else session.ledger.at(row)
    if entry is not None and entry.id:
        return _detached(session, entry.id, signal)
    if entry is not None and entry.status == Status.SUBMITTING:
        session.ledger.ended(entry.row, Status.REFUSED, None)
    elif entry is not None and entry.status == Status.UNKNOWN:
        return Detached(
            "stopped before it was found out what became of the request",
            exit_code=signal.exit_code,
            hint=session.resume_words("rescue"),
            charge=Charge.UNKNOWN,
        )
    return Detached(
        "stopped before anything was asked for",
        exit_code=signal.exit_code,
        hint="the same command begins it anew",
        charge=Charge.NO,
    )


@contextmanager
def detaching(session: Session, id: str) -> Iterator[None]:
    """From the moment a task has an id, a signal ends in how to go on with it."""
    try:
        yield
    except Interrupted as signal:
        raise _detached(session, id, signal) from signal
    except LedgerError as broken:
        if broken.task_id is None:
            broken.task_id, broken.charge = id, Charge.LATER
            broken.exit_code = StillRunning.exit_code
            broken.hint = get_words(session, id)
        raise


def get_words(session: Session, id: str, *, wait: bool = False) -> str:
    """The command that goes on with a task."""
    known = session.ledger.known(id)
    word = known.kind if known else "video"
    return session.resume_words(f"{word} get {id}{' --wait' if wait else ''}")


def _detached(session: Session, id: str, signal: Interrupted) -> Detached:
    """What to say on leaving; a task that is still queued may be cancelled with one key."""
    resume = get_words(session, id, wait=True)
    goes_on = Detached(
        f"stopped waiting; task {id} goes on",
        exit_code=signal.exit_code,
        hint=resume,
        task_id=id,
    )
    entry = session.ledger.find(id)
    if entry.status != Status.QUEUED:
        return goes_on
    cancel = session.resume_words(f"{entry.kind} cancel {id}")
    goes_on.hint = f"{resume}   (or, while it is queued: {cancel})"
    ask = f"it is still queued: press c within {KEY_SECONDS:.0f} s to cancel it, any other to leave"
    if session.terminal.key(ask, KEY_SECONDS) != "c":
        return goes_on
    try:
        session.runner_for(id).cancel(id)
    except ByteplusError as late:
        goes_on.message = f"it could not be cancelled ({late.message}); task {id} goes on"
        return goes_on
    return Detached(
        f"task {id} is cancelled",
        exit_code=signal.exit_code,
        hint="nothing is left to wait for",
        task_id=id,
        charge=Charge.NO,
    )
