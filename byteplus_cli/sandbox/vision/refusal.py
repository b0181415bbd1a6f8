"""What the Vision API turns down: in its own codes, or in those of the gateway before it."""

from __future__ import annotations

from collections.abc import Mapping

# The codes of the service, their HTTP statuses and meanings (VIS-CN15, VIS-CNERR; 50200 to 50220
# and 50400 from live notes, LIVE-E). Sources swap 50200 and 50204.
BAD_PARAMETER, UNKNOWN_REQ_KEY, BAD_INPUT, NOT_CANCELLED = 50200, 50204, 50215, 50217
NOT_FETCHED, TOO_MANY = 50220, 50430
_CODES: Mapping[int, tuple[int, str]] = {
    BAD_PARAMETER: (400, "a parameter is missing or wrong"),
    UNKNOWN_REQ_KEY: (400, "this req_key is not supported here"),
    BAD_INPUT: (400, "the input is invalid"),
    NOT_CANCELLED: (400, "the task cannot be cancelled"),
    50218: (400, "the resource is at risk"),
    NOT_FETCHED: (400, "the media cannot be downloaded"),
    50400: (400, "access denied: the service is not activated, or not allowed to this user"),
    50411: (400, "the input picture was refused"),
    50412: (400, "the input text was refused"),
    50413: (400, "the input text holds words that are not allowed"),
    50429: (429, "too many requests a second"),
    TOO_MANY: (429, "too many tasks at once"),
    50500: (500, "an internal fault"),
    50501: (500, "the algorithm failed"),
    50511: (400, "the output picture was refused"),
    50512: (400, "the output text was refused"),
    50513: (400, "the input video was refused"),
    50514: (400, "the input audio was refused"),
    50516: (400, "the output video was refused"),
    50517: (400, "the output audio was refused"),
    50518: (400, "the input picture belongs to somebody"),
    50519: (400, "the output belongs to somebody"),
    50520: (400, "the moderation service failed"),
    50521: (400, "the moderation service failed"),
    50522: (400, "the moderation service failed"),
}
# Codes of the gateway (ARKCLI); a scripted status takes the first that has it.
_GATEWAY: Mapping[str, int] = {
    "MissingParameter": 400,
    "MissingRequestInfo": 400,
    "InvalidTimestamp": 400,
    "InvalidAuthorization": 400,
    "InvalidCredential": 400,
    "SignatureDoesNotMatch": 401,
    "InvalidAccessKey": 401,
    "InvalidSecretToken": 401,
    "MissingAuthenticationToken": 401,
    "MissingSignature": 401,
    "AccessDenied": 403,
    "LackPolicy": 403,
    "InvalidActionOrVersion": 404,
    "ServiceNotFound": 404,
    "FlowLimitExceeded": 429,
    "InternalError": 500,
    "InternalServiceError": 502,
    "FailToConnect": 502,
    "ServiceUnavailableTemp": 503,
    "InternalServiceTimeout": 504,
}


class VisionRefusal(Exception):
    """Becomes an envelope whose code is not that of success."""

    def __init__(self, code: int, message: str = "") -> None:
        self.code = code
        self.status, meaning = _CODES.get(code, (400, "an unknown code"))
        self.message = f"{meaning}: {message}" if message else meaning
        super().__init__(self.message)


class GatewayRefusal(Exception):
    """Becomes a `ResponseMetadata` with an error in it."""

    def __init__(self, code: str, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status or _GATEWAY.get(code, 400)


class GatewayBroken(Exception):
    """Becomes a page of HTML, as a proxy answers for a service that it cannot reach."""


def bad(message: str) -> VisionRefusal:
    return VisionRefusal(BAD_PARAMETER, message)


def scripted(code: str) -> Exception:
    """The refusal with that code: a number is the service's, a word the gateway's."""
    if code.isdecimal():
        return VisionRefusal(int(code), "scripted")
    return GatewayRefusal(code, "this was scripted")


def scripted_status(status: int) -> Exception:
    """The gateway's failure with that HTTP status."""
    if status == 502:
        return GatewayBroken()
    code = next((name for name, each in _GATEWAY.items() if each == status), "InternalError")
    return GatewayRefusal(code, f"this {status} was scripted", status)
