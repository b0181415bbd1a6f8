"""The line to a host, looked at with nothing secret on it: proxy, name, certificate, clock."""

from __future__ import annotations

import os
import socket
import ssl
from base64 import b64encode
from collections.abc import Callable
from contextlib import closing, suppress
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, NamedTuple, TypeVar
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from byteplus_cli.api.aside import aside
from byteplus_cli.api.words import shorten
from byteplus_cli.config import is_loopback
from byteplus_cli.errors import ByteplusError, InvalidConfig, Unreachable

T = TypeVar("T")
SECONDS = 5.0
# OpenSSL's X509_V_FLAG_NO_CHECK_TIME, which the ssl module does not name.
_AT_ANY_TIME = ssl.VerifyFlags(0x200000)
OUT_OF_TIME = (9, 10)  # X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED


class Certificate(NamedTuple):
    """Who vouches for a host, and until when (Unix seconds)."""

    issuer: str
    until: float


class Untrusted(Unreachable):
    """A certificate that is not trusted; `by_date` if only its time is wrong."""

    def __init__(self, message: str, *, by_date: bool) -> None:
        super().__init__(message, arrived=False)
        self.by_date = by_date


def proxy_of(url: str) -> str | None:
    """The proxy that leads to a host by the environment of this process; None if it is direct."""
    if is_loopback(url):
        return None
    parts, proxies = urlsplit(url), getproxies()
    if proxy_bypass(parts.netloc.rpartition("@")[2]):
        return None
    named = proxies.get(parts.scheme) or proxies.get("all")
    return named if named is None or "://" in named else f"http://{named}"


def shown_proxy(proxy: str) -> str:
    """A proxy without the login that may stand in it."""
    scheme, _, rest = proxy.partition("://")
    login, at, place = rest.rpartition("@")
    return f"{scheme}://{'****@' if login or at else ''}{place.rstrip('/')}"


def can_look_through(proxy: str | None) -> bool:
    """Whether a look can go the way that requests go."""
    return proxy is None or proxy.lower().startswith("http://")


def addresses(url: str, proxy: str | None) -> list[str]:
    """What the name of the host, or of the proxy before it, stands for; raises Unreachable."""
    host, port = _door(proxy or url)
    try:
        found = aside(lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM), SECONDS)
    except TimeoutError as error:
        raise Unreachable(f"nobody told within {SECONDS:.0f} s where {host} is") from error
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"cannot find the host {host}") from error
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def certificate(url: str, proxy: str | None) -> Certificate | None:
    """The one that the host shows, if it is trusted; None where nothing is encrypted.

    Raises Untrusted, and Unreachable.
    """
    return _bounded(proxy or url, lambda: _greeted(url, proxy, _trust(url)))


def server_time(url: str, proxy: str | None) -> float | None:
    """What the host's clock shows (Unix seconds), asked without any key; raises Unreachable."""
    said = _bounded(proxy or url, lambda: _date(url, proxy, _trust(url)))
    with suppress(TypeError, ValueError):
        return parsedate_to_datetime(said or "").timestamp()
    return None


def _bounded(first: str, act: Callable[[], T]) -> T:
    """What `act` gives in time; what keeps it from that is told of the first host on the way."""
    host, port = _door(first)
    try:
        return aside(act, SECONDS)
    except ByteplusError:
        raise
    except ConnectionRefusedError as error:
        raise Unreachable(f"{host}:{port} refuses connections") from error
    except TimeoutError as error:
        raise Unreachable(f"{host}:{port} did not answer within {SECONDS:.0f} s") from error
    except (OSError, HTTPException, ValueError) as error:
        raise Unreachable(f"no connection to {host}:{port}: {shorten(str(error))}") from error


def _greeted(url: str, proxy: str | None, trust: ssl.SSLContext | None) -> Certificate | None:
    try:
        with closing(_line(url, proxy, trust)) as line:
            line.connect()
            return _read(line.sock)
    except ssl.SSLCertVerificationError as error:
        shown = _unproven(url, proxy)
        seen = f"; it is from {shown.issuer}" if shown else ""
        raise Untrusted(
            f"the certificate of {_door(url)[0]} is not trusted: {error.verify_message}{seen}",
            by_date=error.verify_code in OUT_OF_TIME,
        ) from error


def _date(url: str, proxy: str | None, trust: ssl.SSLContext | None) -> str | None:
    parts = urlsplit(url)
    path = url if proxy and trust is None else parts.path or "/"
    with closing(_line(url, proxy, trust)) as line:
        line.request("HEAD", path, headers={"User-Agent": "byteplus-cli"})
        return line.getresponse().headers.get("Date")


def _line(url: str, proxy: str | None, trust: ssl.SSLContext | None) -> HTTPConnection:
    """A connection that is not open yet, the way that requests go."""
    host, port = _door(proxy or url)
    if trust is None:
        return HTTPConnection(host, port, timeout=SECONDS)
    line = HTTPSConnection(host, port, timeout=SECONDS, context=trust)
    if proxy:
        line.set_tunnel(*_door(url), headers=_login(proxy))
    return line


def _login(proxy: str) -> dict[str, str]:
    """The proxy's own login, which goes to it alone."""
    parts = urlsplit(proxy)
    if parts.username is None:
        return {}
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return {"Proxy-Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


def _door(url: str) -> tuple[str, int]:
    """Host and port of an address; raises InvalidConfig if it is none."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    except (KeyError, ValueError) as error:
        raise InvalidConfig(f"{shown_proxy(url)} is not a web address") from error
    if not parts.hostname:
        raise InvalidConfig(f"{shown_proxy(url)} is not a web address")
    return parts.hostname, port


def _trust(url: str) -> ssl.SSLContext | None:
    """Whom requests trust as well; None where nothing is encrypted. Raises InvalidConfig."""
    if urlsplit(url).scheme != "https":
        return None
    import httpx

    try:
        return httpx.create_ssl_context()
    except OSError as error:
        named = "SSL_CERT_FILE" if os.environ.get("SSL_CERT_FILE") else "SSL_CERT_DIR"
        raise InvalidConfig(
            f"{named} names {os.environ.get(named)}, which holds no certificates",
        ) from error


def _read(sock: socket.socket) -> Certificate | None:
    if not isinstance(sock, ssl.SSLSocket):
        return None
    shown = sock.getpeercert() or {}
    issued: Any = shown.get("issuer", ())
    names = {name: value for part in issued for name, value in part}
    issuer = names.get("organizationName") or names.get("commonName") or "an unnamed issuer"
    return Certificate(str(issuer), ssl.cert_time_to_seconds(str(shown["notAfter"])))


def _unproven(url: str, proxy: str | None) -> Certificate | None:
    """What an untrusted certificate says of itself. Nothing is sent on these two connections.

    The ssl module reads only a certificate that it trusts, so the second trusts exactly that one.
    """
    blind = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    blind.check_hostname, blind.verify_mode = False, ssl.CERT_NONE
    with suppress(OSError, HTTPException, ValueError):
        with closing(_line(url, proxy, blind)) as line:
            line.connect()
            assert isinstance(line.sock, ssl.SSLSocket)  # noqa: S101 - of an HTTPSConnection
            shown = line.sock.getpeercert(binary_form=True) or b""
        reading = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        reading.check_hostname = False
        reading.load_verify_locations(cadata=shown)
        reading.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | _AT_ANY_TIME
        with closing(_line(url, proxy, reading)) as line:
            line.connect()
            return _read(line.sock)
    return None
