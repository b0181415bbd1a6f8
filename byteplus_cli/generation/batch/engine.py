"""Runs a batch: rows are submitted, watched and saved at the same time, until none is left."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from queue import Empty

from byteplus_cli.errors import ByteplusError
from byteplus_cli.generation.batch.board import Board, Event
from byteplus_cli.generation.batch.submitting import Submitting
from byteplus_cli.generation.batch.watching import Watching
from byteplus_cli.generation.watch import NOTICE_SECONDS

# What has happened is taken up so often; the rows ahead of a model's places hide that.
TICK = 0.05


@dataclass
class Engine:
    """One run. `error` is what ended it before its rows did."""

    board: Board
    submitting: Submitting
    watching: Watching
    error: ByteplusError | None = None
    _crash: BaseException | None = None
    _left: bool = False
    _thread: threading.Thread = field(init=False)

    def start(self) -> None:
        """Begin, in a thread that coordinates all others: no signal can come between two of its
        steps that belong together."""
        self._thread = threading.Thread(target=self._coordinate, daemon=True)
        self._thread.start()

    def event(self) -> Event | None:
        """What happens next, or how far it is if nothing does soon; None once all is over."""
        try:
            event = self.board.news.get(timeout=NOTICE_SECONDS)
        except Empty:
            if self._thread.is_alive() or not self.board.news.empty():
                return self.board.progress
            event = None
        if event is None and self._crash:
            raise self._crash
        return event

    def stop(self) -> None:
        """Submit nothing more; what is open is waited for and saved."""
        self.board.stop("signal")

    def leave(self) -> None:
        """Wait for nothing any more; what is open goes on without us."""
        self._left = True

    def _coordinate(self) -> None:
        try:
            while not self._over:
                self.submitting.go_on()
                self.watching.go_on()
                self.board.clocks.sleep(TICK)
                self.board.take_up()
        except ByteplusError as error:
            self.error = error
        except BaseException as fault:  # noqa: BLE001 - raised again by the thread that draws
            self._crash = fault
        self.board.news.put(None)

    @property
    def _over(self) -> bool:
        if self._left:
            return True
        if self.board.progress.open:
            return False
        return bool(self.board.progress.stopping) or not self.submitting.left
