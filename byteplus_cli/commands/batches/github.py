"""What GitHub Actions shows of a batch: annotations, a summary of the step, and its outputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from byteplus_cli.commands.batches.check import Fault
from byteplus_cli.commands.batches.report import Causes
from byteplus_cli.generation.batch.folder import Run
from byteplus_cli.generation.batch.progress import Done, Progress
from byteplus_cli.generation.cost import usd
from byteplus_cli.terminal import Terminal

# More are dropped by GitHub anyway: 10 of a kind for one step (its documentation, 2026-11).
ANNOTATIONS = 10


def annotate(env: Mapping[str, str], terminal: Terminal, manifest: str, done: Done) -> None:
    """Point to the line of a row that was not saved."""
    if done.error:
        _command(env, terminal, manifest, done.row.line, f"{done.row.name}: {done.error.message}")


def annotate_faults(
    env: Mapping[str, str], terminal: Terminal, manifest: str, faults: Sequence[Fault]
) -> None:
    """Point to the lines that cannot be sent."""
    for fault in faults[:ANNOTATIONS]:
        _command(env, terminal, manifest, fault.line, fault.message)


def report(
    env: Mapping[str, str], terminal: Terminal, run: Run, progress: Progress, causes: Causes
) -> None:
    """Add to the summary and the outputs of the step that runs this."""
    if env.get("GITHUB_ACTIONS") != "true":
        return
    done = progress.done
    failed = sum(done.values()) - done["saved"]
    outputs = {
        "run": run.id,
        "results": str(run.results),
        "rows": progress.total,
        "saved": done["saved"],
        "failed": failed,
        "left": progress.left + len(progress.open),
        "cost_usd": usd(progress.spent),
    }
    rows = [f"| {name} | {value} |" for name, value in outputs.items() if name != "results"]
    table = ["| batch | |", "|---|---|", *rows, ""]
    reasons = [f"- {_markdown(line)}" for line in causes.lines()]
    _append(env.get("GITHUB_STEP_SUMMARY"), [*table, *reasons, ""], terminal)
    _append(env.get("GITHUB_OUTPUT"), [f"{k}={v}" for k, v in outputs.items()], terminal)


def _command(
    env: Mapping[str, str], terminal: Terminal, manifest: str, line: int, words: str
) -> None:
    if env.get("GITHUB_ACTIONS") != "true":
        return
    place = f"file={_escaped(manifest, property=True)},line={line}" if manifest != "-" else ""
    # The runner reads commands from both streams, and stdout is for the result.
    terminal.command(f"::error {place}::{_escaped(words)}")


def _escaped(text: str, *, property: bool = False) -> str:
    escapes = {"%": "%25", "\r": "%0D", "\n": "%0A"}
    if property:
        escapes |= {":": "%3A", ",": "%2C"}
    return "".join(escapes.get(letter, letter) for letter in text)


def _markdown(text: str) -> str:
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>|#" else letter for letter in text)


def _append(path: str | None, lines: Sequence[str], terminal: Terminal) -> None:
    if not path:
        return
    try:
        with Path(path).open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write("\n".join(lines) + "\n")
    except OSError as error:
        with suppress(OSError):
            terminal.warn(f"{path} cannot be written: {error.strerror}")
