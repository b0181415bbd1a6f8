"""Local videos as references: put into storage, linked, and removed once the clip is saved."""

from __future__ import annotations

import http.client
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import clips
from byteplus_cli.sandbox.server import Sandbox, start
from conftest import Ran, Shell, started
from s3 import Moto, moto
from service import Reply, ScriptedService, task

ID, OTHER = "cgt-20261121101530-ab12c", "cgt-20261121101531-cd34e"
ACCESS, SECRET = "AKACCESSOFTHESTORAGE", "secret-of-the-storage-0123456789"
CREATE = "video create go -m seedance-2.0 --ref-video clip.mp4"
SIGNATURE = "X-Amz-Signature"


@pytest.fixture(scope="module")
def server() -> Iterator[Moto]:
    with moto() as running:
        yield running


@pytest.fixture
def s3(server: Moto) -> Moto:
    """With an empty bucket."""
    server.reset("clips")
    return server


@pytest.fixture
def stored(scripted: Shell, s3: Moto) -> Shell:
    """A command line with the scripted service, and a storage of the user's own."""
    set_up(scripted, endpoint=s3.endpoint)
    Path("clip.mp4").write_bytes(footage())
    return scripted


@pytest.fixture
def faulty(stored: Shell) -> Iterator[ScriptedService]:
    """The same with a storage that has nothing, takes everything, and can be made to fail."""
    storage = ScriptedService()
    storage.on("GET", Reply(404))
    storage.on("PUT", Reply(headers={"etag": '"1"'}))
    storage.on("DELETE", Reply(204))
    set_up(stored, endpoint=storage.root)
    yield storage
    storage.stop()


def footage(seconds: float = 3, **look: object) -> bytes:
    return clips.clip(960, 540, seconds, **look)  # type: ignore[arg-type]


def set_up(shell: Shell, **settings: str) -> None:
    chosen = {"url": "s3://clips/in", "access_key": ACCESS, "secret_key": SECRET, **settings}
    for name, value in chosen.items():
        secret = name.endswith("_key")
        line = f"config set storage.{name}" + ("" if secret else f" {value}")
        assert shell(line, stdin=value if secret else "").code == 0


def accepting(service: ScriptedService, id: str = ID, status: str = "succeeded") -> None:
    service.on("POST", Reply(body={"id": id}))
    service.on("GET", looked(service, id, status))


def looked(service: ScriptedService, id: str = ID, status: str = "succeeded") -> Reply:
    content = {"video_url": service.file(f"{id}.mp4", clips.clip())}
    return task(id, status, **({"content": content} if status == "succeeded" else {}))


def link_sent(service: ScriptedService) -> str:
    content = service.asked_by("POST")[-1].json["content"]
    (found,) = [item["video_url"]["url"] for item in content if item["type"] == "video_url"]
    return str(found)


def fetched(url: str) -> bytes | None:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=20)
    connection.request("GET", f"{parts.path}?{parts.query}")
    reply = connection.getresponse()
    content = reply.read()
    connection.close()
    return content if reply.status == 200 else None


def assert_nowhere(secret: str, done: list[Ran], folder: Path) -> None:
    """In no output and, but for config.toml, in no file."""
    for ran in done:
        assert secret not in ran.stdout + ran.stderr
    for path in folder.rglob("*"):
        if path.is_file() and path.name != "config.toml":
            assert secret.encode() not in path.read_bytes(), path


def held(sandbox: Shell) -> int:
    """How many objects the sandbox's storage holds."""
    return len(list(Path(sandbox.env["BYTEPLUS_STATE_DIR"], "sandbox", "storage").glob("*")))


def test_in_the_sandbox_a_local_video_needs_nothing_set_up(sandbox: Shell) -> None:
    Path("clip.mp4").write_bytes(footage())
    done = sandbox(CREATE)
    assert done.code == 0, done.stderr
    assert "uploading clip.mp4 (" in done.stderr
    assert Path(done.lines[0]).exists()
    assert held(sandbox) == 0


def test_the_service_gets_a_link_that_works_and_is_gone_once_the_clip_is_saved(
    stored: Shell, service: ScriptedService, s3: Moto, tmp_path: Path
) -> None:
    service.on("POST", Reply(body={"id": ID}))
    service.on("GET", task(ID))
    begun = stored(f"{CREATE} --no-wait -v")
    assert begun.code == 0, begun.stderr
    link = link_sent(service)
    assert "X-Amz-Expires=176400" in link  # the 48 hours that a task may wait, and one more
    assert fetched(link) == footage()
    service.on("GET", looked(service))
    saved = stored("video get @last -v")
    assert saved.code == 0, saved.stderr
    assert (fetched(link), s3.keys("clips")) == (None, [])
    for secret in (SECRET, SIGNATURE):
        assert_nowhere(secret, [begun, saved], tmp_path)


