"""Brings a finished file from its link to its final name: resumed, checked, never half there."""

from __future__ import annotations

import base64
import errno
import hashlib
import ipaddress
import os
import random
import re
import socket
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar
from urllib.parse import urljoin, urlsplit

from byteplus_cli.errors import Charge, InvalidRequest, Missing, NotSaved
from byteplus_cli.generation.naming import numbered
from byteplus_cli.generation.retry import Pause, obeying, parse_retry_after, pauses

if TYPE_CHECKING:  # slow to load, and drawing a transfer does not need it
    from email.message import Message
    from http.client import HTTPResponse

if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> bool:
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

    def _lock(handle: int) -> bool:
        """Take the file for this run until it is closed; False if another run has it."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True  # this filesystem has no locks
        return True


T = TypeVar("T")
# What was read is written and hashed while the processor still has it at hand; larger pieces
# measured slower, and so did hashing on a thread.
BUFFER = 64 * 1024
DRAWN_EVERY = 0.2  # seconds
MAX_REDIRECTS = 5
# A try that brought less than this was fruitless, or a trickle could go on for ever.
PROGRESS = 64 * 1024


@dataclass(frozen=True)
class Patience:
    """How much a download bears: seconds of silence, bytes a second, fruitless tries."""

    idle: float = 30.0
    slowest: float = 1024.0
    tries: int = 6


@dataclass(frozen=True)
class Transfer:
    """Bytes so far; `total` is None where the server does not say."""

    done: int
    total: int | None


@dataclass(frozen=True)
class Saved(Generic[T]):
    """A file in its place; `content` is what the check made of it."""

    path: Path
    bytes: int
    sha256: str
    content: T


class LinkExpired(Missing):
    """The link gives no file any more; a fresh link to the same file resumes it."""

    default_code = "link_expired"


class _Broken(Exception):
    """A try that failed, and why; another may do better unless it is `final`."""

    def __init__(
        self,
        reason: str,
        *,
        final: bool = False,
        hint: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(reason)
        self.final = final
        self.hint = hint
        self.retry_after = retry_after


class _Taken(Exception):
    """Another run holds the partial file."""

    def __init__(self, path: Path, state: os.stat_result) -> None:
        super().__init__(path)
        self.path = path
        self.state = state


def download(
    url: str,
    target: Path,
    *,
    check: Callable[[Path], T],
    overwrite: bool = False,
    patience: Patience = Patience(),
    sleep: Callable[[float], object] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
    spread: Callable[[], float] = random.random,
) -> Generator[Transfer | Pause, None, Saved[T]]:
    """Fetch `url` and place it as `target`, yielding each step.

    `check` gets the whole file under its hidden name and raises ValueError if it is not what it
    should be. Raises LinkExpired, and NotSaved for whatever else kept the file from its place.
    """
    job = _Download(url, target, check, overwrite, patience, sleep, clock, spread)
    try:
        return (yield from job.run())
    except OSError as error:
        about = f" ({error.filename})" if error.filename not in (None, str(target)) else ""
        raise _not_saved(target, f"{error.strerror or error}{about}") from error
    finally:
        job.close()


def ensure_writable(folder: Path) -> None:
    """Create `folder` if need be; raises InvalidRequest if no file can be written there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return
    except OSError as error:
        raise InvalidRequest(
            f"cannot write to {folder}: {error.strerror}", hint="choose another folder: -o FOLDER/"
        ) from error


