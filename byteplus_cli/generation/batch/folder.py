"""A run's folder: its checked rows, what they came to, and the sign that it is at work."""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import IO, Any

from byteplus_cli.errors import ByteplusError, Missing, WrongState
from byteplus_cli.generation.batch.row import Row
from byteplus_cli.generation.database import LedgerError
from byteplus_cli.generation.filelock import lock

RUNS = "batch"
OLD_SECONDS = 86_400  # no check takes a day
ROWS, RESULTS, ABOUT, AT_WORK = "rows.jsonl", "results.jsonl", "run.json", "lock"


class RowsFile:
    """The checked rows of a manifest, each found again by its place in the file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def _file(self) -> IO[bytes]:
        """Opened for the first row: some systems rename no file that is open."""
        return self.path.open("rb")

    def at(self, offset: int) -> Row:
        self._file.seek(offset)
        return Row.from_json(self._file.readline())

    def __iter__(self) -> Iterator[tuple[int, Row]]:
        """Each row and its place."""
        with self.path.open("rb") as file:
            offset = 0
            for line in file:
                yield offset, Row.from_json(line)
                offset += len(line)

    def close(self) -> None:
        if "_file" in self.__dict__:
            self._file.close()


@dataclass
class Draft:
    """Rows that are being checked, and belong to no run until all of them are right."""

    path: Path
    file: IO[bytes]

    @classmethod
    def begin(cls, state: Path) -> Draft:
        folder = state / RUNS
        path = folder / f".{secrets.token_hex(6)}"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _drop_old(folder)
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        except OSError as error:
            raise _unusable(folder, error) from error
        return cls(path, os.fdopen(handle, "wb"))

    def add(self, row: Row) -> None:
        try:
            self.file.write(row.to_json().encode("utf-8", "surrogatepass") + b"\n")
        except OSError as error:
            raise _unusable(self.path.parent, error) from error

    def finished(self) -> RowsFile:
        self.file.close()
        return RowsFile(self.path)

    def drop(self) -> None:
        self.file.close()
        with suppress(OSError):
            self.path.unlink()


@dataclass
class Run:
    """One run: a manifest as it was checked, with its options, on this machine."""

    path: Path
    _results: IO[bytes] | None = None
    _told: dict[int, tuple[str, str | None]] = field(default_factory=dict)
    _lock: int = -1

    @property
    def id(self) -> str:
        return self.path.name

    @property
    def results(self) -> Path:
        return self.path / RESULTS

    @classmethod
    def take(cls, state: Path, id: str, rows: Path, about: Mapping[str, Any]) -> Run:
        """The run of that id, for this process alone; raises WrongState while another has it."""
        run = cls(state / RUNS / id)
        try:
            run.path.mkdir(mode=0o700, exist_ok=True)
            run._lock = os.open(run.path / AT_WORK, os.O_CREAT | os.O_RDWR, 0o600)
            if not lock(run._lock):
                raise WrongState(
                    f"{id} is at work in another process", hint=f"byteplus batch status {id}"
                )
            if not (run.path / ABOUT).exists():
                _write(run.path / ABOUT, about)
            rows.replace(run.path / ROWS)
            run._open_results()
        except OSError as error:
            raise _unusable(run.path, error) from error
        return run

    def record(self, number: int, outcome: str, document: Mapping[str, Any]) -> None:
        """Add what a row came to, unless that stands there already."""
        told = (outcome, _task_id(document))
        if self._told.get(number) == told:
            return
        self._told[number] = told
        line = json.dumps(document, ensure_ascii=False).encode("utf-8", "backslashreplace")
        if self._results:
            with suppress(OSError):  # the ledger knows it, and the next run adds it
                self._results.write(line + b"\n")
                self._results.flush()

    def close(self) -> None:
        if self._results:
            self._results.close()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def is_at_work(self) -> bool:
        """Whether a process has this run now."""
        try:
            handle = os.open(self.path / AT_WORK, os.O_RDWR)
        except OSError:
            return False
        try:
            return not lock(handle)
        finally:
            os.close(handle)

    def about(self) -> dict[str, Any]:
        """What the run was begun as."""
        try:
            return dict(json.loads((self.path / ABOUT).read_text("utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise ByteplusError(f"{self.path / ABOUT} cannot be read: {error}") from error

    def rows(self) -> RowsFile:
        return RowsFile(self.path / ROWS)

    def _open_results(self) -> None:
        handle = os.open(self.results, os.O_CREAT | os.O_RDWR, 0o600)
        self._results = os.fdopen(handle, "r+b")
        whole = 0
        for line in self._results:
            if not line.endswith(b"\n"):
                break  # a run was killed while it wrote
            whole += len(line)
            with suppress(ValueError, KeyError, TypeError):
                told = json.loads(line)
                self._told[told["row"]] = (told["status"], _task_id(told))
        self._results.seek(whole)
        self._results.truncate()


def runs(state: Path) -> list[Run]:
    """Every run of this machine, the latest first."""
    folders = [
        path
        for path in (state / RUNS).glob("[!.]*")
        if (path / ABOUT).exists() and (path / ROWS).exists()
    ]
    folders.sort(key=lambda path: (path / ROWS).stat().st_mtime, reverse=True)
    return [Run(path) for path in folders]


def found(state: Path, name: str) -> Run:
    """The run of that id, or the latest of a manifest of that name; raises Missing."""
    known = runs(state)
    for run in known:
        if name == run.id:
            return run
    names = (name, str(Path(name).absolute()))
    for run in known:
        with suppress(ByteplusError):  # a damaged one hides no other
            if run.about().get("manifest") in names:
                return run
    hint = f"the latest is {known[0].id}" if known else "byteplus batch run shots.jsonl"
    raise Missing(f"this machine knows no batch run {name}", hint=hint)


def _write(path: Path, document: Mapping[str, Any]) -> None:
    part = path.with_suffix(".part")
    part.write_text(json.dumps(document, ensure_ascii=False, indent=2), "utf-8")
    part.replace(path)


def _task_id(document: Mapping[str, Any]) -> str | None:
    """The task that a result is about."""
    task = document.get("task")
    return task.get("id") if isinstance(task, dict) else None


def _drop_old(folder: Path) -> None:
    """Remove what a check that was killed left behind."""
    for path in folder.glob(".*"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > OLD_SECONDS:
                path.unlink()


def _unusable(folder: Path, error: OSError) -> LedgerError:
    return LedgerError(
        f"{folder} cannot be used: {error.strerror}",
        hint="nothing was sent; BYTEPLUS_STATE_DIR moves it to another folder",
    )
