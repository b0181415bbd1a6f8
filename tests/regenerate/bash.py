"""The completion script of bash."""

from __future__ import annotations

from collections.abc import Iterator

from .template import filled, quoted
from .tree import Command


def script(root: Command) -> str:
    return filled(
        "byteplus.bash", facts="\n".join(line for each in root.all for line in _case(each))
    )


def _case(command: Command) -> Iterator[str]:
    flags = [name for option in command.options for name in option.names if option.value is None]
    valued = [
        f"{name}={option.value}"
        for option in command.options
        for name in option.names
        if option.value is not None
    ]
    yield f"    {quoted(command.name)})"
    for name, words in (
        ("below", [each.path[-1] for each in command.below]),
        ("takes", command.takes),
        ("valued", valued),
        ("flags", flags),
    ):
        if words:
            yield f"        {name}={quoted(' '.join(words))}"
    yield "        ;;"
