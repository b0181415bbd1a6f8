"""Whether something that could not be saved now can be later, or never any more."""

from __future__ import annotations

from byteplus_cli.errors import ByteplusError, Charge, Missing, WrongState
from byteplus_cli.generation.avatar.model import RECORD_SECONDS
from byteplus_cli.generation.entry import Entry
from byteplus_cli.generation.ledger import Ledger
from byteplus_cli.generation.link import LinkExpired
from byteplus_cli.generation.reconcile import LISTED_SECONDS
from byteplus_cli.generation.report import link_expires_at, link_seconds, timestamp
from byteplus_cli.generation.rescue.outcomes import Failed, Lost
from byteplus_cli.generation.task import Status


def verdict(
    id: str, entry: Entry | None, error: ByteplusError, ledger: Ledger, now: float
) -> Failed | Lost:
    """What a failure to look at, or to save, a row means for it."""
    # A 404 without the service's own code is some other server's, at a wrong address.
    if entry is None or not isinstance(error, Missing) or error.code.startswith("http_"):
        return Failed(id, error)
    if is_expired(entry, now):
        return _gone(id, entry, f"its link died on {timestamp(link_expires_at(entry))}")
    if isinstance(error, LinkExpired):
        return Failed(id, error)
    if _forgotten(entry, now):
        return _gone(id, entry, "the service has no record of it")
    ledger.missing(id, now)
    return Failed(id, _not_found_now(entry, error, now))


def of_unanswered(entry: Entry, error: ByteplusError, now: float) -> Failed | Lost:
    """A request whose task cannot be told; a day later nothing of it could be saved."""
    if not isinstance(error, WrongState) or now - entry.created_at < link_seconds(entry.kind):
        return Failed(None, error)
    return _beyond_following(entry, error.message)


def of_unlisted(entry: Entry) -> Lost:
    """An unanswered request for an avatar: there is no list in which its task could be found."""
    return _beyond_following(entry, "the service keeps no list of avatars")


def of_dead_pictures(entry: Entry) -> Lost:
    """A set of pictures of which nothing more can be fetched."""
    left = sum(picture.saved_at is None for picture in entry.pictures)
    words = f"{left} of {len(entry.pictures)} pictures of {entry.id} cannot be saved any more"
    why = f"their links died on {timestamp(link_expires_at(entry))}"
    error = Missing(f"{words}: {why}", task_id=entry.id, charge=Charge.YES)
    return Lost(entry.row, entry.id, error)


def is_expired(entry: Entry, now: float) -> bool:
    """Whether the links of a finished row are dead."""
    expires = link_expires_at(entry)
    return expires is not None and expires <= now


def _forgotten(entry: Entry, now: float) -> bool:
    """Whether there is no record of a task for good; one such answer may be a mistake."""
    kept = RECORD_SECONDS if entry.kind == "avatar" else LISTED_SECONDS
    # By then no record is kept, or no link works.
    return now - entry.created_at > kept or now > _looked_for_until(entry, now)


def _looked_for_until(entry: Entry, now: float) -> float:
    since = now if entry.missing_at is None else entry.missing_at
    return since + link_seconds(entry.kind)


def _not_found_now(entry: Entry, error: Missing, now: float) -> Missing:
    return Missing(
        "the service has no record of it just now",
        hint=f"it is looked for until {timestamp(_looked_for_until(entry, now))}",
        details=error.details,
        code=error.code,
        request_id=error.request_id,
        task_id=error.task_id,
        charge=error.charge,
    )


def _gone(id: str, entry: Entry, why: str) -> Lost:
    charge = Charge.YES if entry.status == Status.SUCCEEDED else Charge.UNKNOWN
    words = f"{id} cannot be saved any more: {why}"
    return Lost(entry.row, id, Missing(words, task_id=id, charge=charge))


def _beyond_following(entry: Entry, why: str) -> Lost:
    day = timestamp(entry.created_at)
    words = f"the request of {day} cannot be followed any more: {why}"
    return Lost(entry.row, None, Missing(words, charge=Charge.UNKNOWN))
