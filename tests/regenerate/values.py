"""How the value of each option and argument completes, decided by its name in help.

    none            nothing can be told
    files           a path
    prompt          text, or a path after @
    source:KIND     a path, or a task of that kind
    words:A,B       these words
and what `byteplus __complete` is asked for, such as models:video (see doors/completion.py).
`{kind}` stands for what the command is about: video, image, avatar, or any of them.
"""

from __future__ import annotations

import re
from typing import Any

from byteplus_cli.cli import COMMANDS
from byteplus_cli.commands.guides import topics
from byteplus_cli.config import SETTINGS
from byteplus_cli.generation.catalogue import Catalogue
from byteplus_cli.generation.task import KNOWN_HERE_ALONE, Status

KINDS = ("video", "image", "avatar")
SHELLS = ("bash", "zsh", "fish", "powershell")
CHOICES = re.compile(r"[a-z0-9.-]+(\|[a-z0-9.-]+)+")

_WORDS = sorted({*COMMANDS, *topics()})
_models = Catalogue.load().videos.values()
DECIDED = {
    "MODEL": "models:{kind}",
    # A clip stands for its last frame, so any task may go in.
    "SRC": "source:any",
    "PATH": "files",
    "[PROMPT]": "prompt",
    "PROMPT...": "prompt",
    "W:H": "ratios:{kind}",
    "480p|720p|1080p|4k": "resolutions:{kind}",
    "1K|2K|4K|WxH": "sizes:{kind}",
    "PROFILE": "profiles",
    "ID...": "tasks:{kind}",
    "DRAFT_ID": "drafts:{kind}",
    "CHAIN_ID": "chains",
    "KEY": f"words:{','.join(SETTINGS)}",
    "[VALUE]": "value",
    "ID|FILE": "source:any",
    "MANIFEST": "files",
    "RESULTS": "files",
    "RESULTS...": "files",
    "480p|720p|...": "resolutions:{kind}",
    "2K|WxH": "sizes:{kind}",
    "FORMAT": "words:mp4,mov,jpeg,png",
    "I/N|auto": "words:auto",
    "SHELL": f"words:{','.join(SHELLS)}",
    "STATUS": f"words:{','.join(s for s in Status if s not in KNOWN_HERE_ALONE)}",
    "TYPE": f"words:{','.join(dict.fromkeys(t for m in _models for t in m.task_types))}",
    **dict.fromkeys(("N", "0-9", "1-10", "SECONDS", "TIME", "USD", "URL", "TEXT"), "none"),
    **dict.fromkeys(("KEY=JSON", "N=TEXT", "ADDRESS", "/PATH", "PORT", "[RUN]"), "none"),
}
# Where a name in help is not enough, by command, or by the word it begins with, or for all.
DECIDED_FOR = {
    ("video cancel", "ID..."): "queued:video",
    ("avatar cancel", "ID..."): "queued:avatar",
    ("video", "--ref-audio"): "files",
    ("avatar", "--audio"): "files",
    ("avatar", "--prompt"): "prompt",
    # The model is the draft's, which only the ledger knows.
    ("video finalize", "--resolution"): "words:480p,720p,1080p,4k",
    ("help", "[TOPIC | COMMAND...]"): f"words:{','.join(_WORDS)}",
    ("webhook trigger", "--id"): "tasks:any",
    ("", "--profile"): "profiles",
}


class Undecided(Exception):
    """Nobody said how a value completes."""


def completes(param: Any, metavar: str, path: tuple[str, ...]) -> str:
    """How a parameter's value completes; raises Undecided."""
    if choices := getattr(param.type, "choices", None):
        return f"words:{','.join(str(getattr(each, 'value', each)) for each in choices)}"
    command = " ".join(path)
    kind = path[0] if path and path[0] in KINDS else "any"
    for place in (command, *path[:1], ""):
        for name in (*param.opts, metavar):
            if decided := DECIDED_FOR.get((place, name)):
                return decided
    if metavar in DECIDED:
        return DECIDED[metavar].format(kind=kind)
    if CHOICES.fullmatch(metavar):
        return f"words:{metavar.replace('|', ',')}"
    raise Undecided(
        f"byteplus {command}: say in DECIDED of {__file__} how {param.opts[-1]} {metavar} completes"
    )
