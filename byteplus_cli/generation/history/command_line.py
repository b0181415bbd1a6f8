"""A command line in the making: words for a shell, and warnings of what it cannot say."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from byteplus_cli.errors import InvalidRequest
from byteplus_cli.generation.history.inputs import CHANGED, GONE, Input
from byteplus_cli.generation.report import shown_path

# Line breaks, tabs and the joiners of emoji and some scripts steer no terminal.
_PLAIN = str.maketrans("", "", "\n\t\u200c\u200d")


class CommandLine:
    """The words after `byteplus`, one added after another."""

    def __init__(self, *words: str, cwd: Path) -> None:
        self.warnings: list[str] = []
        self._cwd = cwd
        self._words = list(words)
        self._last: list[str] = []

    @property
    def words(self) -> list[str]:
        return [*self._words, *self._last]

    @property
    def text(self) -> str:
        """The whole line as a shell reads it."""
        return " ".join(["byteplus", *map(quoted, self.words)])

    def add(self, *words: str) -> None:
        self._words += words

    def switch(self, option: str, on: bool) -> None:
        """An option that is on or off, such as --flex or --no-flex."""
        self.add(option if on else f"--no-{option.removeprefix('--')}")

    def extra(self, fields: Mapping[str, object]) -> None:
        """Body fields that no option stands for."""
        for name, value in fields.items():
            self.add("--extra", f"{name}={json.dumps(value, ensure_ascii=False)}")

    def warn_of_settings(
        self, kind: str, settings: Mapping[str, Any], unsaid: Iterable[str]
    ) -> None:
        """Warn of what the profile would add by now, where no option keeps it out."""
        for name in unsaid:
            if settings.get(name) is not None:
                self.warnings.append(
                    f"the profile sets {kind}.{name} by now, which was not sent then"
                )

    def prompt(self, text: str | None) -> None:
        """The prompt as an argument."""
        if text is None:
            return
        if text == "-":
            self.warnings.append("the prompt - cannot be an argument: put it into a file, as @FILE")
        elif text.startswith("-"):
            self._last = ["--", text]
        else:
            self.add(literal_prompt(text))

    def input(self, option: str, given: Input) -> None:
        """An option with an input, as far as that can be named again."""
        if given.made_by:
            self.add(option, given.made_by.removesuffix("#1"))
        elif given.path:
            path = shown_path(given.path, self._cwd)
            self.add(option, path)
            if given.state == GONE:
                self.warnings.append(f"{option}: {path} is not there any more")
            elif given.state == CHANGED:
                self.warnings.append(f"{option}: {path} has changed since")
        elif given.is_whole_link:
            self.add(option, str(given.url))
        elif given.url:
            self.warnings.append(f"{option} is left out: what signed {given.url} is not kept")
        else:
            self.warnings.append(f"{option} is left out: what was given as data: is not kept")


def allowed(
    fields: Mapping[str, Any],
    options: Mapping[str, tuple[str, type]],
    check: Callable[[Mapping[str, Any]], object],
) -> dict[str, Any]:
    """Those of the fields that options say, as far as `check` lets them: others went by --extra."""
    left = {
        field: value
        for field, value in fields.items()
        if field in options and type(value) is options[field][1]
    }
    while True:
        try:
            check(left)
        except InvalidRequest as refused:
            wrong = [field for field in left if options[field][0] in refused.message]
            if wrong:
                del left[wrong[0]]
                continue
        return left


def literal_prompt(text: str) -> str:
    """A prompt as an option has to say it, so that it is not read as the name of a file."""
    return f"@{text}" if text.startswith("@") else text


def quoted(word: str) -> str:
    """One word for a shell; where it could steer a terminal, in escapes that bash and zsh read."""
    if word.translate(_PLAIN).isprintable():
        return shlex.quote(word)
    return "$'" + "".join(map(_escaped, word)) + "'"


def _escaped(letter: str) -> str:
    if letter in "\\'":
        return f"\\{letter}"
    if letter.isprintable():
        return letter
    code = ord(letter)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
