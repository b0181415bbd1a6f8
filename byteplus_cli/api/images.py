"""Pictures through the official Ark SDK: each is handed on as soon as the service names it."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
from byteplussdkarkruntime._streaming import SSEDecoder

from byteplus_cli.api import faults
from byteplus_cli.api.ark import PICTURES, Connection, patience
from byteplus_cli.api.fields import failure, number, text, usage
from byteplus_cli.errors import ServerFault
from byteplus_cli.generation.image.picture import Finished, Made, Picture, Refused
from byteplus_cli.generation.task import Failure

# The request is answered when a picture is made. How long that may take is not documented;
# chosen, in seconds for each picture that the answer waits for.
READ_A_PICTURE = 180.0
EVENTS = "text/event-stream"
SUCCEEDED, FAILED = "image_generation.partial_succeeded", "image_generation.partial_failed"
COMPLETED, ERROR, END = "image_generation.completed", "error", "[DONE]"


class Images:
    """The image endpoint. The request is sent once and never repeated."""

    def __init__(self, connection: Connection) -> None:
        self._ark = connection

    def generate(self, body: Mapping[str, Any]) -> Answer:
        """Ask for pictures. Raises Unreachable or ServerFault when it may have been accepted."""
        carried = sum(len(str(value)) for value in body.values())
        read = READ_A_PICTURE * (1 if body.get("stream") else _expected(body))
        return Answer(self._ark, self._ark.open(PICTURES, body, patience(carried, read)))


class Answer:
    """Events or one JSON document, whichever the server sends, read as they arrive.

    The SDK's own stream ends at the first event with an error, and drops the pictures after it
    (byteplus-python-sdk-v2 3.0.63); only its decoder of events is used.
    """

    def __init__(self, connection: Connection, response: httpx.Response) -> None:
        self._ark = connection
        self._response = response
        self.request_id = faults.request_id(response)

    def __iter__(self) -> Iterator[Made]:
        kind = self._response.headers.get("content-type", "")
        try:
            yield from self._events() if kind.startswith(EVENTS) else self._document()
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise faults.broken_off(error, self._ark.host, self.request_id) from error
        except UnicodeDecodeError as error:
            raise self._nonsense("events that are not UTF-8") from error
        finally:
            self.close()

    def close(self) -> None:
        self._response.close()

    def _document(self) -> Iterator[Made]:
        self._response.read()
        document = self._ark.document(self._response)
        items = document.get("data")
        for place, item in enumerate(items if isinstance(items, list) else []):
            yield self._picture(item, place)
        if reason := failure(document.get("error")):
            raise self._failed(reason)
        if not items:
            raise self._ark.nonsense(self._response, "no picture and no reason")
        yield Finished(usage(document.get("usage")))

    def _events(self) -> Iterator[Made]:
        counted, ended = Finished(), False
        for event in SSEDecoder().iter_bytes(self._response.iter_bytes()):
            if event.data.startswith(END):
                ended = True
                break
            document = self._parsed(event.data)
            kind = document.get("type") or event.event
            if kind == COMPLETED:
                counted, ended = Finished(usage(document.get("usage"))), True
            elif kind == ERROR:
                raise self._failed(failure(document.get("error")) or Failure("unknown", ""))
            elif kind in (SUCCEEDED, FAILED):
                yield self._picture(document, number(document.get("image_index")) or 0)
        if not ended:
            raise faults.broken_off(None, self._ark.host, self.request_id)
        yield counted

    def _parsed(self, data: str) -> dict[str, Any]:
        try:
            document = json.loads(self._ark.without_key(data))
        except (ValueError, RecursionError) as error:
            raise self._nonsense("an event that is not JSON") from error
        if not isinstance(document, dict):
            raise self._nonsense("an event of an unknown shape")
        return document

    def _picture(self, item: object, place: int) -> Picture | Refused:
        if not isinstance(item, dict):
            raise self._nonsense("a picture of an unknown shape")
        if reason := failure(item.get("error")):
            return Refused(place, reason)
        url, packed = text(item.get("url")), text(item.get("b64_json"))
        if url is None and packed is None:
            return Refused(place, Failure("no_picture", "the service names no picture"))
        content = self._unpacked(packed) if packed else None
        layer = text(item.get("name")) if number(item.get("z_index")) is not None else None
        return Picture(place, url, content, _size(item.get("size")), layer)

    def _unpacked(self, packed: str) -> bytes:
        try:
            return b64decode(packed, validate=True)
        except ValueError as error:
            raise self._nonsense("a picture that is not base64") from error

    def _nonsense(self, what: str) -> ServerFault:
        return faults.unreadable(self._ark.host, what, self.request_id)

    def _failed(self, reason: Failure) -> Exception:
        return faults.refused_inside(reason, self.request_id)


def _expected(body: Mapping[str, Any]) -> int:
    """How many pictures the answer to a request may wait for."""
    options = body.get("sequential_image_generation_options")
    most = number(options.get("max_images")) if isinstance(options, dict) else None
    return max(1, most or 1)


def _size(value: object) -> tuple[int, int] | None:
    width, _, height = (text(value) or "").lower().partition("x")
    if width.isdecimal() and height.isdecimal() and len(width + height) < 12:
        return int(width), int(height)
    return None
