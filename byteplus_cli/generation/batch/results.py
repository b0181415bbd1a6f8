"""What a row came to, as the documents that scripts read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from byteplus_cli.errors import InvalidRequest
from byteplus_cli.generation.batch.progress import Done
from byteplus_cli.generation.entry import Entry
from byteplus_cli.generation.report import document_of

SCHEMA = "byteplus.batch/1"
SAVED = "saved"


def result_document(run: str, done: Done, entry: Entry | None, cwd: Path) -> dict[str, Any]:
    """One finished row, as `byteplus.batch/1`."""
    row, error = done.row, done.error
    document = document_of(entry, cwd) if entry else None
    return {
        "schema": SCHEMA,
        "run": run,
        "row": row.number,
        "line": row.line,
        "name": row.name,
        "kind": row.kind,
        "key": row.key,
        "status": done.outcome,
        "before": done.before,
        "files": [file["path"] for file in document["files"]] if document else [],
        "task": document,
        "error": {
            "code": error.code,
            "message": error.message,
            "details": error.details,
            "hint": error.hint,
        }
        if error
        else None,
    }


def read_results(path: Path) -> Iterator[dict[str, Any]]:
    """The documents of a results file; raises InvalidRequest for any other."""
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip() and (document := _result(path, number, line)):
                    yield document
    except FileNotFoundError:
        raise InvalidRequest(f"{path}: no such file") from None
    except UnicodeDecodeError:
        raise InvalidRequest(f"{path} is not UTF-8 text") from None
    except OSError as error:
        raise InvalidRequest(f"{path} cannot be read: {error.strerror}") from error


def merged(documents: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """One document a row, in the order of the manifest: saved goes before what is not, and the
    later before the earlier."""
    best: dict[str, dict[str, Any]] = {}
    for document in documents:
        before = best.get(document["key"])
        if before is None or before["status"] != SAVED or document["status"] == SAVED:
            best[document["key"]] = document
    return sorted(best.values(), key=lambda document: document["row"])


def _result(path: Path, number: int, line: str) -> dict[str, Any] | None:
    """The result on a line; None for the error that a run with --json may end in."""
    try:
        document = json.loads(line)
    except ValueError:
        document = None
    if isinstance(document, dict):
        if document.get("schema") == SCHEMA and _is_whole(document):
            return document
        if isinstance(document.get("error"), dict) and "key" not in document:
            return None
    raise InvalidRequest(
        f"{path}, line {number}: not a result of a batch",
        hint="results.jsonl is in the folder that batch status names",
    )


def _is_whole(document: dict[str, Any]) -> bool:
    kinds = {"key": str, "status": str, "row": int}
    return all(type(document.get(name)) is kind for name, kind in kinds.items())
