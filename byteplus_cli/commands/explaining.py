"""What a code of an error means, from guides/errors.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from byteplus_cli.commands.guides import FOLDER, meanings


@dataclass(frozen=True)
class Explanation:
    """One error, or several that mean the same; `exit` is ours for a request turned away so,
    `later` for a task that failed of it, `look` for something that was only looked at."""

    family: str
    service: str
    codes: tuple[str, ...]
    meaning: str
    cause: str
    fix: str
    charged: str
    retry: str
    exit: int
    source: str
    date: str
    status: int | None = None
    later: int | None = None
    look: int | None = None
    call: str = "make"

    def name(self, asked: str) -> str:
        """The code that was asked for, as it is spelled; else the first."""
        return next((code for code in self.codes if code.casefold() == asked), self.codes[0])

    def pairs(self, name: str) -> tuple[tuple[str, str], ...]:
        """What there is to say, each under its name."""
        pairs = {
            "From": self._origin,
            "Meaning": self.meaning,
            "Cause": self.cause,
            "Fix": self.fix,
            "Charged": self.charged,
            "Retry": self.retry,
            "Exit code": self._exits,
            "Likewise": ", ".join(code for code in self.codes if code != name),
            "See also": ", ".join(with_status(name.removeprefix("http_"))),
            "Source": f"{self.source}, {self.date}.",
        }
        return tuple((title, said) for title, said in pairs.items() if said)

    @property
    def document(self) -> dict[str, Any]:
        """The same for --json."""
        return {
            "service": self.service,
            "status": self.status,
            "codes": list(self.codes),
            "meaning": self.meaning,
            "cause": self.cause,
            "fix": self.fix,
            "charged": self.charged,
            "retry": self.retry,
            "exit_code": self.exit,
            "source": self.source,
            "date": self.date,
        }

    @property
    def _origin(self) -> str:
        return f"{self.service}, HTTP {self.status}" if self.status else self.service

    @property
    def _exits(self) -> str:
        said = f"{self.exit}: {meanings()[str(self.exit)].partition('. ')[0]}."
        if self.look:
            said += f" {self.look} where something was only looked at."
        if self.later and self.later != self.exit:
            said += f" {self.later} where a task fails of it later."
        return said


@cache
def explanations() -> tuple[Explanation, ...]:
    """All that is known, in the order of the file."""
    document = tomllib.loads((FOLDER / "errors.toml").read_text("utf-8"))
    return tuple(_read(document["family"]))


def explained(code: str) -> tuple[str, list[Explanation]]:
    """The code that is meant, in small letters, and what it may mean: nothing if it is not known.

    Of a code with dots it is what comes before one, where the whole is not known.
    """
    wanted = code.casefold()
    if re.fullmatch(r"(http[ _]?)?[3-5]\d\d", wanted):
        wanted = _status(wanted[-3:])
    while wanted:
        if found := [known for known in explanations() if wanted in map(str.casefold, known.codes)]:
            return wanted, found
        wanted = wanted.rpartition(".")[0]
    return "", []


def families() -> dict[str, list[str]]:
    """The codes of each family."""
    found: dict[str, list[str]] = {}
    for known in explanations():
        found.setdefault(known.family, []).extend(known.codes)
    return found


def with_status(status: str) -> list[str]:
    """The codes that come with an HTTP status."""
    known = (each for each in explanations() if str(each.status) == status)
    return list(dict.fromkeys(code for each in known for code in each.codes))


def nearest_codes(code: str) -> list[str]:
    """Known codes that are spelled like one that is not, or hold its letters."""
    from difflib import get_close_matches

    names = {name.casefold(): name for known in explanations() for name in known.codes}
    wanted = code.casefold()
    holding = [name for name in names if len(wanted) > 3 and wanted in name]
    close = holding or get_close_matches(wanted, names, n=3, cutoff=0.6)
    return [names[name] for name in close[:3]]


def help_command(code: str) -> str | None:
    """The command that explains a code, spelled our way; None if nothing is known of it."""
    wanted, found = explained(code)
    return f"byteplus help errors {found[0].name(wanted)}" if found else None


def _status(status: str) -> str:
    known = {code for each in explanations() for code in each.codes}
    return f"http_{status}" if f"http_{status}" in known else f"http_{status[0]}00"


def _read(tables: Sequence[Mapping[str, Any]]) -> Iterator[Explanation]:
    for table in tables:
        shared = {name: value for name, value in table.items() if name not in ("name", "error")}
        for error in table["error"]:
            facts = {**shared, **error}
            facts |= {"codes": tuple(facts["codes"]), "date": str(facts["date"])}
            yield Explanation(family=table["name"], **facts)
