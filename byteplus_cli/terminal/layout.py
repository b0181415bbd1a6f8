"""How values look to people: durations, sizes, tables, cards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

GAP = 2
# Invisible, but part of how emoji and some scripts are written.
JOINERS = "\u200c\u200d"
NARROWEST_TEXT = 16


def literal(text: object) -> str:
    """Text as it may be shown on one line: nothing in it can steer a terminal."""
    line = str(text)
    if line.isprintable():
        return line
    line = " ".join(line.split())
    # What is not printable here: controls, bidi marks, lone surrogates, unassigned code points.
    return "".join(letter for letter in line if letter.isprintable() or letter in JOINERS)


def clock(seconds: float) -> str:
    """A duration the way a stopwatch shows it: 0:07, 12:30, 1:02:03."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def span(seconds: float) -> str:
    """A duration in its largest unit: 45s, 12m, 3h, 6d."""
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds >= size:
            return f"{int(seconds // size)}{unit}"
    return f"{max(0, int(seconds))}s"


def size(count: int) -> str:
    """Bytes in decimal units: 812 B, 8.2 MB, 1.1 GB."""
    amount = float(count)
    for unit in ("B", "kB", "MB"):
        if amount < 999.5:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], width: int | None) -> list[str]:
    """Aligned columns. The last one takes what room is left, and is shortened or, on a narrow
    terminal, moved to a line of its own; no other cell is ever cut. No width means no limit."""
    cells, widths = _measured(headers, rows)
    room = _room(widths, width)
    if room is not None and room < min(NARROWEST_TEXT, widths[-1]):
        return list(_stacked(cells, widths, width or 0))
    return _lines(cells, widths, room)


def deep_table(
    headers: Sequence[str], rows: Sequence[Sequence[str]], width: int | None
) -> list[str]:
    """The same for rows with a long cell before the last: on a narrow terminal both go below the
    others. Only the last is ever shortened."""
    cells, widths = _measured(headers, rows)
    room = _room(widths, width)
    if room is not None and room < min(NARROWEST_TEXT, widths[-1]):
        return list(_deep(cells, widths, width or 0))
    return _lines(cells, widths, room)


def card(pairs: Sequence[tuple[str, str | None]]) -> list[str]:
    """Names and values below each other; what has no value is left out."""
    known = [(name, literal(value)) for name, value in pairs if value]
    longest = max(_cells(name) for name, _ in known)
    return [f"{_pad(name, longest)}{' ' * GAP}{value}" for name, value in known]


def _measured(
    headers: Sequence[str], rows: Sequence[Sequence[str]]
) -> tuple[list[list[str]], list[int]]:
    """All cells as they may be shown, and how wide each column is."""
    cells = [[literal(cell) for cell in row] for row in (headers, *rows)]
    return cells, [max(map(_cells, column)) for column in zip(*cells, strict=True)]


def _room(widths: Sequence[int], width: int | None) -> int | None:
    """What the last column may take; None where nothing limits it."""
    return None if width is None else width - sum(widths[:-1]) - GAP * (len(widths) - 1)


def _lines(cells: Sequence[Sequence[str]], widths: Sequence[int], room: int | None) -> list[str]:
    return [_line(row[:-1], widths) + _clip(row[-1], room) for row in cells]


def _stacked(cells: Sequence[Sequence[str]], widths: Sequence[int], width: int) -> Iterator[str]:
    header, *rows = cells
    yield _line(header[:-1], widths).rstrip()
    for row in rows:
        yield _line(row[:-1], widths).rstrip()
        if row[-1]:
            yield "  " + _clip(row[-1], width - 2)


def _deep(cells: Sequence[Sequence[str]], widths: Sequence[int], width: int) -> Iterator[str]:
    header, *rows = cells
    yield _line(header[:-2], widths).rstrip()
    for *row, long, text in rows:
        yield _line(row, widths).rstrip()
        room = width - GAP - _cells(long) - GAP
        if room >= min(NARROWEST_TEXT, _cells(text)):
            yield f"  {long}  {_clip(text, room)}".rstrip()
            continue
        yield f"  {long}"
        yield "  " + _clip(text, width - GAP)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "".join(
        _pad(cell, width + GAP) for cell, width in zip(cells, widths[: len(cells)], strict=True)
    )


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _cells(text))


def _clip(text: str, room: int | None) -> str:
    if room is None or _cells(text) <= room:
        return text
    # A prompt may be as long as a book, and letters without a width of their own are few.
    text = text[: 4 * max(room, NARROWEST_TEXT)]
    while text and _cells(text) > room - 1:
        text = text[:-1]
    return text.rstrip() + "…"


def _cells(text: str) -> int:
    if text.isascii():
        return len(text)
    width = 0
    for letter in text:
        if _is_narrow(letter):
            width += 1
        elif _is_wide(letter):
            width += 2
        else:
            # Rich knows the others, but takes as long to load as the rest of a list.
            from rich.cells import cell_len

            return cell_len(text)
    return width


def _is_narrow(letter: str) -> bool:
    """Latin, Greek and Cyrillic letters, dashes and quotation marks."""
    if letter < "\u0300":
        return True
    return "\u0386" <= letter <= "\u0482" or "\u2010" <= letter <= "\u2027"


def _is_wide(letter: str) -> bool:
    """Chinese, Korean and Japanese letters, with their punctuation."""
    if "\u4e00" <= letter <= "\ud7a3":
        return letter <= "\ua48c" or letter >= "\uac00"
    return (
        "\u3001" <= letter <= "\u3017"
        or "\u3041" <= letter <= "\u3096"
        or ("\u30a1" <= letter <= "\u30ff" or "\uff01" <= letter <= "\uff5e")
    )
