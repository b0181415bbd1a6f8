"""What is sent for a video request, what is kept of it, and which rules it must keep."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from byteplus_cli.errors import InvalidRequest
from byteplus_cli.generation.catalogue import Catalogue
from byteplus_cli.generation.media import BODY_BYTES, Source
from byteplus_cli.generation.rules import check, fit, with_seed
from byteplus_cli.generation.video import Reference, VideoRequest

CATALOGUE = Catalogue.load()
LINK = Source("https://example.com/a.png?X-Signature=secret")
PICTURE = Source("data:image/png;base64,AAAA", path=Path("fox.png"), sha256="ab" * 32, bytes=3)
HEIC = Source("data:image/heic;base64,AAAA", sha256="cd" * 32, bytes=3)
IMAGE, VIDEO, AUDIO = (Reference(kind, LINK) for kind in ("image", "video", "audio"))


def ask(name, **given):
    """A request with a prompt, and the model of that short name; None is one not known."""
    model = CATALOGUE.video(name).model if name else None
    return VideoRequest(model.id if model else "ep-1", **{"prompt": "a fox", **given}), model


def refusal(name, **given):
    with pytest.raises(InvalidRequest) as refused:
        check(*ask(name, **given))
    return refused.value


def test_only_what_was_given_is_sent():
    request, _ = ask("seedance-1.0-pro-fast")
    assert request.body() == {
        "model": "seedance-1-0-pro-fast-251015",
        "content": [{"type": "text", "text": "a fox"}],
    }


def test_every_option_is_a_body_field_and_the_prompt_is_sent_untouched():
    given = {
        "resolution": "720p",
        "ratio": "1:1",
        "duration": 4,
        "frames": 57,
        "seed": 11,
        "camera_fixed": False,
        "generate_audio": True,
        "watermark": False,
        "return_last_frame": True,
        "priority": 0,
        "service_tier": "flex",
        "execution_expires_after": 3600,
        "callback_url": "https://example.com/hook?token=secret",
        "safety_identifier": "u1",
        "output_format": "mov",
        "omni_reference_task_type": "edit",
        "draft": False,
    }
    body = ask(None, prompt=" a fox --dur 5\n", **given)[0].body()
    assert body.pop("content") == [{"type": "text", "text": " a fox --dur 5\n"}]
    assert body == {"model": "ep-1", **given}


def test_media_carry_their_role_beside_the_url():
    request, _ = ask("seedance-2.0", prompt=" ", first_frame=PICTURE, last_frame=LINK)
    assert request.body()["content"] == [
        {"type": "image_url", "image_url": {"url": PICTURE.url}, "role": "first_frame"},
        {"type": "image_url", "image_url": {"url": LINK.url}, "role": "last_frame"},
    ]
    request, _ = ask("seedance-2.0", references=(AUDIO, IMAGE, VIDEO))
    assert [(item["type"], item.get("role")) for item in request.body()["content"]] == [
        ("text", None),
        ("audio_url", "reference_audio"),
        ("image_url", "reference_image"),
        ("video_url", "reference_video"),
    ]


def test_extra_fields_win_last():
    request, _ = ask(None, seed=1, extra={"seed": 2, "tools": [{"type": "web_search"}]})
    assert request.body()["seed"] == 2
    assert request.body()["tools"] == [{"type": "web_search"}]


def test_a_resolution_is_sent_in_lower_case():
    assert ask("seedance-1.0-pro", resolution="720P")[0].body()["resolution"] == "720p"


def test_a_record_holds_paths_and_checksums_but_no_content_and_no_signature():
    request, _ = ask(
        "seedance-2.0",
        first_frame=PICTURE,
        last_frame=HEIC,
        references=(VIDEO,),
        callback_url="https://example.com/hook?token=secret",
    )
    record = request.record()
    assert [item.get("image_url") or item.get("video_url") for item in record["content"]] == [
        None,
        {"path": str(Path("fox.png").absolute()), "sha256": "ab" * 32, "bytes": 3},
        {"sha256": "cd" * 32, "bytes": 3},
        {"url": "https://example.com/a.png?…"},
    ]
    assert "base64" not in json.dumps(record)
    assert "secret" not in json.dumps(record)


def test_printing_a_request_shows_neither_content_nor_links():
    shown = repr(ask("seedance-2.0", first_frame=PICTURE, last_frame=LINK)[0])
    assert "base64" not in shown
    assert "secret" not in shown


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("seedance-1.0-pro-fast", {}),
        ("seedance-1.0-pro-fast", {"duration": 2, "resolution": "1080P", "ratio": "21:9"}),
        ("seedance-1.0-pro-fast", {"frames": 29}),
        ("seedance-1.0-pro", {"frames": 289, "service_tier": "flex", "camera_fixed": True}),
        ("seedance-1.0-pro", {"first_frame": LINK, "last_frame": LINK, "ratio": "adaptive"}),
        ("seedance-1.0-pro", {"prompt": None, "first_frame": PICTURE}),
        ("seedance-2.0", {"duration": -1, "resolution": "4k", "ratio": "adaptive", "seed": 3}),
        ("seedance-2.0", {"references": (IMAGE,) * 9 + (VIDEO,) * 3 + (AUDIO,) * 3}),
        ("seedance-2.0", {"prompt": "a\tfox\r\nruns", "priority": 9, "generate_audio": True}),
        ("seedance-2.5", {"references": (AUDIO,), "output_format": "mov"}),
        ("seedance-2.5", {"first_frame": HEIC, "ratio": "adaptive", "duration": 30}),
        ("seedance-2.5", {"draft": True, "resolution": "480p"}),
        ("seedance-2.5", {"references": (VIDEO,), "omni_reference_task_type": "edit"}),
        ("seedance-1.0-pro", {"seed": -1, "execution_expires_after": 259_200}),
        ("seedance-1.0-pro", {"seed": 2_147_483_647, "safety_identifier": "x" * 64}),
        (None, {"duration": 99, "resolution": "8k", "ratio": "5:4", "draft": True}),
        (None, {"extra": {"duration": 99}, "callback_url": "http://localhost:80/x"}),
    ],
)
def test_a_request_within_the_rules_passes_without_a_word(name, given):
    assert check(*ask(name, **given)) == []


@pytest.mark.parametrize(
    ("name", "given", "message", "hint"),
    [
        ("seedance-1.0-pro-fast", {"duration": 99},
         "--duration 99 is out of range for seedance-1-0-pro-fast-251015: 2 to 12 seconds",
         "--duration 12"),
        ("seedance-1.0-pro", {"duration": -1}, "2 to 12 seconds", "--duration 2"),
        ("seedance-2.0", {"duration": 3}, "4 to 15 seconds, or -1", "--duration 4"),
        ("seedance-2.5", {"duration": 31}, "4 to 30 seconds, or -1", "--duration 30"),
        ("seedance-1.0-pro", {"frames": 30}, "29 to 289 in steps of 4", "--frames 29"),
        ("seedance-1.0-pro", {"frames": 32}, "--frames 32", "--frames 33"),
        ("seedance-1.0-pro", {"frames": 999}, "--frames 999", "--frames 289"),
        ("seedance-1.0-pro", {"frames": -1}, "--frames -1", "--frames 29"),
        ("seedance-2.0", {"frames": 29}, "does not take --frames", "leave --frames out"),
        (None, {"frames": 29, "duration": 5}, "--duration and --frames", "--duration 5 out"),
        ("seedance-1.0-pro", {"resolution": "4k"}, "480p, 720p, 1080p", "--resolution 1080p"),
        ("seedance-1.0-pro", {"resolution": "2k"}, "--resolution 2k", "--resolution 1080p"),
        ("seedance-2.0-mini", {"resolution": "1080p"}, "480p, 720p", "--resolution 720p"),
        ("seedance-1.0-pro", {"resolution": "big"}, "--resolution big", "--resolution 1080p"),
        ("seedance-1.0-pro", {"ratio": "2:1"}, "--ratio 2:1", "--ratio 16:9"),
        ("seedance-1.0-pro", {"ratio": "1:0"}, "--ratio 1:0", "--ratio 16:9"),
        ("seedance-1.0-pro", {"ratio": "adaptive"}, "--ratio adaptive", "--ratio 16:9"),
        ("seedance-2.5", {"ratio": "16:9", "first_frame": LINK}, "and --image: adaptive",
         "--ratio adaptive"),
        (None, {"seed": 4_294_967_295}, "-1 to 2147483647", "--seed 2147483647"),
        (None, {"seed": -2}, "--seed -2", "--seed -1"),
        (None, {"priority": 10}, "0 to 9", "--priority 9"),
        (None, {"priority": 1, "service_tier": "flex"}, "with --flex", "--priority 1 out"),
        ("seedance-1.0-pro", {"priority": 1}, "does not take --priority", "--priority out"),
        (None, {"execution_expires_after": 1800}, "--expires-after 30m is out of range: 1h to 72h",
         "--expires-after 1h"),
        (None, {"execution_expires_after": 260_000}, "72h", "--expires-after 72h"),
        ("seedance-2.0", {"service_tier": "flex"}, "does not take --flex", "leave --flex out"),
        ("seedance-2.0", {"camera_fixed": True}, "--camera-fixed", "leave --camera-fixed out"),
        ("seedance-1.0-pro", {"generate_audio": True}, "not take --audio", "leave --audio out"),
        ("seedance-1.0-pro", {"draft": True}, "does not take a draft", "models list"),
        ("seedance-2.5", {"draft": True}, "480p", "--resolution 480p"),
        ("seedance-2.5", {"draft": True, "resolution": "720p"}, "a draft of", "--resolution 480p"),
        ("seedance-2.0", {"output_format": "mov"}, "does not take --format", "--format out"),
        ("seedance-2.5", {"output_format": "avi"}, "mp4, mov", "--format mp4"),
        ("seedance-2.0", {"omni_reference_task_type": "edit"}, "not take --task-type", "out"),
        ("seedance-2.5", {"omni_reference_task_type": "cut"}, "auto, reference", "auto"),
        ("seedance-2.5", {"omni_reference_task_type": "edit"}, "a reference", "--ref-image"),
        ("seedance-2.5", {"omni_reference_task_type": "edit", "references": (IMAGE,)},
         "needs a video", "--ref-video"),
        ("seedance-2.5",
         {"omni_reference_task_type": "extend", "references": (VIDEO,), "prompt": ""},
         "needs a prompt", "say what to extend"),
        ("seedance-2.5",
         {"omni_reference_task_type": "extend", "references": (VIDEO,), "ratio": "1:1"},
         "--task-type extend: adaptive", "--ratio adaptive"),
        ("seedance-2.5",
         {"omni_reference_task_type": "edit", "references": (VIDEO,), "duration": 5},
         "--duration 5 is not possible with --task-type edit", "leave --duration out"),
        (None, {"last_frame": LINK}, "--last-frame needs a first frame", "--image"),
        (None, {"first_frame": LINK, "references": (IMAGE,)}, "with references", "--ref-image"),
        ("seedance-1.0-pro-fast", {"first_frame": LINK, "last_frame": LINK},
         "does not take --last-frame", "leave --last-frame out"),
        ("seedance-1.0-lite-t2v", {"first_frame": LINK}, "not take --image", "--image out"),
        ("seedance-1.0-lite-i2v", {}, "needs a picture", "--image"),
        ("seedance-1.0-pro", {"first_frame": HEIC}, "not take heic pictures", "jpeg"),
        ("seedance-1.0-pro", {"references": (IMAGE,)}, "takes no --ref-image", "leave --ref"),
        ("seedance-2.0", {"references": (IMAGE,) * 10}, "takes 9 --ref-image, not 10", "leave 1"),
        ("seedance-2.0", {"references": (VIDEO,) * 5}, "takes 3 --ref-video, not 5", "leave 2"),
        ("seedance-2.5", {"references": (IMAGE,) * 30 + (VIDEO,) * 10 + (AUDIO,) * 11},
         "takes 10 --ref-audio, not 11", "leave 1"),
        ("seedance-2.0", {"references": (AUDIO,)}, "no --ref-audio by itself", "--ref-image"),
        (None, {"prompt": None}, "no prompt and no media", "a fox"),
        (None, {"prompt": " \n"}, "no prompt and no media", "a fox"),
        (None, {"prompt": "a\0"}, "character 2 of the prompt is U+0000", "take it out"),
        (None, {"prompt": "\x1b[31m"}, "U+001B", "take it out"),
        (None, {"prompt": "\x9b31m"}, "U+009B", "take it out"),
        (None, {"prompt": "fox \udcff"}, "U+DCFF", "take it out"),
        (None, {"callback_url": "example.com"}, "--callback-url example.com", "https://"),
        (None, {"callback_url": "ftp://example.com"}, "http or https", "https://"),
        (None, {"callback_url": ""}, "http or https", "https://"),
        (None, {"safety_identifier": "x" * 65}, "over 64 characters", "checksum"),
        (None, {"extra": {"model": "x"}}, "--extra cannot replace model", "--model"),
        (None, {"extra": {"content": []}}, "--extra cannot replace content", "--image"),
    ],
)  # fmt: skip
def test_a_broken_rule_is_named_with_the_option_and_what_to_type_instead(
    name, given, message, hint
):
    error = refusal(name, **given)
    assert message in error.message
    assert hint in error.hint
    assert error.exit_code == 2


def test_media_that_are_too_big_together_are_refused():
    half = Source("x" * (BODY_BYTES // 2 + 1), sha256="", bytes=1)
    error = refusal("seedance-1.0-pro", first_frame=half, last_frame=half)
    assert error.message == "the media are 64 MB as sent: a request may hold 64 MB"


@pytest.mark.parametrize("prompt", ['"quoted" [/] [link=x] {brace} \\ 狐 🦊', "x " * 50, "fox" * 9])
def test_odd_but_harmless_prompts_pass(prompt):
    assert check(*ask("seedance-1.0-pro", prompt=prompt)) == []


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("a fox --dur 5", ['"--dur 5"', "--duration"]),
        ("--duration 99 a fox", ['"--duration 99"', "--duration"]),
        ("a fox --rt 1:1 --rs=720p", ["--ratio", "--resolution"]),
        ("a fox --cf true", ["--camera-fixed"]),
        ("a fox --fps 60", ["leave it out"]),
        ("狐" * 501, ["500 Chinese"]),
        ("fox " * 1001, ["1000 words"]),
        ("fox " * 25_000, ["1000 words"]),
    ],
)
def test_a_prompt_that_may_not_work_as_meant_is_warned_about(prompt, words):
    warnings = check(*ask("seedance-1.0-pro", prompt=prompt))
    assert all(any(word in warning for warning in warnings) for word in words)


@pytest.mark.parametrize("prompt", ["a fox --sitting down", "a--dur 5", "fox --dur", "— dur 5"])
def test_dashes_that_are_no_legacy_option_are_let_be(prompt):
    assert check(*ask("seedance-1.0-pro", prompt=prompt)) == []


def test_what_a_model_does_not_know_and_would_do_anyway_is_not_sent():
    idle = {
        "generate_audio": False,
        "priority": 0,
        "draft": False,
        "output_format": "mp4",
        "omni_reference_task_type": "auto",
        "camera_fixed": False,
        "service_tier": "default",
        "watermark": False,
    }
    request, model = ask("seedance-1.0-pro", **idle)
    assert check(request, model) == []
    assert set(fit(request, model).body()) - {"model", "content"} == {
        "camera_fixed", "service_tier", "watermark",
    }  # fmt: skip
    request, model = ask("seedance-2.5", **idle)
    assert set(fit(request, model).body()) - {"model", "content"} == {
        "generate_audio", "priority", "draft", "output_format", "omni_reference_task_type",
        "watermark",
    }  # fmt: skip
    request, _ = ask(None, **idle)
    assert fit(request, None) == request


@pytest.mark.parametrize(
    ("name", "given", "seed"),
    [
        ("seedance-1.0-pro", {}, 7),
        ("seedance-2.5", {}, 7),
        ("seedance-2.0", {"seed": -1}, 7),
        ("seedance-2.0", {"seed": 0}, 0),
        ("seedance-2.0", {"extra": {"seed": 5}}, None),
        (None, {}, None),
    ],
)
def test_a_seed_of_ours_stands_where_chance_was_to_choose(name, given, seed):
    request, model = ask(name, **given)
    ours = True if seed == 7 else None
    seeded = with_seed(request, model, lambda: 7)
    assert vars(seeded) == vars(replace(request, seed=seed, own_seed=ours))
