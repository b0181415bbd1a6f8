"""Names for saved files, from a template that the user chose."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from itertools import count
from pathlib import Path
from string import Formatter
from typing import NamedTuple

from byteplus_cli.errors import InvalidRequest

FIELDS = (
    *("id", "id8", "slug", "model", "ratio", "resolution"),
    *("duration", "seed", "index", "date", "profile", "ext"),
)
DEFAULT = "{slug}-{id8}.{ext}"
ROW = "row."  # before the name of a manifest's column
MAX_NAME = 200  # bytes; leaves room for the partial file's own name within the usual 255
MAX_VALUE = 128  # as long as the longest id
MAX_SLUG = 40
NO_SLUG = "clip"

# Names of devices on Windows, whatever extension follows them.
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"}
)
_SAFE = str.maketrans(dict.fromkeys('<>:"/\\|?*', " "))


class Template(NamedTuple):
    """A checked name template, relative or absolute just as the user typed it."""

    text: str

    @classmethod
    def parse(cls, text: str | None, *, home: Path, columns: Collection[str] = ()) -> Template:
        """The template for what `-o` was given; raises InvalidRequest.

        `home` is the folder that relative names start from; `columns` are a batch's own
        fields, used as `{row.NAME}`.
        """
        if text is None:
            return cls(DEFAULT)
        _check_text(text)
        _check_fields(text, {*FIELDS, *(f"{ROW}{column}" for column in columns)})
        if _is_folder(text, home):
            return cls(str(Path(text, DEFAULT)))
        return cls(text)

    @property
    def is_name(self) -> bool:
        """Whether it is one exact name, with no field in it."""
        return not any(_fields(self.text))

    @property
    def columns(self) -> set[str]:
        """The columns of a manifest that it uses, as in `{row.scene}`."""
        return columns_in(self.text)

    @property
    def tells_apart(self) -> bool:
        """Whether the id is in the name, so that no two files have the same."""
        return any(name in ("id", "id8") for name, *_ in _fields(self.text))

    def for_row(self, columns: Mapping[str, str]) -> Template:
        """The same with the values of a manifest's row filled in, for good."""
        values = {ROW + name: _clean(value) for name, value in columns.items()}
        return Template("".join(_parts_filled(self.text, values)))

    def for_several(self) -> Template:
        """The same with a number in it, for files that would have one name otherwise."""
        if any(name == "index" for name, *_ in _fields(self.text)):
            return self
        path = Path(self.text)
        return Template(str(path.with_name(f"{path.stem}-{{index}}{path.suffix}")))

    @property
    def folder(self) -> Path:
        """Where files go, as far as no field decides it."""
        folders = Path(self.text).parent.parts
        literal = next((n for n, part in enumerate(folders) if any(_fields(part))), len(folders))
        return Path(*(_fill(part, {}) for part in folders[:literal]))

    def name(self, fields: Mapping[str, object], *, mark: str | None = None) -> Path:
        """The path for one file. `{id8}` comes from `id`; what is absent reads `unknown`.

        `mark` goes to the end of the name, but not of one that the user gave exactly.
        """
        values = {name: _clean(str(value)) for name, value in fields.items() if value is not None}
        values.setdefault("slug", NO_SLUG)
        if "id" in values:
            values.setdefault("id8", id8(values["id"]))
        *folders, last = Path(self.text).parts
        mark = mark if any(_fields(self.text)) else None
        room = MAX_NAME - (len(mark.encode()) + 1 if mark else 0)
        name = Path(_render(last, values, room))
        path = Path(*(_render(folder, values) for folder in folders), name)
        return path.with_name(f"{path.stem}-{mark}{path.suffix}") if mark else path


def columns_in(text: str) -> set[str]:
    """The columns of a manifest that a template uses, whether it is right or not."""
    try:
        names = [name for name, *_ in _fields(text)]
    except ValueError:
        return set()
    return {name.removeprefix(ROW) for name in names if name.startswith(ROW)}


def slug(prompt: str | None) -> str:
    """The prompt's first words as part of a file name, in the prompt's own letters."""
    text = unicodedata.normalize("NFC", (prompt or "")[: MAX_SLUG * 10]).lower()
    # Marks belong to the letters before them in many scripts.
    text = text.replace("'", "").replace("’", "")
    kept = (c if unicodedata.category(c)[0] in "LNM" else " " for c in text)
    joined = "-".join("".join(kept).split())
    if len(joined) > MAX_SLUG:
        # A script without spaces has no word to cut at.
        joined = joined[: MAX_SLUG + 1].rpartition("-")[0] or joined[:MAX_SLUG]
    return joined or NO_SLUG


def id8(id: str) -> str:
    """The last 8 letters and digits of an id, which is where ids differ."""
    return "".join(c for c in id if c.isascii() and c.isalnum())[-8:] or "unknown"


