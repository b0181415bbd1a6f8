"""The routes of the offline BytePlus."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from byteplus_cli.sandbox.callbacks import Callbacks
from byteplus_cli.sandbox.clips import Clips
from byteplus_cli.sandbox.files import Files
from byteplus_cli.sandbox.images.generate import Images
from byteplus_cli.sandbox.links import LinkRefused
from byteplus_cli.sandbox.own import Own
from byteplus_cli.sandbox.refusal import Refusal, kind
from byteplus_cli.sandbox.replies import link_refused, refused
from byteplus_cli.sandbox.shelf import ROOT
from byteplus_cli.sandbox.state import State
from byteplus_cli.sandbox.storage import calls as storages
from byteplus_cli.sandbox.video import Video
from byteplus_cli.sandbox.vision.calls import Calls
from byteplus_cli.sandbox.vision.door import Door
from byteplus_cli.sandbox.vision.files import Gallery

BASE = "/api/v3"
_TASKS = f"{BASE}/contents/generations/tasks"


def create_app(kept: State, callbacks: Callbacks, clock: Callable[[], float]) -> ASGIApp:
    clips, gallery = Clips(kept.tasks, kept.shelf, clock), Gallery(kept.jobs, clock)
    sources = (clips.find, gallery.find, kept.groups.find)
    files = Files(kept.account, kept.shelf, sources, clock)
    storage = storages.Storage(kept.objects, clock)
    own = Own({ROOT: files.open, f"{storages.ROOT}/": storage.open})
    video = Video(kept.tasks, clock, callbacks, own)
    images = Images(kept.groups, kept.shelf, own, clock)
    vision = Door(Calls(kept.jobs, own, clock), clock)
    app = Starlette(
        routes=[
            Route(_TASKS, video.create, methods=["POST"]),
            Route(_TASKS, video.list, methods=["GET"]),
            # There is no cancel call: the real service takes this for a create (LIVE-B).
            Route(f"{_TASKS}/{{id}}/cancel", video.create, methods=["POST"]),
            Route(f"{_TASKS}/{{id}}", video.get, methods=["GET"]),
            Route(f"{_TASKS}/{{id}}", video.delete, methods=["DELETE"]),
            Route(f"{BASE}/images/generations", images.generate, methods=["POST"]),
            Route(f"{ROOT}{{name}}", files.get, methods=["GET", "HEAD"]),
            *storages.routes(storage),
            Route("/", vision.call, methods=["GET", "POST"]),
        ],
        # 500 stands for whatever else goes wrong in here.
        exception_handlers=dict.fromkeys((Refusal, LinkRefused, HTTPException, 500), _explain),
    )
    app.router.redirect_slashes = False
    return with_request_ids(app)


def with_request_ids(app: ASGIApp) -> ASGIApp:
    """Gives every answer an id of its own, as the service does."""

    async def named(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["x-request-id"] = uuid4().hex
            await send(message)

        await app(scope, receive, send_named)

    return named


def _explain(_: Request, error: Exception) -> Response:
    match error:
        case Refusal():
            return refused(error)
        case LinkRefused():
            return link_refused(error)
        case HTTPException():
            return refused(Refusal(error.status_code, kind(error.status_code), error.detail))
    return refused(Refusal(500, "InternalServiceError", f"a fault in the sandbox: {error!r}"))
