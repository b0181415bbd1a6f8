"""Pictures, videos and sounds as the user names them, made into what may be sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from io import BufferedReader
from pathlib import Path
from typing import Any, NamedTuple

from byteplus_cli.errors import InvalidRequest

# Limits of both APIs (REV265, 2026-10-08). A megabyte is read as 10^6, the smaller meaning. The
# largest body is documented for videos, and taken to be the same for pictures.
MEGABYTE = 1_000_000
IMAGE_BYTES = 30 * MEGABYTE - 1
AUDIO_BYTES = 15 * MEGABYTE
VIDEO_BYTES = 200 * MEGABYTE
BODY_BYTES = 64 * MEGABYTE
IMAGE_FORMATS = ("jpeg", "png", "webp", "bmp", "tiff", "gif", "heic", "heif")
AUDIO_FORMATS = ("wav", "mp3")
VIDEO_FORMATS = ("mp4", "mov")

# Beside the checksum of an input that was put into storage, in the ledger.
STORAGE_KEY = "storage_key"
# Beside an input that was made here, in the ledger: the task, and the picture of a set.
MADE_BY = "made_by"
# Stands for what may sign a link.
UNSIGNED = "?…"

# Patterns are compiled when they are first used: few runs need them, and each costs its time.
_LINK = r"(?i)https?://[^\s/?#@]+([/?#]\S*)?"
_SCHEME = r"(?i)[a-z][a-z0-9+.-]+://"
_ASSET = r"(?a)asset://[\w.-]+"
_DATA = r"(?s)data:([a-z]+)/([a-z0-9.+-]+);base64,(.+)"


@dataclass(frozen=True)
class Source:
    """One input: what is sent as its URL, and for content of our own its path and checksum.

    The URL may be megabytes of base64, or a signed link that only its owner should see.
    """

    url: str = field(repr=False)
    path: Path | None = None
    sha256: str | None = None
    bytes: int | None = None
    size: tuple[int, int] | None = None  # width and height of a picture, in pixels
    format: str | None = None
    alpha: bool | None = None  # whether a picture can be seen through in places
    seconds: float | None = None  # length of a sound or a video
    to_upload: bool = False  # a file to put into storage; its url is a word until then
    key: str | None = None  # what it is called in that storage
    keep: bool = False  # whether it stays there when it is not needed any more
    made_by: str | None = None  # the earlier task that it comes from, such as img-…#2


def described(source: Source) -> dict[str, Any]:
    """An input as it may be kept: by path and checksum, or by its link without what signs it."""
    made = {MADE_BY: source.made_by} if source.made_by else {}
    if source.sha256 is None:
        return {"url": unsigned(source.url), **made}
    path = {"path": str(source.path.absolute())} if source.path else {}
    stored = {STORAGE_KEY: source.key, "keep": source.keep} if source.key else {}
    return {**path, "sha256": source.sha256, "bytes": source.bytes, **stored, **made}


def identity(source: Source) -> dict[str, Any]:
    """What an input is, wherever it lies: the checksum of a file, else its link."""
    return {"sha256": source.sha256} if source.sha256 else {"url": source.url}


def unsigned(url: str) -> str:
    """A link without the query that may sign it."""
    before, mark, _ = url.partition("?")
    return before + UNSIGNED if mark else before


class Kind(NamedTuple):
    """What one kind of input may be; sides and pixels are the least and the most."""

    name: str
    formats: tuple[str, ...]
    most_bytes: int
    noun: str = "picture"
    assets: bool = True
    inline: bool = True  # within the request, as a data: URL
    sides: tuple[int, int] = (1, 2**31)
    pixels: tuple[int, int] = (1, 2**62)
    shape: tuple[float, float] = (0.0, float("inf"))  # width / height
    shape_words: str = ""


FRAME = Kind(
    "image",
    IMAGE_FORMATS,
    IMAGE_BYTES,
    sides=(300, 6000),
    shape=(0.4, 2.5),
    shape_words="2:5 to 5:2",
)
# What pictures are made from; asset:// is refused there (LIVE-B, 2026-08-13).
PICTURE = Kind(
    "image",
    IMAGE_FORMATS,
    IMAGE_BYTES,
    assets=False,
    sides=(15, 2**31),
    pixels=(196, 36_000_000),
    shape=(1 / 16, 16.0),
    shape_words="1:16 to 16:1",
)
AUDIO = Kind("audio", AUDIO_FORMATS, AUDIO_BYTES)
VIDEO = Kind(
    "video",
    VIDEO_FORMATS,
    VIDEO_BYTES,
    noun="video",
    sides=(300, 6000),
    pixels=(407_696, 8_295_044),
    shape=(0.4, 2.5),
    shape_words="2:5 to 5:2",
)


def frame_source(text: str, option: str) -> Source:
    """The picture for a clip that `text` names; raises InvalidRequest that names `option`."""
    return image_of(text, option, FRAME)


def picture_source(text: str, option: str) -> Source:
    """The picture for another picture that `text` names, within that service's limits."""
    return image_of(text, option, PICTURE)


