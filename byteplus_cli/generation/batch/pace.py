"""How fast one model may be asked: a token bucket that learns from refusals."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

# Part of a minute's requests that may leave at once; the rest come evenly, so that no minute,
# however the service counts it, holds more than are allowed. On their way some fall behind, so one
# minute's requests are spread over so many seconds.
BURST = 0.01
SPREAD = 61.0
# After a refusal the slower pace is held for so many requests before a faster one is tried, and
# for twice as many each time that this is refused too.
FIRST_HOLD, LONGEST_HOLD = 25, 200
SLOWEST = 120.0


@dataclass
class Pace:
    """Safe under threads. `per_minute` is the most that is allowed; times are in seconds."""

    per_minute: float
    monotonic: Callable[[], float]
    sleep: Callable[[float], None]
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._most = max(1.0, self.per_minute * BURST)
        self._shortest = SPREAD / (self.per_minute + 1 - self._most)
        self._gap = self._shortest
        self._tokens, self._at = self._most, self.monotonic()
        self._not_before = self._at
        self._hold, self._left = FIRST_HOLD, 0

    @property
    def wait(self) -> float:
        """Seconds until the next request may leave."""
        with self._lock:
            return self._wait()

    def taken(self) -> bool:
        """Whether a request may leave now; if so, it counts as sent."""
        with self._lock:
            if self._wait() > 0:
                return False
            self._tokens -= 1
            return True

    def turn(self) -> None:
        """Wait until a request may leave, and count it as sent."""
        while not self.taken():
            self.sleep(min(max(self.wait, 0.01), 1.0))

    def refused(self, retry_after: float | None) -> None:
        """The service says that this was too fast."""
        with self._lock:
            now = self.monotonic()
            if now < self._not_before:
                return  # it was on its way before the refusal that is heeded already
            if self._left == 0 and self._gap > self._shortest:
                self._hold = min(self._hold * 2, LONGEST_HOLD)
            pause = retry_after or self._gap * 2
            self._gap = min(max(self._gap * 2, retry_after or 0.0), SLOWEST)
            self._left = self._hold
            self._tokens, self._at = 0.0, now
            self._not_before = now + min(pause, SLOWEST)

    def accepted(self) -> None:
        """The service took a request, so in time a faster pace is tried again."""
        with self._lock:
            if self._gap <= self._shortest:
                return
            self._left -= 1
            if self._left <= 0:
                self._gap = max(self._gap / 2, self._shortest)
                self._left = 0

    def _wait(self) -> float:
        now = self.monotonic()
        most = self._most if self._gap <= self._shortest else 1.0
        self._tokens = min(most, self._tokens + max(0.0, now - self._at) / self._gap)
        self._at = now
        missing = (1 - self._tokens) * self._gap
        # A hair below one is one: sums of small numbers are never exact.
        return max(self._not_before - now, missing if missing > 1e-9 else 0.0)
