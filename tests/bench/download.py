"""One large file over TLS on loopback, proven and synced: our time and memory against peers'.

    python tests/bench/download.py [--size MIB] [--rounds N]

All are whole processes, run interleaved, to and fro; only the ratios of one run count. `floor` is
the least Python can do: no checksum, no check, nothing to resume. Needs curl and openssl.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

from origin import Run, machine, origin, run

OURS = """
import sys
from pathlib import Path
from byteplus_cli.generation.download import download
for step in download(sys.argv[1], Path(sys.argv[2]), check=lambda path: None): pass
"""
FLOOR = """
import os, sys
from urllib.request import urlopen
answer, part = urlopen(sys.argv[1]), sys.argv[2] + ".p"
room, file = memoryview(bytearray(1 << 18)), os.open(part, os.O_CREAT | os.O_WRONLY)
while count := answer.readinto(room): os.write(file, room[:count])
os.fsync(file); os.rename(part, sys.argv[2])
"""
HASHED = FLOOR.replace("import os", "import hashlib; sums = hashlib.sha256(); import os").replace(
    "os.write(file, room[:count])", "os.write(file, room[:count]); sums.update(room[:count])"
)
SYNCED = 'curl -sS --cacert "$3" -o "$2.p" "$1" && sync "$2.p" && mv "$2.p" "$2"'
PLAIN = 'curl -sS --cacert "$3" -o "$2" "$1"'
SMALL = 5  # MiB
PEERS = {
    "curl, sync, mv": ["sh", "-c", SYNCED, "sh"],
    "curl -o": ["sh", "-c", PLAIN, "sh"],
    "floor: read, write, fsync": [sys.executable, "-c", FLOOR],
    "floor and SHA-256 in line": [sys.executable, "-c", HASHED],
}
REACHES = {"curl, sync, mv": "0.80", "curl -o": "1.05"}


def measure(folder: Path, size: int, rounds: int) -> None:
    target = folder / "clip.mp4"
    runs: dict[str, list[Run]] = {name: [] for name in ("ours", *PEERS)}
    small: list[int] = []
    with origin(folder) as (root, pem):
        env = {**os.environ, "SSL_CERT_FILE": str(pem)}
        lines = {"ours": [sys.executable, "-c", OURS], **PEERS}
        ends = [str(target), str(pem)]
        for turn in range(rounds):
            for name in list(lines)[:: -1 if turn % 2 else 1]:
                runs[name].append(run([*lines[name], f"{root}/{size}", *ends], env))
                target.unlink()
            small.append(run([*lines["ours"], f"{root}/{SMALL}", *ends], env).memory)
            target.unlink()
    print(f"{size} MiB, {rounds} rounds; {machine()}")
    show(runs)
    large = statistics.median(run.memory for run in runs["ours"])
    ratio = large / statistics.median(small)
    print(f"memory against {SMALL} MiB: {ratio:.2f}, reach 1.05 ({large:.0f} KiB)")


def show(runs: dict[str, list[Run]]) -> None:
    """Medians, and the median of what ours took of each peer's time in the same round."""
    print(f"{'':28}{'median':>9}{'least':>9}{'processor':>11}{'ours / it':>11}{'reach':>7}")
    for name, those in runs.items():
        times = [run.seconds for run in those]
        pairs = zip(runs["ours"], those, strict=True)
        ratio = statistics.median(ours.seconds / its.seconds for ours, its in pairs)
        busy = statistics.median(run.processor for run in those)
        print(
            f"{name:28}{statistics.median(times):7.2f} s{min(times):7.2f} s{busy:9.2f} s"
            f"{ratio:11.2f}{REACHES.get(name, ''):>7}"
        )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--size", type=int, default=1024, metavar="MIB")
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--folder", help="where to save, to choose the disk")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as name:
        measure(Path(name), chosen.size, chosen.rounds)


if __name__ == "__main__":
    main()
