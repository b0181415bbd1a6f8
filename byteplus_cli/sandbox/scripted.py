"""What a prompt scripts in place of an answer."""

from __future__ import annotations

from byteplus_cli.sandbox.refusal import Refusal, invalid
from byteplus_cli.sandbox.scripts import Script, parse

_CODES = {401: "AuthenticationError", 403: "AccessDenied", 429: "RequestBurstTooFast"}


def check_words(param: str, prompt: str) -> None:
    """Refuses a prompt with a script that cannot be played."""
    try:
        parse(prompt)
    except ValueError as error:
        raise invalid(param, str(error)) from error


def turn_down(script: Script) -> None:
    """Raises the refusal that a script has for the request itself, if any."""
    if script.http is not None:
        raise failure(script.http)
    if script.refuse is not None:
        raise Refusal(400, script.refuse, "the prompt scripted this refusal")


def failure(status: int) -> Refusal:
    """The failure that a prompt asked for."""
    code = _CODES.get(status, "InternalServiceError" if status >= 500 else "InvalidParameter")
    message = f"the prompt scripted this {status}"
    return Refusal(status, code, message, retry_after=1 if status == 429 else None)
