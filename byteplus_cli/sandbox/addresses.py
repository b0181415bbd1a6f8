"""Web addresses, read without trusting them to be any."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit


def web_address(url: object) -> SplitResult | None:
    """The parts of an http or https address that names a host, else None."""
    if not isinstance(url, str) or any(letter.isspace() for letter in url):
        return None
    try:
        parts = urlsplit(url)
        named = parts.hostname and parts.port != 0
    except ValueError:
        return None
    return parts if named and parts.scheme in ("http", "https") else None
