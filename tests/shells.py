"""Real shells with a person at the keyboard: what a line becomes when completion is asked for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent
SCRIPTS = ROOT / "completions"
TAB = "\t"
# Keys that the shells below are told: tell the line and forget it; insert every match.
TELL, EVERY = "\x18t", "\x18a"
BASH = r"""
PS1='$ '; bind 'set enable-bracketed-paste off'; bind 'set page-completions off'
bind 'set completion-query-items 0'
bind -x '"\C-xt": printf "\001%s\002" "$READLINE_LINE"; READLINE_LINE= READLINE_POINT=0'
bind '"\C-xa": insert-completions'
"""
ZSH = r"""
PS1='$ '; autoload -Uz compinit && compinit -D
tell() { printf '\001%s\002' "$BUFFER"; BUFFER= }; zle -N tell; bindkey '^Xt' tell
every() { _main_complete; compstate[insert]=all; compstate[list]= }
zle -C every complete-word every; bindkey '^Xa' every
zstyle ':completion:*' menu no; LISTMAX=9999
"""


def present(name: str) -> bool:
    return os.name != "nt" and shutil.which(name) is not None


def bash_can_tell() -> bool:
    """Whether this bash can say what stands in its line; 3.2 of macOS cannot."""
    if not present("bash"):
        return False
    program = 'test "${BASH_VERSINFO[0]}" -ge 4'
    return subprocess.run(["bash", "-c", program]).returncode == 0


def surroundings(home: Path, env: Mapping[str, str]) -> dict[str, str]:
    """The environment of a shell that finds this byteplus."""
    bin = home.parent / "bin"
    bin.mkdir(exist_ok=True)
    program = bin / "byteplus"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m byteplus_cli "$@"\n')
    program.chmod(0o755)
    return {
        **env,
        **{"HOME": str(home), "INPUTRC": "/dev/null", "TERM": "dumb", "LC_ALL": "C.UTF-8"},
        "PATH": f"{bin}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
    }


class Person:
    """Types into an interactive shell on a terminal of its own."""

    def __init__(self, command: list[str], setup: str, home: Path, env: Mapping[str, str]) -> None:
        import pty

        self._master, slave = pty.openpty()
        self._process = subprocess.Popen(
            command,
            cwd=home,
            env=surroundings(home, env),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)
        ready = home.parent / "setup"
        ready.write_text(f"{setup}\nprintf '\\001\\002'\n")
        self._send(f" . {ready}\r")
        self._told()

    def type(self, keys: str) -> str:
        """The line that keys lead to."""
        return self.see(keys)[1]

    def every(self, line: str) -> list[str]:
        """All that the word at the end of a line may become."""
        before, _, word = line.rpartition(" ")
        told = self.type(line + EVERY).removeprefix(f"{before} ").split()
        return [] if told == [word] or not told else told

    def see(self, keys: str) -> tuple[str, str]:
        """What is shown meanwhile, and the line that keys lead to."""
        self._send(keys + TELL)
        return self._told()

    def leave(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._master)

    def _send(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def _told(self) -> tuple[str, str]:
        seen = b""
        while b"\x02" not in seen:
            seen += os.read(self._master, 65536)
        shown, _, line = seen.decode().rpartition("\x01")
        return shown, line.partition("\x02")[0]


def bash(home: Path, env: Mapping[str, str], before: str = "") -> Person:
    setup = f"{before}\n{BASH}\n. {SCRIPTS}/byteplus.bash"
    return Person(["bash", "--norc", "--noprofile", "-i"], setup, home, env)


def zsh(home: Path, env: Mapping[str, str]) -> Person:
    setup = f"{ZSH}\n. {SCRIPTS}/_byteplus"
    return Person(["zsh", "-f", "-i"], setup, home, env)


class Fish:
    """What fish would offer; it needs nobody at a keyboard to tell."""

    def __init__(self, home: Path, env: Mapping[str, str]) -> None:
        self._home, self._env = home, surroundings(home, env)

    def told(self, line: str) -> dict[str, str]:
        """What the last word may become, each with what is said of it."""
        program = f"source {SCRIPTS}/byteplus.fish; complete -C $argv"
        done = subprocess.run(
            ["fish", "--no-config", "-c", program, line],
            cwd=self._home,
            env=self._env,
            capture_output=True,
            text=True,
        )
        assert done.stderr == ""
        rows = [row.partition("\t") for row in done.stdout.splitlines()]
        return {word: said for word, _, said in rows}

    def every(self, line: str) -> list[str]:
        return list(self.told(line))

    def leave(self) -> None:
        pass
