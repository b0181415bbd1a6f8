"""`history` over 100,000 rows: whole processes as multiples of an empty Python, and the queries.

    python tests/bench/history.py [--rows N] [--rounds N]

All processes run interleaved, and only the ratios of one run count. The queries are timed inside
one process, with the file in the system's cache. Use a regular install, as for startup.py.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from byteplus_cli.generation.history.costs import add_up
from byteplus_cli.generation.history.rows import History
from byteplus_cli.generation.history.wanted import Wanted
from byteplus_cli.generation.ledger import Ledger

BYTEPLUS = str(Path(sys.executable).with_name("byteplus"))
LINES: dict[str, tuple[list[str], float | None]] = {
    "python -c pass": ([sys.executable, "-c", "pass"], None),
    "history list": ([BYTEPLUS, "history", "list"], 6.5),
    "history list --kind image": ([BYTEPLUS, "history", "list", "--kind", "image"], None),
    "history list --json": ([BYTEPLUS, "history", "list", "--json"], None),
    "history show @last": ([BYTEPLUS, "history", "show", "@last"], None),
    "history cost": ([BYTEPLUS, "history", "cost"], None),
    "history list --grep (none)": ([BYTEPLUS, "history", "list", "--grep", "basilisk"], None),
}
WORDS = "a red fox boat harbour snow night rain roof storm calm city walk füchse 狐狸 slow".split()  # noqa: SIM905
MODELS = {
    "video": "seedance-1-0-pro-fast-251015",
    "image": "seedream-4-0-250828",
    "avatar": "omnihuman-1.5",
}
STATUSES = ["succeeded"] * 18 + ["failed", "running"]
NOW = 1_795_000_000.0


def fill(folder: Path, rows: int) -> None:
    """A ledger of that many rows over three years, with a file or a few for most."""
    Ledger.open(folder).close()
    chance = random.Random(7)
    tasks, files = [], []
    for row in range(1, rows + 1):
        kind = chance.choice(["video"] * 5 + ["image"] * 4 + ["avatar"])
        prompt = " ".join(chance.choices(WORDS, k=12))
        status = chance.choice(STATUSES)
        request = {
            "model": MODELS[kind],
            "content": [{"type": "text", "text": prompt}],
            "resolution": "720p",
            "seed": row,
        }
        moment = NOW - (rows - row) * 950
        cost = f"0.{chance.randint(1, 250):03}" if status == "succeeded" else None
        tasks.append(
            (
                *(row, f"cgt-20261120101530-{row:05}", kind, chance.choice(["default", "work"])),
                *(MODELS[kind], prompt, status, json.dumps(request, ensure_ascii=False)),
                *('{"usage":{"completion_tokens":103818}}', "0.104", cost, moment, moment + 42),
            )
        )
        for number in range(chance.choice([1, 1, 1, 4]) if cost else 0):
            path = f"/home/somebody/films/{prompt[:30].replace(' ', '-')}-{row}-{number}.mp4"
            files.append((row, path, "video", 8_000_000 + row, f"{row:064x}", "{}", moment + 43))
    raw = sqlite3.connect(folder / "ledger.db")
    raw.executemany(
        "INSERT INTO tasks (row, id, kind, profile, model, prompt, status, request, facts,"
        f" estimate, cost, created_at, finished_at) VALUES ({', '.join('?' * 13)})",
        tasks,
    )
    raw.executemany("INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?)", files)
    raw.commit()
    raw.close()
    size = (folder / "ledger.db").stat().st_size / 1e6
    print(f"{len(tasks):,} rows, {len(files):,} files, {size:.0f} MB")


def seconds(command: list[str], env: dict[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started


def processes(folder: Path, rounds: int) -> None:
    env = {
        **os.environ,
        "BYTEPLUS_CONFIG_DIR": str(folder),
        "BYTEPLUS_STATE_DIR": str(folder),
        "COLUMNS": "120",
    }
    times: dict[str, list[float]] = {name: [] for name in LINES}
    for _ in range(rounds):
        for name, (command, _) in LINES.items():
            times[name].append(seconds(command, env))
    floor = statistics.median(times["python -c pass"])
    print(f"{'whole processes':32}{'median':>10}{'ratio':>8}{'reach':>8}")
    for name, (_, reach) in LINES.items():
        median = statistics.median(times[name])
        goal = f"{reach:.1f}" if reach else ""
        print(f"{name:32}{median * 1000:7.1f} ms{median / floor:8.2f}{goal:>8}")


def queries(folder: Path) -> None:
    history, ledger = History.open(folder), Ledger.open(folder)
    newest = [made.row for made in history.newest(Wanted(), 50)]
    asked: dict[str, tuple[Callable[[], object], str]] = {
        "newest 50": (lambda: history.newest(Wanted(), 50), "< 2"),
        "newest 50, whole rows and files": (lambda: ledger.those(newest), ""),
        "newest 50 of a profile": (lambda: history.newest(Wanted(profile="work"), 50), ""),
        "newest 50 unsaved": (lambda: history.newest(Wanted(unsaved=True), 50), ""),
        "--grep, found at once": (lambda: history.newest(Wanted(text="FÜCHSE"), 50), ""),
        "--grep, found nowhere": (lambda: history.newest(Wanted(text="basilisk"), 50), ""),
        "--model, found nowhere": (lambda: history.newest(Wanted(model="seedance-9-*"), 50), ""),
        "a file by its checksum": (lambda: history.holding(f"{7:064x}"), ""),
        "costs by day": (lambda: add_up(history.alike("day", Wanted())), ""),
        "costs by model": (lambda: add_up(history.alike("model", Wanted())), ""),
    }
    print(f"{'queries':32}{'median':>10}{'reach':>8}")
    for name, (ask, reach) in asked.items():
        times = []
        until = time.perf_counter() + 1.5
        while len(times) < 3 or (time.perf_counter() < until and len(times) < 200):
            started = time.perf_counter()
            ask()
            times.append(time.perf_counter() - started)
        print(f"{name:32}{statistics.median(times) * 1000:7.2f} ms{reach:>8}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=30)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        fill(Path(name), chosen.rows)
        queries(Path(name))
        processes(Path(name), chosen.rounds)


if __name__ == "__main__":
    main()
