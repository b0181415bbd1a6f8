"""Several clips, each starting on the last frame of the one before, joined into one film."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from byteplus_cli.commands import preview, sources
from byteplus_cli.commands.chain_plan import Chain, begun, refuse_idle, resumed
from byteplus_cli.commands.creating import Saving
from byteplus_cli.commands.leaving import accounted
from byteplus_cli.commands.making import save, submit, wait_for
from byteplus_cli.commands.planning import Plan, check_budget, plan_clip
from byteplus_cli.errors import (
    ByteplusError,
    Charge,
    Detached,
    Interrupted,
    InvalidRequest,
    NotSaved,
    PartlyFailed,
    StillRunning,
    WrongState,
)
from byteplus_cli.generation import cost, naming
from byteplus_cli.generation.database import LedgerError
from byteplus_cli.generation.entry import Entry, SavedFile
from byteplus_cli.generation.media import Source
from byteplus_cli.generation.report import shown_path, task_document
from byteplus_cli.generation.task import FINISHED, Status
from byteplus_cli.generation.video_model import ADAPTIVE
from byteplus_cli.session import Session


def run_chain(session: Session, prompts: Sequence[str], options: Mapping[str, Any]) -> None:
    """Plan, price, and then make what is missing, clip by clip."""
    refuse_idle(prompts, options)
    id = options["resume"]
    chain = resumed(session, id, options) if id else begun(session, prompts, options)
    saving = Saving.chosen(session, chain.output, options["overwrite"], options["timeout"])
    done = session.ledger.chain_steps(chain.id) if id else {}
    done = _reconciled(session, chain, done, options)
    _refuse_late_prompts(chain, done, options)
    missing = [step for step in chain.steps if not _stands(done.get(step))]
    plans = {step: _plan(session, chain, step) for step in missing}
    expected = cost.total(plan.estimate for plan in plans.values())
    if options["dry_run"] or options["as_"]:
        template = saving.for_several
        clips = [preview.of_clip(session, plan, template, step) for step, plan in plans.items()]
        preview.show(session, clips, options["as_"])
        return
    check_budget(session, expected, options["max_cost"])
    if not id:
        _write_down(session, chain)
    session.terminal.note(chain.id)
    count = f"{len(missing)} of {len(chain.prompts)} clips to make"
    session.terminal.note(f"{count}, {expected.words} together" if missing else count)
    for step in chain.steps:
        _make_step(session, chain, step, plans.get(step), saving)
    _finish(session, chain, saving)


def _write_down(session: Session, chain: Chain) -> None:
    plan = {
        "prompts": chain.prompts,
        "options": chain.options,
        "output": chain.output,
        "join": chain.join,
    }
    session.ledger.begin_chain(chain.id, session.profile.name, plan, session.around.now())


def _stands(entry: Entry | None) -> bool:
    """Whether a step has a task that is made, or may still be."""
    if entry is None or entry.id is None:
        return False
    return entry.status == Status.SUCCEEDED or entry.status not in FINISHED


def _refuse_late_prompts(
    chain: Chain, done: Mapping[int, Entry], options: Mapping[str, Any]
) -> None:
    for change in options["prompt"] or ():
        number = int(change.partition("=")[0])
        if _stands(done.get(number)):
            raise InvalidRequest(
                f"clip {number} is made, or being made, from another prompt",
                hint=f"leave --prompt {number}=... out, or begin a new chain",
            )


def _reconciled(
    session: Session, chain: Chain, done: Mapping[int, Entry], options: Mapping[str, Any]
) -> dict[int, Entry]:
    """The steps with every lost answer found out; raises WrongState while one cannot be.

    A clip whose answer was lost may exist: only the user may have it made once more.
    """
    renewed = {change.partition("=")[0] for change in options["prompt"] or ()}
    for step, entry in done.items():
        if entry.status not in (Status.SUBMITTING, Status.UNKNOWN):
            continue
        if str(step) in renewed:
            session.ledger.ended(entry.row, Status.UNKNOWN, None)
            continue
        try:
            session.runner.recovery.reconcile(entry)
        except WrongState as unsure:
            again = f"video chain --resume {chain.id} --prompt {step}={chain.prompts[step - 1]!r}"
            raise WrongState(
                f"clip {step} was sent, but its answer was lost: {unsure.message}",
                hint=f"{unsure.hint}; to make it once more all the same: byteplus {again}",
                charge=Charge.UNKNOWN,
            ) from unsure
    return session.ledger.chain_steps(chain.id) if done else {}


def _plan(session: Session, chain: Chain, step: int) -> Plan:
    options = {
        **dict.fromkeys(("format", "task_type", "callback_url")),
        **chain.options,
        "prompt": _literal(chain.prompts[step - 1]),
        "save_last_frame": True,
    }
    if step == 1:
        return plan_clip(session, options)
    model = session.catalogue.known_video(chain.options["model"])
    if model and options["ratio"] not in model.frame_ratios:
        options["ratio"] = None  # such a model follows the picture, which has that shape
    before = Source(f"(last frame of clip {step - 1})")
    plan = plan_clip(session, {**options, "image": None}, first_frame=before)
    # It has the shape of the first clip, which is known where that has no picture to follow.
    shape = model.ratio if model and not chain.options["image"] else None
    if options["ratio"] is None and shape not in (None, ADAPTIVE):
        alike = replace(plan.request, ratio=shape)
        plan = plan._replace(estimate=cost.estimate(alike, model))
    return plan


def _literal(prompt: str) -> str:
    """A prompt as an option would have to say it, so that it is not read as a file."""
    return "@" + prompt if prompt.startswith("@") else prompt


def _make_step(
    session: Session, chain: Chain, step: int, plan: Plan | None, saving: Saving
) -> None:
    resume = session.resume_words(f"video chain --resume {chain.id}")
    clips = saving._replace(template=saving.for_several, elsewhere=False)
    try:
        with accounted(session, "video"):
            id = _submitted(session, chain, step, plan, clips)
        session.terminal.note(f"clip {step} of {len(chain.prompts)}: {id}")
        task = wait_for(session, id, clips, made=True)
        save(session, task, clips)
    except (Detached, StillRunning) as stop:
        stop.hint = resume
        raise
    except ByteplusError as error:
        steps = session.ledger.chain_steps(chain.id).values()
        if not any(entry.status == Status.SUCCEEDED for entry in steps):
            raise  # nothing was made, so this is no partial success
        failed = PartlyFailed(
            f"clip {step} of {len(chain.prompts)}: {error.message}",
            hint=f'{resume}  (--prompt {step}="…" changes what it asks for)',
            details=error.details,
            code=error.code,
            request_id=error.request_id,
            task_id=error.task_id,
            charge=error.charge,
        )
        failed.document = _document(session, chain, None)
        raise failed from error


def _submitted(session: Session, chain: Chain, step: int, plan: Plan | None, saving: Saving) -> str:
    """The id of a step's task: the one that there is, or a new one."""
    entry = session.ledger.chain_steps(chain.id).get(step)
    if plan is None and entry is not None:
        return str(entry.id)
    assert plan is not None  # noqa: S101 - a step is made, open or planned
    if step > 1:
        before = session.ledger.chain_steps(chain.id)[step - 1]
        frame = sources.last_frame(session, str(before.id), f"clip {step - 1}")
        plan = plan._replace(request=replace(plan.request, first_frame=frame))
    return submit(session, plan, saving, chain=chain.id, step=step)


