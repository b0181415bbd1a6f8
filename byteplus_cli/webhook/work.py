"""What is done about one callback: the task is looked up, and saved if it is finished."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from byteplus_cli.errors import ByteplusError, Missing
from byteplus_cli.generation.entry import Entry
from byteplus_cli.generation.naming import Template
from byteplus_cli.generation.reconcile import fits, may_be_sending
from byteplus_cli.generation.rescue import verdicts
from byteplus_cli.generation.rescue.crew import Crew
from byteplus_cli.generation.rescue.outcomes import Failed, Lost, Ready, Rescued
from byteplus_cli.generation.rescue.rescue import Rescue
from byteplus_cli.generation.task import FINISHED, Task
from byteplus_cli.webhook.event import Event, Outcome, is_over
from byteplus_cli.webhook.hint import Hint
from byteplus_cli.webhook.pace import Pace

# A callback may come before the answer to the request for its task has been written down.
SENDING_LOOKS, SENDING_PAUSE = 10, 0.2
# The end of a task may be told before a look shows it. Not documented; chosen.
DOUBTS = (1.0, 3.0, 9.0)


@dataclass(frozen=True)
class Work:
    """Safe on several threads. `saved` is called for each task that is on the disk.

    `everywhere` also saves what other machines made with this account.
    """

    crew: Crew
    rescue: Rescue
    template: Callable[[Entry], Template]
    saved: Callable[[Entry], None]
    everywhere: bool
    pace: Pace
    pace_of_strangers: Pace

    def verify(self, hint: Hint) -> Event | None:
        """What an id that the ledger does not have is; None if the ledger has it by now.

        Nothing is written down about a task that this machine did not ask for: its row might be
        on its way from another run.
        """
        crew = self.crew
        try:
            if self._is_ours(hint):
                return None
            self.pace_of_strangers.keep()
            crew.runner.recovery.claim(hint.id)
            if crew.ledger.known(hint.id):
                return None
            task = crew.clips().get(hint.id)
            if self.everywhere and task.finished and not self._may_be_ours(task):
                crew.runner.look(hint.id)
                return None
            return Event(hint, Outcome.FOREIGN, task.status, task=task)
        except ByteplusError as error:
            return Event(hint, _unseen(error), error=error)

    def carry_out(self, hint: Hint) -> Event:
        """Look at a task that the ledger has, and save it if that is to be done."""
        try:
            task = self._look(hint)
            entry = self.crew.ledger.find(hint.id)
        except ByteplusError as error:
            return self._given_up(hint, error)
        if not task.finished:
            return Event(hint, Outcome.NOTED, task.status, entry, task)
        if not task.succeeded:
            return Event(hint, Outcome.ENDED, task.status, entry, task)
        if is_over(entry):  # another run was faster
            return Event(hint, Outcome.STALE, task.status, entry, task)
        return self._save(hint, entry, task)

    def _look(self, hint: Hint) -> Task:
        def ask() -> Task:
            self.pace.keep()
            return self.crew.runner.look(hint.id)

        task = self.crew.patiently(ask)
        for pause in DOUBTS if hint.claimed in FINISHED else ():
            if task.finished:
                break
            self.crew.clocks.sleep(pause)
            task = self.crew.patiently(ask)
        return task

    def _save(self, hint: Hint, entry: Entry, task: Task) -> Event:
        result = self.rescue.save_one(Ready(entry, task), self.template(entry))
        return replace(self._come_of(hint, entry, task, result), notices=result.notices)

    def _come_of(
        self, hint: Hint, entry: Entry, task: Task, result: Rescued | Failed | Lost
    ) -> Event:
        if isinstance(result, Rescued):
            self.saved(result.entry)
            return Event(hint, Outcome.SAVED, task.status, result.entry, task, result.files)
        if isinstance(result, Failed) and result.saved:  # its last frame is what is missing
            entry, files = result.saved.entry, result.saved.files
            return Event(hint, Outcome.TROUBLE, task.status, entry, task, files, result.error)
        if isinstance(result, Lost):
            self._forget(result)
        return Event(hint, Outcome.TROUBLE, task.status, entry, task, error=result.error)

    def _given_up(self, hint: Hint, error: ByteplusError) -> Event:
        try:
            ledger, now = self.crew.ledger, self.crew.clocks.now()
            judged = verdicts.verdict(hint.id, ledger.known(hint.id), error, ledger, now)
            if isinstance(judged, Lost):
                self._forget(judged)
        except ByteplusError as broken:
            return Event(hint, Outcome.TROUBLE, error=broken)
        return Event(hint, _unseen(error), error=judged.error)

    def _forget(self, lost: Lost) -> None:
        self.crew.ledger.lost(lost.row, self.crew.clocks.now())

    def _is_ours(self, hint: Hint) -> bool:
        for _ in range(SENDING_LOOKS):
            # In this order: a request that is answered in between must not be missed.
            sending = self._sending()
            if self.crew.ledger.known(hint.id):
                return True
            if not sending:
                return False
            self.crew.clocks.sleep(SENDING_PAUSE)
        return self.crew.ledger.known(hint.id) is not None

    def _may_be_ours(self, task: Task) -> bool:
        return any(fits(entry, task) for entry in self._sending())

    def _sending(self) -> list[Entry]:
        now = self.crew.clocks.now()
        unanswered = self.crew.ledger.unanswered(self.crew.profile)
        return [entry for entry in unanswered if may_be_sending(entry, now)]


def _unseen(error: ByteplusError) -> Outcome:
    # A 404 without the service's own code is some other server's, at a wrong address.
    if isinstance(error, Missing) and not error.code.startswith("http_"):
        return Outcome.UNKNOWN
    return Outcome.TROUBLE
