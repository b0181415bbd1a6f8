"""`byteplus doctor`: whether this machine, its keys and its storage are fit for work."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from byteplus_cli import __version__
from byteplus_cli.commands.leaf import Leaf
from byteplus_cli.errors import ByteplusError, Missing, WrongState
from byteplus_cli.session import Session
from byteplus_cli.terminal.layout import table

app = typer.Typer(add_completion=False, rich_markup_mode=None)

Offline = Annotated[bool, typer.Option("--offline", help="Only look at this machine.")]
# No task has this id: a look at it tells whether the keys are taken, and costs nothing (LIVE-E).
NOBODYS_TASK = "1000000000000000000"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `error` is what is wrong with it."""

    name: str
    found: str
    error: ByteplusError | None = None
    missing: bool = False  # not everybody needs it

    @property
    def state(self) -> str:
        return "wrong" if self.error else "missing" if self.missing else "fine"


@app.command(cls=Leaf)
def doctor(ctx: typer.Context, offline: Offline = False) -> None:
    """Look at settings, ledger, keys and storage, and say how to mend what is wrong.

    Nothing that costs money is asked for. The exit code is that of the first fault, or 0.

    \b
    Examples:
      byteplus doctor
      byteplus doctor --offline --json
    """
    session: Session = ctx.obj
    checks = LOCAL if offline else (*LOCAL, *REMOTE)
    findings = [finding for check in checks for finding in check(session)]
    rows = [(finding.name, finding.state, finding.found) for finding in findings]
    lines = table(("WHAT", "IS", "FOUND"), rows, session.terminal.width)
    document = {
        "schema": "byteplus.doctor/1",
        "items": [_document(finding) for finding in findings],
    }
    faults = [finding for finding in findings if finding.error]
    if not faults:
        session.terminal.result(lines, document)
        return
    if not session.terminal.json:
        session.terminal.result(lines)
    for finding in faults[1:]:
        session.terminal.warn(f"{finding.name}: {finding.found}")
        if finding.error and finding.error.hint:
            session.terminal.note(f"  {finding.error.hint}")
    first = faults[0].error
    assert first is not None  # noqa: S101 - it is a fault
    first.document = document
    raise first


def _machine(_: Session) -> Iterator[Finding]:
    where = f"{platform.system()} {platform.machine()}"
    yield Finding("program", f"byteplus {__version__}, Python {platform.python_version()}, {where}")


def _settings(session: Session) -> Iterator[Finding]:
    yield _checked(
        session, "settings", lambda: f"profile {session.profile.name} in {session.config.path}"
    )


def _ledger(session: Session) -> Iterator[Finding]:
    def look() -> str:
        count = len(session.ledger.recent(session.profile.name, 1000))
        only_read = "" if session.ledger.writable else ", only read: a newer release wrote it"
        return f"{count}{'+' if count == 1000 else ''} entries in {session.state}{only_read}"

    yield _checked(session, "ledger", look)


def _modelark(session: Session) -> Iterator[Finding]:
    def look() -> str:
        total = session.service.list(size=1).total
        return f"the API key is taken; {total} tasks in the last 7 days"

    yield _checked(session, "ModelArk", look, needs="api_key")


def _vision(session: Session) -> Iterator[Finding]:
    def look() -> str:
        from byteplus_cli.generation.avatar.model import MODELS

        with suppress(Missing, WrongState):
            session.avatars.get(NOBODYS_TASK, MODELS["1.5"].req_key)
        return "the keys are taken, and OmniHuman 1.5 answers"

    yield _checked(session, "Vision API", look, needs="access_key")


def _storage(session: Session) -> Iterator[Finding]:
    def look() -> str:
        storage = session.storage
        assert storage is not None  # noqa: S101 - it has its setting
        storage.probe()
        return "an object was written, read back and deleted"

    yield _checked(session, "storage", look, needs="storage.url")


LOCAL = (_machine, _settings, _ledger)
REMOTE = (_modelark, _vision, _storage)


def _has(session: Session, setting: str) -> bool:
    """Whether something that not everybody uses is set up at all."""
    try:
        return session.profile.is_sandbox or session.profile.find(setting) is not None
    except ByteplusError:
        return False


def _checked(
    session: Session, name: str, look: Callable[[], str], *, needs: str | None = None
) -> Finding:
    if needs and not _has(session, needs):
        words = session.resume_words(f"config set {needs}")
        return Finding(name, f"not set up: {words}", missing=True)
    try:
        return Finding(name, look())
    except ByteplusError as error:
        return Finding(name, error.message, error)


def _document(finding: Finding) -> dict[str, Any]:
    error = finding.error
    return {
        "name": finding.name,
        "state": finding.state,
        "found": finding.found,
        "hint": error.hint if error else None,
        "code": error.code if error else None,
    }
