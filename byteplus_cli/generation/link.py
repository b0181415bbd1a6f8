"""A GET of one link without any credential, and what the server says it sends."""

from __future__ import annotations

import ipaddress
import os
import re
import socket
import time
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from byteplus_cli.errors import Missing
from byteplus_cli.generation.retry import parse_retry_after

if TYPE_CHECKING:  # slow to load, and only needed once something is fetched
    from email.message import Message
    from http.client import HTTPResponse
    from ssl import SSLContext
    from urllib.request import OpenerDirector

MAX_REDIRECTS = 5

_PLACE = re.compile(r"bytes (?:(\d{1,18})-\d{1,18}|\*)/(\d{1,18})")


class LinkExpired(Missing):
    """The link gives no file any more; a fresh link to the same file resumes it."""

    default_code = "link_expired"


class Broken(Exception):
    """A try that failed, and why; another may do better unless it is `final`."""

    def __init__(
        self,
        reason: str,
        *,
        final: bool = False,
        hint: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(reason)
        self.final = final
        self.hint = hint
        self.retry_after = retry_after


@dataclass(frozen=True)
class Body:
    """What the server says of the bytes that follow: the first one's place, and of what."""

    start: int
    total: int | None
    validator: str

    @classmethod
    def of(cls, response: HTTPResponse, asked: str) -> Body:
        """Raises LinkExpired, and Broken if the answer is not the file."""
        headers, status = response.headers, response.status
        if status in (403, 404, 410):
            raise LinkExpired(f"the link has expired or its file is gone (HTTP {status})")
        if status not in (200, 206, 416):
            wait = parse_retry_after(headers.get("Retry-After"), time.time())
            final = 400 <= status < 500 and status not in (408, 425, 429)
            raise Broken(f"the server answered HTTP {status}", final=final, retry_after=wait)
        if status == 200:
            _check_kind(headers)
            return cls(0, response.length, _validator(headers))
        place = _PLACE.fullmatch(headers.get("Content-Range", ""))
        if not place or (status == 416 and not asked):
            return cls(-1, None, "")
        total = int(place[2])
        if status == 206:
            _check_kind(headers)
            return cls(int(place[1] or -1), total, _validator(headers))
        # If-Range went with the question, so this refusal is about the content we have.
        return cls(total, total, asked)


def get(url: str, headers: dict[str, str], idle: float) -> HTTPResponse:
    """The answer to a GET without any credential; raises Broken."""
    try:
        return _followed(url, headers, idle)
    except ValueError as error:  # what cannot be parsed as an address, or sent as one
        raise Broken("the link is not a plain web address", final=True) from error


def _followed(url: str, headers: dict[str, str], idle: float) -> HTTPResponse:
    local = is_local(url)
    for _ in range(MAX_REDIRECTS + 1):
        response = _open(url, headers, idle, local)
        location = response.headers.get("Location")
        if response.status not in (301, 302, 303, 307, 308) or not location:
            return response
        response.close()
        before, url = url, urljoin(url, location)
        if urlsplit(before).scheme == "https" and urlsplit(url).scheme == "http":
            raise Broken("the link leads from https to an unprotected address", final=True)
    raise Broken(f"the link was redirected more than {MAX_REDIRECTS} times", final=True)


def _open(url: str, headers: dict[str, str], idle: float, local: bool) -> HTTPResponse:
    from http.client import HTTPException
    from urllib import request

    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise ValueError(parts.scheme)
    proxies = {} if is_local(url) else request.getproxies()
    headers = {**headers, "Accept-Encoding": "identity", "User-Agent": "byteplus-cli"}
    proxied = parts.scheme in proxies and not request.proxy_bypass(parts.netloc)
    asked = request.Request(url, headers=headers)
    try:
        if not local:
            _refuse_inside(url, resolve=not proxied)
        answer: HTTPResponse = plain_opener(url, proxies).open(asked, timeout=idle)
    except (OSError, HTTPException) as error:
        raise unreachable(url, error) from error
    return answer


def plain_opener(url: str, proxies: dict[str, str]) -> OpenerDirector:
    """Sends http and https requests alone; every status is an answer, and none is followed."""
    from urllib import request

    trust = None
    if urlsplit(url).scheme == "https":
        trust = _trusted(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))
    # With no other handlers no other scheme is known.
    opener = request.OpenerDirector()
    for handler in (
        request.ProxyHandler(proxies),
        request.HTTPHandler(),
        request.HTTPSHandler(context=trust),
    ):
        opener.add_handler(handler)
    return opener


@cache
def _trusted(*_: str | None) -> SSLContext:
    """Whom to trust by these variables; reading a system's certificates takes 35 ms each time."""
    import ssl

    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context


def unreachable(url: str, error: Exception) -> Broken:
    """What to say of a server that gave no answer."""
    from ssl import SSLCertVerificationError
    from urllib.error import URLError

    host = urlsplit(url).hostname
    cause = error.reason if isinstance(error, URLError) else error
    if isinstance(cause, SSLCertVerificationError):
        return Broken(
            f"the certificate of {host} is not trusted: {cause.verify_message}",
            final=True,
            hint="set SSL_CERT_FILE to the certificates of your network, then try again",
        )
    if isinstance(cause, TimeoutError):
        return Broken(f"{host} did not answer in time")
    words = getattr(cause, "strerror", None) or " ".join(str(cause).split())[:100]
    return Broken(f"cannot reach {host}: {words}")


def _refuse_inside(url: str, *, resolve: bool) -> None:
    """Raise Broken for an address inside a private network: no file of the service is there."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or parts.scheme
    flags = 0 if resolve else socket.AI_NUMERICHOST
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
    except socket.gaierror:
        if resolve:
            raise
        found = []  # the proxy will resolve the name
    if is_local(url) or any(_is_inside(str(address[0])) for *_, address in found):
        raise Broken(f"the link leads to {host}, inside a private network", final=True)


def _is_inside(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    ip = getattr(ip, "ipv4_mapped", None) or ip
    # Tunnelling proxies answer every name with an address of this block and route it on.
    return not ip.is_global and ip not in ipaddress.ip_network("198.18.0.0/15")


def is_local(url: str) -> bool:
    """Whether an address is on this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _check_kind(headers: Message) -> None:
    encoding = headers.get("Content-Encoding", "identity").lower()
    if encoding != "identity":
        raise Broken(f"the server sent the file packed ({encoding})")
    kind = headers.get_content_type()
    if kind in ("text/html", "application/json") or kind.endswith("xml"):
        raise Broken(f"the server sent a page ({kind}) in place of the file")


def _validator(headers: Message) -> str:
    """What names exactly this content: a strong ETag, else its date; empty if there is neither."""
    for value in (headers.get("ETag", ""), headers.get("Last-Modified", "")):
        # It becomes part of a file name, where there is room for so much.
        fits = 0 < len(value) <= 64 and value.isascii() and value.isprintable()
        if fits and not value.startswith("W/"):
            return value
    return ""
