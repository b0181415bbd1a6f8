"""Which row of the ledger a file was made for, whatever it is called by now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from byteplus_cli.errors import InvalidRequest, Missing

if TYPE_CHECKING:
    from byteplus_cli.generation.history.rows import History


def row_of(path: Path, history: History) -> int:
    """The row that a file was saved for, by its content; raises Missing if it was not made here.

    Where several rows made the same, the one that saved it here goes first, then the newest.
    """
    if not path.is_file():
        raise InvalidRequest(f"{path} is no file", hint="name a file that was made here, or an id")
    try:
        rows = _holding(path, history)
    except OSError as error:
        raise InvalidRequest(f"{path} cannot be read: {error.strerror}") from error
    if rows:
        return rows[0]
    if before := history.saved_as(str(path.absolute())):
        raise Missing(
            f"{path} is not as it was made here: its content has changed since",
            hint=f"byteplus history show row-{before[0]} tells of what it was",
        )
    raise Missing(
        f"{path} was not made here: no file that was saved on this machine has its content",
        hint="a copy that was edited, cut or encoded anew is another file",
    )


def _holding(path: Path, history: History) -> list[int]:
    """The rows that a file may be of, the likeliest first."""
    # A large file of another size need not be read.
    if not history.has_size(path.stat().st_size):
        return []
    from byteplus_cli.generation.part import sha256_of

    found = history.holding(sha256_of(path))
    here = str(path.absolute())
    return [row for row, saved in found if saved == here] + [row for row, _ in found]
