"""One job of a manifest: its kind, its name, and the options of the command that would make it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from byteplus_cli.errors import InvalidRequest
from byteplus_cli.generation.batch.manifest import Written

KIND, NAME = "kind", "name"
ALIASES = {"first_frame": "image"}
LONGEST_NAME = 128
YES, NO = {"true", "yes", "on", "1"}, {"false", "no", "off", "0"}


@dataclass(frozen=True)
class Option:
    """What one option of a command may be in a manifest: `type` of each value, `many` or one."""

    type: type
    many: bool = False


Options = Mapping[str, Option]


@dataclass(frozen=True, slots=True)
class Row:
    """A checked row. `options` has those that it names; `columns` are there for file names."""

    number: int
    line: int
    kind: str
    name: str
    options: Mapping[str, Any]
    columns: Mapping[str, str] = field(default_factory=dict)
    repeat: int = 0  # how many rows before it ask for the same
    key: str = ""  # stands for what it asks, whatever it is called
    lane: str = ""  # which rows it has to share a pace with
    usd: str | None = None  # the most that it should cost
    files: Sequence[str] = ()  # what it would be saved as

    def to_json(self) -> str:
        fields = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> Row:
        return cls(**json.loads(text))


@dataclass(frozen=True)
class Reader:
    """Makes rows of what is written. `kinds` has the options of each kind, `used` are the other
    columns that the name template uses, `near` gives a hint for a word that is not known."""

    kinds: Mapping[str, Options]
    default_kind: str
    used: frozenset[str]
    near: Callable[[str, Mapping[str, object]], str | None]

    def row(self, number: int, written: Written) -> Row:
        """Raises InvalidRequest for whatever no option can be."""
        if written.fault:
            raise InvalidRequest(written.fault)
        values = {name.strip().replace("-", "_"): v for name, v in written.values.items()}
        kind = self._kind(values.pop(KIND, None))
        name = _name(values.pop(NAME, None), number)
        known, options, columns = self.kinds[kind], {}, {NAME: name}
        for given, value in values.items():
            if value is None:
                continue
            if given in self.used:
                columns[given] = _text(value)
            option = given if given in known else ALIASES.get(given, given)
            if option in options:
                raise InvalidRequest(f"{given} is {option}, which is given too")
            if option in known:
                options[option] = typed(given, value, known[option])
            elif given not in self.used:
                hint = self.near(given, known) or f"{{row.{given}}} in -o would use it"
                raise InvalidRequest(f"no option {given} for {kind}", hint=hint)
        return Row(number, written.line, kind, name, options, columns)

    def _kind(self, value: object) -> str:
        kind = self.default_kind if value is None else _text(value).strip().lower()
        if kind in self.kinds:
            return kind
        hint = self.near(kind, self.kinds) or f"one of {', '.join(self.kinds)}"
        raise InvalidRequest(f"no kind {kind}", hint=hint)


def typed(name: str, value: object, option: Option) -> Any:
    """A value as its option takes it; raises InvalidRequest."""
    if not option.many:
        if isinstance(value, list):
            raise InvalidRequest(f"{name} is given more than once")
        return _single(name, value, option.type)
    if isinstance(value, dict) and name == "extra":
        return [f"{key}={json.dumps(item, ensure_ascii=False)}" for key, item in value.items()]
    items = value if isinstance(value, list) else _listed(value)
    return [_single(name, item, option.type) for item in items]


def _listed(value: object) -> list[object]:
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            items = json.loads(value)
        except ValueError:
            return [value]
        if isinstance(items, list):
            return items
    return [value]


def _single(name: str, value: object, kind: type) -> Any:
    if kind is bool:
        return _truth(name, value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise InvalidRequest(f"{name}: {_text(value)} is not {_WORDS[kind]}")
    if kind is str:
        return str(value)
    if name == "resolution" and isinstance(value, str):
        value = value.removesuffix("p")  # of an avatar, where a clip has 720p
    try:
        number = kind(value)
        if number == (value if not isinstance(value, str) else float(value)):
            return number
    except (ValueError, OverflowError):
        pass
    raise InvalidRequest(f"{name}: {value} is not {_WORDS[kind]}")


_WORDS: dict[type, str] = {str: "text", int: "a whole number", float: "a number"}


def _truth(name: str, value: object) -> bool:
    if isinstance(value, bool):
        return value
    word = _text(value).strip().lower()
    if word in YES | NO:
        return word in YES
    raise InvalidRequest(f"{name}: {_text(value)} is not true or false")


def _name(value: object, number: int) -> str:
    if value is None:
        return str(number)
    name = _text(value).strip()
    if not name or len(name) > LONGEST_NAME:
        raise InvalidRequest(f"name: from 1 to {LONGEST_NAME} characters, not {len(name)}")
    return name


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
