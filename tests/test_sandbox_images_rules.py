"""What the sandbox refuses of a request for pictures, and what it takes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import clips
from offline import (
    FAST,
    IMAGES,
    SEEDREAM,
    SEEDREAM_4_5,
    SEEDREAM_FLASH,
    SEEDREAM_LITE,
    SEEDREAM_PRO,
    Offline,
    group,
    inline,
    offline,
    sent,
)

AUTO = {"sequential_image_generation": "auto"}
TRANSPARENT = {"background": "transparent", "output_format": "png", "model": SEEDREAM_PRO}
LAYERS = {"layer_decomposition": True, "model": SEEDREAM_PRO}
WEB = "https://x.example/a.png"
# Large enough for layers to be separated.
LARGE = sent(width=512, height=512)


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Offline]:
    with offline(tmp_path_factory.mktemp("rules")) as started:
        yield started


@pytest.mark.parametrize(
    ("param", "fields"),
    [
        ("nonsense", {"nonsense": 1}),
        ("n", {"n": 2}),
        ("prompt", {"prompt": 1}),
        ("prompt", {"prompt": ["a fox"]}),
        ("prompt", {"prompt": "a fox [[skip:0]]"}),
        ("response_format", {"response_format": "png"}),
        ("response_format", {"response_format": ["url"]}),
        ("watermark", {"watermark": "false"}),
        ("watermark", {"watermark": 0}),
        ("stream", {"stream": "true"}),
        ("stream", {"stream": False, "model": SEEDREAM_PRO}),
        ("stream", {"stream": True, "model": SEEDREAM_FLASH}),
        ("output_format", {"output_format": "jpeg"}),
        ("output_format", {"output_format": "png", "model": SEEDREAM_4_5}),
        ("output_format", {"output_format": "webp", "model": SEEDREAM_LITE}),
        ("guidance_scale", {"guidance_scale": 2.5}),
        ("guidance_scale", {"guidance_scale": 2.5, "model": SEEDREAM_4_5}),
        ("guidance_scale", {"guidance_scale": 2.5, "model": SEEDREAM_LITE}),
        ("guidance_scale", {"guidance_scale": 2.5, "model": SEEDREAM_PRO}),
        ("guidance_scale", {"guidance_scale": 2.5, "model": SEEDREAM_FLASH}),
        ("seed", {"seed": 1}),
        ("seed", {"seed": 1, "model": SEEDREAM_LITE}),
        ("seed", {"seed": 1, "model": SEEDREAM_PRO}),
        ("seed", {"seed": -2, "model": SEEDREAM_FLASH}),
        ("seed", {"seed": 2**32, "model": SEEDREAM_FLASH}),
        ("seed", {"seed": 1.0, "model": SEEDREAM_FLASH}),
        ("negative_prompt", {"negative_prompt": "fog"}),
        ("optimize_prompt", {"optimize_prompt": True, "model": SEEDREAM_PRO}),
        ("tools", {"tools": [{"type": "web_search"}]}),
        ("tools", {"tools": [{"type": "web_search"}], "model": SEEDREAM_PRO}),
        ("tools", {"tools": [{"type": "shell"}], "model": SEEDREAM_LITE}),
        ("background", {"background": "opaque"}),
        ("background", {"background": "opaque", "model": SEEDREAM_LITE}),
        ("background", {"background": "none", "model": SEEDREAM_PRO}),
        ("layer_decomposition", {"layer_decomposition": False}),
        ("layer_decomposition", {"layer_decomposition": True, "model": SEEDREAM_LITE}),
        ("layer_decomposition", {"layer_decomposition": 1, "model": SEEDREAM_PRO}),
        ("optimize_prompt_options", {"optimize_prompt_options": "fast"}),
        ("optimize_prompt_options.mode", {"optimize_prompt_options": {"mode": "slow"}}),
        ("optimize_prompt_options.speed", {"optimize_prompt_options": {"speed": 1}}),
        ("optimize_prompt_options.thinking", {"optimize_prompt_options": {"thinking": "auto"}}),
        ("optimize_prompt_options.mode", {"optimize_prompt_options.mode": "fast"}),
        *(
            ("optimize_prompt_options.mode", {"optimize_prompt_options": {"mode": "fast"}} | other)
            for other in (
                {"model": SEEDREAM_FLASH},
                {"model": SEEDREAM_LITE},
                {"model": SEEDREAM_4_5},
            )
        ),
    ],
)
def test_a_wrong_field_is_refused_by_name(
    there: Offline, param: str, fields: dict[str, object]
) -> None:
    reply = there.ask(**fields)
    assert (reply.status, reply.code) == (400, "InvalidParameter")
    error = reply.json["error"]
    assert (error["param"], error["type"]) == (param, "BadRequest")
    assert error["message"]


OPTIONS = "sequential_image_generation_options"


@pytest.mark.parametrize(
    ("param", "fields"),
    [
        ("sequential_image_generation", {"sequential_image_generation": True}),
        ("sequential_image_generation", {**AUTO, "model": SEEDREAM_PRO}),
        (
            "sequential_image_generation",
            {"sequential_image_generation": "disabled", "model": SEEDREAM_FLASH},
        ),
        (OPTIONS, {OPTIONS: {}, "model": SEEDREAM_PRO}),
        (OPTIONS, {**AUTO, OPTIONS: 3}),
        (f"{OPTIONS}.count", {**AUTO, OPTIONS: {"count": 3}}),
        (f"{OPTIONS}.max_images", group(0)),
        (f"{OPTIONS}.max_images", group(16)),
        (f"{OPTIONS}.max_images", {**AUTO, OPTIONS: {"max_images": "3"}}),
        (f"{OPTIONS}.max_images", {OPTIONS: {"max_images": 3}}),
        (
            f"{OPTIONS}.max_images",
            {OPTIONS: {"max_images": 3}, "sequential_image_generation": "disabled"},
        ),
        (f"{OPTIONS}.max_images", {**group(15), "image": WEB}),
        (f"{OPTIONS}.max_images", {**group(2), "image": [WEB] * 14}),
    ],
)
def test_a_set_of_a_wrong_number_is_refused(
    there: Offline, param: str, fields: dict[str, object]
) -> None:
    reply = there.ask(**fields)
    assert (reply.status, reply.code) == (400, "InvalidParameter")
    assert reply.json["error"]["param"] == param


@pytest.mark.parametrize(
    "fields",
    [
        {"image": None, "seed": None, "guidance_scale": None, "nonsense": None},
        {"watermark": False, "stream": False, "response_format": "url"},
        {"optimize_prompt_options": {"mode": "fast", "thinking": None}},
        {"optimize_prompt_options": {"mode": "fast"}, "model": SEEDREAM_PRO},
        {"optimize_prompt_options": {"mode": "standard"}, "model": SEEDREAM_FLASH},
        {"optimize_prompt_options": {}},
        {"model": SEEDREAM_LITE, "output_format": "png", "tools": [{"type": "web_search"}]},
        {"model": SEEDREAM_FLASH, "seed": 2**32 - 1, "negative_prompt": "fog"},
        {"model": SEEDREAM_FLASH, "seed": -1, "optimize_prompt": False},
        {"model": SEEDREAM_PRO, "background": "opaque", "output_format": "jpeg"},
        {**group(1), "image": [WEB] * 14},
        {**AUTO, OPTIONS: {"max_images": None}},
        {"model": "seedream-5-0-lite-260128", "size": "3K"},
        {"model": "seedream-4-0-20260415", "size": "1K"},
    ],
)
def test_right_fields_are_taken(there: Offline, fields: dict[str, object]) -> None:
    reply = there.ask(**fields)
    assert reply.status == 200, reply.content


@pytest.mark.parametrize(
    ("model", "size"),
    [
        (SEEDREAM, "3K"),
        (SEEDREAM, "1.5K"),
        (SEEDREAM, "2k"),
        (SEEDREAM, "auto"),
        (SEEDREAM, "2048"),
        (SEEDREAM, "2048X2048"),
        (SEEDREAM, "2048*2048"),
        (SEEDREAM, " 2048x2048"),
        (SEEDREAM, "02048x2048"),
        (SEEDREAM, "2048x-2048"),
        (SEEDREAM, "٢٠٤٨x2048"),
        (SEEDREAM, ""),
        (SEEDREAM, 2048),
        (SEEDREAM, ["2K"]),
        (SEEDREAM, "959x960"),
        (SEEDREAM, "4097x4096"),
        (SEEDREAM, "400x6401"),
        (SEEDREAM, "6401x400"),
        (SEEDREAM_4_5, "1K"),
        (SEEDREAM_4_5, "3K"),
        (SEEDREAM_4_5, "1919x1920"),
        (SEEDREAM_LITE, "1K"),
        (SEEDREAM_LITE, "1919x1920"),
        (SEEDREAM_PRO, "3K"),
        (SEEDREAM_PRO, "4K"),
        (SEEDREAM_PRO, "auto"),
        (SEEDREAM_PRO, "959x960"),
        (SEEDREAM_PRO, "2312x2001"),
        (SEEDREAM_FLASH, "4K"),
    ],
)
def test_a_size_that_a_model_does_not_make_is_refused(
    there: Offline, model: str, size: object
) -> None:
    reply = there.ask(model=model, size=size)
    assert (reply.status, reply.code) == (400, "InvalidParameter")
    assert reply.json["error"]["param"] == "size"


@pytest.mark.parametrize(
    ("model", "size", "made"),
    [
        (SEEDREAM, None, "2048x2048"),
        (SEEDREAM, "1K", "1024x1024"),
        (SEEDREAM, "4K", "4096x4096"),
        (SEEDREAM, "960x960", "960x960"),
        (SEEDREAM, "400x6400", "400x6400"),
        (SEEDREAM, "16384x1024", "16384x1024"),
        (SEEDREAM_4_5, None, "2048x2048"),
        (SEEDREAM_4_5, "1920x1920", "1920x1920"),
        (SEEDREAM_LITE, "3K", "3072x3072"),
        (SEEDREAM_LITE, "1920x1920", "1920x1920"),
        (SEEDREAM_PRO, None, "2048x2048"),
        (SEEDREAM_PRO, "1.5K", "1536x1536"),
        (SEEDREAM_PRO, "2312x2000", "2312x2000"),
        (SEEDREAM_FLASH, "1K", "1024x1024"),
    ],
)
def test_a_size_is_what_was_asked_for(
    there: Offline, model: str, size: str | None, made: str
) -> None:
    assert there.drawn(model=model, size=size)["data"][0]["size"] == made


@pytest.mark.parametrize(
    ("model", "size", "sides", "made"),
    [
        (SEEDREAM, "1K", (640, 360), "1280x720"),
        (SEEDREAM_PRO, "1K", (640, 360), "1424x800"),
        (SEEDREAM_PRO, None, (360, 640), "1584x2816"),
        (SEEDREAM, "2K", (400, 300), "2304x1728"),
        (SEEDREAM, "2K", (300, 450), "1664x2496"),
        (SEEDREAM_LITE, "3K", (200, 200), "3072x3072"),
        (SEEDREAM, "4K", (1000, 100), "6240x2656"),
        (SEEDREAM, None, (640, 360), "2048x2048"),
    ],
)
def test_a_class_takes_the_shape_nearest_to_the_first_picture(
    there: Offline, model: str, size: str | None, sides: tuple[int, int], made: str
) -> None:
    first = sent(width=sides[0], height=sides[1])
    answer = there.drawn(model=model, size=size, image=[first, sent(width=100, height=100)])
    assert answer["data"][0]["size"] == made


def test_a_shape_that_cannot_be_known_is_square(there: Offline) -> None:
    answer = there.drawn(size="2K", image=[WEB, sent(width=640, height=360)])
    assert answer["data"][0]["size"] == "2048x2048"


@pytest.mark.parametrize(
    ("model", "code"),
    [
        ("seedream-3-0-t2i-250415", "ModelNotOpen"),
        ("seededit-3-0-i2i-250628", "ModelNotOpen"),
        ("seedream-4-0", "InvalidEndpointOrModel.NotFound"),
        ("SEEDREAM-4-0-250828", "InvalidEndpointOrModel.NotFound"),
        ("ep-../x", "InvalidEndpointOrModel.NotFound"),
        (FAST, "UnsupportedModel"),
    ],
)
def test_a_model_that_is_not_there_is_a_404(there: Offline, model: str, code: str) -> None:
    reply = there.ask(model=model)
    assert (reply.status, reply.code) == (404, code)


def test_an_image_model_makes_no_clip(there: Offline) -> None:
    reply = there.post(model=SEEDREAM)
    assert (reply.status, reply.code) == (404, "UnsupportedModel")


@pytest.mark.parametrize(
    ("param", "body"),
    [
        ("model", {"prompt": "a fox"}),
        ("prompt", {"model": SEEDREAM}),
        ("prompt", {"model": SEEDREAM, "prompt": None}),
        ("prompt", {"model": SEEDREAM, "prompt": " \n"}),
        ("prompt", {"model": SEEDREAM, "image": WEB}),
        ("prompt", {"model": SEEDREAM_PRO, "image": WEB, "layer_decomposition": False}),
    ],
)
def test_what_is_missing_is_named(there: Offline, param: str, body: dict[str, object]) -> None:
    reply = there.call("POST", IMAGES, body)
    assert (reply.status, reply.code) == (400, "MissingParameter")
    assert reply.json["error"]["param"] == param


@pytest.mark.parametrize(
    ("param", "fields"),
    [
        ("image", {"image": []}),
        ("image", {"image": 1}),
        ("image", {"image": {"url": WEB}}),
        ("image[1]", {"image": [WEB, None]}),
        ("image", {"image": [WEB] * 15}),
        ("image", {"image": [WEB] * 11, "model": SEEDREAM_PRO}),
        ("image", {"image": [WEB] * 11, "model": SEEDREAM_FLASH}),
        ("image", {"image": "asset://boat-1"}),
        ("image[0]", {"image": ["ftp://x.example/a.png"]}),
        ("image", {"image": "boat.jpg"}),
        ("image", {"image": sent(width=14, height=100)}),
        ("image", {"image": sent(width=15, height=13)}),
        ("image", {"image": sent(width=20, height=321)}),
        ("image", {"image": sent(width=321, height=20)}),
    ],
)
def test_a_picture_that_is_not_taken_is_refused_by_its_place(
    there: Offline, param: str, fields: dict[str, object]
) -> None:
    reply = there.ask(**fields)
    assert (reply.status, reply.code) == (400, "InvalidParameter")
    assert reply.json["error"]["param"] == param


@pytest.mark.parametrize(
    "fields",
    [
        {"image": WEB},
        {"image": "http://x.example/a.png?sign=1"},
        {"image": [WEB] * 14},
        {"image": [WEB] * 10, "model": SEEDREAM_PRO},
        {"image": sent(width=15, height=15)},
        {"image": sent(width=320, height=20)},
        {"image": [sent("png"), inline("image/bmp", clips.picture(codec="bmp", pixels="bgr24"))]},
        {"image": inline("image/tiff", clips.picture(codec="tiff"))},
        {"image": inline("image/heic", b"\0\0\0\x18ftypheic" + bytes(100))},
    ],
)
def test_a_picture_that_is_taken(there: Offline, fields: dict[str, object]) -> None:
    reply = there.ask(**fields)
    assert reply.status == 200, reply.content


def test_a_picture_may_be_large_but_not_larger(there: Offline) -> None:
    assert there.ask(image=sent(width=6000, height=6000)).status == 200
    assert there.ask(image=sent(width=6001, height=6000)).status == 400
    heavy = clips.picture() + bytes(30 * 1024 * 1024 - len(clips.picture()))
    assert there.ask(image=inline("image/jpeg", heavy[:-1])).status == 200
    reply = there.ask(image=inline("image/jpeg", heavy))
    assert "smaller than 30 MB" in reply.json["error"]["message"]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        (inline("image/JPEG", clips.picture()), "InvalidFormat"),
        (inline("image/png", b"not a picture"), "InvalidFormat"),
        (inline("image/png", b"\x89PNG\r\n\x1a\n and no more"), "InvalidFormat"),
        (inline("video/mp4", b"x"), "InvalidFormat"),
        (inline("audio/wav", b"RIFF\x24\0\0\0WAVEfmt "), "InvalidFormat"),
        ("data:image/png;base64,%%%", "InvalidFormat"),
        ("data:image/png,abc", "InvalidFormat"),
        ("data:image/png;base64,", "EmptyURL"),
        ("", "EmptyURL"),
    ],
)
def test_a_picture_that_is_none_is_refused(there: Offline, url: str, code: str) -> None:
    for given in (url, [WEB, url]):
        reply = there.ask(image=given)
        assert (reply.status, reply.code) == (400, f"InvalidImageURL.{code}")


@pytest.mark.parametrize(
    ("param", "fields"),
    [
        ("image", TRANSPARENT),
        ("image", {**TRANSPARENT, "image": sent()}),
        ("image", {**TRANSPARENT, "image": sent("png")}),
        ("image", {**TRANSPARENT, "image": [sent("png", pixels="rgba"), WEB]}),
        (
            "output_format",
            {**TRANSPARENT, "image": sent("png", pixels="rgba"), "output_format": "jpeg"},
        ),
        (
            "output_format",
            {**TRANSPARENT, "image": sent("png", pixels="rgba"), "output_format": None},
        ),
        ("image", LAYERS),
        ("image", {**LAYERS, "image": [LARGE, LARGE]}),
        ("image", {**LAYERS, "image": sent(width=512, height=511)}),
        (
            "image",
            {**LAYERS, "image": sent("bmp", width=512, height=512, pixels="bgr24")},
        ),
        ("size", {**LAYERS, "image": LARGE, "size": "1024x1024"}),
        ("size", {**LAYERS, "image": LARGE, "size": "4K"}),
    ],
)
def test_what_a_background_or_layers_may_not_have_is_refused(
    there: Offline, param: str, fields: dict[str, object]
) -> None:
    reply = there.ask(**fields)
    assert (reply.status, reply.code) == (400, "InvalidParameter")
    assert reply.json["error"]["param"] == param


@pytest.mark.parametrize(
    "fields",
    [
        {**TRANSPARENT, "image": sent("png", pixels="rgba")},
        {**TRANSPARENT, "image": [WEB]},
        {**LAYERS, "image": LARGE},
        {**LAYERS, "image": [sent("png", width=512, height=512)], "size": "auto"},
        {**LAYERS, "image": WEB, "size": "1.5K", "model": SEEDREAM_FLASH},
    ],
)
def test_what_a_background_or_layers_may_have_is_taken(
    there: Offline, fields: dict[str, object]
) -> None:
    reply = there.ask(**fields)
    assert reply.status == 200, reply.content


def test_a_transparent_picture_of_the_sandbox_is_known_to_be_one(there: Offline) -> None:
    first = there.drawn(**TRANSPARENT, image=sent("png", pixels="rgba"))["data"][0]["url"]
    there.drawn(**TRANSPARENT, image=first)
    assert there.ask(**TRANSPARENT, image=there.drawn()["data"][0]["url"]).status == 400
