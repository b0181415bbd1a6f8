"""Every failure of the storage, turned once into our errors and words."""

from __future__ import annotations

import re
from html import unescape
from typing import NamedTuple

from byteplus_cli.api.storage_place import Place
from byteplus_cli.api.words import shorten
from byteplus_cli.errors import (
    AccessDenied,
    ByteplusError,
    InvalidConfig,
    InvalidRequest,
    Missing,
    ServerFault,
    Throttled,
    Unreachable,
)

# obstore has a class for few failures; the rest is in the words of its errors (0.12.1).
_STATUS = re.compile(r"status code: (\d{3})")
_CODE = re.compile(r"<Code>([\w.]{1,80})</Code>")
_MESSAGE = re.compile(r"<Message>(.*?)</Message>", re.DOTALL)
_REGION = re.compile(r"<Region>([a-z0-9-]{1,40})</Region>")
_REQUEST_ID = re.compile(r"<RequestId>([\w-]{1,80})</RequestId>")
# What an instance of AWS is asked for its keys by.
_INSTANCE = re.compile(r"/latest/(?:api/token|meta-data)")

_KEYS = "byteplus config set storage.access_key, then storage.secret_key"
_SECRET = "byteplus config set storage.secret_key"  # noqa: S105 - a command, not a secret
_CLOCK = "set the clock of this machine"
_PERMISSIONS = "they need to put, read and delete objects"
_CERTIFICATES = "behind a company proxy, SSL_CERT_FILE names its certificates"


class Meaning(NamedTuple):
    """What a refusal means to us."""

    kind: type[ByteplusError]
    message: str
    hint: str | None = None


# S3's error codes (docs.aws.amazon.com, "Error responses", 2026-10).
CODES: dict[str, Meaning] = {
    "InvalidAccessKeyId": Meaning(AccessDenied, "storage.access_key is not known", _KEYS),
    "SignatureDoesNotMatch": Meaning(AccessDenied, "storage.secret_key is wrong", _SECRET),
    "RequestTimeTooSkewed": Meaning(AccessDenied, "this machine's clock is off", _CLOCK),
    "ExpiredToken": Meaning(AccessDenied, "the keys of the environment have expired"),
    "InvalidToken": Meaning(AccessDenied, "the keys of the environment are wrong"),
    "SlowDown": Meaning(Throttled, "the storage is turning requests away"),
    "RequestTimeout": Meaning(Unreachable, "the storage had to wait too long for the file"),
}
_ELSEWHERE = {
    *("AuthorizationHeaderMalformed", "AuthorizationQueryParametersError"),
    *("PermanentRedirect", "TemporaryRedirect", "IllegalLocationConstraintException"),
}


def translate(error: Exception, place: Place) -> ByteplusError:
    """Our error for one of obstore's."""
    text = str(error)
    status = _first(_STATUS, text)
    if _INSTANCE.search(text):
        # Without keys anywhere, obstore thinks that it runs on a machine of AWS.
        return AccessDenied("there are no keys for the storage", hint=_KEYS)
    if "redirect without LOCATION" in text:
        return _elsewhere(text, place)
    return _refusal(int(status), text, place) if status else _broken(text, place)


def _refusal(status: int, text: str, place: Place) -> ByteplusError:
    code = _first(_CODE, text)
    if code in _ELSEWHERE:
        return _elsewhere(text, place)
    meaning = CODES.get(code or "") or _meaning(status, code, place)
    said = _first(_MESSAGE, text)
    return meaning.kind(
        meaning.message,
        hint=meaning.hint,
        details=shorten(unescape(said)) if said else None,
        code=code or f"http_{status}",
        request_id=_first(_REQUEST_ID, text),
    )


def _meaning(status: int, code: str | None, place: Place) -> Meaning:
    if status in (401, 403):
        return Meaning(
            AccessDenied, f"these keys may not do that in bucket {place.bucket}", _PERMISSIONS
        )
    if status == 404:
        where = f"there is no bucket {place.bucket} at {place.host}"
        missing = "the object is gone" if code == "NoSuchKey" else where
        return Meaning(Missing, missing, "check storage.url and storage.endpoint")
    if 300 <= status < 400:
        return Meaning(
            InvalidConfig,
            f"{place.host} redirects elsewhere, which is not followed",
            "check storage.endpoint and storage.region",
        )
    if status == 429:
        return Meaning(Throttled, "the storage is turning requests away")
    if status >= 500 or status == 408:
        return Meaning(ServerFault, f"{place.host} failed (HTTP {status})")
    return Meaning(InvalidRequest, f"the storage refused the request (HTTP {status})")


def _elsewhere(text: str, place: Place) -> InvalidConfig:
    region = _first(_REGION, text) or "REGION"
    said = _first(_MESSAGE, text)
    return InvalidConfig(
        f"bucket {place.bucket} is in another region than {place.region or 'us-east-1'}",
        hint=f"byteplus config set storage.region {region}",
        details=shorten(unescape(said)) if said else None,
        code=_first(_CODE, text),
    )


def _broken(text: str, place: Place) -> ByteplusError:
    """A connection that failed. obstore's debug output, after its words, knows why."""
    host = place.host
    if "dns error" in text:
        return Unreachable(f"cannot find the host {host}", hint="check storage.endpoint")
    if "ConnectionRefused" in text or "Connection refused" in text:
        return Unreachable(
            f"{host} refuses connections", hint="check storage.endpoint and any proxy setting"
        )
    if "Certificate" in text:
        untrusted = Unreachable(f"no trusted connection to {host}", hint=_CERTIFICATES)
        untrusted.temporary = False
        return untrusted
    if "TimedOut" in text or "kind: Timeout" in text:
        return Unreachable(f"{host} did not answer in time", hint="check the network")
    if "kind: Builder" in text or "Error performing" not in text:
        return InvalidConfig(f"the storage at {host} cannot be used", details=_words(text))
    return Unreachable(f"the connection to {host} broke", details=_words(text))


def _words(text: str) -> str:
    return shorten(text.partition("\n\nDebug source")[0])


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return found[1] if found else None
