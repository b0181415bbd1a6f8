"""The commands of `byteplus` as completion needs them: words, options, and what they take."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import typer

from byteplus_cli.cli import COMMANDS, app

from .values import completes


@dataclass(frozen=True)
class Option:
    """One option; `value` is how its value completes, None if it takes none."""

    names: tuple[str, ...]
    help: str
    metavar: str = ""
    value: str | None = None
    repeats: bool = False
    opposites: tuple[str, ...] = ()
    ends: bool = False  # as --help does: nothing else counts then


@dataclass(frozen=True)
class Argument:
    """One argument, or with `repeats` all that follow."""

    metavar: str
    value: str
    repeats: bool


@dataclass(frozen=True)
class Command:
    """A word, or several, after `byteplus`; the empty path is `byteplus` itself."""

    path: tuple[str, ...]
    help: str
    options: tuple[Option, ...]
    arguments: tuple[Argument, ...] = ()
    below: tuple[Command, ...] = ()

    @property
    def name(self) -> str:
        return " ".join(self.path)

    @property
    def takes(self) -> list[str]:
        """How its arguments complete; `...` repeats the one before."""
        return [
            word
            for argument in self.arguments
            for word in (argument.value, *(["..."] if argument.repeats else []))
        ]

    @property
    def all(self) -> Iterator[Command]:
        """This command and all below it."""
        yield self
        for command in self.below:
            yield from command.all


def tree(app: typer.Typer = app) -> Command:
    """A command line, with everything below it that is not hidden."""
    return _command(typer.main.get_command(app), (), None)


def _command(command: Any, path: tuple[str, ...], above: Any) -> Command:
    context = command.make_context(
        path[-1] if path else "byteplus", [], parent=above, resilient_parsing=True
    )
    params = [param for param in command.get_params(context) if not getattr(param, "hidden", False)]
    words = command.list_commands(context) if hasattr(command, "list_commands") else []
    below = [(word, command.get_command(context, word)) for word in words]
    options = [param for param in params if param.param_type_name == "option"]
    arguments = [param for param in params if param.param_type_name == "argument"]
    return Command(
        path,
        first_sentence(COMMANDS.get(" ".join(path)) or command.help or ""),
        tuple(option for param in options for option in _options(param, context, path)),
        tuple(_argument(param, context, path) for param in arguments),
        tuple(_command(each, (*path, word), context) for word, each in below if not each.hidden),
    )


def _options(param: Any, context: Any, path: tuple[str, ...]) -> Iterator[Option]:
    help = first_sentence(param.help or "")
    if param.is_flag:
        on, off = _names(param.opts), _names(param.secondary_opts)
        yield Option(on, help, opposites=off, ends=param.name in ("help", "version"))
        if off:
            yield Option(off, f"The opposite of {param.opts[0]}", opposites=on)
        return
    metavar = param.make_metavar(context)
    value = completes(param, metavar, path)
    yield Option(_names(param.opts), help, metavar, value, repeats=param.multiple)


def _names(spellings: list[str]) -> tuple[str, ...]:
    return tuple(sorted(spellings, key=len))


def _argument(param: Any, context: Any, path: tuple[str, ...]) -> Argument:
    metavar = param.make_metavar(context)
    value = completes(param, metavar, path)
    return Argument(metavar.strip("[]").removesuffix("..."), value, param.nargs != 1)


def first_sentence(text: str) -> str:
    """What fits on the line of a list."""
    paragraph = " ".join(text.strip().partition("\n\n")[0].split())
    sentence = re.split(r"(?<!\.)\. (?=[A-Z])", paragraph)[0]
    return sentence if sentence.endswith("..") else sentence.removesuffix(".")
