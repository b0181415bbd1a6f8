"""Whether a key may use a video model, asked in the one way that is known to be free."""

from __future__ import annotations

import httpx

from byteplus_cli.api.ark import Connection
from byteplus_cli.api.faults import MODEL_CLOSED
from byteplus_cli.api.modelark import TASKS
from byteplus_cli.errors import AccessDenied, ByteplusError, WrongState

SECONDS = 5.0


def is_open(ark: Connection, model: str) -> bool:
    """Send a request that names the model and nothing to make: it is refused either way.

    Without content it is 400 MissingParameter for a model that is open, and 404 ModelNotOpen or
    InvalidEndpointOrModel for another (LIVE-D, 2026-10). `GET /models` does not tell: it lists
    models that the key cannot call (LIVE-A, LIVE-C, LIVE-F). Raises what tells neither.
    """
    try:
        reply = ark.send("post", TASKS, body={"model": model}, timeout=httpx.Timeout(SECONDS))
    except ByteplusError as error:
        error.charge = None
        if error.code.startswith("MissingParameter"):
            return True
        if error.code.startswith(MODEL_CLOSED) or isinstance(error, AccessDenied):
            return False
        raise
    id = ark.document(reply).get("id")
    raise WrongState(
        f"the service took a request without content for a task: {id}",
        hint=f"byteplus video cancel {id}",
    )
