"""`byteplus avatar omnihuman`: a portrait that speaks, through the Vision API's own manners."""

from __future__ import annotations

import calendar
import json
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

import clips
from byteplus_cli.generation import clip
from clips import wav
from conftest import Shell, started
from service import DROP, Asked, Reply, ScriptedService
from signing import Signer

ID = "7423695716042346501"  # beyond what a double holds
FACE, VOICE = "https://x.example/face.jpg", "https://x.example/voice.mp3"
LINE = f"avatar omnihuman --image {FACE} --audio {VOICE}"
ACCESS, SECRET = "access-key-for-tests", "secret-key-for-tests"
OMNI = "realman_avatar_picture_omni15_cv"


def ok(**data: Any) -> Reply:
    return Reply(body={"code": 10000, "message": "Success", "data": data, "request_id": "req-9"})


def refused(code: int, status: int = 400, words: str = "no") -> Reply:
    body = {"code": code, "message": words, "data": None, "request_id": "req-9"}
    return Reply(status, body)


def barred(code: str, status: int) -> Reply:
    error = {"Code": code, "Message": "no"}
    return Reply(status, {"ResponseMetadata": {"RequestId": "req-9", "Error": error}})


def looked(status: str, **packed: Any) -> Reply:
    return ok(status=status, resp_data=json.dumps(packed) if packed else "")


def done(service: ScriptedService) -> Reply:
    return looked("done", video_url=service.file("avatar.mp4", clips.clip(sound=True)))


class Vision(ScriptedService):
    """Answers each action from a list of its own; the last answer stays."""

    def __init__(self) -> None:
        super().__init__()
        self.actions: dict[str, list[Reply]] = {"CVSubmitTask": [ok(task_id=ID)]}

    def answer(self, asked: Asked) -> Reply:
        action = asked.path.partition("Action=")[2].partition("&")[0]
        if not action:
            return super().answer(asked)
        self.asked.append(asked)
        left = self.actions.get(action) or [barred("InvalidActionOrVersion", 404)]
        return left.pop(0) if len(left) > 1 else left[0]

    def calls(self, action: str) -> list[Asked]:
        return [asked for asked in self.asked if f"Action={action}&" in asked.path]


@pytest.fixture
def service():
    vision = Vision()
    yield vision
    vision.stop()


@pytest.fixture
def vision(byteplus: Shell, service: Vision) -> Shell:
    """A command line that talks to the scripted Vision API."""
    byteplus.env.update(
        BYTEPLUS_VISION_URL=service.root,
        BYTEPLUS_ACCESS_KEY=ACCESS,
        BYTEPLUS_SECRET_KEY=SECRET,
    )
    return byteplus


def test_a_portrait_and_a_sound_become_a_saved_video(vision: Shell, service: Vision) -> None:
    service.actions["CVGetResult"] = [looked("in_queue"), looked("generating"), done(service)]
    ran = vision(f"{LINE} -o hello.mp4")
    assert ran.code == 0, ran.stderr
    assert ran.lines == ["hello.mp4"]
    assert Path("hello.mp4").read_bytes() == clips.clip(sound=True)
    assert f"submitted {ID}" in ran.stderr
    assert "queued" in ran.stderr
    assert "running" in ran.stderr
    assert "$0.120" in ran.stderr  # one second, known from the video alone


def test_the_body_holds_what_was_set_and_nothing_else(vision: Shell, service: Vision) -> None:
    vision(f"{LINE} --no-wait")
    (sent,) = service.calls("CVSubmitTask")
    assert sent.json == {"req_key": OMNI, "image_url": FACE, "audio_url": VOICE}
    service.asked.clear()
    masks = "--mask-url https://x.example/a.png --mask-url https://x.example/b.png"
    vision(f"{LINE} --prompt 'she nods' --seed 7 --resolution 720 --fast {masks} --no-wait")
    (sent,) = service.calls("CVSubmitTask")
    assert sent.json == {
        "req_key": OMNI,
        "image_url": FACE,
        "audio_url": VOICE,
        "mask_url": "https://x.example/a.png;https://x.example/b.png",
        "prompt": "she nods",
        "seed": 7,
        "output_resolution": 720,
        "pe_fast_mode": True,
    }