def beside(path: Path, word: str, ext: str) -> Path:
    """The name of a file that belongs to `path`: `fox.mp4` gives `fox-last.jpg`."""
    return path.with_name(f"{path.stem}-{word}.{ext}")


def numbered(path: Path) -> Iterator[Path]:
    """`path` itself, then the names that stand in for it where it is taken: `fox-2.mp4`."""
    yield path
    for number in count(2):
        yield path.with_stem(f"{path.stem}-{number}")


def another(wanted: Path, got: Path) -> str:
    """What to say of a file that did not get its name, since there is another one of it."""
    return f"there is another {wanted.name}, so this is {got.name}"


def _check_text(text: str) -> None:
    # A line break would split one path into two for whoever reads the output.
    if not text or any(unicodedata.category(c) in ("Cc", "Cs") for c in text):
        raise InvalidRequest("-o is empty or holds control characters", hint="-o fox.mp4")
    for part in Path(text).parts:
        if len(part.encode()) > MAX_NAME:
            raise InvalidRequest(f"-o has a name of more than {MAX_NAME} bytes: {part}")


def _check_fields(text: str, known: Collection[str]) -> None:
    try:
        used = list(_fields(text))
    except ValueError:
        raise InvalidRequest(
            f"braces do not match in {text}", hint="write {{ for a brace in the name"
        ) from None
    for name, spec, conversion in used:
        if name not in known:
            raise InvalidRequest(f"unknown field {{{name}}} in {text}", hint=_nearest(name, known))
        if spec or conversion:
            raise InvalidRequest(
                f"a field takes no format: {{{name}}} in {text}", hint=f"use {{{name}}} alone"
            )


def _fields(text: str) -> Iterator[tuple[str, str, str]]:
    """Each field of the template: its name, format and conversion; raises ValueError."""
    for _, name, spec, conversion in Formatter().parse(text):
        if name is not None:
            yield name, spec or "", conversion or ""


def _nearest(name: str, known: Collection[str]) -> str:
    from difflib import get_close_matches

    # `{id.upper}` and `{id[0]}` are wishes for something of `id`.
    close = get_close_matches(re.split(r"[.\[]", name)[0], known, n=1, cutoff=0.5)
    if close:
        return f"did you mean {{{close[0]}}}?"
    return "fields: " + " ".join(sorted(known))


def _is_folder(text: str, home: Path) -> bool:
    separators = (os.sep, os.altsep) if os.altsep else (os.sep,)
    if text.endswith(separators):
        return True
    try:
        return (home / text).is_dir()
    except OSError:  # out of reach: writing there will say why
        return False


def _clean(value: str) -> str:
    """A value that can be part of a file name on any system, and never more than a part."""
    visible = value
    if not (value.isascii() and value.isprintable()):
        letters = unicodedata.normalize("NFC", value)
        visible = "".join(c for c in letters if unicodedata.category(c)[0] != "C")
    plain = "-".join(visible.translate(_SAFE).split())
    # A leading dot would hide the file; a dash would make its path an option of a command.
    return _cut(plain, MAX_VALUE).strip(".- ") or "unknown"


def _cut(text: str, size: int) -> str:
    return text.encode()[: max(size, 0)].decode(errors="ignore")


def _render(part: str, values: Mapping[str, str], room: int = MAX_NAME) -> str:
    """One folder or file name of the template with its fields filled in."""
    if not any(_fields(part)):
        return _fill(part, {})
    name = _fill(part, _fitted(part, values, room)).rstrip(". ")
    is_device = name.partition(".")[0].strip().lower() in _DEVICES
    return f"_{name}" if is_device else name


def _fitted(part: str, values: Mapping[str, str], room: int) -> dict[str, str]:
    """The values cut so that the name fits: the slug gives way first, the id never."""
    fitted = dict(values)
    used = {name for name, *_ in _fields(part)} & values.keys()
    for field in sorted(used - {"id", "id8", "ext"}, key=lambda name: name != "slug"):
        excess = len(_fill(part, fitted).encode()) - room
        if excess > 0:
            left = len(fitted[field].encode()) - excess
            fitted[field] = _cut(fitted[field], left).rstrip("-") or "x"
    return fitted


def _parts_filled(text: str, values: Mapping[str, str]) -> Iterator[str]:
    """The template piece by piece: a column's value as text, any other field as it stands."""
    for literal, name, *_ in Formatter().parse(text):
        yield _escaped(literal)
        if name is not None:
            filled = name.startswith(ROW)
            yield _escaped(values.get(name, "unknown")) if filled else f"{{{name}}}"


def _escaped(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _fill(part: str, values: Mapping[str, str]) -> str:
    return "".join(
        literal + ("" if name is None else values.get(name, "unknown"))
        for literal, name, *_ in Formatter().parse(part)
    )
