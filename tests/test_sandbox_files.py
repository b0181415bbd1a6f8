"""The clips of the sandbox, and the links to them."""

from __future__ import annotations

import hashlib
import io
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import av
import pytest

from offline import FAST, TWO, TWO_FIVE, Offline, offline

DAY = 86_400
SMALL = {"resolution": "480p", "duration": 2}


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Offline]:
    with offline(tmp_path / "sandbox") as started:
        yield started


def link(there: Offline, prompt: str = "a fox", **fields: object) -> str:
    return str(there.finished(prompt, **{**SMALL, **fields})["content"]["video_url"])


def fetched(there: Offline, url: str) -> bytes:
    reply = there.call("GET", url)
    assert reply.status == 200, reply.content
    return reply.content


@pytest.mark.parametrize(
    ("fields", "size", "frames", "sound"),
    [
        ({"model": FAST, "resolution": "480p", "duration": 2}, (864, 480), 49, False),
        ({"model": FAST, "resolution": "480p", "frames": 29}, (864, 480), 29, False),
        ({"model": TWO, "resolution": "480p", "duration": 4}, (864, 496), 97, True),
        (
            {"model": TWO, "resolution": "720p", "ratio": "21:9", "duration": 4},
            (1470, 630),
            97,
            True,
        ),
        (
            {"model": TWO, "resolution": "480p", "duration": 4, "generate_audio": False},
            (864, 496),
            97,
            False,
        ),
        (
            {"model": TWO_FIVE, "resolution": "480p", "ratio": "9:16", "output_format": "mov"},
            (480, 854),
            121,
            True,
        ),
    ],
)
def test_a_clip_is_what_was_paid_for(
    there: Offline, fields: dict[str, Any], size: tuple[int, int], frames: int, sound: bool
) -> None:
    url = there.finished("a fox", **fields)["content"]["video_url"]
    with av.open(io.BytesIO(fetched(there, url))) as clip:
        video = clip.streams.video[0]
        assert (video.width, video.height, video.codec_context.name) == (*size, "h264")
        assert video.average_rate == 24
        assert sum(1 for _ in clip.decode(video)) == frames
        assert bool(clip.streams.audio) is sound
    if sound:
        with av.open(io.BytesIO(fetched(there, url))) as clip:
            audio = clip.streams.audio[0]
            assert (audio.codec_context.name, audio.channels) == ("aac", 1)
            heard = sum(frame.samples for frame in clip.decode(audio)) / audio.rate
            assert abs(heard - frames / 24) < 0.05


def test_a_clip_can_play_before_it_is_whole(there: Offline) -> None:
    content = fetched(there, link(there))
    assert content.index(b"moov") < content.index(b"mdat")
    assert content[4:8] == b"ftyp"


def test_a_long_side_of_full_size_is_made_quickly(there: Offline) -> None:
    url = there.finished()["content"]["video_url"]
    before = time.monotonic()
    fetched(there, url)
    # Half a second alone on two cores; the rest is for a busy machine.
    assert time.monotonic() - before < 5


def test_clips_differ_by_prompt_and_seed(there: Offline) -> None:
    asked = [("a fox", 1), ("a fox", 2), ("a hare", 1)]
    assert len({fetched(there, link(there, prompt, seed=seed)) for prompt, seed in asked}) == 3


def test_the_last_frame_is_the_last_frame(there: Offline) -> None:
    task = there.finished(**SMALL, return_last_frame=True)
    with av.open(io.BytesIO(fetched(there, task["content"]["video_url"]))) as clip:
        *_, early, last = clip.decode(video=0)
    content = fetched(there, task["content"]["last_frame_url"])
    assert content[:3] == b"\xff\xd8\xff"
    with av.open(io.BytesIO(content)) as jpeg:
        (picture,) = jpeg.decode(video=0)
    assert (picture.width, picture.height) == (864, 480)
    assert distance(picture, last) < distance(picture, early)


def distance(one: av.VideoFrame, other: av.VideoFrame) -> float:
    """How far the light of two pictures is apart, along one row."""
    rows = [bytes(frame.reformat(format="gray").planes[0])[:864] for frame in (one, other)]
    return sum(abs(a - b) for a, b in zip(*rows, strict=True)) / 864


def test_a_last_frame_is_there_only_when_asked_for(there: Offline) -> None:
    assert set(there.finished()["content"]) == {"video_url"}


