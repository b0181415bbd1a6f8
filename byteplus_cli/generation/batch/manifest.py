"""A manifest as it is written: JSON lines or CSV, read row by row in bounded memory."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from byteplus_cli.errors import InvalidRequest

# Not documented anywhere: far above any row that names files, and enough for a small picture
# within it. What is longer is most likely no manifest.
LONGEST_LINE = 8 * 1024 * 1024
CSV = "csv"
JSON_LINES = "jsonl"
ENDINGS = {".csv": CSV, ".jsonl": JSON_LINES, ".ndjson": JSON_LINES, ".json": JSON_LINES}


@dataclass(frozen=True)
class Written:
    """One row as it was written, on the line that it begins on; values of CSV are text."""

    line: int
    values: Mapping[str, object] = field(default_factory=dict)
    fault: str | None = None


def open_manifest(name: str, stdin: object, *, home: Path) -> tuple[BinaryIO, str]:
    """The bytes of a manifest and its format; `-` is standard input. Raises InvalidRequest."""
    if name == "-":
        stream = io.BufferedReader(_raw(stdin))
        return stream, _sniffed(stream)
    path = home / name
    try:
        file = path.open("rb")
        return file, ENDINGS.get(path.suffix.lower()) or _sniffed(file)
    except FileNotFoundError:
        raise InvalidRequest(
            f"{name}: no such file", hint="byteplus batch run shots.jsonl  (or - for stdin)"
        ) from None
    except IsADirectoryError:
        raise InvalidRequest(
            f"{name} is a folder, not a manifest", hint="byteplus batch run shots.jsonl"
        ) from None
    except OSError as error:
        raise InvalidRequest(f"{name} cannot be read: {error.strerror}") from error


def read(stream: BinaryIO, form: str) -> Iterator[Written]:
    """Each row with its line; one that cannot be read has a fault in place of values."""
    lines = _Lines(stream)
    return _csv_rows(lines) if form == CSV else _json_rows(lines)


class _Lines(Iterator[str]):
    """The lines of a file as text. `number` is that of the latest, counted from 1."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.number = 0
        self.fault: str | None = None

    def __next__(self) -> str:
        raw = self._stream.readline(LONGEST_LINE + 1)
        if not raw:
            raise StopIteration
        self.number += 1
        if len(raw) > LONGEST_LINE:
            self._skip_rest(raw)
            return self._bad(f"longer than {LONGEST_LINE // 1024 // 1024} MiB")
        try:
            text = raw.decode("utf-8-sig" if self.number == 1 else "utf-8")
        except UnicodeDecodeError:
            return self._bad("not UTF-8 text")
        if "\0" in text:
            return self._bad("holds a NUL character")
        return text

    def taken_fault(self) -> str | None:
        """What was wrong with the lines since it was last asked."""
        fault, self.fault = self.fault, None
        return fault

    def _bad(self, why: str) -> str:
        self.fault = self.fault or why
        return "\n"

    def _skip_rest(self, raw: bytes) -> None:
        while raw and not raw.endswith(b"\n"):
            raw = self._stream.readline(LONGEST_LINE)


def _json_rows(lines: _Lines) -> Iterator[Written]:
    for text in lines:
        fault = lines.taken_fault()
        if fault or text.strip():
            yield Written(lines.number, fault=fault) if fault else _json_row(lines.number, text)


def _json_row(line: int, text: str) -> Written:
    try:
        values = json.loads(text, object_pairs_hook=_once)
    except _Twice as twice:
        return Written(line, fault=f'"{twice}" is given twice')
    except (ValueError, RecursionError) as error:
        where = f" at character {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        return Written(line, fault=f"not JSON{where}: each line is one object")
    if not isinstance(values, dict):
        return Written(line, fault='not a JSON object: a row looks like {"prompt": "a fox"}')
    return Written(line, values)


class _Twice(ValueError):
    pass


def _once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    seen: dict[str, object] = {}
    for name, value in pairs:
        if name in seen:
            raise _Twice(name)
        seen[name] = value
    return seen


def _csv_rows(lines: _Lines) -> Iterator[Written]:
    csv.field_size_limit(min(LONGEST_LINE, sys.maxsize))
    reader = csv.reader(lines, strict=True)
    header: list[str] | None = None
    while True:
        line = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Written(line, fault=f"not CSV: {error}")
            continue
        if fault := lines.taken_fault():
            yield Written(line, fault=fault)
        elif not any(cell.strip() for cell in cells):
            continue
        elif header is None:
            header = [cell.strip() for cell in cells]
        elif len(cells) > len(header):
            yield Written(line, fault=f"{len(cells)} cells, and the header has {len(header)}")
        else:
            yield Written(line, _by_column(header, cells))


def _by_column(header: Sequence[str], cells: Sequence[str]) -> dict[str, object]:
    """The filled cells by name; a column that stands there twice gives a list."""
    values: dict[str, object] = {}
    for name, cell in zip(header, cells, strict=False):
        if not cell.strip():
            continue
        before = values.get(name)
        if before is None:
            values[name] = cell
        else:
            values[name] = [*(before if isinstance(before, list) else [before]), cell]
    return values


def _sniffed(stream: BinaryIO) -> str:
    peek = getattr(stream, "peek", None)
    head = (peek(4096) if peek else b"").removeprefix(b"\xef\xbb\xbf").lstrip()
    return JSON_LINES if head.startswith((b"{", b"[")) else CSV


class _TextAsBytes(io.RawIOBase):
    """A text stream that has no bytes below it, read as UTF-8."""

    def __init__(self, text: object) -> None:
        self._text = text
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        if not self._left:
            self._left = self._text.read(8192).encode("utf-8", "surrogateescape")  # type: ignore[attr-defined]
        count = min(len(buffer), len(self._left))
        buffer[:count] = self._left[:count]
        self._left = self._left[count:]
        return count


def _raw(stdin: object) -> io.RawIOBase:
    if stdin is None:
        raise InvalidRequest(
            "there is no standard input to read a manifest from",
            hint="byteplus batch run shots.jsonl",
        )
    buffer = getattr(stdin, "buffer", None)
    raw = getattr(buffer, "raw", None)
    return raw if isinstance(raw, io.RawIOBase) else _TextAsBytes(stdin)
