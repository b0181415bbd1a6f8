"""`--dry-run`: what would be sent, what it should cost, and where it would be saved."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from byteplus_cli.commands.planning import Plan
from byteplus_cli.errors import InvalidRequest
from byteplus_cli.generation.cost import Estimate
from byteplus_cli.generation.naming import Template, slug
from byteplus_cli.generation.video import VideoRequest
from byteplus_cli.session import Session
from byteplus_cli.terminal.layout import size

PATH = "/contents/generations/tasks"
LONGEST_SHOWN = 200


def show(session: Session, plans: Sequence[Plan], template: Template, form: str | None) -> None:
    """Print the plan of one or several clips; nothing is sent."""
    if form not in (None, "json", "curl"):
        raise InvalidRequest(f"--as {form} is not a form", hint="--as json or --as curl")
    documents = [_document(session, plan, template) for plan in plans]
    if form == "curl":
        lines = [_curl(session, plan.request) for plan in plans]
    else:
        lines = [json.dumps(d["request"], ensure_ascii=False, indent=2) for d in documents]
    for plan, document in zip(plans, documents, strict=True):
        session.terminal.note(f"{plan.estimate.words}, saved as {document['file']}")
    session.terminal.note("dry run: nothing was sent")
    head = {"schema": "byteplus.plan/1"}
    several = {**head, "items": documents}
    session.terminal.result(lines, {**head, **documents[0]} if len(plans) == 1 else several)


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


def _document(session: Session, plan: Plan, template: Template) -> dict[str, Any]:
    return {
        "request": shortened(plan.request.body()),
        "estimate": estimate_document(plan.estimate),
        "file": str(_name(session, plan.request, template)),
        "crop": asdict(plan.crop) if plan.crop else None,
        "warnings": list(plan.warnings),
    }


def _name(session: Session, request: VideoRequest, template: Template) -> Any:
    """The name as far as it is known before the service has named the task."""
    from datetime import UTC, datetime

    fields: dict[str, object] = {
        "id": "{id}",
        "id8": "{id8}",
        "slug": slug(request.prompt),
        "model": request.model,
        "date": datetime.fromtimestamp(session.around.now(), UTC).strftime("%Y-%m-%d"),
        "profile": session.profile.name,
        "index": 1,
        "ext": request.output_format or "mp4",
        "ratio": request.ratio,
        "resolution": request.resolution,
        "duration": request.duration,
        "seed": request.seed,
    }
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
