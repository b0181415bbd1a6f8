"""`byteplus models`: what is told of each model, and that it is told without key or network."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from byteplus_cli.generation.catalogue import Catalogue
from conftest import Shell

CATALOGUE = Catalogue.load()
OWN = """
[video."house-9-990101"]
names = ["house"]
state = "retiring"
retired_on = 2099-06-01
replacement = "seedance-2.0"
can = ["text", "flex"]
resolutions = ["480p", "720p"]
resolution = "480p"
durations = [2, 12]
duration = 5
ratios = ["16:9"]
ratio = "16:9"
source = "console"
date = 2027-01-01

[video."seedance-1-0-pro-990101"]
names = ["seedance-1.0-pro"]
sizes = "seedance-1.0"
resolutions = []
resolution = "480p"
durations = [2, 12]
duration = 5
ratios = ["16:9", "1:1"]
ratio = "16:9"
prices = { rows = [{ usd = 1e3 }], source = "invoice", date = 2027-01-01 }
source = "console"
date = 2027-01-01
"""
CARD = """\
id            seedance-1-5-pro-251215
names         seedance-1.5-pro
state         retired 2026-11-11
use instead   seedance-2.0-mini
takes         first frame, last frame, text
does          camera fixed, draft, flex, return last frame, seed, sound
resolutions   480p, 720p, 1080p; default 720p
seconds       4 to 12 or -1 (the model chooses); default 5
ratios        16:9, 4:3, 1:1, 3:4, 9:16, 21:9, adaptive; default adaptive
frame ratios  16:9, 4:3, 1:1, 3:4, 9:16, 21:9, adaptive; default adaptive
formats       mp4
pictures      jpeg, png, webp, bmp, tiff, gif, heic, heif
limits        600 requests a minute, 10 at once, 500 billion flex tokens a day
known from    REV265 (2026-10-08)
price list    PRICE, REV265 (2026-09-30)

             480p     720p      1080p
16:9         864x496  1280x720  1920x1080
4:3          752x560  1112x834  1664x1248
1:1          640x640  960x960   1440x1440
3:4          560x752  834x1112  1248x1664
9:16         496x864  720x1280  1080x1920
21:9         992x432  1470x630  2206x946
5 s of 16:9  $0.122   $0.261    $0.588

