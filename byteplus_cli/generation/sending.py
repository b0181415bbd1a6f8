"""When a request that costs money is sent again: only when it surely did not arrive."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TypeVar

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
        try:
            return attempt()
        except Throttled as error:
            waiting = error.code == turn and (until is None or clocks.monotonic() < until)
            throttled += not waiting
            if not error.temporary or throttled > THROTTLED_TRIES:
                raise
            pause = Pause(obeying(error.retry_after, next(waits)), error.message)
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
    turn: str | None = None,
    until: float | None = None,
) -> Generator[Pause, None, T]:
    """The same for a row of the ledger, where it is written down what became of the request.

    `unanswered` is the hint for a run that a signal ends before the answer.
    """
    on_the_way = False

    def tried() -> T:
        nonlocal on_the_way
        on_the_way = True
        try:
            return attempt()
        except ByteplusError:
            on_the_way = False  # answered, or never sent; what is neither is not tried again
            raise

    try:
        return (yield from send(tried, clocks, turn=turn, until=until))
    except ByteplusError as error:
        refused = error.charge is Charge.NO
        ledger.ended(row, Status.REFUSED if refused else Status.UNKNOWN, error)
        raise
    except Interrupted as signal:
        if not on_the_way:
            ledger.ended(row, Status.REFUSED, None)
            raise Detached(
                "stopped before the service took it",
                exit_code=signal.exit_code,
                hint="nothing is under way",
                charge=Charge.NO,
            ) from signal
        ledger.ended(row, Status.UNKNOWN, None)
        raise Detached(
            "stopped before the service answered",
            exit_code=signal.exit_code,
            hint=unanswered,
            charge=Charge.UNKNOWN,
        ) from signal
