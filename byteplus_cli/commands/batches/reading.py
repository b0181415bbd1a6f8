"""From a manifest and its options to rows that may be sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from byteplus_cli.commands.batches import github
from byteplus_cli.commands.batches.check import Check, Checked, Fault, survey
from byteplus_cli.commands.batches.lanes import Lanes
from byteplus_cli.commands.batches.rows import COMMANDS, Planner, options_of
from byteplus_cli.commands.creating import chosen_template
from byteplus_cli.config import nearest
from byteplus_cli.errors import InvalidRequest
from byteplus_cli.generation.batch.folder import Draft
from byteplus_cli.generation.batch.manifest import Written, open_manifest, read
from byteplus_cli.generation.batch.results import SAVED, read_results
from byteplus_cli.generation.batch.row import Reader, typed
from byteplus_cli.generation.batch.shard import Shard
from byteplus_cli.generation.naming import Template, columns_in
from byteplus_cli.session import Session

FAULTS_IN_DOCUMENT = 1000
CHECKED_SAID = 10_000
# Options of the run itself; all others are defaults for rows.
OF_THE_RUN = {
    *("ctx", "manifest", "kind", "jobs", "shard", "done", "retry_failed", "max_cost", "yes"),
    *("max_failures", "fail_fast", "dry_run", "output"),
}


def checked_manifest(
    session: Session, manifest: str, options: Mapping[str, Any], shard: Shard, draft: Draft
) -> Checked:
    """The manifest, read to its end; raises InvalidRequest if anything in it is wrong."""
    done = frozenset(_saved_elsewhere(options["done"] or ()))
    kind = _kind(options["kind"])
    template = _place_of(session, options["output"])
    stream, form = open_manifest(manifest, session.around.stdin, home=session.cwd)
    folder = session.cwd if manifest == "-" else (session.cwd / manifest).parent
    lanes = Lanes(session, options["jobs"], shard, session.clocks)
    planner = Planner(session.quietly(), folder, template, kind, _defaults(kind, options))
    kinds = {each: options_of(each) for each in COMMANDS}
    reader = Reader(kinds, kind, frozenset(template.columns), _near)
    check = Check(session, planner, reader, draft, lanes)
    faults: list[Fault] = []
    with stream:
        for fault in check.faults(_told(session, read(stream, form))):
            session.terminal.fault(f"{manifest}, {fault.words}")
            faults.append(fault)
    if faults:
        raise _faulty(session, manifest, check.count, faults)
    if not check.count:
        raise InvalidRequest(f"{manifest} has no rows", hint='{"prompt": "a fox"} is one')
    for warning, count in check.warnings.items():
        session.terminal.warn(f"{warning} ({count} rows)" if count > 1 else warning)
    if check.repeated:
        session.terminal.warn(
            f"rows that ask for the same as one before them: {check.repeated}; each is made"
        )
    stem = "stdin" if manifest == "-" else _stem(manifest)
    id = check.run_id(stem, session.profile.name, shard)
    checked = Checked(id, draft.finished(), check.count, lanes, template)
    survey(session, checked, shard, done, retry=options["retry_failed"])
    return checked


def _place_of(session: Session, output: str | None) -> Template:
    """Where to save; the columns that it names are those of the manifest."""
    place = session.profile.output if output is None else output
    return chosen_template(session, place, columns=columns_in(place or ""))


def _kind(text: str) -> str:
    if text in COMMANDS:
        return text
    near = nearest(text, list(COMMANDS))
    raise InvalidRequest(f"no kind {text}", hint=near or f"there are {', '.join(COMMANDS)}")


def _near(word: str, known: Mapping[str, object]) -> str | None:
    return nearest(word, list(known))


def _defaults(kind: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """What the command line says for all rows of a kind; raises InvalidRequest."""
    known = options_of(kind)
    chosen = {}
    for name, value in options.items():
        if name in OF_THE_RUN or value is None or value == []:
            continue
        if name not in known:
            option = name.replace("_", "-")
            raise InvalidRequest(
                f"--{option} is no option of kind {kind}",
                hint="leave it out, or name another --kind",
            )
        chosen[name] = typed(name, value, known[name])
    return chosen


def _told(session: Session, written: Iterator[Written]) -> Iterator[Written]:
    for number, one in enumerate(written, 1):
        if number % CHECKED_SAID == 0:
            session.terminal.note(f"checked {number:,} rows")
        yield one


def _faulty(session: Session, manifest: str, count: int, faults: Sequence[Fault]) -> InvalidRequest:
    number = len(faults)
    rows = "1 row" if number == 1 else f"{number:,} rows"
    error = InvalidRequest(
        f"{rows} of {count:,} in {manifest} cannot be sent, so nothing was",
        hint="mend them, and run it again",
        code="invalid_manifest",
    )
    error.document = {
        "faults": [
            {"line": fault.line, "message": fault.message, "hint": fault.hint}
            for fault in faults[:FAULTS_IN_DOCUMENT]
        ]
    }
    github.annotate_faults(session.around.env, session.terminal, manifest, faults)
    return error


def _saved_elsewhere(files: Sequence[str]) -> Iterator[str]:
    """The keys of the rows that other machines saved, by their results."""
    for name in files:
        for document in read_results(Path(name)):
            if document["status"] == SAVED:
                yield document["key"]


def _stem(manifest: str) -> str:
    letters = "".join(c if c.isascii() and c.isalnum() else "-" for c in Path(manifest).stem)
    return letters.strip("-").lower()[:40] or "batch"