def test_the_lines_may_be_written_as_those_of_clips(vision: Shell, service: Vision) -> None:
    for written in ("720", "720p"):
        ran = vision(f"{LINE} --resolution {written} --dry-run --json")
        assert ran.json["request"]["output_resolution"] == 720, ran.stderr
    ran = vision(f"{LINE} --resolution hd --dry-run")
    assert (ran.code, ran.stderr.splitlines()[1]) == (2, "hint: 720 or 1080")


def test_an_id_that_comes_twice_is_told_in_words(vision: Shell, service: Vision) -> None:
    assert vision(f"{LINE} --no-wait").code == 0
    ran = vision(f"{LINE} -p default --no-wait", env={"BYTEPLUS_PROFILE": "default"})
    assert f"the service gave the new task an id that another one here has: {ID}" in ran.stderr
    assert f"hint: byteplus avatar get {ID} -p default" in ran.stderr


def test_the_older_model_has_another_key(vision: Shell, service: Vision) -> None:
    service.actions["CVGetResult"] = [done(service)]
    assert vision(f"{LINE} --model 1.0").code == 0
    keys = [asked.json["req_key"] for asked in service.asked if "Action" in asked.path]
    assert set(keys) == {"realman_avatar_picture_omni_cv"}


def test_every_request_is_signed_as_the_service_verifies_it(vision: Shell, service: Vision) -> None:
    service.actions["CVGetResult"] = [done(service)]
    vision(f"{LINE} --prompt 'naïve 你好'")
    calls = [asked for asked in service.asked if "Action" in asked.path]
    assert len(calls) == 2
    signer = Signer(ACCESS, SECRET, region="ap-singapore-1", service="cv")
    for asked in calls:
        at = time.strptime(asked.headers["x-date"], "%Y%m%dT%H%M%SZ")
        # What is signed besides the date and the body: these, and no more.
        signed = {name: asked.headers[name] for name in ("content-type", "host")}
        expected = signer.headers(
            asked.method, asked.path, asked.body, calendar.timegm(at), **signed
        )
        assert asked.headers["authorization"] == expected["authorization"]
        assert abs(calendar.timegm(at) - time.time()) < 60


def test_netrc_and_the_files_of_another_tool_are_left_out(
    vision: Shell, service: Vision, tmp_path: Path
) -> None:
    home = tmp_path / "me"
    (home / ".byteplus").mkdir(parents=True)
    (home / ".byteplus" / "config").write_text("not JSON at all")
    (home / ".netrc").write_text("default login somebody password something\n")
    (home / ".netrc").chmod(0o600)
    process = started(Shell(vision.home, {**vision.env, "HOME": str(home)}), f"{LINE} --no-wait")
    stdout, said = process.communicate()
    assert (process.returncode, stdout) == (0, f"{ID}\n"), said
    (sent,) = service.calls("CVSubmitTask")
    assert sent.headers["authorization"].startswith("HMAC-SHA256 Credential=access-key-for-tests/")


def test_json_is_a_document_with_the_id_as_text(vision: Shell, service: Vision) -> None:
    service.actions["CVGetResult"] = [done(service)]
    document = vision(f"{LINE} --json").json
    assert document["id"] == ID
    assert (document["kind"], document["model"]) == ("avatar", "omnihuman-1.5")
    assert document["status"] == "succeeded"
    assert document["cost"]["actual_usd"] == "0.120"
    assert document["files"][0]["role"] == "video"


def test_the_link_may_stand_in_the_data_itself(vision: Shell, service: Vision) -> None:
    link = service.file("avatar.mp4", clips.clip())
    service.actions["CVGetResult"] = [ok(status="done", video_url=link)]
    assert vision(LINE).code == 0


def test_done_without_a_video_is_a_failure(vision: Shell, service: Vision) -> None:
    service.actions["CVGetResult"] = [looked("done")]
    ran = vision(LINE)
    assert ran.code == 9
    assert "names no video" in ran.stderr
    assert "whether this was charged is not known" in ran.stderr


@pytest.mark.parametrize(
    ("status", "code"), [("expired", 9), ("canceled", 9), ("not_found", 8), ("cancelled", 9)]
)
def test_each_way_of_ending_has_its_exit_code(
    vision: Shell, service: Vision, status: str, code: int
) -> None:
    service.actions["CVGetResult"] = [looked(status)]
    assert vision(LINE).code == code


