"""What `byteplus image gen` sends for each model, and what it refuses before anything is sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import clips
from conftest import Shell
from pictures import content, item, sent, streamed, whole
from service import ScriptedService

PRO = "dola-seedream-5-0-pro-260628"
FLASH = "dola-seedream-5-0-flash-260915"
LITE = "seedream-5-0-260128"
FOUR_FIVE = "seedream-4-5-251128"
FOUR = "seedream-4-0-250828"
SET: dict[str, Any] = {
    "sequential_image_generation": "auto",
    "sequential_image_generation_options": {"max_images": 4},
}


@pytest.mark.parametrize(
    ("options", "body"),
    [
        ("", {"model": FOUR, "size": "2K", "stream": True}),
        ("-m seedream-4.0 --count 4", {"model": FOUR, "size": "2K", "stream": True, **SET}),
        ("-m seedream-4.5 --size 4k", {"model": FOUR_FIVE, "size": "4K", "stream": True}),
        ("-m seedream-5.0-lite --size 3K", {"model": LITE, "size": "3K", "stream": True}),
        ("-m seedream-5-0-lite-260128", {"model": LITE, "size": "2K", "stream": True}),
        ("-m seedream-5.0-lite --web-search", {"tools": [{"type": "web_search"}]}),
        ("-m seedream-5.0-pro", {"model": PRO, "size": "2K"}),
        ("-m seedream-5.0-pro --size 1.5k -r 16:9", {"size": "2048x1152"}),
        ("-m seedream-5.0-pro --format png", {"output_format": "png"}),
        (
            "-m seedream-5.0-pro --optimize-prompt fast",
            {"optimize_prompt_options": {"mode": "fast"}},
        ),
        ("-m seedream-5.0-flash --seed 7", {"model": FLASH, "size": "2K", "seed": 7}),
        ("-r 16:9", {"size": "2848x1600"}),
        ("-r 9:16", {"size": "1600x2848"}),
        ("--size 1000X2000", {"size": "1000x2000"}),
        ("--no-stream", {"model": FOUR, "size": "2K"}),
        ("--watermark", {"watermark": True}),
        ("--extra 'new={\"a\": 1}'", {"new": {"a": 1}}),
        ("-m ep-20261120-abcde --size 2K", {"model": "ep-20261120-abcde", "size": "2K"}),
        ("-m seedream-9-0-270101", {"model": "seedream-9-0-270101"}),
    ],
)
def test_the_body_holds_what_the_model_knows(
    scripted: Shell, service: ScriptedService, options: str, body: dict[str, Any]
) -> None:
    service.on("POST", whole(item(service, 1)))
    done = scripted(f'image gen "a fox" {options}')
    assert done.code == 0, done.stderr
    found = sent(service)
    assert {**found, **body} == found
    assert found["prompt"] == "a fox"
    assert found["watermark"] is ("--watermark" in options)
    # A field that a model does not know would be refused, or worse, billed.
    known = {"model", "prompt", "size", "watermark", *body}
    assert found.keys() - known <= {"stream"}
    if "5.0-pro" in options or "5.0-flash" in options or "ep-" in options:
        assert "stream" not in found


def test_inputs_are_sent_as_one_or_as_several(scripted: Shell, service: ScriptedService) -> None:
    Path("cup.jpg").write_bytes(content(1))
    service.on("POST", streamed(item(service, 2)))
    scripted("image gen cup -i cup.jpg")
    assert sent(service)["image"].startswith("data:image/jpeg;base64,")
    service.asked.clear()
    scripted("image gen cup -i cup.jpg -i https://example.com/room.png?sign=x")
    first, second = sent(service)["image"]
    assert first.startswith("data:image/jpeg;base64,")
    assert second == "https://example.com/room.png?sign=x"


def test_the_ledger_holds_neither_pictures_nor_what_signs_links(
    scripted: Shell, service: ScriptedService
) -> None:
    Path("cup.jpg").write_bytes(content(1))
    service.on("POST", streamed(item(service, 2)))
    scripted("image gen cup -i cup.jpg -i https://example.com/room.png?sign=secret-part")
    state = Path(scripted.env["BYTEPLUS_STATE_DIR"])
    kept = b"".join(path.read_bytes() for path in state.glob("ledger.db*"))
    assert b"base64" not in kept
    assert b"secret-part" not in kept


def test_transparent_and_layers_say_what_they_need(
    scripted: Shell, service: ScriptedService
) -> None:
    Path("cut.png").write_bytes(content(1, codec="png", pixels="rgba"))
    Path("big.png").write_bytes(clips.picture(800, 600, codec="png"))
    service.on("POST", whole(item(service, 2)))
    scripted("image gen 'a hat on it' --transparent -i cut.png -m seedream-5.0-pro")
    body = sent(service)
    assert (body["background"], body["output_format"]) == ("transparent", "png")
    service.asked.clear()
    scripted("image gen --layers -i big.png -m seedream-5.0-pro")
    body = sent(service)
    assert body["layer_decomposition"] is True
    assert "prompt" not in body


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "no prompt"),
        ("''", "no prompt"),
        ("fox -m seedance-2.0", "byteplus video create"),
        ("fox -m seedream-9", "unknown image model"),
        ("fox --size 3K", "--size 2K"),
        ("fox --size 100x100", "921,600 to 16,777,216"),
        ("fox --size 9000x9000", "--size 4096x4096"),
        ("fox --size 6000x200", "16 times"),
        ("fox --size 2048x2048 -r 1:1", "cannot stand"),
        ("fox -r 5:4", "--ratio 4:3"),
        ("fox -m seedream-3.0 -r 16:9", "pixels only"),
        ("fox -m seedream-3.0 --size 100x700", "512 to 2048"),
        ("fox -m ep-1-a -r 16:9", "not known"),
        ("fox --count 0", "1 to 15"),
        ("fox --count 16", "--count 15"),
        ("fox --count 15 -i cup.jpg", "--count 14"),
        ("fox --count 2 -m seedream-5.0-pro", "does not take --count"),
        ("fox --stream -m seedream-5.0-flash", "does not take --stream"),
        ("fox --format png", "it makes jpeg"),
        ("fox --format gif -m seedream-5.0-pro", "jpeg or png"),
        ("fox --seed 7", "does not take --seed"),
        ("fox --seed -5 -m seedream-5.0-flash", "out of range"),
        ("fox --guidance-scale 3", "does not take --guidance-scale"),
        ("fox --guidance-scale 30 -m seedream-3.0", "1 to 10"),
        ("fox --optimize-prompt slow", "standard or fast"),
        ("fox --optimize-prompt fast -m seedream-4.5", "does not take --optimize-prompt fast"),
        ("fox --web-search", "does not take --web-search"),
        ("fox --transparent", "one --image"),
        ("fox --transparent -i cup.jpg -m seedream-5.0-pro", "has none"),
        ("fox --transparent -i cut.png", "does not take --transparent"),
        ("fox --transparent --format jpeg -i cut.png -m seedream-5.0-pro", "--format png"),
        ("--layers -m seedream-5.0-pro", "one --image"),
        ("--layers -i cup.jpg -m seedream-5.0-pro", "262,144"),
        ("--layers -i big.png -r 16:9 -m seedream-5.0-pro", "size class"),
        ("fox -i asset://boat-1", "asset is of no use"),
        ("fox -i nowhere.jpg", "no such file"),
        ("fox -i slim.png", "1:16"),
        ("fox -i dot.png", "at least 15"),
        ("fox -i cup.jpg -m seedream-3.0", "takes no --image"),
        (f"fox {'-i cup.jpg ' * 11} -m seedream-5.0-pro", "at most 10"),
        ("fox --extra prompt=x", "a prompt"),
        ("fox -o '{nope}.jpg'", "{nope}"),
        ("fox -o /dev/null", "not a plain file"),
        ("$'a\\x1bb'", "control character"),
    ],
)
def test_what_cannot_work_is_refused_with_nothing_sent(
    scripted: Shell, service: ScriptedService, line: str, said: str
) -> None:
    Path("cup.jpg").write_bytes(content(1))
    Path("cut.png").write_bytes(content(1, codec="png", pixels="rgba"))
    Path("big.png").write_bytes(clips.picture(800, 600, codec="png"))
    Path("slim.png").write_bytes(clips.picture(20, 400, codec="png"))
    Path("dot.png").write_bytes(clips.picture(10, 100, codec="png"))
    line = line.replace("$'a\\x1bb'", "'a\x1bb'")
    done = scripted(f"image gen {line} --json")
    assert done.code == 2, done
    assert said in done.stderr
    assert "hint: " in done.stderr
    assert done.stderr.count("error:") == 1
    assert service.asked == []


@pytest.mark.parametrize(
    ("options", "low", "high"),
    [
        ("", "0.030", "0.030"),
        ("-m seedream-4.5", "0.040", "0.040"),
        ("-m seedream-5.0-lite --count 3", "0.035", "0.105"),
        ("-m seedream-5.0-flash", "0.018", "0.018"),
        ("-m seedream-5.0-pro --size 1K", "0.045", "0.045"),
        ("-m seedream-5.0-pro --size 2K", "0.090", "0.090"),
        ("-m seedream-5.0-pro --size 1600x1600", "0.045", "0.045"),
        ("-m seedream-5.0-pro -i a.jpg -i a.jpg -i a.jpg", "0.096", "0.096"),
        ("-m seedream-5.0-pro --layers -i big.png", "0.045", "0.765"),
        ("-m seedream-3.0", None, None),
        ("-m ep-1-a", None, None),
        ("--extra 'size=\"4K\"'", None, None),
    ],
)
def test_the_price_stands_before_the_request(
    byteplus: Shell, options: str, low: str | None, high: str | None
) -> None:
    Path("a.jpg").write_bytes(content(1))
    Path("big.png").write_bytes(clips.picture(800, 600, codec="png"))
    done = byteplus(f"image gen fox {options} --dry-run --json")
    assert done.code == 0, done.stderr
    assert (done.json["estimate"]["usd_low"], done.json["estimate"]["usd_high"]) == (low, high)


def test_a_dry_run_names_the_files_and_needs_no_key(byteplus: Shell) -> None:
    done = byteplus("image gen 'a fox' --count 3 -o out/ --dry-run --json")
    assert done.json["files"] == [f"out/a-fox-{{id8}}-{n}.jpg" for n in (1, 2, 3)]
    assert not Path(byteplus.env["BYTEPLUS_STATE_DIR"]).exists()


def test_as_curl_can_be_pasted(byteplus: Shell) -> None:
    done = byteplus("image gen fox --as curl")
    assert done.stdout.startswith("curl https://ark.ap-southeast.bytepluses.com/api/v3/images/gen")
    assert "$ARK_API_KEY" in done.stdout


@pytest.mark.parametrize(("limit", "code"), [("0.08", 13), ("0.09", 0)])
def test_a_set_is_held_to_the_most_it_may_cost(
    scripted: Shell, service: ScriptedService, limit: str, code: int
) -> None:
    service.on("POST", streamed(item(service, 1)))
    done = scripted(f"image gen fox --count 3 --max-cost {limit}")
    assert done.code == code
    assert len(service.asked_by("POST")) == (code == 0)


def test_the_profile_has_defaults_and_options_go_before_them(
    scripted: Shell, service: ScriptedService
) -> None:
    for setting in ("model seedream-4.5", "size 4K", "ratio 16:9", "watermark true"):
        assert scripted(f"config set image.{setting}").code == 0
    service.on("POST", streamed(item(service, 1)))
    scripted("image gen fox")
    assert sent(service)["model"] == FOUR_FIVE
    assert (sent(service)["size"], sent(service)["watermark"]) == ("5504x3040", True)
    service.asked.clear()
    scripted("image gen fox --size 2048x2048 --no-watermark")
    assert (sent(service)["size"], sent(service)["watermark"]) == ("2048x2048", False)
    service.asked.clear()
    wrong = scripted("image gen fox -m seedream-5.0-pro")
    assert wrong.code == 2
    assert "image.size comes from profile default" in wrong.stderr


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("image.model seedream-9", "unknown image model"),
        ("image.size 9K", "1K"),
        ("image.ratio 5:7", "16:9"),
        ("image.format gif", "jpeg or png"),
    ],
)
def test_a_default_that_no_run_could_use_is_refused(byteplus: Shell, line: str, said: str) -> None:
    done = byteplus(f"config set {line}")
    assert done.code == 2
    assert said in done.stderr
