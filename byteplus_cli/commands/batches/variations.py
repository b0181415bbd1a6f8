"""`video create --count`: the same request several times, each with a seed of its own."""

from __future__ import annotations

import random
import secrets
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from byteplus_cli.commands import preview
from byteplus_cli.commands.batches.driving import Drive
from byteplus_cli.commands.batches.lanes import Lanes
from byteplus_cli.commands.batches.report import Causes
from byteplus_cli.commands.batches.rows import Planned, Planner
from byteplus_cli.commands.batches.work import BatchWork
from byteplus_cli.commands.creating import Saving
from byteplus_cli.commands.leaving import accounted
from byteplus_cli.commands.making import submit
from byteplus_cli.commands.planning import Plan, check_budget
from byteplus_cli.commands.showing import show
from byteplus_cli.errors import (
    ByteplusError,
    Charge,
    Detached,
    Interrupted,
    InvalidRequest,
    PartlyFailed,
    StillRunning,
)
from byteplus_cli.generation import cost
from byteplus_cli.generation.batch.board import Board
from byteplus_cli.generation.batch.engine import Engine
from byteplus_cli.generation.batch.limits import Limits
from byteplus_cli.generation.batch.progress import Done, Progress
from byteplus_cli.generation.batch.row import Row
from byteplus_cli.generation.batch.shard import Shard
from byteplus_cli.generation.batch.submitting import Submitting
from byteplus_cli.generation.batch.watching import Watching
from byteplus_cli.generation.naming import Template
from byteplus_cli.generation.report import shown_path, tasks_document
from byteplus_cli.generation.rules import SEEDS
from byteplus_cli.session import Session

MOST = 100


def make_several(session: Session, plan: Plan, saving: Saving, options: Mapping[str, Any]) -> None:
    """Preview or make as many clips as `--count` says."""
    plans = _plans(plan, options["count"])
    if options["dry_run"] or options["as_"]:
        names = saving.for_several
        clips = [preview.of_clip(session, each, names, step) for step, each in enumerate(plans, 1)]
        preview.show(session, clips, options["as_"])
        return
    expected = cost.total(each.estimate for each in plans)
    check_budget(session, expected, options["max_cost"], "fewer clips")
    session.terminal.note(f"{len(plans)} clips, {expected.words} together")
    if not options["wait"]:
        _submit_all(session, plans, saving)
        return
    _Several(session, plans, saving).make()


def _plans(plan: Plan, count: int) -> Sequence[Plan]:
    """The same request with seeds that follow each other, or that all are chosen anew."""
    if not 2 <= count <= MOST:
        raise InvalidRequest(f"--count {count} is not from 2 to {MOST}", hint="--count 4")
    request, first = plan.request, plan.request.seed
    if first is None:
        return [plan] * count
    seeds = [first, *(random.randint(0, SEEDS[1]) for _ in range(count - 1))]
    if not request.own_seed:
        if first + count - 1 > SEEDS[1]:
            raise InvalidRequest(
                f"--seed {first}: {count} seeds from there go beyond {SEEDS[1]}",
                hint=f"--seed {SEEDS[1] - count + 1} or less",
            )
        seeds = [first + number for number in range(count)]
    return [plan._replace(request=replace(request, seed=seed)) for seed in seeds]


def _submit_all(session: Session, plans: Sequence[Plan], saving: Saving) -> None:
    """Print the ids, also of those that were taken before one was not."""
    ids: list[str] = []
    try:
        for plan in plans:
            with accounted(session, "video"):
                ids.append(submit(session, plan, saving))
    except Interrupted as signal:
        if not ids:
            raise
        raise _cut_short(session, ids, len(plans), signal.exit_code) from signal
    except Detached as stop:
        if stop.task_id and stop.charge is Charge.LATER:
            ids.append(stop.task_id)  # the signal came with its answer
        if not ids or stop.charge is Charge.UNKNOWN:
            _print_taken(session, ids, stop)
            raise
        raise _cut_short(session, ids, len(plans), stop.exit_code) from stop
    except ByteplusError as error:
        _print_taken(session, ids, error)
        raise
    entries = [session.ledger.find(id) for id in ids]
    session.terminal.result(ids, tasks_document(entries, session.cwd))


def _cut_short(session: Session, ids: Sequence[str], count: int, exit_code: int) -> Detached:
    """A signal between two requests: what was taken goes on, and the rest was not asked for."""
    words = f"stopped: {len(ids)} of {count} clips submitted"
    stop = Detached(words, exit_code=exit_code, hint=_get_words(session, ids))
    _print_ids(session, ids, stop)
    return stop


def _print_taken(session: Session, ids: Sequence[str], error: ByteplusError) -> None:
    """What was taken before one was not goes on, which the error itself does not tell."""
    if ids:
        session.terminal.note(f"go on with: {_get_words(session, ids)}")
    _print_ids(session, ids, error)


