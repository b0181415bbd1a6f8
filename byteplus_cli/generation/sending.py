"""When a request that costs money is sent again: only when it surely did not arrive."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TypeVar

from byteplus_cli.errors import Throttled, Unreachable
from byteplus_cli.generation.retry import Pause, obeying, pauses
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
