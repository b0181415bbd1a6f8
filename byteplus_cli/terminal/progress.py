"""Progress while work goes on: drawn over itself on a real terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Protocol

from byteplus_cli.generation.download import Transfer
from byteplus_cli.generation.image.picture import Progress
from byteplus_cli.generation.retry import Pause
from byteplus_cli.generation.task import Task
from byteplus_cli.terminal.layout import clock, literal, size
from byteplus_cli.terminal.taskbar import Taskbar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

    from rich.console import RenderableType
    from rich.live import Live

    from byteplus_cli.terminal.sink import Terminal

DRAWN_A_SECOND = 4
HEARTBEAT = 30.0
HEARTBEAT_IN_CI = 60.0


class View(Protocol):
    """Shows events one after another; leaves the terminal clean however it ends."""

    def __enter__(self) -> View: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
    def show(self, event: object) -> None: ...
    def aside(self) -> AbstractContextManager[object]:
        """Makes room for lines that are to stay."""
        ...


def view(terminal: Terminal, doing: str, usual: str | None, *, many: bool = False) -> View:
    """The way of showing progress that suits the terminal; `usual` says how long it often takes."""
    if many:
        from byteplus_cli.terminal import batch_view

        return batch_view.view(terminal)
    if terminal.live:
        return LiveView(terminal, doing, usual)
    return PlainView(terminal, usual)


class PlainView:
    """One line a change of state, and a heartbeat so that a log shows the run is alive."""

    def __init__(
        self,
        terminal: Terminal,
        usual: str | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._terminal = terminal
        self._usual = usual
        self._monotonic = monotonic
        self._started = self._said_at = monotonic()
        self._state = ""
        self._pause = ""
        self._heartbeat = HEARTBEAT_IN_CI if terminal.env.get("CI") else HEARTBEAT

    def __enter__(self) -> PlainView:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def show(self, event: object) -> None:
        if isinstance(event, Pause):
            self._say_pause(event)
        elif isinstance(event, Task):
            self._say(event.status, event.status)
        elif isinstance(event, Progress):
            self._say(f"made {event.done}", made(event))
        elif isinstance(event, Transfer) and not self._state.startswith("made"):
            # Of pictures each that is saved is told by itself.
            self._say("saving", f"saving {transferred(event)}")

    def aside(self) -> AbstractContextManager[object]:
        return nullcontext()

    def _say_pause(self, pause: Pause) -> None:
        # The same trouble again and again is one line, and then a heartbeat.
        if pause.reason != self._pause or self._due():
            self._pause = pause.reason
            self._said_at = self._monotonic()
            self._terminal.note(pause_words(pause))

    def _say(self, state: str, words: str) -> None:
        self._pause = ""
        if state != self._state or self._due():
            self._state = state
            self._said_at = self._monotonic()
            usual, self._usual = f", {self._usual}" if self._usual else "", None  # said once
            self._terminal.note(f"{words} ({clock(self._said_at - self._started)}{usual})")

    def _due(self) -> bool:
        return self._monotonic() - self._said_at >= self._heartbeat


class LiveView:
    """A line that is drawn over itself: state, time so far, and what is usual."""

    drawn_a_second = DRAWN_A_SECOND

    def __init__(self, terminal: Terminal, doing: str, usual: str | None) -> None:
        self._terminal = terminal
        self._usual = usual
        self._taskbar = Taskbar(terminal.codes, terminal.env)
        self._started = time.monotonic()
        self._event: object = None
        self._state = doing
        self._live: Live | None = None

    def __enter__(self) -> LiveView:
        try:
            self._start()
        except BaseException:  # a signal, too: nothing is left as it should not be
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            if self._live:
                self._draw(self._live.stop)
        finally:
            self._taskbar.clear()

    def _start(self) -> None:
        from rich.console import Console
        from rich.live import Live

        console = Console(file=self._terminal.stderr, no_color=not self._terminal.colorful)
        self._live = Live(
            console=console,
            get_renderable=self._line,
            refresh_per_second=self.drawn_a_second,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._draw(self._live.start)

    def show(self, event: object) -> None:
        self._event = event
        if isinstance(event, Task):
            self._state = event.status
        elif isinstance(event, Progress):
            self._state = made(event)
        if self._live:
            self._draw(self._live.refresh)

    @contextmanager
    def aside(self) -> Iterator[None]:
        assert self._live  # noqa: S101 - asked for only while it is drawn
        self._draw(self._live.stop)
        try:
            yield
        finally:
            self._draw(self._live.start)

    def _draw(self, act: Callable[[], None]) -> None:
        with suppress(OSError):  # the terminal is gone; what was paid for goes on
            act()

    def _line(self) -> RenderableType:
        from rich.spinner import Spinner
        from rich.text import Text

        self._show_in_taskbar()
        elapsed = time.monotonic() - self._started
        spinner = Spinner("dots" if self._unicode() else "line")
        frame = spinner.frames[int(elapsed * 1000 / spinner.interval) % len(spinner.frames)]
        line = Text(f"{frame} {self._words(elapsed)}", no_wrap=True, overflow="ellipsis")
        line.stylize("cyan", 0, len(frame))
        return line

    def _show_in_taskbar(self) -> None:
        event, percent = self._event, None
        if isinstance(event, Transfer) and event.total:
            percent = 100 * event.done // event.total
        self._taskbar.show(percent, trouble=isinstance(event, Pause))

    def _words(self, elapsed: float) -> str:
        if isinstance(self._event, Transfer):
            return f"{self._state}  {transferred(self._event)}"
        state = literal(self._state)
        if isinstance(self._event, Pause):
            return f"{state}  {clock(elapsed)}  {pause_words(self._event)}"
        usual = f"  {self._usual}" if self._usual else ""
        return f"{state}  {clock(elapsed)}{usual}"

    def _unicode(self) -> bool:
        env = self._terminal.env
        locale = env.get("LC_ALL") or env.get("LC_CTYPE") or env.get("LANG")
        # There Python writes UTF-8 all the same, whatever the terminal makes of it.
        if locale in ("C", "POSIX"):
            return False
        return "utf" in (self._terminal.stderr.encoding or "").lower()


def made(progress: Progress) -> str:
    """How many pictures there are; of one alone there is no more to say than that it is made."""
    if progress.asked == 1 and progress.done < 2:
        return "made" if progress.done else "making the picture"
    if progress.asked is None and not progress.done:
        return "making the pictures"
    of = f" of {progress.asked}" if progress.done <= (progress.asked or 0) else ""
    return f"{progress.done}{of} picture{'' if (progress.done, of) == (1, '') else 's'} made"


def transferred(transfer: Transfer) -> str:
    """How far a download has come; a percentage, since bytes can be counted."""
    if not transfer.total:
        return size(transfer.done)
    if not transfer.done:
        return size(transfer.total)
    percent = 100 * transfer.done // transfer.total
    return f"{size(transfer.done)} of {size(transfer.total)}, {percent}%"


def pause_words(pause: Pause) -> str:
    """Why nothing happens just now, and for how long."""
    moment = f"in {pause.seconds:.0f} s" if pause.seconds >= 0.5 else "at once"
    return f"{literal(pause.reason).rstrip('.')}; {pause.then} {moment}"
