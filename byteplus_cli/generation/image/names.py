"""The names of pictures: of one, or of each of a set."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from byteplus_cli.generation.naming import Template, slug

# How people end the names of files that hold a format.
ENDINGS = {"jpeg": "jpg", "tiff": "tif"}


def picture_name(
    fields: Mapping[str, object],
    place: int,
    template: Template,
    ending: str,
    layer: str | None = None,
    *,
    several: bool,
) -> Path:
    """The name of one picture; `place` counts from 0, and `several` may come of the request."""
    # More may come than were asked for, and each is to have a name of its own.
    chosen = template.for_several() if several or place > 0 else template
    # The service named the layer, and must not choose where a file goes.
    mark = slug(layer) if layer else None
    return chosen.name({**fields, "index": place + 1, "ext": ending}, mark=mark)
