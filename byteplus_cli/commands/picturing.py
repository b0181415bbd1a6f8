"""From options to a request for pictures: planned, priced, and shown or made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from byteplus_cli.commands import preview, sources
from byteplus_cli.commands.creating import chosen_template
from byteplus_cli.commands.planning import blame, check_budget, with_defaults
from byteplus_cli.errors import InvalidRequest
from byteplus_cli.generation.cost import Estimate
from byteplus_cli.generation.image.cost import estimate
from byteplus_cli.generation.image.model import ImageModel
from byteplus_cli.generation.image.names import ENDINGS, picture_name
from byteplus_cli.generation.image.request import ImageRequest
from byteplus_cli.generation.image.rules import check
from byteplus_cli.generation.image.size import chosen_size, in_pixels
from byteplus_cli.generation.naming import Template
from byteplus_cli.generation.prompt import prompt_text
from byteplus_cli.generation.span import parse_extra
from byteplus_cli.generation.target import ensure_plain
from byteplus_cli.session import Session

PICTURES = "/images/generations"
# Of what a set may come to, no more names are shown than fit.
NAMES_SHOWN = 4


class PicturePlan(NamedTuple):
    """A request that may be sent, and what it should cost."""

    request: ImageRequest
    model: ImageModel | None
    estimate: Estimate
    warnings: tuple[str, ...]


def generate(session: Session, options: Mapping[str, Any]) -> None:
    """The whole of `image gen`: plan, and then preview or make."""
    template = chosen_template(session, options["output"])
    plan = plan_pictures(session, options, template)
    _ensure_names(plan.request, template)
    if options["dry_run"] or options["as_"]:
        preview.show(session, [_preview(session, plan, template)], options["as_"])
        return
    check_budget(session, plan.estimate, options["max_cost"], "fewer or smaller pictures")
    from byteplus_cli.commands.picture_making import make

    make(session, plan, template, overwrite=options["overwrite"])


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


def names_to_be(
    session: Session, request: ImageRequest, template: Template, most: int
) -> tuple[Path, ...]:
    """What pictures would be saved as, up to so many."""
    fields = preview.fields_to_be(session, request.model, request.prompt, request.record())
    makes = request.output_format or "jpeg"
    several = request.most > 1
    return tuple(
        picture_name(fields, place, template, ENDINGS.get(makes, makes), several=several)
        for place in range(most)
    )


def _preview(session: Session, plan: PicturePlan, template: Template) -> preview.Preview:
    request = plan.request
    names = map(str, names_to_be(session, request, template, min(request.asked or 1, NAMES_SHOWN)))
    more = request.asked is None or request.asked > NAMES_SHOWN
    files = (*names, "…") if more else tuple(names)
    return preview.Preview(PICTURES, request.body(), plan.estimate, files, plan.warnings)


def _ensure_names(request: ImageRequest, template: Template) -> None:
    """Raises InvalidRequest where an exact name of the set cannot be a file."""
    if template.is_name and request.most > 1:
        for index in range(1, request.most + 1):
            ensure_plain(template.for_several().name({"index": index}))
