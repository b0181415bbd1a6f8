"""The object store: hands out what a signed link points to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from byteplus_cli.sandbox import links, shelf
from byteplus_cli.sandbox.account import Account
from byteplus_cli.sandbox.links import LinkRefused
from byteplus_cli.sandbox.replies import broken_off
from byteplus_cli.sandbox.shelf import File, Shelf

# The file of that name, if there is one.
Find = Callable[[str], File | None]
_TYPES = {
    ".mp4": "video/mp4",
    ".mov": "video/quicktime",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
}


@dataclass(frozen=True)
class Files:
    """`sources` are where a file is looked for by its name."""

    account: Account
    shelf: Shelf
    sources: Sequence[Find]
    clock: Callable[[], float]

    def get(self, request: Request) -> Response:
        _check_manner(request)
        links.check(request.url.path, request.query_params, self.clock(), self.account.secret)
        file = self._find(request.path_params["name"])
        if file is None:
            raise LinkRefused(404, "NoSuchKey", "There is no such file.")
        path = self.shelf.path(file)
        kind, headers = _TYPES[path.suffix], {"etag": shelf.etag(path)}
        if file.cut and self.account.count(file.owner, "downloads") == 1:
            content = path.read_bytes()
            headers["accept-ranges"] = "bytes"
            return broken_off(content[: len(content) // 2], len(content), kind, headers)
        return FileResponse(path, headers=headers, media_type=kind)

    def linked(self, url: str) -> File | None:
        """What a link leads to, if it is one of the sandbox's own; others are never fetched."""
        path = urlsplit(url).path
        return self._find(path.removeprefix(shelf.ROOT)) if path.startswith(shelf.ROOT) else None

    def _find(self, name: str) -> File | None:
        return next((file for find in self.sources if (file := find(name))), None)


def _check_manner(request: Request) -> None:
    # A second credential beside the signature is a fault to an object store, and so is HEAD
    # on a link that was signed for GET (ARKCLI).
    if "authorization" in request.headers:
        raise LinkRefused(400, "InvalidRequest", "The link needs no Authorization header.")
    if request.method == "HEAD":
        raise LinkRefused(403, "SignatureDoesNotMatch", "The link was signed for GET.")
