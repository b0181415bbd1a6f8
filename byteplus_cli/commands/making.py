"""From a checked request to saved files: the steps that every command which makes clips shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from byteplus_cli.commands.creating import Saving
from byteplus_cli.commands.leaving import accounted, detaching, get_words, outlived
from byteplus_cli.commands.showing import show
from byteplus_cli.commands.uploading import remove_uploads, uploaded
from byteplus_cli.errors import (
    ByteplusError,
    Charge,
    Detached,
    Interrupted,
    Missing,
    Moderated,
    NotSaved,
    StillRunning,
    WrongState,
)
from byteplus_cli.generation.naming import Template
from byteplus_cli.generation.report import draft_seconds_left, shown_path, task_document
from byteplus_cli.generation.task import is_moderation
from byteplus_cli.generation.uploads import needed_seconds
from byteplus_cli.session import Session
from byteplus_cli.terminal.layout import clock, size, span

if TYPE_CHECKING:
    from byteplus_cli.commands.planning import Plan
    from byteplus_cli.generation.cost import Estimate
    from byteplus_cli.generation.entry import Entry, SavedFile
    from byteplus_cli.generation.task import Failure, Task
    from byteplus_cli.generation.video import VideoRequest


def make(session: Session, plan: Plan, saving: Saving, *, wait: bool) -> None:
    """Submit, and then wait and save, or just print the id."""
    with accounted(session, "video"):
        id = submit(session, plan, saving)
        see_through(session, id, saving, _plan_words(plan.request, plan.estimate), wait=wait)


def see_through(session: Session, id: str, saving: Saving, words: str, *, wait: bool) -> None:
    """From an accepted task to the printed paths, or with no wait to its id alone."""
    if not wait:
        session.terminal.note(f"go on with: {get_words(session, id, wait=True)}")
        session.terminal.result([id], task_document(session.ledger.find(id), session.cwd))
        return
    with detaching(session, id):
        session.terminal.note(f"submitted {id}")
        session.terminal.note(words)
        task = wait_for(session, id, saving, made=True)
    paths = save(session, task, saving)
    document = task_document(session.ledger.find(id), session.cwd)
    session.terminal.result(paths, document, files=paths)


def submit(
    session: Session,
    plan: Plan,
    saving: Saving,
    *,
    chain: str | None = None,
    step: int | None = None,
) -> str:
    """Upload what needs it and send the request; gives the task's id."""
    runner = session.runner
    _ = session.service  # without a key or a ledger nothing is to be uploaded
    seconds = needed_seconds(plan.request.record())
    request = uploaded(session, plan.request, seconds, keep=saving.keep)
    entry = session.terminal.follow(
        runner.submit(
            request,
            output=saving.template.text,
            estimate=plan.estimate.usd_text,
            chain=chain,
            step=step,
        ),
        doing="submitting",
    )
    return str(entry.id)


def wait_for(session: Session, id: str, saving: Saving, *, made: bool = False) -> Task:
    """Follow a task to success; raises Detached, StillRunning, Moderated or WrongState.

    One that was `made` by this run goes on, whatever a look at it meets.
    """
    runner = session.runner_for(id)
    with detaching(session, id):
        usual = _usual_words(session, id)
        try:
            task = session.terminal.follow(
                runner.watch(id, timeout=saving.timeout), doing="waiting", usual=usual
            )
        except StillRunning as late:
            late.task_id, late.charge = id, Charge.LATER
            late.hint = get_words(session, id, wait=True)
            raise
        except ByteplusError as error:
            if made and error.task_id is None:
                raise outlived(session, id, error) from error
            raise
    check_ended_well(task)
    return task


