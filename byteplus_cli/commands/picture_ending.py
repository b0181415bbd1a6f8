"""How a request for pictures ended: its document, or the error that says what is missing."""

from __future__ import annotations

from collections.abc import Sequence

from byteplus_cli.errors import (
    ByteplusError,
    Charge,
    Moderated,
    NotSaved,
    PartlyFailed,
    ServerFault,
)
from byteplus_cli.generation.image.picture import Missed
from byteplus_cli.generation.image.run import Outcome
from byteplus_cli.generation.report import image_document
from byteplus_cli.session import Session

NOT_KNOWN = "what was made and did not arrive cannot be had any more"
AGAIN = "change the prompt, and ask for what is missing"


def finish(session: Session, outcome: Outcome) -> None:
    """Print the document under --json; raises what kept the pictures from being all there."""
    document = image_document(outcome.entry, session.cwd)
    if error := shortfall(session, outcome):
        error.task_id = outcome.entry.id
        error.request_id = error.request_id or outcome.entry.request_id
        error.document = document
        raise error
    if outcome.asked is not None and outcome.saved < outcome.asked:
        words = f"{outcome.saved} of the {outcome.asked} pictures it might"
        session.terminal.warn(f"the model made {words}")
    if outcome.entry.cost:
        session.terminal.note(f"${outcome.entry.cost} for {_pictures(outcome.saved)}")
    session.terminal.result([], document)


def shortfall(session: Session, outcome: Outcome) -> ByteplusError | None:
    """What kept the pictures from being all there, if anything did."""
    if outcome.unsaved:
        return _unsaved(session, outcome)
    if outcome.broken:
        return _broken(outcome.broken, outcome)
    if not outcome.made:
        return _nothing(outcome.missed)
    if outcome.missed:
        return _some_missing(outcome)
    if (outcome.counted or 0) > outcome.made:
        counted = _pictures(outcome.counted or 0)
        return PartlyFailed(
            f"{_pictures(outcome.saved)} saved, and the service counts {counted}",
            code="bad_answer",
            hint=NOT_KNOWN,
            charge=Charge.UNKNOWN,
        )
    return None


def _unsaved(session: Session, outcome: Outcome) -> NotSaved:
    first, count = outcome.unsaved[0], len(outcome.unsaved)
    several = f"{count} of {_pictures(outcome.made)} could not be saved"
    return NotSaved(
        first.error.message if outcome.made == 1 else several,
        hint=f"{session.resume_words('rescue')}   (within 24 hours)",
        charge=Charge.YES,
    )


def _broken(broken: ByteplusError, outcome: Outcome) -> ByteplusError:
    """An answer that ended too soon: what came before stands, and is paid for."""
    if not outcome.saved:
        return broken
    clear = broken.charge is Charge.NO
    return PartlyFailed(
        f"{_pictures(outcome.saved)} saved, then {broken.message}",
        details=broken.details,
        code=broken.code,
        request_id=broken.request_id,
        charge=None if clear else broken.charge,
        hint=AGAIN if clear else NOT_KNOWN,
    )


def _nothing(missed: Sequence[Missed]) -> ByteplusError:
    """Not one picture came."""
    if not missed or any(one.unclear for one in missed):
        return ServerFault(
            "the service says that it is done, and gives no picture that can be read",
            details=missed[0].reason.message if missed else None,
            code="no_picture",
            charge=Charge.UNKNOWN,
        )
    reason, moderated = missed[0].reason, missed[0].refused
    kind = Moderated if moderated else ServerFault
    return kind(
        "refused by content moderation" if moderated else "no picture was made",
        details=reason.message or None,
        code=reason.code,
        charge=Charge.NO,
        hint="change the prompt or the pictures" if moderated else None,
    )


def _some_missing(outcome: Outcome) -> PartlyFailed:
    refused = sum(one.refused for one in outcome.missed)
    others = len(outcome.missed) - refused
    parts = [
        f"{_pictures(refused)} refused" if refused else None,
        f"{_pictures(others)} not made" if others else None,
        f"{outcome.saved} saved",
    ]
    unclear = any(one.unclear for one in outcome.missed)
    return PartlyFailed(
        ", ".join(part for part in parts if part),
        code=outcome.missed[0].reason.code,
        hint=NOT_KNOWN if unclear else AGAIN if refused else "ask for what is missing",
        charge=Charge.UNKNOWN if unclear else None,
    )


def _pictures(count: int) -> str:
    return "1 picture" if count == 1 else f"{count} pictures"
