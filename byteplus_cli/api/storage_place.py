"""Where the user's storage is: from the settings to how its objects are addressed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from byteplus_cli.config import is_loopback
from byteplus_cli.errors import InvalidConfig

# BytePlus TOS and its siblings answer S3 clients only with the bucket in the host, and only at
# addresses of their own ("Compatibility with Amazon S3", docs.byteplus.com, 2026-10).
_TOS = re.compile(r"(.+\.)?i?(bytepluses|volces)\.com")
_TOS_REGION = re.compile(r"(?:.+\.)?tos-s3-([a-z0-9-]+)\..+")
_TOS_WITHOUT_S3 = re.compile(r"(.+\.)?tos-(?!s3-)([a-z0-9-]+\..+)")

_URL = re.compile(r"s3://([A-Za-z0-9][A-Za-z0-9._-]*)((?:/[^/\s]+)*)/?")
_ENDPOINT = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Place:
    """A folder of a bucket; without an endpoint it is one of AWS."""

    bucket: str
    folder: str = ""
    endpoint: str | None = None
    region: str | None = None

    @classmethod
    def parse(cls, url: str, endpoint: str | None, region: str | None) -> Place:
        """From the settings; raises InvalidConfig for what cannot be a place."""
        bucket, folder = _parsed(url)
        if endpoint is None:
            return cls(bucket, folder, None, region)
        check_endpoint(endpoint)
        host = urlsplit(endpoint).hostname or ""
        if region is None and _TOS.fullmatch(host) and (named := _TOS_REGION.fullmatch(host)):
            region = named[1]
        return cls(bucket, folder, endpoint.rstrip("/"), region)

    @property
    def host(self) -> str:
        """The server, as it is called in words."""
        return urlsplit(self.endpoint).netloc if self.endpoint else "Amazon S3"

    @property
    def on_loopback(self) -> bool:
        return self.endpoint is not None and is_loopback(self.endpoint)

    @property
    def has_bucket_in_host(self) -> bool:
        """Whether the bucket stands in the host; elsewhere it begins the path."""
        return bool(self.endpoint and _TOS.fullmatch(urlsplit(self.endpoint).hostname or ""))

    @property
    def address(self) -> str | None:
        """The endpoint, with the bucket in its host where it has to be."""
        if self.endpoint is None or not self.has_bucket_in_host:
            return self.endpoint
        scheme, _, rest = self.endpoint.partition("://")
        # Some copy the address of the bucket itself out of the console.
        named = rest.startswith(f"{self.bucket}.")
        return self.endpoint if named else f"{scheme}://{self.bucket}.{rest}"

    def key(self, name: str) -> str:
        """The key of an object in the folder."""
        return f"{self.folder}/{name}" if self.folder else name


def check_url(url: str) -> None:
    """Raises InvalidConfig unless it is a bucket, and perhaps a folder in it."""
    _parsed(url)


def check_endpoint(endpoint: str) -> None:
    """Raises InvalidConfig unless files and links to them can be trusted to that address."""
    if not _ENDPOINT.fullmatch(endpoint):
        raise InvalidConfig(
            f"storage.endpoint {endpoint} is not an address", hint="such as https://s3.example.com"
        )
    if endpoint.lower().startswith("http://") and not is_loopback(endpoint):
        raise InvalidConfig(
            f"storage.endpoint {endpoint} is not encrypted",
            hint="https://…; http is for this machine alone",
        )
    host = urlsplit(endpoint).hostname or ""
    if _TOS.fullmatch(host) and (plain := _TOS_WITHOUT_S3.fullmatch(host)):
        raise InvalidConfig(
            f"storage.endpoint {endpoint} does not speak S3",
            hint=f"byteplus config set storage.endpoint https://{plain[1] or ''}tos-s3-{plain[2]}",
        )


def _parsed(url: str) -> tuple[str, str]:
    found = _URL.fullmatch(url)
    folder = found[2].strip("/") if found else ""
    if found is None or not url.isprintable() or {".", ".."} & set(folder.split("/")):
        raise InvalidConfig(f"storage.url {url} is not a bucket", hint="such as s3://bucket/folder")
    return found[1], folder
