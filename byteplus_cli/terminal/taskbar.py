"""How far work is, shown in the taskbar or the tab of terminals that can (OSC 9;4)."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from byteplus_cli.terminal.abilities import PROGRESS_OFF
from byteplus_cli.terminal.abilities import progress as can_show

WAITING = "\x1b]9;4;3\x1b\\"
# Some forget what they show when nothing renews it.
RENEWED_AFTER = 5.0


class Taskbar:
    """Shows one state after another, and nothing any more once it is cleared."""

    def __init__(
        self,
        write: Callable[[str], None],
        env: Mapping[str, str],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._write = write
        self._able = can_show(env)
        self._monotonic = monotonic
        self._shown = ""
        self._shown_at = 0.0

    def show(self, percent: int | None, *, trouble: bool = False) -> None:
        """How far it is, in percent; None where nobody can tell. Trouble has another colour."""
        if not self._able:
            return
        code = WAITING if percent is None and not trouble else _code(percent, trouble=trouble)
        now = self._monotonic()
        if code != self._shown or now - self._shown_at >= RENEWED_AFTER:
            self._shown, self._shown_at = code, now
            self._write(code)

    def clear(self) -> None:
        if self._shown:
            self._shown = ""
            self._write(PROGRESS_OFF)


def _code(percent: int | None, *, trouble: bool) -> str:
    # With no number of its own, trouble fills the bar.
    return f"\x1b]9;4;{2 if trouble else 1};{100 if percent is None else percent}\x1b\\"
