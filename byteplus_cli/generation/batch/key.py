"""The key of a row: the same for the same content, whatever it is called and wherever it lies."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

LETTERS = 24
# Queries that only say who may fetch a link, and until when: a manifest that is written anew has
# others for the same file.
_SIGNING_PREFIXES = ("x-amz-", "x-tos-", "x-goog-", "x-oss-")
_SIGNING = frozenset(
    {"signature", "expires", "awsaccesskeyid", "ossaccesskeyid", "googleaccessid", "sig", "se"}
    | {"security-token", "policy", "key-pair-id", "token", "sv", "sr", "sp", "st", "spr", "skoid"}
)


def key_of(kind: str, identity: Mapping[str, Any], repeat: int = 0) -> str:
    """Stands for one row. A row that asks for the same as `repeat` others before it is another
    job: who writes a prompt twice wants two of it."""
    content = [kind, _plain(identity), repeat]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:LETTERS]


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, str) and value.startswith(("https://", "http://")):
        return _without_signature(value)
    return value


def _without_signature(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url  # no address; the service will say so
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name.lower() not in _SIGNING and not name.lower().startswith(_SIGNING_PREFIXES)
    ]
    return parts._replace(query=urlencode(kept)).geturl()
