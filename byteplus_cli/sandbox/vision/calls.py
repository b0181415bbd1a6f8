"""The calls of the Vision API; what they give is the `data` of an answer."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from byteplus_cli.sandbox.own import Own
from byteplus_cli.sandbox.requests import host
from byteplus_cli.sandbox.scripts import SPOILED_LOOKS, Script, parse
from byteplus_cli.sandbox.vision import files
from byteplus_cli.sandbox.vision.inputs import Inputs, Sound
from byteplus_cli.sandbox.vision.jobs import Job, Jobs, Status
from byteplus_cli.sandbox.vision.masks import Mask
from byteplus_cli.sandbox.vision.order import Order, order, words
from byteplus_cli.sandbox.vision.parameters import FOLLOWED, PROCESSED, SUBMITTED, read
from byteplus_cli.sandbox.vision.refusal import (
    BAD_INPUT,
    NOT_CANCELLED,
    TOO_MANY,
    VisionRefusal,
    scripted,
    scripted_status,
)
from byteplus_cli.sandbox.vision.view import show

# From the JSON of a body to that of an answer.
Call = Callable[[Request, Mapping[str, Any]], Awaitable[object]]


@dataclass(frozen=True)
class Calls:
    jobs: Jobs
    own: Own
    clock: Callable[[], float]

    def named(self, action: str) -> Call | None:
        # How the pair that makes a sync algorithm async differs from the plain one is not known.
        return {
            "CVProcess": self.process,
            "CVSubmitTask": self.submit,
            "CVSync2AsyncSubmitTask": self.submit,
            "CVGetResult": self.look,
            "CVSync2AsyncGetResult": self.look,
            "CVCancelTask": self.cancel,
        }.get(action)

    async def process(self, request: Request, body: Mapping[str, Any]) -> object:
        """Finds the subjects of a picture, with a mask for each, largest first (VIS-CNDET)."""
        given = read(body, PROCESSED)
        subjects = _script(given).subjects
        shape = await run_in_threadpool(self._inputs(request).picture, given["image_url"])
        found = [Mask(*shape, number, subjects) for number in range(subjects)]
        issued, secret = self.clock(), self.jobs.account.secret
        urls = [files.link(host(request), mask.name, issued, secret) for mask in found]
        seen = {"code": 0, "status": int(bool(urls))}
        return {
            "resp_data": json.dumps({**seen, "object_detection_result": {"mask": {"url": urls}}})
        }

    async def submit(self, request: Request, body: Mapping[str, Any]) -> object:
        given = read(body, SUBMITTED)
        script = _script(given)
        id = await run_in_threadpool(self._accept, given, self._inputs(request))
        if script.lose:
            # What is answered from here on goes nowhere.
            request.scope["hang_up"]()
        return {"task_id": id}

    async def look(self, request: Request, body: Mapping[str, Any]) -> object:
        job = await run_in_threadpool(self._find, read(body, FOLLOWED))
        if job is None:
            return {"status": Status.NOT_FOUND, "resp_data": ""}
        return await run_in_threadpool(self._show, job, host(request))

    async def cancel(self, request: Request, body: Mapping[str, Any]) -> object:
        """What a cancelling that is accepted gives is not known."""
        job = await run_in_threadpool(self._find, read(body, FOLLOWED))
        if job is None:
            raise VisionRefusal(NOT_CANCELLED, "there is no such task")
        if not await run_in_threadpool(self.jobs.cancel, job.id, self.clock()):
            raise VisionRefusal(NOT_CANCELLED, f"it is {job.status}")
        return None

    def _accept(self, given: Mapping[str, Any], inputs: Inputs) -> str:
        id = self.jobs.add(_order(given, inputs), self.clock())
        if id is None:
            raise VisionRefusal(TOO_MANY)
        return id

    def _find(self, given: Mapping[str, Any]) -> Job | None:
        """The task of an id and a req_key; those of other req_keys are not seen."""
        id = given["task_id"]
        if not id.isdecimal():
            raise VisionRefusal(BAD_INPUT, "the task_id is not one of ours")
        job = self.jobs.find(id, self.clock())
        return job if job and job.order.req_key == given["req_key"] else None

    def _show(self, job: Job, host: str) -> object:
        spoiled = job.order.script.look
        if spoiled is not None and self.jobs.account.count(job.id, "looks") <= SPOILED_LOOKS:
            raise scripted_status(spoiled)
        return show(self.jobs, job, host)

    def _inputs(self, request: Request) -> Inputs:
        """What leads here is what leads to where the asker found us, or to where we listen."""
        address, port = request.scope["server"]
        return Inputs(self.own, (host(request), f"{address}:{port}"))


def _order(given: Mapping[str, Any], inputs: Inputs) -> Order:
    shape = inputs.picture(given["image_url"])
    if "mask_url" in given:
        inputs.check_masks(given["mask_url"])
    audio = given.get("audio_url")
    return order(given, shape, inputs.sound(audio) if audio else Sound(0))


def _script(given: Mapping[str, Any]) -> Script:
    """What is scripted beside the call; raises the refusal that was scripted for it."""
    script = parse(words(given))
    if script.http is not None:
        raise scripted_status(script.http)
    if script.refuse is not None:
        raise scripted(script.refuse)
    return script
