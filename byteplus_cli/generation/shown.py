"""Paths as people type them."""

from __future__ import annotations

from pathlib import Path


def shown_path(path: Path, cwd: Path) -> str:
    """A path as the user would type it from here."""
    if path.is_absolute() and path.is_relative_to(cwd):
        return str(path.relative_to(cwd))
    return str(path)
