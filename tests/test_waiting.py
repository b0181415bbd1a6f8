"""What a long wait is like: progress, plain lines, the taskbar, a call at its end, and opening."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from pathlib import Path

import pytest

import clips
from account import Account
from byteplus_cli.terminal import abilities, calling
from byteplus_cli.terminal.taskbar import Taskbar
from clips import wav
from conftest import Shell
from ledgers import Past
from screen import at_a_terminal, last_screen, output
from service import Reply, ScriptedService, error, task

ID = "cgt-20261121101530-ab12c"
CLIP = "video create 'a fox [[queue:0]][[slow:0]]' --resolution 480p -d 2 -o fox.mp4"
POSIX = pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals")
LINK, TASKBAR = "\x1b]8;;", re.compile(r"\x1b\]9;4;(\d(?:;\d+)?)\x1b\\")
WINDOWS_TERMINAL = {"WT_SESSION": "1"}


def drawn(shell: Shell, line: str, **env: str) -> str:
    return b"".join(output(shell, line, 80, env)).decode()


def making(service: ScriptedService, looks: int = 2) -> None:
    link = service.file("clip.mp4", clips.clip())
    service.on("POST", Reply(body={"id": ID}))
    service.on(
        "GET",
        *[task(ID, "running")] * looks,
        task(ID, "succeeded", content={"video_url": link}),
    )


# --- What is usual --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "made", "said"),
    [
        ("seedance-1.0-pro-fast", 3, "usually about 0:42"),
        ("seedance-1.0-pro-fast", 2, "others report 0:25 to 0:40 for 5 s of 480p"),
        ("seedance-1.5-pro", 0, "running (0:00)\n"),
    ],
)
def test_it_is_told_once_how_long_such_a_clip_takes(
    scripted: Shell, service: ScriptedService, model: str, made: int, said: str
) -> None:
    making(service)
    past = Past(scripted)
    for _ in range(made):
        past.made(request={"resolution": "720p"}, model="seedance-1-0-pro-fast-251015")
    done = scripted(f"video create fox -m {model} --resolution 720p")
    assert done.code == 0
    assert done.stderr.count(said) == 1


def test_the_history_of_avatars_counts_for_avatars(sandbox: Shell) -> None:
    past = Past(sandbox)
    for _ in range(3):
        past.made(None, kind="avatar", profile="sandbox", request={"resolution": "720p"})
    Path("a.jpg").write_bytes(clips.picture(600, 800))
    Path("a.wav").write_bytes(wav(1))
    done = sandbox("avatar omnihuman -i a.jpg -a a.wav --resolution 720")
    assert "usually about 0:42" in done.stderr


# --- Plain lines ----------------------------------------------------------------------------------


@POSIX
@pytest.mark.parametrize(
    ("options", "env"),
    [("--progress plain", {}), ("", {"BYTEPLUS_PROGRESS": "plain"})],
)
def test_a_screen_reader_gets_lines_and_nothing_that_moves(
    sandbox: Shell, options: str, env: dict[str, str]
) -> None:
    said = drawn(sandbox, f"{CLIP} {options}", TERM="xterm-kitty", NO_COLOR="1", **env)
    assert "\x1b" not in said
    assert "\r" not in said.replace("\r\n", "\n")
    assert "saving" in said


def test_progress_is_a_setting_too_and_the_option_goes_before_it(byteplus: Shell) -> None:
    assert byteplus("config set progress plain").code == 0
    assert byteplus("config get progress").stdout == "plain\n"
    done = byteplus("config set progress fancy")
    assert (done.code, done.stderr.splitlines()[1]) == (2, "hint: auto or plain")
    done = byteplus("video create fox --dry-run --progress fancy")
    assert (done.code, done.stdout) == (2, "")
    assert byteplus("video create fox --dry-run --progress auto").code == 0


# --- Links ----------------------------------------------------------------------------------------


@POSIX
def test_a_saved_path_can_be_clicked_and_looks_the_same(sandbox: Shell) -> None:
    sandbox.env["TERM_PROGRAM"] = "vscode"
    said = drawn(sandbox, CLIP.replace("fox.mp4", "'my fox.mp4'"))
    url = f"file://{os.uname().nodename}{sandbox.home}/my%20fox.mp4"
    assert f"{LINK}{url}\x1b\\my fox.mp4{LINK}\x1b\\\r\n" in said
    assert f"{url}\x1b\\my fox.mp4{LINK}" in drawn(sandbox, "video get @last")
    assert f"{url}\x1b\\my fox.mp4{LINK}" in drawn(sandbox, "history show @last")
    shown = last_screen(sandbox, "video get @last", 60)
    assert any(
        line.startswith("file") and line.endswith("  my fox.mp4") for line in shown.split("\n")
    )


@POSIX
@pytest.mark.parametrize(
    ("options", "env"),
    [
        ("", {}),
        ("", {"TERM_PROGRAM": "WezTerm", "FORCE_HYPERLINK": "0"}),
        ("", {"TERM_PROGRAM": "WezTerm", "TMUX": "/run/tmux/default,1,0"}),
        ("", {"TERM": "dumb", "FORCE_HYPERLINK": "1"}),
        ("--json", {"FORCE_HYPERLINK": "1"}),
        ("--progress plain", {"FORCE_HYPERLINK": "1"}),
    ],
)
def test_nowhere_else_is_a_path_a_link(sandbox: Shell, options: str, env: dict[str, str]) -> None:
    code, said = at_a_terminal(sandbox, f"{CLIP} {options}", env)
    assert (code, "fox.mp4" in said) == (0, True)
    assert LINK not in said


def test_no_link_reaches_a_pipe(sandbox: Shell) -> None:
    done = sandbox(CLIP, env={"FORCE_HYPERLINK": "1", "TERM": "xterm-kitty"})
    assert (done.code, done.stdout) == (0, "fox.mp4\n")
    assert "\x1b" not in done.stderr


@pytest.mark.parametrize(
    ("env", "links", "progress"),
    [
        ({}, False, False),
        ({"VTE_VERSION": "5000"}, False, False),
        ({"VTE_VERSION": "7600"}, True, False),
        ({"VTE_VERSION": "8002"}, True, True),
        ({"WT_SESSION": "a-b"}, True, True),
        ({"WT_SESSION": "a-b", "TMUX": "/x,1,0"}, False, False),
        ({"ConEmuANSI": "ON"}, False, True),
        ({"TERM": "xterm-kitty"}, True, False),
        ({"TERM": "foot"}, True, False),
        ({"TERM_PROGRAM": "ghostty", "TERM_PROGRAM_VERSION": "1.2.3"}, True, True),
        ({"TERM_PROGRAM": "ghostty", "TERM_PROGRAM_VERSION": "1.1.3"}, True, False),
        ({"TERM_PROGRAM": "iTerm.app", "TERM_PROGRAM_VERSION": "3.6.6"}, True, True),
        ({"TERM_PROGRAM": "iTerm.app", "TERM_PROGRAM_VERSION": "3.5.14"}, True, False),
        (
            {"TERM_PROGRAM": "WezTerm", "TERM_PROGRAM_VERSION": "20240203-110809-5046fc22"},
            True,
            False,
        ),
        ({"FORCE_HYPERLINK": "1"}, True, False),
    ],
)
def test_only_what_is_known_of_a_terminal_is_used(
    env: dict[str, str], links: bool, progress: bool
) -> None:
    assert (abilities.links(env), abilities.progress(env)) == (links, progress)


# --- The taskbar ----------------------------------------------------------------------------------


def test_the_taskbar_shows_a_change_at_once_and_the_same_again_now_and_then() -> None:
    said: list[str] = []
    clock = [0.0]
    bar = Taskbar(said.append, WINDOWS_TERMINAL, monotonic=lambda: clock[0])
    for percent, trouble in ((None, False), (None, False), (40, False), (40, True), (None, True)):
        bar.show(percent, trouble=trouble)
    clock[0] = 6.0
    bar.show(None, trouble=True)
    bar.clear()
    bar.clear()
    assert TASKBAR.findall("".join(said)) == ["3", "1;40", "2;40", "2;100", "2;100", "0"]


@POSIX
@pytest.mark.parametrize(
    ("line", "code"),
    [(CLIP, 0), ("video create 'x [[refuse:InputTextSensitiveContentDetected]]'", 10)],
)
def test_the_taskbar_is_cleared_however_a_run_ends(sandbox: Shell, line: str, code: int) -> None:
    states = TASKBAR.findall(drawn(sandbox, line, **WINDOWS_TERMINAL))
    assert "3" in states
    assert states[-1] == "0"


@POSIX
def test_a_batch_shows_how_many_rows_are_done(shell: Shell, account: Account) -> None:
    account.seconds = 3600
    Path("rows.csv").write_text("prompt\nfox\nhare\n")
    states: list[str] = []
    said = ""
    for piece in output(shell, "batch run rows.csv", 80, WINDOWS_TERMINAL):
        said += piece.decode(errors="replace")
        states = TASKBAR.findall(said)
        # A task ends only once what goes before it was seen.
        for job, seen in zip(list(account.jobs.values()), ("1;0", "1;50"), strict=False):
            job.seconds = 0 if seen in states else 3600
    assert states.index("1;0") < states.index("1;50")
    assert states[-1] == "0"


@POSIX
@pytest.mark.parametrize(
    ("signals", "code"),
    [([signal.SIGINT], 130), ([signal.SIGTERM], 143), ([signal.SIGINT, signal.SIGINT], 130)],
)
@pytest.mark.parametrize("when", [b"\x1b]9;4;3", b"running"])
def test_a_signal_clears_the_taskbar_and_shows_the_cursor(
    scripted: Shell, service: ScriptedService, signals: list[signal.Signals], code: int, when: bytes
) -> None:
    making(service, looks=1000)
    ended, said = interrupted(scripted, "video create fox", when, signals)
    assert ended == code
    assert TASKBAR.findall(said)[-1] == "0"
    assert said.rfind("\x1b[?25h") >= said.rfind("\x1b[?25l")


def interrupted(
    shell: Shell, line: str, when: bytes, signals: list[signal.Signals]
) -> tuple[int, str]:
    """The exit code, and what reached the terminal, of a run that is sent signals at a point."""
    import pty
    import subprocess

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "byteplus_cli", *line.split()],
        cwd=shell.home,
        env={**os.environ, "TERM": "xterm", "CI": "", **WINDOWS_TERMINAL, **shell.env},
        stdout=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        stderr=theirs,
    )
    os.close(theirs)
    seen, left = b"", list(signals)
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # how Linux says that the other end is closed
            break
        seen += piece
        if when in seen:
            while left:
                process.send_signal(left.pop(0))
    os.close(ours)
    return process.wait(), seen.decode()


# --- Being called ---------------------------------------------------------------------------------

KITTY = {"TERM": "xterm-kitty"}


@pytest.mark.parametrize(
    ("options", "env", "said"),
    [
        ("--notify", {}, "\a"),
        ("", {"BYTEPLUS_NOTIFY": "1"}, "\a"),
        ("--notify", KITTY, "\x1b]99;;byteplus video create is done\x1b\\\a"),
        ("--notify --progress plain", KITTY, "\a"),
        ("", KITTY, ""),
        ("--notify --quiet", KITTY, ""),
        ("--notify", {**KITTY, "CI": "1"}, ""),
        ("--no-notify", {**KITTY, "BYTEPLUS_NOTIFY": "1"}, ""),
    ],
)
def test_a_long_wait_ends_in_a_call_where_that_was_asked_for(
    scripted: Shell, service: ScriptedService, options: str, env: dict[str, str], said: str
) -> None:
    making(service, looks=60)
    code, shown = at_a_terminal(scripted, f"video create fox --no-preview {options}", env)
    assert code == 0
    assert shown.count("\a") == bool(said)
    assert said in shown
    assert ("]99;" in shown) == ("]99;" in said)


def test_a_short_wait_calls_nobody(scripted: Shell, service: ScriptedService) -> None:
    making(service, looks=0)
    assert "\a" not in at_a_terminal(scripted, "video create fox --notify", {})[1]


def test_a_failure_calls_with_its_reason(scripted: Shell, service: ScriptedService) -> None:
    service.on("POST", Reply(body={"id": ID}))
    failed = task(ID, "failed", error={"code": "Broken", "message": "it broke"})
    service.on("GET", *[task(ID, "running")] * 60, failed)
    code, shown = at_a_terminal(scripted, "video create fox --notify", KITTY)
    assert code == 9
    assert f"\x1b]99;;byteplus video create: task {ID} ended as failed\x1b\\\a" in shown


def test_no_bell_reaches_a_pipe(scripted: Shell, service: ScriptedService) -> None:
    making(service, looks=60)
    done = scripted("video create fox --notify", env=KITTY)
    assert "\a" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("env", "code"),
    [
        ({"TERM_PROGRAM": "iTerm.app"}, "\x1b]9;a, b\x1b\\\a"),
        ({"TERM_PROGRAM": "WezTerm"}, "\x1b]777;notify;byteplus;a, b\x1b\\\a"),
        ({"TERM": "foot"}, "\x1b]777;notify;byteplus;a, b\x1b\\\a"),
        ({"TERM": "xterm-kitty", "TMUX": "/x,1,0"}, "\a"),
    ],
)
def test_each_terminal_is_called_in_its_own_way(env: dict[str, str], code: str) -> None:
    assert calling.notification("a;\x1b b\a", env) == code


# --- Opening --------------------------------------------------------------------------------------


def opener(shell: Shell) -> Path:
    """A stand-in for what the system opens files with; gives where it writes what it was told."""
    folder, told = shell.home / "bin", shell.home / "opened.txt"
    folder.mkdir()
    for name in ("xdg-open", "open"):
        stub = folder / name
        stub.write_text(
            f'#!/bin/sh\necho "$1 ${{ARK_API_KEY-none}}" > {told}.new\nmv {told}.new {told}\n'
        )
        stub.chmod(0o755)
    shell.env.update(PATH=f"{folder}:{os.environ['PATH']}", DISPLAY=":9")
    return told


@POSIX
def test_the_file_is_opened_by_a_program_that_gets_no_key(sandbox: Shell) -> None:
    told = opener(sandbox)
    said = drawn(sandbox, f"{CLIP} --open", ARK_API_KEY="key-for-tests-1234")
    assert "warning" not in said
    late = time.monotonic() + 10
    while not told.exists():
        assert time.monotonic() < late
        time.sleep(0.01)
    assert told.read_text() == f"{sandbox.home}/fox.mp4 none\n"


@POSIX
@pytest.mark.skipif(sys.platform == "darwin", reason="there is always a display")
@pytest.mark.parametrize(
    ("env", "why"),
    [({"DISPLAY": ""}, "there is no display here"), ({"PATH": "/nowhere"}, "No such file")],
)
def test_what_cannot_be_opened_is_a_warning(sandbox: Shell, env: dict[str, str], why: str) -> None:
    told = opener(sandbox)
    said = drawn(sandbox, f"{CLIP} --open", WAYLAND_DISPLAY="", **env)
    assert "warning:" in said
    assert f"fox.mp4 is saved, but not opened: {why}" in " ".join(said.split())
    assert not told.exists()


def test_nothing_is_opened_without_a_terminal(sandbox: Shell) -> None:
    told = opener(sandbox)
    done = sandbox(f"{CLIP} --open")
    assert (done.code, done.stdout) == (0, "fox.mp4\n")
    assert "not opened" in done.stderr
    assert not told.exists()


def test_nothing_is_opened_where_nothing_was_made(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", error(401, "AuthenticationError"))
    assert "opened" not in scripted("video create fox --open").stderr
