"""`byteplus models`: what is told of each model, and that it is told without key or network."""

from __future__ import annotations

import re
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

[image."atelier-9-990101"]
names = ["atelier"]
state = "retiring"
retired_on = 2099-06-01
replacement = "seedream-4-0-250828"
can = ["set"]
size = "640x640"
inputs = 1
set_total = 4
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
PICTURE_CARD = """\
id               dola-seedream-5-0-pro-260628
names            seedream-5.0-pro
state            current
takes            text, up to 10 pictures
does             layers, transparent
optimize prompt  standard, fast
sizes            1K, 1.5K, 2K, WxH; default 2K
WxH              921,600 to 4,624,220 pixels
formats          jpeg, png
limits           500 images a minute
known from       REV265 (2026-10-08)
price list       PRICE, REV265 (2026-09-30)

       1K         1.5K       2K
1:1    1024x1024  1536x1536  2048x2048
4:3    1152x864   1792x1344  2368x1776
3:4    864x1152   1344x1792  1776x2368
16:9   1424x800   2048x1152  2816x1584
9:16   800x1424   1152x2048  1584x2816
3:2    1248x832   1872x1248  2496x1664
2:3    832x1248   1248x1872  1664x2496
21:9   1568x672   2352x1008  3136x1344
9:21   672x1568   1008x2352  1344x3136
price  $0.045     $0.045     $0.090

USD PER PICTURE  FOR
0.045            up to 2,610,000 pixels
0.09             everything larger
0.003            each picture that goes in, after 1 free
x 0.5            a layer
"""
PICTURE_ROWS = [
    "MODEL               SIZES       PRICE OF ONE  INPUTS  CAN",
    "seedream-5.0-pro    1K 1.5K 2K  $0.045-0.090  10      transparent layers fast",
    "seedream-5.0-flash  1K 1.5K 2K  $0.018        10      transparent layers",
    "seedream-5.0-lite   2K 3K 4K    $0.035        14      sets stream web",
    "seedream-4.5        2K 4K       $0.040        14      sets stream",
    "seedream-4.0        1K 2K 4K    $0.030        14      sets stream fast",
    "",
    "LEAVING       USE INSTEAD  STATE",
    "seedream-3.0  -            retired 2026-05-13",
    "seededit-3.0  -            retired",
]


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
    leaving = next(i for i, row in enumerate(done.lines) if row.startswith("LEAVING "))
    assert not any("seedance-1.5-pro" in row for row in done.lines[:leaving])
    assert done.lines[leaving + 1].split() == [
        *("seedance-1.5-pro", "seedance-2.0-mini", "retired", "2026-11-11"),
    ]
    assert "list prices of 2026-09-30, clips in 16:9" in done.stderr


def test_the_list_has_image_models_in_a_table_of_their_own(byteplus: Shell) -> None:
    heads = [row.split() for row in byteplus("models list").lines if row.startswith("MODEL ")]
    assert heads == [
        ["MODEL", "UP", "TO", "SECONDS", "PRICE", "OF", "5", "S", "CAN"],
        ["MODEL", "SIZES", "PRICE", "OF", "ONE", "INPUTS", "CAN"],
    ]


def test_the_list_can_be_of_one_kind(byteplus: Shell) -> None:
    images = byteplus("models list --kind image")
    assert images.lines == PICTURE_ROWS
    assert images.stderr == "list prices of 2026-09-30; byteplus models show MODEL says more\n"
    videos = byteplus("models list --kind video")
    assert "seedance-2.5 " in videos.stdout
    assert "seedream" not in videos.stdout
    items = byteplus("models list --kind video --json").json["items"]
    assert {i["kind"] for i in items} == {"video"}


def test_a_kind_that_there_is_not_is_refused(byteplus: Shell) -> None:
    done = byteplus("models list --kind audio")
    assert (done.code, done.stdout) == (2, "")
    assert "'video', 'image'" in done.stderr


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_list_fits_the_terminal_with_nothing_cut(byteplus: Shell, width: int) -> None:
    rows = byteplus("models list", env={"COLUMNS": str(width)}).lines
    assert max(map(len, rows)) <= width
    assert not any("…" in row for row in rows)
    assert any(row.endswith("transparent layers fast") for row in rows)


