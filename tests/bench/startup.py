"""Start-up times as multiples of an empty Python, all in one interleaved run.

    python tests/bench/startup.py [--rounds 30]

Compares with the floor (`python -c pass`), with what the command line library alone costs
(`import typer`), and with gh and curl where they are here. Use a regular install made by a current
pip: an editable one, or the launcher that pip before 25 writes, adds milliseconds of its own.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BYTEPLUS = str(Path(sys.executable).with_name("byteplus"))
LINES: dict[str, tuple[list[str], float | None]] = {
    "python -c pass": ([sys.executable, "-c", "pass"], None),
    "import typer": ([sys.executable, "-c", "import typer"], None),
    "byteplus --version": ([BYTEPLUS, "--version"], 1.2),
    "byteplus config list": ([BYTEPLUS, "config", "list"], 6.5),
    "byteplus config get": ([BYTEPLUS, "config", "get", "video.model"], 6.5),
    "byteplus --help": ([BYTEPLUS, "--help"], 1.5),
    "byteplus video create --help": ([BYTEPLUS, "video", "create", "--help"], 1.5),
    "byteplus video create -q --help": ([BYTEPLUS, "video", "create", "-q", "--help"], 13),
    "byteplus video create --dry-run": ([BYTEPLUS, "video", "create", "fox", "-n"], 6.5),
    "byteplus image gen --dry-run": ([BYTEPLUS, "image", "gen", "fox", "-n"], 6.5),
}
PEERS = {"gh --version": ["gh", "--version"], "curl --version": ["curl", "--version"]}
LINES |= {name: (line, None) for name, line in PEERS.items() if shutil.which(line[0])}


def seconds(command: list[str], env: dict[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    times: dict[str, list[float]] = {name: [] for name in LINES}
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "BYTEPLUS_CONFIG_DIR": folder, "BYTEPLUS_STATE_DIR": folder}
        for _ in range(rounds):
            for name, (command, _) in LINES.items():
                times[name].append(seconds(command, env))
    floor = statistics.median(times["python -c pass"])
    print(f"{'':32}{'median':>10}{'ratio':>8}{'reach':>8}")
    for name, (_, reach) in LINES.items():
        median = statistics.median(times[name])
        goal = f"{reach:.1f}" if reach else ""
        print(f"{name:32}{median * 1000:7.1f} ms{median / floor:8.2f}{goal:>8}")


if __name__ == "__main__":
    main()
