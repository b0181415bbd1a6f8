"""`byteplus history cost`: sums that are exact, and nothing that is guessed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from byteplus_cli.errors import InvalidRequest
from byteplus_cli.generation.task import Status, Task
from conftest import Shell
from ledgers import DAY, Past


@pytest.fixture
def past(byteplus: Shell) -> Past:
    return Past(byteplus)


def costs(shell: Shell, options: str = "--by kind") -> Any:
    done = shell(f"history cost {options} --json")
    assert done.code == 0, done.stderr
    return done.json


def test_dollars_are_added_up_exactly(byteplus: Shell, past: Past) -> None:
    for cost in ("0.1", "0.2", "0.3", "0.104", "12345678901234.001"):
        past.made(cost=cost)
    document = costs(byteplus)
    assert document["schema"] == "byteplus.costs/1"
    assert document["total"]["charged_usd"] == "12345678901234.705"
    assert document["items"] == [{"kind": "video", **document["total"]}]


def test_what_is_open_counts_by_its_estimate_and_apart(byteplus: Shell, past: Past) -> None:
    past.made(cost="0.104")
    past.made(status="queued", estimate="0.247")
    past.made(status="running", estimate="0.25")
    past.made(status="thinking", estimate="0.003")
    assert costs(byteplus)["total"] == {
        "tasks": 4,
        "charged_usd": "0.104",
        "open": 3,
        "open_estimated_usd": "0.500",
        "unknown": 0,
    }


def test_what_has_no_known_price_is_counted_and_never_taken_for_nothing(
    byteplus: Shell, past: Past
) -> None:
    past.made(cost="0.104")
    past.made(cost=None)  # made, and not priced
    past.made(status="running", estimate=None)
    past.made(kind="image", status="incomplete")
    past.made(kind="avatar", status="failed")  # nobody says whether that is billed
    lost = past.made(status="running")
    past.ledger.missing(lost, past.now)  # no record of it any more
    answerless = past.ledger
    row = answerless.find(past.made(status="queued")).row
    answerless.ended(row, Status.UNKNOWN, None)
    total = costs(byteplus)["total"]
    assert total["unknown"] == 6
    assert (total["tasks"], total["charged_usd"], total["open"]) == (7, "0.104", 0)
    shown = byteplus("history cost --by kind")
    assert shown.lines[-1].split() == ["total", "7", "$0.104", "-", "6"]
    assert "not known here" in shown.stderr


def test_failures_cost_nothing_and_what_was_refused_never_was_a_task(
    byteplus: Shell, past: Past
) -> None:
    for status in ("failed", "expired", "cancelled"):
        past.made(status=status)
    past.made(kind="avatar", status="cancelled")
    ledger = past.ledger
    row = ledger.find(past.made(status="queued")).row
    ledger.ended(row, Status.REFUSED, InvalidRequest("no"))
    total = costs(byteplus)["total"]
    assert total == {**total, "tasks": 4, "charged_usd": "0.000", "open": 0, "unknown": 0}


@pytest.mark.parametrize(
    ("by", "keys"),
    [
        ("kind", ["image", "video"]),
        ("profile", ["default", "work"]),
        ("model", ["dreamina-seedance-2-0-260128", "seedance-1-0-pro-fast-251015", "seedream"]),
        ("day", ["2026-10-20", "2026-11-15"]),
        ("month", ["2026-10", "2026-11"]),
    ],
)
def test_costs_are_told_by_what_is_asked_for(
    byteplus: Shell, past: Past, by: str, keys: list[str]
) -> None:
    noon = 1_794_744_000  # of 15 November 2026
    past.made(at=noon, cost="0.1")
    past.made(at=noon - 26 * DAY, cost="0.02", model="dreamina-seedance-2-0-260128")
    past.made(at=noon, cost="0.003", kind="image", model="seedream", profile="work")
    document = costs(byteplus, f"--by {by}")
    assert document["by"] == by
    assert [item[by] for item in document["items"]] == keys
    assert document["total"]["charged_usd"] == "0.123"


def test_people_read_short_names_of_models_and_a_total(byteplus: Shell, past: Past) -> None:
    past.made(cost="1.5")
    past.made(cost="10")
    shown = byteplus("history cost --by model")
    assert shown.lines == [
        "MODEL                  TASKS  CHARGED  OPEN  UNKNOWN",
        "seedance-1.0-pro-fast      2  $11.500     -        -",
        "total                      2  $11.500     -        -",
    ]


def test_the_default_is_by_day_and_time_narrows_it_down(byteplus: Shell, past: Past) -> None:
    past.made(cost="0.1", ago=5 * DAY)
    past.made(cost="0.02", ago=2 * DAY)
    past.made(cost="0.003", ago=60)
    assert costs(byteplus, "")["by"] == "day"
    assert costs(byteplus, "--since 3d")["total"]["charged_usd"] == "0.023"
    assert costs(byteplus, "--until 1d")["total"]["charged_usd"] == "0.120"
    assert costs(byteplus, "--since 3d --until 1d")["total"]["charged_usd"] == "0.020"


def test_pretend_money_only_counts_where_the_sandbox_is_named(byteplus: Shell, past: Past) -> None:
    past.made(cost="5", profile="sandbox")
    empty = byteplus("history cost", env={"BYTEPLUS_PROFILE": "sandbox"})
    assert (empty.code, empty.stdout) == (0, "")
    assert "only counted with -p sandbox" in empty.stderr
    assert costs(byteplus)["items"] == []
    assert costs(byteplus, "-p sandbox")["total"]["charged_usd"] == "5.000"
    past.made(cost="0.1", profile="work")
    assert costs(byteplus)["total"]["charged_usd"] == "0.100"
    assert costs(byteplus, "-p work")["total"]["charged_usd"] == "0.100"
    assert costs(byteplus, "-p other")["items"] == []


def test_what_other_machines_made_is_not_ours_to_count(byteplus: Shell, past: Past) -> None:
    past.ledger.looked(Task("cgt-elsewhere", "succeeded"), "default", "9.000", past.now)
    past.made(cost="0.1")
    done = byteplus("history cost --json")
    assert done.json["total"]["charged_usd"] == "0.100"
    assert "1 made by other machines" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="the zone of a process")
@pytest.mark.parametrize(
    ("zone", "days"), [("UTC0", ["2026-11-15"]), ("NZST-12", ["2026-11-15", "2026-11-16"])]
)
def test_days_are_those_of_this_machine(
    byteplus: Shell, past: Past, zone: str, days: list[str]
) -> None:
    midnight = 1_794_700_800  # of 15 November 2026 in UTC
    past.made(at=midnight + 10 * 3600, cost="0.1")
    past.made(at=midnight + 14 * 3600, cost="0.02")
    env = {**os.environ, **byteplus.env, "TZ": zone}
    line = [sys.executable, "-m", "byteplus_cli", "history", "cost", "--json"]
    document = json.loads(subprocess.run(line, env=env, capture_output=True).stdout)
    assert [item["day"] for item in document["items"]] == days
    narrow = json.loads(
        subprocess.run(
            [*line, "--since", "2026-11-15", "--until", "2026-11-15"], env=env, capture_output=True
        ).stdout
    )
    assert [item["day"] for item in narrow["items"]] == ["2026-11-15"]


@pytest.mark.parametrize("options", ["--by week", "--by Day", "--since x", "--since 1d --until 2d"])
def test_what_cannot_be_added_up_is_refused(byteplus: Shell, options: str) -> None:
    done = byteplus(f"history cost {options}")
    assert done.code == 2
    assert done.stdout == ""
    assert not Path(byteplus.env["BYTEPLUS_CONFIG_DIR"]).exists()
