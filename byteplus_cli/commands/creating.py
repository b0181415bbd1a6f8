"""What every command that makes something decides first: where to save, how long to wait, and
whether to make it or only to show what would be sent."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from byteplus_cli.generation.naming import Template
from byteplus_cli.generation.span import parse_span
from byteplus_cli.generation.target import ensure_plain, ensure_writable
from byteplus_cli.session import Session

if TYPE_CHECKING:
    from byteplus_cli.commands.planning import Plan

# Where nobody can press Ctrl-C, a wait that never ends would hold a job for ever.
UNATTENDED_TIMEOUT = 3600.0


class Saving(NamedTuple):
    """How long to wait for a task, and where to put what it made."""

    template: Template
    overwrite: bool
    timeout: float | None
    elsewhere: bool  # the user named a place, so a file saved before does not do
    keep: bool = False  # what is uploaded stays in storage

    @property
    def for_several(self) -> Template:
        """Names for more files than one: numbered, where one exact name was given."""
        return self.template.for_several() if self.template.is_name else self.template

    @classmethod
    def chosen(
        cls,
        session: Session,
        output: str | None,
        overwrite: bool,
        timeout: str | None,
        keep: bool = False,
    ) -> Saving:
        """From the options, checked before anything is sent; raises InvalidRequest."""
        seconds = _seconds(session, timeout)
        template = chosen_template(session, output)
        return cls(template, overwrite, seconds, elsewhere=output is not None, keep=keep)


def chosen_template(
    session: Session, output: str | None, columns: Collection[str] = ()
) -> Template:
    """Where to save, from `-o` or the profile; raises InvalidRequest if nothing can be there.

    `columns` are those of a manifest that may be in it.
    """
    place = session.profile.output if output is None else output
    template = Template.parse(place, home=session.cwd, columns=columns)
    ensure_writable(template.folder)
    if template.is_name:
        ensure_plain(Path(template.text))
    return template


def make_one(
    session: Session,
    options: Mapping[str, Any],
    plan: Callable[[Session, Mapping[str, Any]], Plan],
) -> None:
    """The whole of `create`, `draft` and `finalize`: plan, and then preview or make."""
    from byteplus_cli.commands import preview
    from byteplus_cli.commands.planning import check_budget

    saving = Saving.chosen(
        session,
        options["output"],
        options["overwrite"],
        options["timeout"],
        keep=options.get("keep", False),
    )
    planned = plan(session, options)
    if options.get("count", 1) != 1:
        from byteplus_cli.commands.batches.variations import make_several

        make_several(session, planned, saving, options)
        return
    if options["dry_run"] or options["as_"]:
        clip = preview.of_clip(session, planned, saving.template)
        preview.show(session, [clip], options["as_"])
        return
    check_budget(session, planned.estimate, options["max_cost"])
    from byteplus_cli.commands.making import make

    make(session, planned, saving, wait=options["wait"])


def _seconds(session: Session, timeout: str | None) -> float | None:
    if timeout is None:
        return None if session.around.stderr.isatty() else UNATTENDED_TIMEOUT
    return parse_span(timeout) or None
