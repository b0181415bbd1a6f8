"""The few settings that completion asks for, read without what loading all of them takes."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # in doors/ even `typing` would be the slowest import
    from collections.abc import Iterator, Mapping


class Settings:
    """config.toml, as far as there is one."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self.folder = config_folder(env)
        self._found = _read(os.path.join(self.folder, "config.toml"))

    def profile(self, chosen: str | None) -> str:
        """The profile of a command line."""
        name = chosen or self._env.get("BYTEPLUS_PROFILE") or self._found.get("default_profile")
        return name or "default"

    def profiles(self) -> list[str]:
        """Every profile that may be chosen."""
        stored = (key.split(".")[1] for key in self._found if key.startswith("profiles."))
        return list(dict.fromkeys((*stored, "default", "sandbox")))

    def get(self, profile: str, key: str) -> str | None:
        return self._found.get(f"profiles.{profile}.{key}")


def config_folder(env: Mapping[str, str]) -> str:
    """Where config.toml lives."""
    return _folder(env, "config", "~/.config")


def state_folder(env: Mapping[str, str]) -> str:
    """Where the ledger lives."""
    return _folder(env, "state", "~/.local/state")


def _folder(env: Mapping[str, str], kind: str, usual: str) -> str:
    if moved := env.get(f"BYTEPLUS_{kind.upper()}_DIR"):
        return os.path.expanduser(moved)
    stated = env.get(f"XDG_{kind.upper()}_HOME", "")
    base = stated if stated.startswith("/") else os.path.expanduser(usual)
    if sys.platform == "linux" and base.startswith("/"):
        return f"{base}/byteplus"
    from byteplus_cli import config

    return str(config.config_folder(env) if kind == "config" else config.state_folder(env))


def _read(path: str) -> dict[str, str]:
    try:
        with open(path, encoding="utf-8-sig") as file:
            text = file.read()
    except FileNotFoundError:
        return {}
    found = simple(text)
    if found is None:
        import tomllib

        found = dict(_flattened(tomllib.loads(text)))
    return found


def simple(text: str) -> dict[str, str] | None:
    """The values of a config.toml as `byteplus config` writes it, by their full names.

    None for one that uses more of TOML than that.
    """
    found, table = {}, ""
    for line in map(str.strip, text.split("\n")):
        if line.startswith("["):
            table = f"{line[1:-1]}."
            if not line.endswith("]") or not plain(table):
                return None
            found[table] = ""
        elif line and not line.startswith("#"):
            key, _, value = line.partition(" = ")
            inner = value[1:-1]
            quoted = value == f'"{inner}"' and '"' not in inner and "\\" not in inner
            if not plain(key) or not (quoted or plain(value)):
                return None
            found[table + key] = inner if quoted else value
    return found


def plain(word: str) -> bool:
    """Whether a word means the same everywhere: to TOML, to every shell, and to a terminal."""
    for mark in "-_.":
        word = word.replace(mark, "")
    return word.isalnum() and word.isascii()


def _flattened(table: dict[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield f"{prefix}{name}.", ""
            yield from _flattened(value, f"{prefix}{name}.")
        else:
            yield prefix + name, str(value).lower() if isinstance(value, bool) else str(value)
