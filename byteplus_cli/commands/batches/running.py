"""The whole of `batch run`: read and check, price and ask, run, and say what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from byteplus_cli.commands.batches import consent, github
from byteplus_cli.commands.batches.check import Check, Checked, Fault, survey
from byteplus_cli.commands.batches.driving import Drive
from byteplus_cli.commands.batches.lanes import Lanes
from byteplus_cli.commands.batches.report import Causes, summary
from byteplus_cli.commands.batches.rows import COMMANDS, Planner, options_of
from byteplus_cli.commands.batches.work import BatchWork
from byteplus_cli.commands.creating import chosen_template
from byteplus_cli.config import nearest
from byteplus_cli.errors import (
    ByteplusError,
    Charge,
    Detached,
    InvalidRequest,
    OverBudget,
    PartlyFailed,
)
from byteplus_cli.generation.batch.board import Board
from byteplus_cli.generation.batch.engine import Engine
from byteplus_cli.generation.batch.folder import Draft, Run
from byteplus_cli.generation.batch.limits import Limits
from byteplus_cli.generation.batch.manifest import Written, open_manifest, read
from byteplus_cli.generation.batch.progress import Done, Progress
from byteplus_cli.generation.batch.results import SAVED, read_results, result_document
from byteplus_cli.generation.batch.row import Reader, typed
from byteplus_cli.generation.batch.shard import Shard, chosen_shard
from byteplus_cli.generation.batch.submitting import Submitting
from byteplus_cli.generation.batch.watching import Watching
from byteplus_cli.generation.cost import usd
from byteplus_cli.generation.naming import Template, columns_in
from byteplus_cli.generation.report import timestamp
from byteplus_cli.session import Session

FAULTS_IN_DOCUMENT = 1000
CHECKED_SAID = 10_000
# Options of the run itself; all others are defaults for rows.
OF_THE_RUN = {
    *("ctx", "manifest", "kind", "jobs", "shard", "done", "retry_failed", "max_cost", "yes"),
    *("max_failures", "fail_fast", "dry_run", "output"),
}


def run_batch(session: Session, manifest: str, options: Mapping[str, Any]) -> None:
    """Check everything, then make what is left to make."""
    shard = chosen_shard(options["shard"], session.around.env)
    draft = Draft.begin(session.state)
    try:
        checked = _checked(session, manifest, options, shard, draft)
        limit = consent.check_limits(session, checked, options["max_cost"], shard)
        for line in consent.plan_lines(checked):
            session.terminal.note(line)
        if options["dry_run"]:
            _preview(session, checked)
            return
        consent.ask(session, checked, options)
        _prepare(session, checked)
        about = {
            "id": checked.id,
            "manifest": manifest if manifest == "-" else str((session.cwd / manifest).absolute()),
            "profile": session.profile.name,
            "rows": checked.count,
            "created_at": timestamp(session.around.now()),
        }
        run = Run.take(session.state, checked.id, checked.rows.path, about)
    finally:
        draft.drop()
    try:
        limits = Limits(
            max_cost=limit,
            max_failures=1 if options["fail_fast"] else options["max_failures"],
            retry_failed=options["retry_failed"],
            spread=shard.total,
        )
        _BatchRun(session, checked, run, limits, manifest, options).go()
    finally:
        run.close()
        checked.rows.close()


def _checked(
    session: Session, manifest: str, options: Mapping[str, Any], shard: Shard, draft: Draft
) -> Checked:
    """The manifest, read to its end; raises InvalidRequest if anything in it is wrong."""
    done = frozenset(_saved_elsewhere(options["done"] or ()))
    kind = _kind(options["kind"])
    template = _template(session, options["output"])
    stream, form = open_manifest(manifest, session.around.stdin, home=session.cwd)
    folder = session.cwd if manifest == "-" else (session.cwd / manifest).parent
    lanes = Lanes(session, options["jobs"], shard, session.clocks)
    planner = Planner(session.quietly(), folder, template, kind, _defaults(kind, options))
    kinds = {each: options_of(each) for each in COMMANDS}
    reader = Reader(kinds, kind, frozenset(template.columns), _near)
    check = Check(planner, reader, draft, lanes)
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
            f"{check.repeated} rows ask for the same as one before them: each is made"
        )
    stem = "stdin" if manifest == "-" else _stem(manifest)
    id = check.run_id(stem, session.profile.name, shard)
    checked = Checked(id, draft.finished(), check.count, lanes)
    survey(session, checked, shard, done, retry=options["retry_failed"])
    return checked


class _BatchRun:
    """One run under way, and what it is to end with."""

    def __init__(
        self,
        session: Session,
        checked: Checked,
        run: Run,
        limits: Limits,
        manifest: str,
        options: Mapping[str, Any],
    ) -> None:
        self.session = session
        self.run = run
        self.causes = Causes()
        self.manifest = manifest
        quiet = session.quietly()
        template = _template(session, options["output"])
        planner = Planner(quiet, session.cwd, template, "", {})
        self.progress = Progress(checked.mine, session.around.monotonic())
        self.progress.spent = session.ledger.spent(run.id)
        self.board = Board(self.progress, limits, session.clocks, self._record)
        rows = run.rows()
        work = BatchWork(quiet, planner, rows, run.id, self.board.news.put)
        self.engine = Engine(
            self.board,
            Submitting(self.board, checked.lanes.all(), work),
            Watching(self.board, work),
        )
        self.drive = Drive(session, self.engine, patient=True)
        self.documents: dict[int, dict[str, Any]] = {}

    def go(self) -> None:
        """Run to the end; raises what the run is to end with."""
        terminal = self.session.terminal
        self.drive.run(self._say_done)
        for line in self.causes.lines():
            terminal.warn(line)
        github.report(self.session.around.env, terminal, self.run, self.progress, self.causes)
        if error := self._error():
            raise error
        terminal.note(f"{self.run.id}: {summary(self.progress)}")

    def _record(self, done: Done) -> None:
        """Written down by the thread that coordinates, before it is told."""
        entry = self.session.ledger.at(done.entry) if done.entry else None
        document = result_document(self.run.id, done, entry, self.session.cwd)
        self.run.record(done.row.number, done.outcome, document)
        self.documents[done.row.number] = document

    def _say_done(self, done: Done) -> None:
        self.causes.add(done)
        document = self.documents.pop(done.row.number)
        terminal = self.session.terminal
        terminal.record(document["files"], document)
        if done.error and not done.before and done.outcome != "skipped":
            details = f" ({done.error.details})" if done.error.details else ""
            terminal.warn(f"{done.row.name}: {done.error.message}{details}")
            github.annotate(self.session.around.env, terminal, self.manifest, done)

    def _error(self) -> ByteplusError | None:
        progress, engine = self.progress, self.engine
        again = self.session.resume_words(f"batch run {self.manifest}")
        if signal := self.drive.signal:
            return Detached(
                f"stopped: {summary(progress)}",
                exit_code=signal.exit_code,
                hint=again,
                charge=Charge.LATER if progress.open else Charge.YES,
            )
        if engine.error:
            engine.error.hint = engine.error.hint or again
            return engine.error
        if progress.stopping == "cost":
            return OverBudget(
                f"the limit is reached: {summary(progress)}",
                hint=f"{again} --max-cost with a higher limit goes on",
            )
        if progress.done[SAVED] == progress.total:
            return None
        if error := self._common():
            return error
        hint = f"{again} goes on; --retry-failed tries what failed once more"
        return PartlyFailed(summary(progress), hint=hint)

    def _common(self) -> ByteplusError | None:
        """The one error that kept every row from being sent."""
        refused = self.progress.done["refused"] + self.progress.done["skipped"]
        errors = list(self.causes.errors.values())
        alike = refused == self.progress.total and len({error.code for error in errors}) == 1
        return errors[0] if alike else None


def _prepare(session: Session, checked: Checked) -> None:
    """Build what the threads share, and see that there is a key, before anything is sent."""
    _ = session.ledger, session.catalogue, session.runner, session.profile
    kinds = {row.kind for _, row in checked.rows}
    if "video" in kinds:
        _ = session.service
    if "image" in kinds:
        _ = session.maker, session.ark
    if "avatar" in kinds:
        _ = session.avatars, session.avatar_runner
    _ = session.storage


def _preview(session: Session, checked: Checked) -> None:
    """What a run would make, and where."""
    terminal, bill = session.terminal, checked.bill
    terminal.note("dry run: nothing was sent")
    if not terminal.json:
        for _, row in checked.rows:
            terminal.result(row.files)
        return
    document = {
        "schema": "byteplus.batch-plan/1",
        "run": checked.id,
        "rows": checked.count,
        "to_make": bill.rows,
        "usd_high": usd(bill.usd),
        "unpriced": bill.unpriced,
        "items": [
            {"row": row.number, "name": row.name, "files": row.files, "usd_high": row.usd}
            for _, row in checked.rows
        ],
    }
    terminal.result([], document)


def _kind(text: str) -> str:
    if text in COMMANDS:
        return text
    raise InvalidRequest(f"no kind {text}", hint=nearest(text, list(COMMANDS)))


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
            raise InvalidRequest(f"--{option} is no option of kind {kind}")
        chosen[name] = typed(name, value, known[name])
    return chosen


def _template(session: Session, output: str | None) -> Template:
    """Where to save; the columns that it names are those of the manifest."""
    place = session.profile.output if output is None else output
    return chosen_template(session, place, columns=columns_in(place or ""))


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
