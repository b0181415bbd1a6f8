"""The ledger under eight processes at once, and asked for the newest, against plain sqlite3.

    python tests/bench/ledger.py [--seconds N] [--rounds N] [--rows N] [--folder F]

A commit of ours writes down a request that is about to leave; one of the floor inserts the same row
into the same tables, WAL and FULL as well. They take turns, each in a file of its own; only the
ratios of one run count, for the disk decides.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from history import fill

from byteplus_cli.generation.history.rows import History
from byteplus_cli.generation.history.wanted import Wanted
from byteplus_cli.generation.ledger import Ledger

PROCESSES = 8
REQUEST = {
    "model": "seedance-1-0-pro-fast-251015",
    "content": [{"type": "text", "text": "a red fox runs through snow at night"}],
    "resolution": "720p",
}
INSERT = (
    "INSERT INTO tasks (kind, profile, model, prompt, status, request, created_at)"
    " VALUES (?, ?, ?, ?, 'submitting', ?, ?)"
)
NEWEST = "SELECT * FROM tasks ORDER BY created_at DESC LIMIT 50"
WORDS = ("video", "default", REQUEST["model"], "a red fox runs through snow at night")


def ours(folder: Path) -> Callable[[], object]:
    ledger = Ledger.open(folder)
    kind, profile, model, prompt = map(str, WORDS)
    return lambda: ledger.begin(
        kind=kind,
        profile=profile,
        model=model,
        prompt=prompt,
        request=REQUEST,
        output=None,
        estimate="0.104",
        now=time.time(),
    )


def plain(folder: Path) -> Callable[[], object]:
    raw = sqlite3.connect(folder / "ledger.db", timeout=30, isolation_level=None)
    raw.execute("PRAGMA journal_mode = WAL")
    raw.execute("PRAGMA synchronous = FULL")
    return lambda: raw.execute(INSERT, (*WORDS, json.dumps(REQUEST), time.time()))


def begun(folder: Path) -> Callable[[], object]:
    raw = sqlite3.connect(folder / "ledger.db", timeout=30, isolation_level=None)
    raw.execute("PRAGMA synchronous = FULL")

    def commit() -> None:
        raw.execute("BEGIN IMMEDIATE")
        raw.execute(INSERT, (*WORDS, json.dumps(REQUEST), time.time()))
        raw.execute("COMMIT")

    return commit


WRITERS = {"ours": ours, "plain sqlite3": plain, "plain, BEGIN IMMEDIATE": begun}


def write(name: str, folder: Path, seconds: float, ready: object, counts: object) -> None:
    commit = WRITERS[name](folder)
    ready.wait()  # type: ignore[attr-defined]
    count, until = 0, time.perf_counter() + seconds
    while time.perf_counter() < until:
        commit()
        count += 1
    counts.put(count)  # type: ignore[attr-defined]


def commits(name: str, seconds: float, disk: str | None) -> float:
    """Commits a second, of all processes together."""
    ready, counts = multiprocessing.Barrier(PROCESSES), multiprocessing.Queue()
    with tempfile.TemporaryDirectory(dir=disk) as folder:
        Ledger.open(Path(folder)).close()
        given = (name, Path(folder), seconds, ready, counts)
        those = [multiprocessing.Process(target=write, args=given) for _ in range(PROCESSES)]
        for one in those:
            one.start()
        total = sum(counts.get() for _ in those)
        for one in those:
            one.join()
    return total / seconds


def writing(seconds: float, rounds: int, disk: str | None) -> None:
    rates: dict[str, list[float]] = {name: [] for name in WRITERS}
    for turn in range(rounds):
        for name in list(WRITERS)[:: -1 if turn % 2 else 1]:
            rates[name].append(commits(name, seconds, disk))
    mine = statistics.median(rates["ours"])
    best = max(rates["ours"])
    print(f"{PROCESSES} processes, commits a second: reach 4,000, best of ours {best:,.0f}")
    for name, those in rates.items():
        median = statistics.median(those)
        print(f"{name:28}{median:9,.0f}   ours / it {mine / median:.2f}")
    with tempfile.TemporaryDirectory(dir=disk) as folder:
        print(f"{'appends the disk can sync':28}{syncs(Path(folder), seconds):9,.0f}")


def syncs(folder: Path, seconds: float) -> float:
    """How many pieces the size of a page one process can append and sync in a second."""
    file = os.open(folder / "file", os.O_CREAT | os.O_WRONLY)
    count, until = 0, time.perf_counter() + seconds
    while time.perf_counter() < until:
        os.write(file, bytes(4096))
        os.fdatasync(file)
        count += 1
    os.close(file)
    return count / seconds


def reading(rows: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(folder, rows)
        history, raw = History.open(folder), sqlite3.connect(folder / "ledger.db")
        asked = {
            "ours": lambda: history.newest(Wanted(), 50),
            "plain": lambda: raw.execute(NEWEST).fetchall(),
        }
        times: dict[str, list[float]] = {name: [] for name in asked}
        for _ in range(300):
            for who, ask in asked.items():
                started = time.perf_counter()
                ask()
                times[who].append(time.perf_counter() - started)
    mine, floor = (statistics.median(times[who]) * 1000 for who in asked)
    print(f"newest 50 of {rows:,}: ours {mine:.2f} ms, plain sqlite3 {floor:.2f} ms; reach 2 ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--folder", help="where to write, to choose the disk")
    chosen = parser.parse_args()
    writing(chosen.seconds, chosen.rounds, chosen.folder)
    reading(chosen.rows)
    print("load", ", ".join(f"{part:.1f}" for part in os.getloadavg()))


if __name__ == "__main__":
    main()
