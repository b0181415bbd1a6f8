"""Pictures through the official Ark SDK: each is handed on as soon as the service names it."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator, Mapping
from itertools import chain, count
from typing import Any

import httpx

from byteplus_cli.api import faults
from byteplus_cli.api.ark import PICTURES, Connection, patience
from byteplus_cli.api.events import Event, events
from byteplus_cli.api.fields import failure, number, text, usage
from byteplus_cli.generation.image.picture import Finished, Made, Missed, Picture
from byteplus_cli.generation.task import Failure

# The request is answered when a picture is made. How long that may take is not documented;
# chosen, in seconds for each picture that the answer waits for.
READ_A_PICTURE = 180.0
EVENTS = "text/event-stream"
SUCCEEDED, FAILED = "image_generation.partial_succeeded", "image_generation.partial_failed"
COMPLETED, ERROR, END = "image_generation.completed", "error", b"[DONE]"
# A set has 15 pictures at the most; far beyond that a number is nobody's place.
LAST_PLACE = 99


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

    The SDK's own stream ends at the first event with an error, and drops the pictures after it.
    """

    def __init__(self, connection: Connection, response: httpx.Response) -> None:
        self._ark = connection
        self._response = response
        self._places: set[int] = set()
        self.request_id = faults.request_id(response)

    def __iter__(self) -> Iterator[Made]:
        """What comes, to its end; raises what the answer ends with if that is no good end."""
        try:
            pieces = self._response.iter_bytes()
            first = next((piece for piece in pieces if piece.strip()), b"")
            whole = chain([first], pieces)
            yield from self._events(whole) if self._is_stream(first) else self._document(whole)
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise faults.broken_off(error, self._ark.host, self.request_id) from error
        finally:
            self.close()

    def close(self) -> None:
        self._response.close()

    def _is_stream(self, first: bytes) -> bool:
        kind = self._response.headers.get("content-type", "").lower()
        plain = first.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[", b"<", b"")
        return kind.startswith(EVENTS) or not plain

    def _document(self, pieces: Iterator[bytes]) -> Iterator[Made]:
        came, broken = _all_that_comes(pieces)
        read = self._ark.without_key(came.decode("utf-8-sig", errors="replace"))
        try:
            document = json.loads(read)
        except (ValueError, RecursionError):
            # What is whole in an answer that was cut is made, and paid for.
            for item in _whole_items(read):
                yield self._picture(item, len(self._places))
            raise (broken or self._ark.nonsense_text(self._response, read)) from broken
        items = document.get("data") if isinstance(document, dict) else None
        for item in items if isinstance(items, list) else ():
            yield self._picture(item, len(self._places))
        if isinstance(document, dict) and (reason := failure(document.get("error"))):
            raise faults.refused_inside(reason, self.request_id)
        if not items or not isinstance(items, list):
            raise self._ark.nonsense_text(self._response, read)
        yield Finished(usage(document.get("usage")))

    def _events(self, pieces: Iterator[bytes]) -> Iterator[Made]:
        """After its bill a stream may end in any way: nothing is missing from it."""
        ended = False
        try:
            for event in events(pieces):
                if event.data.strip().startswith(END):
                    ended = True
                    break
                for made in self._read(event):
                    ended = ended or isinstance(made, Finished)
                    yield made
        except (httpx.HTTPError, httpx.StreamError):
            if not ended:
                raise
        if not ended:
            raise faults.broken_off(None, self._ark.host, self.request_id)

    def _read(self, event: Event) -> Iterator[Made]:
        """What one event tells; raises the failure of the whole request."""
        try:
            document = json.loads(self._ark.without_key(event.data.decode(errors="replace")))
        except (ValueError, RecursionError):
            document = None
        if not isinstance(document, dict):
            yield Missed(None, Failure("bad_answer", "an event that cannot be read"))
            return
        kind = document.get("type") or event.name
        if kind == COMPLETED:
            yield Finished(usage(document.get("usage")))
        elif kind == ERROR:
            reason = failure(document.get("error")) or failure(document)
            raise faults.refused_inside(reason or Failure("unknown", ""), self.request_id)
        elif kind in (SUCCEEDED, FAILED):
            yield self._picture(document, number(document.get("image_index")))

    def _picture(self, item: object, place: int | None) -> Picture | Missed:
        place = self._free(place)
        if not isinstance(item, dict):
            return Missed(place, Failure("bad_answer", "what stands for it cannot be read"))
        url, packed = text(item.get("url")), text(item.get("b64_json"))
        if url is None and packed is None:
            nothing = Failure("no_picture", "the service names no picture")
            return Missed(place, failure(item.get("error")) or nothing)
        content = None
        if packed and (content := _unpacked(packed)) is None and url is None:
            return Missed(place, Failure("bad_answer", "its base64 is broken"))
        layer = text(item.get("name")) if number(item.get("z_index")) is not None else None
        return Picture(place, url, content, _size(item.get("size")), layer)

    def _free(self, place: int | None) -> int:
        """The place that a picture has, or one of its own if that is no place or taken."""
        if place is None or not 0 <= place <= LAST_PLACE or place in self._places:
            place = next(free for free in count() if free not in self._places)
        self._places.add(place)
        return place


def _all_that_comes(pieces: Iterator[bytes]) -> tuple[bytes, Exception | None]:
    """The bytes up to the end, and what broke them off."""
    came: list[bytes] = []
    try:
        came.extend(pieces)
    except (httpx.HTTPError, httpx.StreamError) as error:
        return b"".join(came), error
    return b"".join(came), None


def _whole_items(read: str) -> Iterator[object]:
    """The items of `data` that are whole in a document that is not."""
    _, mark, rest = read.partition('"data"')
    position = rest.find("[") + 1
    decoder = json.JSONDecoder()
    while mark and position:
        while rest[position : position + 1] in (" ", "\n", "\t", "\r", ","):
            position += 1
        try:
            item, position = decoder.raw_decode(rest, position)
        except (ValueError, RecursionError):
            return
        yield item


def _expected(body: Mapping[str, Any]) -> int:
    """How many pictures the answer to a request may wait for."""
    options = body.get("sequential_image_generation_options")
    most = number(options.get("max_images")) if isinstance(options, dict) else None
    return max(1, most or 1)


def _unpacked(packed: str) -> bytes | None:
    try:
        return b64decode(packed, validate=True)
    except ValueError:
        return None


def _size(value: object) -> tuple[int, int] | None:
    width, _, height = (text(value) or "").lower().partition("x")
    if width.isdecimal() and height.isdecimal() and len(width + height) < 12:
        return int(width), int(height)
    return None
