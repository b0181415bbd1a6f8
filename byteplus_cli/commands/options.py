"""The options that commands share, one name each."""

from typing import Annotated

import typer

INPUT = "Input"
CLIP = "The clip"
SERVICE = "How the service runs it"
MONEY = "Money"
SAVING = "Waiting and saving"

Prompt = Annotated[
    str | None,
    typer.Argument(
        metavar="[PROMPT]",
        help="What to show. @FILE reads a file, - reads standard input, @@x is a literal @x.",
    ),
]
Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        "-m",
        metavar="MODEL",
        help="A short name such as seedance-2.0, a full id, or ep-...",
        rich_help_panel=INPUT,
    ),
]
FirstFrame = Annotated[
    str | None,
    typer.Option(
        "--image",
        "--first-frame",
        "-i",
        metavar="SRC",
        help="The first frame: a path, https://, data: or asset:// URL, or a task for its last"
        " frame.",
        rich_help_panel=INPUT,
    ),
]
LastFrame = Annotated[
    str | None,
    typer.Option(metavar="SRC", help="The last frame; needs --image.", rich_help_panel=INPUT),
]
RefImage = Annotated[
    list[str] | None,
    typer.Option(
        metavar="SRC", help="A picture to go by (Seedance 2.x); repeatable.", rich_help_panel=INPUT
    ),
]
RefVideo = Annotated[
    list[str] | None,
    typer.Option(
        metavar="SRC",
        help="A video to go by: a link, a task, or a path, which is put into your storage;"
        " repeatable.",
        rich_help_panel=INPUT,
    ),
]
RefAudio = Annotated[
    list[str] | None,
    typer.Option(metavar="SRC", help="A sound to go by; repeatable.", rich_help_panel=INPUT),
]
Resolution = Annotated[
    str | None,
    typer.Option(metavar="480p|720p|1080p|4k", help="As the model allows.", rich_help_panel=CLIP),
]
Ratio = Annotated[
    str | None,
    typer.Option(
        "--ratio",
        "-r",
        metavar="W:H",
        help="16:9, 4:3, 1:1, 3:4, 9:16, 21:9 or adaptive.",
        rich_help_panel=CLIP,
    ),
]
Duration = Annotated[
    int | None,
    typer.Option(
        "--duration",
        "-d",
        metavar="SECONDS",
        help="Whole seconds; -1 lets a newer model choose.",
        rich_help_panel=CLIP,
    ),
]
Frames = Annotated[
    int | None,
    typer.Option(
        metavar="N", help="Length in frames at 24 a second: 29, 33, ... 289.", rich_help_panel=CLIP
    ),
]
Seed = Annotated[
    int | None,
    typer.Option(
        metavar="N", help="Same seed, similar clip; one is chosen if none.", rich_help_panel=CLIP
    ),
]
CameraFixed = Annotated[
    bool | None,
    typer.Option(
        "--camera-fixed/--no-camera-fixed", help="Keep the camera still.", rich_help_panel=CLIP
    ),
]
Audio = Annotated[
    bool | None,
    typer.Option("--audio/--no-audio", help="A clip with sound or without.", rich_help_panel=CLIP),
]
Watermark = Annotated[
    bool | None,
    typer.Option(
        "--watermark/--no-watermark", help='"AI generated" in a corner.', rich_help_panel=CLIP
    ),
]
SaveLastFrame = Annotated[
    bool | None,
    typer.Option(
        "--save-last-frame/--no-save-last-frame",
        help="Save the last frame as a picture too.",
        rich_help_panel=CLIP,
    ),
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format", metavar="mp4|mov", help="The file format (Seedance 2.5).", rich_help_panel=CLIP
    ),
]
TaskType = Annotated[
    str | None,
    typer.Option(
        metavar="TYPE",
        help="auto, reference, edit or extend (Seedance 2.5).",
        rich_help_panel=SERVICE,
    ),
]
Priority = Annotated[
    int | None,
    typer.Option(
        metavar="0-9", help="Higher starts sooner (Seedance 2.x).", rich_help_panel=SERVICE
    ),
]
Flex = Annotated[
    bool | None,
    typer.Option(
        "--flex/--no-flex",
        help="Offline inference: half the price, and slow.",
        rich_help_panel=SERVICE,
    ),
]
ExpiresAfter = Annotated[
    str | None,
    typer.Option(
        metavar="TIME",
        help="Give up if not done by then: 1h to 72h.",
        rich_help_panel=SERVICE,
    ),
]
CallbackUrl = Annotated[
    str | None,
    typer.Option(
        metavar="URL", help="Where the service reports each change.", rich_help_panel=SERVICE
    ),
]
SafetyId = Annotated[
    str | None,
    typer.Option(
        metavar="TEXT",
        help="A hash of your end user, for abuse reports.",
        rich_help_panel=SERVICE,
    ),
]
Extra = Annotated[
    list[str] | None,
    typer.Option(
        metavar="KEY=JSON",
        help="Any other body field, sent as it is; repeatable.",
        rich_help_panel=SERVICE,
    ),
]
MaxCost = Annotated[
    str | None,
    typer.Option(metavar="USD", help="Refuse what may cost more.", rich_help_panel=MONEY),
]
DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run",
        "-n",
        help="Show the request and its price; send nothing, need no key.",
        rich_help_panel=MONEY,
    ),
]
As = Annotated[
    str | None,
    typer.Option(
        "--as", metavar="json|curl", help="How --dry-run shows the request.", rich_help_panel=MONEY
    ),
]
Wait = Annotated[
    bool,
    typer.Option(
        "--wait/--no-wait",
        help="Wait and save; or print the task id and leave.",
        rich_help_panel=SAVING,
    ),
]
Follow = Annotated[
    bool,
    typer.Option("--wait/--no-wait", help="Follow to the end, then save.", rich_help_panel=SAVING),
]
Timeout = Annotated[
    str | None,
    typer.Option(
        metavar="TIME",
        help="Stop waiting after 90, 10m or 1h30m; 0 never. The task lives on."
        " Default: 0 on a terminal, else 60m.",
        rich_help_panel=SAVING,
    ),
]
Output = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="PATH",
        help="A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}.",
        rich_help_panel=SAVING,
    ),
]
Overwrite = Annotated[
    bool,
    typer.Option(
        "--overwrite", help="Replace a different file of that name.", rich_help_panel=SAVING
    ),
]
Keep = Annotated[
    bool,
    typer.Option(
        "--keep/--no-keep",
        help="Leave what is uploaded in storage; else it goes once the clip is saved.",
        rich_help_panel=SAVING,
    ),
]
TaskIds = Annotated[
    list[str], typer.Argument(metavar="ID...", help="Task ids; @last is the latest, @-2 before it.")
]
