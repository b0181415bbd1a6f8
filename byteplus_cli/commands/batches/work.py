"""What a batch does with one row: send it, look at it, save it; each in a thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack
from decimal import Decimal
from typing import Any, TypeVar

from byteplus_cli.commands.batches.rows import MEDIA, Planned, Planner
from byteplus_cli.commands.making import ended_badly
from byteplus_cli.commands.picture_ending import shortfall
from byteplus_cli.commands.picturing import PicturePlan
from byteplus_cli.commands.planning import Plan
from byteplus_cli.commands.portraits import within_reach
from byteplus_cli.commands.uploading import remove_uploads, uploaded
from byteplus_cli.errors import (
    ByteplusError,
    Charge,
    InvalidRequest,
    Missing,
    NotSaved,
    PartlyFailed,
    ServerFault,
)
from byteplus_cli.generation.avatar.request import AvatarRequest
from byteplus_cli.generation.batch.folder import RUNS, RowsFile, Run
from byteplus_cli.generation.batch.lane import Lane
from byteplus_cli.generation.batch.paced import Paced
from byteplus_cli.generation.batch.row import Row
from byteplus_cli.generation.batch.rows import Stage, Standing
from byteplus_cli.generation.batch.work import Taken
from byteplus_cli.generation.claim import is_claimed
from byteplus_cli.generation.entry import Entry, SavedFile
from byteplus_cli.generation.fields import name_fields
from byteplus_cli.generation.image.saving import PictureSaver
from byteplus_cli.generation.intent import Intent
from byteplus_cli.generation.naming import Template
from byteplus_cli.generation.notice import Notice
from byteplus_cli.generation.rescue.crew import Turns
from byteplus_cli.generation.rescue.verdicts import is_expired
from byteplus_cli.generation.retry import Pause
from byteplus_cli.generation.runner import Runner
from byteplus_cli.generation.task import Failure, Task
from byteplus_cli.generation.uploads import needed_seconds
from byteplus_cli.session import Session

T = TypeVar("T")
Say = Callable[[Pause | Notice], None]


class BatchWork:
    """Makes the rows of one run. `session` is a quiet one; `say` passes on what is worth a word."""

    def __init__(
        self, session: Session, planner: Planner, rows: RowsFile | None, batch: str, say: Say
    ) -> None:
        self.batch = batch
        self.say = say
        self._session = session
        self._planner = planner
        self._rows = rows
        self._turns = Turns()
        # What one row puts into storage another may need too: while a row is between its upload
        # and its place in the ledger, nothing is removed.
        self._storage = threading.Lock()

    def row(self, offset: int) -> Row:
        assert self._rows is not None  # noqa: S101 - who has no file has rows of its own
        return self._rows.at(offset)

    def standing(self, row: Row) -> Standing:
        return self._session.ledger.standing(self._session.profile.name, row.key)

    def why(self, standing: Standing) -> ByteplusError:
        assert standing.row is not None  # noqa: S101 - something ended
        entry = self._session.ledger.at(standing.row)
        told = entry.error
        reason = Failure(told["code"], told["message"]) if told else None
        if lacking := entry.facts.get("refused"):
            return PartlyFailed(f"{len(lacking)} of its pictures did not come", code="incomplete")
        if entry.lost_at:
            return Missing(
                f"{entry.id} was made, and cannot be saved any more",
                hint="--retry-failed makes it anew",
                charge=Charge.YES,
            )
        if standing.stage is Stage.FAILED:
            return ended_badly(str(entry.id), entry.kind, entry.status, reason, entry.request_id)
        if standing.stage is Stage.MADE:
            return NotSaved(
                f"{entry.id} is made, and not all of it is saved",
                hint=self._session.resume_words("rescue"),
                charge=Charge.YES,
            )
        return ServerFault(
            "an earlier request of this row was never answered",
            code="unanswered",
            hint="--retry-failed asks for it once more",
            charge=Charge.UNKNOWN,
        )

    def submit(self, row: Row, lane: Lane, after: int | None) -> Taken:
        planned = self.planned(row)
        intent = Intent(self.batch, row.name, row.key, row.number, after)
        template = self._planner.template_of(row)
        request = planned.request
        if isinstance(request, PicturePlan):
            return self._pictures(row, request, template, intent)
        uploads = any(source.to_upload for source in planned.sources)
        with ExitStack() as held:
            if uploads:
                held.enter_context(self._storage)
            if isinstance(request, AvatarRequest):
                steps = self._avatar(row, request, template, intent)
            else:
                steps = self._clip(row, request, lane, template, intent)
            # At its first step its row stands, however long it then waits for its turn.
            return Taken(self._drained(steps, held.close).id)

    def cost(self, row: Row) -> str | None:
        standing = self.standing(row)
        return self._session.ledger.at(standing.row).cost if standing.row else None

    def counted(self, standing: Standing) -> Decimal:
        assert standing.row is not None  # noqa: S101 - there is something that costs
        entry = self._session.ledger.at(standing.row)
        return Decimal(entry.cost or entry.estimate or 0)

    def is_elsewhere(self, standing: Standing) -> bool:
        """By the signs that runs leave as long as they live."""
        state = self._session.state
        if standing.id and is_claimed(state, standing.id):
            return True
        other = standing.batch
        return other not in (None, self.batch) and Run(state / RUNS / str(other)).is_at_work()

    def lost(self, standing: Standing) -> None:
        if standing.row is not None:
            self._session.ledger.lost(standing.row, self._session.around.now())

    def save_pictures(self, row: Row, standing: Standing) -> Taken:
        session, now = self._session, self._session.around.now()
        assert standing.row is not None  # noqa: S101 - there is something to save
        entry = session.ledger.at(standing.row)
        waiting = entry.waiting(now)
        saver = PictureSaver(
            session.ledger, session.clocks, overwrite=bool(row.options.get("overwrite"))
        )
        for picture in waiting:
            self._drained(saver.save(entry, picture, self._planner.template_of(row)))
        stage = self.standing(row).stage
        if stage is Stage.SAVED:
            return Taken(None, entry.cost)
        if stage is Stage.MADE:
            self.lost(standing)
        raise self.why(self.standing(row))

    def reconcile(self, standing: Standing) -> str | None:
        assert standing.row is not None  # noqa: S101 - there is a request to look for
        entry = self._session.ledger.at(standing.row)
        found = self._session.runner.recovery.reconcile(entry)
        return found.id if found else None

    def list(self, ids: Sequence[str], flex: bool) -> Sequence[Task]:
        tier = "flex" if flex else None
        return self._session.service.list(size=500, ids=ids, tier=tier).tasks

    def look(self, id: str) -> Task:
        return self._session.runner_for(id).look(id)

    def seen(self, task: Task) -> None:
        if task.kind == "video":
            self._session.runner.seen(task)

    def save(self, row: Row, task: Task) -> str | None:
        session = self._session
        entry = session.ledger.find(task.id)
        if not entry.saved:
            template = self._planner.template_of(row)
            with self._turns.at(template.name(name_fields(entry, task))):
                files = self._saved(row, task, template)
            for file in files:
                for difference in file.facts.get("differs") or []:
                    self.say(Notice(f"{row.name}: {difference}"))
        with self._storage:
            remove_uploads(session, entry)
        return session.ledger.find(task.id).cost

    def _saved(self, row: Row, task: Task, template: Template) -> Sequence[SavedFile]:
        """Raises Missing only once no look can bring a link that works."""
        overwrite = bool(row.options.get("overwrite"))
        steps = self._session.runner_for(task.id).save(task, template, overwrite=overwrite)
        try:
            return self._drained(steps)
        except Missing as missing:
            standing = self.standing(row)
            entry = self._session.ledger.find(task.id)
            if is_expired(entry, self._session.around.now()):
                self.lost(standing)
                raise
            rescue = self._session.resume_words("rescue")
            raise NotSaved(missing.message, hint=rescue, charge=Charge.YES) from missing

    def ended(self, task: Task) -> ByteplusError:
        return ended_badly(task.id, task.kind, task.status, task.failure, task.request_id)

    def planned(self, row: Row) -> Planned:
        """The row as it is sent; raises InvalidRequest if its files are not what they were."""
        from_file = str(row.options.get("prompt") or "").startswith("@")
        if from_file or any(row.options.get(name) for name in MEDIA):
            seen = self._planner.plan(row)
            if self._planner.key(row, seen, row.repeat) != row.key:
                raise InvalidRequest(
                    "an input has changed since the manifest was checked",
                    hint="run the batch again",
                    charge=Charge.NO,
                )
        return self._planner.plan(row, dry=False)

    def _clip(
        self, row: Row, plan: Plan, lane: Lane, template: Template, intent: Intent
    ) -> Generator[Pause, None, Entry]:
        session = self._session
        request = uploaded(
            session,
            plan.request,
            needed_seconds(plan.request.record()),
            keep=bool(row.options.get("keep")),
        )
        service = Paced(session.service, lane.pace)
        runner = Runner(
            lambda: service,
            session.ledger,
            session.catalogue,
            profile=session.profile.name,
            clocks=session.clocks,
        )
        return runner.submit(
            request, output=template.text, estimate=plan.estimate.usd_text, intent=intent
        )

    def _pictures(self, row: Row, plan: PicturePlan, template: Template, intent: Intent) -> Taken:
        outcome = self._drained(
            self._session.maker.make(
                plan.request,
                plan.model,
                template,
                overwrite=bool(row.options.get("overwrite")),
                estimate=plan.estimate.usd_text,
                intent=intent,
            )
        )
        if error := shortfall(self._session, outcome):
            raise error
        return Taken(None, outcome.entry.cost)

    def _avatar(
        self, row: Row, request: AvatarRequest, template: Template, intent: Intent
    ) -> Generator[Pause, None, Entry]:
        session = self._session
        indexes = tuple(row.options.get("mask_index") or ())
        reached = within_reach(session, request, indexes, keep=bool(row.options.get("keep")))
        return session.avatar_runner.submit(
            reached, output=template.text, in_turn=True, timeout=None, intent=intent
        )

    def _drained(
        self, steps: Generator[Any, None, T], begun: Callable[[], object] = lambda: None
    ) -> T:
        """What the steps come to; of what happens on the way only words are passed on."""
        while True:
            try:
                step = next(steps)
            except StopIteration as done:
                result: T = done.value
                return result
            begun()
            if isinstance(step, Pause | Notice):
                self.say(step)
