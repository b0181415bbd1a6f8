"""The storage of the sandbox, as obstore, a client for any S3, meets it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import obstore
from obstore.store import S3Store

from byteplus_cli.sandbox.server import Sandbox


def bucket(sandbox: Sandbox, **other: Any) -> S3Store:
    """`other` are settings in place of the right ones."""
    settings = {
        "endpoint": sandbox.storage_endpoint,
        "region": sandbox.storage_region,
        "access_key_id": sandbox.storage_access_key,
        "secret_access_key": sandbox.storage_secret_key,
        "client_options": {"allow_http": True},
        "retry_config": {"max_retries": 0},
        **other,
    }
    return S3Store.from_url(settings.pop("url", sandbox.storage_url), **settings)


def link(store: S3Store, key: str, seconds: float = 3600) -> str:
    return str(obstore.sign(store, "GET", key, timedelta(seconds=seconds)))


def stored(sandbox: Sandbox, key: str, content: bytes) -> str:
    """Puts an object, and gives a link to it."""
    store = bucket(sandbox)
    obstore.put(store, key, content, use_multipart=False)
    return link(store, key)
