"""What this machine knows of its tasks: the ledger, what is not saved yet, and batch runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from byteplus_cli.commands.checks.finding import Found, State
from byteplus_cli.commands.checks.words import export, move_away, shown
from byteplus_cli.errors import ByteplusError
from byteplus_cli.session import Session
from byteplus_cli.terminal.layout import span

if TYPE_CHECKING:
    from byteplus_cli.generation.checkup import Checkup

# 100,000 rows take 0.3 s; a disk may be slow.
PATIENCE = 5.0


def ledger(session: Session) -> Found:
    """Whether the ledger opens, is whole, and may be written by this release."""
    from byteplus_cli.generation.database import LedgerError

    name, now = session.profile.name, session.around.now()
    with _checkup(session) as checkup:
        unsure = ""
        try:
            if damage := checkup.damage(PATIENCE):
                path, hint = shown(session.state / "ledger.db"), _set_aside(session)
                raise LedgerError(f"{path} is damaged: {damage}", hint=hint)
        except TimeoutError:
            unsure = f" (not all of it could be checked in {PATIENCE:.0f} s)"
        under_way = checkup.under_way(name, now)
        rows = f"{checkup.rows():,} rows, {under_way} under way for {name}{unsure}"
        if not checkup.writable:
            return Found(
                f"{rows}, only read: a newer byteplus wrote it (version {checkup.version()},"
                f" this one knows {checkup.newest})",
                State.WARNING,
                "pip install --upgrade byteplus-cli",
            )
    return Found(rows)


def unsaved(session: Session) -> Found:
    """What is finished and only a link leads to it, which dies."""
    now = session.around.now()
    with _checkup(session) as checkup:
        waiting = checkup.waiting(session.profile.name, now)
    if not waiting.tasks:
        return Found("nothing finished waits to be saved")
    left = f", the first link dies in {span(waiting.until - now)}" if waiting.until else ""
    text = f"{waiting.tasks} finished and not saved{left}"
    return Found(text, State.WARNING, session.resume_words("rescue"))


def batches(session: Session) -> Found:
    """Which runs of a manifest are at work."""
    from byteplus_cli.generation.batch.folder import runs

    known = runs(session.state)
    at_work = [run for run in known if run.is_at_work()]
    if not at_work:
        return Found(f"no run is at work, {len(known)} known" if known else "none")
    named = []
    for run in at_work:
        manifest = ""
        with suppress(ByteplusError):
            manifest = f" ({run.about().get('manifest')})"
        named.append(f"{run.id}{manifest}")
    return Found(f"at work: {', '.join(named)}")


@contextmanager
def _checkup(session: Session) -> Iterator[Checkup]:
    """The ledger, for which nobody waits long here."""
    from byteplus_cli.generation.checkup import Checkup
    from byteplus_cli.generation.database import LedgerError

    try:
        checkup = Checkup.open(session.state, patience=PATIENCE)
    except LedgerError as error:
        error.hint = _mend(session, error.message)
        raise
    try:
        yield checkup
    finally:
        checkup.close()


def _mend(session: Session, message: str) -> str:
    """What to type for a ledger that does not open, by SQLite's words for why."""
    if "not a database" in message or "malformed" in message:
        return _set_aside(session)
    if "locked" in message:  # another run has it, and will let it go
        return session.resume_words("doctor --offline")
    return export("BYTEPLUS_STATE_DIR", "FOLDER")


def _set_aside(session: Session) -> str:
    """Begins anew with nothing lost: what the account still has is found again."""
    away = move_away(session.state, f"{session.state.name}.damaged")
    return f"{away}\n{session.resume_words('rescue --all')}"