def audio_source(text: str, option: str) -> Source:
    """The sound that `text` names, with its length where it is a file."""
    return sound_of(text, option, AUDIO)


def video_source(text: str, option: str) -> Source:
    """The video that `text` names. It is sent as a link, so a file is one to upload: base64 is
    refused (LIVE-B, 2026-08-13)."""
    if source := _link(text, option):
        return source
    if text[:5].lower() == "data:":
        raise InvalidRequest(
            f"{option} data: content: the service takes videos as links only",
            hint=f"{option} with a path or https://…",
        )
    from byteplus_cli.generation.video_file import video_file

    return video_file(Path(text), f"{option} {text}")


def checked_link(text: str, option: str) -> str:
    """An https or http URL; raises InvalidRequest."""
    if text.isprintable() and re.fullmatch(_LINK, text):
        return text
    raise InvalidRequest(f"{option} {text or '(empty)'} is not a link", hint=f"{option} https://…")


def image_of(text: str, option: str, kind: Kind) -> Source:
    """The picture that `text` names, within the limits of its kind."""
    return _given(text, option, kind) or _image_file(text, option, kind)


def sound_of(text: str, option: str, kind: Kind) -> Source:
    """The sound that `text` names, within the limits of its kind."""
    return _given(text, option, kind) or _audio_file(text, option, kind)


def _given(text: str, option: str, kind: Kind) -> Source | None:
    """What may be sent as it is; None for the name of a file."""
    source = _link(text, option)
    if source and not kind.assets and re.fullmatch(_ASSET, text):
        raise InvalidRequest(
            f"{option} {text}: an asset is of no use here",
            hint=f"{option} with a path or https://…",
        )
    return source or _inline(text, option, kind)


def _link(text: str, option: str) -> Source | None:
    """A link or asset is passed on unchanged: altered, it would lose its trust or signature."""
    if not text.strip():
        raise InvalidRequest(f"{option} is empty", hint=f"{option} FILE, or a link")
    if text.isprintable() and (re.fullmatch(_LINK, text) or re.fullmatch(_ASSET, text)):
        return Source(text)
    if re.match(_SCHEME, text):
        raise InvalidRequest(
            f"{option} {text} is not a link that the service can fetch",
            hint=f"{option} with a path or https://…",
        )
    return None


def _inline(text: str, option: str, kind: Kind) -> Source | None:
    if text[:5].lower() != "data:":
        return None
    if not kind.inline:
        raise InvalidRequest(
            f"{option} data: is not taken by this service",
            hint=f"{option} with a path or https://…",
        )
    found = re.fullmatch(_DATA, text)
    if found is None or found[1] != kind.name or found[2] not in kind.formats:
        raise InvalidRequest(
            f"{option} is not data:{kind.name}/TYPE;base64,… with a type in lower case"
            f" ({', '.join(kind.formats)})",
            hint=f"{option} data:{kind.name}/{kind.formats[0]};base64,…",
        )
    content = _decoded(found[3], option)
    _check_bytes(len(content), f"{option} data:", kind)
    actual = format_of(content, f"{option} data:", kind)
    if actual != found[2] and not {actual, found[2]} <= {"heic", "heif"}:
        raise InvalidRequest(
            f"{option} says it is {found[2]}, but holds {actual}",
            hint=f"{option} data:{kind.name}/{actual};base64,…",
        )
    return Source(text, sha256=_sha256(content), bytes=len(content), format=actual)


def _decoded(text: str, option: str) -> bytes:
    from base64 import b64decode

    try:
        return b64decode(text, validate=True)
    except ValueError as error:
        raise InvalidRequest(f"{option}: the base64 of data: is broken ({error})") from None


