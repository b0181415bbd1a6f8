"""From options to saved pictures: plan, price, make, and say what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from byteplus_cli.commands import preview, sources
from byteplus_cli.commands.making import chosen_template
from byteplus_cli.commands.planning import blame, check_budget, with_defaults
from byteplus_cli.errors import Detached, InvalidRequest
from byteplus_cli.generation.cost import Estimate
from byteplus_cli.generation.download import ensure_plain
from byteplus_cli.generation.entry import SavedFile
from byteplus_cli.generation.image.cost import estimate
from byteplus_cli.generation.image.model import ImageModel
from byteplus_cli.generation.image.request import ImageRequest
from byteplus_cli.generation.image.rules import check
from byteplus_cli.generation.image.saving import ENDINGS, name_of
from byteplus_cli.generation.image.size import chosen_size, in_pixels
from byteplus_cli.generation.naming import Template
from byteplus_cli.generation.prompt import prompt_text
from byteplus_cli.generation.report import image_document, shown_path
from byteplus_cli.generation.span import parse_extra
from byteplus_cli.session import Session
from byteplus_cli.terminal.layout import size as size_words

PICTURES = "/images/generations"
# Of what a set may come to, no more names are shown than fit.
NAMES_SHOWN = 4
LAYER_SHOWN = 40


class PicturePlan(NamedTuple):
    """A request that may be sent, and what it should cost."""

    request: ImageRequest
    model: ImageModel | None
    estimate: Estimate
    warnings: tuple[str, ...]


def generate(session: Session, options: Mapping[str, Any]) -> None:
    """The whole of `image gen`: plan, and then preview or make."""
    from byteplus_cli.commands.picture_ending import finish

    template = chosen_template(session, options["output"])
    plan = plan_pictures(session, options, template)
    _ensure_names(plan.request, template)
    if options["dry_run"] or options["as_"]:
        preview.show(session, [_preview(session, plan, template)], options["as_"])
        return
    check_budget(session, plan.estimate, options["max_cost"], "fewer or smaller pictures")
    session.terminal.note(_plan_words(plan))
    thumbnails = options["preview"]
    try:
        outcome = session.terminal.follow(
            session.maker.make(
                plan.request,
                plan.model,
                template,
                overwrite=options["overwrite"],
                estimate=plan.estimate.usd_text,
            ),
            doing="sending",
            tell={SavedFile: lambda file: _say_saved(session, file, plan.request, thumbnails)},
        )
    except Detached as stopped:
        if stopped.task_id:
            entry = session.ledger.find(stopped.task_id)
            stopped.document = image_document(entry, session.cwd)
            words = session.resume_words("rescue")
            stopped.hint = (stopped.hint or "").replace("byteplus rescue", words)
        raise
    finish(session, outcome)


def plan_pictures(session: Session, options: Mapping[str, Any], template: Template) -> PicturePlan:
    """The request that the options describe; raises InvalidRequest."""
    chosen, defaults = with_defaults(session, options, "image")
    found = session.catalogue.image(chosen["model"])
    try:
        request = _fit(_request(session, found.id, found.model, chosen), found.model, template)
        warnings = check(request, found.model)
    except InvalidRequest as error:
        raise blame(error, defaults, session) from error
    told = (found.notice,) if found.notice else ()
    plan = PicturePlan(
        request,
        found.model,
        estimate(request, found.model),
        (*told, *warnings, *_ending_warnings(request, found.model, template)),
    )
    for warning in plan.warnings:
        session.terminal.warn(warning)
    return plan


def _request(
    session: Session, id: str, model: ImageModel | None, chosen: Mapping[str, Any]
) -> ImageRequest:
    prompt, size, ratio = chosen["prompt"], chosen["size"], chosen["ratio"]
    if in_pixels(size) and ratio == session.profile.get("image.ratio"):
        ratio = None  # the exact size was asked for now, the ratio at some time before
    stream = chosen["stream"]
    return ImageRequest(
        model=id,
        prompt=prompt_text(prompt, session.around.stdin) if prompt is not None else None,
        images=tuple(sources.pictures(session, chosen["image"] or (), dry=bool(chosen["dry_run"]))),
        size=chosen_size(size, ratio, model),
        count=chosen["count"],
        stream=bool(model and "stream" in model.can) if stream is None else stream,
        watermark=bool(chosen["watermark"]),
        output_format=chosen["format"] and chosen["format"].lower(),
        seed=chosen["seed"],
        guidance_scale=chosen["guidance_scale"],
        optimize_prompt=chosen["optimize_prompt"],
        web_search=chosen["web_search"],
        transparent=chosen["transparent"],
        layers=chosen["layers"],
        extra=parse_extra(chosen["extra"] or ()),
    )


def _fit(request: ImageRequest, model: ImageModel | None, template: Template) -> ImageRequest:
    """The request with the format that its other parts ask for."""
    if request.output_format is not None:
        return request
    if request.transparent:
        return replace(request, output_format="png")
    named = Path(template.text).suffix.lower()
    if named == ".png" and model and "png" in model.formats:
        return replace(request, output_format="png")
    return request


def _ending_warnings(
    request: ImageRequest, model: ImageModel | None, template: Template
) -> list[str]:
    """Whether a name that the user gave ends otherwise than what it will hold."""
    ending = Path(template.text).suffix.lower()
    if model is None or not template.is_name or request.layers or ending in ("", ".jpg", ".jpeg"):
        return []
    makes = request.output_format or "jpeg"
    if ending == f".{makes}":
        return []
    return [f"{template.text} will hold a {makes} picture: {model.id} makes no other as asked"]


def _preview(session: Session, plan: PicturePlan, template: Template) -> preview.Preview:
    request = plan.request
    entry = preview.entry_to_be(session, "image", request.model, request.prompt, request.record())
    ending = ENDINGS.get(request.output_format or "jpeg", request.output_format or "jpg")
    braces = {"id": "{id}", "id8": "{id8}"}
    names = [
        str(name_of(entry, place, template, ending, known=braces))
        for place in range(min(request.asked or 1, NAMES_SHOWN))
    ]
    more = request.asked is None or request.asked > NAMES_SHOWN
    files = (*names, "…") if more else tuple(names)
    return preview.Preview(PICTURES, request.body(), plan.estimate, files, plan.warnings)


def _ensure_names(request: ImageRequest, template: Template) -> None:
    """Raises InvalidRequest where an exact name of the set cannot be a file."""
    if template.is_name and request.most > 1:
        for index in range(1, request.most + 1):
            ensure_plain(template.for_several().name({"index": index}))


def _plan_words(plan: PicturePlan) -> str:
    request = plan.request
    count = f"up to {request.count} pictures" if request.count > 1 else None
    parts = [request.model, request.size, count, plan.estimate.words]
    return ", ".join(part for part in parts if part)


def _say_saved(session: Session, file: SavedFile, request: ImageRequest, thumbnails: bool) -> None:
    path = shown_path(file.path, session.cwd)
    if not session.terminal.json:
        session.terminal.result([path])
    facts = file.facts
    number = f"picture {facts['index']} " if request.most > 1 else ""
    layer = f"({facts['layer'][:LAYER_SHOWN]}) " if facts.get("layer") else ""
    dimensions = f"{facts['width']}x{facts['height']}"
    session.terminal.note(f"{number}{layer}saved, {dimensions}, {size_words(file.bytes)}")
    for difference in facts.get("differs") or []:
        session.terminal.warn(difference)
    if thumbnails:
        session.terminal.thumbnail(file.path)
