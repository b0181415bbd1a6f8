"""`byteplus video chain`: clips that follow each other, paid for once each."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

import clips
from byteplus_cli.generation import clip
from conftest import Shell, started
from service import DROP, Reply, ScriptedService, error, task

SMALL = "--resolution 480p -d 2"


def frames(path: str) -> int:
    return clip.probe(Path(path)).frames


def chain_id(said: str) -> str:
    return next(word for word in said.split() if word.startswith("chain-"))


def test_three_clips_become_one_film(sandbox: Shell) -> None:
    done = sandbox(
        f'video chain "one [[slow:0]]" "two [[slow:0]]" "three [[slow:0]]" {SMALL}'
        " -m seedance-1.0-pro -o film.mp4 --json"
    )
    assert done.code == 0, done.stderr
    parts = [step["files"][0]["path"] for step in done.json["steps"]]
    assert parts == ["film-1.mp4", "film-2.mp4", "film-3.mp4"]
    assert done.json["file"] == "film.mp4"
    assert frames("film.mp4") == sum(map(frames, parts)) == 3 * 49


def test_sound_stays_in_step_over_the_seams(sandbox: Shell) -> None:
    done = sandbox(
        'video chain "one [[slow:0]]" "two [[slow:0]]" -m seedance-2.0 --resolution 480p -d 4'
        " -o film.mp4"
    )
    assert done.stdout == "film.mp4\n", done.stderr
    seen = clip.probe(Path("film.mp4"))
    assert seen.audio
    assert abs(seen.seconds - 2 * 97 / 24) < 1 / 24


def test_each_clip_starts_on_the_untouched_link_of_the_last_frame_before(
    scripted: Shell, service: ScriptedService
) -> None:
    links = [service.file(f"{n}.jpg", clips.picture()) + "?sign=x" for n in (1, 2)]
    video = service.file("a.mp4", clips.clip())
    ids = [f"cgt-20261121101530-step{n}" for n in (1, 2)]
    service.on("POST", *(Reply(body={"id": id}) for id in ids))
    looks = [
        task(id, "succeeded", content={"video_url": video, "last_frame_url": link})
        for id, link in zip(ids, links, strict=True)
    ]
    service.on("GET", looks[0], looks[0], looks[1])
    done = scripted('video chain "one" "two" --no-join -r 16:9')
    bodies = [post.json for post in service.asked_by("POST")]
    assert len(bodies) == 2, done.stderr
    assert bodies[1]["content"][1]["image_url"]["url"] == links[0]
    assert all(body["return_last_frame"] for body in bodies)


def test_a_failed_clip_keeps_the_ones_before_and_the_chain_goes_on(sandbox: Shell) -> None:
    failed = sandbox(
        f'video chain "one [[slow:0]]" "two [[slow:0]][[fail:X]]" "three [[slow:0]]" {SMALL}'
        " -o film.mp4"
    )
    assert failed.code == 12
    assert "clip 2 of 3" in failed.stderr
    assert Path("film-1.mp4").exists()
    assert not Path("film.mp4").exists()

    id = chain_id(failed.stderr.split("--resume ")[1])
    done = sandbox(f"video chain --resume {id} --prompt '2=two [[slow:0]]' --json")
    assert done.code == 0, done.stderr
    assert "2 of 3 clips to make" in done.stderr
    assert frames("film.mp4") == 3 * 49
    made = sandbox("video list --json").json["items"]
    assert sum(item["status"] == "succeeded" for item in made) == 3


def test_a_finished_chain_costs_nothing_again(sandbox: Shell) -> None:
    first = sandbox(f'video chain "one [[slow:0]]" "two [[slow:0]]" {SMALL} --json')
    again = sandbox(f"video chain --resume {first.json['id']} --json")
    assert again.code == 0, again.stderr
    assert "0 of 2 clips to make" in again.stderr
    assert len(sandbox("video list --json").json["items"]) == 2
    # The film is the same, so there is no second one.
    assert again.json["file"] == first.json["file"]
    assert len(list(Path.cwd().glob("*.mp4"))) == 3


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_chain_that_was_killed_goes_on_and_pays_for_what_is_missing(sandbox: Shell) -> None:
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "byteplus_cli", "video", "chain"),
            *("one [[slow:0]]", "two [[slow:2]]", "three [[slow:0]]"),
            *(*SMALL.split(), "-o", "film.mp4"),
        ],
        cwd=sandbox.home,
        env={**os.environ, **sandbox.env},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    said = ""
    while "clip 2 of 3" not in said:
        said += process.stderr.readline()
    process.kill()
    process.communicate()

    done = sandbox(f"video chain --resume {chain_id(said)}")
    assert done.code == 0, done.stderr
    assert "1 of 3 clips to make" in done.stderr
    assert frames("film.mp4") == 3 * 49
    assert len(sandbox("video list --json").json["items"]) == 3


def in_place_of(clip: Path, shell: Shell, size: int) -> None:
    """The ledger takes a clip of another size for the one that was saved."""
    ledger = sqlite3.connect(Path(shell.env["BYTEPLUS_STATE_DIR"]) / "ledger.db")
    with contextlib.closing(ledger), ledger:
        changed = ledger.execute(
            "UPDATE files SET bytes = ? WHERE path LIKE ?", (size, f"%{clip}")
        ).rowcount
    assert changed == 1


def read_by(process: subprocess.Popen[str], pipe: Path) -> int:
    """The other end of a pipe, once the process has it open."""
    while True:
        assert process.poll() is None, process.communicate()
        with contextlib.suppress(OSError):
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        time.sleep(0.01)


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_signal_while_the_film_is_joined_leaves_the_clips_and_no_half_film(
    sandbox: Shell,
) -> None:
    made = sandbox(f'video chain "one [[slow:0]]" "two [[slow:0]]" {SMALL} -o film.mp4 --json')
    id, film, first = made.json["id"], Path("film.mp4"), Path("film-1.mp4")
    film.unlink()
    kept = first.rename("kept.mp4")
    os.mkfifo(first)  # a clip that takes for ever to read
    in_place_of(first, sandbox, 0)
    process = started(sandbox, f"video chain --resume {id}")
    end = read_by(process, first)
    process.send_signal(signal.SIGINT)
    stdout, said = process.communicate(timeout=30)
    os.close(end)
    assert (process.returncode, stdout) == (130, ""), said
    assert "detached: every clip is saved; the film is not joined yet" in said
    assert f"hint: byteplus video chain --resume {id}" in said
    assert not list(Path.cwd().glob("*film.mp4*"))

    kept.replace(first)
    in_place_of(first, sandbox, first.stat().st_size)
    done = sandbox(f"video chain --resume {id}")
    assert (done.code, done.stdout) == (0, "film.mp4\n"), done.stderr
    assert frames("film.mp4") == 2 * 49


def test_a_clip_whose_answer_was_lost_is_found_and_not_paid_again(sandbox: Shell) -> None:
    done = sandbox(f'video chain "one [[slow:0]]" "two [[slow:0]][[lose]]" {SMALL}')
    assert done.code == 0, done.stderr
    assert len(sandbox("video list --json").json["items"]) == 2


def test_a_clip_that_may_exist_is_only_made_again_when_asked(
    scripted: Shell, service: ScriptedService
) -> None:
    video, frame = service.file("a.mp4", clips.clip()), service.file("a.jpg", clips.picture())
    made = task(content={"video_url": video, "last_frame_url": frame}, status="succeeded")
    two = [{"id": f"cgt-2-{n}", "status": "running", "created_at": int(time.time())} for n in "ab"]
    doubtful = Reply(body={"total": 2, "items": two})
    service.on("POST", Reply(body={"id": made.body["id"]}), DROP)
    service.on("GET", made, made, doubtful)
    lost = scripted('video chain "one" "two" --no-join')
    assert lost.code == 12, lost.stderr
    id = chain_id(lost.stderr.split("--resume ")[1])
    refused = scripted(f"video chain --resume {id}")
    assert refused.code == 9
    assert "its answer was lost" in refused.stderr
    assert "cgt-2-a or cgt-2-b" in refused.stderr
    assert len(service.asked_by("POST")) == 2

    again = Reply(body={**made.body, "id": "cgt-20261121101530-again"})
    service.on("POST", again)
    service.on("GET", made, made, again)
    assert scripted(f"video chain --resume {id} --prompt 2=again").code == 0
    assert len(service.asked_by("POST")) == 3


def test_a_new_prompt_for_a_clip_that_is_made_is_refused(sandbox: Shell) -> None:
    failed = sandbox(f'video chain "one [[slow:0]]" "two [[fail:X]][[slow:0]]" {SMALL}')
    id = chain_id(failed.stderr.split("--resume ")[1])
    done = sandbox(f"video chain --resume {id} --prompt 1=other --prompt 2=more")
    assert done.code == 2
    assert "clip 1 is made" in done.stderr
    assert len(sandbox("video list --json").json["items"]) == 2


def test_two_runs_of_one_chain_pay_for_each_clip_once(sandbox: Shell) -> None:
    failed = sandbox(f'video chain "one [[slow:0]]" "two [[fail:X]][[slow:0]]" {SMALL}')
    id = chain_id(failed.stderr.split("--resume ")[1])
    line = [sys.executable, "-m", "byteplus_cli", "video", "chain", "--resume", id]
    runs = [
        subprocess.Popen(
            [*line, "--prompt", "2=two [[slow:2]]"],
            cwd=sandbox.home,
            env={**os.environ, **sandbox.env},
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [run.communicate()[1] for run in runs]
    assert not any("should not have happened" in words for words in said)
    items = sandbox("video list --json").json["items"]
    assert sum(item["status"] == "succeeded" for item in items) == 2


def test_the_price_of_all_clips_stands_before_the_first_request(
    scripted: Shell, service: ScriptedService
) -> None:
    line = 'video chain "one" "two" "three" --resolution 480p -r 16:9 -d 5'
    done = scripted(f"{line} --max-cost 0.14")
    assert done.code == 13
    assert "$0.147" in done.stderr
    assert service.asked == []
    planned = scripted(f"{line} --dry-run --json -o film.mp4")
    plans = planned.json["items"]
    assert [plan["estimate"]["usd_high"] for plan in plans] == ["0.049"] * 3
    assert [plan["file"] for plan in plans] == ["film-1.mp4", "film-2.mp4", "film-3.mp4"]
    assert planned.json["estimate"]["usd_high"] == "0.147"
    assert "about $0.147 for all 3" in planned.stderr


def test_a_chain_that_cannot_begin_is_no_partial_success(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", error(401, "AuthenticationError"))
    assert scripted('video chain "one" "two"').code == 3


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("one", "two prompts"),
        ("", "two prompts"),
        ("@nowhere.txt", "no such file"),
        ("--resume chain-none", "knows no chain"),
        ('"one" "" ', "prompt"),
        ('"one" "two" --prompt 1=x', "--resume"),
        ('"one" --resume chain-x', "prompts already"),
        ("--resume chain-x --resolution 720p", "--resolution cannot change"),
        ("--resume chain-x --no-camera-fixed", "--camera-fixed cannot change"),
    ],
)
def test_a_bad_chain_sends_nothing(
    scripted: Shell, service: ScriptedService, line: str, said: str
) -> None:
    done = scripted(f"video chain {line}")
    assert done.code in (2, 8)
    assert said in done.stderr
    assert service.asked == []
