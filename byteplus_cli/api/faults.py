"""Every failure of the Ark SDK, turned once into our errors and words."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
from byteplussdkarkruntime._exceptions import (
    ArkAPIConnectionError,
    ArkAPIError,
    ArkAPIStatusError,
    ArkAPITimeoutError,
)

from byteplus_cli.api.words import shorten
from byteplus_cli.errors import (
    AccessDenied,
    ByteplusError,
    Charge,
    InvalidRequest,
    Missing,
    Moderated,
    ServerFault,
    Throttled,
    Unreachable,
    WrongState,
)
from byteplus_cli.generation.retry import parse_retry_after
from byteplus_cli.generation.task import Failure, is_moderation

MODEL_CLOSED = ("ModelNotOpen", "InvalidEndpointOrModel", "UnsupportedModel", "InvalidEndpoint")
OVERDUE = ("AccountOverdue", "ServiceOverdue")
STATUSES = {
    "Authentication": 401,
    "InvalidAccountStatus": 401,
    "AccessDenied": 403,
    "OperationDenied": 403,
    "RateLimit": 429,
    "ModelAccount": 429,
    "APIAccount": 429,
    "AccountRateLimit": 429,
    "RequestBurst": 429,
    "ServerOverloaded": 429,
    "Quota": 429,
    "SetLimit": 429,
    "Inflight": 429,
    "Invalid": 400,
    "Missing": 400,
}
# Raised before a byte of the request could have reached the service.
NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)


def translate(error: ArkAPIError, host: str, *, making: bool) -> ByteplusError:
    """Our error for one of the SDK's; `making` something costs money, a look costs none."""
    told = _told(error, host, making)
    if not making:
        told.charge = None  # and it says nothing of what the task costs
    return told


def _told(error: ArkAPIError, host: str, making: bool) -> ByteplusError:
    if isinstance(error, ArkAPIStatusError):
        return _refusal(error, host, making)
    if isinstance(error, ArkAPIConnectionError):
        return _broken(error, host)
    return ServerFault(f"{host}: {shorten(str(error))}", charge=Charge.UNKNOWN)


def nonsense(
    host: str, response: httpx.Response, what: str, text: str | None = None
) -> ServerFault:
    """The reply of a server, or of a proxy before it, that no client can read."""
    return ServerFault(
        f"{host} answered with {what} (HTTP {response.status_code})",
        details=shorten(response.text if text is None else text) or None,
        code="bad_answer",
        request_id=request_id(response),
        charge=Charge.UNKNOWN if response.request.method == "POST" else None,
    )


def broken_off(error: Exception | None, host: str, request_id: str | None) -> Unreachable:
    """An answer that began and never ended; without an error it just stopped."""
    why = f": {shorten(str(error))}" if error and str(error) else ""
    if isinstance(error, httpx.TimeoutException):
        why = ": it went silent"
    return Unreachable(
        f"the answer of {host} broke off{why}", request_id=request_id, charge=Charge.UNKNOWN
    )


def refused_inside(reason: Failure, request_id: str | None) -> ByteplusError:
    """A failure that came within an answer of success; for what was not made nothing is billed."""
    kind, message, hint = _meaning(_status_of(reason.code), reason.code, "the service")
    if kind is ServerFault:
        message = "the service could not make it"
    return kind(
        message,
        hint=hint,
        details=shorten(reason.message) or None,
        code=reason.code,
        request_id=request_id,
        charge=Charge.NO,
    )


def _status_of(code: str) -> int:
    """The HTTP status that a code would have come with (error code list, 2026-10-08)."""
    for start, status in STATUSES.items():
        if code.startswith(start):
            return status
    return 500


def request_id(response: httpx.Response) -> str | None:
    """The server's own id of the request; the SDK's request_id is made up by the client."""
    named: str | None = response.headers.get("x-request-id")
    return named


def _refusal(error: ArkAPIStatusError, host: str, making: bool) -> ByteplusError:
    status, code = error.status_code, str(error.code or "")
    kind, message, hint = _meaning(status, code, host)
    if making and kind is WrongState:
        kind, message = InvalidRequest, f"the service refused the request (HTTP {status})"
    if making and kind is Missing:
        kind, message = InvalidRequest, "the service finds nothing there (HTTP 404)"
        hint = None if code else f"check base_url: is {host} ModelArk?"
    refused = kind(
        message,
        hint=hint,
        details=_words(error.body),
        code=code or f"http_{status}",
        request_id=request_id(error.response),
        charge=Charge.UNKNOWN if kind is ServerFault and status >= 500 else Charge.NO,
        retry_after=parse_retry_after(error.response.headers.get("retry-after"), time.time()),
    )
    refused.temporary = status in (408, 429) or status >= 500
    return refused


def _meaning(status: int, code: str, host: str) -> tuple[type[ByteplusError], str, str | None]:
    if is_moderation(code):
        return Moderated, "refused by content moderation", "change the prompt or the pictures"
    if any(part in code for part in OVERDUE):
        return Throttled, "the account is overdue", "settle the bill in the BytePlus console"
    if code.startswith(MODEL_CLOSED):
        return (
            AccessDenied,
            "this key cannot use that model",
            "activate the model in the ModelArk console, or choose another with --model",
        )
    if status == 401:
        return AccessDenied, f"{host} does not accept this API key", "byteplus config set api_key"
    if status == 403:
        return AccessDenied, "this key may not do that", "look at the key's permissions"
    if status == 404:
        return Missing, "the server knows no such task", "tasks are kept for 7 days"
    if status == 409:
        return WrongState, "the task's state does not allow that", None
    if status == 429:
        return Throttled, "the service is turning requests away", "wait a little, then try again"
    if 300 <= status < 400:
        return ServerFault, f"{host} redirects elsewhere, which is not followed", "check base_url"
    if status >= 500 or status == 408:
        return ServerFault, f"{host} failed (HTTP {status})", None
    return InvalidRequest, f"the service refused the request (HTTP {status})", None


def _broken(error: ArkAPIConnectionError, host: str) -> Unreachable:
    cause = error.__cause__
    arrived = not isinstance(cause, NEVER_LEFT)
    message, hint = _break_words(error, host)
    broken = Unreachable(
        message,
        hint=hint,
        arrived=arrived,
        charge=Charge.UNKNOWN if arrived else Charge.NO,
    )
    untrusted = any(isinstance(link, ssl.SSLCertVerificationError) for link in _chain(error))
    broken.temporary = not untrusted and not isinstance(cause, httpx.UnsupportedProtocol)
    return broken


def _break_words(error: ArkAPIConnectionError, host: str) -> tuple[str, str | None]:
    causes = list(_chain(error))
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return f"cannot find the host {host}", "check the network, or base_url"
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return f"{host} refuses connections", "check base_url and any proxy setting"
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return (
            f"no trusted connection to {host}: {causes[-1]}",
            "behind a company proxy, SSL_CERT_FILE names its certificates",
        )
    if isinstance(error.__cause__, httpx.UnsupportedProtocol):
        return f"{host or 'base_url'} is not a web address", "base_url starts with https://"
    if isinstance(error.__cause__, httpx.ConnectTimeout):
        return f"{host} does not answer", "check the network and any proxy setting"
    if isinstance(error, ArkAPITimeoutError):
        return f"{host} did not answer in time", None
    reason = str(error.__cause__ or error)
    return f"the connection to {host} broke: {shorten(reason)}", None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _words(body: object) -> str | None:
    if isinstance(body, Mapping):
        inner: Any = body.get("error", body)
        body = inner.get("message") if isinstance(inner, Mapping) else inner
    return shorten(str(body)) if body else None
