"""The completion script of PowerShell."""

from __future__ import annotations

from collections.abc import Iterator

from .template import filled, quoted
from .tree import Command


def script(root: Command) -> str:
    facts = "\n".join(line for command in root.all for line in _case(command))
    return filled("byteplus.ps1", facts=facts)


def _case(command: Command) -> Iterator[str]:
    yield f"            {_quoted(command.name)} {{"
    names = [(name, option) for option in command.options for name in option.names]
    facts = {
        "below": [f"{each.path[-1]}={each.help}" for each in command.below],
        "takes": command.takes,
        "options": [f"{name}={option.help}" for name, option in names],
        "valued": [f"{name}={option.value}" for name, option in names if option.value],
    }
    for name, words in facts.items():
        if words:
            yield f"                ${name} = @("
            yield ",\n".join(f"                    {_quoted(word)}" for word in words)
            yield "                )"
    yield "            }"


def _quoted(text: str) -> str:
    return quoted(text, "''")
