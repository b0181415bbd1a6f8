"""The man page, from the command tree and the guides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from inspect import cleandoc
from itertools import chain
from pathlib import Path
from typing import Any

import typer

from byteplus_cli.cli import COMMANDS, app
from byteplus_cli.commands.guides import text, topics
from byteplus_cli.commands.leaf import SHARED_PANEL, Leaf
from byteplus_cli.terminal.page import PROMPT, Heading, Items, Lines, Paragraph, blocks, fold

PATH = Path(__file__).parents[2] / "byteplus_cli" / "guides" / "byteplus.1"
# What man pages call these; other topics follow under their own names.
TITLES = {"exit-codes": "EXIT STATUS", "environment": "ENVIRONMENT", "files": "FILES"}
# What roff reads otherwise than it stands there; a hyphen that is no minus cannot be copied.
SPECIAL = {
    **{"\\": r"\(rs", "-": r"\-", "'": r"\(aq", '"': r"\(dq"},
    **{"`": r"\(ga", "^": r"\(ha", "~": r"\(ti"},
}
ROOM = 66  # of a terminal's 80 columns, what the indents leave to a line of an example


def page() -> str:
    """The whole man page."""
    return "\n".join(_page()) + "\n"


def commands() -> Iterator[tuple[str, Any]]:
    """Every command below `byteplus`, with its words; groups come before what is in them."""
    root: Any = typer.main.get_command(app)
    for word in COMMANDS:
        command = root.get_command(None, word)
        yield word, command
        for name, inner in getattr(command, "commands", {}).items():
            yield f"{word} {name}", inner


def _page() -> Iterator[str]:
    root: Any = typer.main.get_command(app)
    summary, *about = _paragraphs(root)
    yield '.TH BYTEPLUS 1 "" "byteplus\\-cli" "User Commands"'
    yield from (".SH NAME", rf"byteplus \- {roff(summary[0].lower() + summary[1:].rstrip('.'))}")
    yield ".SH SYNOPSIS"
    yield r"\fBbyteplus\fR \fICOMMAND\fR [\fIWORD\fR] [\fIARGUMENT\fR...] [\fIOPTION\fR...]"
    for word in ("help", "help errors CODE", "--version"):
        yield from (".br", rf"\fBbyteplus\fR {roff(word)}")
    yield ".SH DESCRIPTION"
    yield from _help(about)
    yield ".SH EXAMPLES"
    groups = (command for _, command in commands() if not isinstance(command, Leaf))
    for group in groups:
        yield from (".PP", roff(_paragraphs(group)[0]))
        yield from _example(_folded(line for found in _examples(group) for line in found[1:]))
    yield ".SH COMMANDS"
    for words, command in commands():
        yield from _command(words, command)
    yield ".SH OPTIONS"
    yield from _options(_shared())
    for topic in dict.fromkeys([*TITLES, *topics()]):
        yield f".SH {roff(TITLES.get(topic, topic.upper()))}"
        yield from _guide(topic)


def _command(words: str, command: Any) -> Iterator[str]:
    context = _context(command, words)
    pieces = " ".join(command.collect_usage_pieces(context))
    yield f".SS {roff(f'byteplus {words} {pieces}')}"
    yield from _help(_paragraphs(command))
    if isinstance(command, Leaf):
        for heading, records in command.sections(context).items():
            if heading != SHARED_PANEL:
                yield from (".PP", rf"\fI{roff(heading)}:\fR")
                yield from _options(records)


def _shared() -> list[tuple[str, str]]:
    """The options that every command has."""
    leaf = next(command for _, command in commands() if isinstance(command, Leaf))
    return leaf.sections(_context(leaf))[SHARED_PANEL]


def _context(command: Any, words: str = "") -> Any:
    root: Any = typer.main.get_command(app)
    above = root.make_context("byteplus", [], resilient_parsing=True)
    return command.make_context(words, [], parent=above, resilient_parsing=True)


def _examples(command: Any) -> Iterator[list[str]]:
    """The blocks of examples in a command's help, each with its heading."""
    for paragraph in _paragraphs(command):
        lines = _kept(paragraph)
        if lines and lines[0].endswith(":"):
            yield lines


def _kept(paragraph: str) -> list[str]:
    """The lines of a paragraph that Click is to leave alone; none of any other."""
    mark, _, rest = paragraph.partition("\n")
    joined = re.sub(r"\s*\\\n\s*", " ", rest)
    return [line.strip() for line in joined.split("\n")] if mark == "\b" else []


def _paragraphs(command: Any) -> list[str]:
    return cleandoc(command.help).split("\n\n")


def _help(paragraphs: Iterable[str]) -> Iterator[str]:
    for paragraph in paragraphs:
        lines = _kept(paragraph)
        if not lines:
            yield from (".PP", roff(" ".join(paragraph.split())))
        elif lines[0].endswith(":"):
            yield from (".PP", roff(lines[0]))
            yield from _example(_folded(lines[1:]))
        elif all("  " in line for line in lines):
            yield from _options(re.split(r" {2,}", line, maxsplit=1) for line in lines)
        else:
            yield from _example(lines)


def _guide(topic: str) -> Iterator[str]:
    for block in blocks(text(topic)):
        match block:
            case Heading(said):
                yield f".SS {roff(said)}"
            case Paragraph(said):
                yield from (".PP", roff(said))
            case Items(pairs):
                yield from _options(pairs)
            case Lines(lines):
                shown = (
                    _folded([line.removeprefix(PROMPT)]) if line.startswith(PROMPT) else [line]
                    for line in lines
                )
                yield from _example(chain.from_iterable(shown))


def _options(records: Iterable[Iterable[str]]) -> Iterator[str]:
    for name, meaning in records:
        yield from (".TP", rf"\fB{roff(name)}\fR", roff(" ".join(meaning.split())))


def _example(lines: Iterable[str]) -> Iterator[str]:
    yield from (".PP", ".RS 4", ".EX")
    for line in lines:
        yield roff(line)
    yield from (".EE", ".RE")


def _folded(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield from fold(line, ROOM)


def roff(said: str) -> str:
    """Text as roff shows it letter for letter."""
    line = "".join(SPECIAL.get(letter, letter) for letter in said)
    line = "".join(c if c.isascii() else rf"\[u{ord(c):04X}]" for c in line)
    return rf"\&{line}" if line.startswith((".", " ")) else line
