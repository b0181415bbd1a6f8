"""Callbacks: the task as it stands, posted at each change while the sandbox runs."""

from __future__ import annotations

import http.client
import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from byteplus_cli.sandbox.tasks import Task

ANSWER_SECONDS = 5
TRIES = 4
_log = logging.getLogger(__name__)


def follow(
    task: Task, clock: Callable[[], float], describe: Callable[[float], Mapping[str, Any]]
) -> None:
    """Post each state of the task to its callback URL, if that is on this machine."""
    url = task.plan.callback_url
    if url and urlsplit(url).hostname in ("127.0.0.1", "localhost"):
        threading.Thread(target=_post_all, args=(task, clock, describe, url), daemon=True).start()


def _post_all(
    task: Task,
    clock: Callable[[], float],
    describe: Callable[[float], Mapping[str, Any]],
    url: str,
) -> None:
    for moment in (task.created_at, task.started_at, task.ended_at):
        time.sleep(max(0.0, moment - clock()))
        document = describe(moment)
        final = document["status"] in ("succeeded", "failed")
        for _ in range(TRIES if final else 1):
            if _posted(url, document):
                break


def _posted(url: str, document: Mapping[str, Any]) -> bool:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=ANSWER_SECONDS)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        headers = {"Content-Type": "application/json"}
        connection.request("POST", path or "/", json.dumps(document), headers)
        return connection.getresponse().status < 300
    except (OSError, http.client.HTTPException) as error:
        _log.debug("callback to %s: %s", url, error)
        return False
    finally:
        connection.close()