USD PER 1M TOKENS  FOR
2.40               with sound; a draft counts 0.6 of its tokens
1.20               without sound; a draft counts 0.7 of its tokens
x 0.5              with --flex
"""


@pytest.fixture
def own(byteplus: Shell) -> Shell:
    """A command line whose config folder has a models.toml."""
    folder = Path(byteplus.env["BYTEPLUS_CONFIG_DIR"])
    folder.mkdir()
    (folder / "models.toml").write_text(OWN, "utf-8")
    return byteplus


def item(byteplus: Shell, id: str) -> Any:
    return next(i for i in byteplus("models list --json").json["items"] if i["id"] == id)


def test_the_list_shows_current_models_with_prices_and_then_those_that_left(
    byteplus: Shell,
) -> None:
    done = byteplus("models list")
    assert done.code == 0
    assert done.lines[1].split() == [
        *("seedance-2.5", "1080p", "4-30", "$1.165", "720p"),
        *("first", "last", "refs", "sound", "draft"),
    ]
    gap = done.lines.index("")
    assert not any("seedance-1.5-pro" in row for row in done.lines[:gap])
    assert done.lines[gap + 2].split() == [
        *("seedance-1.5-pro", "seedance-2.0-mini", "retired", "2026-11-11"),
    ]
    assert "list prices of 2026-09-30" in done.stderr


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_list_fits_the_terminal_with_nothing_cut(byteplus: Shell, width: int) -> None:
    rows = byteplus("models list", env={"COLUMNS": str(width)}).lines
    assert max(map(len, rows)) <= width
    assert not any("…" in row for row in rows)


def test_names_and_replacements_stay_whole_on_the_narrowest_terminal(byteplus: Shell) -> None:
    said = byteplus("models list", env={"COLUMNS": "20"}).stdout
    assert "seedance-1.0-pro-fast " in said
    assert "seedance-2.0-mini " in said


@pytest.mark.parametrize("name", ["seedance-1.5-pro", "Seedance-1-5-Pro-251215"])
def test_a_card_tells_all_that_is_known(byteplus: Shell, name: str) -> None:
    done = byteplus(f"models show {name}")
    assert (done.code, done.stdout, done.stderr) == (0, CARD, "")


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("seedance-2.5", "references    30 images, 10 videos, 10 audios; 50 in all"),
        ("seedance-2.5", "references    videos and audios of 2 to 30 s, of each kind 30 s in all"),
        ("seedance-2.5", "seconds       4 to 30 or -1 (the model chooses); default -1"),
        ("seedance-2.5", "frame ratios  adaptive"),
        ("seedance-2.5", "limits        individual accounts: 180 requests a minute, 3 at once"),
        ("seedance-2.5", "usual wait    247 to 370 s for 5 s of 480p"),
        ("seedance-2.0", "limits        4k: 15 requests a minute, 1 at once"),
        ("seedance-2.0", "2.40               4k; with a video as input"),
        ("seedance-1.0-pro", "frames        29 to 289 in steps of 4"),
        ("seedance-1.0-pro", "2.50               everything"),
        ("seedance-1.0-lite-t2v", "state        retired 2026-05-13"),
    ],
)
def test_a_card_says_what_sets_a_model_apart(byteplus: Shell, name: str, row: str) -> None:
    assert row in byteplus(f"models show {name}").lines


@pytest.mark.parametrize("id", CATALOGUE.videos)
def test_every_card_fits_80_columns(byteplus: Shell, id: str) -> None:
    assert max(map(len, byteplus(f"models show {id}").lines)) <= 80


@pytest.mark.parametrize("name", ["ep-20261120-abcde", "seedance-3-0-pro-270101"])
def test_a_model_that_is_not_known_is_not_made_up(byteplus: Shell, name: str) -> None:
    done = byteplus(f"models show {name}")
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr == f"error: nothing is known here of {name}\nhint: byteplus models list\n"


def test_a_mistyped_name_gets_the_nearest_known_ones(byteplus: Shell) -> None:
    done = byteplus("models show seedance-1.0-por --json")
    assert done.code == done.json["error"]["exit_code"] == 2
    assert "seedance-1.0-pro" in done.json["error"]["hint"]


def test_the_json_of_the_list_has_every_model_in_the_order_of_the_table(byteplus: Shell) -> None:
    document = byteplus("models list --json").json
    assert document["schema"] == "byteplus.models/1"
    assert {i["id"] for i in document["items"]} == set(CATALOGUE.videos)
    assert {i["kind"] for i in document["items"]} == {"video"}
    states = [i["state"] for i in document["items"]]
    assert states == sorted(states)


def test_the_json_of_a_model_is_its_item_of_the_list(byteplus: Shell) -> None:
    shown = byteplus("models show seedance-1.5-pro --json").json
    assert shown.pop("schema") == "byteplus.model/1"
    assert shown == item(byteplus, "seedance-1-5-pro-251215")


def test_the_json_has_prices_as_text_with_their_date_and_turned_sizes(byteplus: Shell) -> None:
    shown = byteplus("models show seedance-1.5-pro --json").json
    assert shown["retired_on"] == "2026-11-11"
    assert shown["sizes"]["720p"]["9:16"] == [720, 1280]
    assert shown["prices"]["date"] == "2026-09-30"
    assert shown["prices"]["flex_factor"] == "0.5"
    assert shown["prices"]["rows"][0] == {
        "usd_per_million_tokens": "2.40",
        "resolutions": [],
        "video_input": None,
        "audio": True,
        "draft_tokens": "0.6",
    }
    assert shown["examples"][1] == {
        "resolution": "720p",
        "ratio": "16:9",
        "duration": 5,
        "tokens": 108900,
        "usd": "0.261",
    }


def test_the_json_says_null_where_nothing_is_known(byteplus: Shell) -> None:
    lite = item(byteplus, "seedance-1-0-lite-t2v-250428")
    assert {lite["prices"], lite["replacement"], lite["usual_seconds"], lite["frames"]} == {None}
    assert {example["usd"] for example in lite["examples"]} == {None}


def test_a_model_of_the_users_own_is_listed_and_shown(own: Shell) -> None:
    done = own("models list")
    row = next(row for row in done.lines if row.startswith("house "))
    assert row.split() == ["house", "720p", "2-12", "-", "flex"]
    assert "house                  seedance-2.0       retiring 2099-06-01" in done.lines
    assert own("models show house").lines[2:4] == [
        "state        retiring 2099-06-01",
        "use instead  seedance-2.0",
    ]


def test_a_name_that_a_newer_model_took_over_is_not_shown_for_the_older_one(own: Shell) -> None:
    names = [row.split(" ")[0] for row in own("models list").lines]
    assert names.count("seedance-1.0-pro") == 1
    assert "seedance-1-0-pro-250528" in names
    assert "1000               everything" in own("models show seedance-1.0-pro").lines


def test_a_broken_models_toml_is_named(own: Shell) -> None:
    file = Path(own.env["BYTEPLUS_CONFIG_DIR"], "models.toml")
    file.write_text("[video")
    done = own("models list")
    assert done.code == 2
    assert str(file) in done.stderr


@pytest.mark.parametrize("line", ["models --help", "models list", "models show seedance-2.5"])
def test_models_are_told_of_without_network_ledger_or_heavy_imports(
    line: str, tmp_path: Path
) -> None:
    heavy = ("byteplussdkarkruntime", "httpx", "av", "starlette", "rich", "sqlite3", "ssl")
    program = (
        "import sys; from byteplus_cli.cli import run; code = run(sys.argv[1:]);"
        f"print(code, *[m for m in {heavy!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *line.split()],
        capture_output=True,
        text=True,
        env={"PATH": "", "HOME": str(tmp_path)},
    )
    assert done.stderr.splitlines()[-1] == "0"
    assert list(tmp_path.iterdir()) == []
