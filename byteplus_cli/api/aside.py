"""Work on a thread of its own, for what hears no signal or knows no end."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from byteplus_cli.generation.watch import NOTICE_SECONDS

T = TypeVar("T")


def aside(act: Callable[[], T], seconds: float | None = None) -> T:
    """What `act` gives; raises TimeoutError after so many seconds, and leaves it to itself."""
    ended: queue.SimpleQueue[tuple[T | None, BaseException | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            ended.put((act(), None))
        except BaseException as error:  # noqa: BLE001 - handed to the thread that asked
            ended.put((None, error))

    threading.Thread(target=run, daemon=True).start()
    end = None if seconds is None else time.monotonic() + seconds
    while True:
        try:
            result, error = ended.get(timeout=NOTICE_SECONDS)
        except queue.Empty:
            if end is not None and time.monotonic() > end:
                raise TimeoutError from None
            continue
        if error is not None:
            raise error
        return result  # type: ignore[return-value]