def _finish(session: Session, chain: Chain, saving: Saving) -> None:
    steps = session.ledger.chain_steps(chain.id)
    clips = [_clip_file(steps[step]) for step in chain.steps]
    if not chain.join:
        paths = [shown_path(path, session.cwd) for path in clips]
        session.terminal.result(paths, _document(session, chain, None), files=paths)
        return
    film = _join(session, chain, clips, saving)
    _write_down_film(session, steps[chain.steps[-1]], film)
    session.first_saved = film
    session.terminal.result([str(film)], _document(session, chain, film), files=[str(film)])


def _write_down_film(session: Session, last: Entry, film: Path) -> None:
    """The film belongs to its last clip, so that `history` knows it as made here."""
    from byteplus_cli.generation.part import sha256_of

    try:
        file = SavedFile(film, "joined", film.stat().st_size, sha256_of(film))
        session.ledger.saved(str(last.id), file, session.around.now())
    except (LedgerError, OSError) as error:
        session.terminal.warn(f"{film} is saved, but not written down: {error}")
    except Interrupted as signal:
        raise Detached(
            f"the film is saved as {film}, but not written down",
            exit_code=signal.exit_code,
            hint=session.resume_words(f"history show {last.id}"),
            charge=Charge.YES,
        ) from signal


def _clip_file(entry: Entry) -> Path:
    for file in reversed(entry.files):
        if file.role == "video":
            return file.path
    raise NotSaved(
        f"the clip of {entry.id} is not on this disk",
        hint=f"byteplus video get {entry.id}",
        charge=Charge.YES,
    )


def _join(session: Session, chain: Chain, clips: Sequence[Path], saving: Saving) -> Path:
    from byteplus_cli.generation.join import CannotJoin, join
    from byteplus_cli.generation.part import keep

    first = session.ledger.chain_steps(chain.id)[1]
    fields = {"id": chain.id, "slug": naming.slug(first.prompt), "ext": "mp4", "index": 0}
    target = saving.template.name({**fields, "model": first.model})
    hidden = target.with_name(f".{target.name}.{chain.id}")
    try:
        join(clips, hidden, drop_seam=chain.drop_seam)
        return keep(hidden, target, overwrite=saving.overwrite)
    except CannotJoin as reason:
        without = "without --drop-seam it may work" if chain.drop_seam else "the clips stay"
        raise PartlyFailed(
            f"every clip is made and saved, but they cannot be joined: {reason}", hint=without
        ) from reason
    except Interrupted as signal:
        raise Detached(
            "every clip is saved; the film is not joined yet",
            exit_code=signal.exit_code,
            hint=session.resume_words(f"video chain --resume {chain.id}"),
            charge=Charge.YES,
        ) from signal
    except OSError as error:
        raise NotSaved(
            f"every clip is saved, but the film {target} cannot be written: {error.strerror}",
            hint=session.resume_words(f"video chain --resume {chain.id} -o OTHER.mp4"),
            charge=Charge.YES,
        ) from error
    finally:
        hidden.unlink(missing_ok=True)


def _document(session: Session, chain: Chain, film: Path | None) -> dict[str, Any]:
    steps = session.ledger.chain_steps(chain.id)
    entries = [steps[step] for step in chain.steps if step in steps]
    made = [entry for entry in entries if entry.status == Status.SUCCEEDED]
    billed = [Decimal(entry.cost) for entry in made if entry.cost]
    return {
        "schema": "byteplus.chain/1",
        "id": chain.id,
        "status": "succeeded" if len(made) == len(chain.prompts) else "incomplete",
        "file": str(film) if film else None,
        "steps": [task_document(entry, session.cwd) for entry in entries],
        "cost": {"actual_usd": cost.usd(sum(billed, Decimal(0))) if billed else None},
        "error": None,
    }