def test_an_unknown_status_is_shown_and_waited_through(vision: Shell, service: Vision) -> None:
    service.actions["CVGetResult"] = [looked("pondering"), done(service)]
    ran = vision(LINE)
    assert ran.code == 0
    assert "pondering" in ran.stderr


# --- Codes --------------------------------------------------------------------------------------

SUBMITTED = [
    (50411, 400, 10),
    (50412, 400, 10),
    (50413, 400, 10),
    (50513, 400, 10),
    (50514, 400, 10),
    (50518, 400, 10),
    (50511, 400, 10),
    (50512, 400, 10),
    (50516, 400, 10),
    (50517, 400, 10),
    (50519, 400, 10),
    (50218, 400, 10),
    (50520, 400, 7),
    (50521, 400, 7),
    (50522, 400, 7),
    (50215, 400, 2),
    (50217, 400, 9),
    (50220, 400, 2),
    (50200, 400, 2),
    (50204, 400, 2),
    (50400, 400, 3),
    (50429, 429, 4),
    (50500, 500, 7),
    (50501, 500, 7),
    (59999, 400, 2),
    (50599, 500, 7),
]


@pytest.mark.parametrize(("code", "status", "exit_code"), SUBMITTED)
def test_each_code_of_the_service_means_something(
    vision: Shell, service: Vision, code: int, status: int, exit_code: int
) -> None:
    service.actions["CVSubmitTask"] = [refused(code, status, "the server's words")]
    ran = vision(f"{LINE} --json")
    assert ran.code == exit_code, ran.stderr
    assert ran.json["error"]["code"] == str(code)
    assert ran.json["error"]["request_id"] == "req-9"
    assert "the server's words" in ran.stderr
    sent = len(service.calls("CVSubmitTask"))
    assert sent == (6 if exit_code == 4 else 1)
    charged = "not known" if exit_code == 7 else "nothing was charged"
    assert charged in ran.stderr


GATEWAY = [
    ("MissingAuthenticationToken", 401, 3),
    ("MissingSignature", 401, 3),
    ("InvalidAccessKey", 401, 3),
    ("SignatureDoesNotMatch", 401, 3),
    ("InvalidSecretToken", 401, 3),
    ("InvalidTimestamp", 400, 3),
    ("InvalidAuthorization", 400, 3),
    ("InvalidCredential", 400, 3),
    ("MissingRequestInfo", 400, 2),
    ("MissingParameter", 400, 2),
    ("ServiceNotFound", 404, 2),
    ("InvalidActionOrVersion", 404, 2),
    ("LackPolicy", 403, 3),
    ("AccessDenied", 403, 3),
    ("FlowLimitExceeded", 429, 4),
    ("InternalError", 500, 7),
    ("FailToConnect", 502, 7),
    ("InternalServiceError", 502, 7),
    ("ServiceUnavailableTemp", 503, 7),
    ("InternalServiceTimeout", 504, 7),
    ("SomethingNew", 403, 3),
    ("SomethingElse", 418, 2),
]


@pytest.mark.parametrize(("code", "status", "exit_code"), GATEWAY)
def test_each_code_of_the_gateway_means_something(
    vision: Shell, service: Vision, code: str, status: int, exit_code: int
) -> None:
    service.actions["CVSubmitTask"] = [barred(code, status)]
    ran = vision(f"{LINE} --json")
    assert ran.code == exit_code, ran.stderr
    assert ran.json["error"]["code"] == code
    assert SECRET not in ran.stdout + ran.stderr


def test_a_clock_that_is_off_is_called_that(vision: Shell, service: Vision) -> None:
    service.actions["CVSubmitTask"] = [barred("InvalidTimestamp", 400)]
    ran = vision(LINE)
    assert "this machine's clock is off" in ran.stderr
    assert "hint: set the clock" in ran.stderr


@pytest.mark.parametrize(("code", "exit_code"), [(50411, 10), (50215, 9), (50511, 10), (50220, 9)])
def test_a_code_at_a_look_is_how_the_task_ended(
    vision: Shell, service: Vision, code: int, exit_code: int
) -> None:
    service.actions["CVGetResult"] = [looked("generating"), refused(code)]
    ran = vision(f"{LINE} --json")
    assert ran.code == exit_code, ran.stderr
    assert ran.json["error"]["code"] == str(code)
    assert vision("avatar get @last --json").json["status"] == "failed"


