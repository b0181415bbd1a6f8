"""Sending one callback as the service would, and telling what was answered."""

from __future__ import annotations

import json
import time
from typing import Any

from byteplus_cli.config import SETTINGS, nearest
from byteplus_cli.errors import InvalidRequest, ServerFault, Unreachable
from byteplus_cli.generation.link import Broken
from byteplus_cli.generation.task import Status
from byteplus_cli.session import Session
from byteplus_cli.webhook.hint import JSON
from byteplus_cli.webhook.post import PATIENCE, checked_address, post, shown
from byteplus_cli.webhook.sample import TOLD, new_id, sample


def trigger(session: Session, word: str, to: str, name: str | None) -> None:
    """Send it; raises Unreachable without an answer, and ServerFault for any but 2xx."""
    status, url = _checked_status(word), checked_address("--to", to)
    body = _body(session, status, name)
    begun = time.perf_counter()
    try:
        answered = post(url, json.dumps(body).encode(), JSON)
    except Broken as broken:
        raise Unreachable(
            f"no answer from {shown(url)}: {broken}",
            hint=broken.hint or session.resume_words("webhook listen") + " takes callbacks",
        ) from broken
    seconds = time.perf_counter() - begun
    document = {
        "schema": "byteplus.trigger/1",
        "to": shown(url),
        "http_status": answered,
        "seconds": round(seconds, 3),
        "body": body,
    }
    if not 200 <= answered < 300:
        fault = ServerFault(
            f"{shown(url)} answered {answered} to {status} of {body['id']}",
            hint=f"answer 2xx within {PATIENCE:.0f} s, or the service sends it again",
            code=f"http_{answered}",
        )
        fault.document = document
        raise fault
    session.terminal.note(f"sent {status} of {body['id']} to {shown(url)}")
    session.terminal.result([f"answered {answered} after {seconds:.3f} s"], document)


def _checked_status(word: str) -> Status:
    if word in TOLD:
        return Status(word)
    if word == Status.CANCELLED:
        raise InvalidRequest(
            "the service sends no callback for a cancelled task", hint=f"one of {', '.join(TOLD)}"
        )
    hint = nearest(word, list(TOLD)) or f"one of {', '.join(TOLD)}"
    raise InvalidRequest(f"no callback says {word}", hint=hint)


def _body(session: Session, status: Status, name: str | None) -> Any:
    now, models = session.around.now(), session.catalogue
    entry = id = None
    if name is not None:
        from byteplus_cli.commands.looking import task_id

        id = task_id(session, name, "video")
        entry = session.ledger.known(id)
    usual = str(SETTINGS["video.model"].default)
    model = models.known_video((entry and entry.model) or usual) or models.known_video(usual)
    assert model is not None  # noqa: S101 - the built-in default is in the catalogue
    return sample(status, id or new_id(now), model, entry, now)
