"""What every connection keeps to, whichever SDK it goes through."""

from __future__ import annotations

from collections.abc import Callable

# The SDKs would wait for minutes, and try again by themselves. Seconds of silence.
CONNECT, READ = 10.0, 60.0
Log = Callable[[str], None]
