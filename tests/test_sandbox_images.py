"""The pictures of the sandbox: answers, streams, files, and what a prompt scripts of them."""

from __future__ import annotations

import base64
import hashlib
import http.client
import io
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import av
import pytest
from byteplussdkarkruntime import Ark
from byteplussdkarkruntime._exceptions import ArkBadRequestError
from byteplussdkarkruntime.types.images import SequentialImageGenerationOptions

from byteplus_cli.sandbox.images.paint import draw
from byteplus_cli.sandbox.server import reset
from offline import (
    IMAGES,
    SEEDREAM,
    SEEDREAM_FLASH,
    SEEDREAM_LITE,
    SEEDREAM_PRO,
    START,
    TASKS,
    TWO,
    Offline,
    Reply,
    group,
    image,
    offline,
    sent,
)

DAY = 86_400
SMALL = {"size": "1024x1024"}


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Offline]:
    with offline(tmp_path / "sandbox") as started:
        yield started


@pytest.fixture
def ark(there: Offline) -> Iterator[Ark]:
    with Ark(base_url=there.sandbox.base_url, api_key="any-key", max_retries=0) as client:
        yield client


def seen(content: bytes) -> av.VideoFrame:
    with av.open(io.BytesIO(content)) as container:
        (frame,) = container.decode(video=0)
    return frame


def alphas(content: bytes) -> tuple[int, int]:
    """The least and the most that a PNG hides what is behind it."""
    frame = seen(content)
    assert frame.format.name == "rgba"
    hidden = bytes(frame.planes[0])[3::4]
    return min(hidden), max(hidden)


def link(there: Offline, prompt: str = "a fox", **fields: object) -> str:
    return str(there.drawn(prompt, **{**SMALL, **fields})["data"][0]["url"])


def streamed(there: Offline, prompt: str, count: int, **fields: object) -> Reply:
    """A set of small pictures as a stream, with no pauses."""
    return there.ask(f"{prompt} [[slow:0]]", stream=True, size="1K", **{**group(count), **fields})


def test_a_picture_is_a_jpeg_of_the_size_that_was_asked_for(there: Offline) -> None:
    answer = there.drawn(size="2304x1728")
    (entry,) = answer["data"]
    url = entry.pop("url")
    assert answer == {
        "model": SEEDREAM,
        "created": int(START),
        "data": [{"size": "2304x1728"}],
        "usage": {"generated_images": 1, "output_tokens": 15_552, "total_tokens": 15_552},
    }
    reply = there.call("GET", url)
    assert (reply.status, reply.headers["content-type"]) == (200, "image/jpeg")
    assert reply.content[:3] == b"\xff\xd8\xff"
    frame = seen(reply.content)
    assert (frame.width, frame.height) == (2304, 1728)


@pytest.mark.parametrize("model", [SEEDREAM_PRO, SEEDREAM_FLASH])
def test_newer_models_say_more_of_what_they_made(there: Offline, model: str) -> None:
    answer = there.drawn(model=model, size="1K", image=[sent(), sent()], output_format="png")
    assert answer["usage"] == {
        "generated_images": 1,
        "input_images": 2,
        "output_tokens": 1152 * 864 // 256,
        "total_tokens": 1152 * 864 // 256,
    }
    (entry,) = answer["data"]
    assert (entry["size"], entry["output_format"]) == ("1152x864", "png")
    reply = there.call("GET", entry["url"])
    assert reply.headers["content-type"] == "image/png"
    frame = seen(reply.content)
    assert (frame.width, frame.height, frame.format.name) == (1152, 864, "rgb24")


def test_a_set_has_as_many_pictures_as_it_may(there: Offline) -> None:
    assert len(there.drawn(**group(3))["data"]) == 3
    auto = {"sequential_image_generation": "auto"}
    assert len(there.drawn(**auto)["data"]) == 15
    assert len(there.drawn(**auto, image=[sent()] * 14)["data"]) == 1
    assert len(there.drawn(sequential_image_generation="disabled")["data"]) == 1


def test_pictures_differ_by_prompt_and_place_and_seed(there: Offline) -> None:
    links = [entry["url"] for entry in there.drawn(**SMALL, **group(2))["data"]]
    flash = {"model": SEEDREAM_FLASH, "size": "1024x1024"}
    links += [link(there, prompt, seed=seed, **flash) for prompt, seed in (("a", 1), ("a", 2))]
    links += [link(there, "b", seed=1, **flash)]
    made = [there.call("GET", url).content for url in links]
    assert len(set(made)) == 5
    again = there.call("GET", link(there, "a", seed=2, **flash)).content
    assert again == made[3]


