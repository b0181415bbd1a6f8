"""The values that a shell asks for while a line is typed: no trace, no waiting, no error."""

from __future__ import annotations

import os
import sys

from byteplus_cli.doors.settings import Settings, plain, state_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Words = Iterable[tuple[str, str]]  # each with what is said of it

LONGEST = 60
# What config.SETTINGS has: the models where none is named, and what is true or false.
USUAL = {"video": "seedance-1-0-pro-fast-251015", "image": "seedream-4-0-250828", "avatar": "1.5"}
BOOLEANS = ("notify", "camera_fixed", "audio", "watermark", "save_last_frame", "flex")


def main(asked: list[str]) -> int:
    """`byteplus __complete KIND/WORD LINE...`: what WORD, after LINE, may become, one a line."""
    try:
        kind, _, word = asked[0].partition("/")
        found = answer(kind, Line(os.environ, word, asked[1:]))
        text = "".join(f"{each}\t{_short(said)}\n" for each, said in found if _safe(each))
        os.write(1, text.encode(sys.stdout.encoding, "replace"))
    except Exception:  # noqa: BLE001 - whatever it is must not land in the line being typed
        return 0
    return 0


class Line:
    """What is being typed: the word itself, and those before it."""

    def __init__(self, env: Mapping[str, str], word: str, before: list[str]) -> None:
        self.env = env
        self.word = word.lstrip("'\"")
        self.before = before
        self.settings = Settings(env)
        self.profile = self.settings.profile(self.option("-p", "--profile"))

    def option(self, short: str, long: str) -> str | None:
        """What an option was given on this line."""
        found = None
        for option, value in zip(self.before, [*self.before[1:], ""], strict=False):
            if option in (short, long):
                found = value
            elif option.startswith(f"{long}="):
                found = option[len(long) + 1 :]
            elif option.startswith(short):
                found = option[len(short) :]
        return found and found.strip("'\"")

    def model(self, kind: str) -> str:
        """The model that a request would go to."""
        stored = self.settings.get(self.profile, f"{kind}.model")
        return self.option("-m", "--model") or stored or USUAL[kind]


def answer(kind: str, line: Line) -> Words:
    """The words of a kind such as `profiles`, `models:video` or `queued:avatar`."""
    kind, _, of = kind.partition(":")
    return ANSWERS[kind](line, kind, of)


def _profiles(line: Line, _: str, __: str) -> Words:
    return [
        (name, "free and offline" if name == "sandbox" else "") for name in line.settings.profiles()
    ]


def _tasks(line: Line, which: str, kind: str) -> Words:
    from byteplus_cli.generation.glance import Glance

    glance = Glance(state_folder(line.env))
    only = None if kind == "any" else kind
    if line.word.startswith("@"):
        return _counted(glance.latest(line.profile, only, 9))
    last = [] if line.word else _counted(glance.latest(line.profile, only, 1))
    return [*last, *glance.tasks(line.profile, only, line.word, which)]


def _counted(latest: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The latest tasks by how far back they are."""
    return [
        (f"@-{back}" if back > 1 else "@last", said) for back, (_, said) in enumerate(latest, 1)
    ]


def _chains(line: Line, _: str, __: str) -> Words:
    from byteplus_cli.generation.glance import Glance

    return Glance(state_folder(line.env)).chains(line.profile)


def _models(line: Line, _: str, kind: str) -> Words:
    from byteplus_cli.doors import models

    rows = models.rows(line.settings.folder, kind)
    if kind != "any":
        rows = [row for row in rows if row[models.STATE] != "retired"]
    return models.names(rows, line.word)


def _allowed(line: Line, what: str, kind: str) -> Words:
    from byteplus_cli.doors import models

    column = models.RATIOS if what == "ratios" else models.SHAPES
    rows = models.rows(line.settings.folder, kind)
    return [(word, "") for word in models.allowed(rows, line.model(kind), column)]


def _value(line: Line, _: str, __: str) -> Words:
    """What the setting may be that `config set` was given."""
    own = ("notify", "progress")
    key = next((word for word in reversed(line.before) if "." in word or word in own), "")
    kind, _, name = key.rpartition(".")
    if name == "progress":
        return [("auto", ""), ("plain", "")]
    if name in BOOLEANS:
        return [("true", ""), ("false", "")]
    return answer(f"{VALUES[name]}:{kind}", line)


ANSWERS = {
    "profiles": _profiles,
    "tasks": _tasks,
    "queued": _tasks,
    "drafts": _tasks,
    "chains": _chains,
    "models": _models,
    "resolutions": _allowed,
    "sizes": _allowed,
    "ratios": _allowed,
    "value": _value,
}
VALUES = {"model": "models", "resolution": "resolutions", "size": "sizes", "ratio": "ratios"}


def _safe(word: str) -> bool:
    """Whether a word may be put into a command line: it needs no quotes, and is no option."""
    letters = word
    for mark in ":@#":
        letters = letters.replace(mark, "")
    return plain(letters) and not word.startswith("-")


def _short(said: str) -> str:
    line = "".join(letter for letter in " ".join(said.split()) if letter.isprintable())
    if _cells(line) <= LONGEST:
        return line
    while _cells(line) > LONGEST - 3:
        line = line[:-1]
    return f"{line}..."


def _cells(line: str) -> int:
    """How many columns a line takes; some scripts take two a letter."""
    if line.isascii():
        return len(line)
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in line)
