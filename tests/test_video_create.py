"""`byteplus video create`: what goes over the wire, and what the user gets back."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest

import clips
from conftest import Shell
from service import DROP, TASKS, Reply, ScriptedService, error, task

ID = "cgt-20261121101530-ab12c"
ACCEPTED = Reply(body={"id": ID})


def finished(service: ScriptedService, content: bytes | None = None, **fields: object) -> Reply:
    link = service.file("clip.mp4", content or clips.clip())
    facts = {"resolution": "480p", "ratio": "16:9", "duration": 1, "framespersecond": 24}
    usage = {"completion_tokens": 103818, "total_tokens": 103818}
    return task(ID, "succeeded", content={"video_url": link}, usage=usage, **facts, **fields)


def making(service: ScriptedService) -> None:
    service.on("POST", ACCEPTED)
    service.on("GET", task(ID, "queued"), task(ID, "running"), finished(service))


def sent(service: ScriptedService) -> dict[str, object]:
    (post,) = service.asked_by("POST")
    assert post.path == TASKS
    return post.json


def test_a_prompt_becomes_a_saved_clip_and_its_path(
    scripted: Shell, service: ScriptedService
) -> None:
    making(service)
    done = scripted('video create "a red fox"')
    assert done.code == 0, done.stderr
    assert done.stdout == "a-red-fox-1530ab12.mp4\n".replace("1530ab12", "530ab12c")
    assert Path("a-red-fox-530ab12c.mp4").read_bytes() == clips.clip()
    assert f"submitted {ID}" in done.stderr
    assert "running" in done.stderr


def test_the_body_holds_what_was_set_and_nothing_else(
    scripted: Shell, service: ScriptedService
) -> None:
    making(service)
    scripted('video create "a red fox --dur 3" --seed 7 -d 5 -r 16:9 --resolution 720p')
    assert sent(service) == {
        "model": "seedance-1-0-pro-fast-251015",
        "content": [{"type": "text", "text": "a red fox --dur 3"}],
        "seed": 7,
        "duration": 5,
        "ratio": "16:9",
        "resolution": "720p",
    }
    assert len(service.asked_by("POST")) == 1


def test_every_plain_option_is_a_body_field(scripted: Shell, service: ScriptedService) -> None:
    making(service)
    done = scripted(
        'video create "a fox" -m seedance-2.5 --seed 1 --audio --watermark --save-last-frame'
        " --priority 3 --format mov --callback-url https://example.com/hook --safety-id abc"
        ' --expires-after 2h --extra \'tools=[{"type":"web_search"}]\''
    )
    assert done.code == 0, done.stderr
    body = sent(service)
    assert body.pop("content") == [{"type": "text", "text": "a fox"}]
    assert body == {
        "model": "dreamina-seedance-2-5-260628",
        "seed": 1,
        "generate_audio": True,
        "watermark": True,
        "return_last_frame": True,
        "priority": 3,
        "output_format": "mov",
        "callback_url": "https://example.com/hook",
        "safety_identifier": "abc",
        "execution_expires_after": 7200,
        "tools": [{"type": "web_search"}],
    }


def test_flex_frames_and_a_still_camera(scripted: Shell, service: ScriptedService) -> None:
    making(service)
    scripted('video create "a fox" --flex --frames 29 --camera-fixed --seed 1')
    assert {**sent(service), "content": None} == {
        "model": "seedance-1-0-pro-fast-251015",
        "content": None,
        "service_tier": "flex",
        "frames": 29,
        "camera_fixed": True,
        "seed": 1,
    }


def test_a_seed_of_ours_is_sent_and_recorded(scripted: Shell, service: ScriptedService) -> None:
    making(service)
    done = scripted('video create "a fox" --json')
    seed = sent(service)["seed"]
    assert isinstance(seed, int)
    assert done.json["seed"] == seed


def test_a_local_picture_is_sent_within_the_body(scripted: Shell, service: ScriptedService) -> None:
    making(service)
    Path("boat.jpg").write_bytes(clips.picture())
    done = scripted('video create "it sails" -i boat.jpg')
    assert done.code == 0, done.stderr
    text, image = sent(service)["content"]
    assert text == {"type": "text", "text": "it sails"}
    assert image["role"] == "first_frame"
    head, _, encoded = image["image_url"]["url"].partition(",")
    assert head == "data:image/jpeg;base64"
    assert base64.b64decode(encoded) == clips.picture()


@pytest.mark.parametrize("link", ["https://example.com/a.jpg?sign=x", "asset://boat-1"])
def test_a_link_is_passed_on_unchanged(
    scripted: Shell, service: ScriptedService, link: str
) -> None:
    making(service)
    scripted(f"video create -i {link}")
    (image,) = sent(service)["content"]
    assert image == {"type": "image_url", "image_url": {"url": link}, "role": "first_frame"}


def test_a_prompt_comes_from_a_file_or_a_pipe(scripted: Shell, service: ScriptedService) -> None:
    making(service)
    Path("prompt.txt").write_text("from a file\n")
    scripted("video create @prompt.txt --no-wait")
    scripted("video create - --no-wait", stdin="from a pipe\n")
    scripted("video create @@home --no-wait")
    texts = [post.json["content"][0]["text"] for post in service.asked_by("POST")]
    assert texts == ["from a file", "from a pipe", "@home"]


def test_no_wait_prints_the_id_and_looks_at_nothing(
    scripted: Shell, service: ScriptedService
) -> None:
    making(service)
    done = scripted('video create "a fox" --no-wait')
    assert done.stdout == f"{ID}\n"
    assert f"byteplus video get {ID} --wait" in done.stderr
    assert service.asked_by("GET") == []


def test_json_is_one_document_with_the_file(scripted: Shell, service: ScriptedService) -> None:
    making(service)
    document = scripted('video create "a fox" --json -o out/').json
    (file,) = document["files"]
    assert document["schema"] == "byteplus.task/1"
    assert document["status"] == "succeeded"
    assert file["path"] == str(Path("out", "a-fox-530ab12c.mp4"))
    assert file["sha256"] == hashlib.sha256(clips.clip()).hexdigest()
    assert (file["width"], file["height"], file["seconds"]) == (96, 64, 1.0)
    assert document["usage"]["completion_tokens"] == 103818
    assert document["cost"]["actual_usd"] == "0.104"


def test_quiet_leaves_the_path_alone(scripted: Shell, service: ScriptedService) -> None:
    making(service)
    done = scripted('video create "a fox" -q')
    assert done.stderr == ""
    assert done.stdout == "a-fox-530ab12c.mp4\n"


def test_a_difference_from_what_was_asked_is_a_warning(
    scripted: Shell, service: ScriptedService
) -> None:
    making(service)
    done = scripted('video create "a fox" --resolution 720p --json')
    assert done.code == 0
    assert "warning: the resolution is 480p, not 720p" in done.stderr
    assert "the resolution is 480p, not 720p" in done.json["files"][0]["differs"]


def test_profile_defaults_are_used_and_options_go_before_them(
    scripted: Shell, service: ScriptedService
) -> None:
    making(service)
    scripted("config set video.resolution 480p")
    scripted("config set video.duration 3")
    scripted('video create "a fox" --duration 4 --no-wait')
    assert sent(service)["resolution"] == "480p"
    assert sent(service)["duration"] == 4


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('"a fox" -m seedance-9', "unknown video model"),
        ('"a fox" --duration 99', "2 to 12"),
        ('"a fox" --duration 1e9', "--duration"),
        ('"a fox" --resolution 4k', "1080p"),
        ('"a fox" --ratio 5:7', "--ratio"),
        ('"a fox" --frames 30', "--frames 29"),
        ('"a fox" --frames 29 --duration 5', "together"),
        ('"a fox" --seed -5', "--seed"),
        ('"a fox" --audio', "--audio"),
        ('"a fox" --priority 3', "--priority"),
        ('"a fox" -i nowhere.jpg', "no such file"),
        ('"a fox" -i notes.txt', "jpeg"),
        ('"a fox" -i data:image/JPEG;base64,xx', "lower case"),
        ('""', "prompt"),
        ("", "prompt"),
        ("@nowhere.txt", "no such file"),
        ('"a fox" -o "{nope}.mp4"', "{nope}"),
        ('"a fox" -o "{id.__class__}.mp4"', "{id"),
        ('"a fox" -o notes.txt/fox.mp4', "notes.txt"),
        ('"a fox" -o /dev/null', "not a plain file"),
        ('"a fox" --timeout soon', "length of time"),
        ('"a fox" --expires-after 1m', "1h"),
        ('"a fox" --extra model=x', "--model"),
        ('"a fox" --extra x', "KEY=JSON"),
        ('"a fox" --nonsense', "--nonsense"),
        ('"a fox" "two foxes"', "two foxes"),
    ],
)
def test_a_bad_request_names_the_fix_and_sends_nothing(
    scripted: Shell, service: ScriptedService, line: str, said: str
) -> None:
    Path("notes.txt").write_text("not a picture")
    done = scripted(f"video create {line}")
    assert done.code == 2, done.stderr
    assert said in done.stderr
    assert done.stderr.startswith("error: ")
    assert "hint: " in done.stderr
    assert done.stdout == ""
    assert service.asked == []


def test_a_retired_model_is_sent_after_a_warning(scripted: Shell, service: ScriptedService) -> None:
    service.on("POST", error(404, "ModelNotOpen", "The model is not open."))
    done = scripted('video create "a fox" -m seedance-1.5-pro')
    assert done.code == 3
    assert "2026-11-11" in done.stderr
    assert "seedance-2-0-mini" in done.stderr
    assert len(service.asked_by("POST")) == 1


@pytest.mark.parametrize(
    ("reply", "code", "said"),
    [
        (error(400, "InvalidParameter.Ratio", "bad ratio"), 2, "bad ratio"),
        (error(400, "InputTextSensitiveContentDetected", "not that"), 10, "moderation"),
        (error(401, "AuthenticationError", "who?"), 3, "API key"),
        (error(403, "AccountOverdueError", "pay"), 4, "overdue"),
        (error(403, "AccessDenied", "no"), 3, "permissions"),
        (error(404, "ModelNotOpen", "closed"), 3, "activate"),
        (error(404, "NotFound.Asset", "no asset"), 2, "no asset"),
        (Reply(404, b"<html>no such page</html>"), 2, "check base_url"),
        (Reply(307, headers={"location": "https://elsewhere.example/"}), 7, "redirects"),
        (Reply(413, b"<html>too large</html>"), 2, "413"),
    ],
)
def test_a_refusal_costs_nothing_and_says_so(
    scripted: Shell, service: ScriptedService, reply: Reply, code: int, said: str
) -> None:
    service.on("POST", reply)
    done = scripted('video create "a fox" --json')
    assert done.code == code
    assert said in done.stderr
    assert "nothing was charged" in done.stderr
    assert done.json["error"]["exit_code"] == code
    assert done.json["error"]["request_id"] == "req-1"
    assert len(service.asked_by("POST")) == 1


@pytest.mark.parametrize(
    "reply",
    [
        DROP,
        error(500, "InternalServiceError"),
        Reply(502, b"<html>bad gateway</html>"),
        Reply(200, b"<html>log in first</html>"),
        Reply(200, b'{"id": "cgt-1'),
        Reply(200, {"no": "id"}),
        Reply(200, b"[]"),
    ],
)
def test_a_lost_answer_is_never_sent_again(
    scripted: Shell, service: ScriptedService, reply: Reply
) -> None:
    service.on("POST", reply)
    done = scripted('video create "a fox"')
    assert done.code in (6, 7)
    assert "whether this was charged is not known" in done.stderr
    assert len(service.asked_by("POST")) == 1
    service.on("GET", Reply(body={"total": 0, "items": []}))
    (row,) = scripted("video list --json").json["items"]
    assert row["status"] == "unknown"


def test_a_throttled_create_waits_as_asked_and_is_sent_again(
    scripted: Shell, service: ScriptedService
) -> None:
    making(service)
    busy = error(429, "RequestBurstTooFast", "slow down", retry_after="7")
    service.on("POST", busy, busy, ACCEPTED)
    done = scripted('video create "a fox" --no-wait')
    assert done.code == 0
    assert len(service.asked_by("POST")) == 3
    assert all(seconds >= 7 for seconds in done.slept)
    assert "trying again in" in done.stderr


@pytest.mark.parametrize(
    "look", [error(401, "AuthenticationError"), error(400, "InvalidParameter")]
)
def test_a_refused_look_is_not_the_end_of_the_task(
    scripted: Shell, service: ScriptedService, look: Reply
) -> None:
    service.on("POST", ACCEPTED)
    service.on("GET", look)
    done = scripted('video create "a fox"')
    assert done.code == 5
    assert f"byteplus video get {ID} --wait" in done.stderr
    assert "charged when it succeeds" in done.stderr


def test_a_create_throttled_for_good_is_given_up(scripted: Shell, service: ScriptedService) -> None:
    service.on("POST", error(429, "QuotaExceeded", "enough"))
    done = scripted('video create "a fox"')
    assert done.code == 4
    assert len(service.asked_by("POST")) == 6
    assert "nothing was charged" in done.stderr


def test_a_refused_connection_is_tried_again_and_then_given_up(byteplus: Shell) -> None:
    byteplus.env.update(ARK_BASE_URL="http://127.0.0.1:9/api/v3", ARK_API_KEY="key-for-tests")
    done = byteplus('video create "a fox"')
    assert done.code == 6
    assert "refuses connections" in done.stderr
    assert "nothing was charged" in done.stderr


def test_without_a_key_two_ways_on_are_named(byteplus: Shell) -> None:
    done = byteplus('video create "a fox"')
    assert done.code == 3
    assert "byteplus config set api_key" in done.stderr
    assert "sandbox" in done.stderr


def test_a_stored_key_is_not_sent_to_another_host(byteplus: Shell) -> None:
    byteplus("config set api_key", stdin="stored-key-12345678\n")
    done = byteplus('video create "a fox"', env={"ARK_BASE_URL": "https://other.example/v3"})
    assert done.code == 3
    assert "own host" in done.stderr


def test_the_wait_survives_trouble_and_says_so(scripted: Shell, service: ScriptedService) -> None:
    service.on("POST", ACCEPTED)
    service.on(
        "GET",
        error(429, "AccountRateLimitExceeded", retry_after="3"),
        error(503, "InternalServiceError"),
        DROP,
        Reply(200, b"<html>maintenance</html>"),
        task(ID, "pondering"),
        finished(service),
    )
    done = scripted('video create "a fox"')
    assert done.code == 0, done.stderr
    assert "turning requests away" in done.stderr
    assert "pondering" in done.stderr


@pytest.mark.parametrize(
    ("status", "reason", "code"),
    [
        ("failed", {"code": "InternalServiceError", "message": "broke"}, 9),
        ("failed", {"code": "OutputVideoSensitiveContentDetected", "message": "no"}, 10),
        ("expired", None, 9),
        ("cancelled", None, 9),
    ],
)
def test_a_task_that_ends_badly_is_an_error(
    scripted: Shell, service: ScriptedService, status: str, reason: object, code: int
) -> None:
    service.on("POST", ACCEPTED)
    service.on("GET", task(ID, status, error=reason))
    done = scripted('video create "a fox" --json')
    assert done.code == code
    assert done.json["error"]["task_id"] == ID
    assert "nothing was charged" in done.stderr


def test_a_timeout_leaves_the_task_and_prints_how_to_go_on(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", ACCEPTED)
    service.on("GET", task(ID, "running"))
    done = scripted('video create "a fox" --timeout 1')
    assert done.code == 5
    assert f"hint: byteplus video get {ID} --wait" in done.stderr


def test_a_clip_that_is_not_whole_is_not_saved(scripted: Shell, service: ScriptedService) -> None:
    service.on("POST", ACCEPTED)
    service.on("GET", finished(service, clips.clip()[:-500]))
    done = scripted('video create "a fox" -o fox.mp4')
    assert done.code == 11
    assert not Path("fox.mp4").exists()
    assert f"byteplus video get {ID}" in done.stderr
    assert "was charged" in done.stderr


def test_a_file_of_the_user_is_never_replaced_unasked(
    scripted: Shell, service: ScriptedService
) -> None:
    making(service)
    Path("fox.mp4").write_text("mine")
    done = scripted('video create "a fox" -o fox.mp4')
    assert done.stdout == "fox-2.mp4\n"
    assert "warning: there is another fox.mp4, so this is fox-2.mp4" in done.stderr
    assert Path("fox.mp4").read_text() == "mine"
    assert scripted("video get @last --wait -o fox.mp4 --overwrite").stdout == "fox.mp4\n"
    assert Path("fox.mp4").read_bytes() == clips.clip()


def test_verbose_tells_of_requests_and_never_of_the_key(
    scripted: Shell, service: ScriptedService
) -> None:
    making(service)
    done = scripted('video create "a fox" -v')
    assert "POST" in done.stderr
    assert "key-for-tests" not in done.stderr
