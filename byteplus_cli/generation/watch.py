"""Following one task until it is finished."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass

from byteplus_cli.errors import ByteplusError, StillRunning
from byteplus_cli.generation.retry import Pause, obeying, pauses
from byteplus_cli.generation.task import Task

SHORTEST_GAP = 0.5
LONGEST_GAP = 10.0
# Offline inference may take a day, so nobody waits for the second.
LONGEST_FLEX_GAP = 60.0
# A wait without an end could not be interrupted on Windows.
NOTICE_SECONDS = 0.2


@dataclass(frozen=True)
class Clocks:
    """Time as a run sees it; `monotonic` never jumps, `now` is the time of day (Unix seconds).

    `heed` raises Interrupted if a signal asked the run to end and got lost on its way up.
    """

    sleep: Callable[[float], None]
    monotonic: Callable[[], float]
    now: Callable[[], float]
    heed: Callable[[], None] = lambda: None


def watch(
    look: Callable[[], Task], clocks: Clocks, *, usual: float | None, timeout: float | None
) -> Generator[Task | Pause, None, Task]:
    """Yield each look at a task, and each pause that trouble makes; returns the finished task.

    Raises StillRunning after `timeout` seconds, and what a look raises when no later look
    could be answered differently.
    """
    deadline = None if timeout is None else clocks.monotonic() + timeout
    waits = pauses()
    while True:
        clocks.heed()
        try:
            task = look()
        except ByteplusError as error:
            if not error.temporary:
                raise
            gap = obeying(error.retry_after, next(waits))
            yield Pause(gap, error.message)
        else:
            waits = pauses()
            yield task
            if task.finished:
                return task
            gap = next_gap(_age(task, clocks), usual, flex=task.service_tier == "flex")
        _wait(gap, deadline, clocks)


def next_gap(age: float, usual: float | None, *, flex: bool = False) -> float:
    """Seconds until the next look at a task of that age.

    Short at first, since a refused prompt fails within a second or two; longer while the usual
    time is far off; short again around it; and slowly longer after it.
    """
    longest = LONGEST_FLEX_GAP if flex else LONGEST_GAP
    if usual is None or age < SHORTEST_GAP * 4:
        gap = age / 10
    elif age < usual:
        gap = (usual - age) / 4
    else:
        gap = (age - usual) / 10
    return min(max(gap, SHORTEST_GAP), longest)


def _age(task: Task, clocks: Clocks) -> float:
    return max(0.0, clocks.now() - (task.created_at or clocks.now()))


def _wait(gap: float, deadline: float | None, clocks: Clocks) -> None:
    if deadline is None:
        clocks.sleep(gap)
        return
    left = deadline - clocks.monotonic()
    if left <= 0:
        raise StillRunning("the task is not finished yet")
    clocks.sleep(min(gap, left))