@dataclass
class _Download(Generic[T]):
    """One file on its way; `part` stays open, and so locked, from the first byte to the last."""

    url: str
    target: Path
    check: Callable[[Path], T]
    overwrite: bool
    patience: Patience
    sleep: Callable[[float], object]
    clock: Callable[[], float]
    spread: Callable[[], float]
    part: _Part | None = None
    refused: str | None = None  # SHA-256 of whole content that failed the check

    def run(self) -> Generator[Transfer | Pause, None, Saved[T]]:
        _refuse_odd(self.target)
        self.target.parent.mkdir(parents=True, exist_ok=True)
        fruitless, reached, waits = 0, 0, pauses(random=self.spread)
        while True:
            try:
                return (yield from self._attempt())
            except _Taken as taken:
                found = yield from self._stand_by(taken)
                if found:
                    return found
                continue
            except _Broken as broken:
                size = self.part.size if self.part else 0
                if size >= reached + PROGRESS:
                    fruitless, reached, waits = 0, size, pauses(random=self.spread)
                fruitless += 1
                if broken.final or fruitless >= self.patience.tries:
                    raise self._given_up(broken) from broken
                pause = Pause(obeying(broken.retry_after, next(waits)), str(broken))
            yield pause
            self.sleep(pause.seconds)

    def close(self) -> None:
        """Keep what came for the next run."""
        if self.part and self.part.size:
            self.part.close()
        elif self.part:
            self.part.discard()

    def _attempt(self) -> Generator[Transfer | Pause, None, Saved[T]]:
        if self.part is None:
            self.part = _Part.left_behind(self.target)
        rest = self.part.rest() if self.part else {}
        with closing(_get(self.url, rest, self.patience.idle)) as response:
            body = _Body.of(response, rest.get("If-Range", ""))
            part = self._part_for(body)
            yield Transfer(part.size, body.total)
            if part.size != body.total:
                yield from self._receive(response, part, body.total)
        yield Transfer(part.size, part.size)
        return self._finish(part)

    def _part_for(self, body: _Body) -> _Part:
        """The partial file that the body goes on from, or a new one; raises _Broken, _Taken."""
        part = self.part
        if part and part.validator == body.validator:
            if body.start == 0:
                part.restart()
                part.total = body.total
            if part.goes_on(body):
                return part
        if part:
            part.discard()
            self.part = None
        if body.start:
            raise _Broken("the server sent another part of the file than was asked for")
        self.part = _Part.begin(self.target, body.validator)
        self.part.total = body.total
        return self.part

    def _receive(
        self, response: HTTPResponse, part: _Part, total: int | None
    ) -> Generator[Transfer, None, None]:
        drawn = since = self.clock()
        mark = part.size
        buffer = memoryview(bytearray(BUFFER))
        while count := _read_into(response, buffer):
            part.write(buffer[:count])
            now = self.clock()
            if now - drawn >= DRAWN_EVERY:
                drawn = now
                yield Transfer(part.size, total)
            if now - since >= self.patience.idle:
                if part.size - mark < self.patience.slowest * self.patience.idle:
                    raise _Broken("the connection is too slow")
                mark, since = part.size, now
        if total is not None and part.size != total:
            raise _Broken(f"the connection closed after {part.size} of {total} bytes")

    def _finish(self, part: _Part) -> Saved[T]:
        if not part.size:
            raise _Broken("the server sent an empty file")
        sha256, md5 = part.digests()
        try:
            if md5 != _md5_in(part.validator):
                raise ValueError("its MD5 is not the one that the server names")
            content = self.check(part.path)
        except ValueError as error:
            part.spoiled = True
            # The same bytes twice: the server has no others, and a third time costs for nothing.
            final, self.refused = sha256 == self.refused, sha256
            raise _Broken(str(error), final=final) from error
        placed = _place(part, self.target, sha256, self.overwrite)
        return Saved(placed, part.size, sha256, content)

    def _stand_by(self, taken: _Taken) -> Generator[Pause, None, Saved[T] | None]:
        """Wait until the other run is done; gives the file if that run put it in place."""
        while True:
            pause = Pause(1.0, f"another run is saving {self.target.name}")
            yield pause
            self.sleep(pause.seconds)
            try:
                _Part.open(taken.path).close()
            except _Taken as still:
                taken = still
            except FileNotFoundError:
                return self._placed(taken.state)
            else:
                return None

    def _placed(self, state: os.stat_result) -> Saved[T] | None:
        with suppress(FileNotFoundError, ValueError):
            now = self.target.lstat()
            if os.path.samestat(state, now):
                content = self.check(self.target)
                return Saved(self.target, now.st_size, _sha256(self.target), content)
        return None

    def _given_up(self, broken: _Broken) -> NotSaved:
        kept = f"; what came is kept in {self.part.path}" if self.part and self.part.size else ""
        return _not_saved(self.target, f"{broken}{kept}", broken.hint)


