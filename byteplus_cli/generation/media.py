"""Pictures, videos and sounds as the user names them, made into what may be sent."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass, field, replace
from pathlib import Path

from byteplus_cli.errors import InvalidRequest

# Limits of the video API (REV265, 2026-10-08). A megabyte is read as 10^6, the smaller meaning.
MEGABYTE = 1_000_000
IMAGE_BYTES = 30 * MEGABYTE - 1
AUDIO_BYTES = 15 * MEGABYTE
BODY_BYTES = 64 * MEGABYTE
SIDE = (300, 6000)
SHAPE = (0.4, 2.5)
IMAGE_FORMATS = ("jpeg", "png", "webp", "bmp", "tiff", "gif", "heic", "heif")
AUDIO_FORMATS = ("wav", "mp3")

_LINK = re.compile(r"https?://[^\s/?#@]+([/?#]\S*)?", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_ASSET = re.compile(r"asset://[\w.-]+", re.ASCII)
_DATA = re.compile(r"data:([a-z]+)/([a-z0-9.+-]+);base64,(.+)", re.DOTALL)


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
    seconds: float | None = None  # length of a sound


@dataclass(frozen=True)
class Kind:
    """What one kind of input may be."""

    name: str
    formats: tuple[str, ...]
    most_bytes: int


IMAGE = Kind("image", IMAGE_FORMATS, IMAGE_BYTES)
AUDIO = Kind("audio", AUDIO_FORMATS, AUDIO_BYTES)


def image_source(text: str, option: str) -> Source:
    """The picture that `text` names; raises InvalidRequest that names `option`."""
    return _link(text, option) or _inline(text, option, IMAGE) or _image_file(text, option)


def audio_source(text: str, option: str) -> Source:
    """The sound that `text` names, with its length where it is a file."""
    return _link(text, option) or _inline(text, option, AUDIO) or _audio_file(text, option)


def video_source(text: str, option: str) -> Source:
    """The video that `text` names: links only, since base64 is refused (LIVE-B, 2026-08-13)."""
    if source := _link(text, option):
        return source
    shown = "data: content" if text.startswith("data:") else text
    raise InvalidRequest(
        f"{option} {shown}: the service takes videos as links only",
        hint=f"{option} https://…, such as the link of a clip made in the last 24 hours",
    )


def _link(text: str, option: str) -> Source | None:
    """A link or asset is passed on unchanged: altered, it would lose its trust or signature."""
    if not text.strip():
        raise InvalidRequest(f"{option} is empty", hint=f"{option} FILE, or a link")
    if text.isprintable() and (_LINK.fullmatch(text) or _ASSET.fullmatch(text)):
        return Source(text)
    if _SCHEME.match(text):
        raise InvalidRequest(
            f"{option} {text} is not a link that the service can fetch",
            hint=f"{option} with a path, https://… or asset://…",
        )
    return None


def _inline(text: str, option: str, kind: Kind) -> Source | None:
    if text[:5].lower() != "data:":
        return None
    found = _DATA.fullmatch(text)
    if found is None or found[1] != kind.name or found[2] not in kind.formats:
        raise InvalidRequest(
            f"{option} is not data:{kind.name}/TYPE;base64,… with a type in lower case"
            f" ({', '.join(kind.formats)})",
            hint=f"{option} data:{kind.name}/{kind.formats[0]};base64,…",
        )
    content = _decoded(found[3], option)
    _check_bytes(len(content), f"{option} data:", kind)
    actual = _format(content, f"{option} data:", kind)
    if actual != found[2] and not {actual, found[2]} <= {"heic", "heif"}:
        raise InvalidRequest(
            f"{option} says it is {found[2]}, but holds {actual}",
            hint=f"{option} data:{kind.name}/{actual};base64,…",
        )
    return Source(text, sha256=_sha256(content), bytes=len(content))


def _decoded(text: str, option: str) -> bytes:
    from base64 import b64decode

    try:
        return b64decode(text, validate=True)
    except ValueError as error:
        raise InvalidRequest(f"{option}: the base64 of data: is broken ({error})") from None


def _image_file(text: str, option: str) -> Source:
    from byteplus_cli.generation.clip import Unreadable, picture

    source = _file(text, option, IMAGE)
    try:
        seen = picture(Path(text))
    except (OSError, Unreadable) as error:
        raise InvalidRequest(
            f"{option} {text} is not a whole picture: {error}", hint=f"{option} with another file"
        ) from error
    _check_pixels(seen.width, seen.height, f"{option} {text}")
    return replace(source, size=(seen.width, seen.height))


def _audio_file(text: str, option: str) -> Source:
    from byteplus_cli.generation.clip import Unreadable, sound_seconds

    source = _file(text, option, AUDIO)
    try:
        return replace(source, seconds=sound_seconds(Path(text)))
    except (OSError, Unreadable) as error:
        raise InvalidRequest(
            f"{option} {text} is not a whole sound file: {error}",
            hint=f"{option} with another file",
        ) from error


def _check_pixels(width: int, height: int, what: str) -> None:
    if min(width, height) < SIDE[0] or max(width, height) > SIDE[1]:
        raise InvalidRequest(
            f"{what} is {width}×{height} pixels: each side must be {SIDE[0]} to {SIDE[1]}",
            hint="scale the picture first",
        )
    if not SHAPE[0] <= width / height <= SHAPE[1]:
        raise InvalidRequest(
            f"{what} is {width}×{height} pixels: width / height is {width / height:.2f},"
            f" but must be {SHAPE[0]} to {SHAPE[1]}",
            hint="crop the picture to a shape from 2:5 to 5:2 first",
        )


def _file(text: str, option: str, kind: Kind) -> Source:
    """The file's bytes are read once: what was checked and hashed is what is sent."""
    content = _read(Path(text), f"{option} {text}", kind)
    mime = f"{kind.name}/{_format(content, f'{option} {text}', kind)}"
    encoded = b64encode(content).decode("ascii")
    return Source(f"data:{mime};base64,{encoded}", Path(text), _sha256(content), len(content))


def _read(path: Path, what: str, kind: Kind) -> bytes:
    try:
        size = path.stat().st_size
        # Opening a pipe or a device could wait for ever.
        if not path.is_file():
            raise InvalidRequest(f"{what} is not a regular file", hint="name a file, or a link")
        _check_bytes(size, what, kind)
        with path.open("rb") as file:
            content = file.read(kind.most_bytes + 1)
    except FileNotFoundError:
        raise InvalidRequest(f"{what}: no such file", hint="name a file, or a link") from None
    except OSError as error:
        raise InvalidRequest(f"{what} cannot be read: {error.strerror}") from error
    except ValueError:
        raise InvalidRequest(f"{what} cannot be the name of a file") from None
    _check_bytes(len(content), what, kind)
    return content


def _check_bytes(count: int, what: str, kind: Kind) -> None:
    if count == 0:
        raise InvalidRequest(f"{what} is empty")
    if count > kind.most_bytes:
        limit = round(kind.most_bytes / MEGABYTE)
        raise InvalidRequest(
            f"{what} is {count / MEGABYTE:.1f} MB: the limit is {limit} MB",
            hint="make it smaller, or give a link to it",
        )


def _format(content: bytes, what: str, kind: Kind) -> str:
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
