"""`byteplus avatar`: portraits that speak or sing."""

from typing import Annotated

import typer

from byteplus_cli.commands import options as o
from byteplus_cli.commands.leaf import Leaf, words
from byteplus_cli.commands.waiting import Making, Waiting
from byteplus_cli.errors import InvalidRequest
from byteplus_cli.session import Session

app = words(
    """Make a portrait speak or sing a sound file.

    \b
    Example:
      byteplus avatar omnihuman --image portrait.jpg --audio hello.mp3
    """
)

AVATAR = "The avatar"


def _lines(text: str) -> int:
    """720 or 720p, as clips have it."""
    lines = text.removesuffix("p")
    if not lines.isdecimal():
        raise InvalidRequest(f"--resolution {text} is not a number of lines", hint="720 or 1080")
    return int(lines)


Portrait = Annotated[
    str,
    typer.Option(
        "--image",
        "-i",
        metavar="SRC",
        help="The portrait: a path, an https:// URL, or an earlier picture such as @last.",
        rich_help_panel=o.INPUT,
    ),
]
Speech = Annotated[
    str,
    typer.Option(
        "--audio",
        "-a",
        metavar="SRC",
        help="What it says or sings: a WAV or MP3 file, or an https:// URL; under 60 s.",
        rich_help_panel=o.INPUT,
    ),
]
Model = Annotated[
    str | None,
    typer.Option(
        "--model", "-m", metavar="1.5|1.0", help="Which OmniHuman.", rich_help_panel=o.INPUT
    ),
]
MaskIndex = Annotated[
    list[int] | None,
    typer.Option(
        metavar="N",
        help="Who speaks, where several could: 0 is the largest; repeatable.",
        rich_help_panel=AVATAR,
    ),
]
MaskUrl = Annotated[
    list[str] | None,
    typer.Option(
        metavar="URL", help="The same by a mask of your own; repeatable.", rich_help_panel=AVATAR
    ),
]
Prompt = Annotated[
    str | None,
    typer.Option(
        "--prompt",
        metavar="TEXT",
        help="How they move, and what the camera does. @FILE reads a file.",
        rich_help_panel=AVATAR,
    ),
]
Resolution = Annotated[
    int | None,
    typer.Option(metavar="720|1080", parser=_lines, help="Lines.", rich_help_panel=AVATAR),
]
Seed = Annotated[
    int | None,
    typer.Option(metavar="N", help="Same seed, similar video.", rich_help_panel=AVATAR),
]
Fast = Annotated[
    bool | None,
    typer.Option("--fast/--no-fast", help="Sooner, and not as good.", rich_help_panel=AVATAR),
]


@app.command(cls=Making)
def omnihuman(
    ctx: typer.Context,
    image: Portrait,
    audio: Speech,
    model: Model = None,
    mask_index: MaskIndex = None,
    mask_url: MaskUrl = None,
    prompt: Prompt = None,
    resolution: Resolution = None,
    seed: Seed = None,
    fast: Fast = None,
    max_cost: o.MaxCost = None,
    dry_run: o.DryRun = False,
    wait: o.Wait = True,
    timeout: o.Timeout = None,
    output: o.Output = None,
    overwrite: o.Overwrite = False,
    keep: o.Keep = False,
) -> None:
    """Make a portrait speak: submit, wait, save, and print the path.

    The service takes links only, so local files are put into your own storage first, and removed
    once the video is saved. One avatar is made at a time: others wait their turn.

    \b
    Examples:
      byteplus avatar omnihuman --image portrait.jpg --audio hello.mp3
      byteplus avatar omnihuman -i band.jpg -a song.wav --mask-index 0 --mask-index 1
      byteplus avatar omnihuman -i @last -a hello.mp3 --prompt "she nods" --resolution 720

    Guides: `byteplus help prompts`, `byteplus help templates`.
    """
    from byteplus_cli.commands.portraits import speak

    speak(ctx.obj, ctx.params)


@app.command(cls=Waiting)
def subjects(ctx: typer.Context, image: Portrait, output: o.Output = None) -> None:
    """Show who can speak in a picture: save a mask of each, numbered for --mask-index.

    \b
    Example:
      byteplus avatar subjects --image band.jpg -o masks/
    """
    from byteplus_cli.commands.masks import show_subjects

    show_subjects(ctx.obj, image, output)


@app.command(cls=Making)
def get(
    ctx: typer.Context,
    ids: o.TaskIds,
    wait: o.Follow = False,
    timeout: o.Timeout = None,
    output: o.Output = None,
    overwrite: o.Overwrite = False,
) -> None:
    """Look at avatars, and save what is finished and not saved yet, within its hour.

    \b
    Example:
      byteplus avatar get @last --wait
    """
    from byteplus_cli.commands.creating import Saving
    from byteplus_cli.commands.looking import get_tasks

    session: Session = ctx.obj
    saving = Saving.chosen(session, output, overwrite, timeout)
    get_tasks(session, ids, saving, wait=wait, kind="avatar")


@app.command(cls=Leaf)
def cancel(ctx: typer.Context, ids: o.TaskIds) -> None:
    """Cancel avatars that are still queued.

    \b
    Example:
      byteplus avatar cancel @last
    """
    from byteplus_cli.commands.looking import for_each, ids_of

    session: Session = ctx.obj
    for_each(session, ids, session.avatar_runner.cancel, ids_of, "avatar")
