"""The hidden partial file that a download writes to, until it gets its final name."""

from __future__ import annotations

import base64
import errno
import hashlib
import os
import re
import secrets
import stat
import sys
from contextlib import suppress
from pathlib import Path

from byteplus_cli.generation.filelock import lock
from byteplus_cli.generation.link import Body, Broken
from byteplus_cli.generation.naming import numbered

READ = 64 * 1024
AHEAD = 8 * 1024 * 1024  # bytes
UNNAMED = "~"  # begins the tag of content without a validator


class Taken(Exception):
    """Another run holds the partial file."""

    def __init__(self, path: Path, state: os.stat_result) -> None:
        super().__init__(path)
        self.path = path
        self.state = state


class Part:
    """The hidden file beside the target that bytes go to, locked while this run uses it.

    The server's validator is part of its name, so that a later run can ask for the rest of the
    same content and of no other.
    """

    def __init__(self, path: Path, handle: int) -> None:
        self.path = path
        self.validator = _validator_in(path)
        self.total: int | None = None
        self.spoiled = False
        self._handle = handle
        self._forget()

    @classmethod
    def open(cls, path: Path, flags: int = 0) -> Part:
        """The partial file at `path`; raises Taken while another run has it."""
        for name in ("O_BINARY", "O_NOFOLLOW", "O_NONBLOCK"):
            flags |= getattr(os, name, 0)
        part = cls(path, os.open(path, os.O_RDWR | flags, 0o666))
        try:
            part._claim()
        except BaseException:
            part.close()
            raise
        return part

    @classmethod
    def begin(cls, target: Path, validator: str) -> Part:
        """An empty partial file for content that the server calls `validator`."""
        tag = base64.urlsafe_b64encode(validator.encode()).decode().rstrip("=")
        # Content that nothing names cannot be told from another task's, so it is never shared.
        tag = tag or UNNAMED + secrets.token_hex(8)
        path = target.with_name(f"{_prefix(target)}{tag}.part")
        with suppress(FileExistsError):
            return cls.open(path, os.O_CREAT | os.O_EXCL)
        try:
            part = cls.open(path)
        except FileNotFoundError:
            raise Broken("another run was saving the same file") from None
        part.restart()
        return part

    @classmethod
    def left_behind(cls, target: Path) -> Part | None:
        """What an earlier run could not finish, if it can be resumed."""
        wanted = re.compile(re.escape(_prefix(target)) + r"[\w-]+\.part")
        for path in target.parent.iterdir():
            if wanted.fullmatch(path.name):
                with suppress(Taken, FileNotFoundError):
                    part = cls.open(path)
                    part._catch_up()
                    return part
        return None

    @property
    def worth_keeping(self) -> bool:
        """Whether a later run can go on from it, or a person may want to see what came."""
        return self.size > 0 and bool(self.validator or self.spoiled)

    def rest(self) -> dict[str, str]:
        """The headers that ask for what is missing; none to ask for the whole."""
        if self.spoiled or not self.size or not self.validator:
            return {}
        return {"Range": f"bytes={self.size}-", "If-Range": self.validator}

    def goes_on(self, body: Body) -> bool:
        same_length = self.total in (None, body.total)
        return self.size == body.start and same_length and not self.spoiled

    def write(self, piece: memoryview) -> None:
        """Append bytes; for the digests they are to go through `update` too, in the same order."""
        left = piece
        while left:  # a full disk takes a little before it refuses
            left = left[os.write(self._handle, left) :]
        self.size += len(piece)
        if self.size - self._sent_ahead >= AHEAD:
            self._send_ahead()

    def update(self, piece: bytes | memoryview) -> None:
        """Reckon bytes in; safe on another thread than the one that writes."""
        self._sha256.update(piece)
        if self._md5:
            self._md5.update(piece)

    def digests(self) -> tuple[str, str | None]:
        """SHA-256, and MD5 where the server named one."""
        return self._sha256.hexdigest(), self._md5.hexdigest() if self._md5 else None

    def restart(self) -> None:
        os.ftruncate(self._handle, 0)
        os.lseek(self._handle, 0, os.SEEK_SET)
        self._forget()

    def discard(self) -> None:
        self.close_where_open_files_stay()
        self.path.unlink(missing_ok=True)
        self.close()

    def sync(self) -> None:
        try:
            os.fsync(self._handle)
        except OSError:
            self.discard()  # what the disk lost cannot be told from what it kept
            raise

    def close_where_open_files_stay(self) -> None:
        if sys.platform == "win32":  # an open file can neither be removed nor renamed there
            self.close()

    def close(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
        self._handle = -1

    def _claim(self) -> None:
        state = os.fstat(self._handle)
        if not stat.S_ISREG(state.st_mode):
            raise OSError(errno.EINVAL, "not a plain file", str(self.path))
        if not lock(self._handle):
            raise Taken(self.path, state)
        # While it was being opened, or before that run was killed, it got its final name; what
        # has that name must not be written to.
        gone = not os.path.samestat(state, self.path.lstat())
        if not gone and os.fstat(self._handle).st_nlink > 1:
            self.path.unlink()
            gone = True
        if gone:
            raise FileNotFoundError(errno.ENOENT, "it got its final name", str(self.path))

    def _catch_up(self) -> None:
        """Hash what an earlier run has written."""
        while piece := os.read(self._handle, READ):
            self.size += len(piece)
            self.update(piece)
        self._sent_ahead = self.size

    def _send_ahead(self) -> None:
        """Let the disk begin on what was written, or syncing at the end waits for all of it.

        Linux does so when told that the bytes are not needed again. Those that are not on the
        disk yet stay in memory as well, and a fault shows when the whole is synced.
        """
        if sys.platform == "linux":
            with suppress(OSError):  # advice, which a file system need not take
                done = self.size - self._sent_ahead
                os.posix_fadvise(self._handle, self._sent_ahead, done, os.POSIX_FADV_DONTNEED)
        self._sent_ahead = self.size

    def _forget(self) -> None:
        self.size, self._sent_ahead, self.spoiled = 0, 0, False
        self._sha256 = hashlib.sha256()
        named = md5_in(self.validator)
        self._md5 = hashlib.md5(usedforsecurity=False) if named else None


def _validator_in(path: Path) -> str:
    tag = path.name.split(".")[-2]
    if tag.startswith(UNNAMED):
        return ""
    with suppress(ValueError):
        return base64.urlsafe_b64decode(tag + "=" * (-len(tag) % 4)).decode("ascii")
    return ""


def md5_in(validator: str) -> str | None:
    """An ETag of this shape is the MD5 of the content."""
    found = re.fullmatch(r'"([0-9a-f]{32})"', validator.lower())
    return found[1] if found else None


def _prefix(target: Path) -> str:
    name = target.name
    if len(name.encode()) > 160:  # a name may have 255 bytes, and the tag takes up to 92
        name = hashlib.sha256(name.encode()).hexdigest()[:32]
    return f".{name}."


def place(part: Part, target: Path, sha256: str, overwrite: bool) -> Path:
    """Give the whole file its final name in one step, and make that last."""
    part.sync()
    part.close_where_open_files_stay()
    placed = part.path.replace(target) if overwrite else _free(part.path, target, sha256)
    if sys.platform != "win32":
        with suppress(OSError):  # not every filesystem can, and the file is in its place
            folder = os.open(target.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
    return placed


def keep(path: Path, target: Path, *, overwrite: bool) -> Path:
    """Give a finished file its final name, or the next free one; gives that name."""
    return path.replace(target) if overwrite else _free(path, target)


def _free(path: Path, target: Path, sha256: str | None = None) -> Path:
    """The first name that is free, or that holds the same content already."""
    return next(name for name in numbered(target) if _takes(path, name, sha256))


def _takes(path: Path, name: Path, sha256: str | None) -> bool:
    """Whether `name` now holds the content: because it was free, or held it before."""
    try:
        _move(path, name)
    except FileExistsError:
        there = name.lstat()
        if not stat.S_ISREG(there.st_mode) or there.st_size != path.stat().st_size:
            return False
        if sha256_of(name) != (sha256 or sha256_of(path)):
            return False
        path.unlink()
    return True


def _move(path: Path, name: Path) -> None:
    """Rename, but never over an existing file; raises FileExistsError."""
    if sys.platform == "win32":
        path.rename(name)
        return
    try:
        name.hardlink_to(path)
    except FileExistsError:
        raise
    except OSError:  # a filesystem without hard links: looking first is the best there is
        if os.path.lexists(name):
            raise FileExistsError(errno.EEXIST, "exists", str(name)) from None
        path.rename(name)
    else:
        path.unlink()


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
