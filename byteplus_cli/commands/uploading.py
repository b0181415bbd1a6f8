"""Inputs that the service has to fetch by itself: a local file is out of its reach."""

from __future__ import annotations

from collections.abc import Iterable

from byteplus_cli.errors import InvalidRequest
from byteplus_cli.generation.media import Source
from byteplus_cli.session import Session


def uploaded_source(session: Session, source: Source, seconds: int) -> Source:
    """A link to an input that works for so many seconds; raises InvalidRequest for a file."""
    if source.to_upload:
        raise InvalidRequest(
            f"{source.path} is a local file, and the service takes links only",
            hint="give an https:// link to it",
        )
    return source


def removed(session: Session, sources: Iterable[Source]) -> None:
    """Take uploads away again; links of the user's are not ours to remove."""
