"""The table of `history list`: what was made, what it cost, and where it is."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from byteplus_cli.commands.history_filter import wanted
from byteplus_cli.config import SANDBOX
from byteplus_cli.generation.database import LedgerError
from byteplus_cli.generation.history.rows import Made
from byteplus_cli.generation.history.wanted import Wanted
from byteplus_cli.session import Session
from byteplus_cli.terminal.layout import deep_table, span

HEADERS = ("WHEN", "KIND", "STATUS", "COST", "ID", "FILE", "PROMPT")
ELSEWHERE = "(made by another machine)"
NOTHING = 'nothing was made on this machine yet; free and offline: byteplus video create "a fox" -p'


def show_list(session: Session, options: Mapping[str, Any]) -> None:
    """Print the newest of what the options ask for."""
    limit = options["limit"]
    # One more tells whether there are older ones.
    found = _newest(session, wanted(session, options), limit + 1)
    older, found = len(found) > limit, found[:limit]
    if session.terminal.json:
        session.terminal.result([], _document(session, found))
    elif found:
        session.terminal.result(_lines(session, found))
    if older:
        session.terminal.note(f"there are older ones: --limit {limit * 2} shows more")
    elif not found:
        nothing = session.history.is_empty()
        session.terminal.note(f"{NOTHING} {SANDBOX}" if nothing else "nothing matches")


def _newest(session: Session, wanted: Wanted, limit: int) -> list[Made]:
    try:
        return session.history.newest(wanted, limit)
    except LedgerError:
        # What is raised while SQLite asks for a text to be looked through, it takes for its own.
        session.around.heed()
        raise


def _lines(session: Session, found: Sequence[Made]) -> list[str]:
    now = session.around.now()
    here = f"{session.cwd}{os.sep}"
    rows = [
        (
            span(now - made.created_at),
            made.kind,
            made.status,
            _cost(made, session.named_profile),
            made.name,
            _file(made, here),
            made.prompt or ("" if made.ours else ELSEWHERE),
        )
        for made in found
    ]
    return deep_table(HEADERS, rows, session.terminal.width)


def _cost(made: Made, named: str | None) -> str:
    """Dollars; the sandbox's are only told where it was named, so that none seem to be spent."""
    if made.profile == SANDBOX and named is None:
        return SANDBOX
    return f"${made.cost}" if made.cost else "-"


def _file(made: Made, here: str) -> str:
    if made.path is None:
        return "-"
    path = made.path.removeprefix(here)
    return path if made.files == 1 else f"{path} +{made.files - 1}"


def _document(session: Session, found: Sequence[Made]) -> dict[str, Any]:
    from byteplus_cli.generation.report import document_of

    entries = session.ledger.those([made.row for made in found]) if found else []
    items = [document_of(entry, session.cwd) for entry in entries]
    return {"schema": "byteplus.history/1", "items": items}
