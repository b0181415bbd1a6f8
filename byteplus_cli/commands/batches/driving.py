"""A batch under way, drawn, until it ends or a signal does."""

from __future__ import annotations

from collections.abc import Callable, Generator

from byteplus_cli.errors import Interrupted
from byteplus_cli.generation.batch.board import Event
from byteplus_cli.generation.batch.engine import Engine
from byteplus_cli.generation.batch.progress import Done
from byteplus_cli.session import Session

CTRL_C = 130


class Drive:
    """Follows an engine. `patient` lets the first Ctrl-C stop submitting and nothing more;
    `deadline` is of the monotonic clock."""

    def __init__(
        self, session: Session, engine: Engine, *, patient: bool, deadline: float | None = None
    ) -> None:
        self._session = session
        self._engine = engine
        self._patient = patient
        self._deadline = deadline
        self.signal: Interrupted | None = None
        self.late = False

    def run(self, tell: Callable[[Done], None]) -> None:
        """To the end; what it came to is on the board."""
        self._session.terminal.follow(
            self._steps(), doing="submitting", many=True, tell={Done: tell}
        )

    def _steps(self) -> Generator[Event, None, None]:
        self._engine.start()
        while True:
            try:
                event = self._engine.event()
                if event is None:
                    return
                yield event
                self._check_time()
            except Interrupted as signal:
                self._heard(signal)
                yield self._engine.board.progress

    def _heard(self, signal: Interrupted) -> None:
        self._engine.stop()
        if self.signal or not self._patient or signal.exit_code != CTRL_C:
            self._engine.leave()
        else:
            self._session.around.listen_again()
        self.signal = self.signal or signal

    def _check_time(self) -> None:
        now = self._session.around.monotonic()
        if self._deadline is not None and now >= self._deadline and not self.late:
            self.late = True
            self._engine.leave()
