"""Where the runs of this machine stand, by what the ledger knows of their rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from byteplus_cli.errors import ByteplusError
from byteplus_cli.generation.batch.folder import Run, found, runs
from byteplus_cli.generation.batch.results import merged, read_results
from byteplus_cli.generation.batch.rows import Stage
from byteplus_cli.generation.cost import usd
from byteplus_cli.session import Session
from byteplus_cli.terminal.layout import card, table

SCHEMA = "byteplus.run/1"
ABOUT = ("id", "manifest", "profile", "created_at", "command")


def show_status(session: Session, name: str | None) -> None:
    """One run as a card, or all of them as a table."""
    if name is not None:
        run = found(session.state, name)
        document = _document(session, run)
        session.terminal.result(card(_pairs(run, document)), document)
        return
    documents = list(_readable(session))
    if not documents:
        session.terminal.note("no batch was run on this machine")
    rows = [
        (
            document["id"],
            "running" if document["running"] else "",
            f"{document['stages'][Stage.SAVED]}/{document['rows']}",
            f"${document['cost_usd']}",
            str(document["manifest"]),
        )
        for document in documents
    ]
    headers = ("RUN", "NOW", "SAVED", "COST", "MANIFEST")
    lines = table(headers, rows, session.terminal.width) if rows else []
    session.terminal.result(lines, {"schema": "byteplus.runs/1", "items": documents})


def _readable(session: Session) -> Iterator[dict[str, Any]]:
    """Each run; one that is damaged is told, and hides no other."""
    for run in runs(session.state):
        try:
            yield _document(session, run)
        except ByteplusError as error:
            session.terminal.warn(error.message)


def merge_results(session: Session, files: Sequence[str]) -> None:
    """Print one line a row, from the results of several machines or runs."""
    import json

    documents = (document for name in files for document in read_results(Path(name)))
    together = merged(documents)
    saved = sum(document["status"] == Stage.SAVED for document in together)
    session.terminal.note(f"{len(together)} rows, {saved} saved")
    session.terminal.result([json.dumps(each, ensure_ascii=False) for each in together])


def _document(session: Session, run: Run) -> dict[str, Any]:
    about = run.about()
    stages: Counter[str] = Counter()
    for _, row in run.rows():
        stages[session.ledger.standing(about["profile"], row.key).stage] += 1
    spent = session.ledger.spent(run.id)
    return {
        "schema": SCHEMA,
        **{name: about.get(name) for name in ABOUT},
        "rows": stages.total(),
        "running": run.is_at_work(),
        "stages": {str(stage): stages[stage] for stage in Stage},
        "cost_usd": usd(spent),
        "results": str(run.results),
    }


def _pairs(run: Run, document: dict[str, Any]) -> list[tuple[str, str | None]]:
    stages = document["stages"]
    finished = stages[Stage.SAVED] == document["rows"]
    return [
        ("run", run.id),
        ("manifest", document["manifest"]),
        ("profile", document["profile"]),
        ("begun", document["created_at"]),
        ("rows", str(document["rows"])),
        *((stage, str(count)) for stage, count in stages.items() if count),
        ("cost", f"${document['cost_usd']}"),
        ("results", document["results"]),
        ("now", "at work" if document["running"] else None),
        ("go on", None if finished or document["running"] else document["command"]),
    ]