def test_a_link_lives_as_long_as_the_task_may_wait(stored: Shell, service: ScriptedService) -> None:
    service.on("POST", Reply(body={"id": ID}))
    stored(f"{CREATE} --no-wait --expires-after 72h")
    assert "X-Amz-Expires=262800" in link_sent(service)


def test_a_file_that_is_kept_is_not_sent_again(
    stored: Shell, service: ScriptedService, s3: Moto
) -> None:
    accepting(service)
    assert stored(f"{CREATE} --keep").code == 0
    (key,) = s3.keys("clips")
    assert key.startswith("in/")
    accepting(service, OTHER)
    again = stored(CREATE)
    assert again.code == 0
    assert "clip.mp4 is in storage already" in again.stderr
    assert "uploading" not in again.stderr
    # What was to be kept once is kept, whoever else used it.
    assert s3.keys("clips") == [key]


def test_what_is_begun_with_keep_is_kept_by_whoever_saves_it(
    stored: Shell, service: ScriptedService, s3: Moto
) -> None:
    accepting(service)
    stored(f"{CREATE} --no-wait --keep")
    assert stored("video get @last").code == 0
    assert len(s3.keys("clips")) == 1


def test_a_file_that_another_task_still_needs_stays(
    stored: Shell, service: ScriptedService, s3: Moto
) -> None:
    service.on("POST", Reply(body={"id": OTHER}))
    stored(f"{CREATE} --no-wait")
    accepting(service)
    assert stored(CREATE).code == 0
    assert len(s3.keys("clips")) == 1
    service.on("GET", looked(service, OTHER))
    assert stored(f"video get {OTHER}").code == 0
    assert s3.keys("clips") == []


def test_two_files_and_the_same_one_twice_are_two_objects(
    stored: Shell, service: ScriptedService, s3: Moto
) -> None:
    Path("other.mp4").write_bytes(footage(first=90))
    service.on("POST", Reply(body={"id": ID}))
    done = stored(f"{CREATE} --ref-video other.mp4 --ref-video clip.mp4 --no-wait")
    assert done.code == 0, done.stderr
    assert len(s3.keys("clips")) == 2
    service.on("GET", looked(service))
    assert stored("video get @last").code == 0
    assert s3.keys("clips") == []


def test_a_task_that_fails_leaves_the_file_for_another_try(
    stored: Shell, service: ScriptedService, s3: Moto
) -> None:
    accepting(service, status="failed")
    assert stored(CREATE).code == 9
    assert len(s3.keys("clips")) == 1
    accepting(service, OTHER)
    again = stored(CREATE)
    assert (again.code, "is in storage already" in again.stderr) == (0, True)
    assert s3.keys("clips") == []


def test_rescue_removes_what_it_saved_the_clip_of(
    stored: Shell, service: ScriptedService, s3: Moto
) -> None:
    accepting(service)
    stored(f"{CREATE} --no-wait")
    done = stored("rescue")
    assert done.code == 0, done.stderr
    assert s3.keys("clips") == []


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_run_that_was_killed_after_the_upload_is_cleared_up_after_by_get(
    stored: Shell, service: ScriptedService, s3: Moto
) -> None:
    service.on("POST", Reply(body={"id": ID}))
    service.on("GET", task(ID))
    process = started(stored, CREATE)
    while not service.asked_by("GET"):
        time.sleep(0.01)
        assert process.poll() is None
    process.kill()
    process.communicate()
    assert len(s3.keys("clips")) == 1
    service.on("GET", looked(service))
    done = stored("video get @last")
    assert (done.code, s3.keys("clips")) == (0, [])
    assert len(service.asked_by("POST")) == 1


def test_a_draft_keeps_its_file_until_the_final_is_saved(sandbox: Shell) -> None:
    Path("clip.mp4").write_bytes(footage())
    draft = "video draft 'go [[slow:0]]' -m seedance-2.5 --ref-video clip.mp4 -d 4"
    done = sandbox(draft)
    assert done.code == 0, done.stderr
    assert held(sandbox) == 1
    assert sandbox("video get @last").code == 0
    assert held(sandbox) == 1
    final = sandbox("video finalize @last")
    assert final.code == 0, final.stderr
    assert held(sandbox) == 0


