"""The one call on pictures: makes them, and hands them over whole or as they come."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from byteplus_cli.sandbox import links
from byteplus_cli.sandbox.images import view
from byteplus_cli.sandbox.images.groups import Group, Groups
from byteplus_cli.sandbox.images.order import Picture
from byteplus_cli.sandbox.images.rules import checked
from byteplus_cli.sandbox.images.stream import events
from byteplus_cli.sandbox.images.view import HandOver
from byteplus_cli.sandbox.own import Own
from byteplus_cli.sandbox.replies import JSON, EventStream, answer, broken_off
from byteplus_cli.sandbox.requests import check_key, host, parse_body, read_body
from byteplus_cli.sandbox.scripted import turn_down
from byteplus_cli.sandbox.shelf import ROOT, Shelf


@dataclass(frozen=True)
class Images:
    groups: Groups
    shelf: Shelf
    own: Own
    clock: Callable[[], float]

    async def generate(self, request: Request) -> Response:
        check_key(request)
        raw = await read_body(request)
        group = await run_in_threadpool(self._accept, raw)
        order, script = group.order, group.order.script
        hand_over = partial(self._hand_over, group, host(request))
        if script.lose:
            # What is answered from here on goes nowhere.
            request.scope["hang_up"]()
        if order.stream and not script.json:
            whole = order.breaks_after is None
            return EventStream(events(group, hand_over, self.clock), whole=whole)
        await asyncio.sleep(script.slow or 0)
        return await run_in_threadpool(_plain, group, hand_over)

    def _accept(self, raw: bytes) -> Group:
        order = checked(parse_body(raw), self.own.find)
        turn_down(order.script)
        return self.groups.add(order, self.clock())

    def _hand_over(self, group: Group, host: str, picture: Picture) -> dict[str, str]:
        file = group.file(picture)
        if group.order.base64:
            content = self.shelf.path(file).read_bytes()
            return {"b64_json": base64.b64encode(content).decode()}
        issued = group.created - (2 * links.LIFETIME if group.order.script.stale else 0)
        secret = self.groups.account.secret
        return {"url": links.signed(host, ROOT + file.name, issued, secret)}


def _plain(group: Group, hand_over: HandOver) -> Response:
    order = group.order
    if order.failure is not None:
        return answer(view.failed(group, order.failure))
    data = [view.entry(order, piece, hand_over) for piece in order.pieces]
    document = view.document(group, data)
    if order.breaks_after is None:
        return answer(document)
    whole, last = json.dumps(document), json.dumps(data[order.breaks_after - 1])
    sent = whole[: whole.index(last) + len(last)]
    return broken_off(sent.encode(), len(whole), JSON, {})
