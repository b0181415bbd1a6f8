"""When a request that costs money is sent again: only when it surely did not arrive."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Generic, TypeVar

from byteplus_cli.errors import (
    ByteplusError,
    Charge,
    Detached,
    Interrupted,
    Throttled,
    Unreachable,
)
from byteplus_cli.generation.ledger import Ledger
from byteplus_cli.generation.retry import Pause, obeying, pauses
from byteplus_cli.generation.task import Status
from byteplus_cli.generation.watch import Clocks

T = TypeVar("T")

# Not for long: the user is waiting.
SECONDS_TO_REACH = 10.0
THROTTLED_TRIES = 5


def send(
    attempt: Callable[[], T],
    clocks: Clocks,
    *,
    turn: str | None = None,
    until: float | None = None,
) -> Generator[Pause, None, T]:
    """What `attempt` gives; raises what it raises once the request may have arrived.

    A refusal with the code `turn` only means that others come first: it is waited for without
    an end, or `until` that time of the monotonic clock.
    """
    started = clocks.monotonic()
    waits, throttled = pauses(), 0
    while True:
        clocks.heed()
        try:
            return attempt()
        except Throttled as error:
            in_turn = error.code == turn
            throttled += not in_turn
            left = until - clocks.monotonic() if in_turn and until is not None else math.inf
            if not error.temporary or throttled > THROTTLED_TRIES or left <= 0:
                raise
            gap = min(obeying(error.retry_after, next(waits)), left)
            pause = Pause(gap, error.message)
        except Unreachable as error:
            pause = Pause(next(waits), error.message)
            waited = clocks.monotonic() - started + pause.seconds
            if error.arrived or not error.temporary or waited > SECONDS_TO_REACH:
                raise
        yield pause
        clocks.sleep(pause.seconds)


def send_for(
    row: int,
    attempt: Callable[[], T],
    ledger: Ledger,
    clocks: Clocks,
    *,
    unanswered: str,
    taken: Callable[[T], None] | None = None,
    turn: str | None = None,
    until: float | None = None,
) -> Generator[Pause, None, T]:
    """The same for a row of the ledger, where it is written down what became of the request.

    `taken` writes the answer down, whatever signal comes meanwhile, so it may run twice.
    `unanswered` is the hint for a run that a signal ends before the answer.
    """
    sending = _Sending(row, attempt, ledger, clocks)
    try:
        answered = yield from sending.answered(turn, until)
        if taken:
            taken(answered)
        return answered
    except Interrupted as signal:
        if sending.answer is not None and taken:
            taken(sending.answer)
            raise
        raise sending.stopped(signal, unanswered) from signal


@dataclass
class _Sending(Generic[T]):
    """A request that may be tried several times, and how far it has come."""

    row: int
    attempt: Callable[[], T]
    ledger: Ledger
    clocks: Clocks
    answer: T | None = None
    on_the_way: bool = False
    tries: int = 0

    def __call__(self) -> T:
        if self.tries:
            self.ledger.sent_again(self.row, self.clocks.now())
        self.on_the_way, self.tries = True, self.tries + 1
        try:
            self.answer = self.attempt()
            return self.answer
        except ByteplusError as error:
            self.on_the_way = error.charge is not Charge.NO
            raise

    def answered(self, turn: str | None, until: float | None) -> Generator[Pause, None, T]:
        """The answer of the try that got one; an error is written down."""
        try:
            return (yield from send(self, self.clocks, turn=turn, until=until))
        except ByteplusError as error:
            refused = error.charge is Charge.NO
            self.ledger.ended(self.row, Status.REFUSED if refused else Status.UNKNOWN, error)
            raise

    def stopped(self, signal: Interrupted, unanswered: str) -> Detached:
        """Written down, and said, when a signal comes before an answer."""
        if not self.on_the_way:
            self.ledger.ended(self.row, Status.REFUSED, None)
            return Detached(
                "stopped before the service took it",
                exit_code=signal.exit_code,
                hint="nothing is under way",
                charge=Charge.NO,
            )
        self.ledger.ended(self.row, Status.UNKNOWN, None)
        return Detached(
            "stopped before the service answered",
            exit_code=signal.exit_code,
            hint=unanswered,
            charge=Charge.UNKNOWN,
        )
