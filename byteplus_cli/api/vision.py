"""The Vision API through the official SDK: each request is sent once, and judged by its body."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from byteplus_sdk.visual.VisualService import VisualService
from requests.adapters import HTTPAdapter

from byteplus_cli.api import vision_faults as faults
from byteplus_cli.api.manners import CONNECT, READ, Log
from byteplus_cli.config import is_loopback, mask
from byteplus_cli.errors import ByteplusError

# What the SDK looks for when it is built; without them it reads another tool's ~/.byteplus.
_SDK_VARIABLES = ("BYTEPLUS_ACCESSKEY", "BYTEPLUS_SECRETKEY")
OK = 10000


@dataclass
class _Exchange:
    """The last answer of a thread, and what went wrong on the way: the SDK throws both away."""

    response: requests.Response | None = None
    trouble: requests.RequestException | None = None


class Vision:
    """Calls of the Vision API. `VisualService` exists once in a process, so this should too.

    Its constructor forgets the keys, its methods give an error's body like a success, and the
    status, headers and cause of a failure are lost (byteplus-sdk 1.0.53): the session under it is
    where they are seen.
    """

    def __init__(
        self, *, url: str, access_key: str, secret_key: str, log: Log | None = None
    ) -> None:
        parts = urlsplit(url)
        self.host = parts.netloc
        self._secrets = (secret_key, access_key)
        self._log = log
        self._seen = threading.local()
        with _away_from_home():
            self._sdk = VisualService()
        self._sdk.set_ak(access_key)
        self._sdk.set_sk(secret_key)
        self._sdk.set_host(parts.netloc)
        self._sdk.set_scheme(parts.scheme)
        self._sdk.service_info.connection_timeout = CONNECT
        self._sdk.service_info.socket_timeout = READ
        self._prepare(self._sdk.session, loopback=is_loopback(url))

    def close(self) -> None:
        self._sdk.session.close()

    def submit(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Start a task; raises Unreachable or ServerFault when it may have been accepted."""
        return self._call("cv_submit_task", body, making=True)

    def result(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Look at a task."""
        return self._call("cv_get_result", body, making=False)

    def cancel(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Cancel a task that is still in the queue."""
        return self._call("cv_cancel_task", body, making=False)

    def process(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """What is answered at once, such as who is in a picture."""
        return self._call("cv_process", body, making=False)

    def _call(self, method: str, body: Mapping[str, Any], *, making: bool) -> dict[str, Any]:
        self._seen.exchange = exchange = _Exchange()
        try:
            # Only an exact dict is signed rightly, and it must not be the caller's.
            reply = getattr(self._sdk, method)(dict(body))
        except Exception as error:
            raise self._told(exchange, error, making) from error
        self._tell(method, exchange)
        if isinstance(reply, dict) and reply.get("code") == OK:
            return reply
        raise self._safe(faults.refusal(reply, exchange.response, self.host, making=making))

    def _told(self, exchange: _Exchange, error: Exception, making: bool) -> ByteplusError:
        self._tell("vision", exchange)
        if exchange.trouble is not None:
            return self._safe(faults.broken(exchange.trouble, self.host, making=making))
        if exchange.response is not None:
            return self._safe(faults.nonsense(exchange.response, self.host, making=making))
        raise error  # nothing was sent: a fault of ours

    def _tell(self, method: str, exchange: _Exchange) -> None:
        if self._log and exchange.response is not None:
            self._log(f"{method} {self.host} -> {exchange.response.status_code}")

    def _prepare(self, session: requests.Session, *, loopback: bool) -> None:
        # With an authentication of its own, requests does not take one out of ~/.netrc.
        session.auth = lambda request: request
        session.trust_env = not loopback
        session.max_redirects = 0
        if bundle := os.environ.get("SSL_CERT_FILE"):
            session.verify = bundle
        for scheme in ("https://", "http://"):
            session.mount(scheme, _Watching(self._seen))

    def _safe(self, error: ByteplusError) -> ByteplusError:
        for secret in self._secrets:
            error.details = error.details and error.details.replace(secret, mask(secret))
        return error


class _Watching(HTTPAdapter):
    """Keeps what the SDK does not tell of an exchange."""

    def __init__(self, seen: threading.local) -> None:
        super().__init__()
        self._watcher = seen

    def send(self, *args: Any, **kwargs: Any) -> requests.Response:
        exchange: _Exchange = self._watcher.exchange
        try:
            exchange.response = super().send(*args, **kwargs)
            # Read here, where a break of the connection still has its own type.
            _ = exchange.response.content
        except requests.RequestException as trouble:
            exchange.trouble = trouble
            raise
        return exchange.response


@contextmanager
def _away_from_home() -> Iterator[None]:
    """Keeps the SDK's constructor from reading a file that is none of ours."""
    before = {name: os.environ.get(name) for name in _SDK_VARIABLES}
    os.environ.update(dict.fromkeys(_SDK_VARIABLES, "-"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
