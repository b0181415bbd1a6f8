"""Submit, watch, save, cancel: each step of a task, written to the ledger as it happens."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Any

from byteplus_cli.errors import (
    ByteplusError,
    Charge,
    Detached,
    Missing,
    ServerFault,
    WrongState,
)
from byteplus_cli.generation import cost
from byteplus_cli.generation.catalogue import Catalogue
from byteplus_cli.generation.entry import Entry, foreign
from byteplus_cli.generation.intent import Intent
from byteplus_cli.generation.ledger import Ledger
from byteplus_cli.generation.naming import Template
from byteplus_cli.generation.recovery import Recovery
from byteplus_cli.generation.report import timestamp
from byteplus_cli.generation.retry import Pause
from byteplus_cli.generation.saving import Saving, save
from byteplus_cli.generation.sending import send_for
from byteplus_cli.generation.service import Created, Page, VideoService
from byteplus_cli.generation.task import KNOWN_HERE_ALONE, Status, Task
from byteplus_cli.generation.video import VideoRequest
from byteplus_cli.generation.watch import Clocks, watch


@dataclass(frozen=True)
class Listing:
    """Tasks to show, and how many of the server's list could not be read."""

    entries: tuple[Entry, ...]
    unreadable: int


class Runner:
    """Carries out video tasks for one profile. `service` is built when first needed."""

    def __init__(
        self,
        service: Callable[[], VideoService],
        ledger: Ledger,
        catalogue: Catalogue,
        *,
        profile: str,
        clocks: Clocks,
    ) -> None:
        self._service = service
        self._ledger = ledger
        self._catalogue = catalogue
        self._profile = profile
        self._clocks = clocks
        self.recovery = Recovery(service, ledger, profile, clocks)

    def submit(
        self,
        request: VideoRequest,
        *,
        output: str | None,
        estimate: str | None,
        chain: str | None = None,
        step: int | None = None,
        intent: Intent | None = None,
    ) -> Generator[Pause, None, Entry]:
        """Send a request once; the row stands before it leaves, the id before it returns."""
        service = self._service()
        row = self._ledger.begin(
            kind="video",
            profile=self._profile,
            model=request.model,
            prompt=request.prompt,
            request=request.record(),
            output=output,
            estimate=estimate,
            now=self._clocks.now(),
            chain=chain,
            step=step,
            intent=intent,
        )

        def taken(created: Created) -> None:
            known = self._ledger.known(created.id)
            # One without a request was only looked at, by whoever heard of it first.
            if known is None or known.row == row or not known.request:
                self._ledger.accepted(row, created.id, created.request_id)

        try:
            created = yield from send_for(
                row,
                lambda: service.create(request.body()),
                self._ledger,
                self._clocks,
                unanswered="byteplus video list shows whether the task was accepted",
                taken=taken,
            )
        except Detached:
            raise
        except ByteplusError as error:
            if error.charge in (Charge.NO, Charge.LATER):
                raise
            return (yield from self.recovery.recover(row, error))
        if self._ledger.at(row).id is None:
            told = f"the service answered with the id of another task: {created.id}"
            fault = ServerFault(told, code="bad_answer", charge=Charge.UNKNOWN)
            self._ledger.ended(row, Status.UNKNOWN, fault)
            return (yield from self.recovery.recover(row, fault))
        return self._ledger.at(row)

    def watch(self, id: str, *, timeout: float | None) -> Generator[Task | Pause, None, Task]:
        """Follow a task to its end; every look goes to the ledger."""
        return watch(
            lambda: self.look(id), self._clocks, usual=self.usual_seconds(id), timeout=timeout
        )

    def look(self, id: str) -> Task:
        """Look at a task once, and write down what it told."""
        try:
            task = self._service().get(id)
        except Missing as missing:
            entry = self._ledger.known(id)
            if entry and entry.removed_at:
                day = timestamp(entry.removed_at)
                missing.message, missing.hint = f"the record of {id} was deleted on {day}", None
            raise
        self.seen(task)
        return task

    def seen(self, task: Task) -> Entry:
        """Write down what was told of a task."""
        return self._ledger.looked(task, self._profile, self._cost(task), self._clocks.now())

    def save(self, task: Task, template: Template, *, overwrite: bool) -> Saving:
        """Save the files of a finished task."""
        return save(
            task,
            self._ledger.find(task.id),
            template,
            look=lambda: self.look(task.id),
            ledger=self._ledger,
            model=self._catalogue.known_video(task.model or ""),
            clocks=self._clocks,
            overwrite=overwrite,
        )

    def usual_seconds(self, id: str) -> float | None:
        """How long such a task usually takes on this machine, if it has done it before."""
        entry = self._ledger.known(id)
        if entry is None:
            return None
        return self._ledger.usual_seconds(
            entry.profile, entry.model or "", entry.request.get("resolution")
        )

    def cancel(self, id: str) -> None:
        """Cancel a queued task; raises WrongState when it is too late for that."""
        task = self.look(id)
        if task.status == Status.CANCELLED:
            return
        hint = f"byteplus video get {id}"
        if task.status != Status.QUEUED:
            # Deleting anything else would remove a record, or be refused.
            raise WrongState(_too_late(task), hint=hint, task_id=id)
        self._service().delete(id)
        now = self.look(id).status
        if now != Status.CANCELLED:
            words = f"{id} is {now}, though the service took the request to cancel it"
            raise WrongState(words, hint=hint, task_id=id)

    def delete(self, id: str, *, unsaved: bool) -> None:
        """Remove a finished task's record from the server; `unsaved` clips only when asked."""
        task = self.look(id)
        if not task.finished:
            raise WrongState(
                f"{id} is still {task.status}", hint=f"byteplus video cancel {id}", task_id=id
            )
        if task.succeeded and not unsaved and not self._ledger.find(id).saved:
            raise WrongState(
                f"{id} is finished but not saved, and would be lost",
                hint=f"byteplus video get {id} saves it; --unsaved deletes it all the same",
                task_id=id,
            )
        self._service().delete(id)
        self._ledger.removed(id, self._clocks.now())

    def list(
        self, *, limit: int, status: str | None, model: str | None, tier: str | None
    ) -> Listing:
        """The account's tasks, and what only this machine knows of, newest first."""
        here_alone = status in KNOWN_HERE_ALONE
        page = Page(0, ())
        if not here_alone:
            page = self._service().list(size=limit, status=status, model=model, tier=tier)
        seen = [self._listed(task) for task in page.tasks]
        ours: list[Entry] = []
        # What a row says of a state that the service knows may be long out of date.
        if status is None or here_alone:
            ours = self._ledger.recent(
                self._profile, limit, "video", status=status, model=model, tier=tier
            )
        ids = {entry.id for entry in seen}
        ours = [entry for entry in ours if entry.id not in ids and not entry.removed_at]
        merged = sorted([*seen, *ours], key=lambda entry: entry.created_at, reverse=True)
        return Listing(tuple(merged[:limit]), page.unreadable)

    def _listed(self, task: Task) -> Entry:
        if self._ledger.known(task.id) is None:
            return foreign(task, self._profile, self._cost(task))
        return self.seen(task)

    def _cost(self, task: Task) -> str | None:
        entry = self._ledger.known(task.id)
        request = entry.request if entry else {}
        model = self._catalogue.known_video(task.model or (entry and entry.model) or "")
        tokens = task.usage.get("completion_tokens")
        if model is None or tokens is None:
            return None
        price = cost.price(
            model,
            tokens,
            resolution=task.resolution,
            video_input=_has_video(request),
            audio=bool(task.audio),
            flex=task.service_tier == "flex",
        )
        return cost.usd(price) if price is not None else None


def _has_video(request: Mapping[str, Any]) -> bool:
    return any(item.get("type") == "video_url" for item in request.get("content", ()))


def _too_late(task: Task) -> str:
    if task.status == Status.RUNNING:
        return f"{task.id} is already running, and a running task cannot be cancelled"
    return f"{task.id} is already {task.status}"
