"""What is done with a saved file beyond telling its name."""

from __future__ import annotations

from pathlib import Path

from byteplus_cli.session import Session


def show(session: Session, path: Path) -> None:
    """Show a small picture of a new file; the first one is what --open opens."""
    session.first_saved = session.first_saved or path
    if session.previews:
        session.terminal.thumbnail(path)
