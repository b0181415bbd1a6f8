"""How a batch is paced and watched: limits learned, lists shared, rows told apart."""

from __future__ import annotations

import pytest

from byteplus_cli.errors import InvalidRequest, Missing, ServerFault
from byteplus_cli.generation.batch.key import key_of
from byteplus_cli.generation.batch.lane import Job, Lane
from byteplus_cli.generation.batch.looks import LOST, MISSES, MOST_IDS, Looks
from byteplus_cli.generation.batch.pace import Pace
from byteplus_cli.generation.batch.row import Row
from byteplus_cli.generation.batch.shard import Shard
from byteplus_cli.generation.task import Task


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def pace_of(per_minute: float) -> tuple[Pace, Clock]:
    clock = Clock()
    return Pace(per_minute, clock.monotonic, clock.sleep), clock


# The pace.


@pytest.mark.parametrize("per_minute", [15, 60, 180, 600])
def test_no_minute_holds_more_requests_than_are_allowed(per_minute: int) -> None:
    pace, clock = pace_of(per_minute)
    times = []
    for _ in range(per_minute * 4):
        pace.turn()
        times.append(clock.now)
    for first in range(len(times) - per_minute):
        assert times[first + per_minute] - times[first] >= 61 - 1e-6
    # And not many fewer: what is allowed is used to 97 %.
    assert times[-1] <= (len(times) - 1) * 60 / per_minute * 1.03


def test_a_refusal_is_waited_out_and_the_pace_is_held() -> None:
    pace, clock = pace_of(600)
    pace.turn()
    pace.refused(10.0)
    began = clock.now
    pace.turn()
    assert clock.now - began >= 10
    pace.accepted()
    pace.turn()
    assert clock.now - began >= 20


def test_of_a_limit_that_is_a_tenth_only_few_requests_are_refused() -> None:
    """One in ten seconds is allowed, and 600 a minute are documented."""
    pace, clock = pace_of(600)
    accepted, refused, last = 0, 0, -100.0
    while accepted < 300:
        pace.turn()
        if clock.now - last < 10:
            refused += 1
            pace.refused(10 - (clock.now - last))
        else:
            accepted, last = accepted + 1, clock.now
            pace.accepted()
    assert refused <= 0.05 * accepted


def test_requests_on_their_way_before_a_refusal_count_as_one() -> None:
    pace, clock = pace_of(60)
    for _ in range(4):
        pace.refused(None)
    began = clock.now
    pace.turn()
    assert clock.now - began < 5


# Looks.


class Server:
    """Knows tasks, of which a list leaves some out."""

    def __init__(self, known: set[str], hidden: frozenset[str] = frozenset()) -> None:
        self.known, self.hidden = known, hidden
        self.longest, self.lists, self.gets = 10_000, 0, 0

    def list_of(self, ids: list[str], flex: bool) -> list[Task]:
        self.lists += 1
        if len(ids) > self.longest:
            raise InvalidRequest("414")
        return [Task(id, "running") for id in ids if id in self.known - self.hidden]

    def look(self, id: str) -> Task:
        self.gets += 1
        if id not in self.known:
            raise Missing(f"no {id}")
        return Task(id, "running")


def jobs(count: int) -> list[Job]:
    lane = Lane("m", count, pace_of(60)[0])
    rows = (Row(number, number, "video", str(number), {}) for number in range(count))
    return [Job(row, lane, 0.0, id=f"cgt-{row.number}") for row in rows]


def test_the_oldest_are_looked_at_each_time_and_the_rest_in_turn() -> None:
    looks, all = Looks(lambda ids, flex: [], lambda id: Task(id, "x")), jobs(500)
    seen: set[str | None] = set()
    for number in range(4):
        chosen = looks.chosen(all, 60.0 + 2 * number)
        assert list(chosen[:MOST_IDS]) == all[:MOST_IDS]
        assert len(chosen) <= 2 * MOST_IDS
        seen |= {job.id for job in chosen}
    assert len(seen) == 500


def test_a_list_that_is_too_long_is_asked_for_in_parts() -> None:
    all = jobs(100)
    server = Server({str(job.id) for job in all})
    server.longest = 30
    told = list(Looks(server.list_of, server.look).at(all))
    assert len(told) == 100
    assert server.gets == 0


def test_without_a_list_each_is_looked_at() -> None:
    all = jobs(3)
    server = Server({str(job.id) for job in all})
    server.longest = 0
    looks = Looks(server.list_of, server.look)
    for _ in range(MISSES):
        told = list(looks.at(all))
    assert [job for job, _ in told] == all


def test_a_task_that_the_list_drops_is_found_by_itself() -> None:
    all = jobs(3)
    server = Server({str(job.id) for job in all}, hidden=frozenset({"cgt-1"}))
    looks = Looks(server.list_of, server.look)
    for _ in range(MISSES):
        told = list(looks.at(all))
    assert {job.id for job, _ in told} == {"cgt-0", "cgt-1", "cgt-2"}


def test_only_after_many_looks_a_task_counts_as_gone() -> None:
    all = jobs(1)
    server = Server(set())
    looks = Looks(server.list_of, server.look)
    rounds = [[what for _, what in looks.at(all)] for _ in range(LOST)]
    assert not any(rounds[:-1])
    assert isinstance(rounds[-1][0], Missing)


def test_a_server_in_trouble_says_nothing_of_its_tasks() -> None:
    def trouble(ids: list[str], flex: bool) -> list[Task]:
        raise ServerFault("500")

    with pytest.raises(ServerFault):
        list(Looks(trouble, lambda id: Task(id, "x")).at(jobs(2)))


# Keys and shards.


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://x.example/a.jpg?X-Amz-Signature=1", "https://x.example/a.jpg", True),
        (
            "https://x.example/a.jpg?Expires=1&Signature=2",
            "https://x.example/a.jpg?Expires=3",
            True,
        ),
        ("https://x.example/a.jpg?v=1", "https://x.example/a.jpg?v=2", False),
        ("https://x.example/a.jpg", "https://x.example/b.jpg", False),
    ],
)
def test_a_link_that_is_signed_anew_is_the_same_input(one: str, other: str, same: bool) -> None:
    keys = {key_of("video", {"content": [{"url": url}]}) for url in (one, other)}
    assert (len(keys) == 1) is same


def test_shards_share_all_rows_and_no_row_twice() -> None:
    keys = [key_of("video", {"prompt": str(number)}) for number in range(1000)]
    parts = [[key for key in keys if Shard(index, 8).has(key)] for index in range(1, 9)]
    assert sorted(key for part in parts for key in part) == sorted(keys)
    assert min(len(part) for part in parts) > 80
