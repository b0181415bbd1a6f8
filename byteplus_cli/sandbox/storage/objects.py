"""The objects of the bucket, each a folder with its content and its type."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LIFETIME = 2 * 86_400
_FOLDER = "storage"


@dataclass(frozen=True)
class Object:
    content: Path
    type: str


@dataclass(frozen=True)
class Objects:
    state: Path

    def find(self, key: str) -> Object | None:
        folder = self._folder(key)
        try:
            # The type is written first, so that it is there when the content is.
            (folder / "content").stat()
            return Object(folder / "content", (folder / "type").read_text("utf-8"))
        except FileNotFoundError:
            return None

    @contextmanager
    def receiving(self) -> Iterator[Path]:
        """A place for content that is still on its way; what is not kept from it is dropped."""
        root = self.state / _FOLDER
        root.mkdir(mode=0o700, exist_ok=True)
        path = root / f".{secrets.token_hex(8)}"
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def keep(self, key: str, received: Path, type: str, now: float) -> Object:
        folder = self._folder(key)
        folder.mkdir(mode=0o700, exist_ok=True)
        (folder / "type").write_text(type, "utf-8")
        os.utime(received, (now, now))
        received.replace(folder / "content")
        return Object(folder / "content", type)

    def remove(self, key: str) -> None:
        shutil.rmtree(self._folder(key), ignore_errors=True)

    def sweep(self, now: float) -> None:
        """Drops what was put more than two days ago, and what was left of broken uploads."""
        for path in (self.state / _FOLDER).glob("*"):
            content = path / "content"
            if (content if content.exists() else path).stat().st_mtime >= now - LIFETIME:
                continue
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)

    def forget(self) -> None:
        shutil.rmtree(self.state / _FOLDER, ignore_errors=True)

    def _folder(self, key: str) -> Path:
        # A key can be longer than a file name, and hold what a file name cannot.
        return self.state / _FOLDER / hashlib.sha256(key.encode()).hexdigest()
