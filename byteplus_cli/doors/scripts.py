"""The completion scripts that came with this installation."""

from __future__ import annotations

import os

SCRIPTS = {
    "bash": "byteplus.bash",
    "zsh": "_byteplus",
    "fish": "byteplus.fish",
    "powershell": "byteplus.ps1",
}
PACKAGE = os.path.dirname(os.path.dirname(__file__))
# In a wheel the folder lies inside the package; where the source is used as it is, beside it.
FOLDERS = [os.path.join(folder, "completions") for folder in (PACKAGE, os.path.dirname(PACKAGE))]


def script(shell: str) -> str:
    """The script for one of SCRIPTS; raises OSError where it did not come along."""
    folder = next((folder for folder in FOLDERS if os.path.isdir(folder)), FOLDERS[0])
    with open(os.path.join(folder, SCRIPTS[shell]), encoding="utf-8") as file:
        return file.read()
