"""Fifty files of 20 MB over TLS, eight at a time, proven and synced, against curl's parallel mode.

    python tests/bench/downloads.py [--rounds N]

Ours are the threads that `rescue` saves with. All are whole processes, run interleaved, to and fro;
only the ratios of one run count. Needs curl and openssl.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from download import REACHES, show
from origin import Run, machine, origin, run

OURS = """
import sys
from pathlib import Path
from byteplus_cli.generation.download import download
from byteplus_cli.generation.rescue.crew import Crew
def save(number):
    for step in download(f"{sys.argv[1]}/20/{number}", Path(sys.argv[2], f"{number}.mp4"),
                         check=lambda path: None): pass
crew = Crew(*[None] * 5, Path(), "", None, jobs=8)
for done in crew.each(save, range(50)): pass
"""
CURL = ["curl", "-sS", "--stderr", os.devnull, "-Z", "--parallel-max", "8"]
FILES = 50


def measure(folder: Path, rounds: int) -> None:
    saved = folder / "saved"
    saved.mkdir()
    with origin(folder) as (root, pem):
        config = folder / "curl.conf"
        wanted = (
            f'url = "{root}/20/{number}"\noutput = "{saved}/{number}.mp4"\n'
            for number in range(FILES)
        )
        config.write_text(f'cacert = "{pem}"\n' + "".join(wanted))
        curl = [*CURL, "-K", str(config)]
        synced = ["sh", "-c", 'folder=$1; shift; "$@" && sync "$folder"/*', "sh", str(saved)]
        lines = {
            "ours": [sys.executable, "-c", OURS, root, str(saved)],
            "curl -Z": curl,
            "curl -Z, sync": [*synced, *curl],
        }
        env = {**os.environ, "SSL_CERT_FILE": str(pem)}
        runs: dict[str, list[Run]] = {name: [] for name in lines}
        for turn in range(rounds):
            for name in list(lines)[:: -1 if turn % 2 else 1]:
                runs[name].append(run(lines[name], env))
                empty(saved)
    print(f"{FILES} files of 20 MiB, {rounds} rounds; {machine()}")
    REACHES["curl -Z"] = "1.00"
    show(runs)


def empty(folder: Path) -> None:
    files = list(folder.iterdir())
    if len(files) != FILES or {path.stat().st_size for path in files} != {20 << 20}:
        raise SystemExit("not all files were saved whole")
    for path in files:
        path.unlink()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--folder", help="where to save, to choose the disk")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as name:
        measure(Path(name), chosen.rounds)


if __name__ == "__main__":
    main()
