"""Outcomes that a prompt can script: `[[fail:CODE]]` and the like."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from keyword import iskeyword

DIRECTIVES: tuple[tuple[str, str], ...] = (
    ("[[slow:30]]", "the task runs, or pictures take, 30 seconds; 0 is at once"),
    ("[[queue:10]]", "the task stays queued for 10 seconds"),
    ("[[fail:CODE]]", "the task, or all pictures, fail with that error code"),
    ("[[expire]]", "the task ends expired"),
    ("[[refuse:CODE]]", "the request is refused with that error code, as a rule with 400"),
    ("[[http:503]]", "the request answers that status, and nothing is made"),
    ("[[lose]]", "the request is accepted, but the answer never arrives"),
    ("[[look:503]]", "the first three looks at the task answer that status"),
    ("[[cut]]", "the first download breaks off halfway"),
    ("[[stale]]", "the first link handed out has expired; of pictures, all"),
    ("[[make:2]]", "only two pictures are made of those asked for"),
    ("[[skip:2]]", "moderation refuses the second picture; the others come"),
    ("[[stop:2]]", "the second picture fails, and none comes after it"),
    ("[[break:2]]", "the answer breaks off after two pictures"),
    ("[[json]]", "pictures come in one plain answer where a stream was asked for"),
    ("[[empty]]", "an avatar ends done, but without a video"),
    ("[[subjects:3]]", "a picture shows 3 subjects; without this, 2"),
)
# Short, so that learning is quick; `[[queue:…]]` and `[[slow:…]]` stretch them.
QUEUE_SECONDS, RUN_SECONDS = 0.3, 1.5
# How many looks a scripted `[[look:…]]` spoils.
SPOILED_LOOKS = 3
_DIRECTIVE = re.compile(r"\[\[([a-z]+)(?::([^\[\]]*))?\]\]")


@dataclass(frozen=True)
class Script:
    """What a prompt asks the sandbox to play.

    Seconds, HTTP statuses, error codes, numbers of pictures or of subjects, and pictures by their
    number from 1.
    """

    slow: float | None = None
    queue: float | None = None
    fail: str | None = None
    expire: bool = False
    refuse: str | None = None
    http: int | None = None
    lose: bool = False
    look: int | None = None
    cut: bool = False
    stale: bool = False
    make: int | None = None
    skip: int | None = None
    stop: int | None = None
    break_: int | None = None
    json: bool = False
    empty: bool = False
    subjects: int = 2

    def course(self, now: float) -> tuple[float, float]:
        """When a task that is made now starts and when it ends, which nothing changes later."""
        wait = 0.0 if self.slow == 0 else QUEUE_SECONDS
        starts = now + (wait if self.queue is None else self.queue)
        return starts, starts + (RUN_SECONDS if self.slow is None else self.slow)


def parse(prompt: str) -> Script:
    """The script within a prompt; unknown words in `[[ ]]` are left to the prompt.

    Raises ValueError, in words for the user, when a directive has a wrong value.
    """
    found: dict[str, object] = {}
    for name, value in _DIRECTIVE.findall(prompt):
        if name not in _READ:
            continue
        try:
            found[f"{name}_" if iskeyword(name) else name] = _READ[name](value)
        except ValueError as error:
            raise ValueError(f"[[{name}:{value}]] has to be like {_EXAMPLES[name]}") from error
    return Script(**found)  # type: ignore[arg-type]


def _seconds(value: str) -> float:
    if not re.fullmatch(r"\d{1,7}(\.\d+)?", value):
        raise ValueError(value)
    return float(value)


def _status(value: str) -> int:
    if not re.fullmatch(r"[45]\d\d", value):
        raise ValueError(value)
    return int(value)


def _number(value: str) -> int:
    if not re.fullmatch(r"[1-9]\d?", value):
        raise ValueError(value)
    return int(value)


def _few(value: str) -> int:
    if not re.fullmatch(r"[0-5]", value):
        raise ValueError(value)
    return int(value)


def _code(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_.]+", value):
        raise ValueError(value)
    return value


def _present(value: str) -> bool:
    if value:
        raise ValueError(value)
    return True


_READ: dict[str, Callable[[str], object]] = {
    "slow": _seconds,
    "queue": _seconds,
    "fail": _code,
    "expire": _present,
    "refuse": _code,
    "http": _status,
    "lose": _present,
    "look": _status,
    "cut": _present,
    "stale": _present,
    "make": _number,
    "skip": _number,
    "stop": _number,
    "break": _number,
    "json": _present,
    "empty": _present,
    "subjects": _few,
}
_EXAMPLES = {text.strip("[]").partition(":")[0]: text for text, _ in DIRECTIVES}
