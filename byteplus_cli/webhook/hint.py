"""A callback as it came: the id of a task that may have changed, and a claim that nobody believes.

The service signs no callback (REV265, 2026-10-08), so anybody may send one that says anything.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from byteplus_cli.errors import InvalidRequest
from byteplus_cli.generation.task import check_id

JSON = "application/json"
# One word, so that whatever is claimed can be shown.
_STATUS = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
_CONTENT_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+/;=\" -]{1,120}")


@dataclass(frozen=True)
class Hint:
    """What says that a task may have changed: a callback, or with no claim our own ledger."""

    id: str
    claimed: str | None
    at: float  # Unix seconds
    body: bytes = field(default=b"", repr=False)
    content_type: str = JSON


def read(body: bytes, content_type: str, now: float) -> Hint:
    """The hint that is in the body of a callback; raises ValueError.

    A callback holds what a look at the task would answer (REV265, 2026-10-08).
    """
    try:
        document = json.loads(body)
        id, status = document["id"], document["status"]
        if not isinstance(id, str) or not isinstance(status, str) or not _STATUS.fullmatch(status):
            raise ValueError("no callback")
        kind = content_type if _CONTENT_TYPE.fullmatch(content_type) else JSON
        return Hint(check_id(id), status, now, body, kind)
    except (InvalidRequest, LookupError, TypeError, RecursionError) as error:
        raise ValueError("no callback") from error
