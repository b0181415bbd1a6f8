"""Where something is to be saved: whether it can be, asked before anything is paid for."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from byteplus_cli.errors import InvalidRequest


def ensure_writable(folder: Path) -> None:
    """Create `folder` if need be; raises InvalidRequest if no file can be written there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _try_file(folder)
    except OSError as error:
        raise InvalidRequest(
            f"cannot write to {folder}: {error.strerror}", hint="choose another folder: -o FOLDER/"
        ) from error


def _try_file(folder: Path) -> None:
    """Make a file and leave nothing; Linux makes one without a name, that no kill leaves behind."""
    if nameless := getattr(os, "O_TMPFILE", 0):
        with suppress(OSError):  # not every file system can
            os.close(os.open(folder, nameless | os.O_WRONLY, 0o600))
            return
    tried = folder / f".byteplus-{os.getpid()}"
    os.close(os.open(tried, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    tried.unlink()


def ensure_plain(target: Path) -> None:
    """Raises InvalidRequest if something that is no plain file has this exact name."""
    if strange := odd(target):
        raise InvalidRequest(
            f"cannot save as {target}: {strange}", hint="name a file, or a folder: -o FOLDER/"
        )


def odd(target: Path) -> str | None:
    """What stands in the way of a file of that name, if it is no file itself."""
    with suppress(OSError):
        if not stat.S_ISREG(target.lstat().st_mode):
            return "something that is not a plain file has this name"
    return None
