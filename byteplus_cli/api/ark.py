"""The connection to ModelArk through the official Ark SDK: each request is sent once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
from byteplussdkarkruntime import Ark
from byteplussdkarkruntime._exceptions import ArkAPIError
from byteplussdkarkruntime._streaming import Stream

from byteplus_cli.api import faults
from byteplus_cli.api.manners import CONNECT, READ, Log
from byteplus_cli.config import is_loopback, mask
from byteplus_cli.errors import ByteplusError, InvalidConfig

# A slow line still carries this many bytes a second, and the service answers after the last one.
SLOWEST_UPLOAD = 50_000
# Not documented; chosen far above what a page of 500 tasks can need.
LARGEST_ANSWER = 32 * 1024 * 1024
PICTURES = "/images/generations"
# Fifteen of the largest pictures, as PNG and in base64, where that is asked for.
LARGEST_PICTURES = 1024 * 1024 * 1024
SHORTEST_KEY = 16


class Connection:
    """Sends a request with the SDK's transport, key and errors, and never repeats it.

    Requests go through the SDK's plain get, post and delete: its typed methods add a null for
    every field that is not set, and hide the response headers (byteplus-python-sdk-v2 3.0.63).
    """

    def __init__(self, *, base_url: str, api_key: str, log: Log | None = None) -> None:
        self.host = urlsplit(base_url).netloc
        self._key = api_key
        try:
            self._ark = Ark(
                base_url=base_url,
                api_key=api_key,
                max_retries=0,
                timeout=httpx.Timeout(READ, connect=CONNECT),
                http_client=_http_client(base_url, log),
            )
        except (ImportError, ValueError, OSError) as error:
            raise InvalidConfig(
                f"the proxy or TLS settings cannot be used: {error}",
                hint="mend HTTPS_PROXY, ALL_PROXY or SSL_CERT_FILE, whichever it is",
            ) from error

    def close(self) -> None:
        self._ark.close()

    def send(
        self, method: str, path: str, *, timeout: httpx.Timeout | None = None, **arguments: Any
    ) -> httpx.Response:
        """The whole answer to one request; raises our error for whatever is not one."""
        options = {"options": {"timeout": timeout}} if timeout else {}
        try:
            response: httpx.Response = getattr(self._ark, method)(
                path, cast_to=httpx.Response, **options, **arguments
            )
        except ArkAPIError as error:
            told = faults.translate(error, self.host, making=method == "post")
            raise self._safe(told) from error
        return response

    def open(self, path: str, body: Mapping[str, Any], timeout: httpx.Timeout) -> httpx.Response:
        """The answer to a POST, of which nothing but the head is read; the caller closes it."""
        return self.send(
            "post", path, body=dict(body), timeout=timeout, stream=True, stream_cls=Stream[object]
        )

    def document(self, response: httpx.Response) -> dict[str, Any]:
        """The JSON object that an answer holds; raises ServerFault."""
        try:
            document = json.loads(self.without_key(response.content.decode(errors="replace")))
        except (ValueError, RecursionError) as error:
            raise self.nonsense(response, "something that is not JSON") from error
        if not isinstance(document, dict):
            raise self.nonsense(response, "JSON of an unknown shape")
        return document

    def nonsense(self, response: httpx.Response, what: str) -> ByteplusError:
        """The error for an answer that no client can read."""
        return self._safe(faults.nonsense(self.host, response, what))

    def nonsense_text(self, response: httpx.Response, text: str) -> ByteplusError:
        """The same for an answer whose text was read piece by piece."""
        what = "a document that is no answer"
        return self._safe(faults.nonsense(self.host, response, what, text))

    def without_key(self, text: str) -> str:
        """Text of the server's that may repeat the key it was sent."""
        # A short key may be part of an id, or of any word.
        if len(self._key) < SHORTEST_KEY:
            return text
        return text.replace(self._key, mask(self._key))

    def _safe(self, error: ByteplusError) -> ByteplusError:
        error.details = error.details and self.without_key(error.details)
        return error


def patience(size: int, read: float = READ) -> httpx.Timeout:
    """How long to wait for the answer to a request: longer, the more characters it carries."""
    return httpx.Timeout(read + size / SLOWEST_UPLOAD, connect=CONNECT)


class _Bounded(httpx.SyncByteStream):
    """The body of an answer, up to a size that no answer has."""

    def __init__(self, body: httpx.SyncByteStream, limit: int) -> None:
        self._body = body
        self._limit = limit

    def __iter__(self) -> Iterator[bytes]:
        left = self._limit
        for piece in self._body:
            left -= len(piece)
            if left < 0:
                raise httpx.ReadError("the answer does not end")
            yield piece

    def close(self) -> None:
        self._body.close()


def _http_client(base_url: str, log: Log | None) -> httpx.Client:
    def announce(response: httpx.Response) -> None:
        assert isinstance(response.stream, httpx.SyncByteStream)  # noqa: S101 - of a sync client
        request = response.request
        pictures = request.url.path.endswith(PICTURES)
        limit = LARGEST_PICTURES if pictures else LARGEST_ANSWER
        response.stream = _Bounded(response.stream, limit)
        if log:
            trace = faults.request_id(response) or "-"
            log(f"{request.method} {request.url} -> {response.status_code}, request id {trace}")

    return httpx.Client(
        # A redirect would turn a POST into a GET, or carry the prompt to another host.
        follow_redirects=False,
        trust_env=not is_loopback(base_url),
        verify=httpx.create_ssl_context(),  # SSL_CERT_FILE counts on loopback too
        event_hooks={"response": [announce]},
    )
