"""`byteplus batch`: many jobs from one manifest."""

from typing import Annotated

import typer

from byteplus_cli.commands import options as o
from byteplus_cli.commands.leaf import Leaf, words
from byteplus_cli.commands.waiting import Waiting

app = words(
    """Many jobs from one manifest: checked first, resumable, each paid for once.

    \b
    Examples:
      byteplus batch run shots.jsonl --dry-run
      byteplus batch status
    """
)

ROWS = "For all rows that do not say otherwise"
RUN = "The run"

Manifest = Annotated[
    str,
    typer.Argument(metavar="MANIFEST", help="JSON lines or CSV; - reads standard input."),
]
Kind = Annotated[
    str,
    typer.Option(
        metavar="video|image|avatar",
        help="What rows make that name no kind; the options below are for these.",
        rich_help_panel=ROWS,
    ),
]
Model = Annotated[
    str | None,
    typer.Option("--model", "-m", metavar="MODEL", help="The model.", rich_help_panel=ROWS),
]
Resolution = Annotated[
    str | None, typer.Option(metavar="480p|720p|...", help="Of clips.", rich_help_panel=ROWS)
]
Ratio = Annotated[
    str | None,
    typer.Option("--ratio", "-r", metavar="W:H", help="16:9, 9:16, ...", rich_help_panel=ROWS),
]
Duration = Annotated[
    int | None,
    typer.Option("--duration", "-d", metavar="SECONDS", help="Of clips.", rich_help_panel=ROWS),
]
Size = Annotated[
    str | None, typer.Option(metavar="2K|WxH", help="Of pictures.", rich_help_panel=ROWS)
]
Audio = Annotated[
    bool | None,
    typer.Option("--audio/--no-audio", help="Clips with sound or without.", rich_help_panel=ROWS),
]
Watermark = Annotated[
    bool | None,
    typer.Option(
        "--watermark/--no-watermark", help='"AI generated" in a corner.', rich_help_panel=ROWS
    ),
]
CameraFixed = Annotated[
    bool | None,
    typer.Option(
        "--camera-fixed/--no-camera-fixed", help="Keep the camera still.", rich_help_panel=ROWS
    ),
]
SaveLastFrame = Annotated[
    bool | None,
    typer.Option(
        "--save-last-frame/--no-save-last-frame",
        help="Save the last frames too.",
        rich_help_panel=ROWS,
    ),
]
Flex = Annotated[
    bool | None,
    typer.Option("--flex/--no-flex", help="Half the price, and slow.", rich_help_panel=ROWS),
]
ExpiresAfter = Annotated[
    str | None,
    typer.Option(metavar="TIME", help="Give up if not done by then.", rich_help_panel=ROWS),
]
Priority = Annotated[
    int | None, typer.Option(metavar="0-9", help="Higher starts sooner.", rich_help_panel=ROWS)
]
Format = Annotated[
    str | None,
    typer.Option("--format", metavar="FORMAT", help="The file format.", rich_help_panel=ROWS),
]
CallbackUrl = Annotated[
    str | None,
    typer.Option(metavar="URL", help="Where the service reports.", rich_help_panel=ROWS),
]
SafetyId = Annotated[
    str | None,
    typer.Option(metavar="TEXT", help="A hash of your end user.", rich_help_panel=ROWS),
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        "-j",
        metavar="N",
        min=1,
        help="How many of one model may be open at once; else 5 more than it runs.",
        rich_help_panel=RUN,
    ),
]
Shard = Annotated[
    str | None,
    typer.Option(
        metavar="I/N|auto",
        help="Only this machine's part; auto asks Kubernetes, Slurm, GitLab, Buildkite.",
        rich_help_panel=RUN,
    ),
]
Finished = Annotated[
    list[str] | None,
    typer.Option(
        "--done",
        metavar="RESULTS",
        help="Leave out what these results of other machines say is saved; repeatable.",
        rich_help_panel=RUN,
    ),
]
RetryFailed = Annotated[
    bool,
    typer.Option("--retry-failed", help="Also make what failed before.", rich_help_panel=RUN),
]
MaxFailures = Annotated[
    int | None,
    typer.Option(
        metavar="N", min=1, help="Submit nothing more after N failures.", rich_help_panel=RUN
    ),
]
FailFast = Annotated[
    bool,
    typer.Option("--fail-fast", help="The same after the first.", rich_help_panel=RUN),
]
MaxCost = Annotated[
    str | None,
    typer.Option(
        metavar="USD", help="Submit nothing more that would pass it.", rich_help_panel=o.MONEY
    ),
]
Yes = Annotated[
    bool,
    typer.Option("--yes", "-y", help="Agree to more than confirm_above.", rich_help_panel=o.MONEY),
]
DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run",
        "-n",
        help="Check, price and name everything; send nothing, need no key.",
        rich_help_panel=o.MONEY,
    ),
]
Output = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="PATH",
        help="A folder ending in /, or a template such as {row.name}.{ext}.",
        rich_help_panel=o.SAVING,
    ),
]
RunName = Annotated[
    str | None,
    typer.Argument(metavar="[RUN]", help="Its id, or the manifest; else all of them."),
]
Results = Annotated[
    list[str], typer.Argument(metavar="RESULTS...", help="Files named results.jsonl.")
]


@app.command(cls=Waiting)
def run(
    ctx: typer.Context,
    manifest: Manifest,
    kind: Kind = "video",
    model: Model = None,
    resolution: Resolution = None,
    ratio: Ratio = None,
    duration: Duration = None,
    size: Size = None,
    audio: Audio = None,
    watermark: Watermark = None,
    camera_fixed: CameraFixed = None,
    save_last_frame: SaveLastFrame = None,
    flex: Flex = None,
    expires_after: ExpiresAfter = None,
    priority: Priority = None,
    format: Format = None,
    callback_url: CallbackUrl = None,
    safety_id: SafetyId = None,
    jobs: Jobs = None,
    shard: Shard = None,
    done: Finished = None,
    retry_failed: RetryFailed = False,
    max_failures: MaxFailures = None,
    fail_fast: FailFast = False,
    max_cost: MaxCost = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    output: Output = None,
) -> None:
    """Make everything in a manifest: check it, price it, submit, wait, save, print the paths.

    A row is the options of `video create`, `image gen` or `avatar omnihuman` by their names,
    with its kind and a name of its own. The same manifest once more makes only what is missing.

    \b
    Examples:
      byteplus batch run shots.jsonl --dry-run
      byteplus batch run shots.jsonl -o clips/ --max-cost 20
      byteplus batch run shots.csv -o "clips/{row.name}.{ext}" -m seedance-1.0-pro --yes
      byteplus batch run posters.jsonl --kind image --size 2K --json
      byteplus batch run shots.jsonl --shard 2/8 --retry-failed
    """
    from byteplus_cli.commands.batches.running import run_batch

    run_batch(ctx.obj, manifest, ctx.params)


@app.command(cls=Leaf)
def status(ctx: typer.Context, run: RunName = None) -> None:
    """Where runs stand: what is saved, under way, failed, or still to do.

    \b
    Examples:
      byteplus batch status
      byteplus batch status shots.jsonl
    """
    from byteplus_cli.commands.batches.status import show_status

    show_status(ctx.obj, run)


@app.command(cls=Leaf)
def merge(ctx: typer.Context, results: Results) -> None:
    """Print the results of several machines as one: a line of JSON a row, in order.

    \b
    Example:
      byteplus batch merge shard-*/results.jsonl > results.jsonl
    """
    from byteplus_cli.commands.batches.status import merge_results

    merge_results(ctx.obj, results)
