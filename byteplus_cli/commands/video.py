"""`byteplus video`: clips, and the tasks that make them."""

from pathlib import Path
from typing import Annotated

import typer

from byteplus_cli.commands import options as o
from byteplus_cli.commands.leaf import Leaf, words
from byteplus_cli.session import Session

app = words("Make clips from a prompt, and look after their tasks.")

Unsaved = Annotated[
    bool, typer.Option("--unsaved", help="Also delete finished clips that are not saved.")
]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, max=500, metavar="N")]
StatusFilter = Annotated[
    str | None,
    typer.Option("--status", metavar="STATUS", help="queued, running, succeeded, failed, ..."),
]


@app.command(cls=Leaf)
def create(
    ctx: typer.Context,
    prompt: o.Prompt = None,
    model: o.Model = None,
    image: o.FirstFrame = None,
    resolution: o.Resolution = None,
    ratio: o.Ratio = None,
    duration: o.Duration = None,
    frames: o.Frames = None,
    seed: o.Seed = None,
    camera_fixed: o.CameraFixed = None,
    audio: o.Audio = None,
    watermark: o.Watermark = None,
    save_last_frame: o.SaveLastFrame = None,
    format: o.Format = None,
    task_type: o.TaskType = None,
    priority: o.Priority = None,
    flex: o.Flex = None,
    expires_after: o.ExpiresAfter = None,
    callback_url: o.CallbackUrl = None,
    safety_id: o.SafetyId = None,
    extra: o.Extra = None,
    wait: o.Wait = True,
    timeout: o.Timeout = None,
    output: o.Output = None,
    overwrite: o.Overwrite = False,
) -> None:
    """Make one clip: submit, wait, save, and print the path.

    \b
    Examples:
      byteplus video create "a red fox in the snow"
      byteplus video create "she turns and smiles" -i portrait.jpg -d 8 -r 16:9
      byteplus video create @prompt.txt --resolution 720p -o clips/
      mpv "$(byteplus video create 'waves at night')"
    """
    from byteplus_cli.commands.making import Saving, make
    from byteplus_cli.commands.planning import plan_clip

    session: Session = ctx.obj
    saving = Saving.chosen(session, output, overwrite, timeout)
    plan = plan_clip(session, ctx.params)
    make(session, plan.request, plan.estimate, saving, wait=wait)


@app.command(cls=Leaf)
def get(
    ctx: typer.Context,
    ids: o.TaskIds,
    wait: o.Follow = False,
    timeout: o.Timeout = None,
    output: o.Output = None,
    overwrite: o.Overwrite = False,
) -> None:
    """Look at tasks, and save what is finished and not saved yet.

    \b
    Examples:
      byteplus video get @last
      byteplus video get cgt-20261120101530-ab12c --wait
    """
    from byteplus_cli.commands.looking import get_tasks
    from byteplus_cli.commands.making import Saving

    session: Session = ctx.obj
    get_tasks(session, ids, Saving.chosen(session, output, overwrite, timeout), wait=wait)


@app.command("list", cls=Leaf)
def list_(
    ctx: typer.Context,
    limit: Limit = 20,
    status: StatusFilter = None,
    model: o.Model = None,
    flex: o.Flex = None,
) -> None:
    """The account's tasks of the last 7 days, and what this machine knows of them."""
    from byteplus_cli.commands.looking import list_lines
    from byteplus_cli.generation.report import tasks_document

    session: Session = ctx.obj
    found = session.catalogue.video(model) if model else None
    entries = session.runner.list(
        limit=limit,
        status=status,
        model=found.id if found else None,
        tier="flex" if flex else None,
    )
    lines = list_lines(entries, session.around.now(), session.terminal.width)
    session.terminal.result(lines, tasks_document(entries, Path.cwd()))


@app.command(cls=Leaf)
def cancel(ctx: typer.Context, ids: o.TaskIds) -> None:
    """Cancel tasks that are still queued; a running task cannot be cancelled."""
    from byteplus_cli.commands.looking import for_each, ids_of

    session: Session = ctx.obj
    for_each(session, ids, session.runner.cancel, ids_of)


@app.command(cls=Leaf)
def delete(ctx: typer.Context, ids: o.TaskIds, unsaved: Unsaved = False) -> None:
    """Remove the records of finished tasks from the server; saved files stay."""
    from byteplus_cli.commands.looking import for_each, ids_of

    session: Session = ctx.obj
    for_each(session, ids, lambda id: session.runner.delete(id, unsaved=unsaved), ids_of)
