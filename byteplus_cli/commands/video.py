"""`byteplus video`: clips, and the tasks that make them."""

import typer

from byteplus_cli.commands import options as o
from byteplus_cli.commands import video_options as v
from byteplus_cli.commands.leaf import Leaf, words
from byteplus_cli.commands.waiting import Making
from byteplus_cli.session import Session

app = words(
    """Make clips from a prompt, and look after their tasks.

    \b
    Examples:
      byteplus video create "a red fox in the snow"
      byteplus video get @last --wait
    """
)


@app.command(cls=Making)
def create(
    ctx: typer.Context,
    prompt: o.Prompt = None,
    model: o.Model = None,
    image: o.FirstFrame = None,
    last_frame: o.LastFrame = None,
    ref_image: o.RefImage = None,
    ref_video: o.RefVideo = None,
    ref_audio: o.RefAudio = None,
    resolution: o.Resolution = None,
    ratio: o.Ratio = None,
    duration: o.Duration = None,
    frames: o.Frames = None,
    seed: o.Seed = None,
    count: v.Count = 1,
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
    max_cost: o.MaxCost = None,
    dry_run: o.DryRun = False,
    as_: o.As = None,
    wait: o.Wait = True,
    timeout: o.Timeout = None,
    output: o.Output = None,
    overwrite: o.Overwrite = False,
    keep: o.Keep = False,
) -> None:
    """Make one clip: submit, wait, save, and print the path.

    \b
    Examples:
      byteplus video create "a red fox in the snow"
      byteplus video create "she turns and smiles" -i portrait.jpg -d 8 -r 16:9
      byteplus video create "day turns to night" -m seedance-1.0-pro \\
          -i noon.jpg --last-frame dusk.jpg
      byteplus video create "Image 1 rides through Image 2" -m seedance-2.0 \\
          --ref-image rider.png --ref-image desert.png
      byteplus video create "a red fox" --count 4 -o foxes/
      byteplus video create @prompt.txt --flex --expires-after 24h --timeout 24h
      mpv "$(byteplus video create 'waves at night')"

    Guides: `byteplus help prompts`, `byteplus help templates`.
    """
    from byteplus_cli.commands.creating import make_one
    from byteplus_cli.commands.planning import plan_clip

    make_one(ctx.obj, ctx.params, plan_clip)


@app.command(cls=Making)
def draft(
    ctx: typer.Context,
    prompt: o.Prompt = None,
    model: o.Model = None,
    image: o.FirstFrame = None,
    last_frame: o.LastFrame = None,
    ref_image: o.RefImage = None,
    ref_video: o.RefVideo = None,
    ref_audio: o.RefAudio = None,
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
    max_cost: o.MaxCost = None,
    dry_run: o.DryRun = False,
    as_: o.As = None,
    wait: o.Wait = True,
    timeout: o.Timeout = None,
    output: o.Output = None,
    overwrite: o.Overwrite = False,
    keep: o.Keep = False,
) -> None:
    """Make a cheap 480p preview; `finalize` makes the full clip from it for 7 days.

    \b
    Examples:
      byteplus video draft "a paper boat in the rain" -d 8
      byteplus video finalize @last
    """
    from functools import partial

    from byteplus_cli.commands.creating import make_one
    from byteplus_cli.commands.planning import plan_clip

    make_one(ctx.obj, ctx.params, partial(plan_clip, draft=True))


@app.command(cls=Making)
def finalize(
    ctx: typer.Context,
    draft_id: v.DraftId,
    resolution: o.Resolution = None,
    watermark: o.Watermark = None,
    save_last_frame: o.SaveLastFrame = None,
    format: o.Format = None,
    priority: o.Priority = None,
    expires_after: o.ExpiresAfter = None,
    callback_url: o.CallbackUrl = None,
    safety_id: o.SafetyId = None,
    extra: o.Extra = None,
    max_cost: o.MaxCost = None,
    dry_run: o.DryRun = False,
    as_: o.As = None,
    wait: o.Wait = True,
    timeout: o.Timeout = None,
    output: o.Output = None,
    overwrite: o.Overwrite = False,
) -> None:
    """Make the full 1080p clip of a draft; prompt, media, length and seed stay the draft's.

    \b
    Example:
      byteplus video finalize @last -o boat.mp4
    """
    from byteplus_cli.commands.creating import make_one
    from byteplus_cli.commands.finals import plan_final

    make_one(ctx.obj, ctx.params, lambda s, options: plan_final(s, draft_id, options))