@pytest.mark.parametrize(
    "trouble",
    [
        refused(50429, 429),
        refused(50500, 500),
        barred("InternalServiceTimeout", 504),
        Reply(502, b"<html>bad gateway</html>"),
        Reply(200, b"<html>log in first</html>"),
        Reply(200, b'{"code": 1'),
        DROP,
    ],
)
def test_a_look_that_fails_for_a_while_ends_no_wait(
    vision: Shell, service: Vision, trouble: Reply
) -> None:
    service.actions["CVGetResult"] = [trouble, trouble, done(service)]
    ran = vision(LINE)
    assert ran.code == 0, ran.stderr


@pytest.mark.parametrize(
    "lost",
    [
        DROP,
        Reply(500, b""),
        Reply(502, b"<html>bad gateway</html>"),
        Reply(200, b"<html>log in first</html>"),
        Reply(200, b"[1]"),
        Reply(200, b"404"),
        Reply(200, b"null"),
        ok(),
        ok(task_id="../x"),
        refused(50500, 500),
    ],
    ids=range(10),
)
def test_an_unanswered_submit_is_not_sent_again_and_honestly_told(
    vision: Shell, service: Vision, lost: Reply
) -> None:
    service.actions["CVSubmitTask"] = [lost]
    ran = vision(LINE)
    assert ran.code in (6, 7), ran.stderr
    assert "whether this was charged is not known" in ran.stderr
    assert "keeps no list of avatars" in ran.stderr
    assert len(service.calls("CVSubmitTask")) == 1
    told = vision("rescue")
    if told.code:  # it is told once, when nobody can be waiting for the answer any more
        assert "cannot be followed any more" in told.stderr
        assert vision("rescue").stderr == ""


def test_a_redirect_is_not_followed(vision: Shell, service: Vision) -> None:
    service.actions["CVSubmitTask"] = [Reply(302, headers={"location": "https://x.example/"})]
    ran = vision(LINE)
    assert ran.code == 7
    assert "redirects elsewhere" in ran.stderr
    assert "nothing was charged" in ran.stderr


def test_a_closed_port_is_said_and_nothing_was_charged(vision: Shell) -> None:
    ran = vision(LINE, env={"BYTEPLUS_VISION_URL": "http://127.0.0.1:9"})
    assert ran.code == 6
    assert "refuses connections" in ran.stderr
    assert "nothing was charged" in ran.stderr


# --- One at a time ------------------------------------------------------------------------------


def test_others_come_first_and_the_turn_is_waited_for(vision: Shell, service: Vision) -> None:
    busy = [refused(50430, 429)] * 9
    service.actions["CVSubmitTask"] = [*busy, ok(task_id=ID)]
    service.actions["CVGetResult"] = [done(service)]
    ran = vision(LINE)
    assert ran.code == 0, ran.stderr
    assert "another avatar is being made" in ran.stderr
    assert len(service.calls("CVSubmitTask")) == 10


def test_with_no_wait_the_turn_is_not_waited_for_long(vision: Shell, service: Vision) -> None:
    service.actions["CVSubmitTask"] = [refused(50430, 429)]
    ran = vision(f"{LINE} --no-wait")
    assert ran.code == 4
    assert len(service.calls("CVSubmitTask")) == 6


def test_a_turn_that_does_not_come_in_time_is_given_up(vision: Shell, service: Vision) -> None:
    service.actions["CVSubmitTask"] = [refused(50430, 429)]
    ran = vision(f"{LINE} --timeout 2m")
    assert ran.code == 4
    assert "nothing was charged" in ran.stderr
    assert sum(ran.slept) > 100


# --- Tasks --------------------------------------------------------------------------------------


def test_get_goes_on_and_saves(vision: Shell, service: Vision) -> None:
    vision(f"{LINE} --no-wait -o hello.mp4")
    service.actions["CVGetResult"] = [looked("generating"), looked("generating"), done(service)]
    card = vision("avatar get @last")
    assert "running" in card.stdout
    assert vision("avatar get @last --wait").lines == ["hello.mp4"]


