"""Which model a request asks for."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from byteplus_cli.sandbox.refusal import Refusal, invalid, missing

_ENDPOINT = re.compile(r"ep-[A-Za-z0-9-]+")


@dataclass(frozen=True)
class Offer:
    """The models that a call takes, and the `others` that another call does.

    `endpoint` is what an endpoint id stands for here; a real one is bound to its model in the
    console.
    """

    models: Container[str]
    others: Container[str]
    retired: Container[str]
    endpoint: str

    def chosen(self, given: Mapping[str, Any]) -> str:
        """The model of a request; raises Refusal for one that cannot be had."""
        asked = given.get("model")
        if asked is None:
            raise missing("model")
        if not isinstance(asked, str):
            raise invalid("model", "has to be a string")
        if _ENDPOINT.fullmatch(asked):
            return self.endpoint
        if asked in self.retired:
            raise Refusal(404, "ModelNotOpen", f"model {asked} is no longer offered", "model")
        if asked in self.others:
            raise Refusal(404, "UnsupportedModel", f"model {asked} is not for this call", "model")
        if asked not in self.models:
            code = "InvalidEndpointOrModel.NotFound"
            raise Refusal(404, code, f"there is no model or endpoint {asked}", "model")
        return asked
