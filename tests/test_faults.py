"""Faults of the service, the network and the machine, and what a user sees of each."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import clips
from byteplus_cli.cli import run
from byteplus_cli.generation.database import LedgerError
from byteplus_cli.generation.ledger import Ledger
from byteplus_cli.session import Surroundings
from conftest import Ran, Shell
from disks import fill, small_disk
from service import Asked, Reply, ScriptedService, task

ID = "cgt-20261121101530-ab12c"
OTHER = "cgt-20261121101530-zz99z"
ACCEPTED = Reply(body={"id": ID})
BIG = clips.clip() + b"\0\x10\0\0free" + bytes((1 << 20) - 8)  # a box that is passed over
NASTY = "\x1b[2Jgone\x07\x9b31m [link=x]y[/link] [/] \u202egpj"
ROOT = Path(__file__).parents[1]

posix = pytest.mark.skipif(os.name != "posix", reason="POSIX")


def finished(service: ScriptedService, content: bytes | None = None, /, **fields: object) -> Reply:
    link = service.file("clip.mp4", content or clips.clip())
    return task(ID, "succeeded", content={"video_url": link}, **fields)


def making(service: ScriptedService, *looks: Reply) -> None:
    service.on("POST", ACCEPTED)
    service.on("GET", *looks, finished(service))


def assert_one_error(done: Ran) -> None:
    """One line says what went wrong, and nothing in it steers a terminal."""
    assert sum(line.startswith("error:") for line in done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr
    assert "should not have happened" not in done.stderr
    assert not any(ord(letter) < 32 and letter != "\n" for letter in done.stderr)


def in_a_process(
    scripted: Shell, line: str, *, before: str = "", env: dict[str, str] | None = None
) -> Ran:
    """The command line as a process; `before` is what a shell does first."""
    words = f"{before} exec {sys.executable} -m byteplus_cli {line}"
    done = subprocess.run(
        ["/bin/sh", "-c", words],
        cwd=scripted.home,
        env={**os.environ, "PYTHONPATH": str(ROOT), **scripted.env, **(env or {})},
        capture_output=True,
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


# --- What the service answers -------------------------------------------------------------------

NONSENSE = [
    Reply(200, b"<html><body>Log in to the office network</body></html>"),
    Reply(200, b'{"id": "cgt-1", "status": "run'),
    Reply(200, b""),
    Reply(200, b"\xff\xfe\x00garbage"),
    Reply(200, b"null"),
    Reply(200, b'"text"'),
    Reply(200, b"[" * 100_000),
    Reply(200, b'{"id":' * 100_000),
    Reply(200, {"id": 7, "status": "running"}),
    Reply(200, {"id": "../../etc/passwd", "status": "running"}),
    Reply(200, {"id": "\ud800\ud800\ud800", "status": "running"}),
    Reply(200, {"id": OTHER, "status": "succeeded"}),
    Reply(502, b"<html>bad gateway</html>"),
    Reply(500, b"[" * 100_000),
    Reply(200, b"x" * 300, {"content-type": "text/html", "content-encoding": "gzip"}),
]


@pytest.mark.parametrize("reply", NONSENSE, ids=range(len(NONSENSE)))
def test_an_answer_that_makes_no_sense_is_one_error_that_names_the_host(
    scripted: Shell, service: ScriptedService, reply: Reply
) -> None:
    service.on("GET", reply)
    done = scripted(f"video get {ID} --json")
    assert done.code in (6, 7)
    assert_one_error(done)
    assert "127.0.0.1" in done.stderr
    assert done.json["error"]["exit_code"] == done.code


def test_nonsense_names_the_request_that_support_can_look_for(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("GET", NONSENSE[0])
    assert scripted(f"video get {ID} --json").json["error"]["request_id"] == "req-1"


ODD = [
    {"status": "pondering"},
    {"status": None},
    {"status": 5},
    {"status": ["succeeded"]},
    {"content": "a link"},
    {"content": {"video_url": {"url": "x"}}},
    {"content": {"video_url": None, "last_frame_url": 5}},
    {"usage": {"completion_tokens": 10**300, "total_tokens": "many", "\ud800": 1}},
    {"usage": [1]},
    {"error": {"code": 7, "message": ["a", "b"]}},
    {"error": "broke"},
    {"created_at": 10**30, "updated_at": -5},
    {"created_at": 2**60, "updated_at": "yesterday"},
    {"created_at": "9" * 5000, "updated_at": None},
    {"created_at": 1.5, "updated_at": True},
    {"seed": 2**64, "duration": "five", "frames": -1, "framespersecond": 0},
    {"model": "\ud800", "resolution": {"w": 1}, "ratio": 5, "draft": "yes"},
    {"model": None, "something": {"new": [1, 2, 3]}},
]


@pytest.mark.parametrize("fields", ODD, ids=range(len(ODD)))
def test_fields_of_the_wrong_kind_do_not_end_a_wait(
    scripted: Shell, service: ScriptedService, fields: dict[str, object]
) -> None:
    making(service, Reply(body={**task(ID).body, **fields}))
    done = scripted("video create fox")
    assert (done.code, done.stdout) == (0, "fox-530ab12c.mp4\n"), done.stderr
    assert len(service.asked_by("POST")) == 1


@pytest.mark.parametrize("fields", ODD[7:], ids=range(len(ODD[7:])))
def test_a_finished_task_with_odd_fields_is_saved(
    scripted: Shell, service: ScriptedService, fields: dict[str, object]
) -> None:
    service.on("GET", finished(service, **fields))
    done = scripted(f"video get {ID} --json")
    assert done.code == 0, done.stderr
    assert Path(done.json["files"][0]["path"]).read_bytes() == clips.clip()
    service.on("GET", Reply(body={"total": 1, "items": [finished(service, **fields).body]}))
    assert scripted("video list --json").code == scripted("video list").code == 0


def test_a_succeeded_task_without_a_link_says_that_nothing_is_saved(
    scripted: Shell, service: ScriptedService
) -> None:
    making(service)
    service.on("GET", task(ID, "succeeded"))
    done = scripted("video create fox")
    assert done.code == 11
    assert_one_error(done)
    assert f"video get {ID}" in done.stderr


def test_a_task_that_the_list_drops_is_still_shown_and_a_double_once(
    scripted: Shell, service: ScriptedService
) -> None:
    making(service)
    scripted("video create fox --no-wait")
    double = task(OTHER).body
    service.on("GET", Reply(body={"total": 2, "items": [double, double]}))
    ids = [item["id"] for item in scripted("video list --json").json["items"]]
    assert sorted(ids) == [ID, OTHER]


@pytest.mark.parametrize("odd", [None, {"status": "running"}, {"id": "../x"}, 5])
def test_an_entry_of_the_list_that_cannot_be_read_hides_no_other(
    scripted: Shell, service: ScriptedService, odd: object
) -> None:
    service.on("GET", Reply(body={"total": 2, "items": [odd, task(OTHER).body]}))
    done = scripted("video list --json")
    assert done.code == 0
    assert [item["id"] for item in done.json["items"]] == [OTHER]
    assert "warning: 1 more in the list cannot be read" in done.stderr


@pytest.mark.parametrize("items", [None, [], "none", [None], [{"status": "running"}], {"a": 1}])
def test_a_list_of_an_odd_shape_is_no_traceback(
    scripted: Shell, service: ScriptedService, items: object
) -> None:
    service.on("GET", Reply(body={"total": "some", "items": items}))
    done = scripted("video list --json")
    assert done.code in (0, 7)
    assert isinstance(done.json, dict)


def test_a_finished_task_stays_finished(scripted: Shell, service: ScriptedService) -> None:
    making(service)
    scripted("video create fox")
    service.on("GET", task(ID, "running"))
    done = scripted("video get @last --json")
    assert (done.code, done.json["status"]) == (0, "succeeded")
    assert len(done.json["files"]) == 1


def test_an_endless_answer_is_not_read_to_its_end(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("GET", Reply(200, b'{"id": "' + bytes(100_000_000)))
    done = scripted(f"video get {ID}")
    assert done.code == 6
    assert "does not end" in done.stderr
    assert_one_error(done)


def test_escape_codes_and_markup_are_shown_literally(
    scripted: Shell, service: ScriptedService
) -> None:
    item = finished(service, model=NASTY, ratio=NASTY, resolution=NASTY).body
    running = {**item, "id": OTHER, "status": NASTY}
    service.on("GET", Reply(body={"total": 2, "items": [item, running]}))
    listed = scripted("video list", env={"COLUMNS": "300"})
    service.on("GET", Reply(body={**running, "id": ID}))
    shown = scripted(f"video get {ID}")
    refused = scripted(f"video create '{NASTY}'")
    assert (listed.code, shown.code, refused.code) == (0, 0, 2)
    for done in (listed, shown, refused):
        for letter in ("\x1b", "\x9b", "\x07", "\u202e"):
            assert letter not in done.stdout + done.stderr
    assert "[link=x]y[/link] [/]" in shown.stdout
    assert "[link=x]y[/link] [/]" in listed.stdout


# --- The network --------------------------------------------------------------------------------


@contextlib.contextmanager
def banner(said: bytes) -> Iterator[str]:
    """A port where something else than a web server answers; gives its base URL."""
    listener = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        while True:
            try:
                connection = listener.accept()[0]
            except OSError:
                return
            with connection:
                connection.recv(65536)
                connection.sendall(said)

    threading.Thread(target=talk, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/api/v3"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


@posix
@pytest.mark.parametrize(
    "said",
    [
        b"SSH-2.0-\x1b[2JOpenSSH\r\n",
        b"220 mail \x9b31m ready\r\n" * 9,
        b"HTTP/1.1 200 OK\r\nx-long: " + b"a" * 300_000 + b"\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{",
        b"HTTP/9.9 999 what\r\n\r\n",
        b"",
    ],
    ids=["ssh", "smtp", "header of 300 kB", "cut", "version", "silence"],
)
def test_what_is_no_web_server_is_said(byteplus: Shell, said: bytes) -> None:
    with banner(said) as base_url:
        byteplus.env.update(ARK_BASE_URL=base_url, ARK_API_KEY="key-for-tests-1234")
        done = byteplus(f"video get {ID}")
        assert done.code in (6, 7)
        assert_one_error(done)


def test_each_way_of_not_being_there_has_its_own_words(byteplus: Shell) -> None:
    byteplus.env.update(ARK_API_KEY="key-for-tests-1234")
    bases = {
        "cannot find the host": "http://no-such-host.invalid/api/v3",
        "refuses connections": "http://127.0.0.1:9/api/v3",
        "is not a web address": "ftp://example.com/api/v3",
    }
    for said, base_url in bases.items():
        before = time.monotonic()
        done = byteplus(f"video get {ID}", env={"ARK_BASE_URL": base_url})
        assert (done.code, said in done.stderr) == (6, True), done.stderr
        assert_one_error(done)
        assert time.monotonic() - before < 10


# --- The machine --------------------------------------------------------------------------------


@posix
@pytest.mark.parametrize(
    "env",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"TERM": "dumb", "COLUMNS": "1", "LINES": "1"},
        {"COLUMNS": "0", "TERM": "", "NO_COLOR": "1"},
    ],
    ids=["C", "C without UTF-8", "ascii", "1x1", "0 columns"],
)
def test_a_poor_terminal_does_not_end_a_paid_run(
    scripted: Shell, service: ScriptedService, env: dict[str, str]
) -> None:
    making(service, task(ID, "queued", model="fuchs 🦊"))
    Path("prompt.txt").write_text("ein Fuchs 🦊", encoding="utf-8")
    done = in_a_process(scripted, "video create @prompt.txt", env=env)
    assert done.code == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert len(list(scripted.home.glob("*.mp4"))) == 1
    service.on("GET", Reply(body={"total": 0, "items": []}))
    assert in_a_process(scripted, "video list", env=env).code == 0


@posix
def test_a_full_disk_under_the_ledger_stops_the_run_before_money_is_spent(
    scripted: Shell, service: ScriptedService, tmp_path: Path
) -> None:
    making(service)
    with small_disk(tmp_path / "disk", "size=400k") as disk:
        scripted.env["BYTEPLUS_STATE_DIR"] = str(disk)
        assert scripted("video create fox --no-wait").code == 0
        fill(disk)
        prompt = "fox " * 900
        done = scripted(f"video create '{prompt}'")
        assert done.code == 2
        assert_one_error(done)
        assert len(service.asked_by("POST")) == 1
        (disk / "filler").unlink()
        assert scripted("video get @last").code == 0


@posix
def test_a_full_disk_under_the_clip_keeps_the_way_to_it(
    scripted: Shell, service: ScriptedService, tmp_path: Path
) -> None:
    service.on("POST", ACCEPTED)
    service.on("GET", finished(service, BIG))
    with small_disk(tmp_path / "disk", "size=300k") as disk:
        done = scripted(f"video create fox -o {disk}/fox.mp4")
        assert done.code == 11
        assert_one_error(done)
        assert "No space left" in done.stderr
        assert "charged" in done.stderr
        assert not (disk / "fox.mp4").exists()
    assert scripted("video get @last -o fox.mp4").code == 0
    assert len(service.asked_by("POST")) == 1


@posix
def test_a_folder_nobody_may_write_to_is_refused_before_money_is_spent(
    scripted: Shell, service: ScriptedService, tmp_path: Path
) -> None:
    making(service)
    with small_disk(tmp_path / "disk", "ro") as disk:
        done = scripted(f"video create fox -o {disk}/")
        assert done.code == 2
        assert_one_error(done)
        scripted.env["BYTEPLUS_STATE_DIR"] = str(disk)
        done = scripted("video create fox")
        assert done.code == 2
        assert "nothing was sent" in done.stderr
    assert service.asked_by("POST") == []


@posix
def test_a_clip_goes_to_another_device(
    scripted: Shell, service: ScriptedService, tmp_path: Path
) -> None:
    making(service)
    with small_disk(tmp_path / "disk", "size=1m") as disk:
        assert scripted(f"video create fox -o {disk}/fox.mp4").code == 0
        assert (disk / "fox.mp4").read_bytes() == clips.clip()


@posix
def test_a_ledger_that_fills_up_while_a_task_is_accepted_tells_its_id(
    scripted: Shell, service: ScriptedService, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", "size=400k") as disk:
        scripted.env["BYTEPLUS_STATE_DIR"] = str(disk)
        service.on("GET", Reply(body={"total": 0, "items": []}))
        scripted("video list")

        def accept_and_fill(asked: Asked) -> Reply:
            fill(disk)
            return ACCEPTED

        service.answer = accept_and_fill  # type: ignore[method-assign]
        done = scripted("video create fox --json")
    assert done.code == 5
    assert done.json["error"]["task_id"] == ID
    assert f"hint: byteplus video get {ID}" in done.stderr
    assert "charged" in done.stderr


@posix
def test_few_open_files_are_enough(scripted: Shell, service: ScriptedService) -> None:
    making(service)
    done = in_a_process(scripted, "video create fox -o fox.mp4", before="ulimit -n 64;")
    assert (done.code, done.stdout) == (0, "fox.mp4\n"), done.stderr


@posix
def test_a_limit_on_file_size_stops_the_run_before_money_is_spent(
    scripted: Shell, service: ScriptedService
) -> None:
    done = in_a_process(scripted, "video create fox", before="ulimit -f 40;")
    assert done.code == 2
    assert_one_error(done)
    assert "nothing was sent" in done.stderr
    assert service.asked == []


def test_a_folder_that_goes_away_while_waiting_is_made_again(
    scripted: Shell, service: ScriptedService
) -> None:
    making(service, task(ID, "running"))
    answer = service.answer

    def answer_and_remove(asked: Asked) -> Reply:
        if "clip.mp4" not in asked.path:
            shutil.rmtree("out", ignore_errors=True)
        return answer(asked)

    service.answer = answer_and_remove  # type: ignore[method-assign]
    done = scripted("video create fox -o out/")
    assert (done.code, done.stdout) == (0, "out/fox-530ab12c.mp4\n"), done.stderr
    assert Path("out/fox-530ab12c.mp4").read_bytes() == clips.clip()


@pytest.mark.parametrize("jump", [-86_400.0, 86_400.0, -1.7e9, 3e9])
def test_a_clock_that_jumps_ends_no_wait(
    scripted: Shell, service: ScriptedService, jump: float
) -> None:
    making(service, task(ID, "queued"), task(ID, "running"))
    moments = iter([time.time()])
    around = Surroundings(
        scripted.env,
        io.StringIO(),
        io.StringIO(),
        io.StringIO(),
        sleep=lambda seconds: None,
        now=lambda: next(moments, time.time() + jump),
    )
    assert run(["video", "create", "fox", "--timeout", "10m", "--json"], around) == 0
    assert json.loads(around.stdout.getvalue())["files"]  # type: ignore[attr-defined]
    assert scripted("video get @last --json").code == 0


# --- The ledger ---------------------------------------------------------------------------------


def test_a_ledger_that_another_process_holds_is_said_after_a_while(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path, patience=0.05)
    other = sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(LedgerError, match="locked") as held:
        ledger.accepted(1, ID, None)
    assert held.value.task_id == ID
    assert ID in (held.value.hint or "")
    other.close()
    ledger.accepted(1, ID, None)
    ledger.close()


def spoil(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 4000)


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2 + 100)


def scribble(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))


@pytest.mark.parametrize("harm", [spoil, cut, scribble])
def test_a_ledger_that_cannot_be_trusted_stops_the_run_and_is_left_alone(
    scripted: Shell, service: ScriptedService, harm: Callable[[Path], None]
) -> None:
    making(service)
    for _ in range(3):
        scripted("video create fox --no-wait")
    path = Path(scripted.env["BYTEPLUS_STATE_DIR"]) / "ledger.db"
    harm(path)
    before, posts = path.read_bytes(), len(service.asked_by("POST"))
    for line in ("video create fox --json", "video get @last --json", "video list --json"):
        done = scripted(line)
        assert done.code == 2
        assert_one_error(done)
        assert done.json["error"]["code"] == "ledger"
    assert len(service.asked_by("POST")) == posts
    assert path.read_bytes() == before


def test_a_ledger_of_a_newer_release_is_read_and_no_money_is_spent(
    scripted: Shell, service: ScriptedService
) -> None:
    making(service)
    scripted("video create fox --no-wait")
    raw = sqlite3.connect(Path(scripted.env["BYTEPLUS_STATE_DIR"]) / "ledger.db")
    raw.execute("PRAGMA user_version = 99")
    raw.close()
    refused = scripted("video create fox --json")
    assert refused.code == 2
    assert "newer byteplus" in refused.stderr
    assert "nothing was charged" in refused.stderr
    assert len(service.asked_by("POST")) == 1
    saved = scripted("video get @last --json")
    # It is here and whole: a run that seemed to fail might be paid for once more.
    assert saved.code == 0
    assert "is saved, but not written down" in saved.stderr
    assert Path(saved.json["files"][0]["path"]).read_bytes() == clips.clip()


# --- What a user may type -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "''",
        "'   '",
        "@missing.txt",
        "@latin.txt",
        "@huge.txt",
        "@nul.txt",
        "fox -i empty.png",
        "fox -i text.png",
        "fox -i tiny.jpg",
        "fox -i narrow.jpg",
        "fox -i data:image/png;base64,@@@",
        "fox -i 'a b'",
        "fox -i ../x",
        "fox -i .",
        "fox -m seedance-2.0 --ref-video clip.mp4",
        "fox -o '{nope}'",
        "fox -o '{id.__class__}'",
        "fox -d 1e9",
        "fox -d -1000",
        "fox -d NaN",
        "fox --seed NaN",
        "fox --seed 99999999999999999999",
        "fox --max-cost NaN",
        "fox --max-cost -1",
        "fox --timeout nan",
        "fox --timeout 1e999",
        "fox --frames 1",
        "fox --extra nothing",
        "fox --extra 'a={'",
        "fox -p '../x'",
        "fox -p $'a\\nb'",
        "fox --callback-url ''",
    ],
)
def test_input_that_cannot_work_is_refused_with_nothing_sent(
    scripted: Shell, service: ScriptedService, line: str
) -> None:
    Path("latin.txt").write_bytes(b"caf\xe9")
    Path("huge.txt").write_text("fox " * 2_000_000)
    Path("nul.txt").write_bytes(b"\0\0\0")
    Path("empty.png").touch()
    Path("text.png").write_text("a picture of a fox")
    Path("tiny.jpg").write_bytes(clips.picture(20, 20))
    Path("narrow.jpg").write_bytes(clips.picture(300, 1200))
    Path("clip.mp4").write_bytes(clips.clip())
    done = scripted(f"video create {line} --json")
    assert done.code == 2, done
    assert_one_error(done)
    assert done.json["error"]["exit_code"] == 2
    assert service.asked == []


@pytest.mark.parametrize(
    "prompt",
    [
        "[/] [bold]",
        "zwei\nZeilen\t",
        "a \"fox\" 'n' $HOME `x`",
        "--duration 99",
        "x" * 20_000,
        "../../x",
    ],
)
def test_a_prompt_is_sent_as_typed_and_names_a_plain_file(
    scripted: Shell, service: ScriptedService, prompt: str
) -> None:
    making(service)
    Path("prompt.txt").write_text(prompt)
    done = scripted("video create @prompt.txt")
    assert done.code == 0, done.stderr
    (sent,) = service.asked_by("POST")
    assert sent.json["content"][0]["text"] == prompt
    assert Path(done.stdout.strip()).resolve().parent == scripted.home.resolve()
