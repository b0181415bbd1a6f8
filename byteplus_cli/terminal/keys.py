"""One key from the keyboard, without waiting for Enter."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TextIO

if sys.platform == "win32":
    import msvcrt

    def pressed(stdin: TextIO, seconds: float, ask: Callable[[], None]) -> str | None:
        """The key that is pressed within `seconds` of asking, or None."""
        ask()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if msvcrt.kbhit():
                return msvcrt.getwch()
            time.sleep(0.05)
        return None
else:
    import select
    import termios
    import tty

    def pressed(stdin: TextIO, seconds: float, ask: Callable[[], None]) -> str | None:
        """The key that is pressed within `seconds` of asking, or None."""
        before = termios.tcgetattr(stdin)
        try:
            # Before asking, and at once: a quick key must neither be missed nor thrown away.
            tty.setcbreak(stdin, termios.TCSANOW)
            ask()
            ready, _, _ = select.select([stdin], [], [], seconds)
            return stdin.read(1) if ready else None
        finally:
            termios.tcsetattr(stdin, termios.TCSADRAIN, before)