def test_base64_is_the_picture_itself(there: Offline) -> None:
    (entry,) = there.drawn(response_format="b64_json", size="1232x768")["data"]
    assert set(entry) == {"b64_json", "size"}
    frame = seen(base64.b64decode(entry["b64_json"]))
    assert (frame.width, frame.height) == (1232, 768)


def test_a_transparent_background_can_be_seen_through(there: Offline) -> None:
    cut_out = sent("png", width=600, height=400, pixels="rgba")
    fields = {"model": SEEDREAM_PRO, "image": cut_out, "output_format": "png", "size": "1K"}
    (entry,) = there.drawn(**fields, background="transparent")["data"]
    assert entry["size"] == "1248x832"
    content = there.call("GET", entry["url"]).content
    assert alphas(content) == (0, 255)
    (opaque,) = there.drawn(**fields, background="opaque")["data"]
    assert seen(there.call("GET", opaque["url"]).content).format.name == "rgb24"


def test_layers_lie_within_their_base_and_can_be_seen_through(there: Offline) -> None:
    answer = there.drawn(
        None,
        model=SEEDREAM_PRO,
        image=sent(width=800, height=600),
        layer_decomposition=True,
        size="1K",
    )
    base, *layers = answer["data"]
    assert {name: base[name] for name in base if name != "url"} == {
        "size": "1152x864",
        "output_format": "png",
        "z_index": 0,
    }
    assert [layer["z_index"] for layer in layers] == [1, 2, 3]
    for layer in layers:
        assert layer["name"]
        assert layer["description"]
        left, top, right, bottom = layer["bounding_box"]["absolute"]
        assert layer["size"] == f"{right - left}x{bottom - top}"
        assert 0 <= left < right <= 1152
        assert 0 <= top < bottom <= 864
        spread = [
            value * 1000 / side
            for value, side in zip((left, top, right, bottom), (1152, 864) * 2, strict=True)
        ]
        assert layer["bounding_box"]["normalized"] == pytest.approx(spread, abs=2)
        content = there.call("GET", layer["url"]).content
        assert (seen(content).width, seen(content).height) == (right - left, bottom - top)
        assert alphas(content) == (0, 255)
    pixels = [
        int(width) * int(height)
        for width, height in (entry["size"].split("x") for entry in answer["data"])
    ]
    assert answer["usage"]["generated_images"] == 4
    assert answer["usage"]["output_tokens"] == round(sum(pixels) / 256)


def test_layers_of_automatic_size_keep_near_to_the_picture(there: Offline) -> None:
    fields = {"model": SEEDREAM_PRO, "layer_decomposition": True, "size": "auto"}
    for size, made in (((512, 512), "1024x1024"), ((2000, 1100), "2048x1152")):
        picture = sent(width=size[0], height=size[1])
        assert there.drawn(None, image=picture, **fields)["data"][0]["size"] == made
    away = there.drawn(None, image="https://x.example/a.png", **fields)
    assert away["data"][0]["size"] == "2048x2048"


def test_a_web_search_is_told_of(there: Offline) -> None:
    tools = [{"type": "web_search"}]
    answer = there.drawn(model=SEEDREAM_LITE, tools=tools)
    assert answer["tools"] == tools
    assert answer["usage"]["tool_usage"] == {"web_search": 0}


def test_a_stream_tells_of_each_picture_and_then_of_the_bill(there: Offline) -> None:
    reply = streamed(there, "a fox", 3)
    assert reply.headers["content-type"].startswith("text/event-stream")
    *pictures, completed, end = reply.events
    for index, (name, event) in enumerate(pictures):
        assert name == event["type"] == "image_generation.partial_succeeded"
        url = event.pop("url")
        assert event == {
            "type": name,
            "model": SEEDREAM,
            "created": int(START),
            "image_index": index,
            "size": "1024x1024",
        }
        assert seen(there.call("GET", url).content).width == 1024
    assert len(pictures) == 3
    assert completed == (
        "image_generation.completed",
        {
            "type": "image_generation.completed",
            "model": SEEDREAM,
            "created": int(START),
            "usage": {"generated_images": 3, "output_tokens": 12_288, "total_tokens": 12_288},
        },
    )
    assert end == ("", "[DONE]")


