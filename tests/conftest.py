"""What the tests stand on: a command line in a world of its own."""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from account import Account
from byteplus_cli.cli import run
from byteplus_cli.session import Surroundings
from service import ScriptedService

# Processes that tests start would each compile the package anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# How fast a machine is under load says nothing about what is tested, and one change of code is
# not to be told from another by luck.
settings.register_profile(
    "steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Three for each processor: much of a test goes by waiting for a server or a disk."""
    return 3 * (os.cpu_count() or 1)


def pytest_collection_finish() -> None:
    """Thousands of tests stay to the end; looking for garbage among them costs much time."""
    gc.freeze()


@dataclass(frozen=True)
class Ran:
    """What a command line came to."""

    code: int
    stdout: str
    stderr: str
    slept: list[float] = field(default_factory=list)

    @property
    def json(self) -> Any:
        return json.loads(self.stdout)

    @property
    def lines(self) -> list[str]:
        return self.stdout.splitlines()


@dataclass(frozen=True)
class Shell:
    """Runs command lines in `home`, with their own configuration and ledger."""

    home: Path
    env: dict[str, str]
    nap: float = 0.02  # what a pause takes at most, in seconds

    def __call__(self, line: str, *, stdin: str = "", env: Mapping[str, str] | None = None) -> Ran:
        slept: list[float] = []

        # Naps are short, but the clocks of the run count them whole.
        def nap(seconds: float) -> None:
            slept.append(seconds)
            time.sleep(min(seconds, self.nap))

        def monotonic() -> float:
            return time.monotonic() + sum(slept)

        def now() -> float:
            return time.time() + sum(slept)

        stdout, stderr = io.StringIO(), io.StringIO()
        around = Surroundings(
            {**self.env, **(env or {})},
            io.StringIO(stdin),
            stdout,
            stderr,
            sleep=nap,
            monotonic=monotonic,
            now=now,
        )
        with contextlib.redirect_stdout(stdout):  # help is printed by Typer
            code = run(shlex.split(line), around)
        return Ran(code, stdout.getvalue(), stderr.getvalue(), slept)


def started(scripted: Shell, line: str) -> subprocess.Popen[str]:
    """The same in a process of its own, still running."""
    return subprocess.Popen(
        [sys.executable, "-m", "byteplus_cli", *line.split()],
        cwd=scripted.home,
        env={**os.environ, **scripted.env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def byteplus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.chdir(home)
    folders = {"BYTEPLUS_CONFIG_DIR": "config", "BYTEPLUS_STATE_DIR": "state"}
    return Shell(home, {name: str(tmp_path / folder) for name, folder in folders.items()})


@pytest.fixture
def service() -> Iterator[ScriptedService]:
    scripted = ScriptedService()
    yield scripted
    scripted.stop()


@pytest.fixture
def scripted(byteplus: Shell, service: ScriptedService) -> Shell:
    """A command line that talks to the scripted service."""
    byteplus.env.update(ARK_BASE_URL=service.base_url, ARK_API_KEY="key-for-tests-1234")
    return byteplus


@pytest.fixture
def sandbox(byteplus: Shell) -> Shell:
    """A command line that talks to the sandbox."""
    byteplus.env["BYTEPLUS_PROFILE"] = "sandbox"
    return byteplus


@pytest.fixture
def account() -> Iterator[Account]:
    """An account with places, a queue and limits."""
    account = Account()
    yield account
    account.stop()


@pytest.fixture
def shell(byteplus: Shell, account: Account) -> Shell:
    """A command line that talks to that account."""
    byteplus.env.update(ARK_BASE_URL=account.base_url, ARK_API_KEY="key-for-tests-1234")
    return replace(byteplus, nap=0.008)
