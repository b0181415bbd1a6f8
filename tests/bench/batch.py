"""Batches against a scripted account, which keeps a log of its own.

    python tests/bench/batch.py makespan [--rows 60] [--seconds 30]
    python tests/bench/batch.py alive    [--rows 1000]
    python tests/bench/batch.py pace     [--rows 120]
    python tests/bench/batch.py kills    [--rows 60] [--kills 40]
    python tests/bench/batch.py shards   [--rows 1000]
    python tests/bench/batch.py check    [--rows 100000]

makespan: 10 places, each task so many seconds; compares with the best that those places allow.
alive: memory and processor time of a run with so many open tasks, its live view drawn.
pace: 60 requests a minute are allowed; compares with the bound, and counts refusals.
kills: kills a running batch again and again; exits with 1 if anything was lost or paid twice.
shards: eight processes with an eighth each.
check: time and memory of checking a manifest, beside one of a hundredth of its rows.
"""

from __future__ import annotations

import argparse
import json
import os
import pty
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from account import MODEL, Account  # noqa: E402 - found through the path above

COMMAND = [sys.executable, "-m", "byteplus_cli"]


class Bench:
    """A folder, an account, and command lines that see both and nothing else."""

    def __init__(self, folder: str, account: Account, rows: int) -> None:
        self.home = Path(folder)
        self.account = account
        lines = (json.dumps({"prompt": f"n{n}", "name": f"n{n}"}) + "\n" for n in range(rows))
        (self.home / "shots.jsonl").write_text("".join(lines))
        self.env = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "BYTEPLUS_STATE_DIR": str(self.home / "state"),
            "BYTEPLUS_CONFIG_DIR": str(self.home / "config"),
            "ARK_BASE_URL": account.base_url,
            "ARK_API_KEY": "key-for-benches-1234",
        }

    def start(self, line: str, **more: object) -> subprocess.Popen[bytes]:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(
            [*COMMAND, *line.split()], cwd=self.home, env=self.env, **{**quiet, **more}
        )


def ideal(account: Account) -> float:
    """Seconds that the account's places need at least for the tasks that it accepted."""
    free = [0.0] * account.slots
    for job in account.jobs.values():
        place = min(range(len(free)), key=free.__getitem__)
        free[place] += job.seconds
    return max(free)


def makespan(rows: int, seconds: float) -> int:
    account = Account(slots=10, seconds=seconds)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(folder, account, rows)
        code = bench.start("batch run shots.jsonl --yes").wait()
    jobs = account.jobs.values()
    first = min(job.submitted for job in jobs)
    took = max(job.ends or 0 for job in jobs) - first
    noticed = [(job.seen or 0) - (job.ends or 0) for job in jobs]
    minutes = (max(job.seen or 0 for job in jobs) - first) / 60
    asked = sum(account.asked.values()) / minutes
    print(f"exit code {code}, {rows} tasks of {seconds:g} s in 10 places")
    print(f"makespan {took:.1f} s, ideal {ideal(account):.1f} s: {took / ideal(account):.3f}")
    print(f"{asked:.0f} requests a minute (reach: 1.02 at 60)")
    print(f"noticed after {sum(noticed) / len(noticed):.2f} s on average (reach: 1.2)")
    return code


# By the documented limits it would take half an hour until 10,000 are open.
FAST = f"""
[video."{MODEL}"]
limits = [{{ requests_per_minute = 12000, concurrency = 10 }}]
"""


def alive(rows: int) -> int:
    account = Account(slots=rows, seconds=3600, per_minute=None)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(folder, account, rows)
        (bench.home / "config").mkdir()
        (bench.home / "config" / "models.toml").write_text(FAST)
        ours, theirs = pty.openpty()
        env = {**bench.env, "TERM": "xterm-256color"}
        env.pop("CI", None)
        process = subprocess.Popen(
            [*COMMAND, "batch", "run", "shots.jsonl", "--yes", "-j", str(rows)],
            cwd=bench.home,
            env=env,
            stdin=theirs,
            stdout=subprocess.DEVNULL,
            stderr=theirs,
        )
        threading.Thread(target=_drain, args=(ours,), daemon=True).start()
        until = time.monotonic() + 600
        while len(account.jobs) < rows and time.monotonic() < until:
            time.sleep(0.5)
        before, began = _processor(process.pid), time.monotonic()
        time.sleep(30)
        share = (_processor(process.pid) - before) / (time.monotonic() - began)
        memory = _memory(process.pid)
        process.kill()
        process.wait()
    print(f"{len(account.jobs)} tasks alive: {memory:.0f} MiB (reach: 80), {share:.1%} of a core")
    print("with its live view drawn (reach: 5 % for 10,000 tasks)")
    return 0


