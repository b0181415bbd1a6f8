"""A POST to somebody's own server: no key goes with it, and no redirect is followed."""

from __future__ import annotations

from urllib.parse import urlsplit

from byteplus_cli.errors import InvalidRequest
from byteplus_cli.generation.link import Broken, is_local, plain_opener, unreachable

# How long the service waits for an answer (REV265, 2026-10-08).
PATIENCE = 5.0


def checked_address(option: str, url: str) -> str:
    """`url` if something can be sent there; raises InvalidRequest."""
    try:
        parts = urlsplit(url)
        right = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        right = False
    if not right or not (url.isascii() and url.isprintable()) or " " in url:
        raise InvalidRequest(
            f"{option} {url} is not an http or https address",
            hint=f"{option} http://localhost:3000/hook",
        )
    if parts.username is not None:
        raise InvalidRequest(
            f"{option}: no name and password are sent from within an address",
            hint="a word in its path or query can keep strangers out",
        )
    return url


def shown(url: str) -> str:
    """An address without its query, in which secrets are."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path}"


def post(url: str, body: bytes, content_type: str) -> int:
    """The HTTP status with which the address answers; raises Broken."""
    from http.client import HTTPException
    from urllib import request

    headers = {"Content-Type": content_type, "User-Agent": "byteplus-cli"}
    asked = request.Request(url, data=body, headers=headers, method="POST")
    proxies = {} if is_local(url) else request.getproxies()
    try:
        with plain_opener(url, proxies).open(asked, timeout=PATIENCE) as answer:
            return int(answer.status)
    except (OSError, HTTPException) as error:
        raise unreachable(url, error) from error
    except ValueError as error:
        raise Broken("it is not a plain web address", final=True) from error
