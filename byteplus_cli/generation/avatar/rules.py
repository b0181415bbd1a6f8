"""Which rules a request for an avatar must keep, all checked before anything is sent."""

from __future__ import annotations

from typing import NoReturn

from byteplus_cli.errors import InvalidRequest
from byteplus_cli.generation.avatar.request import AvatarRequest
from byteplus_cli.generation.prompt import check_prompt
from byteplus_cli.generation.rules import SEEDS

RESOLUTIONS = (720, 1080)
ADVISED_CHARACTERS = 300  # of the prompt (VIS-SAMPLE)
MOST_SUBJECTS = 5  # of a picture (VIS-CNDET)
# Sources differ: 60 s (VIS-CN15), 35 s (VIS-GUIDE), 30 s at 1080. A longer sound is taken, and
# fails later. Up to 15 s come out best.
SECONDS_REFUSED, SECONDS_DOUBTFUL, SECONDS_BEST = 60.0, 30.0, 15.0


def check(request: AvatarRequest) -> list[str]:
    """Warnings about a request; raises InvalidRequest for the first rule that it breaks."""
    model, prompt = request.model, request.prompt or ""
    check_prompt(prompt)
    for option, given, able in (
        ("--prompt", bool(prompt), model.prompt),
        ("--mask-index or --mask-url", bool(request.masks), model.masks),
        ("--seed", request.seed is not None, model.prompt),
        ("--resolution", request.resolution is not None, model.prompt),
        ("--fast", request.fast is not None, model.prompt),
    ):
        if given and not able:
            _refuse(f"{model.id} does not take {option}", "--model 1.5, or leave it out")
    if request.resolution not in (None, *RESOLUTIONS):
        _refuse(f"--resolution {request.resolution} is not 720 or 1080", "--resolution 1080")
    low, high = SEEDS
    if request.seed is not None and not low <= request.seed <= high:
        _refuse(f"--seed {request.seed} is out of range: {low} to {high}", "leave --seed out")
    return [*_length_warnings(request), *_prompt_warnings(prompt)]


def check_indexes(indexes: tuple[int, ...]) -> None:
    """Raises InvalidRequest for numbers that no subject of a picture can have."""
    for index in indexes:
        if not 0 <= index < MOST_SUBJECTS:
            _refuse(
                f"--mask-index {index} is out of range: 0 is the largest subject,"
                f" {MOST_SUBJECTS - 1} the last",
                "byteplus avatar subjects --image FILE shows them",
            )
    if len(set(indexes)) < len(indexes):
        _refuse("the same --mask-index twice", "name each subject once")


def _length_warnings(request: AvatarRequest) -> list[str]:
    seconds = request.audio.seconds
    if seconds is None:
        return []
    if seconds >= SECONDS_REFUSED:
        _refuse(
            f"--audio is {seconds:.1f} s long: under {SECONDS_REFUSED:.0f} s is taken",
            "cut it into parts",
        )
    if seconds > SECONDS_DOUBTFUL and request.resolution != RESOLUTIONS[0]:
        return [
            f"--audio is {seconds:.1f} s long: over {SECONDS_DOUBTFUL:.0f} s may fail at 1080;"
            " --resolution 720 is safer"
        ]
    if seconds > SECONDS_BEST:
        return [f"--audio is {seconds:.1f} s long: up to {SECONDS_BEST:.0f} s come out best"]
    return []


def _prompt_warnings(prompt: str) -> list[str]:
    if len(prompt) <= ADVISED_CHARACTERS:
        return []
    return [f"the prompt is longer than the {ADVISED_CHARACTERS} characters that are advised"]


def _refuse(message: str, hint: str) -> NoReturn:
    raise InvalidRequest(message, hint=hint)