def test_a_task_of_another_machine_is_looked_for_with_both_models(
    vision: Shell, service: Vision
) -> None:
    service.actions["CVGetResult"] = [looked("not_found"), done(service)]
    ran = vision(f"avatar get {ID} --json")
    assert ran.code == 0, ran.stderr
    keys = [asked.json["req_key"] for asked in service.calls("CVGetResult")]
    assert keys[:2] == [OMNI, "realman_avatar_picture_omni_cv"]


def test_a_record_that_is_gone_is_said_plainly(vision: Shell, service: Vision) -> None:
    vision(f"{LINE} --no-wait")
    service.actions["CVGetResult"] = [looked("not_found")]
    ran = vision("avatar get @last")
    assert ran.code == 8
    assert "known for 12 hours" in ran.stderr


def test_cancel_is_for_what_is_queued(vision: Shell, service: Vision) -> None:
    vision(f"{LINE} --no-wait")
    service.actions["CVGetResult"] = [looked("in_queue"), looked("canceled")]
    service.actions["CVCancelTask"] = [ok()]
    assert vision("avatar cancel @last").lines == [ID]
    (sent,) = service.calls("CVCancelTask")
    assert sent.json == {"req_key": OMNI, "task_id": ID}


def test_a_refused_cancel_is_not_a_cancellation(vision: Shell, service: Vision) -> None:
    vision(f"{LINE} --no-wait")
    service.actions["CVGetResult"] = [looked("in_queue")]
    service.actions["CVCancelTask"] = [refused(50217)]
    assert vision("avatar cancel @last").code == 9
    service.actions["CVGetResult"] = [looked("generating")]
    assert vision("avatar cancel @last").code == 9
    assert len(service.calls("CVCancelTask")) == 1


def test_rescue_saves_avatars_before_clips(vision: Shell, service: Vision) -> None:
    vision(f"{LINE} --no-wait -o hello.mp4")
    service.actions["CVGetResult"] = [done(service)]
    ran = vision("rescue")
    assert (ran.code, ran.lines) == (0, ["hello.mp4"]), ran.stderr
    assert "its link: 59m left" in ran.stderr
    assert vision("rescue").stderr == ""


def test_rescue_of_clips_goes_on_without_keys_for_avatars(vision: Shell, service: Vision) -> None:
    vision(f"{LINE} --no-wait")
    without = {name: vision.env[name] for name in vision.env if "KEY" not in name}
    service.on("POST", Reply(body={"id": "cgt-20261121101530-ab12c"}))
    link = service.file("clip.mp4", clips.clip())
    look = {"id": "cgt-20261121101530-ab12c", "status": "succeeded"}
    service.on("GET", Reply(body={**look, "content": {"video_url": link}}))
    ark = {"ARK_BASE_URL": service.base_url, "ARK_API_KEY": "key-for-tests-1234"}
    clip_only = Shell(vision.home, {**without, **ark})
    assert clip_only("video create fox --no-wait").code == 0
    ran = clip_only("rescue")
    assert (ran.code, ran.lines) == (12, ["fox-530ab12c.mp4"])
    assert "no access key" in ran.stderr


def test_rescue_gives_an_avatar_up_after_its_twelve_hours(vision: Shell, service: Vision) -> None:
    vision(f"{LINE} --no-wait")
    service.actions["CVGetResult"] = [looked("not_found")]
    assert vision("rescue").code == 12
    raw = sqlite3.connect(Path(vision.env["BYTEPLUS_STATE_DIR"]) / "ledger.db")
    with raw:
        raw.execute("UPDATE tasks SET created_at = created_at - 46800")
    raw.close()
    ran = vision("rescue")
    assert ran.code == 8
    assert f"{ID} cannot be saved any more" in ran.stderr
    assert vision("rescue").stderr == ""


def test_without_keys_each_is_named(byteplus: Shell) -> None:
    ran = byteplus(LINE)
    assert ran.code == 3
    assert "byteplus config set access_key" in ran.stderr
    ran = byteplus(LINE, env={"BYTEPLUS_ACCESS_KEY": ACCESS})
    assert "byteplus config set secret_key" in ran.stderr


def test_stored_keys_are_not_sent_to_another_host(byteplus: Shell) -> None:
    byteplus("config set access_key", stdin=f"{ACCESS}\n")
    byteplus("config set secret_key", stdin=f"{SECRET}\n")
    ran = byteplus(LINE, env={"BYTEPLUS_VISION_URL": "https://other.example"})
    assert ran.code == 3
    assert "own host" in ran.stderr


