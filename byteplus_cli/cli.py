"""From argv to an exit code: the root command, and the one place where errors become words."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from copy import copy
from importlib import import_module
from typing import Any, NamedTuple, TextIO

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from byteplus_cli.commands.leaf import Taught
from byteplus_cli.errors import ByteplusError, Interrupted, InvalidRequest
from byteplus_cli.session import Surroundings
from byteplus_cli.terminal import Terminal
from byteplus_cli.terminal.abilities import taskbar_off

# The words after `byteplus`; a module is only imported when its word is used.
COMMANDS = {
    "video": "Make clips from a prompt, and look after their tasks.",
    "image": "Make pictures from a prompt, or from other pictures.",
    "avatar": "Make a portrait speak or sing a sound file.",
    "batch": "Many jobs from one manifest.",
    "rescue": "Save whatever is finished and not on disk yet.",
    "history": "What this machine has made, where it is, and what it cost.",
    "models": "What each model can do, its limits, price and state.",
    "webhook": "Receive callbacks, and send a test one.",
    "doctor": "Check disk, ledger, network, clock, keys and models.",
    "config": "Keys, profiles and defaults.",
    "sandbox": "The offline BytePlus, for learning, tests and CI.",
    "completion": "Print the completion script of a shell.",
    "help": "Guides: exit codes, templates, prompts, batches, CI, errors.",
}
EXIT_CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}
if hasattr(signal, "SIGHUP"):  # not on Windows
    EXIT_CODES[signal.SIGHUP] = 129
# What every command takes, and the root does not.
OF_COMMANDS = {"-p", "--profile", "--json", "-q", "--quiet", "-v", "--verbose"}
SHOW_CURSOR = "\x1b[?25h"
STDOUT_CLOSED = 141
STDERR = 2


class Root(Taught, TyperGroup):
    """`byteplus` itself: knows its words without importing what stands behind them."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        return _built(cmd_name, only=None)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, args or ["--help"])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            raise _unknown_command(args[0])
        if len(args) > 1 and args[0] in COMMANDS:
            # Of a group only the command that was typed is built: each has dozens of options.
            return args[0], _built(args[0], only=args[1]), args[1:]
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _built(word: str, only: str | None) -> Any:
    """The command or group of a word; with `only` that one of its commands, if it has it."""
    whole = import_module(f"byteplus_cli.commands.{word}").app
    alone = [each for each in whole.registered_commands if _name(each) == only]
    if alone:
        whole = copy(whole)
        whole.registered_commands = alone
    command = typer.main.get_command(whole)
    command.name = word
    return command


def _name(command: Any) -> str:
    name: str = command.name or command.callback.__name__
    return name


app = typer.Typer(
    name="byteplus",
    cls=Root,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["--help", "-h"]},
)


def _version(asked: bool) -> None:
    if asked:
        from byteplus_cli import __version__

        typer.echo(f"byteplus {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: bool = typer.Option(
        False, "--version", "-V", is_eager=True, callback=_version, help="Show the version."
    ),
) -> None:
    """Make video, pictures and talking avatars with BytePlus.

    \b
    Try it free and offline:
      byteplus video create "a red fox in the snow" -p sandbox
    """


def run(argv: Sequence[str], around: Surroundings | None = None) -> int:
    """Run one command line to its exit code; with no `around`, for a real process."""
    if around is not None:
        return _outcome(argv, around)
    signals = _catch_signals()
    # A stream that was closed before the start is None here.
    sys.stdout = sys.stdout or _unread()
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115, PTH123
    around = Surroundings.of_process(*signals)
    _write_anything(around.stdout)
    _write_anything(around.stderr)
    try:
        code = _outcome(argv, around)
        around.stdout.flush()
    except BrokenPipeError:
        return STDOUT_CLOSED
    except Exception as error:  # noqa: BLE001 - the last stop before a user would see a traceback
        return _say_bug(error, argv, around)
    if code in EXIT_CODES.values():
        _leave_clean()  # the signal may have come while something was being put away
    return code


def _leave_clean() -> None:
    """Take back what would outlive the run on a terminal that was drawn on."""
    if "rich.live" not in sys.modules:
        return
    # Not by the stream, which may be in the middle of a write.
    with suppress(OSError):
        if os.isatty(STDERR):
            os.write(STDERR, (SHOW_CURSOR + taskbar_off(os.environ)).encode())