def test_a_stream_can_bring_the_pictures_themselves(there: Offline) -> None:
    reply = streamed(there, "a fox", 2, response_format="b64_json")
    events = [event for name, event in reply.events if name.endswith("partial_succeeded")]
    made = [base64.b64decode(event["b64_json"]) for event in events]
    assert [seen(content).width for content in made] == [1024, 1024]
    assert made[0] != made[1]
    assert not any("url" in event for event in events)


@pytest.mark.parametrize("script", ["", "[[slow:0.9]]"])
def test_the_pictures_of_a_stream_come_one_by_one(there: Offline, script: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(there.sandbox.base_url).netloc, timeout=20)
    body = {"model": SEEDREAM, "prompt": f"a fox {script}", "stream": True, **group(3)}
    connection.request("POST", IMAGES, json.dumps(body), {"authorization": "Bearer any-key"})
    lines = connection.getresponse()
    moments = [time.monotonic() for line in lines if line.startswith(b"event: image_generation.p")]
    connection.close()
    assert len(moments) == 3
    # Two pauses of 0.3 seconds; less, since a busy machine may be late to see the first.
    assert moments[2] - moments[0] > 0.3


def test_a_plain_answer_takes_as_long_as_scripted(there: Offline) -> None:
    before = time.monotonic()
    there.drawn("a fox [[slow:0.4]]")
    assert time.monotonic() - before > 0.4


@pytest.mark.parametrize("stream", [False, True])
def test_refuse_and_http_answer_in_place_of_pictures(there: Offline, stream: bool) -> None:
    refused = there.ask("[[refuse:InputTextSensitiveContentDetected]]", stream=stream)
    assert (refused.status, refused.code) == (400, "InputTextSensitiveContentDetected")
    failed = there.ask("[[http:503]]", stream=stream)
    assert (failed.status, failed.code) == (503, "InternalServiceError")
    busy = there.ask("[[http:429]]", stream=stream)
    assert (busy.status, busy.headers["retry-after"]) == (429, "1")


@pytest.mark.parametrize("stream", [False, True])
def test_lose_says_nothing(there: Offline, stream: bool) -> None:
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        there.ask("[[lose]]", stream=stream)


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("[[fail:InternalServiceError]]", "InternalServiceError"),
        ("[[fail:OutputImageSensitiveContentDetected]]", "OutputImageSensitiveContentDetected"),
        ("[[skip:1]]", "OutputImageSensitiveContentDetected"),
        ("[[stop:1]]", "InternalServiceError"),
    ],
)
def test_nothing_comes_out_and_yet_http_is_content(there: Offline, script: str, code: str) -> None:
    answer = there.drawn(script)
    assert answer["data"] == []
    assert answer["error"]["code"] == code
    assert answer["error"]["message"]
    assert "usage" not in answer
    error, end = streamed(there, script, 1).events
    assert (error[0], error[1]["error"]["code"], set(error[1])) == ("error", code, {"error"})
    assert end == ("", "[DONE]")


def test_make_makes_fewer_than_were_asked_for(there: Offline) -> None:
    answer = there.drawn("[[make:2]]", **group(4))
    assert len(answer["data"]) == answer["usage"]["generated_images"] == 2
    assert len(there.drawn("[[make:4]]")["data"]) == 1


def test_skip_leaves_one_picture_out(there: Offline) -> None:
    answer = there.drawn("[[skip:2]]", size="1K", **group(3))
    first, refused, last = answer["data"]
    assert set(refused) == {"error"}
    assert refused["error"]["code"] == "OutputImageSensitiveContentDetected"
    assert {there.call("GET", entry["url"]).status for entry in (first, last)} == {200}
    assert answer["usage"]["generated_images"] == 2
    assert answer["usage"]["output_tokens"] == 2 * 4096
    events = streamed(there, "[[skip:2]]", 3).events
    names = ["partial_succeeded", "partial_failed", "partial_succeeded", "completed"]
    assert [name.removeprefix("image_generation.") for name, _ in events[:-1]] == names
    failed = events[1][1]
    assert set(failed) == {"type", "model", "created", "image_index", "error"}
    assert (failed["image_index"], failed["error"]) == (1, refused["error"])
    assert events[3][1]["usage"] == answer["usage"]


def test_stop_ends_the_set_with_a_fault(there: Offline) -> None:
    answer = there.drawn("[[stop:2]]", size="1K", **group(4))
    assert [set(entry) for entry in answer["data"]] == [{"url", "size"}, {"error"}]
    assert answer["data"][1]["error"]["code"] == "InternalServiceError"
    assert answer["usage"]["generated_images"] == 1
    events = streamed(there, "[[stop:2]]", 4).events
    names = ["partial_succeeded", "partial_failed", "completed"]
    assert [name.removeprefix("image_generation.") for name, _ in events[:-1]] == names


