"""The object store: hands out what a signed link points to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

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
        file = self._linked(request)
        path = self.shelf.path(file)
        kind, headers = _TYPES[path.suffix], {"etag": shelf.etag(path)}
        if file.cut and self.account.count(file.owner, "downloads") == 1:
            content = path.read_bytes()
            headers["accept-ranges"] = "bytes"
            return broken_off(content[: len(content) // 2], len(content), kind, headers)
        return FileResponse(path, headers=headers, media_type=kind)

    def open(self, request: Request) -> Path:
        """The file itself, which no script breaks off; raises LinkRefused."""
        return self.shelf.path(self._linked(request))

    def _linked(self, request: Request) -> File:
        path = request.scope["path"]
        links.check(path, request.query_params, self.clock(), self.account.secret)
        name = path.removeprefix(shelf.ROOT)
        for find in self.sources:
            if file := find(name):
                return file
        raise LinkRefused(404, "NoSuchKey", "There is no such file.")


def _check_manner(request: Request) -> None:
    # A second credential beside the signature is a fault to an object store, and so is HEAD
    # on a link that was signed for GET (ARKCLI).
    if "authorization" in request.headers:
        raise LinkRefused(400, "InvalidRequest", "The link needs no Authorization header.")
    if request.method == "HEAD":
        raise LinkRefused(403, "SignatureDoesNotMatch", "The link was signed for GET.")
