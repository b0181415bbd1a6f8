"""All that is known of one row of the ledger, as people and programs read it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from byteplus_cli.generation.entry import Entry, SavedFile
from byteplus_cli.generation.history.inputs import CHANGED, GONE, THERE, Input, inputs_of, state_of
from byteplus_cli.generation.image.request import asked_for
from byteplus_cli.generation.report import document_of, link_expires_at, shown_path, timestamp
from byteplus_cli.generation.task import Status
from byteplus_cli.terminal.layout import card, literal, size, span

SHOWN_OF_CHECKSUM = 12
# Prose is folded; a path stays on one line.
PROSE = {"prompt", "differs", "refused", "error"}
LABEL = len("request id") + 2
Fact = tuple[str, str | None]


def card_lines(entry: Entry, now: float, cwd: Path, width: int | None) -> list[str]:
    """A name and a value a line, within a terminal of that width."""
    facts = [*_head(entry, now), *_making(entry), *_money(entry), *_things(entry, now, cwd)]
    return card([line for fact in facts for line in _folded(fact, width)])


def document(entry: Entry, cwd: Path) -> dict[str, Any]:
    """The document of its kind, with what only `history show` looks up."""
    shown = document_of(entry, cwd)
    for one, file in zip(shown["files"], entry.files, strict=True):
        one["state"] = state_of(file.path, file.bytes)
    return {
        **shown,
        "row": entry.row,
        "chain": entry.chain,
        "step": entry.step,
        "draft": entry.is_draft,
        "output": entry.output,
        "inputs": [_input_document(given, cwd) for given in inputs_of(entry)],
        "made_here": bool(entry.request),
        "lost_at": timestamp(entry.lost_at),
        "removed_at": timestamp(entry.removed_at),
    }


def _folded(fact: Fact, width: int | None) -> Iterator[Fact]:
    name, value = fact
    if not value or width is None or name not in PROSE:
        yield fact
        return
    from textwrap import wrap

    room = max(width - LABEL, LABEL)
    for line in wrap(literal(value), room, break_long_words=False, break_on_hyphens=False):
        yield name, line
        name = ""


def _head(entry: Entry, now: float) -> Iterator[Fact]:
    yield "id", entry.id or f"row-{entry.row} (it never got an id)"
    yield "kind", f"{entry.kind}, a draft" if entry.is_draft else entry.kind
    yield "status", entry.status
    yield "model", entry.model
    yield "profile", entry.profile if entry.request else f"{entry.profile}, by another machine"
    yield "prompt", entry.prompt
    yield "made", _when(entry, now)


def _when(entry: Entry, now: float) -> str:
    moment = datetime.fromtimestamp(entry.created_at).strftime("%Y-%m-%d %H:%M:%S")
    took = None if entry.finished_at is None else entry.finished_at - entry.created_at
    lasted = f", in {span(took)}" if took is not None and took >= 0 else ""
    return f"{moment} ({span(now - entry.created_at)} ago){lasted}"


def _making(entry: Entry) -> Iterator[Fact]:
    facts = {**entry.request, **{k: v for k, v in entry.facts.items() if v is not None}}
    if entry.kind == "image":
        most = asked_for(entry.request)
        yield "size", facts.get("size")
        yield "pictures", f"up to {most}" if most > 1 else None
    else:
        seconds, frames = facts.get("duration"), facts.get("frames")
        length = f"{frames} frames" if frames else f"{seconds} s" if seconds else None
        parts = [facts.get("resolution"), facts.get("ratio"), length]
        yield "clip", ", ".join(str(part) for part in parts if part) or None
    yield "seed", None if facts.get("seed") is None else str(facts["seed"])
    yield "chain", f"{entry.chain}, clip {entry.step}" if entry.chain else None


def _money(entry: Entry) -> Iterator[Fact]:
    yield "estimate", f"${entry.estimate}" if entry.estimate else None
    made = entry.status in (Status.SUCCEEDED, Status.INCOMPLETE)
    yield "cost", f"${entry.cost}" if entry.cost else "not known" if made else None
    usage = entry.facts.get("usage") or {}
    tokens = usage.get("completion_tokens") or usage.get("output_tokens")
    yield "tokens", f"{tokens:,}" if tokens else None
    yield "request id", entry.request_id


def _things(entry: Entry, now: float, cwd: Path) -> Iterator[Fact]:
    for given in inputs_of(entry):
        yield "from", _source(given, cwd)
        yield "", _input_words(given)
    for file in entry.files:
        yield "file", shown_path(file.path, cwd)
        yield "", _file_words(file)
        yield from (("differs", words) for words in file.facts.get("differs") or ())
    if not entry.saved and (expires := link_expires_at(entry)):
        yield "link", f"{span(expires - now)} left" if expires > now else "gone"
    for refused in entry.facts.get("refused") or ():
        yield "refused", f"picture {refused['index']}: {refused['message']} ({refused['code']})"
    if entry.error:
        yield "error", f"{entry.error.get('message')} ({entry.error.get('code')})"
    yield "removed", timestamp(entry.removed_at)


def _source(given: Input, cwd: Path) -> str:
    if given.path:
        return shown_path(given.path, cwd)
    return given.made_by or given.url or "data: content"


def _input_words(given: Input) -> str:
    checksum = f"sha256 {given.sha256[:SHOWN_OF_CHECKSUM]}…" if given.sha256 else None
    parts = [given.role.replace("_", " "), checksum, _unless_there(given.state)]
    return ", ".join(part for part in parts if part)


def _file_words(file: SavedFile) -> str:
    facts = file.facts
    dimensions = f"{facts['width']}x{facts['height']}" if facts.get("width") else None
    seconds = f"{facts['seconds']:.1f} s" if facts.get("seconds") else None
    role = None if file.role in ("video", "image") else file.role.replace("_", " ")
    state = _unless_there(state_of(file.path, file.bytes))
    parts = [role, dimensions, seconds, size(file.bytes), state]
    return ", ".join(part for part in parts if part)


def _unless_there(state: str | None) -> str | None:
    """What is to be said of a file, which is nothing where all is as it was."""
    return {CHANGED: "changed since", GONE: "gone"}.get(state or THERE)


def _input_document(given: Input, cwd: Path) -> dict[str, Any]:
    return {
        "role": given.role,
        "path": shown_path(given.path, cwd) if given.path else None,
        "sha256": given.sha256,
        "bytes": given.bytes,
        "url": given.url,
        "made_by": given.made_by,
        "state": given.state,
    }
