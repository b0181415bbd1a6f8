"""From a request whose answer was lost to the task that it became, if it became one."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass

from byteplus_cli.errors import ByteplusError, Charge, Detached, Interrupted, WrongState
from byteplus_cli.generation.entry import Entry
from byteplus_cli.generation.ledger import Ledger
from byteplus_cli.generation.reconcile import (
    GRACE_SECONDS,
    LISTED_SECONDS,
    SILENT_SECONDS,
    Verdict,
    fits,
    may_be_sending,
    search,
)
from byteplus_cli.generation.retry import Pause
from byteplus_cli.generation.service import VideoService
from byteplus_cli.generation.task import Status
from byteplus_cli.generation.watch import Clocks

# Together longer than GRACE_SECONDS, so that the last look can tell that there is no task.
RECOVERY_PAUSES = (2.0, 4.0, 8.0, 20.0)


class TooSoon(WrongState):
    """A request was sent moments ago: its task may not be in the list yet."""


@dataclass(frozen=True)
class Recovery:
    """Looks for the tasks of one profile's unanswered requests."""

    service: Callable[[], VideoService]
    ledger: Ledger
    profile: str
    clocks: Clocks

    def reconcile(self, entry: Entry) -> Entry | None:
        """Look for the task of a create whose answer was lost; gives its row once it has an id.

        None once the list shows that there is none, after which it may be made again. Raises
        WrongState while that cannot be told.
        """
        if entry.id is not None:
            return entry
        age = self.clocks.now() - entry.created_at
        if age > LISTED_SECONDS:
            raise WrongState("the task list does not go back that far", charge=Charge.UNKNOWN)
        found = search(entry, self.service(), self.ledger.made_here())
        if found.verdict is Verdict.FOUND:
            self.ledger.accepted(entry.row, found.tasks[0].id, entry.request_id)
            return self.ledger.at(entry.row)
        if found.verdict is Verdict.UNDECIDED:
            names = " or ".join(task.id for task in found.tasks)
            raise WrongState(
                f"it cannot be told whether an unanswered request became {names}",
                hint=f"byteplus video get {found.tasks[0].id} saves it, if it is the one",
                charge=Charge.UNKNOWN,
            )
        # A run that was killed may have sent it, and the service may take its time.
        grace = SILENT_SECONDS if entry.status == Status.SUBMITTING else GRACE_SECONDS
        if age < grace:
            raise TooSoon(
                "the request was sent moments ago, and its task may still turn up",
                hint=f"try again in {grace - age:.0f} seconds",
                charge=Charge.UNKNOWN,
            )
        self.ledger.ended(entry.row, Status.REFUSED, None)
        return None

    def recover(self, row: int, lost: ByteplusError) -> Generator[Pause, None, Entry]:
        """The task of a create that was not answered, if there is one; else raises `lost`."""
        try:
            return (yield from self._looked_for(row, lost))
        except Interrupted as signal:
            raise Detached(
                "stopped while it was looked up whether the request was accepted",
                exit_code=signal.exit_code,
                hint="byteplus rescue looks again, and saves what came of it",
                charge=Charge.UNKNOWN,
            ) from signal

    def _looked_for(self, row: int, lost: ByteplusError) -> Generator[Pause, None, Entry]:
        for number, seconds in enumerate(RECOVERY_PAUSES):
            # Each look is told, as half a minute of silence would be taken for a hang.
            looked = f"look {number} of {len(RECOVERY_PAUSES)} did not tell"
            yield Pause(
                seconds, looked if number else lost.message, then="looking whether it was accepted"
            )
            self.clocks.sleep(seconds)
            try:
                entry = self.reconcile(self.ledger.at(row))
            except ByteplusError as unsure:
                if isinstance(unsure, WrongState):
                    lost.hint = f"{unsure.message}; {unsure.hint}"
                continue
            if entry is not None:
                return entry
            lost.charge = Charge.NO
            lost.hint = "the task list shows that it was not accepted; send it again"
            raise lost
        lost.hint = lost.hint or "byteplus rescue looks for it again"
        raise lost

    def claim(self, id: str) -> None:
        """Take a task that the user names for what an unanswered request became, if just one fits.

        So that it keeps the prompt and the name that were asked for.
        """
        known = self.ledger.known(id)
        if (known and known.request) or not self.ledger.writable:
            return
        now = self.clocks.now()
        unanswered = [
            entry
            for entry in self.ledger.unanswered(self.profile)
            if not may_be_sending(entry, now)
        ]
        if not unanswered:
            return
        task = self.service().get(id)
        alike = [e for e in unanswered if fits(e, task) and task.model in (None, e.model)]
        if len(alike) == 1:
            self.ledger.accepted(alike[0].row, id, task.request_id)