# --- Before anything is sent --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--model 2.0", "1.5 and 1.0"),
        ("--model 1.0 --prompt x", "does not take --prompt"),
        ("--model 1.0 --mask-index 0", "does not take --mask-index"),
        ("--model 1.0 --resolution 720", "does not take --resolution"),
        ("--resolution 480", "720 or 1080"),
        ("--seed -9", "--seed"),
        ("--mask-index 5", "0 is the largest"),
        ("--mask-index 1 --mask-index 1", "twice"),
        ("--mask-index 0 --mask-url https://x.example/a.png", "cannot stand"),
        ("--mask-url mask.png", "is not a link"),
        ("--max-cost nan", "not an amount"),
    ],
)
def test_a_bad_request_names_the_fix_and_sends_nothing(
    vision: Shell, service: Vision, options: str, said: str
) -> None:
    ran = vision(f"{LINE} {options}")
    assert ran.code == 2, ran.stderr
    assert said in ran.stderr
    assert "hint: " in ran.stderr
    assert service.asked == []


@pytest.mark.parametrize(
    ("image", "audio", "said"),
    [
        ("nowhere.jpg", VOICE, "no such file"),
        ("notes.txt", VOICE, "jpeg, png"),
        ("big.png", VOICE, "4095"),
        ("data:image/png;base64,xx", VOICE, "not taken"),
        ("asset://face-1", VOICE, "asset"),
        (FACE, "nowhere.mp3", "no such file"),
        (FACE, "notes.txt", "mp3, wav"),
        (FACE, "long.wav", "under 60 s"),
        (FACE, "''", "empty"),
    ],
)
def test_inputs_are_checked_before_they_leave(
    vision: Shell, service: Vision, image: str, audio: str, said: str
) -> None:
    Path("notes.txt").write_text("no picture")
    Path("big.png").write_bytes(clips.picture(4096, 100, codec="png"))
    Path("long.wav").write_bytes(wav(61))
    ran = vision(f"avatar omnihuman --image {image} --audio {audio}")
    assert ran.code == 2, ran.stderr
    assert said in ran.stderr
    assert service.asked == []


@pytest.mark.parametrize(
    ("seconds", "options", "usd", "said"),
    [
        (10, "", "1.200", None),
        (20, "", "2.400", "15 s come out best"),
        (40, "", "4.800", "may fail at 1080"),
        (40, "--resolution 720", "4.800", "15 s come out best"),
    ],
)
def test_the_price_is_told_by_the_second_before_anything_is_sent(
    vision: Shell, service: Vision, seconds: int, options: str, usd: str, said: str | None
) -> None:
    Path("voice.wav").write_bytes(wav(seconds))
    ran = vision(f"avatar omnihuman -i {FACE} -a voice.wav {options} --dry-run --json")
    assert ran.code == 0, ran.stderr
    assert ran.json["estimate"]["usd_high"] == usd
    assert ran.json["request"]["audio_url"] == "(upload of voice.wav)"
    assert (said or "") in ran.stderr
    assert ("warning" in ran.stderr) is (said is not None)
    refused = vision(f"avatar omnihuman -i {FACE} -a voice.wav {options} --max-cost 0.10")
    assert refused.code == 13
    assert service.asked == []


# --- From files of this machine, in the sandbox -------------------------------------------------


@pytest.fixture
def studio(sandbox: Shell) -> Shell:
    """The sandbox, with a portrait and a sound."""
    Path("portrait.jpg").write_bytes(clips.picture(600, 800))
    Path("hello.wav").write_bytes(wav(2))
    return sandbox


FILES = "avatar omnihuman --image portrait.jpg --audio hello.wav"


def stored(studio: Shell) -> list[str]:
    """The objects that are in the sandbox's storage."""
    folder = Path(studio.env["BYTEPLUS_STATE_DIR"]) / "sandbox" / "storage"
    return sorted(path.parent.name for path in folder.rglob("content"))


