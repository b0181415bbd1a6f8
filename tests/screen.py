"""What a person sees: a command line in a real terminal of a given width, as golden text.

With BYTEPLUS_GOLDEN=write in the environment the golden files are written anew.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Collection, Generator, Mapping
from contextlib import closing, suppress
from pathlib import Path

import pyte

from byteplus_cli.cli import run
from byteplus_cli.session import Surroundings
from conftest import Shell

GOLDEN = Path(__file__).parent / "golden"
LINES = 100
# Would make the terminal of a test another one than it is.
STEERING = {
    *("CI", "COLUMNS", "LINES", "TMUX", "STY", "TERM_PROGRAM"),
    *("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE"),
}
# What differs from run to run, each replaced by something just as long.
VARYING = (
    (re.compile(r"(?<=-)(?=[a-z]*\d)[0-9a-z]{8}(?=[-.])"), "id8id8id"),
    (re.compile(r"\b\d+\.\d kB"), "12.3 kB"),
    (re.compile(r"\b\d{19}\b"), "1234567890123456789"),
    (re.compile(r"127\.0\.0\.1:\d{5}"), "127.0.0.1:54321"),
    (re.compile(r"\d{14}-[0-9a-z]{5}"), "20260101000000-abcde"),
    (re.compile(r"\b0:\d\d\b"), "0:00"),
    (re.compile(r"\b\d{4}-\d\d-\d\d (?=\d\d:\d\d:\d\d\b)"), "2026-01-01 "),
    (re.compile(r"\b\d\d:\d\d:\d\d\b"), "12:34:56"),
    (re.compile(r"[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]"), "*"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "0" * 32),
)


def output(
    shell: Shell, line: str, columns: int, env: Mapping[str, str] | None = None
) -> Generator[bytes, None, None]:
    """What a command line writes to a terminal, piece by piece."""
    import fcntl
    import pty
    import struct
    import termios

    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, columns, 0, 0))
    plain = {name: value for name, value in os.environ.items() if name not in STEERING}
    process = subprocess.Popen(
        [sys.executable, "-m", "byteplus_cli", *shlex.split(line)],
        cwd=shell.home,
        env={**plain, **shell.env, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **(env or {})},
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    )
    os.close(slave)
    try:
        with suppress(OSError):  # how Linux says that the other end is closed
            while piece := os.read(master, 65536):
                yield piece
    except GeneratorExit:  # nobody wants to see the rest
        process.kill()
        raise
    finally:
        process.wait()
        os.close(master)


def screens(shell: Shell, line: str, columns: int) -> Generator[str, None, None]:
    """The screen after each piece of output, with what varies made the same."""
    terminal = pyte.Screen(columns, LINES)
    stream = pyte.ByteStream(terminal)
    for piece in output(shell, line, columns):
        stream.feed(piece)
        yield _shown(terminal)
    assert not terminal.cursor.hidden, "the cursor was left hidden"
    yield _shown(terminal)


def screen_with(words: Collection[str], shell: Shell, line: str, columns: int) -> str:
    """The first screen that shows all these words; the run is ended there."""
    with closing(screens(shell, line, columns)) as shown:
        return next(screen for screen in shown if all(each in screen for each in words))


def last_screen(shell: Shell, line: str, columns: int) -> str:
    """The screen that a command line leaves behind."""
    *_, last = screens(shell, line, columns)
    return last


class Screen(io.StringIO):
    """A terminal that keeps what was written to it."""

    def isatty(self) -> bool:
        return True


def at_a_terminal(shell: Shell, line: str, env: Mapping[str, str]) -> tuple[int, str]:
    """The exit code, and what stands on a terminal, with naps that take no time.

    Sooner than in a process of its own, for what depends on `env` alone.
    """
    slept = [0.0]

    def nap(seconds: float) -> None:
        slept[0] += seconds

    said = Screen()
    around = Surroundings(
        {"TERM": "xterm-256color", **shell.env, **env},
        io.StringIO(),
        said,
        said,
        sleep=nap,
        monotonic=lambda: time.monotonic() + slept[0],
    )
    return run(shlex.split(line), around), said.getvalue()


def assert_golden(name: str, shown: str) -> None:
    """`shown` is what stands in tests/golden."""
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("BYTEPLUS_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(shown + "\n", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == shown + "\n"


def _shown(terminal: pyte.Screen) -> str:
    text = "\n".join(line.rstrip() for line in terminal.display).rstrip()
    for varying, same in VARYING:
        text = varying.sub(same, text)
    return text
