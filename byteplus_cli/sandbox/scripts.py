"""Words in a prompt that script what becomes of a task."""

from __future__ import annotations

import re
from dataclasses import dataclass

DIRECTIVES: tuple[tuple[str, str], ...] = (
    ("[[slow:30]]", "runs that many seconds; 0 is finished at once"),
    ("[[queue:10]]", "stays queued that many seconds"),
    ("[[fail:CODE]]", "ends failed with that error code"),
    ("[[expire]]", "ends expired"),
    ("[[refuse:CODE]]", "is refused with that error code (400)"),
    ("[[http:503]]", "is answered with that HTTP status; 429 says Retry-After"),
    ("[[lose]]", "is accepted, but the answer is lost"),
    ("[[look:503]]", "answers the first three looks with that HTTP status"),
    ("[[stale]]", "first hands out a link that has expired"),
    ("[[cut]]", "breaks off the first download halfway"),
)
QUEUE_SECONDS = 0.3
RUN_SECONDS = 1.5

_DIRECTIVE = re.compile(r"\[\[([a-z]+)(?::([\w.]+))?\]\]")


@dataclass(frozen=True)
class Script:
    """What a prompt asks the sandbox to do. Times are seconds."""

    queue: float = QUEUE_SECONDS
    run: float = RUN_SECONDS
    fail: str | None = None
    expire: bool = False
    refuse: str | None = None
    http: int | None = None
    lose: bool = False
    look: int | None = None
    stale: bool = False
    cut: bool = False


def read_script(prompt: str) -> Script:
    """The script in a prompt; words that are not known are left to be part of the prompt."""
    said = dict(_DIRECTIVE.findall(prompt))
    run = _seconds(said.get("slow"), RUN_SECONDS)
    return Script(
        queue=_seconds(said.get("queue"), QUEUE_SECONDS if run else 0),
        run=run,
        fail=said.get("fail") or None,
        expire="expire" in said,
        refuse=said.get("refuse") or None,
        http=_status(said.get("http")),
        lose="lose" in said,
        look=_status(said.get("look")),
        stale="stale" in said,
        cut="cut" in said,
    )


def _seconds(text: str | None, default: float) -> float:
    try:
        return float(text) if text else default
    except ValueError:
        return default


def _status(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and 400 <= int(text) <= 599 else None
