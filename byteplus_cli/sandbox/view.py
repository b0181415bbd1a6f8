"""How a task looks to the one who asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from byteplus_cli.sandbox import clips, links, shelf
from byteplus_cli.sandbox.order import FPS
from byteplus_cli.sandbox.states import Status
from byteplus_cli.sandbox.tasks import Task, Tasks

# Turns the name of a file into a link.
Link = Callable[[str], str]


def show(tasks: Tasks, task: Task, host: str) -> dict[str, Any]:
    """The answer to GET, with links that lead to `host`."""
    issued = task.ends
    if task.order.script.stale and task.status is Status.SUCCEEDED:
        first = tasks.account.count(task.id, "links") == 1
        issued -= 2 * links.LIFETIME if first else 0
    secret = tasks.account.secret
    return _document(task, lambda name: links.signed(host, shelf.ROOT + name, issued, secret))


def _document(task: Task, link: Link) -> dict[str, Any]:
    """Fields that a model does not have are left out (REV265 2026-10-08)."""
    order = task.order
    facts = {
        "id": task.id,
        "model": order.model,
        "status": task.status,
        "created_at": int(task.created),
        "updated_at": int(task.updated),
        **_outcome(task, link),
        "seed": order.seed,
        "resolution": order.resolution,
        "ratio": order.ratio,
        **_length(task),
        "framespersecond": FPS,
        "service_tier": order.tier,
        "execution_expires_after": order.expires_after,
        "generate_audio": order.sound,
        "draft": order.draft,
        "draft_task_id": order.draft_task_id,
        "output_format": order.format if order.names_format else None,
        "priority": order.priority,
        "omni_reference_task_type": order.task_type,
        "safety_identifier": order.safety_identifier,
        "tools": order.tools,
    }
    present = {name: value for name, value in facts.items() if value is not None}
    return {**present, "error": _error(task)}


def _length(task: Task) -> dict[str, int]:
    order = task.order
    if order.counted_in_frames:
        return {"frames": order.frames}
    return {"duration": order.seconds}


def _outcome(task: Task, link: Link) -> dict[str, Any]:
    if task.status is not Status.SUCCEEDED:
        return {}
    tokens = task.order.tokens
    return {
        "content": {field: link(name) for field, name in clips.names(task).items()},
        "usage": {"completion_tokens": tokens, "total_tokens": tokens},
    }


def _error(task: Task) -> dict[str, str] | None:
    code = task.order.script.fail
    if task.status is not Status.FAILED or code is None:
        return None
    return {"code": code, "message": f"the prompt scripted this failure: {code}"}
