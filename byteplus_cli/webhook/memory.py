"""What a listener remembers of callbacks, so that the same ones again cost nothing."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from byteplus_cli.generation.task import FINISHED
from byteplus_cli.webhook.event import Event, Outcome
from byteplus_cli.webhook.hint import Hint

REMEMBERED = 10_000
# What the service does not know now may be known to it later.
UNKNOWN_SECONDS = 600.0


class Memory:
    """The latest so many callbacks, and what the service said of ids that the ledger has not."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._heard: OrderedDict[tuple[str, str | None], None] = OrderedDict()
        self._strangers: OrderedDict[str, tuple[Event, float]] = OrderedDict()

    def heard(self, hint: Hint) -> bool:
        """Whether the same was claimed of that task before; from now on it was."""
        key = (hint.id, hint.claimed)
        before = key in self._heard
        _keep(self._heard, key, None)
        return before

    def stranger(self, hint: Hint) -> Event | None:
        """What there is to say of a task that this machine did not ask for, without a look."""
        event, until = self._strangers.get(hint.id, (None, 0.0))
        if event is None or self._now() >= until:
            return None
        settled = event.outcome is Outcome.UNKNOWN or event.status in FINISHED
        if not settled and event.status != hint.claimed:
            return None
        return Event(hint, event.outcome, event.status)

    def remember(self, event: Event) -> None:
        """Keep what a look at a stranger told."""
        if event.entry is not None or event.outcome not in (Outcome.UNKNOWN, Outcome.FOREIGN):
            return
        before, until = self._strangers.get(event.hint.id, (None, 0.0))
        # What is remembered already must not live longer for being asked for often.
        if before is None or before.status != event.status or self._now() >= until:
            _keep(self._strangers, event.hint.id, (event, self._now() + UNKNOWN_SECONDS))


def _keep(memory: OrderedDict[Any, Any], key: object, value: object) -> None:
    memory[key] = value
    memory.move_to_end(key)
    if len(memory) > REMEMBERED:
        memory.popitem(last=False)
