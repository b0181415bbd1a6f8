"""What keys are good for: ModelArk, its models, storage and the Vision API. All of it is free."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from byteplus_cli.commands.checks.finding import Found, State
from byteplus_cli.commands.checks.network import PROXY_HELP, mend
from byteplus_cli.commands.checks.words import unset
from byteplus_cli.errors import (
    AccessDenied,
    ByteplusError,
    InvalidConfig,
    Missing,
    Unreachable,
    WrongState,
)
from byteplus_cli.generation.model import State as ModelState
from byteplus_cli.session import Session

T = TypeVar("T")
# No task has this id: a look at it tells whether the keys are taken, and costs nothing (LIVE-E).
NOBODYS_TASK = "1000000000000000000"
SECONDS = 15.0
ALL_MODELS = 30.0
CLOSED = "byteplus help errors ModelNotOpen"
# A question that cannot cost is documented for clips alone; one for pictures might make some.
PICTURES = "; for pictures there is no free way to ask"


def key(session: Session) -> Found:
    """Which API key is used, and that it may go where it would be sent."""
    profile = session.profile
    if profile.is_sandbox:
        return Found("the sandbox brings its own")
    found = profile.find("api_key")
    if found is None and profile.find("access_key"):
        return Found("no API key: clips and pictures need one", State.SKIPPED)
    try:
        _ = session.ark
    except AccessDenied as error:
        if error.code == "no_api_key":
            error.hint = session.resume_words("config set api_key")
        if error.code == "foreign_host":
            error.hint = mend(session, error.hint or "")
        raise
    except InvalidConfig as error:
        error.hint = error.hint or PROXY_HELP
        raise
    assert found is not None  # noqa: S101 - there is no connection without one
    return Found(f"{found.shown} from {found.origin}")


def account(session: Session) -> Found:
    """Whether ModelArk takes the API key."""
    from byteplus_cli.commands.explaining import help_command

    service = session.service
    try:
        total = _asked("ModelArk", lambda: service.list(size=1).total, _ask_again(session))
    except AccessDenied as error:
        refused = (error.hint or "").startswith("byteplus config set")
        error.hint = _other_key(session) if refused else help_command(error.code) or error.hint
        raise
    return Found(f"the key is accepted; {total} tasks in the last 7 days")


def models(session: Session) -> Found:
    """Which models for clips the key may use."""
    from byteplus_cli.api.activation import is_open

    ark, names = session.ark, _names(session)
    own = _own(session)
    asked = dict.fromkeys([own, *names])
    answers = _asked(
        "ModelArk",
        lambda: {id: is_open(ark, id) for id in asked},
        _ask_again(session),
        ALL_MODELS,
    )
    closed = [id for id, opened in answers.items() if not opened]
    count = f"{len(answers) - len(closed)} of {len(answers)} for clips"
    if not closed:
        return Found(f"this key may use {count}{PICTURES}")
    text = f"this key may use {count}, not {', '.join(names.get(id, id) for id in closed)}"
    if answers[own]:
        return Found(f"{text}{PICTURES}", State.WARNING, CLOSED)
    opened = [names.get(id, id) for id in answers if answers[id]]
    choose = session.resume_words(f"config set video.model {opened[-1]}") if opened else CLOSED
    raise AccessDenied(f"{text}; video.model is {names.get(own, own)}", hint=choose)


def storage(session: Session) -> Found:
    """Whether files can be put into the user's storage, read there and deleted."""
    profile = session.profile
    if not profile.is_sandbox and profile.find("storage.url") is None:
        return Found("not set up: reference videos and avatars need it for files", State.SKIPPED)
    place = session.storage
    assert place is not None  # noqa: S101 - it has its setting
    _asked("the storage", place.probe, session.resume_words("config get storage.endpoint"))
    return Found("an object was written, read back and deleted")


def vision(session: Session) -> Found:
    """Whether the Vision API takes the keys, and OmniHuman is activated."""
    from byteplus_cli.generation.avatar.model import MODELS

    profile = session.profile
    if not (profile.is_sandbox or profile.find("access_key") or profile.find("secret_key")):
        return Found("no access_key and secret_key: avatars need them", State.SKIPPED)
    avatars, model = session.avatars, MODELS["1.5"].req_key
    fix = session.resume_words("config get vision_url")
    with suppress(Missing, WrongState):
        _asked("the Vision API", lambda: avatars.get(NOBODYS_TASK, model), fix)
    return Found("the keys are accepted, and OmniHuman 1.5 answers")


def _asked(whom: str, act: Callable[[], T], fix: str, seconds: float = SECONDS) -> T:
    """What `act` gives in that time; `fix` shows where it was asked, if nobody knows better."""
    from byteplus_cli.api.aside import aside

    try:
        return aside(act, seconds)
    except TimeoutError as error:
        words = f"{whom} gave no whole answer within {seconds:.0f} s"
        raise Unreachable(words, hint=fix) from error
    except ByteplusError as error:
        if (error.hint or "check").startswith("check"):
            error.hint = fix
        raise


def _ask_again(session: Session) -> str:
    return mend(session, session.resume_words("doctor --verbose"))


def _other_key(session: Session) -> str:
    """A key of the environment goes before one that is set."""
    found = session.profile.find("api_key")
    set_it = session.resume_words("config set api_key")
    if found is None or found.origin not in found.setting.env:
        return set_it
    return f"{unset(found.origin)}\n{set_it}"


def _own(session: Session) -> str:
    """The model that clips are made with where none is named."""
    return session.catalogue.video(str(session.profile.get("video.model"))).id


def _names(session: Session) -> dict[str, str]:
    """The models for clips that are not retired yet, by id, with what they are called."""
    catalogue = session.catalogue
    return {
        id: catalogue.short_name(id)
        for id, model in catalogue.videos.items()
        if model.state is not ModelState.RETIRED
    }
