"""How a task of the Vision API looks to the one who asks."""

from __future__ import annotations

import json
from typing import Any

from byteplus_cli.sandbox.vision import files
from byteplus_cli.sandbox.vision.jobs import Job, Jobs, Status
from byteplus_cli.sandbox.vision.refusal import VisionRefusal, scripted


def show(jobs: Jobs, job: Job, host: str) -> dict[str, Any]:
    """The `data` of a look; raises the refusal of a task that ended in one."""
    if job.status is not Status.DONE:
        return {"status": job.status, "resp_data": ""}
    if job.order.script.fail:
        raise scripted(job.order.script.fail)
    if job.order.fault:
        raise VisionRefusal(job.order.fault)
    return {"status": job.status, "resp_data": json.dumps(_outcome(jobs, job, host))}


def _outcome(jobs: Jobs, job: Job, host: str) -> dict[str, Any]:
    if not job.order.films:
        return {"status": int(job.order.script.subjects > 0)}
    if job.order.script.empty:
        return {}
    issued = job.ends
    if job.order.script.stale and jobs.account.count(job.id, "links") == 1:
        issued -= 2 * files.LIFETIME
    return {"video_url": files.link(host, files.clip_name(job), issued, jobs.account.secret)}