def _print_ids(session: Session, ids: Sequence[str], error: ByteplusError) -> None:
    if not session.terminal.json:
        session.terminal.result(ids)
    error.document = tasks_document([session.ledger.find(id) for id in ids], session.cwd)


def _get_words(session: Session, ids: Sequence[str]) -> str:
    return session.resume_words(f"video get {' '.join(ids)} --wait")


class _Several:
    """Clips that are submitted, waited for and saved together."""

    def __init__(self, session: Session, plans: Sequence[Plan], saving: Saving) -> None:
        self.session = session
        self.saving = saving
        self.causes = Causes()
        for part in ("ledger", "catalogue", "runner", "service", "storage"):
            getattr(session, part)
        self.work = _Clips(session, plans, saving)
        lanes = Lanes(session, None, Shard(), session.clocks)
        lane = lanes.named(lanes.name_of(self.work.planned(self.work.row(0))))
        lane.offsets = array("Q", range(len(plans)))
        self.progress = Progress(len(plans), session.around.monotonic())
        self.board = Board(self.progress, Limits(), session.clocks, lambda _: None)
        self.work.say = self.board.news.put
        self.engine = Engine(
            self.board,
            Submitting(self.board, [lane], self.work),
            Watching(self.board, self.work),
        )

    def make(self) -> None:
        """To the saved files; raises what kept them from being all there."""
        session, timeout = self.session, self.saving.timeout
        deadline = None if timeout is None else session.around.monotonic() + timeout
        drive = Drive(session, self.engine, patient=False, deadline=deadline)
        drive.run(self._say)
        error = self._error(drive)
        ledger = session.ledger
        entries = [ledger.at(row) for row in ledger.rows_of(self.work.batch)]
        document = tasks_document(entries, session.cwd)
        if error:
            error.document = document
            raise error
        session.terminal.note(f"${cost.usd(self.progress.spent)} for {self.progress.total} clips")
        session.terminal.result([], document)

    def _say(self, done: Done) -> None:
        self.causes.add(done)
        terminal = self.session.terminal
        if done.error:
            terminal.warn(f"clip {done.row.name}: {done.error.message}")
        elif not terminal.json and done.entry is not None:
            files = self.session.ledger.at(done.entry).files
            paths = [shown_path(file.path, self.session.cwd) for file in files]
            terminal.result(paths, files=paths)
            show(self.session, files[0].path)

    def _error(self, drive: Drive) -> ByteplusError | None:
        progress = self.progress
        saved = progress.done["saved"]
        if saved == progress.total:
            return None  # whatever came after the last of them
        if early := self._left_early(drive):
            return early
        if self.engine.error:
            self.engine.error.hint = self.engine.error.hint or self._resume
            return self.engine.error
        if not saved and len(self.causes.errors) == 1:
            return next(iter(self.causes.errors.values()))
        return PartlyFailed(f"{saved} of {progress.total} clips saved: see above")

    def _left_early(self, drive: Drive) -> ByteplusError | None:
        """What it means that a signal or the time came before all clips had ended."""
        progress, total = self.progress, self.progress.total
        open, left = len(progress.open), progress.left
        if not open + left:
            return None
        if drive.signal:
            unsent = f", {left} were not sent" if left else ""
            words = f"stopped waiting; {open} of {total} clips go on{unsent}"
            return Detached(words, exit_code=drive.signal.exit_code, hint=self._resume)
        if drive.late:
            unsent = f", {left} of them not sent" if left else ""
            words = f"{open + left} of {total} clips are not finished yet{unsent}"
            charge = Charge.LATER if open else None
            return StillRunning(words, hint=self._resume, charge=charge)
        return None

    @property
    def _resume(self) -> str:
        ids = [job.id for job in self.progress.open.values() if job.id]
        return _get_words(self.session, ids) if ids else self.session.resume_words("rescue")


class _Clips(BatchWork):
    """The same clip several times, planned already."""

    def __init__(self, session: Session, plans: Sequence[Plan], saving: Saving) -> None:
        planner = _OneTemplate(session.quietly(), session.cwd, saving.for_several, "", {})
        self.batch = f"create-{secrets.token_hex(4)}"
        super().__init__(session.quietly(), planner, None, self.batch, lambda _: None)
        self._plans = plans
        self._saving = saving

    def row(self, offset: int) -> Row:
        number, plan = offset + 1, self._plans[offset]
        high = plan.estimate.usd_high
        options = {
            "prompt": plan.request.prompt,
            "overwrite": self._saving.overwrite,
            "keep": self._saving.keep,
        }
        return Row(
            number,
            0,
            "video",
            str(number),
            options,
            key=f"{self.batch}-{number}",
            usd=None if high is None else cost.usd(high),
        )

    def planned(self, row: Row) -> Planned:
        plan = self._plans[row.number - 1]
        return Planned(plan, plan.estimate, (), ())


class _OneTemplate(Planner):
    def template_of(self, row: Row) -> Template:
        return self.template
