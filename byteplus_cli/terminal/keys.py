"""One key from the keyboard, without waiting for Enter."""

from __future__ import annotations

import sys
import time
from typing import TextIO

if sys.platform == "win32":
    import msvcrt

    def pressed(stdin: TextIO, seconds: float) -> str | None:
        """The key that is pressed within `seconds`, or None."""
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

    def pressed(stdin: TextIO, seconds: float) -> str | None:
        """The key that is pressed within `seconds`, or None."""
        before = termios.tcgetattr(stdin)
        try:
            tty.setcbreak(stdin)
            ready, _, _ = select.select([stdin], [], [], seconds)
            return stdin.read(1) if ready else None
        finally:
            termios.tcsetattr(stdin, termios.TCSADRAIN, before)
