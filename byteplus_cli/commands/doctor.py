"""`byteplus doctor`: whether this machine, its keys and its storage are fit for work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from textwrap import wrap
from typing import Annotated, Any

import typer

from byteplus_cli.commands.checks import machine, network, past, services
from byteplus_cli.commands.checks.finding import Check, Finding, State, examine
from byteplus_cli.commands.checks.redaction import Redaction
from byteplus_cli.commands.leaf import Leaf
from byteplus_cli.session import Session
from byteplus_cli.terminal.layout import literal

app = typer.Typer(add_completion=False, rich_markup_mode=None)

Offline = Annotated[bool, typer.Option("--offline", help="Only look at this machine.")]
LOCAL = (
    Check("program", machine.program),
    Check("settings", machine.settings),
    Check("permissions", machine.permissions),
    Check("encoding", machine.encoding),
    Check("disk", machine.disk, ("settings",)),
    Check("ledger", past.ledger, ("settings",)),
    Check("unsaved", past.unsaved, ("ledger",)),
    Check("batches", past.batches, ("settings",)),
    Check("catalogue", machine.catalogue, ("settings",)),
)
REMOTE = (
    Check("proxy", network.proxy, ("settings",)),
    Check("host", network.host, ("proxy",)),
    Check("connection", network.connection, ("host",)),
    Check("clock", network.clock, ("connection",)),
    Check("key", services.key, ("settings",)),
    Check("account", services.account, ("connection", "key")),
    Check("models", services.models, ("catalogue", "account")),
    Check("storage", services.storage, ("settings",)),
    Check("vision", services.vision, ("settings",)),
)
NAMES = max(len(check.name) for check in (*LOCAL, *REMOTE)) + 2
STATES = max(map(len, State)) + 2
NARROWEST = 20


@app.command(cls=Leaf)
def doctor(ctx: typer.Context, offline: Offline = False) -> None:
    """Look at this machine, the network, keys and storage, and say how to mend what is wrong.

    This machine comes first, then what the network leads to. Nothing that costs money is asked
    for, and nothing secret is shown. The exit code is that of the first check that failed, or 0.

    \b
    Examples:
      byteplus doctor
      byteplus doctor --offline
      byteplus doctor -p sandbox --json
    """
    session: Session = ctx.obj
    found = []
    for finding in _findings(session, LOCAL if offline else (*LOCAL, *REMOTE)):
        found.append(finding)
        if not session.terminal.json:
            session.terminal.event(_lines(finding, session.terminal.width), {})
    document = {"schema": "byteplus.doctor/1", "items": [_document(finding) for finding in found]}
    failed = [finding for finding in found if finding.state is State.FAILED]
    if not failed:
        session.terminal.result([], document)
        return
    first, *more = failed
    assert first.error is not None  # noqa: S101 - it is why the check failed
    also = f" ({', '.join(finding.name for finding in more)} failed too)" if more else ""
    first.error.message = f"{first.name}: {first.text}{also}"
    first.error.document = document
    raise first.error


def _findings(session: Session, checks: tuple[Check, ...]) -> Iterator[Finding]:
    """Each finding as it may be shown."""
    redaction = Redaction(session)
    for finding in examine(session, checks):
        fix = redaction.of(finding.fix) if finding.fix else None
        if error := finding.error:
            error.hint, error.details = fix, error.details and redaction.of(error.details)
        yield replace(finding, text=redaction.of(finding.text), fix=fix)


def _lines(finding: Finding, width: int | None) -> list[str]:
    """What was found, folded to the terminal; commands are not folded, as they are to be copied."""
    head = f"{finding.state:<{STATES}}{finding.name:<{NAMES}}"
    text = literal(finding.text)
    room = max(NARROWEST, width - len(head)) if width else len(text) + 1
    first, *rest = wrap(text, room, break_long_words=False, break_on_hyphens=False) or [""]
    folded = [head + first, *(" " * len(head) + line for line in rest)]
    fixes = _literal_lines(finding.fix) if finding.fix else []
    return [*folded, *(" " * STATES + f"fix: {line}" for line in fixes)]


def _literal_lines(text: str) -> list[str]:
    return [literal(line) for line in text.split("\n")]


def _document(finding: Finding) -> dict[str, Any]:
    return {
        "name": finding.name,
        "state": finding.state,
        "found": finding.text,
        "fix": finding.fix,
        "code": finding.error.code if finding.error else None,
    }
