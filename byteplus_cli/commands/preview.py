"""`--dry-run`: what would be sent, what it should cost, and where it would be saved."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Sequence
from typing import Any, NamedTuple

from byteplus_cli.commands.planning import Plan
from byteplus_cli.errors import InvalidRequest
from byteplus_cli.generation.cost import Estimate, total
from byteplus_cli.generation.crop import Crop
from byteplus_cli.generation.fields import fields_of
from byteplus_cli.generation.naming import Template
from byteplus_cli.session import Session
from byteplus_cli.terminal.layout import size

CLIPS = "/contents/generations/tasks"
LONGEST_SHOWN = 200


class Preview(NamedTuple):
    """One request as it would be sent to `path`, and the files that would come of it."""

    path: str
    body: dict[str, Any]
    estimate: Estimate
    files: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    crop: Crop | None = None

    @property
    def document(self) -> dict[str, Any]:
        return {
            "request": shortened(self.body),
            "estimate": estimate_document(self.estimate),
            "file": self.files[0],
            "files": self.files,
            "crop": self.crop._asdict() if self.crop else None,
            "warnings": list(self.warnings),
        }


def of_clip(session: Session, plan: Plan, template: Template, step: int = 1) -> Preview:
    """What is planned for a clip, as number `step` of a chain."""
    request = plan.request
    fields = fields_to_be(session, request.model, request.prompt, request.record(), step)
    file = template.name(fields, mark="draft" if request.draft else None)
    return Preview(CLIPS, request.body(), plan.estimate, (str(file),), plan.warnings, plan.crop)


def show(session: Session, plans: Sequence[Preview], form: str | None) -> None:
    """Print what would be sent; nothing is."""
    if form not in (None, "json", "curl"):
        raise InvalidRequest(f"--as {form} is not a form", hint="--as json or --as curl")
    documents = [plan.document for plan in plans]
    if form == "curl":
        lines = [_curl(session, plan) for plan in plans]
    else:
        lines = [json.dumps(d["request"], ensure_ascii=False, indent=2) for d in documents]
    for plan in plans:
        session.terminal.note(f"{plan.estimate.words}, saved as {', '.join(plan.files)}")
        for taken in filter(os.path.lexists, plan.files):
            session.terminal.note(
                f"there is another {taken}: a number is added without --overwrite"
            )
    head: dict[str, Any] = {"schema": "byteplus.plan/1"}
    if len(plans) == 1:
        document = {**head, **documents[0]}
    else:
        together = total(plan.estimate for plan in plans)
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


def fields_to_be(
    session: Session,
    model: str,
    prompt: str | None,
    record: dict[str, Any],
    step: int | None = None,
) -> dict[str, object]:
    """What a name may use of a request that has no id yet: that stands in braces."""
    fields = fields_of(
        record,
        id="{id}",
        prompt=prompt,
        model=model,
        profile=session.profile.name,
        created_at=session.around.now(),
        step=step,
    )
    return {**fields, "id8": "{id8}"}


def _curl(session: Session, plan: Preview) -> str:
    body = json.dumps(shortened(plan.body), ensure_ascii=False)
    url = str(session.profile.get("base_url")) + plan.path
    return (
        f"curl {shlex.quote(url)} \\\n"
        '  -H "Authorization: Bearer $ARK_API_KEY" \\\n'
        "  -H 'Content-Type: application/json' \\\n"
        f"  -d {shlex.quote(body)}"
    )
