"""The sandbox as a service: what the official SDK, a curl and a second process see of it."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from byteplussdkarkruntime import Ark
from byteplussdkarkruntime._exceptions import (
    ArkAuthenticationError,
    ArkBadRequestError,
    ArkConflictError,
    ArkNotFoundError,
)

import clips
from byteplus_cli.sandbox.server import reset, start
from byteplus_cli.sandbox.states import NEXT, Status
from offline import FAST, PRO, START, TASKS, TWO, TWO_FIVE, Offline, inline, offline

DAY = 86_400


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Offline]:
    with offline(tmp_path / "sandbox") as started:
        yield started


@pytest.fixture
def ark(there: Offline) -> Iterator[Ark]:
    with Ark(base_url=there.sandbox.base_url, api_key="any-key", max_retries=0) as client:
        yield client


def test_the_official_sdk_goes_all_the_way(there: Offline, ark: Ark) -> None:
    tasks = ark.content_generation.tasks
    made = tasks.create(model=FAST, content=[{"type": "text", "text": "a fox"}], seed=7)
    assert tasks.get(task_id=made.id).status == "queued"
    there.now += 1
    with pytest.raises(ArkConflictError) as running:
        tasks.delete(made.id)
    assert running.value.code == "InvalidAction.RunningTaskDeletion"
    there.now += 1
    task = tasks.get(task_id=made.id)
    assert (task.status, task.seed, task.resolution) == ("succeeded", 7, "1080p")
    assert [item.id for item in tasks.list(page_num=1, page_size=5).items] == [made.id]
    tasks.delete(made.id)
    with pytest.raises(ArkNotFoundError):
        tasks.get(task_id=made.id)


def test_the_official_sdk_sends_a_picture(ark: Ark) -> None:
    url = inline("image/jpeg", clips.picture())
    item = {"type": "image_url", "image_url": {"url": url}, "role": "first_frame"}
    made = ark.content_generation.tasks.create(model=PRO, content=[item])
    assert ark.content_generation.tasks.get(task_id=made.id).ratio == "4:3"


def test_the_official_sdk_raises_its_own_errors(there: Offline, ark: Ark) -> None:
    content = [{"type": "text", "text": "a fox"}]
    with pytest.raises(ArkBadRequestError) as bad:
        ark.content_generation.tasks.create(model=FAST, content=content, duration=99)
    assert (bad.value.code, bad.value.param) == ("InvalidParameter", "duration")
    with pytest.raises(ArkNotFoundError) as unknown:
        ark.content_generation.tasks.create(model="seedance-9", content=content)
    assert unknown.value.code == "InvalidEndpointOrModel.NotFound"
    stranger = Ark(base_url=there.sandbox.base_url, api_key="bad-key", max_retries=0)
    with stranger, pytest.raises(ArkAuthenticationError):
        stranger.content_generation.tasks.list()


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer  ", "Basic abc", "Bearer bad-1"])
def test_without_a_good_key_there_is_no_answer(there: Offline, header: str | None) -> None:
    for method, path in (("POST", TASKS), ("GET", TASKS), ("DELETE", f"{TASKS}/cgt-1")):
        reply = there.call(method, path, authorization=header)
        assert reply.status == 401
        assert reply.json["error"]["type"] == "Unauthorized"
        assert reply.code == reply.headers["x-error-code"] == "AuthenticationError"


def test_each_answer_has_an_id_of_its_own(there: Offline) -> None:
    link = there.finished()["content"]["video_url"]
    paths = [TASKS, "/nowhere", link.replace("Signature=", "Signature=0")]
    ids = [there.call("GET", path).headers["x-request-id"] for path in (*paths, TASKS)]
    assert len(set(ids)) == 4


def test_an_id_tells_when_it_was_made_and_flex_is_marked(there: Offline) -> None:
    assert re.fullmatch(r"cgt-20261118110640-[a-z0-9]{5}", there.create())
    flex = there.create(service_tier="flex")
    assert re.fullmatch(r"cgt-batch-20261118110640-[a-z0-9]{5}", flex)


def test_a_task_is_queued_then_runs_then_succeeds(there: Offline) -> None:
    id = there.create()
    seen = [there.look(id), there.look(id, 0.4), there.look(id, 1.5)]
    assert [task["status"] for task in seen] == ["queued", "running", "succeeded"]
    assert all(task["error"] is None for task in seen)
    assert "content" not in seen[1]
    assert seen[0]["created_at"] == int(START)
    assert seen[2]["updated_at"] == int(START + 1.8)


@pytest.mark.parametrize("ending", ["", "[[fail:X]]", "[[expire]]", "[[slow:0]]", "[[queue:0]]"])
def test_only_written_down_changes_of_state_happen(there: Offline, ending: str) -> None:
    id = there.create(f"a fox {ending}")
    seen = [Status(there.look(id, 0.1)["status"]) for _ in range(25)]
    changes = [pair for pair in pairwise(seen) if pair[0] is not pair[1]]
    assert all(after in NEXT[before] for before, after in changes)
    assert NEXT[seen[-1]] == frozenset()


def test_a_task_shows_what_was_really_made(there: Offline) -> None:
    task = there.finished(seed=11, duration=5, resolution="720P", safety_identifier="u1")
    assert {name: task[name] for name in task if name not in ("id", "content")} == {
        "model": FAST,
        "status": "succeeded",
        "error": None,
        "created_at": int(START),
        "updated_at": int(START),
        "seed": 11,
        "resolution": "720p",
        "ratio": "16:9",
        "duration": 5,
        "framespersecond": 24,
        "service_tier": "default",
        "execution_expires_after": 172800,
        "safety_identifier": "u1",
        "usage": {"completion_tokens": 103818, "total_tokens": 103818},
    }


@pytest.mark.parametrize(
    ("fields", "tokens"),
    [
        ({"resolution": "480p"}, 49_005),
        ({"model": TWO, "resolution": "720p", "duration": 5}, 108_900),
        ({"model": TWO, "resolution": "480p"}, 50_638),
        ({"model": TWO_FIVE, "resolution": "480p", "duration": 4}, 38_830),
        ({"resolution": "480p", "frames": 29}, 864 * 480 * 29 // 1024),
    ],
)
def test_tokens_are_billed_to_the_unit(
    there: Offline, fields: dict[str, object], tokens: int
) -> None:
    assert there.finished(**fields)["usage"]["total_tokens"] == tokens


def test_fields_that_a_model_does_not_have_are_not_shown(there: Offline) -> None:
    one, two = there.finished(frames=29), there.finished(model=TWO_FIVE, draft=False, priority=3)
    assert one["frames"] == 29
    assert not {"duration", "generate_audio", "priority", "draft", "output_format"} & set(one)
    assert (two["generate_audio"], two["priority"], two["draft"]) == (True, 3, False)
    assert (two["output_format"], two["duration"]) == ("mp4", 5)


def test_an_endpoint_id_stands_for_a_model(there: Offline) -> None:
    id = there.create(model="ep-20261120101530-abcde")
    assert there.look(id)["model"] == FAST
    for name in (FAST, "ep-20261120101530-abcde"):
        assert there.call("GET", f"{TASKS}?filter.model={name}").json["total"] == 1


def test_a_queued_task_is_cancelled_and_forgotten_after_a_day(there: Offline) -> None:
    id = there.create("a fox [[queue:60]]")
    assert there.call("DELETE", f"{TASKS}/{id}").json == {}
    assert there.look(id)["status"] == "cancelled"
    again = there.call("DELETE", f"{TASKS}/{id}")
    assert (again.status, again.code) == (409, "InvalidAction")
    assert there.look(id, DAY - 1)["status"] == "cancelled"
    there.now += 1
    assert there.call("GET", f"{TASKS}/{id}").status == 404


@pytest.mark.parametrize("ending", ["", "[[fail:X]]", "[[expire]]"])
def test_what_has_ended_is_removed(there: Offline, ending: str) -> None:
    id = there.finished(f"a fox {ending}")["id"]
    assert there.call("DELETE", f"{TASKS}/{id}").json == {}
    gone = there.call("GET", f"{TASKS}/{id}")
    assert (gone.status, gone.code) == (404, "NotFound")
    assert there.call("DELETE", f"{TASKS}/{id}").status == 404


def test_a_record_is_kept_for_seven_days(there: Offline) -> None:
    id = there.create()
    assert there.look(id, 7 * DAY - 1)["status"] == "succeeded"
    there.now += 1
    assert there.call("GET", f"{TASKS}/{id}").status == 404
    assert there.call("GET", TASKS).json == {"total": 0, "items": []}


def test_a_list_is_newest_first_and_paged(there: Offline) -> None:
    ids = [there.create(f"fox {number}") for number in range(5)]
    page = there.call("GET", f"{TASKS}?page_num=2&page_size=2").json
    assert page["total"] == 5
    assert [item["id"] for item in page["items"]] == [ids[2], ids[1]]


def test_a_list_is_narrowed_down(there: Offline) -> None:
    failed = there.finished("[[fail:X]]")["id"]
    queued = there.create("[[queue:60]]", model=TWO)
    flex = there.create(service_tier="flex")

    def listed(query: str) -> list[str]:
        items = there.call("GET", f"{TASKS}?{query}").json["items"]
        return [item["id"] for item in items]

    assert listed("") == [queued, failed]
    assert listed("filter.status=failed") == [failed]
    assert listed(f"filter.model={TWO}") == [queued]
    assert listed("filter.service_tier=flex") == [flex]
    assert listed(f"filter.task_ids={failed}&filter.task_ids=cgt-x") == [failed]


@pytest.mark.parametrize(
    "query",
    [
        "page_num=0",
        "page_num=-1",
        "page_num=%D9%A1",
        "page_size=501",
        "page_size=x",
        "filter.status=done",
        "filter.service_tier=fast",
    ],
)
def test_a_list_refuses_what_it_does_not_know(there: Offline, query: str) -> None:
    reply = there.call("GET", f"{TASKS}?{query}")
    assert (reply.status, reply.code) == (400, "InvalidParameter")


def test_tasks_outlive_the_sandbox(there: Offline) -> None:
    task = there.finished()
    first = there.call("GET", task["content"]["video_url"])
    there.sandbox.stop()
    there.start()
    again = there.look(task["id"])
    assert again["status"] == "succeeded"
    # The port is another one, and yet links and bytes are the same.
    assert urlsplit(again["content"]["video_url"])._replace(netloc="") == urlsplit(
        task["content"]["video_url"]
    )._replace(netloc="")
    assert there.call("GET", task["content"]["video_url"]).content == first.content


def test_several_processes_share_one_state(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib; from offline import Offline\n"
        "there = Offline(pathlib.Path(sys.argv[1])); there.start()\n"
        "print(*(there.create() for _ in range(20)))"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "sandbox")]
    started = [
        subprocess.Popen(command, cwd=Path(__file__).parent, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    made = [id for process in started for id in process.communicate()[0].split()]
    assert len(set(made)) == 60
    assert reset(tmp_path / "sandbox") == 60


def test_reset_forgets_everything_even_under_a_running_sandbox(there: Offline) -> None:
    task = there.finished()
    there.create()
    link = task["content"]["video_url"]
    assert there.call("GET", link).status == 200
    assert reset(there.state) == 2
    assert there.call("GET", link).status == 403
    assert there.call("GET", TASKS).json["total"] == 0
    assert list(there.state.glob("files/*")) == []
    assert there.create()


def test_reset_of_nothing_forgets_nothing(tmp_path: Path) -> None:
    assert reset(tmp_path / "nowhere") == 0
    assert not (tmp_path / "nowhere").exists()


def test_a_broken_state_is_an_os_error_and_reset_mends_it(tmp_path: Path) -> None:
    (tmp_path / "tasks-1.db").write_bytes(b"not a database" * 100)
    with pytest.raises(OSError, match="cannot use its state"):
        start(tmp_path)
    assert reset(tmp_path) == 0
    start(tmp_path).stop()


@pytest.mark.parametrize("port", [-1, 99_999])
def test_a_wrong_port_is_an_os_error(tmp_path: Path, port: int) -> None:
    with pytest.raises(OSError, match="ports go from"):
        start(tmp_path, port)


def test_a_taken_port_is_an_os_error(there: Offline, tmp_path: Path) -> None:
    port = urlsplit(there.sandbox.base_url).port
    assert port is not None
    with pytest.raises(OSError, match="in use"):
        start(tmp_path / "other", port)


def test_only_this_machine_can_reach_it(there: Offline) -> None:
    parts = urlsplit(there.sandbox.base_url)
    assert parts.hostname == "127.0.0.1"
    with pytest.raises(OSError):
        # Any other address of the loopback network is refused, since only one is bound.
        socket.create_connection(("127.0.0.2", parts.port or 0), timeout=1)


def test_the_package_is_cheap_to_import() -> None:
    program = (
        "import sys, byteplus_cli.sandbox, byteplus_cli.sandbox.scripts;"
        "print(*{'av', 'starlette', 'uvicorn', 'sqlite3'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == ""
