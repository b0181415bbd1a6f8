"""What a name template may use of a task."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from byteplus_cli.generation import naming

if TYPE_CHECKING:
    from byteplus_cli.generation.entry import Entry
    from byteplus_cli.generation.task import Task


def name_fields(entry: Entry, task: Task | None = None) -> dict[str, object]:
    """The fields of a row of the ledger."""
    return fields_of(
        entry.request,
        id=task.id if task else entry.id,
        prompt=entry.prompt,
        model=entry.model,
        profile=entry.profile,
        created_at=entry.created_at,
        step=entry.step,
        facts=entry.facts,
    )


def fields_of(
    request: Mapping[str, Any],
    *,
    id: str | None,
    prompt: str | None,
    model: str | None,
    profile: str,
    created_at: float,
    step: int | None = None,
    facts: Mapping[str, Any] | None = None,
) -> dict[str, object]:
    """The same of a request that may have no row yet; what the service told goes before it."""
    from datetime import UTC, datetime

    told = {name: value for name, value in (facts or {}).items() if value is not None}
    known: dict[str, Any] = {**request, **told}
    return {
        "id": id,
        "slug": naming.slug(prompt or _portrait(request)),
        "model": model,
        "date": datetime.fromtimestamp(created_at, UTC).strftime("%Y-%m-%d"),
        "profile": profile,
        "index": step or 1,
        "ext": request.get("output_format") or "mp4",
        **{name: known.get(name) for name in ("ratio", "resolution", "duration", "seed")},
    }


def _portrait(request: Mapping[str, Any]) -> str | None:
    """The name of the picture that speaks, for an avatar without a prompt."""
    image = request.get("image")
    path = image.get("path") if isinstance(image, dict) else None
    return PurePath(path).stem if path else None
