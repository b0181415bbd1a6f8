"""The whole of `batch run`: read and check, price and ask, run, and say what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from typing import Any

from byteplus_cli.commands.batches import consent, github
from byteplus_cli.commands.batches.check import Checked
from byteplus_cli.commands.batches.driving import Drive
from byteplus_cli.commands.batches.reading import checked_manifest
from byteplus_cli.commands.batches.report import Causes, command, summary
from byteplus_cli.commands.batches.rows import Planner
from byteplus_cli.commands.batches.work import BatchWork
from byteplus_cli.errors import (
    ByteplusError,
    Charge,
    Detached,
    OverBudget,
    PartlyFailed,
)
from byteplus_cli.generation.batch.board import Board
from byteplus_cli.generation.batch.engine import Engine
from byteplus_cli.generation.batch.folder import Draft, RowsFile, Run
from byteplus_cli.generation.batch.limits import Limits
from byteplus_cli.generation.batch.progress import Done, Progress
from byteplus_cli.generation.batch.results import SAVED, result_document
from byteplus_cli.generation.batch.shard import chosen_shard
from byteplus_cli.generation.batch.submitting import Submitting
from byteplus_cli.generation.batch.watching import Watching
from byteplus_cli.generation.cost import usd
from byteplus_cli.generation.report import timestamp
from byteplus_cli.session import Session


def run_batch(session: Session, manifest: str, options: Mapping[str, Any]) -> None:
    """Check everything, then make what is left to make."""
    shard = chosen_shard(options["shard"], session.around.env)
    draft = Draft.begin(session.state)
    try:
        checked = checked_manifest(session, manifest, options, shard, draft)
        limit = consent.check_limits(session, checked, options["max_cost"], shard)
        for line in consent.plan_lines(checked):
            session.terminal.note(line)
        if options["dry_run"]:
            _preview(session, checked)
            return
        consent.ask(session, checked, options)
        _prepare(session, checked)
        run = Run.take(
            session.state,
            checked.id,
            checked.rows.path,
            _about(session, checked, manifest, options),
        )
    finally:
        draft.drop()
    try:
        limits = Limits(
            max_cost=limit,
            max_failures=1 if options["fail_fast"] else options["max_failures"],
            retry_failed=options["retry_failed"],
            spread=shard.total,
        )
        with closing(run.rows()) as rows:
            _BatchRun(session, checked, run, rows, limits, options).go()
    finally:
        run.close()


class _BatchRun:
    """One run under way, and what it is to end with."""

    def __init__(
        self,
        session: Session,
        checked: Checked,
        run: Run,
        rows: RowsFile,
        limits: Limits,
        options: Mapping[str, Any],
    ) -> None:
        self.session = session
        self.run = run
        self.causes = Causes()
        self.manifest = options["manifest"]
        self.again = command(session, options)
        self.unlimited = command(session, {**options, "max_cost": None})
        quiet = session.quietly()
        planner = Planner(quiet, session.cwd, checked.template, "", {})
        self.progress = Progress(checked.mine, session.around.monotonic())
        self.progress.spent = session.ledger.spent(run.id)
        self.board = Board(self.progress, limits, session.clocks, self._record)
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
        if signal := self.drive.signal:
            return self._stopped(signal.exit_code)
        if engine.error:
            engine.error.hint = engine.error.hint or self.again
            return engine.error
        if progress.stopping == "cost":
            return OverBudget(
                f"the limit is reached: {summary(progress)}",
                hint=f"with another --max-cost it goes on: {self.unlimited}",
            )
        if progress.done[SAVED] == progress.total:
            return None
        if error := self._common():
            return error
        hint = f"{self.again} --retry-failed"
        return PartlyFailed(summary(progress), hint=hint)

    def _stopped(self, exit_code: int) -> Detached:
        words, charge = f"stopped: {summary(self.progress)}", Charge.YES
        if self.progress.open:
            charge = Charge.LATER
        if gone := sum(not job.lane.tracked for job in self.progress.open.values()):
            # Their answers came on connections that end with this run.
            words += f"; pictures of {gone} cannot be had any more"
            charge = Charge.UNKNOWN
        return Detached(words, exit_code=exit_code, hint=self.again, charge=charge)

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
    if session.profile.is_sandbox:
        _ = session.sandbox


def _about(
    session: Session, checked: Checked, manifest: str, options: Mapping[str, Any]
) -> dict[str, Any]:
    """What is kept of a run beside its rows."""
    return {
        "id": checked.id,
        "manifest": manifest if manifest == "-" else str((session.cwd / manifest).absolute()),
        "profile": session.profile.name,
        "rows": checked.count,
        "created_at": timestamp(session.around.now()),
        "command": command(session, options),
    }


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