def _unread() -> TextIO:
    """A pipe with nobody at its other end: what is printed is told not to have arrived."""
    reader, writer = os.pipe()
    os.close(reader)
    return open(writer, "w", encoding="utf-8", errors="surrogateescape")  # noqa: PTH123


def _outcome(argv: Sequence[str], around: Surroundings) -> int:
    command = typer.main.get_command(app)
    try:
        with command.make_context("byteplus", list(argv), obj=around) as context:
            command.invoke(context)
    except typer.Exit as ended:
        return ended.exit_code
    except typer.Abort:
        return EXIT_CODES[signal.SIGINT]
    except Interrupted as interrupted:
        return interrupted.exit_code
    except (ByteplusError, TyperException) as error:
        return _fail(error, argv, around)
    return 0


def _fail(error: ByteplusError | TyperException, argv: Sequence[str], around: Surroundings) -> int:
    told = error if isinstance(error, ByteplusError) else _usage_error(error)
    told.hint = told.hint or _explanation(told)
    json = "--json" in argv
    Terminal(around.stdin, around.stdout, around.stderr, around.env, json=json).fail(told)
    return told.exit_code


def _explanation(error: ByteplusError) -> str | None:
    """Where a server's code is explained, for an error that nobody knows a better hint for."""
    if not (error.details or error.request_id):
        return None
    from byteplus_cli.commands.explaining import help_command

    return help_command(error.code)


def _usage_error(error: TyperException) -> InvalidRequest:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "byteplus"
    hint = f"{path} --help"
    if path == "byteplus" and getattr(error, "option_name", None) in OF_COMMANDS:
        hint = "options stand after the command: byteplus video list -p sandbox"
    return InvalidRequest(error.format_message().rstrip("."), hint=hint, code="usage")


def _unknown_command(word: str) -> InvalidRequest:
    from byteplus_cli.config import nearest

    hint = nearest(word, COMMANDS) or "byteplus --help lists the commands"
    return InvalidRequest(f"no command {word}", hint=hint, code="usage")


def _say_bug(error: Exception, argv: Sequence[str], around: Surroundings) -> int:
    if "--verbose" in argv or "-v" in argv:
        import traceback

        traceback.print_exception(error, file=around.stderr)
    told = ByteplusError(
        f"this should not have happened: {type(error).__name__}: {error}",
        hint="the same command with --verbose says where; what was submitted is in the ledger",
    )
    if isinstance(error, OSError):
        told = ByteplusError(f"cannot go on: {error}", code="system")
    json = "--json" in argv
    Terminal(around.stdin, around.stdout, around.stderr, around.env, json=json).fail(told)
    return told.exit_code


class Signals(NamedTuple):
    """`heed` raises again what got lost: Python drops what is raised while it happens to clean an
    object up. `listen_again` makes the next signal a polite one too."""

    heed: Callable[[], None]
    listen_again: Callable[[], None]


def _catch_signals() -> Signals:
    """Turn the first signal into Interrupted; a second one ends the process at once."""
    heard: list[int] = []

    def interrupt(number: int, _: object) -> None:
        for each in EXIT_CODES:
            signal.signal(each, leave)
        heard.append(number)
        heed()

    def heed() -> None:
        if heard:
            raise Interrupted(EXIT_CODES[signal.Signals(heard[0])])

    def leave(number: int, _: object) -> None:
        # Asked twice: whatever cleaning up still goes on is not waited for.
        _leave_clean()
        os._exit(EXIT_CODES[signal.Signals(number)])

    def listen_again() -> None:
        for number in EXIT_CODES:
            # A run that `nohup` started is not to end with its terminal.
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, interrupt)

    listen_again()
    return Signals(heed, listen_again)


def _write_anything(stream: TextIO) -> None:
    # A name or a prompt may hold what the locale cannot show; that must not end a paid run.
    if isinstance(stream, type(sys.__stdout__)):
        utf8 = stream.encoding.lower().replace("-", "") == "utf8"
        stream.reconfigure(errors="surrogateescape" if utf8 else _few_letters())


def _few_letters() -> str:
    from byteplus_cli.terminal import letters

    return letters.NAME
