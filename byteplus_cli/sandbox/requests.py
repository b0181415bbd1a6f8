"""What every API request has to bring: a key, and a body of JSON that is not too large."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request

from byteplus_cli.sandbox.refusal import Refusal

BODY_BYTES = 64 * 1024 * 1024
# Beyond this an oversized body is not read to its end, so that nobody can keep us reading.
_READ_BYTES = 4 * BODY_BYTES


def check_key(request: Request) -> None:
    """Any key opens the sandbox, but for one that starts with `bad`."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    key = key.strip()
    if scheme.lower() != "bearer" or not key or key.startswith("bad"):
        raise Refusal(401, "AuthenticationError", "the API key is missing or invalid")


async def read_body(request: Request) -> bytes:
    """The body; one that is too large is read and dropped, so that the refusal is heard."""
    kept, size = bytearray(), 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= BODY_BYTES:
            kept += chunk
        if size > _READ_BYTES:
            break
    if size > BODY_BYTES:
        raise Refusal(413, "RequestEntityTooLarge", "the body is larger than 64 MB")
    return bytes(kept)


def host(request: Request) -> str:
    """Where links lead to: where the asker found us, since the port changes between runs."""
    return request.headers.get("host", "")


def parse_body(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Refusal(400, "InvalidParameter", "the body is not JSON") from error
    if not isinstance(body, dict):
        raise Refusal(400, "InvalidParameter", "the body has to be a JSON object")
    return body


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