class _Part:
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
    def open(cls, path: Path, flags: int = 0) -> _Part:
        """The partial file at `path`; raises _Taken while another run has it."""
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
    def begin(cls, target: Path, validator: str) -> _Part:
        """An empty partial file for content that the server calls `validator`."""
        tag = base64.urlsafe_b64encode(validator.encode()).decode().rstrip("=")
        path = target.with_name(f"{_prefix(target)}{tag}.part")
        with suppress(FileExistsError):
            return cls.open(path, os.O_CREAT | os.O_EXCL)
        try:
            part = cls.open(path)
        except FileNotFoundError:
            raise _Broken("another run was saving the same file") from None
        part.restart()
        return part

    @classmethod
    def left_behind(cls, target: Path) -> _Part | None:
        """What an earlier run could not finish, if it can be resumed."""
        wanted = re.compile(re.escape(_prefix(target)) + r"[\w-]+\.part")
        for path in target.parent.iterdir():
            if wanted.fullmatch(path.name):
                with suppress(_Taken, FileNotFoundError):
                    part = cls.open(path)
                    part._catch_up()
                    return part
        return None

    def rest(self) -> dict[str, str]:
        """The headers that ask for what is missing; none to ask for the whole."""
        if self.spoiled or not self.size or not self.validator:
            return {}
        return {"Range": f"bytes={self.size}-", "If-Range": self.validator}

    def goes_on(self, body: _Body) -> bool:
        same_length = self.total in (None, body.total)
        return self.size == body.start and same_length and not self.spoiled

    def write(self, piece: memoryview) -> None:
        left = piece
        while left:  # a full disk takes a little before it refuses
            left = left[os.write(self._handle, left) :]
        self._update(piece)

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
        os.fsync(self._handle)

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
        if not _lock(self._handle):
            raise _Taken(self.path, state)
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
        while piece := os.read(self._handle, BUFFER):
            self._update(piece)

    def _forget(self) -> None:
        self.size, self.spoiled = 0, False
        self._sha256 = hashlib.sha256()
        named = _md5_in(self.validator)
        self._md5 = hashlib.md5(usedforsecurity=False) if named else None

    def _update(self, piece: bytes | memoryview) -> None:
        self.size += len(piece)
        self._sha256.update(piece)
        if self._md5:
            self._md5.update(piece)


@dataclass(frozen=True)
class _Body:
    """What the server says of the bytes that follow: the first one's place, and of what."""

    start: int
    total: int | None
    validator: str

    @classmethod
    def of(cls, response: HTTPResponse, asked: str) -> _Body:
        """Raises LinkExpired, and _Broken if the answer is not the file."""
        headers, status = response.headers, response.status
        if status in (403, 404, 410):
            raise LinkExpired(f"the link has expired or its file is gone (HTTP {status})")
        if status not in (200, 206, 416):
            wait = parse_retry_after(headers.get("Retry-After"), time.time())
            final = 400 <= status < 500 and status not in (408, 425, 429)
            raise _Broken(f"the server answered HTTP {status}", final=final, retry_after=wait)
        if status == 200:
            _check_kind(headers)
            return cls(0, response.length, _validator(headers))
        place = re.fullmatch(r"bytes (?:(\d+)-\d+|\*)/(\d+)", headers.get("Content-Range", ""))
        if not place:
            return cls(-1, None, "")
        total = int(place[2])
        if status == 206:
            _check_kind(headers)
            return cls(int(place[1] or -1), total, _validator(headers))
        # If-Range went with the question, so this refusal is about the content we have.
        return cls(total, total, asked)


def _get(url: str, headers: dict[str, str], idle: float) -> HTTPResponse:
    """The answer to a GET without any credential; raises _Broken."""
    try:
        return _followed(url, headers, idle)
    except ValueError as error:  # what cannot be parsed as an address, or sent as one
        raise _Broken("the link is not a plain web address", final=True) from error


def _followed(url: str, headers: dict[str, str], idle: float) -> HTTPResponse:
    local = _is_loopback(url)
    for _ in range(MAX_REDIRECTS + 1):
        response = _open(url, headers, idle, local)
        location = response.headers.get("Location")
        if response.status not in (301, 302, 303, 307, 308) or not location:
            return response
        response.close()
        before, url = url, urljoin(url, location)
        if urlsplit(before).scheme == "https" and urlsplit(url).scheme == "http":
            raise _Broken("the link leads from https to an unprotected address", final=True)
    raise _Broken(f"the link was redirected more than {MAX_REDIRECTS} times", final=True)


def _open(url: str, headers: dict[str, str], idle: float, local: bool) -> HTTPResponse:
    from http.client import HTTPException
    from urllib import request

    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise ValueError(parts.scheme)
    proxies = {} if _is_loopback(url) else request.getproxies()
    # With no other handlers no other scheme is known, and every status is an answer.
    opener = request.OpenerDirector()
    for handler in (request.ProxyHandler(proxies), request.HTTPHandler(), request.HTTPSHandler()):
        opener.add_handler(handler)
    headers = {**headers, "Accept-Encoding": "identity", "User-Agent": "byteplus-cli"}
    proxied = parts.scheme in proxies and not request.proxy_bypass(parts.netloc)
    try:
        if not local:
            _refuse_inside(url, resolve=not proxied)
        answer: HTTPResponse = opener.open(request.Request(url, headers=headers), timeout=idle)
    except (OSError, HTTPException) as error:
        raise _unreachable(url, error) from error
    return answer


