"""Pictures on their way: asked for, saved as they come, and told of."""

from __future__ import annotations

from byteplus_cli.commands.picture_ending import finish
from byteplus_cli.commands.picturing import PicturePlan
from byteplus_cli.commands.showing import show
from byteplus_cli.errors import Detached
from byteplus_cli.generation.entry import SavedFile
from byteplus_cli.generation.image.request import ImageRequest
from byteplus_cli.generation.naming import Template
from byteplus_cli.generation.report import image_document, shown_path
from byteplus_cli.session import Session
from byteplus_cli.terminal.layout import size

LAYER_SHOWN = 40


def make(session: Session, plan: PicturePlan, template: Template, *, overwrite: bool) -> None:
    """Ask for pictures and save them; raises what kept any from being there."""
    session.terminal.note(_words(plan))
    steps = session.maker.make(
        plan.request, plan.model, template, overwrite=overwrite, estimate=plan.estimate.usd_text
    )

    def say(file: SavedFile) -> None:
        _say_saved(session, file, plan.request)

    try:
        outcome = session.terminal.follow(steps, doing="sending", tell={SavedFile: say})
    except Detached as stopped:
        if stopped.task_id:
            entry = session.ledger.find(stopped.task_id)
            stopped.document = image_document(entry, session.cwd)
        raise
    finish(session, outcome)


def _words(plan: PicturePlan) -> str:
    request = plan.request
    count = f"up to {request.count} pictures" if request.count > 1 else None
    parts = [request.model, request.size, count, plan.estimate.words]
    return ", ".join(part for part in parts if part)


def _say_saved(session: Session, file: SavedFile, request: ImageRequest) -> None:
    path = shown_path(file.path, session.cwd)
    if not session.terminal.json:
        session.terminal.result([path], files=[path])
    facts = file.facts
    number = f"picture {facts['index']} " if request.most > 1 else ""
    layer = f"({facts['layer'][:LAYER_SHOWN]}) " if facts.get("layer") else ""
    dimensions = f"{facts['width']}x{facts['height']}"
    session.terminal.note(f"{number}{layer}saved, {dimensions}, {size(file.bytes)}")
    for difference in facts.get("differs") or []:
        session.terminal.warn(difference)
    show(session, file.path)
