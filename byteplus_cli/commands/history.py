"""`byteplus history`: what was made on this machine, where it is, and what it cost."""

from typing import Annotated

import typer

from byteplus_cli.commands.leaf import Leaf, words
from byteplus_cli.session import Session

app = words(
    """What this machine has made, where it is, and what it cost.

    \b
    Example:
      byteplus history list --since 2d
    """
)

Kind = Annotated[
    str | None, typer.Option(metavar="video|image|avatar", help="Only what is of that kind.")
]
Status = Annotated[
    str | None, typer.Option(metavar="STATUS", help="succeeded, failed, running, unknown, ...")
]
Model = Annotated[
    str | None,
    typer.Option(
        "--model", "-m", metavar="MODEL", help="A full id; a shorter name stands for every date."
    ),
]
Since = Annotated[
    str | None, typer.Option(metavar="TIME", help="From then on: 2d, 12h, or 2026-11-01.")
]
Until = Annotated[
    str | None, typer.Option(metavar="TIME", help="Until then; a day counts to its end.")
]
Grep = Annotated[
    str | None,
    typer.Option(metavar="TEXT", help="In the prompt or a file's name, in capitals or not."),
]
Unsaved = Annotated[bool, typer.Option("--unsaved", help="Only what was never saved here.")]
Limit = Annotated[
    int, typer.Option("--limit", "-n", min=1, metavar="N", help="No more than the newest N.")
]
What = Annotated[
    str,
    typer.Argument(metavar="ID|FILE", help="A task, @last, or a file by its content."),
]
Command = Annotated[
    bool, typer.Option("--command", help="Print the command line that would make it again.")
]
By = Annotated[str, typer.Option(metavar="day|month|model|profile|kind", help="What to add up.")]


@app.command("list", cls=Leaf)
def list_(
    ctx: typer.Context,
    kind: Kind = None,
    status: Status = None,
    model: Model = None,
    since: Since = None,
    until: Until = None,
    grep: Grep = None,
    unsaved: Unsaved = False,
    limit: Limit = 50,
) -> None:
    """Everything made on this machine, newest first.

    Of all profiles, or of the one that --profile names.

    \b
    Examples:
      byteplus history list
      byteplus history list --kind image --since 2d
      byteplus history list --grep fox --unsaved
    """
    from byteplus_cli.commands.history_list import show_list

    show_list(ctx.obj, ctx.params)


@app.command(cls=Leaf)
def show(ctx: typer.Context, what: What, command: Command = False) -> None:
    """All that is known of one thing, by its id or a file of it.

    A file is known by its content, so it may have another name. --command warns of what the
    command line cannot say, such as an input that has changed since.

    \b
    Examples:
      byteplus history show @last
      byteplus history show cgt-20261120101530-ab12c --command
    """
    from byteplus_cli.commands.history_one import named, show_command, show_one

    session: Session = ctx.obj
    entry = named(session, what)
    if command:
        show_command(session, entry)
        return
    show_one(session, entry)


@app.command(cls=Leaf)
def cost(ctx: typer.Context, by: By = "day", since: Since = None, until: Until = None) -> None:
    """Add up what was charged, and what is still open.

    OPEN is what unfinished tasks are estimated to cost, and UNKNOWN how many have no known price:
    that is never guessed. Days are those on which it was asked for. The sandbox costs nothing, so
    it is not counted unless --profile names it.

    \b
    Examples:
      byteplus history cost
      byteplus history cost --by model --since 30d
      byteplus history cost --by month --json
    """
    from byteplus_cli.commands.history_cost import show_cost

    show_cost(ctx.obj, by, since, until)
