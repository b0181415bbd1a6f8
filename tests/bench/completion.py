"""What a shell waits for when it completes, as multiples of an empty Python, all interleaved.

    python tests/bench/completion.py [--rounds 30]

Words and options are asked of bash with its script loaded, and start no Python: what counts there
is the time on top of a bash that only loads the script. Values are asked of the door that the
scripts use, over a ledger of 10,000 tasks and settings that name a default profile. gh is asked for
its commands, where it is here. Use a regular install, as tests/bench/startup.py says.
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

from byteplus_cli.generation.ledger import Ledger

BYTEPLUS = str(Path(sys.executable).with_name("byteplus"))
SCRIPT = Path(__file__).parents[2] / "completions" / "byteplus.bash"
FLOOR, LOADED = "python -c pass", "bash with the script"
# What bash does with a line at Tab; the words are those that it splits the line into.
AT_TAB = """
. {script}
COMP_LINE={line!r} COMP_POINT={point} COMP_WORDS=({line}) COMP_CWORD={last}
_byteplus byteplus {word!r} x
"""
TASKS = 10_000


def at_tab(line: str) -> list[str]:
    words = line.split()
    program = AT_TAB.format(
        script=SCRIPT, line=line, point=len(line), last=len(words) - 1, word=words[-1]
    )
    return ["bash", "--norc", "--noprofile", "-c", program]


LINES: dict[str, tuple[list[str], float | None]] = {
    FLOOR: ([sys.executable, "-c", "pass"], None),
    LOADED: (["bash", "--norc", "--noprofile", "-c", f". {SCRIPT}"], None),
    "a word, in bash": (at_tab("byteplus vi"), None),
    "an option, in bash": (at_tab("byteplus video create --re"), None),
    "profiles": ([BYTEPLUS, "__complete", "profiles/", "byteplus"], 2),
    "models": ([BYTEPLUS, "__complete", "models:video/", "byteplus"], 2),
    "ratios of a model": (
        [BYTEPLUS, "__complete", "ratios:video/", "byteplus", "-m", "seedance-2.0"],
        2,
    ),
    "task ids of 10,000": ([BYTEPLUS, "__complete", "tasks:video/", "byteplus"], 3.5),
    "task ids, the start typed": (
        [BYTEPLUS, "__complete", "tasks:video/cgt-20261120-00042", "byteplus"],
        3.5,
    ),
    "completion bash": ([BYTEPLUS, "completion", "bash"], 1.5),
    "--help": ([BYTEPLUS, "--help"], 1.5),
    "video --help": ([BYTEPLUS, "video", "--help"], 1.5),
    "video create --help": ([BYTEPLUS, "video", "create", "--help"], 1.5),
}
if shutil.which("gh"):
    LINES["gh __complete"] = (["gh", "__complete", "p"], None)


def seconds(command: list[str], env: dict[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started


def fill(folder: Path) -> None:
    """A ledger of a busy year, and settings beside it."""
    (folder / "config.toml").write_text(
        'default_profile = "work"\n\n[profiles.work]\napi_key = "x"\n\n'
        '[profiles.work.video]\nmodel = "seedance-2.0"\n'
    )
    ledger = Ledger.open(folder)
    with ledger._writing() as connection:
        connection.executemany(
            "INSERT INTO tasks (id, kind, profile, prompt, status, request, created_at)"
            " VALUES (?, 'video', 'work', ?, 'succeeded', '{}', ?)",
            [(f"cgt-20261120-{n:06}", f"a fox, the {n}th", n) for n in range(TASKS)],
        )
    ledger.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    times: dict[str, list[float]] = {name: [] for name in LINES}
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder))
        env = {**os.environ, "BYTEPLUS_CONFIG_DIR": folder, "BYTEPLUS_STATE_DIR": folder}
        for _ in range(rounds):
            for name, (command, _) in LINES.items():
                times[name].append(seconds(command, env))
    medians = {name: statistics.median(each) for name, each in times.items()}
    print(f"{'':28}{'median':>10}{'ratio':>8}{'reach':>8}")
    for name, (_, reach) in LINES.items():
        on_top = medians[LOADED] if name.endswith(", in bash") else 0
        median = medians[name] - on_top
        goal = f"{reach:.1f}" if reach else ""
        print(f"{name:28}{median * 1000:7.1f} ms{median / medians[FLOOR]:8.2f}{goal:>8}")


if __name__ == "__main__":
    main()
