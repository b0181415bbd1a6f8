"""A lock on an open file, which ends with the process that holds it, however that ends."""

from __future__ import annotations

import os
import sys

if sys.platform == "win32":
    import msvcrt

    def lock(handle: int) -> bool:
        """Take the file for this run until it is closed; False if another run has it."""
        # Nobody can read locked bytes, so one far beyond any content is taken.
        os.lseek(handle, 1 << 60, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        os.lseek(handle, 0, os.SEEK_SET)
        return True
else:
    import fcntl

    def lock(handle: int) -> bool:
        """Take the file for this run until it is closed; False if another run has it."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True  # this filesystem has no locks
        return True
