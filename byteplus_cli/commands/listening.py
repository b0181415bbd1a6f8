"""The whole of `webhook listen`: from the options to the last event."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import typer

from byteplus_cli.commands.heard import error_of, tell
from byteplus_cli.commands.several import crew_of, templates
from byteplus_cli.commands.uploading import remove_uploads
from byteplus_cli.config import is_loopback
from byteplus_cli.errors import Interrupted, InvalidRequest, PartlyFailed
from byteplus_cli.generation.rescue.rescue import Rescue
from byteplus_cli.session import Session
from byteplus_cli.webhook.desk import SAVERS, Desk
from byteplus_cli.webhook.event import Event
from byteplus_cli.webhook.onward import Onward
from byteplus_cli.webhook.pace import Pace
from byteplus_cli.webhook.post import checked_address
from byteplus_cli.webhook.work import Work

if TYPE_CHECKING:
    from byteplus_cli.webhook.server import Listening

# An account may look at 20 tasks a second (REV265, 2026-10-08), and other runs look, too.
LOOK_EVERY, LOOK_AT_STRANGERS_EVERY = 0.1, 0.5
_PATH = re.compile(r"/[A-Za-z0-9._~/-]*")


@dataclass(frozen=True)
class Options:
    """What `listen` was asked for."""

    host: str
    port: int
    path: str
    forward_to: str | None
    exit_after: int | None
    everywhere: bool
    overwrite: bool

    def url(self, port: int) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{port}{self.path}"


@dataclass
class _Ended:
    """The tasks that ended so far, each with the exit code that it deserves."""

    codes: dict[str, int] = field(default_factory=dict)

    def add(self, session: Session, event: Event) -> None:
        if event.ended:
            error = error_of(session, event)
            self.codes.setdefault(event.hint.id, error.exit_code if error else 0)

    @property
    def code(self) -> int:
        """That of the one task, or for several whether any of them failed."""
        different = set(self.codes.values())
        return different.pop() if len(self.codes) == 1 else PartlyFailed.exit_code * any(different)


def listen(session: Session, options: Options, output: str | None) -> None:
    """Take callbacks until a signal, or until enough tasks have ended."""
    _check(options)
    desk = _desk(session, options, output)
    server = _serve(session, options, desk)
    try:
        if session.profile.is_sandbox:
            session.sandbox.tell_for_all()
        _announce(session, options, options.url(server.port))
        _hear(session, options, desk)
    except Interrupted:
        _say_left(session, desk)
        raise
    finally:
        server.stop()
        desk.close()


def _desk(session: Session, options: Options, output: str | None) -> Desk:
    onward = Onward(options.forward_to, session.clocks) if options.forward_to else None
    template = templates(session, output)
    ledger, _ = session.ledger, session.service  # without either nothing is to be taken
    crew = crew_of(session, SAVERS)
    work = Work(
        crew,
        Rescue(crew, overwrite=options.overwrite),
        template,
        saved=lambda entry: remove_uploads(session, entry),
        everywhere=options.everywhere,
        pace=Pace(LOOK_EVERY, session.clocks),
        pace_of_strangers=Pace(LOOK_AT_STRANGERS_EVERY, session.clocks),
    )
    return Desk(work, ledger, session.profile.name, session.clocks, onward)


def _serve(session: Session, options: Options, desk: Desk) -> Listening:
    from byteplus_cli.webhook.server import serve

    try:
        return serve(options.host, options.port, options.path, desk.take, clock=session.around.now)
    except OSError as error:
        why = str(error.strerror or error).partition(" (while")[0]
        raise InvalidRequest(
            f"cannot listen on {options.host}, port {options.port}: {why}",
            hint="--port 0 takes a free one",
        ) from error


def _check(options: Options) -> None:
    if not _PATH.fullmatch(options.path):
        raise InvalidRequest(
            f"--path {options.path} is no plain path", hint="--path /callbacks-of-mine"
        )
    if options.forward_to is None:
        return
    to = checked_address("--forward-to", options.forward_to)
    here = options.url(options.port)
    if urlsplit(to).port == options.port and is_loopback(to) and is_loopback(here):
        raise InvalidRequest(
            "--forward-to leads back to this listener", hint="name the port of your own server"
        )


def _announce(session: Session, options: Options, url: str) -> None:
    terminal, sandbox = session.terminal, session.profile.is_sandbox
    terminal.note(f"listening on {url} (Ctrl-C ends it)")
    if sandbox:
        terminal.note(f"make clips with -p sandbox --callback-url {url}")
    else:
        terminal.note(
            "the service calls public addresses only: lead one here with a tunnel, and make clips"
            f" with --callback-url https://YOUR-ADDRESS{options.path}"
        )
    if not is_loopback(url):
        terminal.warn(
            "whoever can reach this machine can send callbacks; no more than looks come of those"
            " that are forged"
        )
    if terminal.json:
        terminal.event([], {"schema": "byteplus.listener/1", "url": url})


def _hear(session: Session, options: Options, desk: Desk) -> None:
    ended, enough = _Ended(), options.exit_after
    for news in desk.events():
        if isinstance(news, Event):
            ended.add(session, news)
        if news is not None:
            tell(session, news, options.forward_to)
        if enough and len(ended.codes) >= enough and not desk.passing_on:
            break
    if desk.in_hand:
        _say_left(session, desk)
    if ended.code:
        raise typer.Exit(ended.code)


def _say_left(session: Session, desk: Desk) -> None:
    words = "stopped"
    if count := desk.in_hand:
        again = session.resume_words("rescue")
        words += f" with {count} {'task' if count == 1 else 'tasks'} in hand: {again} goes on"
    session.terminal.note(words)
