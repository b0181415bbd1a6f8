"""What the sandbox refuses, and what it takes: the service's rules, read a second time."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import clips
from offline import FAST, PRO, TASKS, TWO, TWO_FIVE, Offline, audio, image, inline, offline, video

DAY = 86_400
FIRST, LAST, REF = image("first_frame"), image("last_frame"), image("reference_image")
WEB = "https://x.example/a.jpg"
WAV = b"RIFF\x24\0\0\0WAVEfmt "


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Offline]:
    with offline(tmp_path_factory.mktemp("rules")) as started:
        yield started


@pytest.mark.parametrize(
    ("param", "fields"),
    [
        ("nonsense", {"nonsense": 1}),
        ("duration", {"duration": 1}),
        ("duration", {"duration": 13}),
        ("duration", {"duration": 5.0}),
        ("duration", {"duration": "5"}),
        ("duration", {"duration": True}),
        ("duration", {"duration": -1}),
        ("duration", {"duration": 3, "model": TWO}),
        ("duration", {"duration": 16, "model": TWO}),
        ("duration", {"duration": 31, "model": TWO_FIVE}),
        ("frames", {"frames": 25}),
        ("frames", {"frames": 30}),
        ("frames", {"frames": 293}),
        ("frames", {"frames": 29, "model": TWO}),
        ("seed", {"seed": -2}),
        ("seed", {"seed": 2**32}),
        ("resolution", {"resolution": "4k"}),
        ("resolution", {"resolution": "1080p", "model": "dreamina-seedance-2-0-fast-260128"}),
        ("resolution", {"resolution": "4k", "model": TWO_FIVE}),
        ("resolution", {"resolution": 720}),
        ("ratio", {"ratio": "5:4"}),
        ("ratio", {"ratio": "adaptive"}),
        ("camera_fixed", {"camera_fixed": "yes"}),
        ("camera_fixed", {"camera_fixed": False, "model": TWO_FIVE}),
        ("generate_audio", {"generate_audio": True}),
        ("generate_audio", {"generate_audio": 1, "model": TWO}),
        ("watermark", {"watermark": 0}),
        ("return_last_frame", {"return_last_frame": "true"}),
        ("priority", {"priority": 1}),
        ("priority", {"priority": 10, "model": TWO}),
        ("draft", {"draft": False}),
        ("draft", {"draft": True, "model": TWO}),
        ("resolution", {"draft": True, "model": TWO_FIVE}),
        ("resolution", {"draft": True, "model": TWO_FIVE, "resolution": "720p"}),
        ("service_tier", {"service_tier": "fast"}),
        ("service_tier", {"service_tier": ["flex"]}),
        ("execution_expires_after", {"execution_expires_after": 3599}),
        ("execution_expires_after", {"execution_expires_after": 259_201}),
        ("output_format", {"output_format": "mov"}),
        ("output_format", {"output_format": "avi", "model": TWO_FIVE}),
        ("omni_reference_task_type", {"omni_reference_task_type": "auto", "model": TWO}),
        ("callback_url", {"callback_url": "example.com"}),
        ("safety_identifier", {"safety_identifier": "x" * 65}),
        ("tools", {"tools": [{"type": "web_search"}]}),
        ("tools", {"tools": [{"type": "shell"}], "model": TWO}),
        ("model", {"model": 1}),
    ],
)
def test_a_wrong_field_is_refused_by_name(
    there: Offline, param: str, fields: dict[str, object]
) -> None:
    reply = there.post(**fields)
    assert (reply.status, reply.code) == (400, "InvalidParameter")
    error = reply.json["error"]
    assert (error["param"], error["type"]) == (param, "BadRequest")
    assert error["message"]


@pytest.mark.parametrize(
    "fields",
    [
        {"duration": 12, "seed": 2**32 - 1, "ratio": "9:16", "camera_fixed": True},
        {"frames": 289, "duration": 5, "watermark": True, "service_tier": "flex"},
        {"nonsense": None, "priority": None, "draft": None},
        {"framespersecond": 60},
        {"model": TWO, "resolution": "4K", "ratio": "adaptive", "duration": -1, "seed": -1},
        {"model": TWO, "tools": [{"type": "web_search"}], "priority": 9, "service_tier": "default"},
        {"model": TWO_FIVE, "duration": 30, "output_format": "mov", "draft": False},
        {"execution_expires_after": 3600, "safety_identifier": "x" * 64},
    ],
)
def test_right_fields_are_taken(there: Offline, fields: dict[str, object]) -> None:
    assert there.post(**fields).status == 200


def test_flags_within_the_prompt_change_nothing(there: Offline) -> None:
    task = there.look(there.create("a fox --rs 480p --dur 99 --nonsense 1"))
    assert (task["resolution"], task["duration"]) == ("1080p", 5)


def test_flex_is_not_offered_by_newer_models(there: Offline) -> None:
    reply = there.post(model=TWO, service_tier="flex")
    assert (reply.status, reply.code) == (400, "InvalidParameter.UnsupportedParameter")


@pytest.mark.parametrize(
    ("model", "code"),
    [
        ("seedance-1-5-pro-251215", "ModelNotOpen"),
        ("seedance-1-0-lite-t2v-250428", "ModelNotOpen"),
        ("seedance-1-0-pro", "InvalidEndpointOrModel.NotFound"),
        ("ep-../x", "InvalidEndpointOrModel.NotFound"),
        ("\ud800\x1b[31m", "InvalidEndpointOrModel.NotFound"),
    ],
)
def test_a_model_that_is_not_there_is_a_404(there: Offline, model: str, code: str) -> None:
    reply = there.post(model=model)
    assert (reply.status, reply.code) == (404, code)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "MissingParameter"),
        ({"model": FAST}, "MissingParameter"),
        ({"model": FAST, "content": []}, "MissingParameter"),
        ({"model": FAST, "content": None}, "MissingParameter"),
        ({"model": FAST, "content": [{"type": "text", "text": "  "}]}, "MissingParameter"),
        ({"model": FAST, "content": "a fox"}, "InvalidParameter"),
        ({"model": FAST, "content": ["a fox"]}, "InvalidParameter"),
        ({"model": FAST, "content": [{"type": "text", "text": 1}]}, "InvalidParameter"),
        ({"model": FAST, "content": [{"type": "prompt", "text": "x"}]}, "InvalidParameter"),
        ({"model": FAST, "content": [{"type": [], "text": "x"}]}, "InvalidParameter"),
        ([], "InvalidParameter"),
        (b"", "InvalidParameter"),
        (b"{", "InvalidParameter"),
        (b'{"model": NaN}', "InvalidParameter"),
        (b"\xff", "InvalidParameter"),
        (b"[" * 100_000, "InvalidParameter"),
    ],
)
def test_a_body_that_is_no_request_is_refused(there: Offline, body: object, code: str) -> None:
    reply = there.call("POST", TASKS, body)
    assert (reply.status, reply.code) == (400, code)


@pytest.mark.parametrize(
    ("model", "content"),
    [
        (PRO, [LAST]),
        (PRO, [FIRST, FIRST]),
        (PRO, [FIRST, LAST, LAST]),
        (PRO, [image(), image()]),
        (PRO, [image("start")]),
        (PRO, [REF]),
        (PRO, [video()]),
        (FAST, [FIRST, LAST]),
        (TWO, [FIRST, REF]),
        (TWO, [FIRST, audio()]),
        (TWO, [image(), video()]),
        (TWO, [audio()]),
        (TWO, [REF] * 10),
        (TWO, [video()] * 4),
        (TWO, [REF, *[audio()] * 4]),
        (TWO, [*[image("reference_image", WEB)] * 9, *[video()] * 3, *[audio()] * 4]),
        (TWO_FIVE, [image("reference_image", WEB)] * 31),
        (TWO, [video(role=None)]),
        (TWO, [video(url=inline("video/mp4", b"x"))]),
        (TWO, [audio(inline("audio/ogg", WAV)), REF]),
        (TWO, [audio(inline("audio/wav", b"noise")), REF]),
        (PRO, [{"type": "image_url", "image_url": {"url": WEB, "role": "first_frame"}}]),
        (PRO, [{"type": "image_url", "image_url": WEB}]),
        (PRO, [{"type": "image_url", "text": "x", "image_url": {"url": WEB}}]),
        (PRO, [{"type": "text", "text": "x", "role": "user"}]),
        (PRO, [image(url="ftp://x.example/a.jpg")]),
        (PRO, [image(url="boat.jpg")]),
        (PRO, [image(url="asset://")]),
        (PRO, [image(width=290)]),
        (PRO, [image(width=1000, height=300)]),
        (PRO, [image(width=300, height=1000)]),
        (PRO, [{"type": "draft_task", "draft_task": {"id": "cgt-1"}}]),
    ],
)
def test_items_that_do_not_go_together_are_refused(
    there: Offline, model: str, content: list[object]
) -> None:
    reply = there.post("a fox", *content, model=model)
    assert (reply.status, reply.code) == (400, "InvalidParameter")


@pytest.mark.parametrize(
    ("model", "content"),
    [
        (FAST, [image()]),
        (PRO, [FIRST, LAST]),
        (PRO, [LAST, FIRST]),
        (PRO, [image(url="asset://boat-1")]),
        (PRO, [image(codec="png")]),
        (TWO, [REF, video(), audio(inline("audio/wav", WAV))]),
        (TWO, [*[image("reference_image", WEB)] * 9, *[video()] * 3, *[audio()] * 3]),
        (TWO_FIVE, [audio()]),
        (TWO_FIVE, [image("reference_image", WEB)] * 30),
    ],
)
def test_items_that_go_together_are_taken(
    there: Offline, model: str, content: list[object]
) -> None:
    for prompt in ("a fox", ""):
        reply = there.post(prompt, *content, model=model)
        assert reply.status == 200, reply.content


@pytest.mark.parametrize(
    ("url", "code"),
    [
        (inline("image/JPEG", clips.picture()), "InvalidFormat"),
        (inline("image/png", b"not a picture"), "InvalidFormat"),
        (inline("image/png", b"\x89PNG\r\n\x1a\n and no more"), "InvalidFormat"),
        (inline("audio/wav", WAV), "InvalidFormat"),
        ("data:image/png;base64,%%%", "InvalidFormat"),
        ("data:image/png,abc", "InvalidFormat"),
        ("data:image/png;base64,", "EmptyURL"),
        ("", "EmptyURL"),
    ],
)
def test_a_picture_that_is_none_is_refused(there: Offline, url: str, code: str) -> None:
    item = {"type": "image_url", "image_url": {"url": url}, "role": "first_frame"}
    reply = there.post("a fox", item)
    assert (reply.status, reply.code) == (400, f"InvalidImageURL.{code}")


@pytest.mark.parametrize(
    ("size", "ratio"),
    [((400, 300), "4:3"), ((300, 400), "3:4"), ((640, 360), "16:9"), ((700, 300), "21:9")],
)
def test_an_adaptive_clip_takes_the_shape_nearest_to_its_picture(
    there: Offline, size: tuple[int, int], ratio: str
) -> None:
    picture = image(width=size[0], height=size[1])
    assert there.look(there.create("x", picture, ratio="adaptive"))["ratio"] == ratio
    assert there.look(there.create("x", picture))["ratio"] == ratio


def test_a_shape_that_cannot_be_known_is_wide(there: Offline) -> None:
    assert there.look(there.create("x", image(url=WEB)))["ratio"] == "16:9"
    assert there.look(there.create("x", model=TWO))["ratio"] == "16:9"


def test_a_picture_of_the_sandbox_itself_has_a_known_shape(there: Offline) -> None:
    before = there.finished(ratio="9:16", resolution="480p", return_last_frame=True)
    picture = image(url=before["content"]["last_frame_url"])
    assert there.look(there.create("x", picture))["ratio"] == "9:16"


def test_a_picture_of_an_earlier_run_is_known_at_its_old_port(there: Offline) -> None:
    before = there.finished(ratio="9:16", resolution="480p", return_last_frame=True)
    port = urlsplit(there.sandbox.base_url).netloc
    picture = image(url=before["content"]["last_frame_url"].replace(port, "127.0.0.1:9"))
    assert there.look(there.create("x", picture))["ratio"] == "9:16"


def test_a_dead_link_is_taken_like_any_on_the_web(there: Offline) -> None:
    before = there.finished(ratio="9:16", resolution="480p", return_last_frame=True)
    url = before["content"]["last_frame_url"]
    for dead in (url.replace("Signature=", "Signature=0"), url.partition("?")[0]):
        assert there.look(there.create("x", image(url=dead)))["ratio"] == "16:9"


def test_a_clip_of_the_sandbox_is_no_picture(there: Offline) -> None:
    clip = there.finished(resolution="480p", duration=2)["content"]["video_url"]
    refused = there.post("x", image(url=clip))
    assert (refused.status, refused.code) == (400, "InvalidImageURL.InvalidFormat")


def test_a_look_at_an_input_is_no_download(there: Offline) -> None:
    before = there.finished("[[cut]]", resolution="480p", return_last_frame=True)
    url = before["content"]["last_frame_url"]
    there.create("x", image(url=url))
    with pytest.raises(http.client.IncompleteRead):
        there.call("GET", url)


@pytest.mark.parametrize(
    ("content", "fields"),
    [
        ([FIRST], {"ratio": "16:9"}),
        ([FIRST, LAST], {"ratio": "4:3"}),
        ([], {"omni_reference_task_type": "reference"}),
        ([REF], {"omni_reference_task_type": "edit"}),
        ([video()], {"omni_reference_task_type": "edit", "duration": 5}),
        ([video()], {"omni_reference_task_type": "extend", "ratio": "1:1"}),
    ],
)
def test_what_a_task_of_2_5_may_not_hold_is_refused(
    there: Offline, content: list[object], fields: dict[str, object]
) -> None:
    reply = there.post("change it", *content, model=TWO_FIVE, **fields)
    assert (reply.status, reply.code) == (400, "InvalidParameter.TaskTypeConstraint")


def test_what_a_task_of_2_5_may_hold_is_taken(there: Offline) -> None:
    there.create("x", FIRST, model=TWO_FIVE, ratio="adaptive")
    there.create("x", video(), model=TWO_FIVE, omni_reference_task_type="edit", duration=-1)
    there.create("x", video(), model=TWO_FIVE, omni_reference_task_type="extend", duration=5)
    there.create("x", REF, model=TWO_FIVE, ratio="1:1", omni_reference_task_type="reference")
    reply = there.post("", video(), model=TWO_FIVE, omni_reference_task_type="edit")
    assert (reply.status, reply.code) == (400, "MissingParameter")


def draft(there: Offline, prompt: str = "a fox [[slow:0]]") -> str:
    asked = {"model": TWO_FIVE, "draft": True, "resolution": "480p"}
    return there.create(prompt, **asked, ratio="4:3", seed=3)


def final(id: str) -> dict[str, object]:
    return {"type": "draft_task", "draft_task": {"id": id}}


def test_a_final_takes_over_what_its_draft_had(there: Offline) -> None:
    id = draft(there)
    made = there.create("", final(id), model=TWO_FIVE, return_last_frame=True)
    task = there.look(made)
    assert (task["draft_task_id"], task["draft"]) == (id, False)
    assert (task["resolution"], task["ratio"], task["seed"]) == ("1080p", "4:3", 3)
    assert task["usage"]["total_tokens"] == 1664 * 1248 * 121 // 1024
    assert set(task["content"]) == {"video_url", "last_frame_url"}


@pytest.mark.parametrize(
    "fields",
    [
        {"seed": 3},
        {"ratio": "4:3"},
        {"duration": 5},
        {"generate_audio": True},
        {"omni_reference_task_type": "auto"},
        {"draft": True},
        {"resolution": "720p"},
        {"model": TWO},
        {"model": FAST},
    ],
)
def test_a_final_sets_nothing_of_its_draft_again(there: Offline, fields: dict[str, object]) -> None:
    reply = there.post("", final(draft(there)), **{"model": TWO_FIVE, **fields})
    assert (reply.status, reply.code) == (400, "InvalidParameter")


def test_a_final_needs_a_good_draft_and_nothing_beside_it(there: Offline) -> None:
    plain = there.create("x [[slow:0]]", model=TWO_FIVE, resolution="480p")
    for id in ("cgt-1", plain, draft(there, "x"), draft(there, "x [[fail:X]][[slow:0]]")):
        assert there.post("", final(id), model=TWO_FIVE).status == 400
    assert there.post("a fox", final(draft(there)), model=TWO_FIVE).status == 400


def test_a_draft_is_good_for_seven_days(tmp_path: Path) -> None:
    with offline(tmp_path) as there:
        id = draft(there)
        there.now += 7 * DAY - 1
        assert there.post("", final(id), model=TWO_FIVE).status == 200
        there.now += 1
        assert there.post("", final(id), model=TWO_FIVE).status == 400
