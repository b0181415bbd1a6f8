"""`--dry-run` and `--max-cost`: the price in plain sight, before anything is sent."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

import clips
from conftest import Shell
from service import Reply, ScriptedService


@pytest.mark.parametrize(
    ("options", "tokens", "usd"),
    [
        ("-m seedance-2.0 --resolution 720p -r 16:9 -d 5", 108_900, "0.762"),
        ("--resolution 480p -r 16:9 -d 5", 49_005, "0.049"),
        ("--resolution 720p -r 16:9 -d 5", 103_818, "0.104"),
        ("--resolution 1080p -r 16:9 -d 5", 246_840, "0.247"),
        ("--resolution 1080p -r 16:9 -d 5 --flex", 246_840, "0.123"),
        ("-m seedance-2.5 --resolution 1080p -r 16:9 -d 5", 245_025, "2.867"),
    ],
)
def test_the_documented_prices_come_out(
    byteplus: Shell, options: str, tokens: int, usd: str
) -> None:
    estimate = byteplus(f"video create fox {options} --dry-run --json").json["estimate"]
    assert (estimate["tokens_low"], estimate["tokens_high"]) == (tokens, tokens)
    assert (estimate["usd_low"], estimate["usd_high"]) == (usd, usd)


def test_no_key_is_needed_and_nothing_is_written(byteplus: Shell) -> None:
    done = byteplus("video create fox --dry-run")
    assert done.code == 0
    assert '"model": "seedance-1-0-pro-fast-251015"' in done.stdout
    assert "nothing was sent" in done.stderr
    assert not Path(byteplus.env["BYTEPLUS_STATE_DIR"]).exists()


def test_an_open_length_is_a_range_and_an_unknown_model_is_not_guessed(byteplus: Shell) -> None:
    ranged = byteplus("video create fox -m seedance-2.5 -r 16:9 --dry-run --json").json["estimate"]
    assert ranged["usd_low"] < ranged["usd_high"]
    unknown = byteplus("video create fox -m ep-2026-abc --dry-run --json")
    assert unknown.json["estimate"]["usd_high"] is None
    assert "not known" in unknown.stderr


def test_media_are_shortened_and_the_name_is_shown(byteplus: Shell) -> None:
    Path("boat.jpg").write_bytes(clips.picture())
    document = byteplus("video create 'it sails' -i boat.jpg -n --json -o out/").json
    url = document["request"]["content"][1]["image_url"]["url"]
    assert url.startswith("data:image/jpeg;base64,… (")
    assert document["file"] == str(Path("out", "it-sails-{id8}.mp4"))
    assert document["schema"] == "byteplus.plan/1"


def test_curl_is_a_line_that_a_shell_reads(byteplus: Shell) -> None:
    done = byteplus('video create "it\'s a fox" --seed 1 --as curl')
    words = shlex.split(done.stdout)
    assert words[0] == "curl"
    assert words[1].endswith("/contents/generations/tasks")
    assert "Authorization: Bearer $ARK_API_KEY" in words
    assert '"text": "it\'s a fox"' in words[-1]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("--max-cost 0.2", 13),
        ("--max-cost 0.25 --no-wait", 0),
        ("--max-cost nan", 2),
        ("--max-cost -1", 2),
        ("-m ep-2026-abc --max-cost 100", 13),
    ],
)
def test_max_cost_refuses_what_may_cost_more(
    scripted: Shell, service: ScriptedService, line: str, code: int
) -> None:
    service.on("POST", Reply(body={"id": "cgt-20261121101530-ab12c"}))
    done = scripted(f"video create fox {line}")
    assert done.code == code, done.stderr
    assert len(service.asked) == (1 if code == 0 else 0)


def test_the_profile_sets_a_limit_and_an_option_goes_before_it(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", Reply(body={"id": "cgt-20261121101530-ab12c"}))
    scripted("config set max_cost 0.2")
    assert scripted("video create fox --no-wait").code == 13
    assert scripted("video create fox --no-wait --max-cost 1").code == 0


def test_a_name_that_is_taken_is_told_before_anything_is_paid(byteplus: Shell) -> None:
    Path("fox.mp4").write_text("mine")
    taken, free = (byteplus(f"video create fox -n -o {name}.mp4").stderr for name in ("fox", "x"))
    assert "there is another fox.mp4: a number is added" in taken
    assert "another" not in free
