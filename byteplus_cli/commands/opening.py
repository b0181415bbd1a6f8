"""Opening a saved file with what the system opens such files with."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from byteplus_cli.config import SETTINGS
from byteplus_cli.generation.report import shown_path
from byteplus_cli.session import Session

DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY")


def open_file(session: Session, path: Path) -> None:
    """Open a file and go on; where that cannot be, warn."""
    try:
        _open(session, path)
    except OSError as error:
        shown = shown_path(path, session.cwd)
        session.terminal.warn(f"{shown} is saved, but not opened: {error.strerror or error}")


def _open(session: Session, path: Path) -> None:
    env = session.around.env
    if not session.around.stderr.isatty():
        raise OSError("nobody sits at a terminal here")
    if sys.platform == "win32":
        os.startfile(path)
        return
    if sys.platform != "darwin" and not any(env.get(name) for name in DISPLAYS):
        raise OSError("there is no display here")
    secret = {name for setting in SETTINGS.values() if setting.secret for name in setting.env}
    subprocess.Popen(
        ["open" if sys.platform == "darwin" else "xdg-open", str(path.absolute())],
        env={name: value for name, value in env.items() if name not in secret},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