def test_names_and_replacements_stay_whole_on_the_narrowest_terminal(byteplus: Shell) -> None:
    said = byteplus("models list", env={"COLUMNS": "20"}).stdout
    assert "seedance-1.0-pro-fast " in said
    assert "seedance-2.0-mini " in said


@pytest.mark.parametrize("name", ["seedance-1.5-pro", "Seedance-1-5-Pro-251215"])
def test_a_card_tells_all_that_is_known(byteplus: Shell, name: str) -> None:
    done = byteplus(f"models show {name}")
    assert (done.code, done.stdout, done.stderr) == (0, CARD, "")


@pytest.mark.parametrize("name", ["seedream-5.0-pro", "DOLA-seedream-5-0-pro"])
def test_a_card_of_an_image_model_tells_all_that_is_known(byteplus: Shell, name: str) -> None:
    done = byteplus(f"models show {name}")
    assert (done.code, done.stdout, done.stderr) == (0, PICTURE_CARD, "")


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
        ("seedream-5-0-lite-260128", "id               seedream-5-0-260128"),
        (
            "seedream-5.0-lite",
            "names            seedream-5.0-lite, seedream-5-0-lite-260128",
        ),
        ("seedream-5.0-lite", "does             stream, web search"),
        (
            "seedream-5.0-lite",
            "sets             up to 15 pictures, counting those that go in",
        ),
        ("seedream-4.5", "optimize prompt  standard"),
        ("seedream-4.5", "formats          jpeg"),
        ("seedream-4.0", "sizes            1K, 2K, 4K, WxH; default 2K"),
        ("seedream-4.0", "16:9   1280x720   2848x1600  5504x3040"),
        ("seedream-4.0", "0.03             everything"),
        ("seedream-3.0", "sizes       WxH; default 1024x1024"),
        ("seedream-3.0", "WxH         262,144 to 4,194,304 pixels, each side 512 to 2048"),
        ("seededit-3.0", "takes       1 picture"),
    ],
)
def test_a_card_says_what_sets_a_model_apart(byteplus: Shell, name: str, row: str) -> None:
    assert row in byteplus(f"models show {name}").lines


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("seedream-3.0", {"limits", "sets", "price list", "16:9", "USD PER PICTURE"}),
        ("seededit-3.0", {"limits", "sets", "sizes", "WxH", "16:9", "price"}),
    ],
)
def test_a_card_leaves_out_what_no_source_says(byteplus: Shell, name: str, rows: set[str]) -> None:
    told = {row.split("  ")[0] for row in byteplus(f"models show {name}").lines}
    assert {"id", "known from"} <= told
    assert not rows & told


@pytest.mark.parametrize("id", CATALOGUE.models)
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
    done = byteplus("models show seedream-4.1")
    assert done.stderr.startswith("error: unknown model: seedream-4.1\nhint: did you mean seedream")


def test_a_command_about_clips_sends_an_image_model_to_its_own_command(byteplus: Shell) -> None:
    done = byteplus("video create fox --model seedream-4.0 --dry-run")
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr == (
        "error: seedream-4.0 makes pictures, not clips\n"
        "hint: byteplus image gen --model seedream-4.0\n"
    )


def test_the_json_of_the_list_has_every_model_in_the_order_of_the_table(byteplus: Shell) -> None:
    document = byteplus("models list --json").json
    assert document["schema"] == "byteplus.models/1"
    kinds = {i["id"]: i["kind"] for i in document["items"]}
    assert kinds == {
        **dict.fromkeys(CATALOGUE.videos, "video"),
        **dict.fromkeys(CATALOGUE.images, "image"),
        **dict.fromkeys(("omnihuman-1.5", "omnihuman-1.0"), "avatar"),
    }
    states = [i["state"] for i in document["items"]]
    assert states == sorted(states)


@pytest.mark.parametrize("id", ["seedance-1-5-pro-251215", "seedream-5-0-260128"])
def test_the_json_of_a_model_is_its_item_of_the_list(byteplus: Shell, id: str) -> None:
    shown = byteplus(f"models show {id} --json").json
    assert shown.pop("schema") == "byteplus.model/1"
    assert shown == item(byteplus, id)