@app.command(cls=Making)
def chain(
    ctx: typer.Context,
    prompts: v.Prompts = None,
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
    priority: o.Priority = None,
    flex: o.Flex = None,
    expires_after: o.ExpiresAfter = None,
    safety_id: o.SafetyId = None,
    extra: o.Extra = None,
    join: v.Join = True,
    drop_seam: v.DropSeam = False,
    resume: v.Resume = None,
    prompt: v.NewPrompt = None,
    max_cost: o.MaxCost = None,
    dry_run: o.DryRun = False,
    as_: o.As = None,
    timeout: o.Timeout = None,
    output: o.Output = None,
    overwrite: o.Overwrite = False,
) -> None:
    """Make several clips, each starting where the one before ends, and join them.

    \b
    Examples:
      byteplus video chain "a boat leaves" "a storm comes" "calm again" -o voyage.mp4
      byteplus video chain @shots.txt -i boat.jpg --max-cost 2
      byteplus video chain --resume chain-1a2b3c4d --prompt 2="a lighter storm"
    """
    from byteplus_cli.commands.chaining import run_chain

    run_chain(ctx.obj, prompts or [], ctx.params)


@app.command(cls=Making)
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
    from byteplus_cli.commands.creating import Saving
    from byteplus_cli.commands.looking import get_tasks

    session: Session = ctx.obj
    get_tasks(session, ids, Saving.chosen(session, output, overwrite, timeout), wait=wait)


@app.command("list", cls=Leaf)
def list_(
    ctx: typer.Context,
    limit: v.Limit = 20,
    status: v.OfStatus = None,
    model: v.OfModel = None,
    flex: v.OfFlex = None,
) -> None:
    """The account's tasks of the last 7 days, and what this machine knows of them.

    \b
    Examples:
      byteplus video list
      byteplus video list --status succeeded -n 50
      byteplus video list --json | jq -r '.items[].id'
    """
    from byteplus_cli.commands.looking import checked_status, list_lines
    from byteplus_cli.generation.report import tasks_document

    session: Session = ctx.obj
    found = session.catalogue.video(model) if model else None
    listing = session.runner.list(
        limit=limit,
        status=checked_status(status),
        model=found.id if found else None,
        tier=None if flex is None else "flex" if flex else "default",
    )
    if listing.unreadable:
        session.terminal.warn(f"{listing.unreadable} more in the list cannot be read")
    lines = list_lines(listing.entries, session.around.now(), session.terminal.width)
    session.terminal.result(lines, tasks_document(listing.entries, session.cwd))


@app.command(cls=Leaf)
def cancel(ctx: typer.Context, ids: o.TaskIds) -> None:
    """Cancel tasks that are still queued; a running task cannot be cancelled.

    \b
    Examples:
      byteplus video cancel @last
      byteplus video cancel cgt-20261120101530-ab12c
    """
    from byteplus_cli.commands.looking import for_each, ids_of

    session: Session = ctx.obj
    for_each(session, ids, session.runner.cancel, ids_of)


@app.command(cls=Leaf)
def delete(ctx: typer.Context, ids: o.TaskIds, unsaved: v.Unsaved = False) -> None:
    """Remove the records of finished tasks from the server; saved files stay.

    \b
    Examples:
      byteplus video delete @last
      byteplus video delete @last --unsaved
    """
    from byteplus_cli.commands.looking import for_each, ids_of

    session: Session = ctx.obj
    for_each(session, ids, lambda id: session.runner.delete(id, unsaved=unsaved), ids_of)
