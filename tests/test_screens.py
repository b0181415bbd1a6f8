"""Screens as people see them, at 60, 80 and 120 columns."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

import clips
from byteplus_cli.generation.task import Failure
from clips import wav
from conftest import Shell
from ledgers import DAY, Past
from screen import assert_golden, last_screen, screen_with

pytestmark = pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals")
NOT_ON_A_MAC = pytest.mark.skipif(sys.platform == "darwin", reason="always has a display")
WIDTHS = [60, 80, 120]


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("image-help", "image gen --help"),
        ("image-dry-run", "image gen 'a red fox in the snow' --count 4 -r 16:9 --dry-run"),
        ("image-one", "image gen 'a red fox in the snow' --size 1K"),
        ("image-set", "image gen 'the same cat [[skip:2]][[slow:3]]' --count 3 --size 1K -o cats/"),
        ("image-stale", "image gen 'a red fox [[stale]]' --size 1K"),
        ("image-refused", "image gen 'a red fox [[refuse:InputTextSensitiveContentDetected]]'"),
        ("image-wrong-size", "image gen 'a red fox' --size 100x100"),
        ("image-broken", "image gen 'cats [[break:1]]' --count 3 --size 1K"),
    ],
)
def test_a_screen_is_as_it_was(sandbox: Shell, name: str, line: str, columns: int) -> None:
    assert_golden(f"{name}-{columns}", last_screen(sandbox, line, columns))


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("run-help", "batch run --help"),
        ("dry-run", "batch run shots.jsonl --dry-run"),
        ("wrong", "batch run wrong.csv"),
        ("some", "batch run some.csv -o '{row.name}.mp4'"),
    ],
)
def test_a_screen_of_a_batch_is_as_it_was(
    sandbox: Shell, name: str, line: str, columns: int
) -> None:
    Path("shots.jsonl").write_text(
        '{"prompt": "a red fox in the snow"}\n{"prompt": "cups", "kind": "image"}\n'
    )
    Path("wrong.csv").write_text("prompt,duration\na fox,long\na cat,99\n")
    Path("some.csv").write_text(
        "name,prompt\nfox,a red fox [[queue:0]][[slow:0]]\n"
        "bad,x [[refuse:InputTextSensitiveContentDetected]]\n"
    )
    assert_golden(f"batch-{name}-{columns}", last_screen(sandbox, line, columns))


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize(
    ("name", "options"),
    [("help", "--help"), ("one", "-o hello.mp4"), ("dry-run", "--dry-run --prompt 'she nods'")],
)
def test_a_screen_of_an_avatar_is_as_it_was(
    sandbox: Shell, name: str, options: str, columns: int
) -> None:
    Path("portrait.jpg").write_bytes(clips.picture(600, 800))
    Path("hello.wav").write_bytes(wav(2))
    line = f"avatar omnihuman --image portrait.jpg --audio hello.wav {options}"
    assert_golden(f"avatar-{name}-{columns}", last_screen(sandbox, line, columns))


@pytest.mark.parametrize("columns", WIDTHS)
def test_progress_tells_how_many_pictures_there_are(sandbox: Shell, columns: int) -> None:
    line = "image gen 'cats [[slow:2]]' --count 3 --size 1K --no-preview"
    words = ["picture 1 saved", "1 of 3 pictures made"]
    shown = screen_with(words, sandbox, line, columns)
    assert_golden(f"image-progress-{columns}", shown)


@pytest.mark.parametrize("columns", WIDTHS)
def test_progress_tells_what_is_usual_here(sandbox: Shell, columns: int) -> None:
    past = Past(sandbox)
    for _ in range(3):
        past.made(profile="sandbox", request={"resolution": "480p"}, ago=DAY)
    line = "video create 'a red fox [[queue:0]][[slow:30]]' --resolution 480p -d 2 -o fox.mp4"
    shown = screen_with(["running"], sandbox, line, columns)
    assert_golden(f"clip-progress-{columns}", shown)


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("one", ""),
        ("plain", "--progress plain"),
        pytest.param("not-opened", "--open", marks=NOT_ON_A_MAC),
        ("moderated", "--progress plain"),
    ],
)
def test_a_screen_of_a_clip_is_as_it_was(
    sandbox: Shell, name: str, options: str, columns: int
) -> None:
    said = "[[fail:OutputVideoSensitiveContentDetected]]" if name == "moderated" else ""
    prompt = f"a red fox [[queue:0]][[slow:2]]{said}"
    line = f"video create '{prompt}' --resolution 480p -d 2 -o fox.mp4 {options}"
    sandbox.env.update(DISPLAY="", WAYLAND_DISPLAY="")
    assert_golden(f"clip-{name}-{columns}", last_screen(sandbox, line, columns))


def past_of(shell: Shell) -> str:
    """A ledger with something of everything; gives the id of a clip."""
    past = Past(shell)
    wrong = Failure("OutputVideoSensitiveContentDetected", "the clip may hold what is not allowed")
    past.made("a fox that came to nothing", status="failed", failure=wrong, ago=9 * DAY)
    past.made(
        "雪の中の狐", kind="image", ago=3 * DAY, cost="0.090", files=["a.jpg", "b.jpg", "c.jpg"]
    )
    past.made("pretend", profile="sandbox", ago=2 * DAY, cost="0.104")
    past.made(None, kind="avatar", ago=DAY, cost="0.240", files=["talks/portrait-04650.mp4"])
    past.made("a red fox in the snow, at dusk, seen from far away", status="queued", ago=7300)
    Path(shell.home, "boat.jpg").write_bytes(b"a boat")
    picture = {"path": str(shell.home / "boat.jpg"), "sha256": "0" * 64, "bytes": 6}
    return past.made(
        "the boat leaves the harbour, and the gulls follow it out to sea",
        ago=3700,
        cost="0.104",
        files=["the-boat-leaves-the-harbour-and-ab126.mp4"],
        request={
            "model": "seedance-1-0-pro-fast-251015",
            "content": [
                {"type": "text", "text": "the boat leaves the harbour"},
                {"type": "image_url", "image_url": picture, "role": "first_frame"},
            ],
        },
        seed=11,
        resolution="720p",
        ratio="16:9",
        duration=5,
        usage={"completion_tokens": 103818},
    )


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("help", "webhook listen --help"),
        ("listen", "webhook listen --port 0 --exit-after 1"),
        ("trigger-help", "webhook trigger --help"),
        ("trigger-cancelled", "webhook trigger cancelled --to http://localhost:3000/hook"),
        ("trigger-nobody", "webhook trigger succeeded --to http://127.0.0.1:9/"),
    ],
)
def test_a_screen_of_the_webhook_is_as_it_was(
    sandbox: Shell, name: str, line: str, columns: int
) -> None:
    sandbox("video create 'a red fox [[queue:0]] [[slow:0]]' --resolution 480p -d 2 --no-wait")
    assert_golden(f"webhook-{name}-{columns}", last_screen(sandbox, line, columns))


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("list", "history list"),
        ("cost", "history cost --by model"),
        ("show", "history show {id}"),
        ("command", "history show {id} --command"),
        ("list-help", "history list --help"),
    ],
)
def test_a_screen_of_the_history_is_as_it_was(
    byteplus: Shell, name: str, line: str, columns: int
) -> None:
    shown = last_screen(byteplus, line.format(id=past_of(byteplus)), columns)
    assert_golden(f"history-{name}-{columns}", shown)