def _image_file(text: str, option: str, kind: Kind) -> Source:
    from byteplus_cli.generation.clip import Unreadable, picture

    source = _file(text, option, kind)
    try:
        seen = picture(Path(text))
    except (OSError, Unreadable) as error:
        raise InvalidRequest(
            f"{option} {text} is not a whole picture: {error}", hint=f"{option} with another file"
        ) from error
    check_pixels(seen.width, seen.height, f"{option} {text}", kind)
    return replace(source, size=(seen.width, seen.height), alpha=seen.alpha)


def _audio_file(text: str, option: str, kind: Kind) -> Source:
    from byteplus_cli.generation.clip import Unreadable, sound_seconds

    source = _file(text, option, kind)
    try:
        return replace(source, seconds=sound_seconds(Path(text)))
    except (OSError, Unreadable) as error:
        raise InvalidRequest(
            f"{option} {text} is not a whole sound file: {error}",
            hint=f"{option} with another file",
        ) from error


def check_pixels(width: int, height: int, what: str, kind: Kind) -> None:
    """Raises InvalidRequest for a size that the kind does not have."""
    seen, (shortest, longest) = f"{what} is {width}×{height} pixels", kind.sides
    if min(width, height) < shortest or max(width, height) > longest:
        least = f"at least {shortest}" if longest >= 2**31 else f"{shortest} to {longest}"
        raise InvalidRequest(
            f"{seen}: each side must be {least}", hint=f"scale the {kind.noun} first"
        )
    fewest, most = kind.pixels
    if not fewest <= width * height <= most:
        raise InvalidRequest(
            f"{seen}: all of them together must be {fewest:,} to {most:,}",
            hint=f"scale the {kind.noun} first",
        )
    narrow, wide = kind.shape
    if not narrow <= width / height <= wide:
        raise InvalidRequest(
            f"{seen}: width / height is {width / height:.2f}, but must be {narrow:.4g} to {wide:g}",
            hint=f"crop the {kind.noun} to a shape from {kind.shape_words} first",
        )


def _file(text: str, option: str, kind: Kind) -> Source:
    """The file's bytes are read once: what was checked and hashed is what is sent."""
    from base64 import b64encode

    content = _read(Path(text), f"{option} {text}", kind)
    actual = format_of(content, f"{option} {text}", kind)
    url = f"data:{kind.name}/{actual};base64,{b64encode(content).decode('ascii')}"
    return Source(url, Path(text), _sha256(content), len(content), format=actual)


def _read(path: Path, what: str, kind: Kind) -> bytes:
    with opened(path, what, kind) as file:
        content = file.read(kind.most_bytes + 1)
    _check_bytes(len(content), what, kind)
    return content


@contextmanager
def opened(path: Path, what: str, kind: Kind) -> Iterator[BufferedReader]:
    """A file that may be such an input, to read; raises InvalidRequest for any other."""
    try:
        size = path.stat().st_size
        # Opening a pipe or a device could wait for ever.
        if not path.is_file():
            raise InvalidRequest(f"{what} is not a regular file", hint="name a file, or a link")
        _check_bytes(size, what, kind)
        with path.open("rb") as file:
            yield file
    except FileNotFoundError:
        raise InvalidRequest(f"{what}: no such file", hint="name a file, or a link") from None
    except OSError as error:
        raise InvalidRequest(f"{what} cannot be read: {error.strerror}") from error
    except ValueError:
        raise InvalidRequest(f"{what} cannot be the name of a file") from None


def _check_bytes(count: int, what: str, kind: Kind) -> None:
    if count == 0:
        raise InvalidRequest(f"{what} is empty")
    if count > kind.most_bytes:
        limit = round(kind.most_bytes / MEGABYTE)
        raise InvalidRequest(
            f"{what} is {count / MEGABYTE:.1f} MB: the limit is {limit} MB",
            hint="make it smaller, or give a link to it",
        )


def format_of(content: bytes, what: str, kind: Kind) -> str:
    """What content begins like; raises InvalidRequest for a format that the kind does not have."""
    from byteplus_cli.generation.clip import sniff

    found = sniff(content[:4096])
    if found not in kind.formats:
        raise InvalidRequest(
            f"{what} is {found or 'none of these'}: it must be {', '.join(kind.formats)}",
            hint="convert it first",
        )
    return found


def _sha256(content: bytes) -> str:
    from hashlib import sha256

    return sha256(content).hexdigest()
