"""A sign that a run is at work on something, which is gone when the run is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from byteplus_cli.generation.filelock import lock

_FOLDER = "running"


@contextmanager
def claimed(state: Path, name: str) -> Iterator[None]:
    """While it lasts, `is_claimed` says so in every other process."""
    path = state / _FOLDER / name
    handle = -1
    with suppress(OSError):  # without a disk there is no sign, and the work goes on
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        lock(handle)
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink()
        if handle >= 0:
            os.close(handle)


def is_claimed(state: Path, name: str) -> bool:
    """Whether a run is at work on it; the sign of one that was killed does not count."""
    path = state / _FOLDER / name
    try:
        handle = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        if not lock(handle):
            return True
        with suppress(OSError):
            path.unlink()
        return False
    finally:
        os.close(handle)