def _unreachable(url: str, error: Exception) -> _Broken:
    from ssl import SSLCertVerificationError
    from urllib.error import URLError

    host = urlsplit(url).hostname
    cause = error.reason if isinstance(error, URLError) else error
    if isinstance(cause, SSLCertVerificationError):
        return _Broken(
            f"the certificate of {host} is not trusted: {cause.verify_message}",
            final=True,
            hint="set SSL_CERT_FILE to the certificates of your network, then byteplus rescue",
        )
    if isinstance(cause, TimeoutError):
        return _Broken(f"{host} did not answer in time")
    words = getattr(cause, "strerror", None) or type(cause).__name__
    return _Broken(f"cannot reach {host}: {words}")


def _refuse_inside(url: str, *, resolve: bool) -> None:
    """Raise _Broken for an address inside a private network: no file of the service is there."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or parts.scheme
    flags = 0 if resolve else socket.AI_NUMERICHOST
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
    except socket.gaierror:
        if resolve:
            raise
        found = []  # the proxy will resolve the name
    if _is_loopback(url) or any(_is_inside(str(address[0])) for *_, address in found):
        raise _Broken(f"the link leads to {host}, inside a private network", final=True)


def _is_inside(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    ip = getattr(ip, "ipv4_mapped", None) or ip
    # Tunnelling proxies answer every name with an address of this block and route it on.
    return not ip.is_global and ip not in ipaddress.ip_network("198.18.0.0/15")


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _read_into(response: HTTPResponse, room: memoryview) -> int:
    """Bytes read in one go, so that silence and a trickle are both noticed; raises _Broken."""
    from http.client import HTTPException

    try:
        return response.readinto1(room)
    except TimeoutError as error:
        raise _Broken("the server went silent") from error
    except (OSError, HTTPException) as error:
        raise _Broken("the connection broke off") from error


def _check_kind(headers: Message) -> None:
    encoding = headers.get("Content-Encoding", "identity").lower()
    if encoding != "identity":
        raise _Broken(f"the server sent the file packed ({encoding})")
    kind = headers.get_content_type()
    if kind in ("text/html", "application/json") or kind.endswith("xml"):
        raise _Broken(f"the server sent a page ({kind}) in place of the file")


def _validator(headers: Message) -> str:
    """What names exactly this content: a strong ETag, else its date; empty if there is neither."""
    for value in (headers.get("ETag", ""), headers.get("Last-Modified", "")):
        # It becomes part of a file name, where there is room for so much.
        if value and not value.startswith("W/") and len(value) <= 64 and value.isascii():
            return value
    return ""


def _validator_in(path: Path) -> str:
    tag = path.name.split(".")[-2]
    with suppress(ValueError):
        return base64.urlsafe_b64decode(tag + "=" * (-len(tag) % 4)).decode("ascii")
    return ""


def _md5_in(validator: str) -> str | None:
    """An ETag of this shape is the MD5 of the content."""
    found = re.fullmatch(r'"([0-9a-f]{32})"', validator.lower())
    return found[1] if found else None


def _prefix(target: Path) -> str:
    name = target.name
    if len(name.encode()) > 160:  # a name may have 255 bytes, and the tag takes up to 92
        name = hashlib.sha256(name.encode()).hexdigest()[:32]
    return f".{name}."


def _place(part: _Part, target: Path, sha256: str, overwrite: bool) -> Path:
    """Give the whole file its final name in one step, and make that last."""
    part.sync()
    part.close_where_open_files_stay()
    if overwrite:
        _refuse_odd(target)
        placed = part.path.replace(target)
    else:
        names = (name for name in numbered(target) if _takes(part, name, sha256))
        placed = next(names)
    if sys.platform != "win32":
        folder = os.open(target.parent, os.O_RDONLY)
        with suppress(OSError):  # some filesystems cannot, and the file is in its place
            os.fsync(folder)
        os.close(folder)
    return placed


def _takes(part: _Part, name: Path, sha256: str) -> bool:
    """Whether `name` now holds the content: because it was free, or held it before."""
    try:
        _move(part.path, name)
    except FileExistsError:
        there = name.lstat()
        if not stat.S_ISREG(there.st_mode) or there.st_size != part.size:
            return False
        if _sha256(name) != sha256:
            return False
        part.path.unlink()
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


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _refuse_odd(target: Path) -> None:
    with suppress(FileNotFoundError):
        if not stat.S_ISREG(target.lstat().st_mode):
            raise _not_saved(target, "something that is not a plain file has this name")


def _not_saved(target: Path, reason: str, hint: str | None = None) -> NotSaved:
    return NotSaved(
        f"could not save {target}: {reason}", hint=hint or "byteplus rescue", charge=Charge.YES
    )
