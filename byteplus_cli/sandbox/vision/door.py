"""The door of the Vision API: every call is a signed POST to the root, its action in the query."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from byteplus_cli.sandbox.refusal import Refusal
from byteplus_cli.sandbox.replies import answer
from byteplus_cli.sandbox.requests import parse_body, read_body
from byteplus_cli.sandbox.vision import gateway
from byteplus_cli.sandbox.vision.calls import Call, Calls
from byteplus_cli.sandbox.vision.refusal import GatewayBroken, GatewayRefusal, VisionRefusal, bad

SUCCESS = 10000


@dataclass(frozen=True)
class Door:
    calls: Calls
    clock: Callable[[], float]

    async def call(self, request: Request) -> Response:
        if request.method != "POST":
            raise HTTPException(404)
        began, id = time.perf_counter(), uuid4().hex
        try:
            data = await self._data(request)
        except GatewayRefusal as refusal:
            return answer(gateway.metadata(request, id, refusal), refusal.status)
        except GatewayBroken:
            return HTMLResponse("<html><body><h1>502 Bad Gateway</h1></body></html>", 502)
        except VisionRefusal as refusal:
            envelope = _envelope(refusal.code, refusal.message, None, id, began)
            return answer(envelope, refusal.status)
        return answer(_envelope(SUCCESS, "Success", data, id, began))

    async def _data(self, request: Request) -> object:
        try:
            raw = await read_body(request)
            gateway.check(request, raw, self.clock())
            return await self._called(request)(request, parse_body(raw))
        except Refusal as error:
            raise bad(error.message) from error

    def _called(self, request: Request) -> Call:
        query = request.query_params
        call = self.calls.named(query.get("Action", ""))
        if call is None or query.get("Version") != gateway.VERSION:
            message = f"there is no such action in version {gateway.VERSION}"
            raise GatewayRefusal("InvalidActionOrVersion", message)
        return call


def _envelope(
    code: int, message: str, data: object, request_id: str, began: float
) -> dict[str, object]:
    # `status` means nothing here, and `data` is null where the code is an error's (VIS-CN15).
    return {
        "code": code,
        "message": message,
        "data": data,
        "request_id": request_id,
        "status": code,
        "time_elapsed": f"{(time.perf_counter() - began) * 1000:.3f}ms",
    }
