"""What a batch came to, in words: what was saved, what was not and why, and what it cost."""

from __future__ import annotations

import shlex
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from byteplus_cli.errors import ByteplusError
from byteplus_cli.generation.batch.progress import Done, Progress
from byteplus_cli.generation.cost import usd
from byteplus_cli.session import Session

# What is asked for anew, or is no option.
LEFT_OUT = {"ctx", "manifest", "dry_run", "retry_failed"}
USUAL = {("kind", "video"), ("fail_fast", False), ("yes", False)}
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


def command(session: Session, options: Mapping[str, Any]) -> str:
    """The command line that goes on with a run: other options might make other rows of it."""
    words = ["batch", "run", shlex.quote(options["manifest"])]
    for name, value in options.items():
        option = "--" + name.replace("_", "-")
        if name in LEFT_OUT or value in (None, [], ()) or (name, value) in USUAL:
            continue
        if isinstance(value, bool):
            words.append(option if value else option.replace("--", "--no-", 1))
            continue
        for each in value if isinstance(value, list | tuple) else [value]:
            words += [option, shlex.quote(str(each))]
    if session.profile.is_sandbox and session.named_profile is None:
        words += ["-p", session.profile.name]
    return session.resume_words(" ".join(words))


def summary(progress: Progress) -> str:
    """The counts of a run in one line."""
    done = progress.done
    parts = [f"{done['saved']} of {progress.total} saved"]
    if progress.saved_before:
        parts.append(f"{progress.saved_before} of them before")
    parts += [f"{done[name]} {words}" for name, words in OUTCOMES.items() if done[name]]
    if progress.open:
        parts.append(f"{len(progress.open)} still under way")
    if progress.left:
        parts.append(f"{progress.left} not sent")
    parts.append(f"${usd(progress.spent)}")
    return ", ".join(part for part in parts if part)
