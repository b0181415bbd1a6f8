"""One check: what it looks at, what it found, and the next command to type."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from byteplus_cli.errors import ByteplusError
from byteplus_cli.session import Session


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"  # not set up, or of no use after what failed before


class Found(NamedTuple):
    """What a look came to; `fix` is a command line, or several."""

    text: str
    state: State = State.OK
    fix: str | None = None


class Check(NamedTuple):
    """A look that raises what is wrong, and the checks without which it would tell nothing new."""

    name: str
    look: Callable[[Session], Found]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """A check that was made."""

    name: str
    state: State
    text: str
    fix: str | None = None
    error: ByteplusError | None = None


def examine(session: Session, checks: Sequence[Check]) -> Iterator[Finding]:
    """Make the checks in order; yields each as it is done."""
    unmet: set[str] = set()
    for check in checks:
        before = next((name for name in check.needs if name in unmet), None)
        if before:
            finding = Finding(check.name, State.SKIPPED, f"not tried without {before}")
        else:
            finding = _looked(session, check)
        if finding.state in (State.FAILED, State.SKIPPED):
            unmet.add(check.name)
        yield finding


def _looked(session: Session, check: Check) -> Finding:
    try:
        found = check.look(session)
    except ByteplusError as error:
        return Finding(check.name, State.FAILED, error.message, error.hint, error)
    return Finding(check.name, found.state, found.text, found.fix)