def test_of_layers_all_fail_with_one(there: Offline) -> None:
    fields = {"model": SEEDREAM_PRO, "layer_decomposition": True, "size": "1K"}
    answer = there.drawn("[[skip:3]]", image=sent(width=800, height=600), **fields)
    assert answer["data"] == []
    assert answer["error"]["code"] == "OutputImageSensitiveContentDetected"


@pytest.mark.parametrize("response_format", ["url", "b64_json"])
def test_break_ends_a_stream_after_some_pictures(there: Offline, response_format: str) -> None:
    fields = {"response_format": response_format}
    with pytest.raises(http.client.IncompleteRead) as broken:
        streamed(there, "[[break:2]] [[skip:1]]", 4, **fields)
    events = Reply(200, {}, broken.value.partial).events
    names = ["partial_failed", "partial_succeeded", "partial_succeeded"]
    assert [name.removeprefix("image_generation.") for name, _ in events] == names
    assert streamed(there, "[[break:5]]", 4, **fields).events[-1] == ("", "[DONE]")


def test_break_ends_a_plain_answer_after_some_pictures(there: Offline) -> None:
    with pytest.raises(http.client.IncompleteRead) as broken:
        there.ask("[[break:2]]", **group(4))
    partial = broken.value.partial.decode()
    first, second = json.loads(partial + "]}")["data"]
    assert there.call("GET", first["url"]).status == there.call("GET", second["url"]).status == 200


def test_json_answers_a_stream_plainly(there: Offline) -> None:
    reply = streamed(there, "[[json]]", 2)
    assert reply.headers["content-type"] == "application/json"
    assert len(reply.json["data"]) == 2


def test_stale_links_are_dead_from_the_start(there: Offline) -> None:
    links = [entry["url"] for entry in there.drawn("[[stale]]", **group(2))["data"]]
    for url in links:
        gone = there.call("GET", url)
        assert gone.status == 403
        assert b"<Code>AccessDenied</Code>" in gone.content


