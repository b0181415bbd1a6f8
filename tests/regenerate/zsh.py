"""The completion script of zsh."""

from __future__ import annotations

from collections.abc import Iterator

from .template import filled, quoted
from .tree import Argument, Command, Option


def script(root: Command) -> str:
    functions = "\n\n".join(
        _group(command) if command.below else _leaf(command) for command in root.all
    )
    return filled("_byteplus", functions=functions)


def _function(command: Command) -> str:
    return "_".join(("_byteplus_at", *command.path)).replace("-", "_")


def _group(command: Command) -> str:
    words = [f"        {quoted(f'{_escaped(c.path[-1])}:{c.help}')}" for c in command.below]
    places = [f"            {quoted(c.path[-1])}) {_function(c)} ;;" for c in command.below]
    lines = (
        f"{_function(command)}() {{",
        "    local curcontext=$curcontext state line",
        "    local -A opt_args",
        "    local -a commands=(",
        *words,
        "    )",
        *_arguments("-C", _specs(command), ("': :->word'", "'*:: :->rest'")),
        "    case $state in",
        "        word) _describe -t commands command commands ;;",
        "        rest) case $words[1] in",
        *places,
        "        esac ;;",
        "    esac",
        "}",
    )
    return "\n".join(lines)


def _leaf(command: Command) -> str:
    arguments = [_argument(argument) for argument in command.arguments]
    lines = _arguments("-s -S", _specs(command), arguments)
    return "\n".join((f"{_function(command)}() {{", *lines, "}"))


def _arguments(flags: str, *specs: Iterator[str] | tuple[str, ...] | list[str]) -> list[str]:
    lines = (f"    _arguments {flags}", *(f"        {spec}" for group in specs for spec in group))
    return " \\\n".join(lines).split("\n")


def _specs(command: Command) -> Iterator[str]:
    for option in command.options:
        yield _spec(option)


def _spec(option: Option) -> str:
    names = [_with_value(name) if option.value else name for name in option.names]
    before = "*" if option.repeats else "(- *)" if option.ends else _excluded(option)
    brackets = option.help.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    after = f"[{brackets}]{_taken(option.metavar, option.value)}"
    if len(names) == 1:
        return quoted(f"{before}{names[0]}{after}")
    return f"{quoted(before)}{{{','.join(names)}}}{quoted(after)}"


def _excluded(option: Option) -> str:
    """What may not follow an option: it itself, and its opposite."""
    words = dict.fromkeys((*option.names, *option.opposites))
    return f"({' '.join(words)})"


def _with_value(name: str) -> str:
    return f"{name}=" if name.startswith("--") else f"{name}+"


def _argument(argument: Argument) -> str:
    return quoted(f"{'*' if argument.repeats else ''}{_taken(argument.metavar, argument.value)}")


def _taken(metavar: str, value: str | None) -> str:
    return f":{_escaped(metavar)}:{_escaped(_action(value))}" if value else ""


def _action(value: str) -> str:
    """What completes a value, in the words of _arguments."""
    kind, _, of = value.partition(":")
    if kind == "words":
        return f"({of.replace(',', ' ')})"
    if kind == "source":
        return f"_byteplus_source tasks:{of}"
    return {"none": " ", "files": "_files", "prompt": "_byteplus_prompt"}.get(
        kind, f"_byteplus_ask {value}"
    )


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(":", "\\:")