def test_an_avatars_portrait_and_sound_go_the_same_way(sandbox: Shell) -> None:
    Path("face.png").write_bytes(clips.picture(640, 640, "png"))
    Path("voice.wav").write_bytes(clips.sound(2))
    speak = "avatar omnihuman -i face.png -a voice.wav --prompt '[[slow:0]]'"
    done = sandbox(speak)
    assert done.code == 0, done.stderr
    assert "uploading face.png (" in done.stderr
    assert "uploading voice.wav (" in done.stderr
    assert held(sandbox) == 0
    sandbox(f"{speak} --no-wait --keep")
    assert sandbox("avatar get @last --wait").code == 0
    assert held(sandbox) == 2
    again = sandbox(speak)
    assert "voice.wav is in storage already" in again.stderr
    assert held(sandbox) == 2


def test_a_picture_that_was_only_looked_at_is_removed_at_once(sandbox: Shell) -> None:
    Path("face.png").write_bytes(clips.picture(640, 640, "png"))
    done = sandbox("avatar subjects -i face.png")
    assert done.code == 0, done.stderr
    assert "uploading face.png (" in done.stderr
    assert held(sandbox) == 0


def test_a_removal_that_fails_is_a_warning_and_get_tries_again(
    stored: Shell, faulty: ScriptedService, service: ScriptedService
) -> None:
    faulty.on("DELETE", Reply(403))
    accepting(service)
    done = stored(CREATE)
    assert done.code == 0
    assert "warning: still in storage: in/" in done.stderr
    assert Path(done.lines[0]).exists()
    faulty.on("DELETE", Reply(204))
    assert "warning" not in stored("video get @last").stderr
    removed = len(faulty.asked_by("DELETE"))
    stored("video get @last")
    assert len(faulty.asked_by("DELETE")) == removed  # it is known to be gone


def test_a_storage_that_is_set_no_more_is_a_warning(
    stored: Shell, service: ScriptedService
) -> None:
    accepting(service)
    stored(f"{CREATE} --no-wait")
    stored("config unset storage.url")
    done = stored("video get @last")
    assert done.code == 0
    assert "profile default names no storage any more" in done.stderr


def test_without_storage_it_is_said_how_to_set_one_up(
    scripted: Shell, service: ScriptedService
) -> None:
    Path("clip.mp4").write_bytes(footage())
    done = scripted(CREATE)
    assert (done.code, service.asked) == (2, [])
    assert done.stderr.splitlines()[1:] == [
        "hint: byteplus config set storage.url s3://BUCKET/FOLDER",
        "      byteplus config set storage.access_key",
        "      byteplus config set storage.secret_key",
        "      byteplus config set storage.endpoint"
        " https://tos-s3-ap-southeast-1.bytepluses.com  (BytePlus TOS; AWS needs none)",
    ]
    assert "clip.mp4: the service takes that as a link only" in done.stderr
    # What it would cost is told all the same.
    assert scripted(f"{CREATE} --dry-run").code == 0
    scripted("config set video.resolution 720p -p work")
    hint = scripted(f"{CREATE} -p work --json").json["error"]["hint"]
    assert hint.splitlines()[1] == "byteplus config set storage.access_key -p work"


@pytest.mark.parametrize(
    ("settings", "code", "said"),
    [
        ({"secret_key": "another-secret-0123"}, 3, "storage.secret_key is wrong"),
        ({"access_key": "AKNOBODY"}, 3, "storage.access_key is not known"),
        ({"url": "s3://elsewhere"}, 8, "there is no bucket elsewhere"),
        ({"endpoint": "http://127.0.0.1:9"}, 6, "127.0.0.1:9 refuses connections"),
    ],
)
def test_a_storage_that_cannot_be_used_ends_the_run_before_anything_is_asked_for(
    scripted: Shell,
    service: ScriptedService,
    tmp_path: Path,
    settings: dict[str, str],
    code: int,
    said: str,
) -> None:
    Path("clip.mp4").write_bytes(footage())
    there = start(tmp_path / "there")
    set_up(scripted, **{**settings_of(there), **settings})
    done = scripted(f"{CREATE} -v")
    there.stop()
    assert done.code == code
    assert said in done.stderr
    assert "nothing was charged" in done.stderr
    assert service.asked == []
    assert_nowhere(there.storage_secret_key, [done], tmp_path)


def settings_of(there: Sandbox) -> dict[str, str]:
    return {
        "url": there.storage_url,
        "endpoint": there.storage_endpoint,
        "region": there.storage_region,
        "access_key": there.storage_access_key,
        "secret_key": there.storage_secret_key,
    }


