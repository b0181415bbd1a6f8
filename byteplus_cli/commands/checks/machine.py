"""What can be told of this machine without the ledger: program, settings, folders, encoding."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from pathlib import Path

from byteplus_cli import __version__
from byteplus_cli.commands.checks.finding import Found, State
from byteplus_cli.commands.checks.words import (
    WINDOWS,
    edit,
    export,
    move_away,
    quoted,
    shown,
    unset,
)
from byteplus_cli.config import config_file
from byteplus_cli.errors import InvalidConfig
from byteplus_cli.session import Session
from byteplus_cli.terminal.layout import size

LEAST_FREE = 1_000_000_000
OTHERS = 0o077


def program(_: Session) -> Found:
    where = f"{platform.system()} {platform.machine()}"
    return Found(f"byteplus {__version__}, Python {platform.python_version()}, {where}")


def settings(session: Session) -> Found:
    """Which profile counts, and that everything it sets can be read."""
    path = config_file(session.around.env)
    try:
        profile = session.profile
        list(profile.values())
    except InvalidConfig as error:
        if not (error.hint or "").startswith("byteplus "):
            error.hint = edit(path)
        raise
    there = "" if path.exists() else " (not there yet)"
    return Found(
        f"profile {profile.name}, settings in {shown(path)}{there}, state in {shown(session.state)}"
    )


def permissions(session: Session) -> Found:
    """Whether only their owner can read keys and prompts."""
    if WINDOWS:
        return Found("left to Windows, which keeps a user's folders from other users")
    config, ledger = config_file(session.around.env), session.state / "ledger.db"
    wanted = {config.parent: "700", config: "600", ledger.parent: "700", ledger: "600"}
    modes = {path: path.stat().st_mode & 0o777 for path in wanted if path.exists()}
    loose = [path for path, mode in modes.items() if mode & OTHERS]
    if not loose:
        return Found("only you can read keys and prompts" if modes else "nothing is kept here yet")
    told = ", ".join(f"{shown(path)} ({modes[path]:04o})" for path in loose)
    fix = "\n".join(f"chmod {wanted[path]} {quoted(path)}" for path in loose)
    return Found(f"others may look into {told}", State.WARNING, fix)


def encoding(session: Session) -> Found:
    """Whether names and prompts in any script can be shown."""
    named = getattr(session.around.stdout, "encoding", None) or "utf-8"
    if named.lower().replace("-", "").replace("_", "") in ("utf8", "cp65001"):
        return Found(f"output is {named}")
    forced = "PYTHONIOENCODING" in session.around.env
    return Found(
        f"output is {named}: letters that it lacks are shown as codes",
        State.WARNING,
        unset("PYTHONIOENCODING") if forced else export("PYTHONUTF8", "1"),
    )


def disk(session: Session) -> Found:
    """Whether there is room where files are saved, and where the ledger is."""
    from byteplus_cli.generation.naming import Template

    output = session.cwd / Template.parse(session.profile.output, home=session.cwd).folder
    told, short = [], False
    for folder, what in ((output, "to save in"), (session.state, "for the ledger in")):
        here = "this folder" if folder == session.cwd else shown(folder)
        there = _existing(folder)
        if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
            return Found(
                f"no file can be written in {here}", State.WARNING, _elsewhere(session, what)
            )
        free = _free(there)
        short = short or free < LEAST_FREE
        told.append(f"{size(free)} free {what} {here}")
    if short:
        return Found(", ".join(told), State.WARNING, _elsewhere(session, "to save in"))
    return Found(", ".join(told))


def catalogue(session: Session) -> Found:
    """Whether the user's own file of models can be read."""
    own = config_file(session.around.env).with_name("models.toml")
    try:
        known = len(session.catalogue.models)
    except InvalidConfig as error:
        error.hint = f"{edit(own)}\n{move_away(own, 'models.toml.off')}"
        raise
    added = f"with {shown(own)}" if own.exists() else "none of your own"
    return Found(f"{known} models known, {added}")


def _existing(folder: Path) -> Path:
    """The folder, or the nearest above it that there is."""
    return next(path for path in _upwards(folder) if path.exists() or path == path.parent)


def _upwards(folder: Path) -> Iterator[Path]:
    yield folder
    yield from folder.absolute().parents


def _free(folder: Path) -> int:
    import shutil

    return shutil.disk_usage(folder).free


def _elsewhere(session: Session, what: str) -> str:
    if what == "to save in":
        return session.resume_words("config set output FOLDER/")
    return export("BYTEPLUS_STATE_DIR", "FOLDER")
