"""Small pictures in terminals that can show them, and not one escape code anywhere else."""

from __future__ import annotations

import base64
import os
import re
from pathlib import Path

import pytest

from byteplus_cli.generation import clip
from conftest import Shell
from screen import at_a_terminal, output

pytestmark = pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals")
LINE = "image gen 'a red fox' --size 2048x1024"
CLIP = "video create 'a fox [[queue:0]][[slow:0]]' --resolution 480p -d 2"
KITTY, ITERM = "\x1b_G", "\x1b]1337;File="


def written(sandbox: Shell, line: str = LINE, **env: str) -> bytes:
    return b"".join(output(sandbox, line, 80, env))


def drawn_in(said: str) -> bool:
    return KITTY in said or ITERM in said


def assert_small_png(packed: bytes, tmp_path: Path) -> None:
    path = tmp_path / "thumbnail.png"
    path.write_bytes(base64.b64decode(packed, validate=True))
    seen = clip.picture(path)
    assert (seen.format, seen.width, seen.height) == ("png", 512, 256)


@pytest.mark.parametrize("env", [{"TERM": "xterm-kitty"}, {"TERM_PROGRAM": "ghostty"}])
def test_kitty_and_ghostty_are_sent_pieces_that_ask_for_no_answer(
    sandbox: Shell, tmp_path: Path, env: dict[str, str]
) -> None:
    said = written(sandbox, **env)
    pieces = re.findall(rb"\x1b_G([^;]*);([A-Za-z0-9+/=]*)\x1b\\", said)
    assert b"q=2" in pieces[0][0]
    assert [keys[-3:] for keys, _ in pieces] == [b"m=1"] * (len(pieces) - 1) + [b"m=0"]
    assert all(len(content) <= 4096 for _, content in pieces)
    assert_small_png(b"".join(content for _, content in pieces), tmp_path)


@pytest.mark.parametrize("program", ["iTerm.app", "WezTerm"])
def test_iterm_and_wezterm_are_sent_one_inline_file(
    sandbox: Shell, tmp_path: Path, program: str
) -> None:
    said = written(sandbox, TERM_PROGRAM=program)
    (found,) = re.findall(rb"\x1b\]1337;File=inline=1[^:]*:([A-Za-z0-9+/=]*)\x07", said)
    assert_small_png(found, tmp_path)


def test_of_a_clip_the_first_picture_is_shown(sandbox: Shell, tmp_path: Path) -> None:
    said = written(sandbox, CLIP, TERM="xterm-kitty")
    pieces = re.findall(rb"\x1b_G[^;]*;([A-Za-z0-9+/=]*)\x1b\\", said)
    path = tmp_path / "thumbnail.png"
    path.write_bytes(base64.b64decode(b"".join(pieces), validate=True))
    seen = clip.picture(path)
    assert (seen.format, seen.width, seen.height) == ("png", 512, 284)


@pytest.mark.parametrize(
    ("line", "env"),
    [
        (CLIP, {}),
        (f"{CLIP} --no-preview", {"TERM": "xterm-kitty"}),
        (LINE, {}),
        (LINE, {"TERM": "xterm-kitty", "TMUX": "/run/tmux/default,1,0"}),
        (LINE, {"TERM": "tmux-256color", "TERM_PROGRAM": "iTerm.app"}),
        (LINE, {"TERM": "xterm-kitty", "CI": "true"}),
        (f"{LINE} --no-preview", {"TERM": "xterm-kitty"}),
        (f"{LINE} --quiet", {"TERM": "xterm-kitty"}),
        (f"{LINE} --json", {"TERM": "xterm-kitty"}),
        (f"{LINE} --progress plain", {"TERM": "xterm-kitty"}),
    ],
)
def test_nowhere_else_is_a_picture_drawn(sandbox: Shell, line: str, env: dict[str, str]) -> None:
    assert drawn_in(at_a_terminal(sandbox, LINE, {"TERM": "xterm-kitty"})[1])
    code, said = at_a_terminal(sandbox, line, env)
    assert (code, drawn_in(said)) == (0, False)


def test_no_escape_code_reaches_a_pipe(sandbox: Shell) -> None:
    sandbox.env.update(TERM="xterm-kitty", TERM_PROGRAM="iTerm.app", FORCE_COLOR="1")
    done = sandbox(LINE)
    assert "\x1b" not in done.stdout
    assert "\x1b_G" not in done.stderr
