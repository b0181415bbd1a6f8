"""From options to a saved avatar: plan, price, put the inputs where they can be fetched, make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from byteplus_cli.commands import preview, sources
from byteplus_cli.commands.creating import Saving
from byteplus_cli.commands.leaving import accounted
from byteplus_cli.commands.making import see_through
from byteplus_cli.commands.masks import masks_of
from byteplus_cli.commands.planning import check_budget, with_defaults
from byteplus_cli.commands.uploading import removed, uploaded_source
from byteplus_cli.errors import ByteplusError, Interrupted, InvalidRequest
from byteplus_cli.generation.avatar.inputs import speech_source
from byteplus_cli.generation.avatar.model import RECORD_SECONDS, named
from byteplus_cli.generation.avatar.request import AvatarRequest
from byteplus_cli.generation.avatar.rules import check, check_indexes
from byteplus_cli.generation.media import checked_link
from byteplus_cli.generation.prompt import prompt_text
from byteplus_cli.session import Session

SUBMIT = "/?Action=CVSubmitTask&Version=2024-06-06"
# Stands where the masks will be that are only known once the picture was looked at.
MASK_TO_COME = "(mask {})"


def speak(session: Session, options: Mapping[str, Any]) -> None:
    """The whole of `avatar omnihuman`."""
    saving = Saving.chosen(
        session,
        options["output"],
        options["overwrite"],
        options["timeout"],
        keep=options["keep"],
    )
    request = plan_avatar(session, options)
    if options["dry_run"]:
        preview.show(session, [_preview(session, request, saving)], None)
        return
    check_budget(session, request.estimate, options["max_cost"], "a shorter sound")
    indexes = tuple(options["mask_index"] or ())
    with accounted(session, "avatar"):
        request = within_reach(session, request, indexes, keep=saving.keep)
        entry = session.terminal.follow(
            session.avatar_runner.submit(
                request,
                output=saving.template.text,
                in_turn=options["wait"],
                timeout=saving.timeout,
            ),
            doing="submitting",
        )
        see_through(session, str(entry.id), saving, _words(request), wait=options["wait"])


def plan_avatar(session: Session, options: Mapping[str, Any]) -> AvatarRequest:
    """The request that the options describe, its files not uploaded yet; raises InvalidRequest."""
    chosen, _ = with_defaults(session, options, "avatar")
    indexes = tuple(chosen["mask_index"] or ())
    links = tuple(checked_link(url, "--mask-url") for url in chosen["mask_url"] or ())
    if any(";" in link for link in links):
        raise InvalidRequest(
            "--mask-url cannot hold a ;, which the service splits them at", hint="write it as %3B"
        )
    check_indexes(indexes)
    if indexes and links:
        raise InvalidRequest(
            "--mask-index cannot stand with --mask-url", hint="--mask-index alone, or your masks"
        )
    model, prompt = named(chosen["model"]), chosen["prompt"]
    if not model.prompt and options["resolution"] is None:
        chosen["resolution"] = None  # the profile's is for 1.5
    request = AvatarRequest(
        model=model,
        image=sources.portrait(session, chosen["image"], dry=bool(chosen["dry_run"])),
        audio=speech_source(chosen["audio"], "--audio"),
        masks=links or tuple(MASK_TO_COME.format(index) for index in indexes),
        mask_indexes=indexes,
        prompt=prompt_text(prompt, session.around.stdin) if prompt is not None else None,
        seed=chosen["seed"],
        resolution=chosen["resolution"],
        fast=chosen["fast"],
    )
    for warning in check(request):
        session.terminal.warn(warning)
    return request


def within_reach(
    session: Session, request: AvatarRequest, indexes: tuple[int, ...], *, keep: bool
) -> AvatarRequest:
    """The request with links that the service can fetch, and masks of who is to speak."""
    _ = session.avatars  # without keys nothing is to be uploaded
    image = uploaded_source(session, request.image, RECORD_SECONDS, keep=keep)
    audio = uploaded_source(session, request.audio, RECORD_SECONDS, keep=keep)
    try:
        masks = masks_of(session, image.url, indexes) if indexes else request.masks
    except (ByteplusError, Interrupted):
        removed(session, (image, audio))
        raise
    return replace(request, image=image, audio=audio, masks=masks)


def _preview(session: Session, request: AvatarRequest, saving: Saving) -> preview.Preview:
    fields = preview.fields_to_be(session, request.model.id, request.prompt, request.record())
    file = saving.template.name(fields)
    return preview.Preview(SUBMIT, request.body(), request.estimate, (str(file),))


def _words(request: AvatarRequest) -> str:
    length = f"{request.audio.seconds:.1f} s" if request.audio.seconds else None
    lines = f"{request.resolution}p" if request.resolution else None
    parts = [request.model.id, lines, length, request.estimate.words]
    return ", ".join(part for part in parts if part)
