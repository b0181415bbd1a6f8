"""OmniHuman tasks of the Vision API, read without trusting an answer to be of any type."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from byteplus_cli.api.fields import moment, text
from byteplus_cli.api.vision import Vision
from byteplus_cli.api.vision_faults import failure_of
from byteplus_cli.errors import ByteplusError, Charge, Missing, ServerFault
from byteplus_cli.generation.service import Created
from byteplus_cli.generation.task import Failure, Output, Status, Task, check_id

DETECTION = "realman_avatar_object_detection_cv"
# What the service says, and what that is to us (VIS-SAMPLE, VIS-ADPT, VIS-CN15).
STATUSES = {
    "in_queue": Status.QUEUED,
    "generating": Status.RUNNING,
    "processing": Status.RUNNING,
    "canceled": Status.CANCELLED,
    "cancelled": Status.CANCELLED,
    "expired": Status.EXPIRED,
}
UNREADABLE: Mapping[str, Any] = {}
NO_VIDEO = Failure("no_video", "the service says it is done, and names no video")


class Avatars:
    """The calls on avatars. Each sends one request and never repeats it."""

    def __init__(self, vision: Vision) -> None:
        self._vision = vision

    def create(self, body: Mapping[str, Any]) -> Created:
        """Start a task. Raises Unreachable or ServerFault when it may have been accepted."""
        reply = self._vision.submit(body)
        id = _object(reply.get("data")).get("task_id")
        # Of 19 digits, so that as a number it would lose some on its way through other programs.
        named = str(id) if isinstance(id, str | int) and not isinstance(id, bool) else ""
        try:
            return Created(check_id(named), text(reply.get("request_id")))
        except ByteplusError as error:
            raise ServerFault(
                f"{self._vision.host} accepted the request, and names no task",
                code="bad_answer",
                charge=Charge.UNKNOWN,
            ) from error

    def get(self, id: str, req_key: str) -> Task:
        """Look at one task; a failure of the task is its status, one of the look is raised."""
        try:
            reply = self._vision.result({"req_key": req_key, "task_id": id})
        except ByteplusError as error:
            meaning = failure_of(error.code)
            if meaning is None:
                raise
            words = error.details or meaning.message
            return _task(id, Status.FAILED, error.request_id, failure=Failure(error.code, words))
        return read_task(id, reply)

    def cancel(self, id: str, req_key: str) -> None:
        """Cancel a task that is still in the queue; raises WrongState."""
        self._vision.cancel({"req_key": req_key, "task_id": id})

    def subjects(self, image_url: str) -> list[str]:
        """A link to the mask of each subject of a picture, the largest first; they live 1 h."""
        reply = self._vision.process({"req_key": DETECTION, "image_url": image_url})
        packed = _packed(_object(reply.get("data")))
        if packed is UNREADABLE:
            raise ServerFault("the service's answer cannot be read", code="bad_answer")
        found = _object(packed.get("object_detection_result"))
        links = _object(found.get("mask")).get("url")
        return [link for link in links if isinstance(link, str)] if isinstance(links, list) else []


def read_task(id: str, reply: Mapping[str, Any]) -> Task:
    """The task that an answer describes; raises Missing for one that is not known any more."""
    data = _object(reply.get("data"))
    packed, request_id = _packed(data), text(reply.get("request_id"))
    said = text(data.get("status")) or "unreported"
    if said == "not_found":
        raise Missing(
            "the service knows no such task (any more)",
            hint="avatars are known for 12 hours, and their videos for one",
            request_id=request_id,
        )
    ended = moment(packed.get("finished_at"))
    if said != "done":
        return _task(id, STATUSES.get(said, said), request_id, ended=ended)
    link = text(packed.get("video_url")) or text(data.get("video_url"))
    if link is None and packed is UNREADABLE:
        # The next look may read better, and the task is paid for.
        raise ServerFault("the service's answer cannot be read", code="bad_answer")
    if link is None:
        return _task(id, Status.FAILED, request_id, ended=ended, failure=NO_VIDEO)
    return _task(id, Status.SUCCEEDED, request_id, ended=ended, link=link)


def _task(
    id: str,
    status: str,
    request_id: str | None,
    *,
    ended: int | None = None,
    link: str | None = None,
    failure: Failure | None = None,
) -> Task:
    return Task(
        id=id,
        status=status,
        kind="avatar",
        updated_at=ended,
        outputs=(Output("video", link),) if link else (),
        failure=failure,
        request_id=request_id,
    )


def _packed(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """`resp_data` is JSON within a text."""
    packed = data.get("resp_data")
    try:
        return _object(json.loads(packed)) if isinstance(packed, str) else _object(packed)
    except (ValueError, RecursionError):
        return UNREADABLE if packed else {}


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