def test_avatars_are_listed_and_shown_with_the_price_of_a_second(byteplus: Shell) -> None:
    listed = byteplus("models list --kind avatar").stdout
    assert re.search(r"omnihuman-1\.5 +under 60 s +\$0\.12 +masks prompt", listed)
    assert "seedance" not in listed
    shown = byteplus("models show omnihuman-1.5 --json").json
    assert (shown["kind"], shown["usd_per_second"]) == ("avatar", "0.12")
    assert "$0.12 a second" in byteplus("models show omnihuman-1.5").stdout


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


def test_the_json_of_an_image_model_is_in_the_words_of_models_toml(byteplus: Shell) -> None:
    shown = byteplus("models show seedream-5.0-pro --json").json
    sizes = shown.pop("sizes")
    assert list(sizes) == ["1K", "1.5K", "2K"]
    assert sizes["2K"]["9:16"] == [1584, 2816]
    assert shown == {
        "schema": "byteplus.model/1",
        "id": "dola-seedream-5-0-pro-260628",
        "kind": "image",
        "names": ["seedream-5.0-pro"],
        "state": "current",
        "retired_on": None,
        "replacement": None,
        "can": ["fast", "layers", "optimize_prompt", "text", "transparent"],
        "classes": ["1K", "1.5K", "2K"],
        "size": "2K",
        "ratios": ["1:1", "4:3", "3:4", "16:9", "9:16", "3:2", "2:3", "21:9", "9:21"],
        "pixels": [921600, 4624220],
        "sides": None,
        "formats": ["jpeg", "png"],
        "inputs": 10,
        "set_total": 0,
        "images_per_minute": 500,
        "prices": {
            "rows": [
                {"usd_per_image": "0.045", "most_pixels": 2610000},
                {"usd_per_image": "0.09", "most_pixels": None},
            ],
            "usd_per_input": "0.003",
            "free_inputs": 1,
            "layer_factor": "0.5",
            "source": "PRICE, REV265",
            "date": "2026-09-30",
        },
        "examples": [
            {"size": "1K", "ratio": "1:1", "usd": "0.045"},
            {"size": "1.5K", "ratio": "1:1", "usd": "0.045"},
            {"size": "2K", "ratio": "1:1", "usd": "0.090"},
        ],
        "source": "REV265",
        "date": "2026-10-08",
    }


def test_the_json_says_null_where_nothing_is_known(byteplus: Shell) -> None:
    lite = item(byteplus, "seedance-1-0-lite-t2v-250428")
    assert {lite["prices"], lite["replacement"], lite["usual_seconds"], lite["frames"]} == {None}
    assert {example["usd"] for example in lite["examples"]} == {None}
    edit = item(byteplus, "seededit-3-0-i2i-250628")
    assert {edit[key] for key in ("size", "pixels", "sides", "images_per_minute")} == {None}
    assert item(byteplus, "seedream-3-0-t2i-250415")["prices"] is None


def test_a_model_of_the_users_own_is_listed_and_shown(own: Shell) -> None:
    done = own("models list")
    row = next(row for row in done.lines if row.startswith("house "))
    assert row.split() == ["house", "720p", "2-12", "-", "flex"]
    assert "house                  seedance-2.0       retiring 2099-06-01" in done.lines
    assert own("models show house").lines[2:4] == [
        "state        retiring 2099-06-01",
        "use instead  seedance-2.0",
    ]


def test_an_image_model_of_the_users_own_is_listed_and_shown(own: Shell) -> None:
    lines = own("models list").lines
    row = next(row for row in lines if row.startswith("atelier "))
    assert row.split() == ["atelier", "640x640", "-", "1", "sets"]
    assert "atelier                seedream-4.0       retiring 2099-06-01" in lines
    card = own("models show atelier").lines
    assert "use instead  seedream-4.0" in card
    assert "takes        1 picture" in card
    assert "sets         up to 4 pictures, counting those that go in" in card


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


@pytest.mark.parametrize(
    "line", ["models --help", "models list", "models show seedance-2.5", "models show seedream-4.0"]
)
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
