"""`--dry-run`: what would be sent, what it should cost, and where it would be saved."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from byteplus_cli.commands.planning import Plan
from byteplus_cli.errors import InvalidRequest
from byteplus_cli.generation.cost import Estimate, total
from byteplus_cli.generation.entry import Entry
from byteplus_cli.generation.naming import Template
from byteplus_cli.generation.saving import name_fields
from byteplus_cli.generation.task import Status
from byteplus_cli.generation.video import VideoRequest
from byteplus_cli.session import Session
from byteplus_cli.terminal.layout import size

PATH = "/contents/generations/tasks"
LONGEST_SHOWN = 200


def show(session: Session, plans: Mapping[int, Plan], template: Template, form: str | None) -> None:
    """Print the plan of one or several clips, by their numbers; nothing is sent."""
    if form not in (None, "json", "curl"):
        raise InvalidRequest(f"--as {form} is not a form", hint="--as json or --as curl")
    documents = [_document(session, plan, template, step) for step, plan in plans.items()]
    if form == "curl":
        lines = [_curl(session, plan.request) for plan in plans.values()]
    else:
        lines = [json.dumps(d["request"], ensure_ascii=False, indent=2) for d in documents]
    for plan, document in zip(plans.values(), documents, strict=True):
        session.terminal.note(f"{plan.estimate.words}, saved as {document['file']}")
    head: dict[str, Any] = {"schema": "byteplus.plan/1"}
    if len(documents) == 1:
        document = {**head, **documents[0]}
    else:
        together = total(plan.estimate for plan in plans.values())
        session.terminal.note(f"{together.words} for all {len(plans)}")
        document = {**head, "items": documents, "estimate": estimate_document(together)}
    session.terminal.note("dry run: nothing was sent")
    session.terminal.result(lines, document)


def shortened(value: Any) -> Any:
    """A request as it may be shown: embedded media as its type and size."""
    if isinstance(value, dict):
        return {key: shortened(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shortened(item) for item in value]
    if isinstance(value, str) and value.startswith("data:") and len(value) > LONGEST_SHOWN:
        head, _, content = value.partition(",")
        return f"{head},… ({size(len(content) * 3 // 4)})"
    return value


def estimate_document(estimate: Estimate) -> dict[str, Any]:
    """An estimate for scripts: money as text, null for what is not known."""
    return {
        "tokens_low": estimate.tokens_low,
        "tokens_high": estimate.tokens_high,
        "usd_low": estimate.low_text,
        "usd_high": estimate.high_text,
    }


def _document(session: Session, plan: Plan, template: Template, step: int) -> dict[str, Any]:
    return {
        "request": shortened(plan.request.body()),
        "estimate": estimate_document(plan.estimate),
        "file": str(_name(session, plan.request, template, step)),
        "crop": asdict(plan.crop) if plan.crop else None,
        "warnings": list(plan.warnings),
    }


def _name(session: Session, request: VideoRequest, template: Template, step: int) -> Path:
    """The name as far as it is known before the service has named the task."""
    entry = Entry(
        row=0,
        id=None,
        kind="video",
        profile=session.profile.name,
        model=request.model,
        prompt=request.prompt,
        status=Status.SUBMITTING,
        request=request.record(),
        created_at=session.around.now(),
        step=step,
    )
    fields = {**name_fields(entry), "id": "{id}", "id8": "{id8}"}
    return template.name(fields, mark="draft" if request.draft else None)


def _curl(session: Session, request: VideoRequest) -> str:
    body = json.dumps(shortened(request.body()), ensure_ascii=False)
    url = str(session.profile.get("base_url")) + PATH
    return (
        f"curl {shlex.quote(url)} \\\n"
        '  -H "Authorization: Bearer $ARK_API_KEY" \\\n'
        "  -H 'Content-Type: application/json' \\\n"
        f"  -d {shlex.quote(body)}"
    )
