"""The Vision API of the sandbox, as the official SDK and a signer of our own meet it."""

from __future__ import annotations

import hashlib
import http.client
import io
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import av
import pytest
from byteplus_sdk.visual.VisualService import VisualService

import clips
from bucket import stored
from byteplus_cli.sandbox.server import reset
from offline import Offline, Reply, offline
from signing import Signer

HOUR = 3600
DETECTION = "realman_avatar_object_detection_cv"
RECOGNITION = "realman_avatar_picture_create_role_omni_cv"
OMNI_1_0 = "realman_avatar_picture_omni_cv"
OMNI_1_5 = "realman_avatar_picture_omni15_cv"
FACE, VOICE = "https://x.example/face.jpg", "https://x.example/voice.mp3"


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Offline]:
    # The SDK signs with the clock of this machine.
    with offline(tmp_path / "sandbox", time.time()) as started:
        yield started


@pytest.fixture
def sdk(there: Offline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> VisualService:
    """The SDK as it is installed, kept away from the files and proxies of whoever runs this."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    for name in ("BYTEPLUS_ACCESSKEY", "BYTEPLUS_SECRETKEY", "NETRC"):
        monkeypatch.delenv(name, raising=False)
    service = VisualService()
    parts = urlsplit(there.sandbox.vision_url)
    service.set_host(parts.netloc)
    service.set_scheme(parts.scheme)
    service.set_ak(there.sandbox.access_key)
    service.set_sk(there.sandbox.secret_key)
    return service


def signer(there: Offline, **other: str) -> Signer:
    found = there.sandbox
    settings = {"access": found.access_key, "secret": found.secret_key, **other}
    return Signer(**{"region": "ap-singapore-1", "service": "cv", **settings})


def ask(
    there: Offline,
    action: str,
    body: object,
    *,
    by: Signer | None = None,
    later: float = 0,
    version: str = "2024-06-06",
    **headers: str | None,
) -> Reply:
    """A call signed by ourselves; `headers` are sent unsigned, in place of signed ones."""
    target = f"/?Action={action}&Version={version}"
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    host = urlsplit(there.sandbox.vision_url).netloc
    by = by or signer(there)
    proof = by.headers("POST", target, raw, there.now + later, host=host)
    return there.call("POST", target, raw, **{**proof, **headers})


def submit(there: Offline, req_key: str = OMNI_1_5, **fields: object) -> Reply:
    body = {"req_key": req_key, "image_url": FACE, "audio_url": VOICE, **fields}
    return ask(there, "CVSubmitTask", body)


def made(there: Offline, req_key: str = OMNI_1_5, **fields: object) -> str:
    reply = submit(there, req_key, **fields)
    assert reply.status == 200, reply.content
    return str(reply.json["data"]["task_id"])


def look(there: Offline, id: str, later: float = 0, req_key: str = OMNI_1_5) -> Reply:
    """The task after some seconds."""
    there.now += later
    return ask(there, "CVGetResult", {"req_key": req_key, "task_id": id})


def status(there: Offline, id: str, later: float = 0) -> str:
    reply = look(there, id, later)
    assert (reply.status, reply.json["code"]) == (200, 10000)
    return str(reply.json["data"]["status"])


def told(reply: Reply) -> Any:
    """What stands in the resp_data of an answer, which is a string of JSON."""
    return json.loads(reply.json["data"]["resp_data"])


def video_url(there: Offline, prompt: str = "", **fields: object) -> str:
    id = made(there, prompt=f"{prompt} [[slow:0]]", **fields)
    return str(told(look(there, id))["video_url"])


def coded(reply: Reply) -> tuple[int, int]:
    assert reply.json["data"] is None
    return reply.status, reply.json["code"]


def barred(reply: Reply) -> tuple[int, str]:
    """The status and the code of an answer by the gateway."""
    assert set(reply.json) == {"ResponseMetadata"}
    return reply.status, reply.json["ResponseMetadata"]["Error"]["Code"]


def test_the_official_sdk_goes_all_the_way(there: Offline, sdk: VisualService) -> None:
    image = stored(there.sandbox, "face.jpg", clips.picture(300, 400))
    audio = stored(there.sandbox, "voice.wav", clips.sound(2.5))
    seen = sdk.cv_process({"req_key": DETECTION, "image_url": image})
    first, _ = json.loads(seen["data"]["resp_data"])["object_detection_result"]["mask"]["url"]
    fields = {"image_url": image, "audio_url": audio, "mask_url": first, "prompt": "she sings"}
    id = sdk.cv_submit_task({"req_key": OMNI_1_5, **fields, "output_resolution": 720})["data"]
    assert sdk.cv_get_result({"req_key": OMNI_1_5, **id})["data"]["status"] == "in_queue"
    there.now += 1
    assert sdk.cv_get_result({"req_key": OMNI_1_5, **id})["data"]["status"] == "generating"
    there.now += 1
    done = sdk.cv_get_result({"req_key": OMNI_1_5, **id})
    assert (done["code"], done["data"]["status"]) == (10000, "done")
    reply = there.call("GET", json.loads(done["data"]["resp_data"])["video_url"])
    assert (reply.status, reply.headers["content-type"]) == (200, "video/mp4")
    with av.open(io.BytesIO(reply.content)) as clip:
        video, heard = clip.streams.video[0], clip.streams.audio[0]
        assert (video.width, video.height, video.average_rate) == (720, 1280, 30)
        assert heard.codec_context.name == "aac"
        assert sum(1 for _ in clip.decode(video)) == 75


def test_the_official_sdk_uses_the_other_pair_and_cancels(
    there: Offline, sdk: VisualService
) -> None:
    fields = {"req_key": OMNI_1_0, "image_url": FACE, "audio_url": VOICE}
    id = sdk.cv_sync2async_submit_task(fields)["data"]
    assert sdk.cv_cancel_task({"req_key": OMNI_1_0, **id})["code"] == 10000
    seen = sdk.cv_sync2async_get_result({"req_key": OMNI_1_0, **id})
    assert seen["data"]["status"] == "canceled"


def test_the_official_sdk_with_a_wrong_secret_is_told_so(sdk: VisualService) -> None:
    sdk.set_sk("another")
    told = sdk.cv_process({"req_key": DETECTION, "image_url": FACE})
    assert set(told) == {"ResponseMetadata"}
    facts = dict(told["ResponseMetadata"])
    assert facts.pop("RequestId")
    assert facts.pop("Error")["Code"] == "SignatureDoesNotMatch"
    assert facts == {
        "Action": "CVProcess",
        "Version": "2024-06-06",
        "Service": "cv",
        "Region": "ap-singapore-1",
    }


@pytest.mark.parametrize(
    ("other", "end"),
    [
        ({"secret": "another"}, (401, "SignatureDoesNotMatch")),
        ({"access": "another"}, (401, "InvalidAccessKey")),
        ({"region": "ap-southeast-1"}, (400, "InvalidCredential")),
        ({"service": "ark"}, (400, "InvalidCredential")),
        ({"service": "s3"}, (400, "InvalidAuthorization")),
    ],
)
def test_a_stranger_is_turned_away(
    there: Offline, other: dict[str, str], end: tuple[int, str]
) -> None:
    assert barred(ask(there, "CVProcess", {}, by=signer(there, **other))) == end


@pytest.mark.parametrize(
    ("headers", "end"),
    [
        ({"authorization": None}, (401, "MissingAuthenticationToken")),
        ({"authorization": "HMAC-SHA256 Credential=a"}, (401, "MissingSignature")),
        ({"authorization": "Bearer any-key"}, (400, "InvalidAuthorization")),
        (
            {"authorization": "HMAC-SHA256 Credential=a, Signature=b"},
            (400, "InvalidCredential"),
        ),
        ({"x-date": None}, (400, "InvalidTimestamp")),
        ({"x-date": "yesterday"}, (400, "InvalidTimestamp")),
        ({"x-security-token": "t"}, (401, "InvalidSecretToken")),
        ({"x-content-sha256": "0" * 64}, (401, "SignatureDoesNotMatch")),
        ({"host": "elsewhere.example"}, (401, "SignatureDoesNotMatch")),
    ],
)
def test_a_changed_proof_is_no_proof(
    there: Offline, headers: dict[str, str | None], end: tuple[int, str]
) -> None:
    assert barred(ask(there, "CVProcess", {}, **headers)) == end


def test_a_changed_body_and_an_unsigned_host_are_refused(there: Offline) -> None:
    target = "/?Action=CVProcess&Version=2024-06-06"
    host = urlsplit(there.sandbox.vision_url).netloc
    proof = signer(there).headers("POST", target, b"{}", there.now, host=host)
    assert barred(there.call("POST", target, b"{ }", **proof)) == (401, "SignatureDoesNotMatch")
    loose = signer(there).headers("POST", target, b"{}", there.now)
    assert barred(there.call("POST", target, b"{}", **loose)) == (400, "InvalidAuthorization")


@pytest.mark.parametrize(("minutes", "good"), [(14, True), (-14, True), (16, False), (-16, False)])
def test_a_clock_may_be_a_quarter_of_an_hour_off(there: Offline, minutes: int, good: bool) -> None:
    reply = ask(there, "CVProcess", {}, later=minutes * 60)
    if good:
        assert coded(reply) == (400, 50200)
    else:
        assert barred(reply) == (400, "InvalidTimestamp")


def test_an_unknown_action_or_version_is_refused(there: Offline) -> None:
    assert barred(ask(there, "CVDoMagic", {})) == (404, "InvalidActionOrVersion")
    old = ask(there, "CVProcess", {}, version="2022-08-24")
    assert barred(old) == (404, "InvalidActionOrVersion")
    assert old.json["ResponseMetadata"]["Version"] == "2022-08-24"


def test_an_answer_has_an_envelope(there: Offline) -> None:
    good, bad = submit(there).json, submit(there).json
    names = {"code", "message", "data", "request_id", "status", "time_elapsed"}
    assert set(good) == set(bad) == names
    assert good["request_id"] != bad["request_id"]


@pytest.mark.parametrize(
    ("action", "body", "code"),
    [
        ("CVSubmitTask", {}, 50200),
        ("CVSubmitTask", b"[]", 50200),
        ("CVSubmitTask", b"{", 50200),
        ("CVSubmitTask", {"req_key": 7}, 50200),
        ("CVSubmitTask", {"req_key": "jimeng"}, 50204),
        ("CVSubmitTask", {"req_key": DETECTION, "image_url": FACE}, 50204),
        ("CVProcess", {"req_key": OMNI_1_0, "image_url": FACE, "audio_url": VOICE}, 50204),
        ("CVGetResult", {"req_key": DETECTION, "task_id": "1"}, 50204),
        ("CVProcess", {"req_key": DETECTION}, 50200),
        ("CVGetResult", {"req_key": OMNI_1_0}, 50200),
        ("CVGetResult", {"req_key": OMNI_1_0, "task_id": 7192616336519610409}, 50200),
        ("CVGetResult", {"req_key": OMNI_1_0, "task_id": "made-up"}, 50215),
        ("CVCancelTask", {"req_key": OMNI_1_0, "task_id": "7192616336519610409"}, 50217),
    ],
)
def test_a_wrong_body_has_a_code(there: Offline, action: str, body: object, code: int) -> None:
    assert coded(ask(there, action, body)) == (400, code)


@pytest.mark.parametrize(
    "wrong",
    [
        {"image_url": None},
        {"audio_url": None},
        {"image_url": "data:image/png;base64,AAAA"},
        {"audio_url": "voice.mp3"},
        {"image_url": 7},
        {"mask_url": ["https://x.example/m.png"]},
        {"mask_url": "https://x.example/m.png;m2.png"},
        {"prompt": 7},
        {"prompt": "[[slow]]"},
        {"seed": "7"},
        {"seed": True},
        {"output_resolution": "720"},
        {"output_resolution": 480},
        {"output_resolution": 720.0},
        {"pe_fast_mode": 1},
        {"callback_url": "nowhere"},
        {"resolution": "720p"},
    ],
)
def test_a_parameter_has_to_be_right(there: Offline, wrong: dict[str, object]) -> None:
    assert coded(submit(there, **wrong)) == (400, 50200)


def test_what_only_1_5_has_is_refused_for_1_0(there: Offline) -> None:
    assert coded(submit(there, OMNI_1_0, prompt="sing")) == (400, 50200)
    every = {
        "mask_url": "https://x.example/1.png;https://x.example/2.png",
        "prompt": "sing",
        "seed": -1,
        "output_resolution": 1080,
        "pe_fast_mode": True,
        "callback_url": "https://x.example/hook",
        "callback_auth_info": "words",
    }
    assert submit(there, **every).status == 200


def test_a_task_waits_then_runs_then_is_done(there: Offline) -> None:
    id = made(there)
    seen = [status(there, id, later) for later in (0, 0.2, 0.2, 1.3, 0.2)]
    assert seen == ["in_queue", "in_queue", "generating", "generating", "done"]
    assert look(there, id).json["message"] == "Success"


def test_an_id_does_not_survive_as_a_float(there: Offline) -> None:
    for _ in range(20):
        id = made(there, prompt="[[slow:0]]")
        assert len(id) == 19
        assert str(int(float(id))) != id


def test_a_record_is_kept_for_twelve_hours(there: Offline) -> None:
    id = made(there)
    assert status(there, id, 12 * HOUR - 1) == "done"
    assert status(there, id, 1) == "not_found"
    assert status(there, "7192616336519610409") == "not_found"


def test_a_task_is_found_by_its_own_req_key_only(there: Offline) -> None:
    reply = look(there, made(there), req_key=OMNI_1_0)
    assert reply.json["data"]["status"] == "not_found"


def test_a_link_lives_for_an_hour_after_completion(there: Offline) -> None:
    id = made(there)
    url = told(look(there, id, 60))["video_url"]
    there.now += HOUR - 60
    assert there.call("GET", url).status == 200
    there.now += 2
    gone = there.call("GET", url)
    assert (gone.status, b"<Code>AccessDenied</Code>" in gone.content) == (403, True)
    # No look gives a fresh one.
    assert told(look(there, id))["video_url"] == url


def test_a_queued_task_is_cancelled_and_a_running_one_is_not(there: Offline) -> None:
    id = made(there, prompt="[[queue:60]]")
    body = {"req_key": OMNI_1_5, "task_id": id}
    assert ask(there, "CVCancelTask", body).json["code"] == 10000
    assert status(there, id, 100) == "canceled"
    assert coded(ask(there, "CVCancelTask", body)) == (400, 50217)
    running = {**body, "task_id": made(there)}
    there.now += 1
    assert coded(ask(there, "CVCancelTask", running)) == (400, 50217)
    assert status(there, running["task_id"], 10) == "done"


def test_one_task_at_a_time(there: Offline) -> None:
    first = made(there)
    assert coded(submit(there)) == (429, 50430)
    there.now += 1
    assert coded(submit(there, OMNI_1_0)) == (429, 50430)
    there.now += 1
    second = made(there, prompt="[[queue:60]]")
    assert coded(submit(there)) == (429, 50430)
    ask(there, "CVCancelTask", {"req_key": OMNI_1_5, "task_id": second})
    third = made(there)
    assert len({first, second, third}) == 3


@pytest.mark.parametrize(
    ("picture", "fields", "size"),
    [
        ((300, 400), {}, (1080, 1920)),
        ((400, 300), {}, (1920, 1080)),
        ((400, 380), {}, (1080, 1080)),
        ((300, 400), {"output_resolution": 720}, (720, 1280)),
        ((500, 500), {"output_resolution": 720}, (720, 720)),
    ],
)
def test_a_clip_has_a_plain_shape_like_that_of_its_picture(
    there: Offline, picture: tuple[int, int], fields: dict[str, int], size: tuple[int, int]
) -> None:
    image = stored(there.sandbox, "face.png", clips.picture(*picture, codec="png"))
    audio = stored(there.sandbox, "voice.wav", clips.sound(0.5))
    url = video_url(there, image_url=image, audio_url=audio, **fields)
    with av.open(io.BytesIO(there.call("GET", url).content)) as clip:
        video = clip.streams.video[0]
        assert (video.width, video.height, video.frames) == (*size, 15)


def test_a_foreign_link_is_never_followed(there: Offline) -> None:
    # Port 9 of this machine answers nobody, so that following it would fail.
    nowhere = "http://127.0.0.1:9/face.jpg"
    url = video_url(there, image_url=nowhere, audio_url="http://127.0.0.1:9/voice.mp3")
    with av.open(io.BytesIO(there.call("GET", url).content)) as clip:
        assert clip.streams.video[0].frames == 150


def test_a_clip_is_made_quickly(there: Offline) -> None:
    url = video_url(there)
    before = time.monotonic()
    there.call("GET", url)
    # One second alone on two cores; the rest is for a busy machine.
    assert time.monotonic() - before < 10


def test_a_sound_that_is_too_long_fails_when_looked_at(there: Offline) -> None:
    for content in (clips.sound(60), b"no sound at all", b"RIFF1234WAVE", b"ID3" + b"?" * 500):
        audio = stored(there.sandbox, "voice.wav", content)
        id = made(there, audio_url=audio)
        assert status(there, id) == "in_queue"
        assert coded(look(there, id, 2)) == (400, 50215)
        there.now = time.time()
        reset(there.state)


def test_a_picture_of_our_own_is_looked_at(there: Offline) -> None:
    png = clips.picture(64, 64, codec="png")
    wrong = {
        "webp": b"RIFF1234WEBPVP8 ",
        "gif": b"GIF89a" + bytes(20),
        "broken": png[:40],
        "text": b"no picture",
        "heavy": png + bytes(5 * 1024 * 1024),
        "wide": clips.picture(4096, 16),
        "tall": clips.picture(16, 4096),
    }
    for name, content in wrong.items():
        image = stored(there.sandbox, name, content)
        assert coded(submit(there, image_url=image)) == (400, 50215), name
        detected = ask(there, "CVProcess", {"req_key": DETECTION, "image_url": image})
        assert coded(detected) == (400, 50215), name
    largest = stored(there.sandbox, "largest", clips.picture(4095, 16))
    assert submit(there, image_url=largest).status == 200


def test_an_object_that_is_gone_cannot_be_downloaded(there: Offline) -> None:
    url = stored(there.sandbox, "face.jpg", clips.picture())
    for gone in (
        url.replace("face.jpg", "other.jpg"),
        url.replace("Signature=", "Signature=0"),
        url.partition("?")[0],
        there.sandbox.base_url,
        there.sandbox.vision_url,
    ):
        for field in ("image_url", "audio_url", "mask_url"):
            assert coded(submit(there, **{field: gone})) == (400, 50220)
    there.now += HOUR + 60
    assert coded(submit(there, image_url=url)) == (400, 50220)


def test_an_object_of_an_earlier_run_is_opened_at_its_old_port(there: Offline) -> None:
    audio = stored(there.sandbox, "voice.wav", clips.sound(0.5))
    there.sandbox.stop()
    there.start()
    url = video_url(there, audio_url=audio)
    with av.open(io.BytesIO(there.call("GET", url).content)) as clip:
        assert clip.streams.video[0].frames == 15


def test_a_last_frame_of_our_own_is_a_picture_too(there: Offline) -> None:
    frame = there.finished(resolution="480p", duration=2, return_last_frame=True, ratio="9:16")
    url = video_url(there, image_url=frame["content"]["last_frame_url"])
    with av.open(io.BytesIO(there.call("GET", url).content)) as clip:
        assert clip.streams.video[0].width == 1080


def test_detection_gives_a_mask_for_each_subject_the_largest_first(there: Offline) -> None:
    image = stored(there.sandbox, "two.jpg", clips.picture(401, 300))
    found = told(ask(there, "CVProcess", {"req_key": DETECTION, "image_url": image}))
    assert (found["code"], found["status"]) == (0, 1)
    urls = found["object_detection_result"]["mask"]["url"]
    masks = [there.call("GET", url) for url in urls]
    assert all(mask.headers["content-type"] == "image/png" for mask in masks)
    white = [lit(mask.content, (401, 300)) for mask in masks]
    assert len(white) == 2
    assert sum(white[0]) > sum(white[1]) > 0
    # No pixel belongs to two.
    assert max(a + b for a, b in zip(*white, strict=True)) == 255
    assert submit(there, mask_url=";".join(urls)).status == 200
    there.now += HOUR + 2
    assert there.call("GET", urls[0]).status == 403
    assert coded(submit(there, mask_url=urls[0])) == (400, 50220)


def lit(content: bytes, size: tuple[int, int]) -> bytes:
    """The light of a mask, row after row."""
    with av.open(io.BytesIO(content)) as png:
        (frame,) = png.decode(video=0)
    assert (frame.width, frame.height, frame.format.name) == (*size, "gray")
    plane = frame.planes[0]
    rows = memoryview(plane)
    return b"".join(
        bytes(rows[start : start + frame.width])
        for start in range(0, plane.line_size * frame.height, plane.line_size)
    )


@pytest.mark.parametrize("number", [0, 1, 5])
def test_the_name_of_a_picture_scripts_its_subjects(there: Offline, number: int) -> None:
    image = f"https://x.example/{quote(f'a [[subjects:{number}]].jpg')}"
    found = told(ask(there, "CVProcess", {"req_key": DETECTION, "image_url": image}))
    assert found["status"] == int(number > 0)
    masks = found["object_detection_result"]["mask"]["url"]
    white = [sum(lit(there.call("GET", url).content, (1080, 1920))) for url in masks]
    assert len(white) == number
    assert white == sorted(white, reverse=True)


@pytest.mark.parametrize(("name", "usable"), [("a.jpg", 1), ("a[[subjects:0]].jpg", 0)])
def test_recognition_says_whether_a_picture_can_speak(
    there: Offline, name: str, usable: int
) -> None:
    body = {"req_key": RECOGNITION, "image_url": f"https://x.example/{name}"}
    id = ask(there, "CVSubmitTask", body).json["data"]["task_id"]
    reply = look(there, id, 2, req_key=RECOGNITION)
    assert (reply.json["data"]["status"], told(reply)) == ("done", {"status": usable})


@pytest.mark.parametrize(
    ("code", "status"),
    [(50411, 400), (50412, 400), (50400, 400), (50429, 429), (50430, 429), (50500, 500)],
)
def test_a_script_refuses_a_submit(there: Offline, code: int, status: int) -> None:
    assert coded(submit(there, prompt=f"[[refuse:{code}]]")) == (status, code)
    # Nothing was made, so that there is room for another.
    assert submit(there).status == 200


@pytest.mark.parametrize(("code", "status"), [(50516, 400), (50215, 400), (50501, 500)])
def test_a_script_fails_a_task(there: Offline, code: int, status: int) -> None:
    id = made(there, prompt=f"[[fail:{code}]]")
    assert look(there, id).json["data"]["status"] == "in_queue"
    assert coded(look(there, id, 2)) == (status, code)
    assert coded(look(there, id)) == (status, code)


def test_a_script_answers_as_the_gateway(there: Offline) -> None:
    busy = submit(there, prompt="[[refuse:FlowLimitExceeded]]")
    assert barred(busy) == (429, "FlowLimitExceeded")
    assert barred(submit(there, prompt="[[http:503]]")) == (503, "ServiceUnavailableTemp")
    assert barred(submit(there, prompt="[[http:403]]")) == (403, "AccessDenied")
    assert barred(submit(there, prompt="[[http:418]]")) == (418, "InternalError")


def test_a_502_is_a_page_of_html(there: Offline) -> None:
    page = submit(there, prompt="[[http:502]]")
    assert (page.status, page.headers["content-type"]) == (502, "text/html; charset=utf-8")
    assert page.content.startswith(b"<html>")


def test_look_spoils_three_looks(there: Offline) -> None:
    broken = made(there, prompt="[[look:502]] [[slow:0]]")
    seen = [look(there, broken) for _ in range(4)]
    assert [reply.status for reply in seen] == [502, 502, 502, 200]
    assert seen[0].content.startswith(b"<html>")
    limited = made(there, prompt="[[look:429]] [[slow:0]]")
    assert barred(look(there, limited)) == (429, "FlowLimitExceeded")


def test_slow_and_queue_stretch_a_task(there: Offline) -> None:
    id = made(there, prompt="[[queue:10]] [[slow:30]]")
    seen = [status(there, id, later) for later in (9.9, 0.2, 29.8, 0.2)]
    assert seen == ["in_queue", "generating", "generating", "done"]


def test_expire_ends_a_task_expired(there: Offline) -> None:
    assert status(there, made(there, prompt="[[expire]]"), 2) == "expired"


def test_empty_is_done_without_a_video(there: Offline) -> None:
    reply = look(there, made(there, prompt="[[empty]]"), 2)
    assert (reply.json["data"]["status"], told(reply)) == ("done", {})


def test_lose_takes_the_task_and_says_nothing(there: Offline) -> None:
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        submit(there, prompt="[[lose]]")
    assert coded(submit(there)) == (429, 50430)


def test_cut_breaks_the_first_download_off(there: Offline) -> None:
    url = video_url(there, "[[cut]]", output_resolution=720)
    with pytest.raises(http.client.IncompleteRead) as cut:
        there.call("GET", url)
    whole = there.call("GET", url)
    assert cut.value.partial == whole.content[: len(whole.content) // 2]
    assert whole.headers["etag"] == f'"{hashlib.md5(whole.content).hexdigest()}"'
    rest = there.call("GET", url, range=f"bytes={len(cut.value.partial)}-")
    assert cut.value.partial + rest.content == whole.content


def test_stale_hands_out_a_dead_link_once(there: Offline) -> None:
    id = made(there, prompt="[[stale]] [[slow:0]]")
    first, second = (told(look(there, id))["video_url"] for _ in range(2))
    assert there.call("GET", first).status == 403
    assert there.call("GET", second).status == 200


@pytest.mark.parametrize("field", ["image_url", "audio_url"])
@pytest.mark.parametrize("place", ["a{}.png", "a.png?note={}", "a.png?note=b&{}"])
def test_a_link_scripts_an_outcome_where_there_is_no_prompt(
    there: Offline, field: str, place: str
) -> None:
    link = "https://x.example/[[refuse:50412]]/"
    wanted = place.format(quote("[[refuse:50411]]"))
    assert coded(submit(there, OMNI_1_0, **{field: link + wanted})) == (400, 50411)
    assert submit(there, OMNI_1_0, **{field: f"{link}a.png"}).status == 200


def test_the_name_of_a_stored_file_scripts_an_outcome(there: Offline) -> None:
    image = stored(there.sandbox, "me [[refuse:50411]].jpg", clips.picture())
    assert coded(submit(there, OMNI_1_0, image_url=image)) == (400, 50411)


def test_clips_differ_by_prompt_and_seed(there: Offline) -> None:
    audio = stored(there.sandbox, "voice.wav", clips.sound(0.2))
    asked = [("sing", 1), ("sing", 2), ("talk", 1), ("sing", 1)]
    urls = [video_url(there, prompt, seed=seed, audio_url=audio) for prompt, seed in asked]
    contents = [there.call("GET", url).content for url in urls]
    assert len(set(contents)) == 3
    assert contents[0] == contents[3]


def test_a_link_takes_no_second_credential_and_opens_one_file(there: Offline) -> None:
    url = video_url(there)
    assert there.call("GET", url, authorization="Bearer any-key").status == 400
    assert there.call("HEAD", url).status == 403
    assert there.call("GET", url.replace(".mp4", ".mov")).status == 403
    reset(there.state)
    assert there.call("GET", url).status == 403


def test_tasks_outlive_the_sandbox(there: Offline) -> None:
    id = made(there, prompt="[[queue:60]]")
    there.sandbox.stop()
    there.start()
    assert status(there, id) == "in_queue"
    assert coded(submit(there)) == (429, 50430)
    url = told(look(there, id, 100))["video_url"]
    assert there.call("GET", url).status == 200
    there.sandbox.stop()
    there.now += 12 * HOUR
    there.start()
    assert reset(there.state) == 0


def test_what_is_counted_of_a_task_goes_with_it(there: Offline) -> None:
    look(there, made(there, prompt="[[look:502]]"))
    assert there.records == {"jobs": 1, "counts": 1}
    there.sandbox.stop()
    there.now += 12 * HOUR
    there.start()
    assert there.records == {}


def test_reset_counts_and_forgets_tasks_of_both_services(there: Offline) -> None:
    id = made(there)
    there.create()
    assert reset(there.state) == 2
    assert status(there, id) == "not_found"
    assert submit(there).status == 200
