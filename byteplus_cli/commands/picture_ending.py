"""How a request for pictures ended: its document, or the error that says what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from byteplus_cli.errors import (
    ByteplusError,
    Charge,
    Moderated,
    NotSaved,
    PartlyFailed,
    ServerFault,
)
from byteplus_cli.generation.image.maker import Outcome
from byteplus_cli.generation.image.picture import Refused
from byteplus_cli.generation.report import image_document
from byteplus_cli.generation.task import is_moderation
from byteplus_cli.session import Session


def finish(session: Session, outcome: Outcome) -> None:
    """Print the document under --json; raises what kept the pictures from being all there."""
    document = image_document(outcome.entry, Path.cwd())
    if error := _error(session, outcome):
        error.task_id = outcome.entry.id
        error.request_id = error.request_id or outcome.entry.request_id
        error.document = document
        raise error
    saved = len(outcome.entry.files)
    if outcome.asked is not None and saved < outcome.asked:
        session.terminal.warn(f"the model made {saved} of the {outcome.asked} pictures it might")
    if outcome.entry.cost:
        session.terminal.note(f"${outcome.entry.cost} for {_pictures(saved)}")
    session.terminal.result([], document)


def _error(session: Session, outcome: Outcome) -> ByteplusError | None:
    if outcome.unsaved:
        return _unsaved(session, outcome)
    if outcome.broken:
        return _broken(outcome.broken, outcome)
    if outcome.refused and not outcome.entry.pictures:
        return _all_refused(outcome.refused)
    if outcome.refused:
        made = _pictures(len(outcome.entry.files))
        return PartlyFailed(
            f"{_pictures(len(outcome.refused))} refused, {made} saved",
            code=outcome.refused[0].reason.code,
            hint="change the prompt, and ask for what is missing",
        )
    return None


def _unsaved(session: Session, outcome: Outcome) -> NotSaved:
    first = outcome.unsaved[0]
    count, made = len(outcome.unsaved), len(outcome.entry.pictures)
    return NotSaved(
        first.message if made == 1 else f"{count} of {_pictures(made)} could not be saved",
        hint=f"{session.resume_words('rescue')}   (within 24 hours)",
        charge=Charge.YES,
    )


def _broken(broken: ByteplusError, outcome: Outcome) -> ByteplusError:
    """An answer that ended too soon: what came before stands, and is paid for."""
    saved = len(outcome.entry.files)
    if not saved:
        return broken
    return PartlyFailed(
        f"{_pictures(saved)} saved, then {broken.message}",
        details=broken.details,
        code=broken.code,
        request_id=broken.request_id,
        charge=broken.charge if broken.charge is not Charge.NO else None,
        hint="pictures that were made after that cannot be had any more"
        if broken.charge is not Charge.NO
        else "change the prompt, and ask for what is missing",
    )


def _all_refused(refused: Sequence[Refused]) -> ByteplusError:
    reason = refused[0].reason
    moderated = is_moderation(reason.code)
    kind = Moderated if moderated else ServerFault
    return kind(
        "refused by content moderation" if moderated else "no picture was made",
        details=reason.message or None,
        code=reason.code,
        charge=Charge.NO,
        hint="change the prompt or the pictures" if moderated else None,
    )


def _pictures(count: int) -> str:
    return "1 picture" if count == 1 else f"{count} pictures"
