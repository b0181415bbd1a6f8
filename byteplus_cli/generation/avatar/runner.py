"""Submit, watch, save, cancel avatars: each step is written to the ledger as it happens."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Protocol

from byteplus_cli.errors import ByteplusError, Charge, Missing, WrongState
from byteplus_cli.generation import cost
from byteplus_cli.generation.avatar.model import MODELS
from byteplus_cli.generation.avatar.request import AvatarRequest, price
from byteplus_cli.generation.entry import Entry
from byteplus_cli.generation.intent import Intent
from byteplus_cli.generation.ledger import Ledger
from byteplus_cli.generation.naming import Template
from byteplus_cli.generation.retry import Pause
from byteplus_cli.generation.saving import Saving, save
from byteplus_cli.generation.sending import send_for
from byteplus_cli.generation.service import Created
from byteplus_cli.generation.task import Status, Task
from byteplus_cli.generation.watch import Clocks, watch

# Refused with this code, a request has to wait for the one before it.
TURN = "50430"
# What is said of an id that is not known, too (live notes).
UNKNOWN_ID = "50215"
NO_LIST = (
    "the same command asks once more, and may be charged twice:"
    " the service keeps no list of avatars to look into"
)


class AvatarService(Protocol):
    """What is asked of the service that makes avatars; each call sends one request."""

    def create(self, body: dict[str, Any]) -> Created: ...
    def get(self, id: str, req_key: str) -> Task: ...
    def cancel(self, id: str, req_key: str) -> None: ...


@dataclass(frozen=True)
class AvatarRunner:
    """Carries out avatar tasks for one profile. `service` is built when first needed."""

    service: Callable[[], AvatarService]
    ledger: Ledger
    profile: str
    clocks: Clocks

    def submit(
        self,
        request: AvatarRequest,
        *,
        output: str | None,
        in_turn: bool,
        timeout: float | None,
        intent: Intent | None = None,
    ) -> Generator[Pause, None, Entry]:
        """Send a request once; the row stands before it leaves, the id before it returns.

        Only one avatar is made at a time: `in_turn` waits for the others, for `timeout` seconds.
        """
        service = self.service()
        row = self.ledger.begin(
            kind="avatar",
            profile=self.profile,
            model=request.model.id,
            prompt=request.prompt,
            request=request.record(),
            output=output,
            estimate=request.estimate.usd_text,
            now=self.clocks.now(),
            intent=intent,
        )
        until = None if timeout is None else self.clocks.monotonic() + timeout
        try:
            yield from send_for(
                row,
                lambda: service.create(request.body()),
                self.ledger,
                self.clocks,
                unanswered=NO_LIST,
                taken=lambda created: self.ledger.accepted(row, created.id, created.request_id),
                turn=TURN if in_turn else None,
                until=until,
            )
        except ByteplusError as error:
            if error.charge is Charge.UNKNOWN:
                error.hint = NO_LIST
            raise
        return self.ledger.at(row)

    def watch(self, id: str, *, timeout: float | None) -> Generator[Task | Pause, None, Task]:
        """Follow a task to its end; every look goes to the ledger."""
        usual = self.usual_seconds(id)
        return watch(lambda: self.look(id), self.clocks, usual=usual, timeout=timeout)

    def look(self, id: str) -> Task:
        """Look at a task once, and write down what it told."""
        entry = self.ledger.known(id)
        task = self._seen(id, entry)
        if entry and entry.status == Status.SUCCEEDED and task.finished and not task.succeeded:
            # It was made, and whatever is said of it now is that its video is gone.
            raise Missing(f"the service has no video of {id} any more", charge=Charge.YES)
        if entry:
            # The service tells neither of these.
            task = replace(task, created_at=int(entry.created_at), duration=_duration(entry))
        self.ledger.looked(task, self.profile, _cost(entry, task), self.clocks.now())
        return task

    def save(self, task: Task, template: Template, *, overwrite: bool) -> Saving:
        """Save the video of a finished task."""
        files = yield from save(
            task,
            self.ledger.find(task.id),
            template,
            look=lambda: self.look(task.id),
            ledger=self.ledger,
            model=None,
            clocks=self.clocks,
            overwrite=overwrite,
        )
        if self.ledger.find(task.id).cost is None and self.ledger.writable:
            self.ledger.priced(task.id, cost.usd(price(files[0].facts["seconds"])))
        return files

    def cancel(self, id: str) -> None:
        """Cancel a queued task; raises WrongState when it is too late for that."""
        task = self.look(id)
        if task.status == Status.CANCELLED:
            return
        if task.finished or task.status == Status.RUNNING:
            raise WrongState(
                f"{id} is already {task.status}", hint=f"byteplus avatar get {id}", task_id=id
            )
        self.service().cancel(id, self._req_keys(self.ledger.known(id))[0])
        try:
            now = self.look(id).status
        except Missing:  # the record is gone with it
            gone = replace(task, status=Status.CANCELLED)
            self.ledger.looked(gone, self.profile, None, self.clocks.now())
            return
        if now != Status.CANCELLED:
            raise WrongState(f"{id} is {now}, though the service took the request to cancel it")

    def usual_seconds(self, id: str) -> float | None:
        """How long such an avatar usually takes on this machine, if it has made some."""
        entry = self.ledger.known(id)
        if entry is None:
            return None
        return self.ledger.usual_seconds(
            entry.profile, entry.model or "", entry.request.get("resolution")
        )

    def _seen(self, id: str, entry: Entry | None) -> Task:
        """A look; for a task of another machine both models are asked."""
        *others, last = self._req_keys(entry)
        for req_key in others:
            with suppress(Missing):
                task = self.service().get(id, req_key)
                if task.failure is None or task.failure.code != UNKNOWN_ID:
                    return task
        return self.service().get(id, last)

    def _req_keys(self, entry: Entry | None) -> list[str]:
        if entry and isinstance(key := entry.request.get("req_key"), str):
            return [key]
        return [model.req_key for model in MODELS.values()]


def _duration(entry: Entry) -> int | None:
    seconds = entry.request.get("seconds")
    return round(seconds) if isinstance(seconds, int | float) else None


def _cost(entry: Entry | None, task: Task) -> str | None:
    seconds = entry.request.get("seconds") if entry else None
    if not task.succeeded or not isinstance(seconds, int | float):
        return None
    return cost.usd(price(seconds))