def _drain(handle: int) -> None:
    while os.read(handle, 65536):
        pass


def _processor(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


def pace(rows: int) -> int:
    """By a model whose documented limit is the account's: 4k of Seedance 2.0, 15 a minute."""
    account = Account(slots=1000, seconds=1, per_minute=15)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(folder, account, rows)
        line = "batch run shots.jsonl --yes -j 1000 -m seedance-2.0 --resolution 4k"
        code = bench.start(line).wait()
    submitted = sorted(job.submitted for job in account.jobs.values())
    took, bound = submitted[-1] - submitted[0], (rows - 1) * 60 / 15
    print(f"exit code {code}, {len(account.jobs)} of {rows} accepted, {account.refused} × 429")
    print(f"{took:.1f} s, at that rate {bound:.1f} s: {took / bound:.3f} (reach: 1.03)")
    return code


def kills(rows: int, times: int) -> int:
    account, dice = Account(slots=10, seconds=0.5), random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(folder, account, rows)
        for _ in range(times):
            process = bench.start("batch run shots.jsonl --yes -j 4")
            time.sleep(dice.uniform(0.8, 2.5))
            process.kill()
            process.wait()
        killed = len(account.jobs)
        code = bench.start("batch run shots.jsonl --yes").wait()
        saved = [path for path in bench.home.glob("*.mp4") if path.read_bytes() == account.clip]
        parts = list(bench.home.glob(".*"))
    twice = [prompt for prompt, count in account.prompts.items() if count > 1]
    print(f"{times} kills while {killed} of {rows} were accepted, then exit code {code}")
    print(f"{len(account.prompts)} rows accepted, {len(saved)} saved and whole")
    print(f"paid twice: {len(twice)}, partial files: {len(parts)}")
    return int(bool(twice) or len(saved) != rows or code != 0)


def shards(rows: int) -> int:
    account = Account(slots=rows, seconds=0.1)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(folder, account, rows)
        lines = [f"batch run shots.jsonl --yes --shard {n}/8 -o x/" for n in range(1, 9)]
        codes = [process.wait() for process in [bench.start(line) for line in lines]]
    counts = Counter(account.prompts.values())
    print(f"exit codes {codes}: {counts[1]} of {rows} rows once, {rows - counts[1]} otherwise")
    return int(counts != {1: rows})


def check(rows: int) -> int:
    account = Account()
    for count in (rows // 100, rows):
        with tempfile.TemporaryDirectory() as folder:
            bench = Bench(folder, account, count)
            began = time.monotonic()
            line = "batch run shots.jsonl --dry-run -q -o x/{row.name}.mp4"
            process = bench.start(line)
            _, _, usage = os.wait4(process.pid, 0)
            took = time.monotonic() - began
        memory = usage.ru_maxrss / 1024
        print(f"{count:,} rows: {took:.1f} s, {1000 * took / count:.2f} ms a row, {memory:.0f} MiB")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what")
    parser.add_argument("--rows", type=int)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--kills", type=int, default=40)
    chosen = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    benches = {
        "makespan": lambda: makespan(chosen.rows or 60, chosen.seconds),
        "alive": lambda: alive(chosen.rows or 1000),
        "pace": lambda: pace(chosen.rows or 31),
        "kills": lambda: kills(chosen.rows or 60, chosen.kills),
        "shards": lambda: shards(chosen.rows or 1000),
        "check": lambda: check(chosen.rows or 100_000),
    }
    return benches[chosen.what]()


if __name__ == "__main__":
    sys.exit(main())
