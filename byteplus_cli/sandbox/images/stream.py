"""Pictures as they come: one event each, written when its picture is made."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from starlette.concurrency import run_in_threadpool

from byteplus_cli.sandbox.images import view
from byteplus_cli.sandbox.images.groups import Group
from byteplus_cli.sandbox.images.order import Order
from byteplus_cli.sandbox.images.view import HandOver

# Between two pictures, so that they can be seen to come; `[[slow:…]]` stretches it.
PAUSE_SECONDS = 0.3
END = "data: [DONE]\n\n"


async def events(
    group: Group, hand_over: HandOver, clock: Callable[[], float]
) -> AsyncIterator[str]:
    """All that is sent; a scripted break leaves out how it ends."""
    order = group.order
    if order.failure is not None:
        await asyncio.sleep(order.script.slow or 0)
        yield view.failed_event(order.failure)
        yield END
        return
    for piece in order.pieces[: order.breaks_after]:
        await asyncio.sleep(_pause(order, piece.index))
        yield await run_in_threadpool(view.progress, group, piece, clock(), hand_over)
    if order.breaks_after is None:
        yield view.completed(group, clock())
        yield END


def _pause(order: Order, index: int) -> float:
    """How long the picture of that place takes."""
    if order.script.slow is not None:
        return order.script.slow / len(order.pieces)
    return PAUSE_SECONDS if index else 0