@pytest.mark.parametrize(
    "line", [CREATE, "avatar omnihuman -i https://x.example/a.png -a voice.wav"]
)
def test_without_a_key_nothing_is_uploaded(
    stored: Shell, service: ScriptedService, s3: Moto, line: str
) -> None:
    Path("voice.wav").write_bytes(clips.sound(2))
    done = stored(line, env={"ARK_API_KEY": ""})
    assert done.code == 3, done.stderr
    assert (service.asked, s3.keys("clips")) == ([], [])


def test_a_file_that_changes_under_way_is_not_sent(
    stored: Shell, faulty: ScriptedService, service: ScriptedService
) -> None:
    def changing() -> bytes:
        Path("clip.mp4").write_bytes(footage(first=90))
        return b""

    faulty.on("GET", Reply(404, changing))
    done = stored(CREATE)
    assert done.code == 2
    assert "clip.mp4 has changed since it was checked" in done.stderr
    assert (faulty.asked_by("PUT"), service.asked) == ([], [])


@pytest.mark.parametrize("options", ["--dry-run", "--as curl", "--max-cost 0.01"])
def test_what_is_not_made_is_not_uploaded(
    stored: Shell, service: ScriptedService, s3: Moto, options: str
) -> None:
    done = stored(f"{CREATE} {options}")
    assert done.code == (13 if "cost" in options else 0)
    assert ("(upload of clip.mp4)" in done.stdout) == ("cost" not in options)
    assert (service.asked, s3.keys("clips")) == ([], [])


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_an_upload_with_nothing_asked_for(
    stored: Shell,
    faulty: ScriptedService,
    service: ScriptedService,
    number: signal.Signals,
    code: int,
) -> None:
    faulty.on("PUT", Reply(delay=30))
    process = started(stored, CREATE)
    while not faulty.asked_by("PUT"):
        time.sleep(0.01)
        assert process.poll() is None
    before = time.monotonic()
    process.send_signal(number)
    _, said = process.communicate()
    assert time.monotonic() - before < 1
    assert process.returncode == code
    assert "stopped during the upload" in said
    assert "nothing was charged" in said
    assert service.asked == []


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_signal_during_the_removal_says_that_the_clip_is_saved(
    stored: Shell, faulty: ScriptedService, service: ScriptedService
) -> None:
    faulty.on("DELETE", Reply(delay=30))
    accepting(service)
    process = started(stored, CREATE)
    while not faulty.asked_by("DELETE"):
        time.sleep(0.01)
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    assert process.returncode == 130
    assert f"task {ID} is saved as go-530ab12c.mp4\n" in said
    faulty.on("DELETE", Reply(204))
    assert stored("video get @last").code == 0
    assert len(faulty.asked_by("DELETE")) == 2


def test_a_saved_clip_stands_in_for_its_dead_link(
    stored: Shell, service: ScriptedService, s3: Moto
) -> None:
    content = {"video_url": service.file("a.mp4", footage())}
    service.on("GET", task(OTHER, "succeeded", content=content))
    assert stored(f"video get {OTHER} -o earlier.mp4").code == 0
    service.on("GET", task(OTHER, "succeeded", content=content, created_at=1, updated_at=2))
    service.on("POST", Reply(body={"id": ID}))
    done = stored(f"video create go -m seedance-2.0 --ref-video {OTHER} --no-wait")
    assert done.code == 0, done.stderr
    assert "so earlier.mp4 is sent instead" in done.stderr
    assert fetched(link_sent(service)) == footage()


def test_the_seconds_that_go_in_are_in_the_price(stored: Shell) -> None:
    Path("clip.mp4").write_bytes(footage(5))
    line = f"{CREATE} --resolution 720p -r 16:9 -d 5 --dry-run --json"
    estimate = stored(line).json["estimate"]
    # 1280 × 720 × (24 × 5 + 24 × 5 + 1) / 1024 tokens at $4.30 a million.
    assert (estimate["tokens_low"], estimate["tokens_high"]) == (216_900, 216_900)
    assert estimate["usd_high"] == "0.933"


def test_the_sandbox_bills_the_seconds_that_go_in(sandbox: Shell) -> None:
    Path("clip.mp4").write_bytes(footage(6))
    document = sandbox(f"{CREATE} --resolution 480p -r 16:9 --json").json
    assert document["cost"]["estimated_usd"] == document["cost"]["actual_usd"]
