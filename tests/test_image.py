"""`byteplus image gen`: from a prompt to pictures on the disk, each saved as it is made."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import sqlite3
import threading
import time
from itertools import pairwise
from pathlib import Path

import pytest

from byteplus_cli.generation import clip
from byteplus_cli.generation.ledger import Ledger
from conftest import Shell, started
from disks import fill, small_disk
from pictures import (
    DONE,
    EVENTS,
    completed,
    content,
    digest,
    event,
    events,
    fetched,
    item,
    link,
    packed,
    refusal,
    sent,
    streamed,
    whole,
)
from service import DROP, Reply, ScriptedService, error


def names() -> list[str]:
    return sorted(path.name for path in Path.cwd().iterdir() if path.suffix != ".part")


def numbered(lines: list[str]) -> list[int]:
    return [int(re.search(r"-(\d+)\.jpg$", line)[1]) for line in lines]  # type: ignore[index]


def test_a_prompt_becomes_a_saved_picture_and_its_path(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", streamed(item(service, 1)))
    done = scripted('image gen "a red fox"')
    assert done.code == 0, done.stderr
    (name,) = done.lines
    assert re.fullmatch(r"a-red-fox-[0-9a-z]{8}\.jpg", name)
    assert Path(name).read_bytes() == content(1)
    assert "seedream-4-0-250828, 2K, about $0.030" in done.stderr
    assert "saved, 401x300" in done.stderr
    assert "$0.030 for 1 picture" in done.stderr


def test_a_set_is_saved_one_by_one_in_order(scripted: Shell, service: ScriptedService) -> None:
    service.on("POST", streamed(*(item(service, n) for n in (1, 2, 3))))
    done = scripted('image gen "cats" --count 3 -o cats/')
    assert done.code == 0, done.stderr
    assert numbered(done.lines) == [1, 2, 3]
    assert [Path(line).read_bytes() for line in done.lines] == [content(n) for n in (1, 2, 3)]
    assert "3 of 3 pictures made" in done.stderr


def test_json_is_one_document_with_every_file(scripted: Shell, service: ScriptedService) -> None:
    service.on("POST", streamed(*(item(service, n) for n in (1, 2))))
    document = scripted('image gen "cats" --count 2 --json').json
    assert document["schema"] == "byteplus.image/1"
    assert (document["kind"], document["status"]) == ("image", "succeeded")
    assert [file["index"] for file in document["files"]] == [1, 2]
    assert [file["sha256"] for file in document["files"]] == [digest(1), digest(2)]
    assert document["files"][0]["format"] == "jpeg"
    assert document["cost"] == {"estimated_usd": None, "actual_usd": "0.060"}
    assert document["request_id"] == "req-1"


def test_quiet_leaves_the_paths_alone(scripted: Shell, service: ScriptedService) -> None:
    service.on("POST", streamed(item(service, 1)))
    done = scripted("image gen fox -q")
    assert done.stderr == ""
    assert len(done.lines) == 1


def test_the_type_comes_from_the_bytes(scripted: Shell, service: ScriptedService) -> None:
    url = link(service, 1, "picture.jpg", codec="png")
    service.on("POST", streamed({"url": url}))
    (name,) = scripted("image gen fox").lines
    assert name.endswith(".png")
    assert clip.picture(Path(name)).format == "png"


def test_a_name_that_was_given_stays_and_is_warned_of_before(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", streamed(item(service, 1)))
    done = scripted("image gen fox -o fox.png")
    assert done.lines == ["fox.png"]
    assert "warning: fox.png will hold a jpeg picture" in done.stderr


def test_a_name_that_ends_in_png_asks_for_one_where_the_model_makes_it(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", whole({"url": link(service, 1, codec="png")}))
    done = scripted("image gen fox -o fox.png -m seedream-5.0-pro")
    assert sent(service)["output_format"] == "png"
    assert done.lines == ["fox.png"]
    assert "warning" not in done.stderr


def test_a_file_of_the_user_is_never_replaced_unasked(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", streamed(item(service, 1)))
    Path("fox.jpg").write_text("mine")
    done = scripted("image gen fox -o fox.jpg")
    assert done.lines == ["fox-2.jpg"]
    assert "warning: there is another fox.jpg, so this is fox-2.jpg" in done.stderr
    assert Path("fox.jpg").read_text() == "mine"
    assert scripted("image gen fox -o fox.jpg --overwrite").lines == ["fox.jpg"]
    assert Path("fox.jpg").read_bytes() == content(1)


# --- What comes back ----------------------------------------------------------------------------


def test_a_picture_refused_in_the_middle_costs_only_that_one(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", streamed(item(service, 1), refusal(), item(service, 3)))
    done = scripted('image gen "cats" --count 3')
    assert done.code == 12
    assert numbered(done.lines) == [1, 3]
    assert "picture 2 was refused: not that (OutputImageSensitiveContentDetected)" in done.stderr
    assert "error: 1 picture refused, 2 saved" in done.stderr


def test_the_document_names_what_was_refused(scripted: Shell, service: ScriptedService) -> None:
    service.on("POST", streamed(item(service, 1), refusal("OutputImageRiskDetection")))
    done = scripted('image gen "cats" --count 2 --json')
    assert done.code == done.json["error"]["exit_code"] == 12
    assert [file["index"] for file in done.json["files"]] == [1]
    (refused,) = done.json["refused"]
    assert (refused["index"], refused["code"]) == (2, "OutputImageRiskDetection")
    assert done.json["cost"]["actual_usd"] == "0.030"


@pytest.mark.parametrize(
    "reply",
    [
        streamed(refusal(), refusal()),
        whole(refusal(), refusal()),
        Reply(headers=EVENTS, pieces=[event("error", **refusal()), DONE]),
        Reply(body={"data": [], **refusal()}),
        Reply(body={"data": None, **refusal()}),
    ],
    ids=["each", "each, plain", "error event", "error, plain", "no data"],
)
def test_where_all_is_refused_nothing_is_charged(
    scripted: Shell, service: ScriptedService, reply: Reply
) -> None:
    service.on("POST", reply)
    done = scripted('image gen "cats" --count 2 --json')
    assert done.code == 10
    assert "nothing was charged" in done.stderr
    assert done.json["status"] == "failed"
    assert names() == []


def test_a_failure_of_the_service_is_not_called_moderation(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", Reply(body={"data": [], **refusal("InternalServiceError")}))
    assert scripted("image gen cat").code == 7


def test_a_stream_that_breaks_leaves_what_came(scripted: Shell, service: ScriptedService) -> None:
    pieces = events(item(service, 1), item(service, 2))
    service.on("POST", Reply(headers=EVENTS, pieces=pieces, whole=False))
    done = scripted('image gen "cats" --count 4')
    assert done.code == 12
    assert numbered(done.lines) == [1, 2]
    assert "2 pictures saved, then the answer of 127.0.0.1" in done.stderr
    assert "broke off" in done.stderr
    assert "whether this was charged is not known" in done.stderr
    assert len(service.asked_by("POST")) == 1


def test_a_stream_that_just_stops_is_no_success(scripted: Shell, service: ScriptedService) -> None:
    service.on("POST", streamed(item(service, 1), end=[]))
    done = scripted('image gen "cats" --count 2 --json')
    assert done.code == 12
    assert done.json["status"] == "incomplete"


def test_a_stream_that_breaks_before_the_first_picture_tells_what_is_not_known(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", Reply(headers=EVENTS, pieces=[b": hello\n\n"], whole=False))
    done = scripted("image gen cat --json")
    assert done.code == 6
    assert "whether this was charged is not known" in done.stderr
    assert done.json["status"] == "unknown"
    assert len(service.asked_by("POST")) == 1


def test_an_error_after_the_first_pictures_leaves_them(
    scripted: Shell, service: ScriptedService
) -> None:
    end = [event("error", **refusal("InternalServiceError")), DONE]
    service.on("POST", streamed(item(service, 1), end=end))
    done = scripted('image gen "cats" --count 3')
    assert done.code == 12
    assert numbered(done.lines) == [1]
    assert "1 picture saved, then the service could not make it" in done.stderr


@pytest.mark.parametrize("size", [1, 7, 64])
def test_events_that_are_split_anywhere_are_put_together(
    scripted: Shell, service: ScriptedService, size: int
) -> None:
    items = [item(service, 1), item(service, 2)]
    text = b"".join([*events(*items), completed(*items), DONE])
    text = b": keep-alive\r\n\r\n" + text.replace(b"\n", b"\r\n")
    pieces = [text[n : n + size] for n in range(0, len(text), size)]
    service.on("POST", Reply(headers=EVENTS, pieces=pieces))
    done = scripted('image gen "kätzchen" --count 2')
    assert (done.code, numbered(done.lines)) == (0, [1, 2]), done.stderr


def test_plain_json_in_answer_to_a_stream_works(scripted: Shell, service: ScriptedService) -> None:
    service.on("POST", whole(item(service, 1), refusal(), item(service, 3)))
    done = scripted('image gen "cats" --count 3')
    assert sent(service)["stream"] is True
    assert (done.code, numbered(done.lines)) == (12, [1, 3])


@pytest.mark.parametrize("answer", [streamed, whole])
def test_pictures_in_base64_are_saved(scripted: Shell, service: ScriptedService, answer) -> None:
    service.on("POST", answer(packed(1), packed(2)))
    done = scripted('image gen "cats" --count 2 --extra response_format=b64_json')
    assert done.code == 0, done.stderr
    assert [Path(line).read_bytes() for line in done.lines] == [content(1), content(2)]
    assert list((Path(scripted.env["BYTEPLUS_STATE_DIR"]) / "pictures").iterdir()) == []


def test_what_was_kept_of_a_picture_stays_until_its_saving_is_written_down(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", streamed(packed(1)))
    scripted("rescue")  # makes the ledger
    ledger = Path(scripted.env["BYTEPLUS_STATE_DIR"]) / "ledger.db"
    with contextlib.closing(sqlite3.connect(ledger, isolation_level=None)) as raw:
        full = "SELECT RAISE(ABORT, 'database or disk is full')"
        raw.execute(f"CREATE TRIGGER full BEFORE INSERT ON files BEGIN {full}; END")
        done = scripted("image gen cat --extra response_format=b64_json -o cat.jpg")
        assert (done.code, done.lines) == (0, ["cat.jpg"])
        assert "is saved, but not written down" in done.stderr
        raw.execute("DROP TRIGGER full")
    assert scripted("rescue").code == 0
    assert scripted("rescue").stderr == ""


def test_a_completed_event_may_be_missing(scripted: Shell, service: ScriptedService) -> None:
    service.on("POST", streamed(item(service, 1), end=[DONE]))
    assert scripted("image gen cat").code == 0


def test_fewer_than_asked_is_a_warning(scripted: Shell, service: ScriptedService) -> None:
    service.on("POST", streamed(item(service, 1)))
    done = scripted('image gen "cats" --count 3')
    assert done.code == 0
    assert "warning: the model made 1 of the 3 pictures it might" in done.stderr


def test_another_size_than_asked_is_a_warning(scripted: Shell, service: ScriptedService) -> None:
    service.on("POST", streamed(item(service, 1)))
    done = scripted("image gen cat --size 2048x2048 --json")
    assert done.json["files"][0]["differs"] == ["the picture is 401x300, not 2048x2048"]


NONSENSE = [
    Reply(200, b"<html>log in first</html>", {"content-type": "text/html"}),
    Reply(200, b"{"),
    Reply(200, b"[]"),
    Reply(200, {"data": []}),
    Reply(200, {"data": ["x"]}),
    Reply(headers=EVENTS, pieces=[b"data: {\n\n"]),
    Reply(headers=EVENTS, pieces=[b"data: 5\n\n"]),
    Reply(headers=EVENTS, pieces=[b"data: \xff\n\n"]),
    whole({"b64_json": "###"}),
]


@pytest.mark.parametrize("reply", NONSENSE, ids=range(len(NONSENSE)))
def test_an_answer_that_makes_no_sense_is_one_error(
    scripted: Shell, service: ScriptedService, reply: Reply
) -> None:
    service.on("POST", reply)
    done = scripted("image gen cat --json")
    assert done.code in (6, 7), done.stderr
    assert done.stderr.count("error:") == 1
    assert "whether this was charged is not known" in done.stderr
    assert "should not have happened" not in done.stderr
    assert len(service.asked_by("POST")) == 1


@pytest.mark.parametrize(
    ("reply", "code", "charge"),
    [
        (error(400, "InvalidParameter", "bad"), 2, "nothing was charged"),
        (error(400, "InputTextSensitiveContentDetected"), 10, "nothing was charged"),
        (error(404, "ModelNotOpen"), 3, "nothing was charged"),
        (error(500, "InternalServiceError"), 7, "not known"),
        (DROP, 6, "not known"),
    ],
)
def test_a_request_that_fails_is_sent_once(
    scripted: Shell, service: ScriptedService, reply: Reply, code: int, charge: str
) -> None:
    service.on("POST", reply)
    done = scripted("image gen cat")
    assert done.code == code
    assert charge in done.stderr
    assert len(service.asked_by("POST")) == 1
    if charge == "not known":
        assert "keeps no list of pictures" in done.stderr


def test_a_throttled_request_waits_as_asked(scripted: Shell, service: ScriptedService) -> None:
    busy = error(429, "ModelAccountIpmRateLimitExceeded", retry_after="7")
    service.on("POST", busy, streamed(item(service, 1)))
    done = scripted("image gen cat")
    assert done.code == 0
    assert max(done.slept) >= 7


# --- What could not be saved --------------------------------------------------------------------


def test_a_picture_that_is_not_whole_is_kept_for_rescue_and_the_rest_go_on(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", streamed(*(item(service, n) for n in (1, 2, 3))))
    service.files["/picture-2.jpg"] = content(2)[:-200]
    done = scripted('image gen "cats" --count 3 --json')
    assert done.code == 11
    assert [file["index"] for file in done.json["files"]] == [1, 3]
    assert "1 of 3 pictures could not be saved" in done.stderr
    assert "hint: byteplus rescue" in done.stderr
    assert "this was charged" in done.stderr

    service.files["/picture-2.jpg"] = content(2)
    service.asked.clear()
    rescued = scripted("rescue")
    assert (rescued.code, numbered(rescued.lines)) == (0, [2]), rescued.stderr
    assert [asked.path for asked in fetched(service)] == ["/picture-2.jpg"]
    assert scripted("rescue").stderr == ""


def test_rescue_goes_by_the_name_that_was_asked_for(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", streamed(item(service, 1)))
    right = service.files.pop("/picture-1.jpg")
    assert scripted("image gen cat -o pets/cat.jpg").code == 11
    service.files["/picture-1.jpg"] = right
    assert scripted("rescue").lines == ["pets/cat.jpg"]


def test_rescue_tells_once_of_links_that_died(scripted: Shell, service: ScriptedService) -> None:
    service.on("POST", streamed(item(service, 1)))
    del service.files["/picture-1.jpg"]
    scripted("image gen cat")
    late = {"links": "UPDATE pictures SET expires_at = expires_at - 90000"}
    change(scripted, late["links"])
    done = scripted("rescue --json")
    assert done.code == 8
    assert "1 of 1 pictures of img-" in done.stderr
    assert "died on 20" in done.stderr
    assert len(done.json["lost"]) == 1
    assert scripted("rescue").stderr == ""


def change(scripted: Shell, sql: str) -> None:
    import sqlite3

    raw = sqlite3.connect(Path(scripted.env["BYTEPLUS_STATE_DIR"]) / "ledger.db")
    with raw:
        raw.execute(sql)
    raw.close()


def test_base64_that_finds_no_place_is_kept_until_there_is_one(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", whole(packed(1)))
    Path("pets").mkdir()
    answer = service.answer

    def answer_and_spoil(asked):
        shutil.rmtree("pets")
        Path("pets").write_text("a file where the folder was")
        return answer(asked)

    service.answer = answer_and_spoil  # type: ignore[method-assign]
    done = scripted("image gen cat -o pets/cat.jpg")
    assert done.code == 11
    Path("pets").unlink()
    assert scripted("rescue").lines == ["pets/cat.jpg"]
    assert Path("pets/cat.jpg").read_bytes() == content(1)


KEEP_ALIVE = b": hello\n\nretry: 3000\n\nevent: ping\ndata:\n\nid: 7\n\n"


def test_what_servers_send_to_keep_a_stream_alive_is_no_trouble(
    scripted: Shell, service: ScriptedService
) -> None:
    items = [item(service, 1), item(service, 2)]
    first, second = events(*items)
    pieces = [KEEP_ALIVE, first, KEEP_ALIVE, second, completed(*items), DONE]
    service.on("POST", Reply(headers=EVENTS, pieces=pieces))
    done = scripted('image gen "cats" --count 2')
    assert (done.code, numbered(done.lines)) == (0, [1, 2]), done.stderr
    assert "warning: something" not in done.stderr


@pytest.mark.parametrize("odd", [b"data: {\n\n", b"data: [1]\n\n", b"data: \xff\xfe\n\n"])
def test_one_event_that_cannot_be_read_costs_no_picture_after_it(
    scripted: Shell, service: ScriptedService, odd: bytes
) -> None:
    items = [item(service, 1), item(service, 2)]
    first, second = events(*items)
    service.on("POST", Reply(headers=EVENTS, pieces=[first, odd, second, completed(*items), DONE]))
    done = scripted('image gen "cats" --count 2')
    assert (done.code, numbered(done.lines)) == (12, [1, 2]), done.stderr
    assert "an event that cannot be read" in done.stderr


@pytest.mark.parametrize("odd", [None, {}, "x", {"b64_json": "###"}])
def test_one_item_that_cannot_be_read_costs_no_picture_after_it(
    scripted: Shell, service: ScriptedService, odd: object
) -> None:
    data = [odd, item(service, 1), item(service, 2)]
    service.on("POST", Reply(body={"data": data}))
    done = scripted('image gen "cats" --count 3')
    assert (done.code, numbered(done.lines)) == (12, [2, 3]), done.stderr
    assert "whether this was charged is not known" in done.stderr


@pytest.mark.parametrize("kind", ["text/plain", "Text/Event-Stream; charset=utf-8", ""])
def test_a_stream_is_known_by_what_it_holds(
    scripted: Shell, service: ScriptedService, kind: str
) -> None:
    pieces = [*events(item(service, 1)), DONE]
    service.on("POST", Reply(headers={"content-type": kind}, pieces=pieces))
    assert scripted("image gen cat").code == 0


def test_json_that_was_cut_leaves_the_pictures_that_are_whole_in_it(
    scripted: Shell, service: ScriptedService
) -> None:
    text = whole(item(service, 1), item(service, 2)).content
    pieces = [b"\xef\xbb\xbf" + text[: text.index(b"picture-2")]]
    service.on("POST", Reply(pieces=pieces, whole=False))
    done = scripted('image gen "cats" --count 2')
    assert (done.code, numbered(done.lines)) == (12, [1]), done.stderr
    assert "broke off" in done.stderr


@pytest.mark.parametrize("index", [None, 0, -5, 10**30, "x"])
def test_pictures_of_one_place_or_none_are_all_saved_under_names_of_their_own(
    scripted: Shell, service: ScriptedService, index: object
) -> None:
    pictures = [event("partial_succeeded", image_index=index, **packed(n)) for n in (1, 2, 3)]
    service.on("POST", Reply(headers=EVENTS, pieces=[*pictures, DONE]))
    done = scripted('image gen "cats" --count 3 -o cat.jpg --overwrite')
    assert (done.code, numbered(done.lines)) == (0, [1, 2, 3]), done.stderr
    assert [Path(line).read_bytes() for line in done.lines] == [content(n) for n in (1, 2, 3)]


def test_more_than_was_asked_for_is_all_kept_and_paid(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", whole(item(service, 1), item(service, 2)))
    done = scripted("image gen cat -o cat.jpg --overwrite --json")
    assert done.code == 0, done.stderr
    assert [file["path"] for file in done.json["files"]] == ["cat.jpg", "cat-2.jpg"]
    assert done.json["cost"]["actual_usd"] == "0.060"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(headers=EVENTS, pieces=[completed(), DONE]),
        Reply(headers=EVENTS, pieces=[DONE]),
        Reply(body={"data": {"url": "https://x.example/a.jpg"}}),
    ],
)
def test_an_answer_without_a_picture_is_no_success(
    scripted: Shell, service: ScriptedService, reply: Reply
) -> None:
    service.on("POST", reply)
    done = scripted("image gen cat")
    assert done.code == 7
    assert "whether this was charged is not known" in done.stderr


def test_a_bill_for_more_than_came_is_no_success(scripted: Shell, service: ScriptedService) -> None:
    bill = event("completed", usage={"generated_images": 4})
    service.on("POST", streamed(item(service, 1), end=[bill, DONE]))
    done = scripted("image gen cats --count 4")
    assert done.code == 12
    assert "1 picture saved, and the service counts 4 pictures" in done.stderr


def test_after_the_bill_a_stream_may_end_in_any_way(
    scripted: Shell, service: ScriptedService
) -> None:
    one = item(service, 1)
    service.on("POST", Reply(headers=EVENTS, pieces=[*events(one), completed(one)], whole=False))
    assert scripted("image gen cat").code == 0


@pytest.mark.parametrize(
    ("code", "exit_code"),
    [("AuthenticationError", 3), ("RateLimitExceeded.EndpointRPMExceeded", 4), ("ModelNotOpen", 3)],
)
def test_a_failure_inside_a_success_has_its_own_exit_code(
    scripted: Shell, service: ScriptedService, code: str, exit_code: int
) -> None:
    service.on("POST", Reply(body={"data": [], **refusal(code)}))
    assert scripted("image gen cat").code == exit_code


def test_a_picture_that_is_slow_to_save_holds_up_no_other(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", streamed(*(item(service, n) for n in (1, 2, 3))))
    answer = service.answer
    others_saved = threading.Event()

    def slow_first(asked):
        if asked.path == "/picture-1.jpg":
            others_saved.wait(30)
        return answer(asked)

    service.answer = slow_first  # type: ignore[method-assign]
    process = started(scripted, "image gen cats --count 3")
    wait_for(lambda: files_known(scripted) == 2, process)
    assert process.stdout is not None
    assert [numbered([process.stdout.readline().strip()])[0] for _ in range(2)] == [2, 3]
    others_saved.set()
    stdout, _ = process.communicate()
    assert (process.returncode, numbered(stdout.splitlines())) == (0, [1])


def test_a_ledger_that_fills_up_costs_no_picture(
    scripted: Shell, service: ScriptedService, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", "size=400k") as disk:
        scripted.env["BYTEPLUS_STATE_DIR"] = str(disk)
        assert scripted("rescue").code == 0
        service.on("POST", streamed(packed(1), item(service, 2)))
        answer = service.answer

        def answer_and_fill(asked):
            fill(disk)
            return answer(asked)

        service.answer = answer_and_fill  # type: ignore[method-assign]
        done = scripted("image gen cats --count 2 --json")
    assert done.code == 0, done.stderr
    assert [file["sha256"] for file in done.json["files"]] == [digest(1), digest(2)]
    assert done.json["status"] == "succeeded"
    assert "not written down" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="POSIX keeps a folder that is removed while in use")
def test_a_working_folder_that_goes_away_ends_no_run(
    scripted: Shell, service: ScriptedService, tmp_path: Path
) -> None:
    service.on("POST", streamed(item(service, 1), item(service, 2)))
    answer = service.answer

    def answer_and_remove(asked):
        shutil.rmtree(scripted.home, ignore_errors=True)
        return answer(asked)

    service.answer = answer_and_remove  # type: ignore[method-assign]
    out = tmp_path / "out"
    done = scripted(f"image gen cats --count 2 -o {out}/")
    assert (done.code, len(done.lines)) == (0, 2), done.stderr
    assert len(list(out.iterdir())) == 2


def test_a_name_of_the_set_that_can_be_no_file_is_refused_before_money_is_spent(
    scripted: Shell, service: ScriptedService
) -> None:
    Path("cat-2.jpg").mkdir()
    done = scripted("image gen cats --count 2 -o cat.jpg")
    assert done.code == 2
    assert "cat-2.jpg" in done.stderr
    assert service.asked == []


def test_a_layer_of_a_long_name_can_be_saved(scripted: Shell, service: ScriptedService) -> None:
    Path("poster.png").write_bytes(content(600, codec="png", height=1000))
    layers = [
        item(service, n, z_index=n, name=name)
        for n, name in enumerate(["", "漢" * 60, "../../etc/x", "sky"])
    ]
    service.on("POST", whole(*layers))
    line = f"image gen {'漢' * 40} --layers -i poster.png -m seedream-5.0-pro -o parts/"
    done = scripted(line)
    assert done.code == 0, done.stderr
    assert len(done.lines) == 4
    assert all(Path(name).parent == Path("parts") for name in done.lines)
    assert all(len(Path(name).name.encode()) <= 255 for name in done.lines)
    assert done.lines[3].endswith("-4-sky.jpg")


def test_rescue_prints_what_it_saved_beside_what_it_could_not(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", streamed(*(item(service, n) for n in (1, 2, 3))))
    held = {path: service.files.pop(path) for path in list(service.files)}
    assert scripted("image gen cats --count 3").code == 11
    service.files.update({path: held[path] for path in ("/picture-1.jpg", "/picture-3.jpg")})
    done = scripted("rescue")
    assert (done.code, numbered(done.lines)) == (12, [1, 3]), done.stderr


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="POSIX signals")
def test_a_run_that_is_at_work_is_let_be_and_one_that_was_killed_is_not(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", streamed(item(service, 1)))
    answer = service.answer

    def silent(asked):
        reply = answer(asked)
        return Reply(drop=True, delay=30) if asked.path == "/picture-1.jpg" else reply

    service.answer = silent  # type: ignore[method-assign]
    process = started(scripted, "image gen cats")
    wait_for(lambda: any(a.path == "/picture-1.jpg" for a in service.asked), process)
    wait_for(lambda: pictures_known(scripted) == 1, process)
    service.answer = answer  # type: ignore[method-assign]
    assert scripted("rescue").lines == []
    process.kill()
    process.communicate()
    assert len(scripted("rescue").lines) == 1


def test_ctrl_c_while_the_service_turns_requests_away_cost_nothing(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", error(429, "RequestBurstTooFast", retry_after="30"))
    process = started(scripted, "image gen cats")
    assert process.stderr is not None
    while "trying again" not in process.stderr.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    assert process.returncode == 130
    assert "nothing was charged" in said


def test_last_passes_over_runs_that_made_no_picture(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", streamed(item(service, 1)))
    scripted("image gen cat")
    service.on("POST", streamed(refusal()))
    scripted("image gen cat")
    done = scripted("image gen more -i @last --dry-run --json")
    assert done.code == 0, done.stderr
    assert done.json["request"]["image"].startswith("(picture 1 of img-")


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="POSIX signals")
def test_a_run_that_is_killed_while_it_saves_loses_no_picture(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", streamed(*(item(service, n) for n in (1, 2, 3))))
    answer = service.answer

    def silent_first(asked):
        reply = answer(asked)
        return Reply(drop=True, delay=30) if asked.path == "/picture-1.jpg" else reply

    service.answer = silent_first  # type: ignore[method-assign]
    process = started(scripted, "image gen cats --count 3")
    wait_for(lambda: pictures_known(scripted) == 3, process)
    process.kill()
    process.communicate()
    service.answer = answer  # type: ignore[method-assign]
    assert numbered(scripted("rescue").lines) == [1, 2, 3]
    assert len(service.asked_by("POST")) == 1


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="POSIX signals")
def test_ctrl_c_tells_what_is_saved_and_how_to_save_the_rest(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", streamed(*(item(service, n) for n in (1, 2))))
    answer = service.answer

    def silent_second(asked):
        reply = answer(asked)
        return Reply(drop=True, delay=30) if asked.path == "/picture-2.jpg" else reply

    service.answer = silent_second  # type: ignore[method-assign]
    process = started(scripted, "image gen cats --count 2")
    wait_for(lambda: any(a.path == "/picture-2.jpg" for a in service.asked), process)
    wait_for(lambda: files_known(scripted) == 1, process)
    before = time.monotonic()
    process.send_signal(signal.SIGINT)
    stdout, said = process.communicate()
    assert time.monotonic() - before < 1
    assert process.returncode == 130
    assert "stopped with 1 of 2 pictures saved" in said
    assert "hint: byteplus rescue saves 1 more that is made" in said
    assert "this was charged" in said
    service.answer = answer  # type: ignore[method-assign]
    assert numbered(stdout.splitlines() + scripted("rescue").lines) == [1, 2]


def test_a_signal_before_the_answer_is_honest(scripted: Shell, service: ScriptedService) -> None:
    service.on("POST", Reply(delay=30))
    process = started(scripted, "image gen cats")
    wait_for(lambda: bool(service.asked_by("POST")), process)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    assert process.returncode == 130
    assert "those of an unanswered request are lost" in said
    assert "whether this was charged is not known" in said


def wait_for(true, process) -> None:
    while not true():
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)


def files_known(scripted: Shell) -> int:
    ledger = Ledger.open(Path(scripted.env["BYTEPLUS_STATE_DIR"]))
    try:
        return sum(len(entry.files) for entry in ledger.recent("default", 9))
    finally:
        ledger.close()


def pictures_known(scripted: Shell, profile: str = "default") -> int:
    ledger = Ledger.open(Path(scripted.env["BYTEPLUS_STATE_DIR"]))
    try:
        return sum(len(entry.pictures) for entry in ledger.recent(profile, 9))
    finally:
        ledger.close()


# --- Pictures as inputs -------------------------------------------------------------------------


def test_a_picture_made_here_starts_the_next_clip_by_its_own_link(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", streamed(item(service, 1), item(service, 2)))
    scripted('image gen "cats" --count 2')
    service.on("POST", Reply(body={"id": "cgt-20261121101530-ab12c"}))
    done = scripted('video create "it jumps" -i @last#2 --no-wait')
    assert done.code == 0, done.stderr
    frame = service.asked_by("POST")[-1].json["content"][1]
    assert frame["image_url"]["url"] == f"{service.root}/picture-2.jpg"
    assert frame["role"] == "first_frame"


def test_once_its_link_is_dead_the_saved_picture_is_sent(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", streamed(item(service, 1)))
    scripted("image gen cat")
    change(scripted, "UPDATE pictures SET expires_at = expires_at - 90000")
    service.on("POST", streamed(item(service, 2)))
    done = scripted('image gen "the same at night" -i @last')
    assert done.code == 0, done.stderr
    assert service.asked_by("POST")[-1].json["image"].startswith("data:image/jpeg;base64,")
    assert "is dead, so cat-" in done.stderr


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("video create x -i @last#3", "has no picture 3"),
        ("video create x -m seedance-2.0 --ref-video @last", "that is a picture"),
        ("video get {id}", "is a picture, and no task on the server"),
        ("video cancel {id}", "is a picture"),
    ],
)
def test_a_picture_is_not_taken_for_something_else(
    scripted: Shell, service: ScriptedService, line: str, said: str
) -> None:
    service.on("POST", streamed(item(service, 1)))
    id = scripted("image gen cat --json").json["id"]
    done = scripted(line.format(id=id))
    assert done.code == 2
    assert said in done.stderr
    assert len(service.asked_by("POST")) == 1


def test_last_means_the_last_clip_where_only_a_clip_can_be_meant(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", Reply(body={"id": "cgt-20261121101530-ab12c"}))
    scripted("video create cat --no-wait")
    service.on("POST", streamed(item(service, 1)))
    scripted("image gen cat")
    service.on("GET", Reply(body={"id": "cgt-20261121101530-ab12c", "status": "running"}))
    assert scripted("video get @last --json").json["id"] == "cgt-20261121101530-ab12c"


# --- In the sandbox -----------------------------------------------------------------------------


def test_a_set_in_the_sandbox_is_printed_as_it_is_made(sandbox: Shell) -> None:
    process = started(sandbox, "image gen cats[[slow:2]] --count 4 --size 1K")
    assert process.stdout is not None
    times = []
    for _ in range(4):
        assert process.stdout.readline().endswith(".jpg\n")
        times.append(time.monotonic())
    assert process.wait() == 0
    gaps = [after - before for before, after in pairwise(times)]
    assert max(gaps) > 0.2, gaps  # they did not come all at once


def test_layers_are_saved_in_order_with_their_names(sandbox: Shell) -> None:
    Path("poster.png").write_bytes(content(600, codec="png", height=1000))
    done = sandbox("image gen --layers -i poster.png -m seedream-5.0-pro -o parts/ --json")
    assert done.code == 0, done.stderr
    files = done.json["files"]
    assert len(files) > 2
    assert [file["index"] for file in files] == list(range(1, len(files) + 1))
    assert all(Path(file["path"]).exists() for file in files)
    layer = files[1]["layer"]
    assert layer
    assert layer.lower().replace(" ", "-") in files[1]["path"]
    # Half the price of a picture of that size.
    pixels = [file["width"] * file["height"] for file in files]
    dollars = sum(0.0225 if count <= 2_610_000 else 0.045 for count in pixels)
    assert abs(float(done.json["cost"]["actual_usd"]) - dollars) < 0.001


def test_a_picture_of_the_sandbox_can_be_rescued_by_a_later_run(sandbox: Shell) -> None:
    line = "image gen 'cat [[slow:2]]' --count 2 --size 1K"
    process = started(sandbox, line.replace("'", "").replace("cat ", "cat"))
    wait_for(lambda: pictures_known(sandbox, "sandbox") >= 1, process)
    process.kill()
    process.communicate()
    for path in Path.cwd().glob("*.jpg"):
        path.unlink()
    change(sandbox, "UPDATE pictures SET saved_at = NULL")
    done = sandbox("rescue")
    assert done.code == 0, done.stderr
    assert numbered(done.lines)[0] == 1


def test_a_broken_download_and_a_dead_link_of_the_sandbox(sandbox: Shell) -> None:
    assert sandbox("image gen 'cat [[cut]]' --size 1K").code == 0
    done = sandbox("image gen 'cat [[stale]]' --size 1K")
    assert done.code == 11
    assert "hint: byteplus rescue" in done.stderr
