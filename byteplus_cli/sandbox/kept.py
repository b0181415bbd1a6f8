"""What is kept of an accepted request, as JSON in one column of its record."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Self

from byteplus_cli.sandbox.scripts import Script, parse


@dataclass(frozen=True)
class Kept:
    """`prompt` holds the script."""

    prompt: str

    @classmethod
    def from_json(cls, text: str) -> Self:
        return cls(**json.loads(text))

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @cached_property
    def script(self) -> Script:
        return parse(self.prompt)
