"""Every failure of the Vision API, turned once into our errors and words."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, NamedTuple

import requests
from urllib3.exceptions import NameResolutionError, NewConnectionError

from byteplus_cli.api.words import shorten
from byteplus_cli.errors import (
    AccessDenied,
    ByteplusError,
    Charge,
    InvalidRequest,
    Missing,
    Moderated,
    ServerFault,
    Throttled,
    Unreachable,
    WrongState,
)
from byteplus_cli.generation.retry import parse_retry_after


class Meaning(NamedTuple):
    """What a code of the service means to us."""

    kind: type[ByteplusError]
    message: str
    hint: str | None = None
    temporary: bool = False


_KEYS = "byteplus config set access_key, then secret_key"
_CLOCK = "set the clock of this machine"
_OTHER_INPUT = "another picture or another sound"
_ACTIVATE = "activate OmniHuman in the console's Model Plaza, or ask for the cv permission"

# The service's codes (VIS-CN15, VIS-CNERR; 50200 to 50220 and 50400 from live notes, LIVE-E).
CODES: dict[str, Meaning] = {
    "50200": Meaning(InvalidRequest, "the service does not take a field of the request"),
    "50204": Meaning(InvalidRequest, "the service does not take a field of the request"),
    "50215": Meaning(InvalidRequest, "the picture or the sound cannot be used", _OTHER_INPUT),
    "50217": Meaning(WrongState, "the task's state does not allow that"),
    "50218": Meaning(Moderated, "refused by content moderation", _OTHER_INPUT),
    "50220": Meaning(InvalidRequest, "the service cannot fetch the picture or the sound"),
    "50400": Meaning(AccessDenied, "these keys may not use that model", _ACTIVATE),
    "50429": Meaning(Throttled, "the service is turning requests away", temporary=True),
    "50430": Meaning(Throttled, "another avatar is being made", temporary=True),
    "50500": Meaning(ServerFault, "the service failed", temporary=True),
    "50501": Meaning(ServerFault, "the model failed", temporary=True),
}
for _code in ("50411", "50412", "50413", "50513", "50514", "50518"):
    CODES[_code] = Meaning(Moderated, "refused by content moderation", _OTHER_INPUT)
for _code in ("50511", "50512", "50516", "50517", "50519"):
    CODES[_code] = Meaning(
        Moderated, "what was made is refused by content moderation", "another try may pass"
    )
for _code in ("50520", "50521", "50522"):
    CODES[_code] = Meaning(ServerFault, "the content moderation failed")

# Those of the gateway before it (ARKCLI).
GATEWAY: dict[str, Meaning] = {
    "MissingAuthenticationToken": Meaning(AccessDenied, "the request came without keys", _KEYS),
    "MissingSignature": Meaning(AccessDenied, "the request came without a signature", _KEYS),
    "InvalidAccessKey": Meaning(AccessDenied, "the access key is not known", _KEYS),
    "SignatureDoesNotMatch": Meaning(AccessDenied, "the secret key is wrong", _KEYS),
    "InvalidSecretToken": Meaning(AccessDenied, "the session token is wrong", _KEYS),
    "InvalidCredential": Meaning(AccessDenied, "the access key is wrong", _KEYS),
    "InvalidAuthorization": Meaning(AccessDenied, "the signature cannot be read", _KEYS),
    "InvalidTimestamp": Meaning(AccessDenied, "this machine's clock is off", _CLOCK),
    "LackPolicy": Meaning(AccessDenied, "these keys lack a permission", _ACTIVATE),
    "AccessDenied": Meaning(AccessDenied, "these keys may not do that", _ACTIVATE),
    "MissingRequestInfo": Meaning(InvalidRequest, "the service misses a part of the request"),
    "MissingParameter": Meaning(InvalidRequest, "the service misses a part of the request"),
    "ServiceNotFound": Meaning(InvalidRequest, "there is no such service", "check vision_url"),
    "InvalidActionOrVersion": Meaning(InvalidRequest, "there is no such call", "check vision_url"),
    "FlowLimitExceeded": Meaning(Throttled, "the service is turning requests away", temporary=True),
    "InternalError": Meaning(ServerFault, "the service failed", temporary=True),
    "FailToConnect": Meaning(ServerFault, "the service failed", temporary=True),
    "InternalServiceError": Meaning(ServerFault, "the service failed", temporary=True),
    "ServiceUnavailableTemp": Meaning(ServerFault, "the service is away", temporary=True),
    "InternalServiceTimeout": Meaning(ServerFault, "the service took too long", temporary=True),
}
# They say nothing of the task that is looked at.
_OF_THE_LOOK = {"50200", "50204", "50217", "50400"}
# Failures after which a task may exist all the same.
_UNSURE = (ServerFault,)


def refusal(
    reply: object, response: requests.Response | None, host: str, *, making: bool
) -> ByteplusError:
    """Our error for an answer that is not a success."""
    if not isinstance(reply, dict):
        return _nonsense(host, str(reply), response, making)
    gateway = _gateway_error(reply)
    code = str(gateway.get("Code") if gateway else reply.get("code") or "")
    words = str((gateway.get("Message") if gateway else reply.get("message")) or "")
    if not code:
        return _nonsense(host, words or str(reply), response, making)
    meaning = (GATEWAY if gateway else CODES).get(code) or _unknown(code, response)
    error = meaning.kind(
        meaning.message,
        hint=meaning.hint,
        details=shorten(words) or None,
        code=code,
        request_id=_request_id(reply),
        charge=_charge(meaning.kind, making),
        retry_after=_retry_after(response),
    )
    error.temporary = meaning.temporary
    return error


def nonsense(response: requests.Response, host: str, *, making: bool) -> ByteplusError:
    """The reply of a server, or of a proxy before it, that no client can read."""
    if 300 <= response.status_code < 400:
        return ServerFault(
            f"{host} redirects elsewhere, which is not followed",
            hint="check vision_url",
            charge=Charge.NO if making else None,
        )
    return _nonsense(host, response.text, response, making)


def broken(trouble: requests.RequestException, host: str, *, making: bool) -> Unreachable:
    """A connection that failed, and whether the request may have arrived all the same."""
    message, arrived, hint = _break_words(trouble, host)
    lost = Charge.UNKNOWN if arrived else Charge.NO
    error = Unreachable(message, arrived=arrived, hint=hint, charge=lost if making else None)
    error.temporary = not isinstance(trouble, requests.exceptions.SSLError)
    return error


def failure_of(code: str) -> Meaning | None:
    """What a code means that a look at a task brings; None for those of the look itself."""
    meaning = CODES.get(code)
    return None if meaning is None or meaning.temporary or code in _OF_THE_LOOK else meaning


def _break_words(trouble: requests.RequestException, host: str) -> tuple[str, bool, str | None]:
    reasons = requests.exceptions
    cause = getattr(trouble.args[0] if trouble.args else None, "reason", None)
    if isinstance(cause, NameResolutionError):
        return f"cannot find the host {host}", False, "check the network, or vision_url"
    if isinstance(trouble, reasons.SSLError):
        words = "behind a company proxy, SSL_CERT_FILE names its certificates"
        return f"no trusted connection to {host}: {shorten(str(cause or trouble))}", False, words
    if isinstance(trouble, reasons.ConnectTimeout):
        return f"{host} does not answer", False, "check the network and any proxy setting"
    if isinstance(cause, NewConnectionError) or isinstance(trouble, reasons.ProxyError):
        return f"{host} refuses connections", False, "check vision_url and any proxy setting"
    if isinstance(trouble, reasons.InvalidURL | reasons.InvalidSchema | reasons.MissingSchema):
        return f"{host or 'vision_url'} is not a web address", False, "vision_url is https://…"
    if isinstance(trouble, reasons.Timeout):
        return f"{host} did not answer in time", True, None
    return f"the connection to {host} broke: {shorten(str(cause or trouble))}", True, None


def _nonsense(
    host: str, text: str, response: requests.Response | None, making: bool
) -> ServerFault:
    status = f" (HTTP {response.status_code})" if response is not None else ""
    error = ServerFault(
        f"{host} answered with something that is no answer of the Vision API{status}",
        details=shorten(text) or None,
        code="bad_answer",
        charge=Charge.UNKNOWN if making else None,
    )
    error.temporary = True
    return error


def _unknown(code: str, response: requests.Response | None) -> Meaning:
    """The meaning of a code that is in no table: its first digits, or the status, say a little."""
    status = response.status_code if response is not None else 0
    if status in (401, 403):
        return Meaning(AccessDenied, "these keys may not do that", _KEYS)
    if status == 404:
        return Meaning(Missing, "the service finds nothing there", "check vision_url")
    if status == 429:
        return Meaning(Throttled, "the service is turning requests away", temporary=True)
    if status >= 500 or code.startswith("505"):
        return Meaning(ServerFault, "the service failed", temporary=True)
    return Meaning(InvalidRequest, "the service refused the request")


def _gateway_error(reply: Mapping[str, Any]) -> Mapping[str, Any]:
    metadata = reply.get("ResponseMetadata")
    error = metadata.get("Error") if isinstance(metadata, dict) else None
    return error if isinstance(error, dict) else {}


def _request_id(reply: Mapping[str, Any]) -> str | None:
    metadata = reply.get("ResponseMetadata")
    inner = metadata.get("RequestId") if isinstance(metadata, dict) else None
    named = reply.get("request_id") or inner
    return str(named) if named else None


def _retry_after(response: requests.Response | None) -> float | None:
    value = response.headers.get("Retry-After") if response is not None else None
    return parse_retry_after(value, time.time())


def _charge(kind: type[ByteplusError], making: bool) -> Charge | None:
    if not making:
        return None
    return Charge.UNKNOWN if kind in _UNSURE else Charge.NO
