"""The user's own object storage: local files become links that the service can fetch."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from byteplus_cli.api import storage_faults as faults
from byteplus_cli.api.aside import aside
from byteplus_cli.api.storage_file import UNKNOWN, StoredFile, content_of
from byteplus_cli.api.storage_place import Place
from byteplus_cli.config import mask
from byteplus_cli.errors import (
    AccessDenied,
    ByteplusError,
    InvalidConfig,
    Missing,
    ServerFault,
)
from byteplus_cli.generation.retry import obeying, pauses

if TYPE_CHECKING:
    from obstore.store import S3Store

T = TypeVar("T")

# Seconds; AWS Signature Version 4 lets no link live longer.
LONGEST_LINK = 604_800
# Seconds for an answer. An upload has more: what a slow line needs at so many bytes a second.
CONNECT, READ = 10.0, 60.0
SLOWEST_UPLOAD = 50_000
TRIES = 3
SHORTEST_KEY = 8
NO_BUCKET = "NoSuchBucket"


class Storage:
    """A folder of a bucket, through obstore, which is loaded when something is first done.

    What obstore does by itself is kept from it: each request is sent once, and hears signals.
    """

    def __init__(
        self,
        place: Place,
        keys: tuple[str, str] | None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._place = place
        self._keys = keys
        self._sleep = sleep

    @classmethod
    def open(
        cls,
        url: str,
        *,
        endpoint: str | None = None,
        region: str | None = None,
        access_key: str | None = None,
        secret_key: str | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> Storage:
        """From the settings; raises InvalidConfig for what cannot be used. Asks nobody yet.

        Without keys those of the usual AWS_* variables count, or of the AWS machine this is.
        """
        place = Place.parse(url, endpoint, region)
        if access_key and secret_key:
            return cls(place, (access_key, secret_key), sleep)
        if access_key or secret_key:
            missing = "secret_key" if access_key else "access_key"
            raise InvalidConfig(
                f"storage.{missing} is not set", hint=f"byteplus config set storage.{missing}"
            )
        return cls(place, None, sleep)

    def put(self, path: Path, sha256: str, *, sending: Callable[[], None] | None = None) -> str:
        """Store a file under its checksum, unless it is there already; gives the key.

        `sending` is called before its bytes leave. Raises InvalidRequest if it is not what had
        that checksum any more.
        """
        file = StoredFile.of(path)
        key = self._place.key(f"{sha256[:32]}.{file.ending}")
        if self._size(key) == file.size:
            return key
        content = content_of(path, file.size, sha256)
        if sending:
            sending()
        self._patiently(lambda: self._write(key, content, file.type))
        return key

    def link(self, key: str, seconds: int) -> str:
        """A link that whoever has it can read the object by, for so long (at most 7 days)."""
        import obstore

        life = timedelta(seconds=min(seconds, LONGEST_LINK))
        return self._asked(lambda: str(obstore.sign(self._store(), "GET", key, life)))

    def remove(self, keys: Iterable[str]) -> None:
        """Delete objects; those that are not there are no fault."""
        for key in keys:
            try:
                self._asked(partial(self._delete, key))
            except Missing as missing:
                if missing.code == NO_BUCKET:
                    raise

    def probe(self) -> None:
        """Write, read back and delete a small object; raises what keeps that from working."""
        key, content = self._place.key(f"probe-{secrets.token_hex(8)}"), os.urandom(32)
        self._patiently(lambda: self._write(key, content, UNKNOWN[1]))
        try:
            if self._asked(lambda: self._read(key)) != content:
                raise ServerFault(f"{self._place.host} gives back other bytes than were put there")
        finally:
            self.remove([key])

    def _size(self, key: str) -> int | None:
        """The bytes of an object; None if it is not there, or not for these keys to know."""
        try:
            return self._patiently(lambda: self._found_size(key))
        except Missing as missing:
            if missing.code == NO_BUCKET:
                raise
        except AccessDenied as denied:
            # Keys that may not list are told so of what is not there.
            if denied.code != "AccessDenied":
                raise
        return None

    def _found_size(self, key: str) -> int:
        import obstore

        # Not by HEAD, whose refusals have no words.
        return obstore.get(self._store(), key, options={"range": (0, 1)}).meta["size"]

    def _delete(self, key: str) -> None:
        import obstore

        obstore.delete(self._store(), key)

    def _read(self, key: str) -> bytes:
        import obstore

        return bytes(obstore.get(self._store(), key).bytes())

    def _write(self, key: str, content: bytes | bytearray, type: str) -> None:
        import obstore

        # In one piece: broken uploads in parts would stay in the bucket, unseen and billed.
        obstore.put(
            self._store(READ + len(content) / SLOWEST_UPLOAD),
            key,
            content,
            attributes={"Content-Type": type},
            use_multipart=False,
        )

    def _store(self, patience: float = READ) -> S3Store:
        from obstore.store import S3Store

        place = self._place
        options: dict[str, Any] = {
            "allow_http": place.on_loopback,
            "allow_invalid_certificates": False,
            "connect_timeout": timedelta(seconds=CONNECT),
            "timeout": timedelta(seconds=patience),
        }
        if place.on_loopback:
            # A proxy that nothing goes through, since that of the environment cannot be left out.
            options |= {"proxy_url": place.endpoint, "proxy_excludes": "127.0.0.1,localhost,::1"}
        settings: dict[str, Any] = {"endpoint": place.address, "region": place.region}
        if self._keys:
            settings["access_key_id"], settings["secret_access_key"] = self._keys
        with _own_settings_first(keys=self._keys is not None, endpoint=place.endpoint is not None):
            return S3Store(
                place.bucket,
                client_options=options,  # type: ignore[arg-type]
                retry_config={"max_retries": 0},
                virtual_hosted_style_request=place.has_bucket_in_host,
                # Few services but AWS delete several at once.
                disable_bulk_delete=True,
                **{name: value for name, value in settings.items() if value is not None},
            )

    def _patiently(self, act: Callable[[], T]) -> T:
        """What `act` gives, asked for a few times: nothing here is worse for being done twice."""
        waits = pauses()
        for _ in range(TRIES - 1):
            try:
                return self._asked(act)
            except ByteplusError as error:
                if not error.temporary:
                    raise
                self._sleep(obeying(error.retry_after, next(waits)))
        return self._asked(act)

    def _asked(self, act: Callable[[], T]) -> T:
        from obstore.exceptions import BaseError

        try:
            return aside(act)  # no signal is heard inside obstore
        except (BaseError, FileNotFoundError, ValueError) as error:
            raise self._safe(faults.translate(error, self._place)) from error

    def _safe(self, error: ByteplusError) -> ByteplusError:
        # A short one may be part of any word.
        for secret in (key for key in self._keys or () if len(key) >= SHORTEST_KEY):
            error.details = error.details and error.details.replace(secret, mask(secret))
        return error


@contextmanager
def _own_settings_first(*, keys: bool, endpoint: bool) -> Iterator[None]:
    """Hides from obstore what it would let go before what it is told (0.12.1): a session token
    beside other keys, AWS_ENDPOINT_URL_S3 in place of the endpoint."""
    hidden = {
        name: os.environ.pop(name)
        for name in list(os.environ)
        if (keys and name.startswith("AWS_")) or (endpoint and name.startswith("AWS_ENDPOINT"))
    }
    try:
        yield
    finally:
        os.environ.update(hidden)
