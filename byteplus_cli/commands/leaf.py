"""The shape of a command: the options that all share, its session, and how help looks."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

from byteplus_cli.errors import ByteplusError
from byteplus_cli.session import Session

SHARED_PANEL = "Every command"


def _shared_options() -> list[Any]:
    return [
        TyperOption(
            param_decls=["chosen_profile", "--profile", "-p"],
            metavar="NAME",
            help="The profile to use; `sandbox` is free and offline.",
            rich_help_panel=SHARED_PANEL,
        ),
        _flag("as_json", "--json", help="One JSON document on stdout."),
        _flag("quiet", "--quiet", "-q", help="No progress and no notices."),
        _flag("verbose", "--verbose", "-v", help="Tell of each request."),
    ]


def _flag(*declarations: str, help: str) -> TyperOption:
    return flag(*declarations, help=help, panel=SHARED_PANEL, default=False)


def flag(*declarations: str, help: str, panel: str, default: bool | None) -> TyperOption:
    """An option without a value, for a class of commands."""
    return TyperOption(
        param_decls=list(declarations),
        is_flag=True,
        default=default,
        help=help,
        rich_help_panel=panel,
    )


class Taught:
    """Help whose examples come before the options, and are whole commands at any width."""

    help: str | None

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        from inspect import cleandoc

        from byteplus_cli.terminal.page import folded

        formatter.write_paragraph()
        with formatter.indentation():
            room = formatter.width - formatter.current_indent
            formatter.write_text(folded(cleandoc(self.help or ""), room))


class Leaf(Taught, TyperCommand):
    """A command that does something: its function finds the run's Session in `context.obj`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(_shared_options())

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]
        shared = ctx.params
        with Session(
            ctx.obj,
            profile=shared.pop("chosen_profile"),
            json=shared.pop("as_json"),
            quiet=shared.pop("quiet"),
            verbose=shared.pop("verbose"),
        ) as session:
            ctx.obj = session
            try:
                result = self.work(ctx, session)
            except ByteplusError as error:
                error.hint = session.with_profile(error.hint)
                raise
            session.terminal.finish()
            return result

    def work(self, ctx: Any, session: Session) -> Any:
        """What the command does, within its session."""
        return TyperCommand.invoke(self, ctx)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        for heading, records in self.sections(ctx).items():
            with formatter.section(heading):
                formatter.write_dl(records)

    def sections(self, ctx: Any) -> dict[str, list[tuple[str, str]]]:
        """Options under the heading of their panel, arguments first, shared ones last."""
        sections: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for param in self.get_params(ctx):
            if record := param.get_help_record(ctx):
                sections[_heading(param)].append(record)
        shared = sections.pop(SHARED_PANEL, [])
        return {**sections, SHARED_PANEL: shared}


class Words(Taught, TyperGroup):
    """A word with commands below it; alone, it shows its help."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args:
            args = ["--help"]
        return super().parse_args(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Each command with its whole first sentence."""
        commands = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary(command)) for name, command in commands])


def summary(command: Any) -> str:
    """What a command is for: the first paragraph of its help."""
    return " ".join((command.help or "").partition("\n\n")[0].split())


def _heading(param: Any) -> str:
    if param.param_type_name == "argument":
        return "Arguments"
    if param.name == "help":
        return SHARED_PANEL
    return getattr(param, "rich_help_panel", None) or "Options"


def words(help: str) -> typer.Typer:
    """A group of commands, such as `video`."""
    group = typer.Typer(
        help=help, cls=Words, add_completion=False, rich_markup_mode=None, no_args_is_help=False
    )
    # Without a function of its own, a group of one command would pass for that command.
    group.callback()(_nothing)
    return group


def _nothing() -> None:
    pass
