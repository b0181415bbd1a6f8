"""Progress of many jobs: counts, the few rows that matter, money so far, and honest time left."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from byteplus_cli.generation.batch.progress import Progress
from byteplus_cli.generation.cost import usd
from byteplus_cli.generation.retry import Pause
from byteplus_cli.terminal.layout import clock, literal, span
from byteplus_cli.terminal.progress import LiveView, PlainView, pause_words

if TYPE_CHECKING:
    from rich.console import Group

    from byteplus_cli.terminal.sink import Terminal

# Ten rows at this rate take 1 % of a core.
DRAWN_A_SECOND = 2
NAME_SHOWN, PROMPT_SHOWN = 20, 60
STOPPING = {
    "signal": "stopping: nothing more is submitted; Ctrl-C again leaves what is under way",
    "cost": "nothing more is submitted: the limit of --max-cost",
    "failures": "nothing more is submitted: too many failures",
    "disk": "nothing more is submitted: it could not be saved",
}


def view(terminal: Terminal) -> PlainBatch | LiveBatch:
    """The way of showing a batch that suits the terminal."""
    return LiveBatch(terminal) if terminal.live else PlainBatch(terminal)


class PlainBatch(PlainView):
    """A line of counts when it has something new to say, no more often than a heartbeat."""

    def show(self, event: object) -> None:
        if isinstance(event, Pause):
            self._say_pause(event)
        elif isinstance(event, Progress) and (event.open or event.left):
            stages = [stage for stage, count in event.stages().items() if count]
            # Requests leave all the time, which is no news.
            news = " ".join(sorted(set(stages) - {"submitting"}))
            self._say(event.stopping or news or "begun", counts(event, time.monotonic()))


class LiveBatch(LiveView):
    """A few lines that are drawn over themselves."""

    drawn_a_second = DRAWN_A_SECOND

    def __init__(self, terminal: Terminal) -> None:
        super().__init__(terminal, "checking", None)
        self._progress: Progress | None = None
        self._pause: tuple[Pause, float] | None = None

    def show(self, event: object) -> None:
        if isinstance(event, Pause):
            self._pause = (event, time.monotonic() + event.seconds)
        elif isinstance(event, Progress):
            self._progress = event

    def _line(self) -> Group:
        from rich.console import Group
        from rich.text import Text

        lines = [super()._line()]
        progress, now = self._progress, time.monotonic()
        if progress is None:
            return Group(*lines)
        for job in progress.shown():
            name = literal(job.row.name)[:NAME_SHOWN]
            prompt = literal(str(job.row.options.get("prompt") or ""))[:PROMPT_SHOWN]
            waited = clock(now - (job.begun or job.since))
            words = f"  {literal(job.status):<10} {waited:>6}  {name}  {prompt}"
            lines.append(Text(words, no_wrap=True, overflow="ellipsis"))
        if self._pause and now < self._pause[1]:
            lines.append(Text(f"  {pause_words(self._pause[0])}", style="magenta"))
        return Group(*lines)

    def _show_in_taskbar(self) -> None:
        progress = self._progress
        if progress is None or not progress.total:
            self._taskbar.show(None)
            return
        percent = 100 * sum(progress.done.values()) // progress.total
        self._taskbar.show(percent, trouble=bool(progress.failures))

    def _words(self, elapsed: float) -> str:
        if self._progress is None:
            return super()._words(elapsed)
        return counts(self._progress, time.monotonic())


def counts(progress: Progress, now: float) -> str:
    """How many rows stand where, the money so far, and the time left if it can be told."""
    done = progress.done
    others = sum(done.values()) - done["saved"]
    stages = progress.stages()
    parts = [f"{done['saved']}/{progress.total} saved"]
    parts += [f"{others} not"] if others else []
    parts += [f"{count} {literal(stage)}" for stage, count in sorted(stages.items()) if count]
    parts += [f"{progress.left} to go"] if progress.left and not progress.stopping else []
    parts.append(f"${usd(progress.spent)}")
    left = progress.seconds_left(now)
    parts += [f"about {span(left)} left"] if left else []
    if progress.stopping:
        parts.append(STOPPING[progress.stopping])
    return ", ".join(parts)
