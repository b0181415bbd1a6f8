"""What a batch came to, in words: what was saved, what was not and why, and what it cost."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from byteplus_cli.errors import ByteplusError
from byteplus_cli.generation.batch.progress import Done, Progress
from byteplus_cli.generation.cost import usd

# Of rows that ended alike no more names are told than can be read.
NAMES_SHOWN = 5
OUTCOMES = {
    "unsaved": "made, and not saved",
    "lost": "made or begun, and gone",
    "failed": "failed",
    "refused": "not taken",
    "unknown": "not known",
    "skipped": "not sent",
}


@dataclass
class Causes:
    """Rows that were not saved, by what kept them from it."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    names: defaultdict[tuple[str, str], list[str]] = field(
        default_factory=lambda: defaultdict(list)
    )
    errors: dict[tuple[str, str], ByteplusError] = field(default_factory=dict)

    def add(self, done: Done) -> None:
        if done.error is None:
            return
        cause = (done.outcome, done.error.code)
        self.counts[cause] += 1
        self.errors.setdefault(cause, done.error)
        if len(self.names[cause]) < NAMES_SHOWN:
            self.names[cause].append(done.row.name)

    def lines(self) -> Iterator[str]:
        """The most frequent first, each with some of its rows."""
        for cause, count in self.counts.most_common():
            outcome, code = cause
            names = ", ".join(self.names[cause])
            more = ", …" if count > NAMES_SHOWN else ""
            yield f"{count} {OUTCOMES[outcome]} ({code}): {names}{more}"


def summary(progress: Progress) -> str:
    """The counts of a run in one line."""
    done = progress.done
    parts = [f"{done['saved']} of {progress.total} saved"]
    if progress.before:
        parts.append(f"{progress.before} of them before" if done["saved"] else "")
    parts += [f"{done[name]} {words}" for name, words in OUTCOMES.items() if done[name]]
    if progress.open:
        parts.append(f"{len(progress.open)} still under way")
    if progress.left:
        parts.append(f"{progress.left} not sent")
    parts.append(f"${usd(progress.spent)}")
    return ", ".join(part for part in parts if part)