def save(session: Session, task: Task, saving: Saving) -> list[str]:
    """Save a finished task's files, unless they are on the disk already; gives their paths."""
    entry = session.ledger.find(task.id)
    # Where it was to go when it was made, unless another place is named now.
    before = Template(entry.output) if entry.output and not saving.elsewhere else None
    resume = get_words(session, task.id)
    runner = session.runner_for(task.id)
    files = entry.files
    try:
        if not entry.saved or saving.elsewhere:
            files = session.terminal.follow(
                runner.save(task, before or saving.template, overwrite=saving.overwrite),
                doing="saving",
            )
            for file in files:
                _say_saved(session, file, entry)
        session.first_saved = session.first_saved or files[0].path
        remove_uploads(session, entry)
    except (NotSaved, Missing) as error:
        error.task_id, error.hint = task.id, error.hint or resume
        error.charge = error.charge or Charge.YES
        raise
    except Interrupted as signal:
        raise Detached(
            f"task {task.id} is {_saved_words(session, task)}",
            exit_code=signal.exit_code,
            hint=resume,
            task_id=task.id,
            charge=Charge.YES,
        ) from signal
    # A film is what a whole chain came to, and not one of its clips.
    return [shown_path(file.path, session.cwd) for file in files if file.role != "joined"]


def _saved_words(session: Session, task: Task) -> str:
    """How far the saving of a finished task has come."""
    done = [shown_path(file.path, session.cwd) for file in session.ledger.find(task.id).files]
    if not done:
        return "finished but not saved"
    saved = f"saved as {done[0]}"
    return saved if len(done) >= len(task.outputs) else f"{saved}, but not its last frame"


def check_ended_well(task: Task) -> None:
    """Raise what a task that did not succeed means."""
    if not task.succeeded:
        raise ended_badly(task.id, task.kind, task.status, task.failure, task.request_id)


def ended_badly(
    id: str, kind: str, status: str, reason: Failure | None, request_id: str | None = None
) -> ByteplusError:
    """What it means that a task did not succeed, in the service's words."""
    moderated = reason is not None and is_moderation(reason.code)
    error = Moderated if moderated else WrongState
    words = "refused by content moderation" if moderated else f"ended as {status}"
    return error(
        f"task {id} {words}",
        details=reason.message if reason else None,
        code=reason.code if reason else str(status),
        request_id=request_id,
        task_id=id,
        # Of clips it is documented that failures are not billed, of avatars nothing is.
        charge=Charge.NO if kind == "video" else Charge.UNKNOWN,
        hint="change the prompt or the pictures" if moderated else None,
    )


def _say_saved(session: Session, file: SavedFile, entry: Entry) -> None:
    for difference in file.facts.get("differs") or []:
        session.terminal.warn(difference)
    if file.role == "video":
        facts = file.facts
        parts = [
            f"{facts['width']}x{facts['height']}",
            f"{facts['seconds']:.1f} s",
            size(file.bytes),
            f"${cost}" if (cost := session.ledger.find(str(entry.id)).cost) else None,
        ]
        session.terminal.note("saved, " + ", ".join(part for part in parts if part))
        show(session, file.path)
        if entry.is_draft:
            _say_final(session, entry)


def _usual_words(session: Session, id: str) -> str | None:
    """How long it often takes: here, or else as others tell; None where nobody knows."""
    if seconds := session.runner_for(id).usual_seconds(id):
        return f"usually about {clock(seconds)}"
    entry = session.ledger.known(id)
    model = session.catalogue.known_video(entry.model or "") if entry else None
    if model is None or model.usual is None or session.profile.is_sandbox:
        return None
    low, high = map(clock, model.usual)
    return f"others report {low} to {high} for 5 s of 480p"


def _say_final(session: Session, entry: Entry) -> None:
    left = draft_seconds_left(entry, session.around.now())
    command = session.resume_words(f"video finalize {entry.id}")
    session.terminal.note(f"a draft, which can be finished for {span(left)}: {command}")


def _plan_words(request: VideoRequest, estimate: Estimate) -> str:
    length = f"{request.frames} frames" if request.frames else None
    if request.duration is not None:
        length = f"{request.duration} s"
    parts = [request.model, request.resolution, request.ratio, length, estimate.words]
    return ", ".join(part for part in parts if part)
