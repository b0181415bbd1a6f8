"""What the commands that save many tasks share: who saves them, and under which names."""

from __future__ import annotations

from collections.abc import Callable

from byteplus_cli.generation.entry import Entry
from byteplus_cli.generation.naming import Template
from byteplus_cli.generation.rescue.crew import Crew
from byteplus_cli.generation.target import ensure_writable
from byteplus_cli.session import Session


def templates(session: Session, output: str | None) -> Callable[[Entry], Template]:
    """The name for each task: from -o, else as when it was made, else the profile's."""
    chosen = Template.parse(session.profile.output if output is None else output, home=session.cwd)
    if output:
        ensure_writable(chosen.folder)

    def choose(entry: Entry) -> Template:
        return Template(entry.output) if entry.output and not output else chosen

    return choose


def crew_of(session: Session, jobs: int) -> Crew:
    """As many threads as `jobs`, that save for the profile of this run."""
    return Crew(
        clips=lambda: session.service,
        avatars=lambda: session.avatars,
        runner=session.runner,
        avatar_runner=session.avatar_runner,
        ledger=session.ledger,
        state=session.state,
        profile=session.profile.name,
        clocks=session.clocks,
        jobs=jobs,
    )
