"""Answers in the service's form: JSON from the API, XML from the object store."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping

from starlette.responses import Response, StreamingResponse
from starlette.types import Message, Send

from byteplus_cli.sandbox.links import LinkRefused
from byteplus_cli.sandbox.refusal import Refusal

JSON = "application/json"
ERROR_CODE = "x-error-code"


def answer(body: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(json.dumps(body).encode(), status, headers, JSON)


def broken_off(sent: bytes, whole: int, kind: str, headers: Mapping[str, str]) -> Response:
    """A body that ends early: the server hangs up before the announced length is reached."""
    return Response(sent, headers={**headers, "content-length": str(whole)}, media_type=kind)


def refused(refusal: Refusal) -> Response:
    headers = {ERROR_CODE: refusal.code}
    if refusal.retry_after is not None:
        headers["retry-after"] = str(refusal.retry_after)
    return answer(refusal.body, refusal.status, headers)


def link_refused(refusal: LinkRefused) -> Response:
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{refusal.code}</Code><Message>{refusal.message}</Message></Error>"
    )
    return Response(body, refusal.status, {ERROR_CODE: refusal.code}, "application/xml")


class EventStream(StreamingResponse):
    """Server-sent events; of a stream that is not `whole` the end is never sent."""

    def __init__(self, events: AsyncIterator[str], *, whole: bool) -> None:
        super().__init__(events, media_type="text/event-stream")
        self.whole = whole

    async def stream_response(self, send: Send) -> None:
        async def send_all_but_an_end(message: Message) -> None:
            if self.whole or message.get("more_body", True):
                await send(message)

        # The server hangs up on a caller whose answer was not ended.
        await super().stream_response(send_all_but_an_end)
