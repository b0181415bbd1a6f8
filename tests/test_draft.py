"""Draft, then final: a cheap look first, and the same clip in full after it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from byteplus_cli.generation import clip
from conftest import Shell
from service import Reply, ScriptedService, task

ID = "cgt-20261121101530-ab12c"


def test_a_draft_becomes_a_full_clip(sandbox: Shell) -> None:
    draft = sandbox('video draft "a paper boat [[slow:0]]" -d 4 -r 16:9')
    assert draft.code == 0, draft.stderr
    assert draft.lines[0].endswith("-draft.mp4")
    assert clip.probe(Path(draft.lines[0])).height == 480
    assert "byteplus video finalize cgt-" in draft.stderr
    assert "succeeded draft" in sandbox("video list").stdout

    final = sandbox("video finalize @last --json")
    assert final.code == 0, final.stderr
    (file,) = final.json["files"]
    assert (file["width"], file["height"], file["differs"]) == (1920, 1080, [])
    assert final.json["seed"] == sandbox("video get @-2 --json").json["seed"]
    assert final.json["cost"]["estimated_usd"] == final.json["cost"]["actual_usd"]


def test_a_draft_is_the_newest_model_that_has_them_in_480p(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", Reply(body={"id": ID}))
    scripted("config set video.resolution 1080p")
    assert scripted("video draft fox --no-wait --seed 1").code == 0
    (post,) = service.asked_by("POST")
    assert post.json == {
        "model": "dreamina-seedance-2-5-260628",
        "content": [{"type": "text", "text": "fox"}],
        "resolution": "480p",
        "draft": True,
        "seed": 1,
    }


def test_a_final_sends_only_what_may_be_set_again(
    scripted: Shell, service: ScriptedService
) -> None:
    model = "dreamina-seedance-2-5-260628"
    service.on("GET", task(ID, "succeeded", model=model, draft=True, seed=5, duration=4))
    service.on("POST", Reply(body={"id": ID.replace("ab12c", "final")}))
    done = scripted(f"video finalize {ID} --watermark --format mov --save-last-frame --no-wait")
    assert done.code == 0, done.stderr
    (post,) = service.asked_by("POST")
    assert post.json == {
        "model": model,
        "content": [{"type": "draft_task", "draft_task": {"id": ID}}],
        "watermark": True,
        "output_format": "mov",
        "return_last_frame": True,
    }


@pytest.mark.parametrize(
    ("fields", "code", "said"),
    [
        ({"status": "running", "draft": True}, 9, "running"),
        ({"status": "succeeded"}, 9, "not a draft"),
    ],
)
def test_what_is_no_finished_draft_is_refused(
    scripted: Shell, service: ScriptedService, fields: dict[str, object], code: int, said: str
) -> None:
    service.on("GET", task(ID, **fields))
    done = scripted(f"video finalize {ID}")
    assert done.code == code
    assert said in done.stderr
    assert service.asked_by("POST") == []


def test_a_draft_of_last_week_is_refused_before_anything_is_sent(
    scripted: Shell, service: ScriptedService
) -> None:
    old = int(time.time()) - 8 * 86_400
    service.on("GET", task(ID, "succeeded", draft=True, created_at=old, updated_at=old))
    scripted(f"video get {ID}")
    done = scripted(f"video finalize {ID}")
    assert done.code == 8
    assert "older than 7 days" in done.stderr
    assert service.asked_by("POST") == []


def test_a_final_is_1080p_and_nothing_else(scripted: Shell, service: ScriptedService) -> None:
    service.on("GET", task(ID, "succeeded", model="dreamina-seedance-2-5-260628", draft=True))
    done = scripted(f"video finalize {ID} --resolution 720p")
    assert done.code == 2
    assert "1080p" in done.stderr


def test_a_model_without_drafts_is_refused(scripted: Shell, service: ScriptedService) -> None:
    done = scripted("video draft fox -m seedance-2.0")
    assert done.code == 2
    assert "does not take" in done.stderr
    assert service.asked == []
