"""The one place that writes: human, JSON and quiet."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO, TypeVar

from byteplus_cli.errors import ByteplusError, Charge, Interrupted
from byteplus_cli.generation.notice import Notice
from byteplus_cli.terminal.layout import literal

T = TypeVar("T")
# Each can be read on a light ground and on a dark one, which yellow cannot.
BOLD, RED, MAGENTA = "1", "31", "35"
DEFAULT_WIDTH = 80
LONGEST_UNPRINTED = 600
MOST_NAMED = 100


class Terminal:
    """Results go to `stdout`, everything else to `stderr`."""

    def __init__(
        self,
        stdin: TextIO,
        stdout: TextIO,
        stderr: TextIO,
        env: Mapping[str, str],
        *,
        json: bool = False,
        quiet: bool = False,
        verbose: bool = False,
    ) -> None:
        self.stdin = stdin
        self.stdout = stdout
        self.stderr = stderr
        self.env = env
        self.json = json
        self.quiet = quiet
        self.verbose = verbose
        self.plain = False  # nothing is drawn over itself, nor said in other codes than text
        self._unprinted: list[str] = []
        self._stdout_trouble: OSError | None = None
        self._named_files = False  # whether anything to print is a file that was saved

    def result(
        self,
        lines: Sequence[str],
        document: Mapping[str, Any] | None = None,
        *,
        files: Sequence[str] = (),
    ) -> None:
        """Print what the user asked for: one JSON document under --json, else the lines.

        Lines that end in one of the `files` lead to it, where a terminal can. What cannot be
        printed ends no work that is under way: `finish` tells of it.
        """
        self._named_files = self._named_files or bool(files)
        if self.json and document is not None:
            self._out(_json(document), worth=", ".join(files) or str(document.get("id") or ""))
            return
        for line in lines:
            # A path or an id; what a table or a script says can be asked for again.
            is_one = line in files or (len(lines) <= MOST_NAMED and " " not in line)
            self._out(self._leading(line, files), worth=line if is_one else "")

    def record(self, lines: Sequence[str], document: Mapping[str, Any]) -> None:
        """Print one result of many, a saved file a line: under --json one line is a document."""
        if self.json:
            self._named_files = self._named_files or bool(lines)
            self._out(_json(document, indent=None), worth=", ".join(lines))
            return
        self.result(lines, files=lines)

    def event(self, lines: Sequence[str], document: Mapping[str, Any]) -> None:
        """The same, and raise what `finish` does, since nobody may be left to listen."""
        self.record(lines, document)
        self.finish()

    def finish(self) -> None:
        """Raise what kept results from being printed: BrokenPipeError, or an error in our words."""
        trouble = self._stdout_trouble
        if isinstance(trouble, BrokenPipeError):
            raise trouble
        if trouble:
            said = literal(", ".join(filter(None, self._unprinted)))[:LONGEST_UNPRINTED]
            raise ByteplusError(
                f"cannot write to standard output ({trouble.strerror})"
                + (f": {said}" if said else ""),
                code="stdout",
                charge=Charge.YES if self._named_files else None,
                hint="byteplus history list shows it" if self._named_files else None,
            ) from trouble

    def note(self, text: str) -> None:
        """Say something that is worth knowing now but is not a result."""
        if not self.quiet:
            self._err(self._folded(literal(text)))

    def warn(self, text: str) -> None:
        """Say what is not as the user may expect."""
        if not self.quiet:
            self._err(self._labelled("warning:", MAGENTA, text))

    def fault(self, text: str) -> None:
        """Say one of several things that are wrong, before the error that ends the run."""
        self._err(self._labelled("error:", RED, text))

    def command(self, text: str) -> None:
        """A line that a CI system reads; never folded or coloured."""
        self._err(literal(text))

    def detail(self, text: str) -> None:
        """Say what only --verbose asks for."""
        if self.verbose:
            self._err(literal(text))

    def fail(self, error: ByteplusError) -> None:
        """Say an error: what happened, the server's words, what it cost, what to type next."""
        if self.json:
            # On one line, as it may come after many others.
            self._out(_json(error_document(error), indent=None))
        self._err(self._labelled(f"{error.label}:", RED, error.message))
        if error.details or error.request_id:
            self._err(self._folded("  " + literal(_server_words(error))))
        if error.charge:
            self._err("  " + error.charge)
        if error.hint:
            # Not folded: a line may be a command to copy.
            first, *rest = map(literal, error.hint.split("\n"))
            self._err(self._colored("hint:", BOLD) + " " + first)
            for line in rest:
                self._err(" " * len("hint: ") + line)

    def follow(
        self,
        events: Generator[Any, None, T],
        *,
        doing: str,
        usual: str | None = None,
        tell: Mapping[type, Callable[[Any], None]] | None = None,
        many: bool = False,
    ) -> T:
        """Draw the work that `events` reports until it ends; gives what it returns.

        `doing` is what to call it before there is an event, `usual` says how long it often takes,
        `tell` prints the events of which more than a moment's drawing is to stay. `many` is for
        a batch.
        """
        lasting = {Notice: lambda notice: self.warn(notice.text), **(tell or {})}
        from byteplus_cli.terminal import progress

        signal: Interrupted | None = None
        with progress.view(self, doing, usual, many=many) as view:
            while True:
                try:
                    # Wherever a signal came, the work alone knows how to leave what it began.
                    event = events.throw(signal) if signal else next(events)
                    signal = None
                    if say := lasting.get(type(event)):
                        with view.aside():
                            say(event)
                    else:
                        view.show(event)
                except StopIteration as stop:
                    ended: T = stop.value
                    return ended
                except Interrupted as came:
                    if getattr(events, "gi_frame", None) is None:
                        raise  # it came from the work itself, which is over
                    signal = came

    def thumbnail(self, path: Path) -> None:
        """Show a picture or a clip, on a terminal that somebody sits at and that can."""
        if self.json or not self.live:
            return
        from byteplus_cli.terminal.thumbnail import drawn

        if codes := drawn(path, self.env):
            self._err(codes)

    def call(self, text: str) -> None:
        """Call for somebody who does not look: the bell, and what else the terminal can."""
        if not self.attended or self.quiet:
            return
        from byteplus_cli.terminal.calling import BELL, notification

        self.codes(BELL if self.plain else notification(text, self.env))

    def codes(self, text: str) -> None:
        """Send the terminal what takes no room on it."""
        with suppress(OSError):
            self.stderr.write(text)
            self.stderr.flush()

    def secret(self, prompt: str) -> str:
        """Read a secret: without echo on a terminal, else one line of standard input."""
        if not self.stdin.isatty():
            return self.stdin.readline().strip()
        from getpass import getpass

        return getpass(prompt, self.stderr).strip()

    def answer(self, question: str) -> str | None:
        """A line that somebody types in answer; None where nobody sits at the terminal."""
        if not (self.stdin.isatty() and self.stderr.isatty()):
            return None
        with suppress(OSError):
            self.stderr.write(literal(question))
            self.stderr.flush()
        return self.stdin.readline()

    def key(self, prompt: str, seconds: float) -> str | None:
        """The key pressed within that time, on a terminal that somebody sits at; else None."""
        if not (self.live and self.stdin.isatty()):
            return None
        from byteplus_cli.terminal.keys import pressed

        return pressed(self.stdin, seconds, lambda: self._err(literal(prompt)))

    @property
    def live(self) -> bool:
        """Whether lines may be drawn over: only on a real terminal, and never in CI."""
        return self.attended and not self.quiet and not self.plain

    @property
    def attended(self) -> bool:
        """Whether somebody sits at a terminal that understands more than text."""
        dumb = self.env.get("TERM", "") in ("", "dumb") and os.name != "nt"
        return self.stderr.isatty() and not dumb and not self.env.get("CI")

    @property
    def width(self) -> int | None:
        """The columns that stdout has; None where nothing limits a line."""
        if columns := self.env.get("COLUMNS", ""):
            return int(columns) if columns.isdecimal() and int(columns) else DEFAULT_WIDTH
        return _columns(self.stdout) if self.stdout.isatty() else None

    @property
    def colorful(self) -> bool:
        """Whether stderr may carry colour."""
        if self.env.get("NO_COLOR"):
            return False
        if self.env.get("FORCE_COLOR", "0") != "0" or self.env.get("CLICOLOR_FORCE", "0") != "0":
            return True
        return self.stderr.isatty() and self.env.get("TERM") not in (None, "", "dumb")

    def _labelled(self, label: str, color: str, text: str) -> str:
        folded = self._folded(f"{label} {literal(text)}")
        return self._colored(label, color) + folded.removeprefix(label)

    def _folded(self, text: str) -> str:
        """A line broken between words where it would run over the edge of a terminal."""
        if not self.stderr.isatty():
            return text
        from textwrap import fill

        return fill(
            text,
            _columns(self.stderr),
            subsequent_indent="  ",
            break_long_words=False,
            break_on_hyphens=False,
        )

    def _colored(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colorful else text

    def _leading(self, line: str, files: Sequence[str]) -> str:
        """The line, its path made to be clicked if it ends in one of these."""
        shown = max(filter(line.endswith, files), key=len, default=None)
        if shown is None or self.plain or not self.stdout.isatty() or self.env.get("CI"):
            return line
        from byteplus_cli.terminal import abilities, calling

        return calling.linked(line, shown, Path(shown)) if abilities.links(self.env) else line

    def _out(self, line: str, worth: str = "") -> None:
        """Print a line; of one that cannot be, `worth` is what has to be told all the same."""
        try:
            self.stdout.write(line + "\n")
            self.stdout.flush()
        except OSError as error:
            self._stdout_trouble = self._stdout_trouble or error
            self._unprinted.append(worth)

    def _err(self, line: str) -> None:
        with suppress(OSError):  # nobody reads it: no reason to give up what was paid for
            self.stderr.write(line + "\n")
            self.stderr.flush()


def _columns(stream: TextIO) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns or DEFAULT_WIDTH
    except OSError:
        return DEFAULT_WIDTH


def error_document(error: ByteplusError) -> dict[str, Any]:
    """The JSON that stands on stdout for an error."""
    return {
        **(error.document or {}),
        "error": {
            "code": error.code,
            "message": error.message,
            "details": error.details,
            "hint": error.hint,
            "charge": error.charge,
            "exit_code": error.exit_code,
            "request_id": error.request_id,
            "task_id": error.task_id,
        },
    }


def _json(document: Mapping[str, Any], indent: int | None = 2) -> str:
    import json

    return json.dumps(document, ensure_ascii=False, indent=indent)


def _server_words(error: ByteplusError) -> str:
    trace = [error.code] if error.details else []
    trace += [f"request id {error.request_id}"] if error.request_id else []
    said = f"the server says: {error.details} " if error.details else ""
    return f"{said}({', '.join(trace)})"
