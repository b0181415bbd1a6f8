"""The command line that would make a clip, a draft or the full clip of one again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from byteplus_cli.generation.catalogue import Catalogue
from byteplus_cli.generation.entry import Entry
from byteplus_cli.generation.history.command_line import CommandLine, allowed
from byteplus_cli.generation.history.inputs import Input, inputs_of
from byteplus_cli.generation.media import UNSIGNED, Source, unsigned
from byteplus_cli.generation.rules import SWITCHES, check, fit
from byteplus_cli.generation.span import span
from byteplus_cli.generation.video import FLEX, OWN_SEED, Reference, VideoRequest
from byteplus_cli.generation.video_model import VideoModel

TIER = "service_tier"
# Body fields, the option for each, and the type that the option makes of it.
OPTIONS: Mapping[str, tuple[str, type]] = {
    "resolution": ("--resolution", str),
    "ratio": ("--ratio", str),
    "duration": ("--duration", int),
    "frames": ("--frames", int),
    "seed": ("--seed", int),
    "camera_fixed": ("--camera-fixed", bool),
    "generate_audio": ("--audio", bool),
    "watermark": ("--watermark", bool),
    "return_last_frame": ("--save-last-frame", bool),
    "output_format": ("--format", str),
    "omni_reference_task_type": ("--task-type", str),
    "priority": ("--priority", int),
    TIER: ("--flex", str),
    "execution_expires_after": ("--expires-after", int),
    "callback_url": ("--callback-url", str),
    "safety_identifier": ("--safety-id", str),
}
# The only ones that a final takes.
OF_FINALS = {
    *("resolution", "watermark", "return_last_frame", "output_format", "priority"),
    *("execution_expires_after", "callback_url", "safety_identifier"),
}
INPUTS = {
    "first_frame": "--image",
    "last_frame": "--last-frame",
    "reference_image": "--ref-image",
    "reference_video": "--ref-video",
    "reference_audio": "--ref-audio",
}
SOMETHING = Source("https://example.com/")


def command(
    entry: Entry, catalogue: Catalogue, settings: Mapping[str, Any], cwd: Path
) -> CommandLine:
    """`video create`, `draft` or `finalize`, as it was."""
    fields, inputs = dict(entry.request), inputs_of(entry)
    name, content = str(fields.pop("model")), fields.pop("content")
    fields.pop(OWN_SEED, None)
    model = catalogue.known_video(name)
    draft = fields.pop("draft") if fields.get("draft") is True else None
    line = CommandLine("video", _word(draft, inputs), cwd=cwd)
    if final := _draft_of(inputs):
        line.add(final)
    else:
        line.prompt(_text(content))
        line.add("-m", name)
        for given in inputs:
            line.input(INPUTS[given.role], given)
    _leave_signed_out(fields, line, settings)
    asked = VideoRequest(name, _text(content), draft=draft, draft_task=final, **_stand_ins(inputs))
    spoken = _spoken(asked, model, fields)
    for field, value in spoken.items():
        _say(line, field, value)
    if TIER not in fields and settings.get("flex") and not (draft or final):
        line.switch("--flex", False)
    line.extra({field: value for field, value in fields.items() if field not in spoken})
    if not final:
        line.warn_of_settings("video", settings, _unsaid(entry.request, model, settings))
    return line


def _word(draft: bool | None, inputs: Sequence[Input]) -> str:
    if _draft_of(inputs):
        return "finalize"
    return "draft" if draft else "create"


def _draft_of(inputs: Sequence[Input]) -> str | None:
    return next((given.made_by for given in inputs if given.role == "draft"), None)


def _text(content: Sequence[Mapping[str, Any]]) -> str | None:
    return next((item["text"] for item in content if item.get("type") == "text"), None)


def _stand_ins(inputs: Sequence[Input]) -> dict[str, Any]:
    """Inputs of the same roles, for rules that ask only whether there is one."""
    roles = [given.role for given in inputs]
    prefix = "reference_"
    return {
        **{role: SOMETHING for role in ("first_frame", "last_frame") if role in roles},
        "references": tuple(
            Reference(role.removeprefix(prefix), SOMETHING)
            for role in roles
            if role.startswith(prefix)
        ),
    }


def _leave_signed_out(
    fields: dict[str, Any], line: CommandLine, settings: Mapping[str, Any]
) -> None:
    """A callback of which only a part is known; from the profile it comes whole."""
    url = fields.get("callback_url")
    if isinstance(url, str) and url.endswith(UNSIGNED):
        del fields["callback_url"]
        if unsigned(str(settings.get("callback_url"))) != url:
            line.warnings.append(f"--callback-url is left out: what signed {url} is not kept")


def _spoken(
    asked: VideoRequest, model: VideoModel | None, fields: Mapping[str, Any]
) -> dict[str, Any]:
    """The fields that options say, and that are sent when they do."""
    options = {name: OPTIONS[name] for name in OF_FINALS} if asked.draft_task else OPTIONS
    sayable = {name: value for name, value in fields.items() if name != TIER or value == FLEX}
    spoken = allowed(sayable, options, lambda left: check(replace(asked, **left), model))
    fitted = fit(replace(asked, **spoken), model)
    return {name: value for name, value in spoken.items() if getattr(fitted, name) == value}


def _say(line: CommandLine, field: str, value: Any) -> None:
    option, type_ = OPTIONS[field]
    if field == TIER:
        line.switch(option, True)
    elif field == "execution_expires_after":
        line.add(option, span(value))
    elif type_ is bool:
        line.switch(option, value)
    else:
        line.add(option, str(value))


def _unsaid(
    sent: Mapping[str, Any], model: VideoModel | None, settings: Mapping[str, Any]
) -> Iterator[str]:
    """The settings whose fields were not sent, and would be now."""
    for field, (option, _) in OPTIONS.items():
        setting = option.removeprefix("--").replace("-", "_")
        by_frames = field == "duration" and "frames" in sent
        if field in sent or field == TIER or by_frames:
            continue
        _, neutral, takes = SWITCHES.get(field, (None, None, None))
        idle = takes is not None and settings.get(setting) == neutral
        if not (idle and model and takes and not takes(model)):
            yield setting
