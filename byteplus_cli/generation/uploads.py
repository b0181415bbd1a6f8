"""What was put into storage for a task, and whether any task needs it still."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from byteplus_cli.generation.entry import Entry
from byteplus_cli.generation.ledger import Ledger
from byteplus_cli.generation.media import STORAGE_KEY
from byteplus_cli.generation.report import DRAFT_SECONDS
from byteplus_cli.generation.task import FINISHED, Status

# How long a task waits at most where its request does not say (REV265, 2026-10-08).
WAITING_SECONDS = 172_800
# One that begins in its last moment still has to fetch its inputs.
GRACE_SECONDS = 3_600
_OVER = FINISHED | {Status.REFUSED}


def needed_seconds(request: Mapping[str, Any]) -> int:
    """For how long a task may need its inputs after it was asked for."""
    if request.get("draft"):
        # Whether a final fetches the inputs of its draft once more is not documented.
        return DRAFT_SECONDS
    expires = request.get("execution_expires_after")
    return (expires if isinstance(expires, int) else WAITING_SECONDS) + GRACE_SECONDS


def done_with(entry: Entry, ledger: Ledger, now: float) -> list[str]:
    """The keys that nobody needs any more once a task is saved; a draft's wait for its final."""
    if entry.is_draft:
        return []
    rows = _with_its_draft(entry, ledger)
    keys = (key for row in rows for key in _keys(row.request, kept=False))
    return unneeded(keys, ledger, now, besides={row.row for row in rows})


def unneeded(
    keys: Iterable[str], ledger: Ledger, now: float, besides: Collection[int] = ()
) -> list[str]:
    """Those of the keys that no task needs, whatever the rows `besides` say."""
    return [
        key
        for key in dict.fromkeys(keys)
        if not any(_needs(row, key, now) for row in ledger.naming(key) if row.row not in besides)
    ]


def forget(entry: Entry, keys: Collection[str], ledger: Ledger) -> None:
    """Write down that those are not in storage any more."""
    for row in _with_its_draft(entry, ledger):
        ledger.rewrite(row.row, _without(row.request, keys))


def _with_its_draft(entry: Entry, ledger: Ledger) -> list[Entry]:
    for item in entry.request.get("content") or ():
        if item.get("type") == "draft_task" and (draft := ledger.known(item["draft_task"]["id"])):
            return [entry, draft]
    return [entry]


def _needs(entry: Entry, key: str, now: float) -> bool:
    if key not in _keys(entry.request, kept=False):
        return key in _keys(entry.request)
    if now > entry.created_at + needed_seconds(entry.request):
        return False
    return entry.status not in _OVER or (entry.is_draft and entry.status == Status.SUCCEEDED)


def _keys(request: Any, *, kept: bool = True) -> Iterator[str]:
    """The keys that a request names; those that are to stay as well, or not."""
    if isinstance(request, Mapping):
        if STORAGE_KEY in request and (kept or not request.get("keep")):
            yield str(request[STORAGE_KEY])
        request = list(request.values())
    if isinstance(request, list):
        for value in request:
            yield from _keys(value, kept=kept)


def _without(request: Any, keys: Collection[str]) -> Any:
    if isinstance(request, list):
        return [_without(value, keys) for value in request]
    if not isinstance(request, Mapping):
        return request
    stored = (STORAGE_KEY, "keep") if request.get(STORAGE_KEY) in keys else ()
    return {name: _without(value, keys) for name, value in request.items() if name not in stored}
