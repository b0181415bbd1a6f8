"""`history cost`: what was charged, what may still be, and how much has no known price."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from byteplus_cli.commands.history_filter import chosen, within
from byteplus_cli.config import SANDBOX
from byteplus_cli.generation.cost import usd
from byteplus_cli.generation.history.costs import Costs, add_up, together
from byteplus_cli.generation.history.rows import KEYS
from byteplus_cli.generation.report import timestamp
from byteplus_cli.session import Session
from byteplus_cli.terminal.layout import table

HEADERS = ("TASKS", "CHARGED", "OPEN", "UNKNOWN")


def show_cost(session: Session, by: str, since: str | None, until: str | None) -> None:
    """Print the costs of each day, month, model, profile or kind, and of all together."""
    by = chosen("--by", by, tuple(KEYS))
    wanted = within(session, since, until)
    if wanted.profile is None:
        wanted = wanted._replace(not_profile=SANDBOX)
    found = session.history.alike(by, wanted)
    sums = add_up(found)
    total = together(sums)
    document = {
        "schema": "byteplus.costs/1",
        "by": by,
        "since": timestamp(wanted.since),
        "until": timestamp(wanted.until),
        "items": [{by: each.key or None, **_document(each)} for each in sums],
        "total": _document(total),
    }
    session.terminal.result(_lines(session, by, [*sums, total]) if sums else [], document)
    elsewhere = sum(alike.tasks for alike in found if not alike.ours)
    if elsewhere:
        session.terminal.note(f"{elsewhere} made by other machines are not counted")
    if not sums:
        unless = "" if wanted.profile else f"; the sandbox is only counted with -p {SANDBOX}"
        session.terminal.note(f"nothing to count{unless}")
    elif total.unknown:
        session.terminal.note("UNKNOWN: how many may have cost something that is not known here")


def _lines(session: Session, by: str, sums: Sequence[Costs]) -> list[str]:
    cells = [
        HEADERS,
        *(
            (
                str(each.tasks),
                f"${usd(each.charged)}",
                f"${usd(each.expected)}" if each.open else "-",
                str(each.unknown or "-"),
            )
            for each in sums
        ),
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    right = [
        tuple(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in cells
    ]
    keys = [_words(session, by, each.key) for each in sums]
    headers, *rows = right
    pairs = zip(keys, rows, strict=True)
    return table((by.upper(), *headers), [(key, *row) for key, row in pairs], width=None)


def _words(session: Session, by: str, key: str) -> str:
    """What a key is called for people: a model by its short name."""
    return (session.catalogue.short_name(key) if by == "model" else key) or "(not known)"


def _document(costs: Costs) -> dict[str, Any]:
    return {
        "tasks": costs.tasks,
        "charged_usd": usd(costs.charged),
        "open": costs.open,
        "open_estimated_usd": usd(costs.expected),
        "unknown": costs.unknown,
    }
