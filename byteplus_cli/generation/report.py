"""The JSON documents that describe tasks; fields are added within a version, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from byteplus_cli.generation.entry import Entry, SavedFile
from byteplus_cli.generation.task import Status

# A signed link lives 24 hours from completion (official documentation, 2026-10-08).
LINK_SECONDS = 24 * 3600
# That of an avatar lives for one (VIS-CN15).
AVATAR_LINK_SECONDS = 3600
# A draft can be finished for seven days (official documentation, 2026-10-08).
DRAFT_SECONDS = 7 * 86_400


def task_document(entry: Entry, cwd: Path) -> dict[str, Any]:
    """One task, as `byteplus.task/1`."""
    facts = entry.facts or {}
    return {
        "schema": "byteplus.task/1",
        **_head(entry),
        "files": [_file_document(file, cwd) for file in entry.files],
        "seed": _first(facts.get("seed"), entry.request.get("seed")),
        "resolution": _first(facts.get("resolution"), entry.request.get("resolution")),
        "ratio": _first(facts.get("ratio"), entry.request.get("ratio")),
        "duration": _first(facts.get("duration"), entry.request.get("duration")),
        "frames": _first(facts.get("frames"), entry.request.get("frames")),
        **_tail(entry),
    }


def image_document(entry: Entry, cwd: Path) -> dict[str, Any]:
    """One request for pictures, as `byteplus.image/1`."""
    return {
        "schema": "byteplus.image/1",
        **_head(entry),
        "files": [_picture_document(file, cwd) for file in entry.files],
        "refused": entry.facts.get("refused") or [],
        "size": entry.request.get("size"),
        **_tail(entry),
    }


def _head(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "kind": entry.kind,
        "status": entry.status,
        "profile": entry.profile,
        "model": entry.model,
        "prompt": entry.prompt,
        "created_at": timestamp(entry.created_at),
        "finished_at": timestamp(entry.finished_at),
        "link_expires_at": timestamp(link_expires_at(entry)),
    }


def _tail(entry: Entry) -> dict[str, Any]:
    return {
        "usage": (entry.facts or {}).get("usage") or None,
        "cost": {"estimated_usd": entry.estimate, "actual_usd": entry.cost},
        "error": dict(entry.error) if entry.error else None,
        "request_id": entry.request_id,
    }


def document_of(entry: Entry, cwd: Path) -> dict[str, Any]:
    """What one row of the ledger stands for, of whatever kind."""
    return image_document(entry, cwd) if entry.kind == "image" else task_document(entry, cwd)


def tasks_document(entries: Sequence[Entry], cwd: Path) -> dict[str, Any]:
    """Several tasks, as `byteplus.tasks/1`."""
    return {
        "schema": "byteplus.tasks/1",
        "items": [document_of(entry, cwd) for entry in entries],
    }


def link_expires_at(entry: Entry) -> float | None:
    """When the first link to what is finished dies (Unix seconds); None if there is none."""
    if entry.kind == "image":
        return min((p.expires_at for p in entry.pictures if p.expires_at), default=None)
    if entry.status != Status.SUCCEEDED or entry.finished_at is None:
        return None
    return entry.finished_at + link_seconds(entry.kind)


def link_seconds(kind: str) -> int:
    """How long a link to something finished lives."""
    return AVATAR_LINK_SECONDS if kind == "avatar" else LINK_SECONDS


def draft_seconds_left(entry: Entry, now: float) -> float:
    """How long a draft can still be finished; zero when it no longer can."""
    return max(0.0, entry.created_at + DRAFT_SECONDS - now)


def shown_path(path: Path, cwd: Path) -> str:
    """A path as the user would type it from here."""
    if path.is_absolute() and path.is_relative_to(cwd):
        return str(path.relative_to(cwd))
    return str(path)


def timestamp(moment: float | None) -> str | None:
    """RFC 3339 in UTC, to the second."""
    if moment is None:
        return None
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _file_document(file: SavedFile, cwd: Path) -> dict[str, Any]:
    return {
        "path": shown_path(file.path, cwd),
        "role": file.role,
        "bytes": file.bytes,
        "sha256": file.sha256,
        "width": file.facts.get("width"),
        "height": file.facts.get("height"),
        "seconds": file.facts.get("seconds"),
        "fps": file.facts.get("fps"),
        "differs": file.facts.get("differs") or [],
    }


def _picture_document(file: SavedFile, cwd: Path) -> dict[str, Any]:
    names = ("index", "layer", "width", "height", "format")
    return {
        "path": shown_path(file.path, cwd),
        "role": file.role,
        **{name: file.facts.get(name) for name in names},
        "bytes": file.bytes,
        "sha256": file.sha256,
        "differs": file.facts.get("differs") or [],
    }


def _first(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)
