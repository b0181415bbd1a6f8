"""What is drawn where: live on a terminal, plain lines elsewhere, no escape in a pipe."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence

import pytest

import clips
from byteplus_cli.errors import InvalidRequest
from byteplus_cli.generation.retry import Pause
from byteplus_cli.terminal import Terminal, layout
from byteplus_cli.terminal.progress import pause_words
from conftest import Shell
from service import Reply, ScriptedService, error, task

ID = "cgt-20261121101530-ab12c"
ESCAPE = "\x1b"


def making(service: ScriptedService, **fields: object) -> None:
    link = service.file("clip.mp4", clips.clip())
    done = task(ID, "succeeded", content={"video_url": link}, **fields)
    service.on("POST", Reply(body={"id": ID}))
    service.on("GET", task(ID, "queued"), task(ID, "running"), done)


def on_a_terminal(
    scripted: Shell,
    line: str,
    env: Mapping[str, str],
    steps: Sequence[tuple[bytes, bytes]] = (),
) -> tuple[int, str, str]:
    """Exit code, stdout (a pipe) and what reached the terminal on stderr.

    `steps` are what to wait for, and what to type then.
    """
    import fcntl
    import pty
    import struct
    import termios

    def own_terminal() -> None:
        # So that a typed Ctrl-C is a signal, as it is for a person.
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    settled = {k: v for k, v in os.environ.items() if k not in ("CI", "NO_COLOR", "FORCE_COLOR")}
    process = subprocess.Popen(
        [sys.executable, "-m", "byteplus_cli", *line.split()],
        cwd=scripted.home,
        env={**settled, "TERM": "xterm-256color", **scripted.env, **env},
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
        preexec_fn=own_terminal,
    )
    os.close(theirs)
    drawn, left = b"", list(steps)
    while True:
        try:
            chunk = os.read(ours, 65536)
        except OSError:  # how Linux says that the other end is closed
            break
        if not chunk:
            break
        drawn += chunk
        if left and left[0][0] in drawn:
            os.write(ours, left.pop(0)[1])
    os.close(ours)
    stdout, _ = process.communicate()
    return process.returncode, stdout.decode(), drawn.decode()


posix = pytest.mark.skipif(os.name == "nt", reason="POSIX terminals")


@posix
def test_a_terminal_sees_a_live_line_and_is_left_clean(
    scripted: Shell, service: ScriptedService
) -> None:
    making(service)
    code, stdout, drawn = on_a_terminal(scripted, "video create fox", {})
    assert (code, stdout) == (0, "fox-530ab12c.mp4\n")
    assert "\x1b[?25l" in drawn  # the cursor is hidden while lines are drawn over
    assert drawn.rindex("\x1b[?25h") > drawn.rindex("\x1b[?25l")
    assert "running" in drawn


@posix
@pytest.mark.parametrize(
    "env", [{"TERM": "dumb"}, {"CI": "true", "NO_COLOR": "1"}, {"TERM": "dumb", "CI": "1"}]
)
def test_plain_terminals_get_plain_lines(
    scripted: Shell, service: ScriptedService, env: Mapping[str, str]
) -> None:
    making(service)
    code, _, drawn = on_a_terminal(scripted, "video create fox", env)
    assert code == 0
    assert ESCAPE not in drawn
    assert "running" in drawn


@posix
@pytest.mark.parametrize(("key", "deleted"), [(b"c", 1), (b"x", 0)])
def test_a_queued_task_is_cancelled_with_one_key(
    scripted: Shell, service: ScriptedService, key: bytes, deleted: int
) -> None:
    def look() -> dict[str, object]:
        status = "cancelled" if service.asked_by("DELETE") else "queued"
        return dict(task(ID, status).body)

    service.on("POST", Reply(body={"id": ID}))
    service.on("GET", Reply(body=look))
    service.on("DELETE", Reply())
    steps = [(b"queued", b"\x03"), (b"press c", key)]
    code, _, drawn = on_a_terminal(scripted, "video create fox", {}, steps=steps)
    assert code == 130
    assert len(service.asked_by("DELETE")) == deleted
    assert ("is cancelled" in drawn) == bool(deleted)


@posix
def test_quiet_draws_nothing(scripted: Shell, service: ScriptedService) -> None:
    making(service)
    assert on_a_terminal(scripted, "video create fox -q", {}) == (0, "fox-530ab12c.mp4\n", "")


@pytest.mark.parametrize("variable", ["FORCE_COLOR", "CLICOLOR_FORCE"])
def test_forced_colour_is_colour_and_nothing_more(
    scripted: Shell, service: ScriptedService, variable: str
) -> None:
    making(service)
    done = scripted("video create fox --resolution 480p --json", env={variable: "1"})
    assert ESCAPE not in done.stdout
    assert ESCAPE not in done.stderr.replace("\x1b[31m", "").replace("\x1b[0m", "")
    service.on("POST", error(401, "AuthenticationError"))
    assert "\x1b[31merror:\x1b[0m" in scripted("video create fox", env={variable: "1"}).stderr


def test_no_colour_wins(scripted: Shell) -> None:
    done = scripted("video get ..", env={"FORCE_COLOR": "1", "NO_COLOR": "1"})
    assert ESCAPE not in done.stderr


def test_what_a_server_says_cannot_steer_the_terminal(
    scripted: Shell, service: ScriptedService
) -> None:
    nasty = "\x1b[2Jgone \x9b31m [link=x]y[/link] [/] \u202egpj"
    service.on("GET", task(ID, "failed", model=nasty, error={"code": nasty, "message": nasty}))
    done = scripted(f"video get {ID}")
    assert done.code == 9
    assert ESCAPE not in done.stderr
    assert "\x9b" not in done.stderr
    assert "\u202e" not in done.stderr
    assert "[link=x]y[/link] [/]" in done.stderr
    assert scripted(f"video get {ID} --json").json["error"]["message"]


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_table_fits_and_ids_are_never_cut(width: int) -> None:
    row = (ID, "succeeded", "12m", "23h", "yes", "a red fox runs through 新しい雪 " * 4)
    lines = layout.table(("ID", "STATUS", "AGE", "LINK", "SAVED", "PROMPT"), [row], width)
    assert all(len(line) + sum(ord(c) > 0x2E80 for c in line) <= width for line in lines)
    assert any(ID in line for line in lines)


def test_durations_and_sizes_read_well() -> None:
    assert [layout.clock(s) for s in (0, 7, 750, 3723)] == ["0:00", "0:07", "12:30", "1:02:03"]
    assert [layout.span(s) for s in (45, 120, 7200, 600000)] == ["45s", "2m", "2h", "6d"]
    sizes = [layout.size(n) for n in (812, 8_179_213, 999_999, 1_100_000_000)]
    assert sizes == ["812 B", "8.2 MB", "1.0 MB", "1.1 GB"]


def test_a_hint_of_several_lines_is_drawn_below_itself_and_nothing_in_it_steers() -> None:
    said = io.StringIO()
    terminal = Terminal(io.StringIO(), io.StringIO(), said, {})
    terminal.fail(InvalidRequest("no", hint=f"first\nsec{ESCAPE}[2Jond\n\rthird"))
    assert said.getvalue().splitlines()[1:] == ["hint: first", "      sec[2Jond", "      third"]


def test_letters_have_the_width_that_rich_knows_for_them() -> None:
    from rich.cells import cell_len

    letters = [chr(code) for code in range(32, 0x1FFFF) if chr(code).isprintable()]
    wrong = [letter for letter in letters if layout._cells(letter) != cell_len(letter)]
    assert wrong == []


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.2, "trying again at once"), (1.4, "trying again in 1 s")]
)
def test_a_pause_is_never_of_no_seconds(seconds: float, said: str) -> None:
    assert pause_words(Pause(seconds, "it broke.")) == f"it broke; {said}"


def test_signs_of_ours_have_something_like_them_in_ascii(scripted: Shell) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "byteplus_cli", "config", "get", "output"],
        env={
            **os.environ,
            **scripted.env,
            "BYTEPLUS_OUTPUT": "狐 2 × 3 – \U0001f98a…",
            "PYTHONIOENCODING": "ascii",
        },
        capture_output=True,
        text=True,
    )
    assert done.stdout == "\\u72d0 2 x 3 - \\U0001f98a...\n", done.stderr
