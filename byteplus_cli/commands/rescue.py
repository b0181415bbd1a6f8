"""`byteplus rescue`: save what is finished and not on this disk yet."""

from typing import Annotated

import typer

from byteplus_cli.commands import options as o
from byteplus_cli.commands.leaf import Leaf

app = typer.Typer(add_completion=False, rich_markup_mode=None)

WHAT = "What to save"
Everywhere = Annotated[
    bool,
    typer.Option(
        "--all", help="Also what other machines made with this account.", rich_help_panel=WHAT
    ),
]
DryRun = Annotated[
    bool,
    typer.Option("--dry-run", "-n", help="List what would be saved.", rich_help_panel=WHAT),
]
Jobs = Annotated[
    int,
    typer.Option(
        *("--jobs", "-j"),
        metavar="N",
        min=1,
        max=32,
        help="How many at a time.",
        rich_help_panel=o.SAVING,
    ),
]
Watch = Annotated[
    str | None,
    typer.Option(
        metavar="TIME",
        help="Go on for ever, with that pause: 10m, 1h.",
        rich_help_panel=o.SAVING,
    ),
]


@app.command(cls=Leaf)
def rescue(
    ctx: typer.Context,
    everywhere: Everywhere = False,
    dry_run: DryRun = False,
    jobs: Jobs = 4,
    watch: Watch = None,
    output: o.Output = None,
) -> None:
    """Save whatever is finished and was never saved here, soonest to expire first.

    Clips, pictures and avatars alike.

    Each gets the name that was asked for when it was made, from this folder on. With nothing to
    save it says nothing, so it can run every hour.

    \b
    Examples:
      byteplus rescue
      byteplus rescue --all --dry-run
      byteplus rescue --watch 10m
    """
    from byteplus_cli.commands.rescuing import run_rescue

    run_rescue(ctx.obj, ctx.params)
