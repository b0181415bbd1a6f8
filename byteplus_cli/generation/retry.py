"""How long to pause before a server is asked again."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

# Seconds; each pause may be twice as long as the one before.
FIRST, LONGEST = 1.0, 30.0
# A server may name any time; beyond this it is better to ask again than to believe it.
LONGEST_ASKED = 120.0


@dataclass(frozen=True)
class Pause:
    """Yielded before work stands still, so that the terminal can say why."""

    seconds: float
    reason: str
    then: str = "trying again"


def pauses(*, random: Callable[[], float] = random.random) -> Iterator[float]:
    """Growing pauses without end, each anywhere between nothing and its limit.

    The full spread keeps many runs that failed together from coming back together.
    """
    limit = FIRST
    while True:
        yield random() * limit
        limit = min(limit * 2, LONGEST)


def obeying(asked: float | None, own: float) -> float:
    """The pause that gives a server the time it `asked` for; `own` keeps the runs apart."""
    if asked is None:
        return own
    return max(own, min(asked, LONGEST_ASKED) + min(own, 1.0))


def parse_retry_after(value: str | None, now: float) -> float | None:
    """Seconds that a Retry-After header asks for, None if it says nothing that can be read.

    `now` is in Unix seconds, because the header may be a date.
    """
    if not value:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(float(value), LONGEST_ASKED)
    # email.utils is slow to load, and only the rare date needs it.
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(value).timestamp()
    except (ValueError, OverflowError):
        return None
    return min(max(moment - now, 0.0), LONGEST_ASKED)
