"""`byteplus history show --command`: the line that makes something again sends the same."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import time
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

import clips
from byteplus_cli.commands.planning import FIELDS
from byteplus_cli.commands.preview import shortened
from byteplus_cli.generation.history import again_clip
from byteplus_cli.generation.history.command_line import quoted
from byteplus_cli.generation.ledger import Ledger
from conftest import Ran, Shell
from ledgers import DAY, Past
from pictures import item, streamed, whole
from service import Reply, ScriptedService, task

ID = "cgt-20261121101530-ab12c"


def kept(shell: Shell, id: str) -> dict[str, Any]:
    """The request as the ledger has it, without who chose the seed."""
    ledger = Ledger.open(Path(shell.env["BYTEPLUS_STATE_DIR"]))
    request = dict(ledger.find(ledger.resolve(id, "default")).request)
    request.pop("own_seed", None)
    return request


def told(shell: Shell, what: str = "@last") -> Ran:
    done = shell(f"history show {what} --command")
    assert done.code == 0, done.stderr
    return done


def again(shell: Shell, what: str = "@last") -> str:
    """The rest of the printed line, for the same shell."""
    done = told(shell, what)
    assert done.stderr == ""
    return done.stdout.removeprefix("byteplus ")


def with_options(line: str, options: str) -> str:
    """The line with more options after its command, where no `--` ends them."""
    group, command, rest = line.split(" ", 2)
    return f"{group} {command} {options} {rest}"


def planned(shell: Shell, line: str) -> dict[str, Any]:
    done = shell(with_options(line, "--dry-run --json"))
    assert done.code == 0, done.stderr
    return done.json["request"]


def without_media(request: Any) -> Any:
    """A kept request, or one as it is sent, with nothing of its inputs but that they are there."""
    if isinstance(request, dict):
        media = {"url", "sha256"} & request.keys()
        return "media" if media else {key: without_media(one) for key, one in request.items()}
    if isinstance(request, list):
        return [without_media(one) for one in request]
    return "media" if isinstance(request, str) and request.startswith("data:") else request


@pytest.fixture
def supplied(scripted: Shell, service: ScriptedService) -> Shell:
    """A scripted service that takes what is asked, with files to make clips from."""
    service.on("POST", Reply(body={"id": ID}))
    for name in ("boat.jpg", "dusk.jpg", "-odd name's.jpg"):
        Path(name).write_bytes(clips.picture(640, 360))
    Path("hum.wav").write_bytes(clips.sound(3))
    return scripted


@pytest.mark.parametrize(
    "line",
    [
        "video create 'a fox'",
        'video create "it\'s a \\"fox\\" $HOME \\`ls\\` \\\\ ! *"',
        "video create 'two\nlines\tand a tab'",
        "video create '@@home, a fox'",
        "video create -- '--a fox'",
        "video create '狐狸 👩‍🚀 é'",
        "video create fox -m seedance-1.0-pro -d 7 -r 1:1 --resolution 480p --seed 7 --watermark",
        "video create fox --camera-fixed --save-last-frame --expires-after 90m --flex",
        "video create fox --no-camera-fixed --no-watermark --frames 57 -m seedance-1.0-pro",
        "video create fox --seed -1 -m ep-20261120-abcde",
        "video create fox -m seedance-9-0-270101 --duration -1 --audio",
        "video create fox -m seedance-2.0 --no-audio --priority 3 --safety-id 'a b'",
        "video create fox --callback-url https://example.com/hook",
        "video create fox --extra new=1 --extra 'deep={\"a\": [1, null]}' --extra 'word=it is'",
        "video create fox --extra 'resolution=\"8k\"' --extra duration=99 --extra seed=5",
        "video create fox --extra service_tier=default --extra draft=false",
        "video create fox -i boat.jpg",
        "video create -i boat.jpg --last-frame dusk.jpg -m seedance-1.0-pro",
        "video create fox -i './-odd name'\\''s.jpg'",
        "video create fox -i https://example.com/a.jpg -m seedance-1.0-pro",
        "video create fox -m seedance-2.0 --ref-image boat.jpg --ref-image dusk.jpg"
        " --ref-video https://example.com/a.mp4 --ref-audio hum.wav",
        "video create fox -m seedance-2.5 --format mov --ref-image boat.jpg --task-type reference",
        "video create fox -i asset://asset-1",
        "video create fox -o 'films/{date}/{slug}.{ext}'",
        "video draft 'a boat' -d 4",
        "video draft 'a boat' -i boat.jpg --seed 3",
    ],
)
def test_a_clip_is_asked_for_as_it_was(
    supplied: Shell, service: ScriptedService, line: str
) -> None:
    made = supplied(with_options(line, "--no-wait"))
    assert made.code == 0, made.stderr
    sent = service.asked_by("POST")[0].json
    printed = again(supplied)
    assert planned(supplied, printed) == shortened(sent)
    assert without_media(sent) == without_media(kept(supplied, ID))
    # Once more for real, the same is kept of it.
    before = kept(supplied, ID)
    service.on("POST", Reply(body={"id": f"{ID}2"}))
    assert supplied(with_options(printed, "--no-wait")).code == 0
    assert kept(supplied, f"{ID}2") == before


@pytest.mark.parametrize(
    "line",
    [
        "image gen 'a fox'",
        "image gen '@@home' --size 4K",
        "image gen -- '--fox'",
        "image gen fox --size 1000x2000 --watermark",
        "image gen fox -r 16:9 --no-stream",
        "image gen cats --count 4",
        "image gen fox -i boat.jpg",
        "image gen fox -i boat.jpg -i dusk.jpg --count 2",
        "image gen fox -m seedream-5.0-pro --format png --optimize-prompt fast",
        "image gen fox -m seedream-5.0-lite --web-search --size 3K",
        "image gen fox -m seedream-5.0-flash --seed 7",
        "image gen fox -m seedream-3.0 --guidance-scale 2.5 --size 1024x1024",
        "image gen fox -m seedream-5.0-pro -o fox.png",
        "image gen fox -m ep-20261120-abcde --size 2K",
        "image gen fox --extra 'new={\"a\": 1}' --extra 'size=\"9K\"' --extra seed=3",
        "image gen --layers -i boat.png -m seedream-5.0-pro",
        "image gen hat -i cut.png --transparent -m seedream-5.0-pro",
    ],
)
def test_pictures_are_asked_for_as_they_were(
    supplied: Shell, service: ScriptedService, line: str
) -> None:
    Path("boat.png").write_bytes(clips.picture(640, 480, codec="png"))
    Path("cut.png").write_bytes(clips.picture(640, 480, codec="png", pixels="rgba"))
    service.on("POST", streamed(item(service, 1)))
    if "--no-stream" in line or "pro" in line or "3.0" in line or "ep-" in line:
        service.on("POST", whole(item(service, 1)))
    assert supplied(line).code in (0, 12)
    sent = service.asked_by("POST")[0].json
    printed = again(supplied)
    assert planned(supplied, printed) == shortened(sent)
    before = kept(supplied, "@last")
    assert without_media(sent) == without_media(before)
    assert supplied(printed).code in (0, 12)
    assert kept(supplied, "@last") == before
    assert kept(supplied, "@-2") == before


@pytest.fixture
def studio(sandbox: Shell) -> Shell:
    """The sandbox, with files to make avatars and clips from."""
    Path("portrait.jpg").write_bytes(clips.picture(600, 800))
    Path("hello.wav").write_bytes(clips.wav(2))
    Path("walk.mp4").write_bytes(clips.clip(960, 540, 3))
    return sandbox


def entry_of(shell: Shell, number: int = 1) -> Any:
    ledger = Ledger.open(Path(shell.env["BYTEPLUS_STATE_DIR"]))
    return ledger.find(ledger.resolve(f"@-{number}", "sandbox"))


def request_of(shell: Shell, number: int = 1) -> dict[str, Any]:
    request = dict(entry_of(shell, number).request)
    request.pop("own_seed", None)
    return request


@pytest.mark.parametrize(
    "options",
    [
        "",
        "--prompt '@@her, she nods' --seed 7 --resolution 720 --fast",
        "--prompt '- no' --no-fast --mask-index 0 --keep -o hello.mp4",
        "--mask-url https://example.com/mask.png",
        "--model 1.0",
    ],
)
def test_an_avatar_is_asked_for_as_it_was(studio: Shell, options: str) -> None:
    line = f"avatar omnihuman -i portrait.jpg -a hello.wav {options}"
    planned_before = planned(studio, line)
    assert studio(with_options(line, "--no-wait")).code == 0
    printed = again(studio)
    assert printed.rstrip().endswith("-p sandbox")
    assert planned(studio, printed) == planned_before
    assert ("--keep" in printed) == ("--keep" in options)


def test_a_final_and_its_draft_are_asked_for_as_they_were(studio: Shell) -> None:
    assert studio("video draft 'a boat [[slow:0]]' -d 4").code == 0
    options = "--watermark --format mov --priority 2 -o boat.mov --no-wait"
    assert studio(f"video finalize @last {options}").code == 0
    printed = again(studio)
    draft = entry_of(studio, 2)
    assert printed.startswith(f"video finalize {draft.id} ")
    assert without_media(planned(studio, printed)) == request_of(studio)
    assert again(studio, str(draft.id)).startswith("video draft 'a boat [[slow:0]]'")


def test_a_final_of_a_draft_that_is_too_old_warns(byteplus: Shell) -> None:
    past = Past(byteplus)
    draft = past.made(ago=8 * DAY, draft=True)
    content = [{"type": "draft_task", "draft_task": {"id": draft}}]
    final = past.made(request={"model": "dreamina-seedance-2-5-260628", "content": content})
    assert "older than 7 days" in told(byteplus, final).stderr


def test_a_clip_of_a_chain_starts_on_the_clip_before_it(studio: Shell) -> None:
    line = 'video chain "one [[slow:0]]" "two [[slow:0]]" --resolution 480p -d 2 -o film.mp4'
    assert studio(line).code == 0
    first, second = entry_of(studio, 2), entry_of(studio)
    printed = again(studio)
    assert f"--image {first.id} " in printed
    assert "-o film-2.mp4" in printed
    before = request_of(studio)
    assert studio(f"{printed.strip()} --json").code == 0
    once_more = request_of(studio)
    for request in (before, once_more):  # the sandbox answers from another port
        del request["content"][1]["image_url"]["url"]
    assert once_more == before
    assert str(second.id) != str(entry_of(studio).id)


def test_earlier_pictures_and_uploaded_videos_are_named_again(studio: Shell) -> None:
    assert studio("image gen cats --count 2 --size 1K").code == 0
    cats = entry_of(studio).id
    options = "-m seedance-2.0 --ref-image @last#2 --ref-video walk.mp4 -d 4 --resolution 480p"
    assert studio(f"video create 'a walk [[slow:0]]' {options}").code == 0
    printed = again(studio)
    assert f"--ref-image '{cats}#2' --ref-video walk.mp4 " in printed
    request = planned(studio, printed)
    assert [part["type"] for part in request["content"]] == ["text", "image_url", "video_url"]


def test_the_profile_is_named_unless_it_is_the_usual_one(byteplus: Shell) -> None:
    past = Past(byteplus)
    work, usual, gone = (past.made(profile=name) for name in ("work", "default", "old"))
    byteplus("config set video.resolution 1080p -p work")
    assert "-p" not in shlex.split(told(byteplus, usual).stdout)
    done = told(byteplus, work)
    assert done.stdout.endswith(" -p work\n")
    assert "the profile sets video.resolution by now" in done.stderr
    lost = told(byteplus, gone)
    assert "-p" not in shlex.split(lost.stdout)
    assert "profile old, which is not set up any more" in lost.stderr
    byteplus("config use work")
    assert told(byteplus, usual).stdout.endswith(" -p default\n")
    env = {"BYTEPLUS_PROFILE": "sandbox"}
    assert byteplus(f"history show {work} --command", env=env).stdout.endswith(" -p work\n")


def test_what_a_profile_would_add_by_now_is_kept_out_or_told(
    supplied: Shell, service: ScriptedService
) -> None:
    service.on("POST", Reply(body={"id": ID}))
    assert supplied("video create fox --frames 57 -m seedance-1.0-pro --no-wait").code == 0
    sent = service.asked_by("POST")[0].json
    for setting in ("video.flex true", "video.duration 5", "video.model seedance-2.0", "output a/"):
        assert supplied(f"config set {setting}").code == 0
    assert planned(supplied, again(supplied)) == shortened(sent)
    supplied("config set video.watermark false")
    assert "sets video.watermark by now" in told(supplied).stderr


def test_what_cannot_be_said_is_warned_of(supplied: Shell, service: ScriptedService) -> None:
    content = b64encode(clips.picture(codec="png")).decode()
    assert supplied(f"video create fox -i data:image/png;base64,{content} --no-wait").code == 0
    done = told(supplied)
    assert "--image is left out: what was given as data: is not kept" in done.stderr
    assert "--image" not in done.stdout
    service.on("POST", Reply(body={"id": f"{ID}2"}))
    signed = "-i 'https://x.example/a.jpg?sign=s' --callback-url 'https://x.example/?k'"
    assert supplied(f"video create fox {signed} --no-wait").code == 0
    done = told(supplied)
    assert "what signed https://x.example/a.jpg?… is not kept" in done.stderr
    assert "--callback-url is left out" in done.stderr


def test_a_prompt_that_stands_for_standard_input_is_warned_of(supplied: Shell) -> None:
    Path("dash.txt").write_text("-")
    assert supplied("video create @dash.txt --no-wait").code == 0
    assert "put it into a file, as @FILE" in told(supplied).stderr


def test_a_file_that_changed_or_went_is_warned_of(supplied: Shell) -> None:
    line = "video create fox -i boat.jpg --last-frame dusk.jpg -m seedance-1.0-pro --no-wait"
    assert supplied(line).code == 0
    Path("boat.jpg").write_bytes(clips.picture(640, 400))
    Path("dusk.jpg").unlink()
    done = told(supplied)
    assert "--image: boat.jpg has changed since" in done.stderr
    assert "--last-frame: dusk.jpg is not there any more" in done.stderr
    shown = supplied(f"history show {ID}").stdout
    assert re.search(r"boat.jpg\n +first frame, sha256 \w{12}…, changed since\n", shown)
    assert re.search(r"dusk.jpg\n +last frame, sha256 \w{12}…, gone\n", shown)


def test_paths_are_told_from_where_the_user_is_now(
    supplied: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert supplied("video create fox -i boat.jpg --no-wait").code == 0
    Path("deep").mkdir()
    monkeypatch.chdir("deep")
    words = shlex.split(again(supplied))
    assert Path(words[words.index("--image") + 1]) == supplied.home / "boat.jpg"


def test_the_line_is_a_document_too(supplied: Shell) -> None:
    assert supplied("video create 'a fox' --seed 3 --no-wait").code == 0
    document = supplied("history show @last --command --json").json
    assert document["schema"] == "byteplus.command/1"
    assert document["id"] == ID
    assert shlex.split(document["command"]) == ["byteplus", *document["arguments"]]
    assert document["warnings"] == []


def test_what_another_machine_made_cannot_be_told(
    scripted: Shell, service: ScriptedService
) -> None:
    now = int(time.time())
    service.on("GET", task(ID, "running", created_at=now))
    assert scripted(f"video get {ID}").code == 0
    done = scripted(f"history show {ID} --command")
    assert done.code == 8
    assert "made by another machine" in done.stderr


def test_a_batch_keeps_its_names_to_itself(byteplus: Shell) -> None:
    past = Past(byteplus)
    id = past.made(output="{row.title}.{ext}")
    assert "-o" not in shlex.split(told(byteplus, id).stdout)


def test_every_option_that_is_a_body_field_can_be_said_again() -> None:
    assert set(FIELDS.values()) <= again_clip.OPTIONS.keys()
    assert {*again_clip.OPTIONS} - {*FIELDS.values()} == {
        "service_tier",
        "execution_expires_after",
    }


@pytest.mark.skipif(os.name == "nt" or not shutil.which("bash"), reason="needs bash")
@pytest.mark.parametrize(
    "word",
    ["it's", "a\nb\tc", "\x1b[31mred", "\u202ereversed\\'", "\u00a0wide", "\U000e0001tag", ""],
)
def test_a_word_reaches_bash_whole_and_steers_no_terminal(word: str) -> None:
    text = quoted(word)
    assert "\x1b" not in text
    assert "\u202e" not in text
    line = ["bash", "-c", f"printf %s {text}"]
    done = subprocess.run(line, capture_output=True, env={"LC_ALL": "C.UTF-8"})
    assert done.stdout.decode() == word
