"""The files behind the links: made when first asked for, then always the same bytes."""

from __future__ import annotations

import hashlib
import secrets
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from byteplus_cli.sandbox.links import LIFETIME

# Where links lead to, and the folder within the state.
ROOT, _FOLDER = "/files/", "files"


@dataclass(frozen=True)
class File:
    """What a link leads to; `make` writes it, and `owner` is the task or the group it is of.

    `cut` breaks its owner's first download off.
    """

    name: str
    owner: str
    make: Callable[[Path], None]
    cut: bool = False


@dataclass(frozen=True)
class Shelf:
    state: Path
    # Making one file can need another.
    _making: threading.RLock = field(default_factory=threading.RLock)

    def path(self, file: File) -> Path:
        """Where the file is, which is made now if it never was."""
        path = self.state / _FOLDER / file.name
        with self._making:
            if path.exists():
                return path
            path.parent.mkdir(mode=0o700, exist_ok=True)
            unfinished = path.with_name(f".{secrets.token_hex(4)}-{file.name}")
            file.make(unfinished)
            # Another sandbox may have been faster; what it made is the same.
            unfinished.replace(path)
        return path

    def sweep(self, now: float) -> None:
        """Drops files whose links have long expired."""
        for path in (self.state / _FOLDER).glob("*"):
            if path.stat().st_mtime < now - 2 * LIFETIME:
                path.unlink(missing_ok=True)

    def forget(self) -> None:
        shutil.rmtree(self.state / _FOLDER, ignore_errors=True)


def etag(path: Path) -> str:
    """The MD5 of the content, quoted, as object stores give it."""
    stat = path.stat()
    return _etag(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=1000)
def _etag(path: Path, modified: int, size: int) -> str:
    with path.open("rb") as file:
        return f'"{hashlib.file_digest(file, "md5").hexdigest()}"'
