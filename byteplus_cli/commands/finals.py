"""The full clip of a draft: what the draft was, and what may still be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from byteplus_cli.commands.looking import task_id
from byteplus_cli.commands.planning import FIELDS, Plan, seconds
from byteplus_cli.errors import InvalidRequest, Missing, WrongState
from byteplus_cli.generation.cost import estimate
from byteplus_cli.generation.entry import Entry
from byteplus_cli.generation.report import draft_seconds_left
from byteplus_cli.generation.rules import check
from byteplus_cli.generation.span import parse_extra
from byteplus_cli.generation.video import VideoRequest
from byteplus_cli.session import Session

# The only resolution of a final (REV265, 2026-10-08).
FINAL_RESOLUTION = "1080p"


def plan_final(session: Session, name: str, options: Mapping[str, Any]) -> Plan:
    """The request for a draft's full clip. Everything else stays as the draft has it: the
    service refuses it when it is sent again, even unchanged."""
    id = task_id(session, name, "video")
    draft = _finished_draft(session, id)
    chosen = {field: options[option] for option, field in FIELDS.items() if option in options}
    model = session.catalogue.known_video(str(draft.model))
    request = VideoRequest(
        model=str(draft.model),
        prompt=draft.prompt,
        draft_task=id,
        execution_expires_after=seconds(options["expires_after"]),
        extra=parse_extra(options["extra"] or ()),
        **chosen,
    )
    if request.resolution not in (None, FINAL_RESOLUTION):
        raise InvalidRequest(
            f"--resolution {request.resolution}: a final is {FINAL_RESOLUTION}",
            hint=f"--resolution {FINAL_RESOLUTION}, or leave it out",
        )
    warnings = check(request, model)
    facts = draft.facts
    as_billed = VideoRequest(
        model=request.model,
        resolution=FINAL_RESOLUTION,
        ratio=facts.get("ratio"),
        duration=None if facts.get("frames") else facts.get("duration"),
        frames=facts.get("frames"),
        generate_audio=facts.get("audio"),
    )
    return Plan(request, estimate(as_billed, model), tuple(warnings))


def _finished_draft(session: Session, id: str) -> Entry:
    known = session.ledger.known(id)
    if known and known.is_draft and not draft_seconds_left(known, session.around.now()):
        raise Missing(
            f"draft {id} is older than 7 days and cannot be finished any more",
            hint="byteplus video draft makes it again",
            task_id=id,
        )
    task = session.runner.look(id)
    if not task.succeeded:
        wait = None if task.finished else session.resume_words(f"video get {id} --wait")
        raise WrongState(
            f"draft {id} is {task.status}, not finished",
            hint=wait or "byteplus video draft makes another",
            task_id=id,
        )
    entry = session.ledger.find(id)
    if not entry.is_draft:
        raise WrongState(
            f"{id} is not a draft but a full clip already",
            hint=session.resume_words(f"video get {id}"),
            task_id=id,
        )
    return entry
