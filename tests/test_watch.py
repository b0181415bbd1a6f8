"""How often a task is looked at, and when the wait ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from byteplus_cli.errors import AccessDenied, Interrupted, ServerFault, StillRunning, Throttled
from byteplus_cli.generation.retry import Pause
from byteplus_cli.generation.task import Task
from byteplus_cli.generation.watch import Clocks, next_gap, watch


class FakeTime:
    """A clock that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.time = 1000.0

    @property
    def clocks(self) -> Clocks:
        return Clocks(self.sleep, lambda: self.time, lambda: self.time)

    def sleep(self, seconds: float) -> None:
        self.time += seconds


def looks(*answers: Task | Exception) -> Callable[[], Task]:
    left = list(answers)

    def look() -> Task:
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    return look


RUNNING = Task("cgt-1", "running", created_at=1000)
DONE = Task("cgt-1", "succeeded", created_at=1000)


def test_each_look_is_yielded_until_the_task_is_finished() -> None:
    seen = list(watch(looks(RUNNING, RUNNING, DONE), FakeTime().clocks, usual=None, timeout=None))
    assert seen == [RUNNING, RUNNING, DONE]


def test_a_signal_that_got_lost_ends_the_wait_before_the_next_look() -> None:
    time, heard = FakeTime(), []

    def heed() -> None:
        if heard:
            raise Interrupted(130)

    clocks = replace(time.clocks, heed=heed)
    steps = watch(looks(RUNNING), clocks, usual=None, timeout=None)
    assert next(steps) == RUNNING
    heard.append(True)
    with pytest.raises(Interrupted):
        next(steps)


def test_trouble_is_a_pause_that_obeys_the_server() -> None:
    busy = Throttled("busy", retry_after=9)
    events = list(
        watch(looks(busy, ServerFault("down"), DONE), FakeTime().clocks, usual=None, timeout=None)
    )
    assert [type(event) for event in events] == [Pause, Pause, Task]
    assert events[0].seconds >= 9  # type: ignore[union-attr]


def test_an_answer_that_cannot_change_ends_the_wait() -> None:
    with pytest.raises(AccessDenied):
        list(watch(looks(AccessDenied("no")), FakeTime().clocks, usual=None, timeout=None))


def test_the_timeout_is_kept_even_through_trouble() -> None:
    for answer in (RUNNING, ServerFault("down")):
        time = FakeTime()
        with pytest.raises(StillRunning):
            list(watch(looks(answer), time.clocks, usual=None, timeout=60))
        assert 1060 <= time.time < 1061


@pytest.mark.parametrize("usual", [None, 5, 30, 100, 1000])
def test_a_finished_task_is_noticed_soon_and_with_few_looks(usual: float | None) -> None:
    for ends in (2, 30, 100, 1000):
        age, count = 0.0, 0
        while age < ends:
            age += next_gap(age, usual)
            count += 1
        assert age - ends <= 10
        assert count <= 150


def test_around_the_usual_time_looks_are_close() -> None:
    assert next_gap(99, 100) == next_gap(101, 100) == 0.5
    assert next_gap(10, 100) == 10
    assert next_gap(4000, None, flex=True) == 60
