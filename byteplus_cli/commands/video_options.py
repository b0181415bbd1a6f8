"""The options that only `byteplus video` has."""

from typing import Annotated

import typer

from byteplus_cli.commands.options import CLIP

FILM = "The film"
GOING_ON = "A chain that was begun"
WHICH = "Which tasks"

DraftId = Annotated[str, typer.Argument(metavar="DRAFT_ID", help="The draft's id, or @last.")]
Prompts = Annotated[
    list[str] | None,
    typer.Argument(metavar="PROMPT...", help="One for each clip; @FILE holds one a line."),
]
Join = Annotated[
    bool,
    typer.Option("--join/--no-join", help="One film, or the clips alone.", rich_help_panel=FILM),
]
DropSeam = Annotated[
    bool,
    typer.Option(
        "--drop-seam", help="Leave out the frame that two clips share.", rich_help_panel=FILM
    ),
]
Resume = Annotated[
    str | None,
    typer.Option(
        metavar="CHAIN_ID",
        help="Go on with a chain, paying only for what is missing.",
        rich_help_panel=GOING_ON,
    ),
]
NewPrompt = Annotated[
    list[str] | None,
    typer.Option(
        "--prompt",
        metavar="N=TEXT",
        help="With --resume: another prompt for clip N.",
        rich_help_panel=GOING_ON,
    ),
]
Unsaved = Annotated[
    bool, typer.Option("--unsaved", help="Also delete finished clips that are not saved.")
]
Count = Annotated[
    int,
    typer.Option(
        metavar="N",
        help="The same N times, each with another seed; made and saved together.",
        rich_help_panel=CLIP,
    ),
]
Limit = Annotated[
    int,
    typer.Option(
        *("--limit", "-n"),
        min=1,
        max=500,
        metavar="N",
        help="At most so many.",
        rich_help_panel=WHICH,
    ),
]
OfStatus = Annotated[
    str | None,
    typer.Option(
        "--status",
        metavar="STATUS",
        help="queued, running, succeeded, failed, ...",
        rich_help_panel=WHICH,
    ),
]
OfModel = Annotated[
    str | None,
    typer.Option(
        "--model", "-m", metavar="MODEL", help="Those of one model.", rich_help_panel=WHICH
    ),
]
OfFlex = Annotated[
    bool | None,
    typer.Option("--flex/--no-flex", help="Those of offline inference.", rich_help_panel=WHICH),
]
