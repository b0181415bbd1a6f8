"""`byteplus help`: guides to what no single command explains, and what the codes of errors mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from byteplus_cli.commands.leaf import Leaf
from byteplus_cli.config import nearest
from byteplus_cli.errors import InvalidRequest, Missing
from byteplus_cli.session import Session

ERRORS = "errors"
# Longer lines are hard to read, however wide the terminal is.
WIDEST, IN_A_PIPE = 90, 80
MARGIN = 2  # that Click leaves free

app = typer.Typer(add_completion=False, rich_markup_mode=None)
About = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[TOPIC | COMMAND...]",
        help="A topic, `errors` with a code, or the words of a command.",
    ),
]


@app.command("help", cls=Leaf)
def help_(ctx: typer.Context, about: About = None) -> None:
    """Guides to prompts, file names, exit codes and more; or the help of a command.

    \b
    Examples:
      byteplus help
      byteplus help prompts
      byteplus help errors QuotaExceeded
      byteplus help video create
    """
    from byteplus_cli.commands.guides import text, topics

    session: Session = ctx.obj
    words = about or []
    if not words:
        _list(session, topics())
    elif words[0] == ERRORS:
        _errors(session, words[1:])
    elif words[0] in topics() and not words[1:]:
        _show(session, words[0], _page(session, text(words[0])))
    else:
        _show(session, " ".join(words), _help_of(ctx, words))


def _list(session: Session, topics: Mapping[str, str]) -> None:
    from byteplus_cli.terminal.page import items

    lines = ["Topics:", *items(tuple(topics.items()), _width(session)), "", *_more(session)]
    listed = [{"topic": topic, "summary": summary} for topic, summary in topics.items()]
    session.terminal.result(lines, {"schema": "byteplus.topics/1", "items": listed})


def _more(session: Session) -> list[str]:
    commands = (
        ("byteplus help TOPIC", "One of these."),
        ("byteplus help errors CODE", "What a code of an error means, and what to do."),
        ("byteplus help COMMAND", "The help of a command, as its --help."),
        ("byteplus --help", "The commands."),
    )
    from byteplus_cli.terminal.page import items

    return ["More:", *items(commands, _width(session))]


def _errors(session: Session, codes: Sequence[str]) -> None:
    from byteplus_cli.commands.explaining import families, nearest_codes
    from byteplus_cli.commands.guides import text
    from byteplus_cli.terminal.page import names

    if not codes:
        lines = _page(session, text(ERRORS))
        for family, known in families().items():
            lines += ["", f"{family}:", *names(known, _width(session))]
        _show(session, ERRORS, lines, families=families())
        return
    if codes[1:]:
        raise InvalidRequest("one code at a time", hint=f"byteplus help errors {codes[0]}")
    lines, documents = _explanation(session, codes[0])
    if not documents:
        close = nearest_codes(codes[0])
        hint = f"byteplus help errors {close[0]}" if close else "byteplus help errors"
        if close[1:]:
            hint += f"   (or {', '.join(close[1:])})"
        raise Missing(f"nothing is known of an error {codes[0]}", hint=hint)
    _show(session, f"{ERRORS} {codes[0]}", lines, explanations=documents)


def _explanation(session: Session, code: str) -> tuple[list[str], list[dict[str, Any]]]:
    from byteplus_cli.commands.explaining import explained
    from byteplus_cli.terminal.page import items

    lines: list[str] = []
    wanted, found = explained(code)
    for known in found:
        name = known.name(wanted)
        lines += ["", f"{name}:", "", *items(known.pairs(name), _width(session))]
    return lines[1:], [known.document for known in found]


def _help_of(ctx: typer.Context, words: Sequence[str]) -> list[str]:
    """The help of the command that these words call; raises InvalidRequest with the nearest."""
    session: Session = ctx.obj
    at: Any = ctx.find_root()
    for word in words:
        known = at.command.list_commands(at) if hasattr(at.command, "list_commands") else []
        if word not in known:
            raise _unknown(at, word, known)
        command = at.command.get_command(at, word)
        at = type(at)(command, info_name=word, parent=at)
        at.terminal_width = IN_A_PIPE - MARGIN if session.terminal.json else None
    return str(at.get_help()).split("\n")


def _unknown(at: Any, word: str, known: Sequence[str]) -> InvalidRequest:
    from byteplus_cli.commands.explaining import help_command
    from byteplus_cli.commands.guides import topics

    if not at.parent and word in topics():
        return InvalidRequest(
            f"the topic {word} has no parts", hint=f"byteplus help {word}", code="usage"
        )
    if at.parent:
        words = f"{at.command_path.removeprefix('byteplus ')} {word}"
        hint = nearest(word, list(known)) or f"byteplus help {words.rpartition(' ')[0]}"
        return InvalidRequest(f"no command {words}", hint=hint, code="usage")
    hint = nearest(word, [*topics(), *known]) or help_command(word) or "byteplus help"
    return InvalidRequest(f"no topic or command {word}", hint=hint, code="usage")


def _show(session: Session, topic: str, lines: Sequence[str], **facts: object) -> None:
    document = {"schema": "byteplus.help/1", "topic": topic, "text": "\n".join(lines), **facts}
    session.terminal.result(lines, document)


def _page(session: Session, text: str) -> list[str]:
    from byteplus_cli.terminal.page import laid_out

    return laid_out(text, _width(session))


def _width(session: Session) -> int:
    # A document is the same wherever it is asked for.
    width = None if session.terminal.json else session.terminal.width
    return min(width or IN_A_PIPE, WIDEST)
