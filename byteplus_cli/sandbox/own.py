"""Following a link that leads to the sandbox itself, without a network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from starlette.requests import Request

from byteplus_cli.sandbox.links import LinkRefused

# The file that a request asks for; raises LinkRefused.
Open = Callable[[Request], Path]


@dataclass(frozen=True)
class Own:
    """`stores` are what opens a link, by how its path begins."""

    stores: Mapping[str, Open]

    def find(self, url: str) -> Path | None:
        """The file behind a link that was signed here; None for any other: the web is never asked.

        The port of a link does not matter, since a sandbox changes ports.
        """
        request = _get(url)
        for start, open in self.stores.items():
            if request.scope["path"].startswith(start):
                return _opened(request, open)
        return None


def _opened(request: Request, open: Open) -> Path | None:
    try:
        return open(request)
    except LinkRefused:
        return None


def _get(url: str) -> Request:
    """The request that following the link would be."""
    parts = urlsplit(url)
    return Request(
        {
            "type": "http",
            "method": "GET",
            "scheme": "http",
            "path": unquote(parts.path),
            "raw_path": parts.path.encode(errors="replace"),
            "query_string": parts.query.encode(errors="replace"),
            "headers": [(b"host", parts.netloc.encode(errors="replace"))],
        }
    )
