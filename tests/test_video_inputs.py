"""References, frames and earlier tasks as inputs: exact bodies, refusals and warnings."""

from __future__ import annotations

from pathlib import Path

import pytest

import clips
from conftest import Shell
from service import Reply, ScriptedService, task

ID, EARLIER = "cgt-20261121101530-ab12c", "cgt-20261121090000-old01"
LINK = "https://example.com/"


def content_of(service: ScriptedService) -> list[dict[str, object]]:
    (post,) = service.asked_by("POST")
    return post.json["content"]


def item(kind: str, role: str, url: str) -> dict[str, object]:
    return {"type": f"{kind}_url", f"{kind}_url": {"url": url}, "role": role}


TEXT = {"type": "text", "text": "go"}
MODES = [
    ("-m seedance-1.0-pro go", [TEXT]),
    (f"-m seedance-1.0-pro go -i {LINK}a", [TEXT, item("image", "first_frame", LINK + "a")]),
    (
        f"-m seedance-1.0-pro go -i {LINK}a --last-frame {LINK}b",
        [
            TEXT,
            item("image", "first_frame", LINK + "a"),
            item("image", "last_frame", LINK + "b"),
        ],
    ),
    (
        f"-m seedance-2.0 go --ref-audio {LINK}s --ref-video {LINK}v --ref-image {LINK}1"
        f" --ref-image {LINK}2",
        [
            TEXT,
            item("image", "reference_image", LINK + "1"),
            item("image", "reference_image", LINK + "2"),
            item("video", "reference_video", LINK + "v"),
            item("audio", "reference_audio", LINK + "s"),
        ],
    ),
    (f"-m seedance-2.5 --ref-audio {LINK}s", [item("audio", "reference_audio", LINK + "s")]),
]


@pytest.mark.parametrize(("line", "content"), MODES)
def test_each_mode_has_its_content(
    scripted: Shell, service: ScriptedService, line: str, content: list[object]
) -> None:
    service.on("POST", Reply(body={"id": ID}))
    done = scripted(f"video create {line} --no-wait")
    assert done.code == 0, done.stderr
    assert content_of(service) == content


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"go -m seedance-2.0 -i {LINK}a --ref-image {LINK}b", "cannot"),
        (f"go -m seedance-1.0-pro --last-frame {LINK}b", "--image"),
        (f"go -i {LINK}a --last-frame {LINK}b", "--last-frame"),
        (f"go --ref-image {LINK}a", "--ref-image"),
        (f"go -m seedance-2.0 --ref-audio {LINK}a", "--ref-audio"),
        ("go -m seedance-2.0" + f" --ref-video {LINK}v" * 4, "takes 3 --ref-video"),
        (f"go -m seedance-2.5 -i {LINK}a -r 16:9", "adaptive"),
        ("go -m seedance-2.0 --ref-video dot.mp4", "pixels"),
        ("go -m seedance-2.0 --ref-video clip.mp4", "as a link only"),
        (f"go -m seedance-2.0 --ref-video {LINK}v --ref-video short.mp4", "1.0 s long"),
        ("go -m seedance-2.0" + " --ref-video clip.mp4" * 3, "18.0 s long together"),
        ("go -m seedance-2.5 --task-type edit --ref-video three.mp4", "takes 4 s or more"),
        ("go -m seedance-2.0 --ref-image dot.png", "pixels"),
        (f"go -m seedance-2.0 --ref-image {LINK}a --ref-audio long.wav", "20.0 s long"),
        ("go -m seedance-2.5 --task-type edit", "--task-type edit"),
    ],
)
def test_what_does_not_go_together_is_refused_with_nothing_sent(
    scripted: Shell, service: ScriptedService, line: str, said: str
) -> None:
    Path("dot.png").write_bytes(clips.picture(20, 20, "png"))
    Path("dot.mp4").write_bytes(clips.clip())
    for name, seconds in (("short", 1), ("three", 3), ("clip", 6)):
        Path(f"{name}.mp4").write_bytes(clips.clip(960, 540, seconds))
    Path("long.wav").write_bytes(clips.sound(20))
    done = scripted(f"video create {line}")
    assert done.code == 2, done.stderr
    assert said in done.stderr
    assert service.asked == []


def test_a_task_stands_for_its_last_frame_with_its_own_link(
    scripted: Shell, service: ScriptedService
) -> None:
    link = "https://files.example/last.jpg?sign=abc"
    outputs = {"video_url": "https://files.example/a.mp4", "last_frame_url": link}
    service.on("GET", task(EARLIER, "succeeded", content=outputs))
    service.on("POST", Reply(body={"id": ID}))
    assert scripted(f"video create go -i {EARLIER} --no-wait").code == 0
    assert content_of(service)[1] == item("image", "first_frame", link)


def test_a_dead_link_is_replaced_by_the_saved_picture_and_said(
    scripted: Shell, service: ScriptedService
) -> None:
    video, frame = service.file("a.mp4", clips.clip()), service.file("a.jpg", clips.picture())
    outputs = {"video_url": video, "last_frame_url": frame}
    service.on("GET", task(EARLIER, "succeeded", content=outputs))
    scripted(f"video get {EARLIER}")
    service.on("GET", task(EARLIER, "succeeded", content=outputs, created_at=1, updated_at=2))
    service.on("POST", Reply(body={"id": ID}))
    done = scripted("video create go -i @last --no-wait")
    assert done.code == 0, done.stderr
    assert "is sent instead" in done.stderr
    assert content_of(service)[1]["image_url"]["url"].startswith("data:image/jpeg;base64,")


def test_a_task_without_a_last_frame_says_how_to_keep_one(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("GET", task(EARLIER, "succeeded", content={"video_url": "https://x.example/a.mp4"}))
    done = scripted(f"video create go -i {EARLIER}")
    assert done.code == 2
    assert "--save-last-frame" in done.stderr
    assert service.asked_by("POST") == []


@pytest.mark.parametrize(
    ("size", "ratio", "cut", "box"),
    [
        ((1200, 600), "1:1", "left and right", (300, 0, 600, 600)),
        ((600, 1200), "1:1", "top and bottom", (0, 300, 600, 600)),
    ],
)
def test_a_crop_is_told_before_money_is_spent(
    scripted: Shell,
    service: ScriptedService,
    size: tuple[int, int],
    ratio: str,
    cut: str,
    box: tuple[int, int, int, int],
) -> None:
    Path("boat.jpg").write_bytes(clips.picture(*size))
    done = scripted(f"video create go -i boat.jpg -r {ratio} --dry-run --json")
    assert done.code == 0
    assert f"cuts {cut}" in done.stderr
    assert "--ratio adaptive keeps it whole" in done.stderr
    crop = done.json["crop"]
    assert (crop["x"], crop["y"], crop["width"], crop["height"]) == box
    assert service.asked == []


def test_a_picture_of_the_right_shape_is_not_talked_about(scripted: Shell) -> None:
    Path("boat.jpg").write_bytes(clips.picture(640, 640))
    done = scripted("video create go -i boat.jpg -r 1:1 --dry-run --json")
    assert done.json["crop"] is None
    assert "cuts" not in done.stderr


def test_options_inside_a_prompt_are_warned_about(scripted: Shell) -> None:
    done = scripted('video create "a fox --dur 5 --rs 720p" --dry-run')
    assert '"--dur 5" inside the prompt' in done.stderr
    assert "use --duration instead" in done.stderr
    assert "use --resolution instead" in done.stderr
