"""Twenty clips of 720p and 5 s made one film: our time against ffmpeg's concat demuxer.

    python tests/bench/join.py [--rounds N]

Both are whole processes, and copy without encoding. Only the ratio of one run counts.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

OURS = """
import sys
from pathlib import Path
from byteplus_cli.generation.join import join
join([Path(name) for name in sys.argv[2:]], Path(sys.argv[1]))
"""
FFMPEG = ["ffmpeg", "-nostdin", "-y", "-loglevel", "error"]
# Grain makes the clips about as large as those of the service.
PICTURE = "testsrc2=size=1280x720:rate=24:duration=5,noise=alls=8:allf=t"
SOUND = "sine=sample_rate=48000:duration=5.1"
REACH = 1.5


def make(folder: Path) -> list[Path]:
    first = folder / "00.mp4"
    inputs = ["-f", "lavfi", "-i", PICTURE, "-f", "lavfi", "-i", SOUND]
    encoders = ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    subprocess.run([*FFMPEG, *inputs, *encoders, str(first)], check=True)
    rest = [folder / f"{number:02}.mp4" for number in range(1, 20)]
    return [first, *(Path(shutil.copy(first, path)) for path in rest)]


def seconds(line: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(line, check=True)
    return time.perf_counter() - started


def measure(folder: Path, rounds: int) -> None:
    paths = make(folder)
    listed = folder / "list.txt"
    listed.write_text("".join(f"file '{path}'\n" for path in paths))
    film = str(folder / "film.mp4")
    lines = {
        "ours": [sys.executable, "-c", OURS, film, *map(str, paths)],
        "ffmpeg": [*FFMPEG, "-f", "concat", "-safe", "0", "-i", str(listed), "-c", "copy", film],
    }
    times: dict[str, list[float]] = {name: [] for name in lines}
    for _ in range(rounds):
        for name, line in lines.items():
            times[name].append(seconds(line))
    ours, theirs = (statistics.median(times[name]) for name in lines)
    size = sum(path.stat().st_size for path in paths) / 1e6
    print(f"20 clips, {size:.0f} MB: ours {ours * 1000:.0f} ms, ffmpeg {theirs * 1000:.0f} ms")
    print(f"ratio {ours / theirs:.2f}, reach {REACH}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    if not shutil.which("ffmpeg"):
        raise SystemExit("no ffmpeg on this machine: there is nothing to compare with")
    with tempfile.TemporaryDirectory() as name:
        measure(Path(name), rounds)


if __name__ == "__main__":
    main()
