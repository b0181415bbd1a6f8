"""The completion script of fish."""

from __future__ import annotations

from collections.abc import Iterator

from .template import filled
from .tree import Command


def script(root: Command) -> str:
    facts = "\n".join(line for command in root.all for line in _case(command))
    return filled("byteplus.fish", facts=facts)


def _case(command: Command) -> Iterator[str]:
    yield f"        case {_quoted(command.name)}"
    if command.below:
        yield from _set(
            "below", [f"{_quoted(c.path[-1])}\\t{_quoted(c.help)}" for c in command.below]
        )
    if command.takes:
        yield f"            set takes {' '.join(command.takes)}"
    yield from _set(
        "options",
        [f"{name}\\t{_quoted(option.help)}" for option in command.options for name in option.names],
    )
    valued = [
        f"{name}={option.value}"
        for option in command.options
        if option.value is not None
        for name in option.names
    ]
    if valued:
        yield from _set("valued", valued)


def _set(name: str, words: list[str]) -> Iterator[str]:
    yield f"            set {name} \\"
    yield from (f"                {word} \\" for word in words[:-1])
    yield f"                {words[-1]}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