def test_two_files_become_a_speaking_video_with_no_set_up(studio: Shell) -> None:
    ran = studio(f"{FILES} --json")
    assert ran.code == 0, ran.stderr
    (file,) = ran.json["files"]
    assert file["path"].startswith("portrait-")
    seen = clip.probe(Path(file["path"]))
    assert (seen.width, seen.height, seen.audio) == (1080, 1920, True)
    assert abs(seen.seconds - 2) < 0.1
    assert ran.json["cost"] == {"estimated_usd": "0.240", "actual_usd": "0.240"}
    assert "uploading portrait.jpg" in ran.stderr
    assert stored(studio) == []


def test_uploads_stay_when_asked_and_are_not_sent_twice(studio: Shell) -> None:
    assert studio(f"{FILES} --keep").code == 0
    kept = stored(studio)
    assert len(kept) > 0
    again = studio(f"{FILES} --keep --resolution 720")
    assert "portrait.jpg is in storage already" in again.stderr
    assert stored(studio) == kept


def test_uploads_of_a_run_that_did_not_wait_go_when_it_is_saved(studio: Shell) -> None:
    studio(f"{FILES} --no-wait")
    assert stored(studio) != []
    assert studio("avatar get @last --wait").code == 0
    assert stored(studio) == []


def test_the_ledger_keeps_checksums_and_no_links(studio: Shell) -> None:
    studio(FILES)
    state = Path(studio.env["BYTEPLUS_STATE_DIR"])
    kept = b"".join(path.read_bytes() for path in state.glob("ledger.db*"))
    assert b"X-Amz-Signature" not in kept
    assert b"portrait.jpg" in kept


def test_who_speaks_is_chosen_by_size(studio: Shell) -> None:
    assert studio(f"{FILES} --mask-index 1 --resolution 720 -o one.mp4").lines == ["one.mp4"]
    ran = studio(f"{FILES} --mask-index 4")
    assert ran.code == 2
    assert "the picture has 2 subjects" in ran.stderr
    assert stored(studio) == []
    assert len(studio("rescue --dry-run --json").json["ready"]) == 0


def test_subjects_are_saved_numbered_with_their_share(studio: Shell) -> None:
    ran = studio("avatar subjects --image portrait.jpg -o masks/ --json")
    assert ran.code == 0, ran.stderr
    assert [item["index"] for item in ran.json["items"]] == [0, 1]
    shares = [item["share"] for item in ran.json["items"]]
    assert shares == sorted(shares, reverse=True)
    assert all(clip.picture(Path(item["path"])).format == "png" for item in ran.json["items"])
    assert stored(studio) == []


def test_a_picture_made_here_can_speak(studio: Shell) -> None:
    assert studio("image gen 'a portrait' --size 1K -q").code == 0
    ran = studio("avatar omnihuman -i @last -a hello.wav")
    assert ran.code == 0, ran.stderr
    assert "uploading hello.wav" in ran.stderr
    assert ".jpg" not in ran.stderr


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("[[refuse:50411]]", 10),
        ("[[refuse:50400]]", 3),
        ("[[fail:50215]]", 9),
        ("[[fail:50511]]", 10),
        ("[[empty]]", 9),
        ("[[look:502]]", 0),
        ("[[cut]]", 0),
        ("[[stale]]", 0),
    ],
)
def test_outcomes_can_be_scripted(studio: Shell, script: str, code: int) -> None:
    ran = studio(f"{FILES} --prompt 'she nods {script} [[slow:0]]'")
    assert ran.code == code, ran.stderr


def test_two_at_once_take_turns(studio: Shell) -> None:
    first = started(studio, FILES)
    second = started(studio, f"{FILES} --resolution 720")
    said = [run.communicate()[1] for run in (first, second)]
    assert [run.returncode for run in (first, second)] == [0, 0], said
    assert len(list(Path.cwd().glob("portrait-*.mp4"))) == 2


def test_without_storage_the_lines_that_set_it_up_are_told(vision: Shell, service: Vision) -> None:
    Path("portrait.jpg").write_bytes(clips.picture(600, 800))
    ran = vision(f"avatar omnihuman -i portrait.jpg -a {VOICE}")
    assert ran.code == 2
    assert "byteplus config set storage.url s3://BUCKET/FOLDER" in ran.stderr
    assert "byteplus config set storage.access_key" in ran.stderr
    assert "byteplus config set storage.secret_key" in ran.stderr
    assert service.asked == []
