"""Text that teaches, laid out for a width: the guides, and the examples in help.

A guide is plain text in blocks with blank lines between them. `# ` begins a heading; two spaces
begin an item, its name and two more spaces before its meaning; four spaces begin lines that stay
as they are, where `$ ` marks a command. All else is a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

INDENT = 2
PROMPT = "$ "
# What a shell joins commands with.
JOINTS = ("|", "||", "&&", ">")
# A share of the width that names of items may take before their meanings move below them.
NAMES_SHARE = 0.4

_WORD = re.compile(r"""(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+""")
_CONTINUED = re.compile(r"\s*\\\n\s*")
_COLUMN = re.compile(r"\s*\S+(?: \S+)* {2,}(?=\S)")


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Paragraph:
    text: str


@dataclass(frozen=True)
class Items:
    """Names and what each means."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Lines:
    """Commands after `$ `, or a piece of a file."""

    lines: tuple[str, ...]

    @property
    def commands(self) -> list[str]:
        return [line.removeprefix(PROMPT) for line in self.lines if line.startswith(PROMPT)]


Block = Heading | Paragraph | Items | Lines


def blocks(text: str) -> Iterator[Block]:
    """What a guide is made of."""
    for piece in re.split(r"\n\s*\n", text.strip("\n")):
        lines = piece.split("\n")
        if piece.startswith("# "):
            yield Heading(piece.removeprefix("# "))
        elif piece.startswith("    "):
            lines = _CONTINUED.sub(" ", piece).split("\n")
            yield Lines(tuple(line.removeprefix("    ") for line in lines))
        elif piece.startswith("  "):
            yield Items(tuple(_pairs(lines)))
        else:
            yield Paragraph(" ".join(lines))


def laid_out(text: str, width: int) -> list[str]:
    """The lines of a guide on a page of that width."""
    lines: list[str] = []
    for block in blocks(text):
        lines += ["", *_drawn(block, width)]
    return lines[1:]


def items(pairs: tuple[tuple[str, str], ...], width: int) -> list[str]:
    """Names and meanings in two columns; a long name has a line of its own."""
    room = int(width * NAMES_SHARE)
    column = max([0, *(len(name) for name, _ in pairs if len(name) <= room)]) + 2 * INDENT
    lines = []
    indent = " " * INDENT
    for name, meaning in pairs:
        head = f"{indent}{name}"
        if len(head) + INDENT > column:
            lines += _filled(name, width, indent, indent)
            head = ""
        lines += _filled(meaning, width, head.ljust(column), " " * column)
    return lines


def names(words: Sequence[str], width: int) -> list[str]:
    """Words one after another, with commas between them."""
    return _filled(", ".join(words), width, " " * INDENT, " " * INDENT)


def folded(text: str, width: int) -> str:
    """Help whose lines that are kept as they are fit: a command goes on behind a backslash."""
    kept, lines = False, []
    for line in _CONTINUED.sub(" ", text).split("\n"):
        # How Click marks a paragraph that it is to leave alone.
        kept = line.strip() == "\b" or (kept and bool(line.strip()))
        lines += fold(line, width) if kept else [line]
    return "\n".join(lines)


def fold(line: str, width: int) -> list[str]:
    """A command, or a row of two columns, in as many lines as it takes."""
    if len(line) <= width:
        return [line]
    if row := _COLUMN.match(line):
        return _filled(line[row.end() :], width, row[0], " " * row.end())
    indent = " " * (len(line) - len(line.lstrip()))
    lines = [""]
    for unit in _units(line):
        if lines[-1] and len(f"{lines[-1]} {unit} \\") > width:
            lines[-1] += " \\"
            lines.append(f"{indent}    {unit}")
        else:
            lines[-1] = f"{lines[-1]} {unit}" if lines[-1] else indent + unit
    return lines


def _units(line: str) -> Iterator[str]:
    """What of a command stays together: an option with its value, and all behind a joint."""
    unit: list[str] = []
    for word in _WORD.findall(line):
        if unit and (word in JOINTS or not _goes_with(word, unit)):
            yield " ".join(unit)
            unit = []
        unit.append(word)
    yield " ".join(unit)


def _goes_with(word: str, unit: Sequence[str]) -> bool:
    return unit[0] in JOINTS or (unit[-1].startswith("-") and not word.startswith("-"))


def _pairs(lines: list[str]) -> Iterator[tuple[str, str]]:
    name, meaning = "", ""
    for line in lines:
        if line.startswith("   "):
            meaning = f"{meaning} {line.strip()}".strip()
            continue
        if name:
            yield name, meaning
        name, _, meaning = (part.strip() for part in line.strip().partition("  "))
    yield name, meaning


def _drawn(block: Block, width: int) -> list[str]:
    match block:
        case Heading(text):
            return [f"{text}:"]
        case Paragraph(text):
            return _filled(text, width)
        case Items(pairs):
            return items(pairs, width)
        case Lines(lines):
            return [piece for line in lines for piece in _as_it_is(line, width)]


def _as_it_is(line: str, width: int) -> list[str]:
    indent = " " * 2 * INDENT
    # Without its mark, a line can be copied whole.
    command = line.removeprefix(PROMPT)
    return [indent + line] if command == line else fold(indent + command, width)


def _filled(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    return wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [first.rstrip()]
