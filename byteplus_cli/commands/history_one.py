"""`history show`: one thing that was made, and the command line that would make it again."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from byteplus_cli.config import Profile
from byteplus_cli.errors import InvalidConfig, Missing
from byteplus_cli.generation.entry import Entry
from byteplus_cli.session import Session

_ROW = re.compile(r"row-([1-9]\d{0,17})")


def named(session: Session, what: str) -> Entry:
    """The row of the ledger that is meant: by an id, @last, or a file; raises Missing."""
    if what.startswith("@"):
        id = session.ledger.resolve(what, session.profile.name)
        return session.ledger.find(id)
    if known := session.ledger.known(what):
        return known
    if row := _ROW.fullmatch(what):
        if entries := session.ledger.those([int(row[1])]):
            return entries[0]
    elif _exists(what):
        from byteplus_cli.generation.history.search import row_of

        entry = session.ledger.at(row_of(Path(what), session.history))
        if Path(what).resolve() not in [file.path.resolve() for file in entry.files]:
            session.terminal.note(
                f"{what} is known by its content: it was saved under another name"
            )
        return entry
    raise Missing(
        f"{what} is nothing that this machine has made, and no file",
        hint=session.resume_words("history list"),
    )


def show_one(session: Session, entry: Entry) -> None:
    """Print all that is known of it."""
    from byteplus_cli.commands.history_card import card_lines, document
    from byteplus_cli.generation.report import shown_path

    lines = card_lines(entry, session.around.now(), session.cwd, session.terminal.width)
    files = [shown_path(file.path, session.cwd) for file in entry.files]
    session.terminal.result(lines, document(entry, session.cwd), files=files)


def show_command(session: Session, entry: Entry) -> None:
    """Print the command line that would make it again, and warn of what that cannot say."""
    from byteplus_cli.generation.history.again import Here, again
    from byteplus_cli.generation.report import draft_seconds_left

    profile, known = _profile(session, entry)
    here = Here(session.cwd, known, _settings(profile, entry.kind), profile.output)
    line = again(entry, session.catalogue, here)
    if known is None and profile.name != entry.profile:
        line.warnings.append(
            f"it was made in profile {entry.profile}, which is not set up any more"
        )
    draft = session.ledger.known(line.words[2]) if line.words[1] == "finalize" else None
    if draft and not draft_seconds_left(draft, session.around.now()):
        line.warnings.append(f"draft {draft.id} is older than 7 days, so it is refused by now")
    for warning in line.warnings:
        session.terminal.warn(warning)
    document = {
        "schema": "byteplus.command/1",
        "id": entry.id,
        "command": line.text,
        "arguments": line.words,
        "warnings": line.warnings,
    }
    session.terminal.result([line.text], document)


def _exists(name: str) -> bool:
    try:
        return Path(name).exists()
    except (OSError, ValueError):  # too long, or not the name of anything
        return False


def _profile(session: Session, entry: Entry) -> tuple[Profile, str | None]:
    """The profile that makes it again, and its name if the command line has to say it."""
    usual = session.config.env.get("BYTEPLUS_PROFILE") or session.config.default_profile
    # One from the environment may be another in the next shell, and the sandbox be real money.
    if entry.profile == usual == session.config.default_profile:
        return session.config.profile(), None
    try:
        return session.config.profile(entry.profile), entry.profile
    except InvalidConfig:
        return session.config.profile(), None


def _settings(profile: Profile, kind: str) -> dict[str, Any]:
    """What a profile sets for one kind, as far as somebody chose it."""
    return {
        found.setting.key.partition(".")[2]: found.value
        for found in profile.values()
        if found.setting.key.startswith(f"{kind}.") and found.origin != "built-in"
    }