def test_the_tag_is_the_md5_of_bytes_that_stay(there: Offline) -> None:
    url = link(there)
    first, second = there.call("GET", url), there.call("GET", url)
    assert first.content == second.content
    assert first.headers["etag"] == f'"{hashlib.md5(first.content).hexdigest()}"'
    assert first.headers["content-length"] == str(len(first.content))
    assert first.headers["content-type"] == "video/mp4"
    assert there.call("GET", link(there), accept_encoding="gzip").headers["etag"]


def test_many_asking_at_once_get_the_same_whole_file(there: Offline) -> None:
    url = link(there)
    with ThreadPoolExecutor(8) as several:
        got = set(several.map(lambda _: there.call("GET", url).content, range(8)))
    assert len(got) == 1
    assert [path.suffix for path in there.state.glob("files/*")] == [".mp4"]


def test_a_part_is_served_from_the_middle_on(there: Offline) -> None:
    url = link(there)
    whole = there.call("GET", url)
    part = there.call("GET", url, range="bytes=100-", if_range=whole.headers["etag"])
    assert (part.status, part.content) == (206, whole.content[100:])
    length = len(whole.content)
    assert part.headers["content-range"] == f"bytes 100-{length - 1}/{length}"
    changed = there.call("GET", url, range="bytes=100-", if_range='"other"')
    assert (changed.status, changed.content) == (200, whole.content)
    beyond = there.call("GET", url, range=f"bytes={length}-")
    assert (beyond.status, beyond.headers["content-range"]) == (416, f"bytes */{length}")


def test_a_link_lives_for_a_day_after_completion(there: Offline) -> None:
    id = there.create(**SMALL)
    url = there.look(id, 100)["content"]["video_url"]
    there.now += DAY - 100
    assert there.call("GET", url).status == 200
    there.now += 2
    gone = there.call("GET", url)
    assert (gone.status, gone.headers["content-type"]) == (403, "application/xml")
    assert b"<Code>AccessDenied</Code>" in gone.content
    assert gone.headers["x-error-code"] == "AccessDenied"
    # The record outlives its link.
    assert there.look(id)["content"]["video_url"] == url


@pytest.mark.parametrize(
    "change",
    [
        ("X-Tos-Signature=", "X-Tos-Signature=0"),
        ("X-Tos-Expires=86400", "X-Tos-Expires=999999"),
        ("X-Tos-Date=2026", "X-Tos-Date=2027"),
        ("X-Tos-Date=", "X-Tos-Date=x"),
        (".mp4", ".mov"),
        ("cgt-", "cgt-batch-"),
        ("X-Tos-Signature", "X-Other"),
        ("X-Tos-Signature=", "X-Tos-Signature=%C3%A9"),
    ],
)
def test_a_changed_link_opens_nothing(there: Offline, change: tuple[str, str]) -> None:
    reply = there.call("GET", link(there).replace(*change))
    assert reply.status == 403
    assert b"<Code>SignatureDoesNotMatch</Code>" in reply.content


@pytest.mark.parametrize(
    "name", ["../tasks-1.db", "%2e%2e/tasks-1.db", "..%2Ftasks-1.db", "%2Fetc%2Fpasswd", "", "a/b"]
)
def test_no_path_leads_out_of_the_folder(there: Offline, name: str) -> None:
    query = urlsplit(link(there)).query
    assert there.call("GET", f"/files/{name}?{query}").status in (403, 404)


def test_a_link_takes_no_second_credential_and_no_head(there: Offline) -> None:
    url = link(there)
    assert there.call("GET", url, authorization="Bearer any-key").status == 400
    head = there.call("HEAD", url)
    assert (head.status, head.content) == (403, b"")
    assert there.call("POST", url).status == 405


def test_a_link_leads_to_where_the_task_was_looked_up(there: Offline) -> None:
    id = there.finished()["id"]
    path = f"/api/v3/contents/generations/tasks/{id}"
    task = there.call("GET", path, host="sandbox.local:81").json
    url = urlsplit(task["content"]["video_url"])
    assert url.netloc == "sandbox.local:81"
    assert parse_qs(url.query)["X-Tos-Expires"] == ["86400"]
    assert there.call("GET", f"{url.path}?{url.query}", authorization=None).status == 200


def test_the_file_of_a_removed_task_is_gone(there: Offline) -> None:
    task = there.finished(**SMALL)
    there.call("DELETE", f"/api/v3/contents/generations/tasks/{task['id']}")
    gone = there.call("GET", task["content"]["video_url"])
    assert gone.status == 404
    assert b"<Code>NoSuchKey</Code>" in gone.content


def test_a_start_drops_what_nobody_can_see_any_more(there: Offline) -> None:
    fetched(there, link(there))
    there.sandbox.stop()
    there.now = time.time() + 8 * DAY
    there.start()
    assert list(there.state.glob("files/*")) == []
