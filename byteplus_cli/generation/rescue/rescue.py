"""Finds what is finished and was never saved here, and saves it, several at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from byteplus_cli.errors import ByteplusError
from byteplus_cli.generation.claim import is_claimed
from byteplus_cli.generation.entry import Entry
from byteplus_cli.generation.fields import name_fields
from byteplus_cli.generation.image.saving import PictureSaver
from byteplus_cli.generation.link import LinkExpired
from byteplus_cli.generation.naming import Template
from byteplus_cli.generation.notice import Notice
from byteplus_cli.generation.reconcile import PAGE, TIERS, may_be_sending
from byteplus_cli.generation.recovery import TooSoon
from byteplus_cli.generation.report import link_expires_at
from byteplus_cli.generation.rescue import verdicts
from byteplus_cli.generation.rescue.crew import Crew
from byteplus_cli.generation.rescue.outcomes import Failed, Found, Lost, Ready, Rescued
from byteplus_cli.generation.task import Status, Task


@dataclass
class _Candidates:
    """The tasks that may be unsaved, and what was found out on the way to them."""

    avatars: list[str] = field(default_factory=list)
    clips: list[str] = field(default_factory=list)
    faults: list[Failed | Lost] = field(default_factory=list)
    sending: int = 0


@dataclass(frozen=True)
class Rescue:
    """One profile's rescue; `overwrite` replaces other files of the same names."""

    crew: Crew
    overwrite: bool = False

    def find(self, *, everywhere: bool) -> Found:
        """Look at everything that may be unsaved; `everywhere` includes other machines' tasks.

        What was saved once and then moved or deleted is its owner's business.
        """
        found = self._candidates(everywhere)
        looks: list[Ready | Failed | Lost | None] = []
        # Avatars first: their links live for an hour.
        for ids, service in ((found.avatars, self.crew.avatars), (found.clips, self.crew.clips)):
            try:
                if ids:
                    service()  # not by several threads at once
            except ByteplusError as error:
                looks += [Failed(id, error) for id in ids]
            else:
                looks += self.crew.each(self._look, ids)
        looks += self._pictures()
        ready = [look for look in looks if isinstance(look, Ready)]
        ready.sort(key=lambda look: link_expires_at(look.entry) or 0)
        faults = [*found.faults, *(look for look in looks if isinstance(look, Failed | Lost))]
        return Found(tuple(ready), tuple(faults), found.sending)

    def save(
        self, ready: Sequence[Ready], template: Callable[[Entry], Template]
    ) -> Iterator[Rescued | Failed | Lost]:
        """Save in that order; yields each as it is done."""
        return self.crew.each(lambda one: self.save_one(one, template(one.entry)), ready)

    def _candidates(self, everywhere: bool) -> _Candidates:
        found = _Candidates()
        for kind in ("avatar", "video"):
            for entry in self.crew.ledger.unsaved(self.crew.profile, kind):
                self._sort_in(entry, found)
        if everywhere:
            try:
                found.clips += self._foreign(self.crew.ledger.ids())
            except ByteplusError as error:
                found.faults.append(Failed(None, error))
        return found

    def _sort_in(self, entry: Entry, found: _Candidates) -> None:
        now = self.crew.clocks.now()
        if may_be_sending(entry, now):
            found.sending += 1
        elif entry.id:
            (found.avatars if entry.kind == "avatar" else found.clips).append(entry.id)
        elif entry.kind == "avatar":
            found.faults.append(verdicts.of_unlisted(entry))
        else:
            try:
                known = self.crew.runner.recovery.reconcile(entry)
                found.clips += [known.id] if known and known.id else []
            except TooSoon:
                found.sending += 1
            except ByteplusError as error:
                found.faults.append(verdicts.of_unanswered(entry, error, now))

    def _foreign(self, known: Collection[str]) -> list[str]:
        """The ids of what succeeded on the server without this machine knowing of it."""
        # As the keys of a dict, since a page may repeat what the one before held.
        found: dict[str, None] = {}
        for tier in TIERS:
            page, left = 1, 1
            while left > 0:
                total, tasks = self._succeeded(tier, page)
                found.update((task.id, None) for task in tasks if task.id not in known)
                left = total - page * PAGE if tasks else 0
                page += 1
        return list(found)

    def _succeeded(self, tier: str, page: int) -> tuple[int, Sequence[Task]]:
        service = self.crew.clips()
        found = self.crew.patiently(
            lambda: service.list(page=page, size=PAGE, status=Status.SUCCEEDED, tier=tier)
        )
        return found.total, found.tasks

    def _look(self, id: str) -> Ready | Failed | Lost | None:
        ledger = self.crew.ledger
        before = ledger.known(id)
        runner = self.crew.runner_for(before.kind if before else "video")
        try:
            task = self.crew.patiently(lambda: runner.look(id))
        except ByteplusError as error:
            return verdicts.verdict(id, before, error, ledger, self.crew.clocks.now())
        return Ready(ledger.find(id), task) if task.succeeded else None

    def _pictures(self) -> Iterator[Ready | Lost]:
        """The sets of pictures that are not all saved."""
        now = self.crew.clocks.now()
        for entry in self.crew.ledger.unfetched(self.crew.profile):
            if is_claimed(self.crew.state, str(entry.id)):
                continue  # another run is at it right now
            if entry.waiting(now):
                yield Ready(entry, None)
            else:
                yield verdicts.of_dead_pictures(entry)

    def save_one(self, ready: Ready, template: Template) -> Rescued | Failed | Lost:
        """Save one on the thread that calls."""
        notices: list[Notice] = []
        outcome: Rescued | Failed | Lost
        try:
            notices.extend(self._steps(ready, template))  # keeps what comes before a failure
        except ByteplusError as error:
            outcome = self._unsaved(ready, error)
        else:
            outcome = self._saved(ready)
        return replace(outcome, notices=tuple(notices))

    def _unsaved(self, ready: Ready, error: ByteplusError) -> Failed | Lost:
        saved, now = self._saved(ready), self.crew.clocks.now()
        id = str(ready.entry.id)
        judged = verdicts.verdict(id, saved.entry, error, self.crew.ledger, now)
        if isinstance(judged, Failed) and saved.files:
            return replace(judged, saved=saved)
        return judged

    def _steps(self, ready: Ready, template: Template) -> Iterator[Notice]:
        """Save one; yields what is to be told of it even if the rest of it fails."""
        if ready.task is None:
            return self._save_pictures(ready.entry, template)
        return self._save_task(ready.entry, ready.task, template)

    def _save_task(self, entry: Entry, task: Task, template: Template) -> Iterator[Notice]:
        if not task.outputs and verdicts.is_expired(entry, self.crew.clocks.now()):
            raise LinkExpired("the service names no file any more")
        place = template.name(name_fields(entry, task), mark="draft" if entry.is_draft else None)
        runner = self.crew.runner_for(entry.kind)
        with self.crew.turns.at(place):
            yield from _notices(runner.save(task, template, overwrite=self.overwrite))

    def _save_pictures(self, entry: Entry, template: Template) -> Iterator[Notice]:
        """Save each that can be; raises the first trouble once all were tried."""
        trouble: ByteplusError | None = None
        saver = PictureSaver(self.crew.ledger, self.crew.clocks)
        with self.crew.turns.at(Path(template.text)):
            for picture in entry.waiting(self.crew.clocks.now()):
                try:
                    yield from _notices(saver.save(entry, picture, template))
                except ByteplusError as error:
                    trouble = trouble or error
        if trouble is not None:
            raise trouble

    def _saved(self, ready: Ready) -> Rescued:
        entry = self.crew.ledger.at(ready.entry.row)
        return Rescued(entry, tuple(file for file in entry.files if file not in ready.entry.files))


def _notices(steps: Iterable[object]) -> Iterator[Notice]:
    return (step for step in steps if isinstance(step, Notice))