def test_cut_breaks_the_first_download_of_the_first_picture_off(there: Offline) -> None:
    first, second = (entry["url"] for entry in there.drawn("[[cut]]", **group(2))["data"])
    assert there.call("GET", second).status == 200
    with pytest.raises(http.client.IncompleteRead) as cut:
        there.call("GET", first)
    whole = there.call("GET", first).content
    assert cut.value.partial == whole[: len(whole) // 2]


def test_a_picture_is_served_like_a_clip(there: Offline) -> None:
    url = link(there)
    whole = there.call("GET", url)
    assert whole.headers["etag"] == f'"{hashlib.md5(whole.content).hexdigest()}"'
    part = there.call("GET", url, range="bytes=100-", if_range=whole.headers["etag"])
    assert (part.status, part.content) == (206, whole.content[100:])
    assert there.call("GET", url, authorization="Bearer any-key").status == 400
    assert there.call("HEAD", url).status == 403
    for change in (("-0.jpeg", "-1.jpeg"), (".jpeg", ".png"), ("Signature=", "Signature=0")):
        assert there.call("GET", url.replace(*change)).status == 403


def test_a_link_to_a_picture_lives_for_a_day(there: Offline) -> None:
    url = link(there)
    there.now += DAY - 1
    assert there.call("GET", url).status == 200
    there.now += 1
    gone = there.call("GET", url)
    assert (gone.status, gone.headers["x-error-code"]) == (403, "AccessDenied")


def test_links_and_pictures_outlive_the_sandbox(there: Offline) -> None:
    fetched, other = link(there), link(there)
    before = there.call("GET", fetched).content
    there.sandbox.stop()
    there.start()
    assert there.call("GET", fetched).content == before
    assert there.call("GET", other).status == 200


def used(there: Offline) -> None:
    """Leaves a clip and a picture behind, with what is counted of their downloads."""
    clip = there.finished("[[cut]]", resolution="480p", duration=2)["content"]["video_url"]
    for url in (clip, link(there, "[[cut]]")):
        with pytest.raises(http.client.IncompleteRead):
            there.call("GET", url)
    assert there.records == {"tasks": 1, "picture_groups": 1, "counts": 2}
    assert len(list(there.state.glob("files/*"))) == 2


def test_a_start_drops_what_nobody_can_see_any_more(there: Offline) -> None:
    used(there)
    there.sandbox.stop()
    there.now = time.time() + 8 * DAY
    there.start()
    assert there.records == {}
    assert list(there.state.glob("files/*")) == []


def test_a_start_keeps_what_a_link_still_leads_to(there: Offline) -> None:
    url = link(there)
    there.sandbox.stop()
    there.now += DAY - 1
    there.start()
    assert there.call("GET", url).status == 200


def test_pictures_are_no_tasks(there: Offline) -> None:
    there.drawn()
    assert there.call("GET", TASKS).json["total"] == 0
    assert reset(there.state) == 0


def test_reset_forgets_pictures(there: Offline) -> None:
    used(there)
    url = link(there)
    assert there.call("GET", url).status == 200
    assert reset(there.state) == 1
    assert there.call("GET", url).status == 403
    assert there.records == {}
    assert list(there.state.glob("files/*")) == []
    assert there.drawn()


def test_a_picture_of_the_sandbox_goes_into_other_requests(there: Offline) -> None:
    url = link(there, size="1024x1820")
    assert there.drawn(image=url, size="2K")["data"][0]["size"] == "1600x2848"
    picture = image("first_frame", url)
    assert there.look(there.create("x", picture, model=TWO))["ratio"] == "9:16"
    frame = there.finished(ratio="21:9", resolution="480p", return_last_frame=True)["content"]
    answer = there.drawn(image=[frame["last_frame_url"], url], size="2K")
    assert answer["data"][0]["size"] == "3136x1344"
    clip = there.ask(image=frame["video_url"])
    assert (clip.status, clip.code) == (400, "InvalidImageURL.InvalidFormat")


def test_a_large_picture_is_quick_to_make_and_small() -> None:
    for size, format in (((4096, 4096), "jpeg"), ((6240, 2656), "png")):
        before = time.monotonic()
        content = draw(size, format, False, "a fox")
        # A quarter of a second alone on two cores; the rest is for a busy machine.
        assert time.monotonic() - before < 3
        assert len(content) < 5_000_000
        assert (seen(content).width, seen(content).height) == size


def test_the_official_sdk_gets_a_picture(there: Offline, ark: Ark) -> None:
    response = ark.images.generate(
        model=SEEDREAM, prompt="a fox", size="2K", image=sent(), watermark=False
    )
    (picture,) = response.data
    assert (response.model, response.error, picture.size) == (SEEDREAM, None, "2304x1728")
    assert response.usage.generated_images == 1
    assert seen(there.call("GET", picture.url).content).width == 2304


def test_the_official_sdk_streams_pictures(there: Offline, ark: Ark) -> None:
    stream = ark.images.generate(
        model=SEEDREAM_LITE,
        prompt="a fox [[slow:0]]",
        sequential_image_generation="auto",
        sequential_image_generation_options=SequentialImageGenerationOptions(max_images=2),
        stream=True,
    )
    first, second, completed = stream
    assert [first.image_index, second.image_index] == [0, 1]
    assert seen(there.call("GET", second.url).content).width == 2048
    assert completed.type == "image_generation.completed"
    assert completed.usage["generated_images"] == 2


def test_the_official_sdk_raises_its_own_errors_for_pictures(ark: Ark) -> None:
    with pytest.raises(ArkBadRequestError) as bad:
        ark.images.generate(model=SEEDREAM, prompt="a fox", guidance_scale=5.0)
    assert (bad.value.code, bad.value.param) == ("InvalidParameter", "guidance_scale")


def test_pictures_need_a_good_key(there: Offline) -> None:
    for header in (None, "Bearer bad-1", "Basic abc"):
        reply = there.call("POST", IMAGES, {"model": SEEDREAM}, authorization=header)
        assert (reply.status, reply.code) == (401, "AuthenticationError")


def test_noise_is_no_picture_request(there: Offline) -> None:
    bodies: list[Any] = [b"", b"{", [], b"\xff", b'{"model": NaN}']
    for body in bodies:
        reply = there.call("POST", IMAGES, body)
        assert (reply.status, reply.code) == (400, "InvalidParameter")


def test_an_endpoint_id_stands_for_an_image_model(there: Offline) -> None:
    assert there.drawn(model="ep-20261120101530-abcde")["model"] == SEEDREAM


def test_odd_words_in_a_prompt_do_no_harm(there: Offline) -> None:
    assert there.call("GET", link(there, "\ud800 \0 [[a page]] 狐")).status == 200
