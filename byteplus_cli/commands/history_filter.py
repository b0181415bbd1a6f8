"""What to look for in the history, from options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from byteplus_cli.errors import InvalidRequest
from byteplus_cli.generation.history.wanted import Wanted
from byteplus_cli.session import Session

KINDS = ("video", "image", "avatar")


def wanted(session: Session, options: Mapping[str, Any]) -> Wanted:
    """The filter that the options of `list` describe; raises InvalidRequest."""
    status, model = options["status"], options["model"]
    if status is not None:
        from byteplus_cli.commands.looking import checked_status

        status = checked_status(status)
    return within(session, options["since"], options["until"])._replace(
        kind=options["kind"] and chosen("--kind", options["kind"], KINDS),
        status=status,
        model=_pattern(session, model) if model else None,
        text=options["grep"] or None,
        unsaved=options["unsaved"],
    )


def within(session: Session, since: str | None, until: str | None) -> Wanted:
    """Everything of the profile that is named, or of all, between two moments."""
    if since is None and until is None:
        return Wanted(profile=session.named_profile)
    from byteplus_cli.generation.history.moments import began, ended

    now = session.around.now()
    first = None if since is None else began(since, "--since", now)
    last = None if until is None else ended(until, "--until", now)
    if first is not None and last is not None and first >= last:
        raise InvalidRequest(
            f"--since {since} is not before --until {until}", hint="exchange the two"
        )
    return Wanted(profile=session.named_profile, since=first, until=last)


def chosen(option: str, text: str, allowed: Sequence[str]) -> str:
    """`text` if it is one of the words that are allowed; raises InvalidRequest."""
    if text in allowed:
        return text
    from byteplus_cli.config import nearest

    hint = nearest(text, list(allowed)) or f"{option} {allowed[0]}"
    raise InvalidRequest(f"{option} {text}: there are {', '.join(allowed)}", hint=hint)


def _pattern(session: Session, name: str) -> str:
    """The ids that a model's name stands for, of every date where the name has none."""
    from byteplus_cli.generation.avatar.model import MODELS

    avatars = {model.id for model in MODELS.values()}
    return name.lower() if name.lower() in avatars else session.catalogue.every_date(name)
