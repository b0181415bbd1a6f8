"""Who can speak in a picture: the masks that the service finds, by size."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from byteplus_cli.commands import sources
from byteplus_cli.commands.creating import chosen_template
from byteplus_cli.commands.uploading import removed, uploaded_source
from byteplus_cli.errors import InvalidRequest, NotSaved
from byteplus_cli.generation import clip
from byteplus_cli.generation.avatar.model import RECORD_SECONDS
from byteplus_cli.generation.download import Saved, download
from byteplus_cli.generation.naming import Template, slug
from byteplus_cli.generation.report import shown_path
from byteplus_cli.session import Session

NAME = "{slug}-mask-{index}.{ext}"


def masks_of(session: Session, image_url: str, indexes: Sequence[int]) -> tuple[str, ...]:
    """The links to the masks with these numbers; raises InvalidRequest if there are not so many."""
    found = session.avatars.subjects(image_url)
    for index in indexes:
        if index >= len(found):
            raise InvalidRequest(
                f"--mask-index {index}: the picture has {_count(len(found))}",
                hint="0 is the largest; byteplus avatar subjects --image FILE shows them",
            )
    return tuple(found[index] for index in indexes)


def show_subjects(session: Session, image: str, output: str | None) -> None:
    """Save and describe the mask of each subject."""
    template = chosen_template(session, output) if output else Template(NAME)
    source = sources.portrait(session, image, dry=False)
    reachable = uploaded_source(session, source, RECORD_SECONDS)
    try:
        links = session.avatars.subjects(reachable.url)
    finally:
        removed(session, [reachable])
    name = Path(source.path or "picture").stem
    items = [_saved(session, link, template, name, index) for index, link in enumerate(links)]
    if not items:
        session.terminal.note("nobody in this picture can speak")
    lines = [item["path"] for item in items]
    document = {"schema": "byteplus.subjects/1", "items": items}
    session.terminal.result(lines, document, files=lines)


def _saved(
    session: Session, link: str, template: Template, name: str, index: int
) -> dict[str, Any]:
    fields = {"slug": slug(name), "index": index, "ext": "png", "id": f"mask-{index}"}
    target = template.for_several().name(fields)
    try:
        saved: Saved[clip.Picture] = session.terminal.follow(
            download(link, target, check=clip.picture, sleep=session.around.sleep), doing="saving"
        )
    except NotSaved as error:
        error.charge = None
        raise
    share = clip.brightness(saved.path)
    session.terminal.note(f"subject {index}: {share:.0%} of the picture")
    return {
        "index": index,
        "path": shown_path(saved.path, session.cwd),
        "share": round(share, 3),
        "width": saved.content.width,
        "height": saved.content.height,
    }


def _count(number: int) -> str:
    return {0: "nobody who can speak", 1: "one subject"}.get(number, f"{number} subjects")
