"""The calls of the storage: put, read and delete one object, and delete several at once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from byteplus_cli.sandbox.links import LinkRefused
from byteplus_cli.sandbox.shelf import etag
from byteplus_cli.sandbox.storage import access
from byteplus_cli.sandbox.storage.objects import Object, Objects

ROOT, BUCKET = "/s3", "sandbox"
# S3's own limit of one put, and room enough for its 1000 keys in one delete.
PUT_BYTES, LIST_BYTES = 5 * 1024**3, 2 * 1024**2
# Conditions are judged by no one here but for one, so none may be thought to hold.
_CONDITIONS = ("if-match", "if-none-match", "if-modified-since", "if-unmodified-since")
_XML_SPACE = "http://s3.amazonaws.com/doc/2006-03-01/"


def routes(storage: Storage) -> list[Route]:
    bucket, object = f"{ROOT}/{{bucket}}", f"{ROOT}/{{bucket}}/{{key:path}}"
    return [
        Route(object, storage.read, methods=["GET", "HEAD"]),
        Route(object, storage.put, methods=["PUT"]),
        Route(object, storage.delete, methods=["DELETE"]),
        Route(bucket, storage.delete_several, methods=["POST"]),
        Route(f"{ROOT}/{{rest:path}}", _not_done, methods=["GET", "HEAD", "PUT", "POST", "DELETE"]),
    ]


@dataclass(frozen=True)
class Storage:
    objects: Objects
    clock: Callable[[], float]

    def read(self, request: Request) -> Response:
        found = self._found(request)
        headers = {"etag": etag(found.content), "content-type": found.type}
        return FileResponse(found.content, headers=headers)

    def open(self, request: Request) -> Path:
        """The content itself; raises LinkRefused."""
        return self._found(request).content

    async def put(self, request: Request) -> Response:
        _check_length(request, PUT_BYTES)
        with self.objects.receiving() as path:
            # All of it is read before anything is refused, so that the refusal is heard.
            digest = await _receive(request, path)
            _check_body(self._check(request), digest)
            type = request.headers.get("content-type", "binary/octet-stream")
            kept = self.objects.keep(_key(request), path, type, self.clock())
        return Response(headers={"etag": await run_in_threadpool(etag, kept.content)})

    def delete(self, request: Request) -> Response:
        """Succeeds for what is not there, too."""
        self._check(request)
        self.objects.remove(_key(request))
        return Response(status_code=204)

    async def delete_several(self, request: Request) -> Response:
        _check_length(request, LIST_BYTES)
        body = await request.body()
        _check_body(self._check(request, asks="delete"), hashlib.sha256(body).hexdigest())
        keys = _listed(body)
        for key in keys:
            self.objects.remove(key)
        return Response(_deleted(keys), media_type="application/xml")

    def _found(self, request: Request) -> Object:
        self._check(request)
        found = self.objects.find(_key(request))
        if found is None:
            raise LinkRefused(404, "NoSuchKey", "There is no such object.")
        return found

    def _check(self, request: Request, asks: str | None = None) -> str:
        """What `access.check` gives, once the request is one of those that are done here."""
        signed = access.check(request, self.clock())
        if _place(request)[0] != BUCKET:
            raise LinkRefused(404, "NoSuchBucket", "There is no such bucket.")
        asked = [name for name in request.query_params if not name.startswith("X-Amz-")]
        if asked != ([asks] if asks else []):
            raise _not_allowed()
        self._check_conditions(request)
        return signed

    def _check_conditions(self, request: Request) -> None:
        given = {name: request.headers[name] for name in _CONDITIONS if name in request.headers}
        if request.method == "PUT" and given == {"if-none-match": "*"}:
            if self.objects.find(_key(request)):
                raise LinkRefused(412, "PreconditionFailed", "The object is there already.")
        elif given:
            raise LinkRefused(501, "NotImplemented", f"The sandbox knows no {next(iter(given))}.")


def _key(request: Request) -> str:
    _, key = _place(request)
    if not key:
        raise _not_allowed()
    return key


def _place(request: Request) -> tuple[str, str]:
    """The bucket and the key that a path names."""
    bucket, _, key = str(request.scope["path"]).removeprefix(f"{ROOT}/").partition("/")
    return bucket, key


def _not_done(_: Request) -> Response:
    raise _not_allowed()


def _not_allowed() -> LinkRefused:
    return LinkRefused(405, "MethodNotAllowed", "The storage of the sandbox does not do this.")


def _check_length(request: Request, most: int) -> None:
    length = request.headers.get("content-length")
    if length is None:
        raise LinkRefused(411, "MissingContentLength", "The length of the body is missing.")
    if int(length) > most:
        raise LinkRefused(400, "EntityTooLarge", f"The body is larger than {most} bytes.")


def _check_body(signed: str, digest: str) -> None:
    if signed not in (access.UNSIGNED, digest):
        raise LinkRefused(400, "XAmzContentSHA256Mismatch", "The body is not what was signed.")


async def _receive(request: Request, path: Path) -> str:
    """The SHA-256 of the body, written to a file as it comes."""
    digest = hashlib.sha256()
    with path.open("wb") as file:
        async for chunk in request.stream():
            file.write(chunk)
            digest.update(chunk)
    return digest.hexdigest()


def _listed(body: bytes) -> list[str]:
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        raise LinkRefused(400, "MalformedXML", "The list of keys is not XML.") from error
    return [key.text or "" for key in root.findall("{*}Object/{*}Key")]


def _deleted(keys: list[str]) -> bytes:
    root = ElementTree.Element("DeleteResult", xmlns=_XML_SPACE)
    for key in keys:
        ElementTree.SubElement(ElementTree.SubElement(root, "Deleted"), "Key").text = key
    return bytes(ElementTree.tostring(root, "utf-8", xml_declaration=True))
