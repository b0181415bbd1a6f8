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
    cells = [[literal(cell) for cell in row] for row in (headers, *rows)]
    widths = [max(map(_cells, column)) for column in zip(*cells, strict=True)]
    fixed = sum(widths[:-1]) + GAP * (len(widths) - 1)
    room = None if width is None else width - fixed
    if room is not None and room < min(NARROWEST_TEXT, widths[-1]):
        return list(_stacked(cells, widths, width or fixed))
    return [_line(row[:-1], widths) + _clip(row[-1], room) for row in cells]


def deep_table(
    headers: Sequence[str], rows: Sequence[Sequence[str]], width: int | None
) -> list[str]:
    """The same for rows with a long cell before the last: on a narrow terminal both go below the
    others. Only the last is ever shortened."""
    cells = [[literal(cell) for cell in row] for row in (headers, *rows)]
    widths = [max(map(_cells, column)) for column in zip(*cells, strict=True)]
    fixed = sum(widths[:-1]) + GAP * (len(widths) - 1)
    if width is None or width - fixed >= min(NARROWEST_TEXT, widths[-1]):
        return table(headers, rows, width)
    return list(_deep(cells, widths, width))


def card(pairs: Sequence[tuple[str, str | None]]) -> list[str]:
    """Names and values below each other; what has no value is left out."""
    known = [(name, literal(value)) for name, value in pairs if value]
    longest = max(_cells(name) for name, _ in known)
    return [f"{_pad(name, longest)}{' ' * GAP}{value}" for name, value in known]


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
    while text and _cells(text) > room - 1:
        text = text[:-1]
    return text.rstrip() + "…"


def _cells(text: str) -> int:
    if text.isascii():
        return len(text)
    # Wide letters take two cells; Rich knows which, and is only loaded for them.
    from rich.cells import cell_len

    return cell_len(text)
