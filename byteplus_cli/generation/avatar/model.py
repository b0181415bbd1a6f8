"""What each OmniHuman model takes, and what a second of it costs."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from byteplus_cli.errors import InvalidRequest

# VIS-SAMPLE, S001 (2026-10-08); the price is not on an official price page.
SOURCE, DATE = "VIS-SAMPLE, VIS-GUIDE, S001", datetime.date(2026, 10, 8)
USD_A_SECOND = Decimal("0.12")
# How long the service knows a task, in seconds (VIS-CN15).
RECORD_SECONDS = 12 * 3600


@dataclass(frozen=True)
class AvatarModel:
    """`req_key` is what the service calls it."""

    name: str
    req_key: str
    masks: bool = False
    prompt: bool = False

    @property
    def id(self) -> str:
        return f"omnihuman-{self.name}"


MODELS: Mapping[str, AvatarModel] = {
    model.name: model
    for model in (
        AvatarModel("1.5", "realman_avatar_picture_omni15_cv", masks=True, prompt=True),
        AvatarModel("1.0", "realman_avatar_picture_omni_cv"),
    )
}


def named(text: str) -> AvatarModel:
    """The model of that name; raises InvalidRequest."""
    model = MODELS.get(text.lower().removeprefix("omnihuman-"))
    if model is None:
        raise InvalidRequest(
            f"--model {text}: there are {' and '.join(MODELS)}", hint="--model 1.5"
        )
    return model
