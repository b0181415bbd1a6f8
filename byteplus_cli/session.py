"""One run's parts, each built on first use."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TextIO

from byteplus_cli.config import Config, Profile, checked_name, is_loopback, state_folder
from byteplus_cli.errors import AccessDenied, ByteplusError
from byteplus_cli.terminal import Terminal

if TYPE_CHECKING:
    from byteplus_cli.api.ark import Connection
    from byteplus_cli.api.images import Images
    from byteplus_cli.api.modelark import ModelArk
    from byteplus_cli.generation.catalogue import Catalogue
    from byteplus_cli.generation.image.maker import ImageMaker
    from byteplus_cli.generation.ledger import Ledger
    from byteplus_cli.generation.runner import Runner
    from byteplus_cli.generation.watch import Clocks
    from byteplus_cli.sandbox.server import Sandbox


class Surroundings(NamedTuple):
    """What a run finds around it; tests bring their own."""

    env: Mapping[str, str]
    stdin: TextIO
    stdout: TextIO
    stderr: TextIO
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time

    @classmethod
    def of_process(cls) -> Surroundings:
        return cls(os.environ, sys.stdin, sys.stdout, sys.stderr)


class Session:
    """The settings, terminal, ledger, service and runner of one command."""

    def __init__(
        self,
        around: Surroundings,
        *,
        profile: str | None = None,
        json: bool = False,
        quiet: bool = False,
        verbose: bool = False,
    ) -> None:
        self.around = around
        self._chosen = profile
        self.terminal = Terminal(
            around.stdin,
            around.stdout,
            around.stderr,
            around.env,
            json=json,
            quiet=quiet,
            verbose=verbose,
        )

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        for name in ("ark", "ledger", "sandbox"):
            if part := self.__dict__.get(name):
                part.stop() if name == "sandbox" else part.close()

    @cached_property
    def config(self) -> Config:
        return Config.load(self.around.env)

    @cached_property
    def profile(self) -> Profile:
        return self.config.profile(self._chosen)

    @property
    def target_profile(self) -> str:
        """The profile that `config set` writes to, which need not exist yet."""
        return checked_name(self._chosen) if self._chosen else self.profile.name

    @property
    def state(self) -> Path:
        """The folder of the ledger and the sandbox."""
        return state_folder(self.around.env)

    @cached_property
    def catalogue(self) -> Catalogue:
        from byteplus_cli.generation.catalogue import Catalogue

        return Catalogue.load(self.config.path.with_name("models.toml"))

    @cached_property
    def ledger(self) -> Ledger:
        from byteplus_cli.generation.ledger import Ledger

        return Ledger.open(self.state)

    @cached_property
    def sandbox(self) -> Sandbox:
        """The offline BytePlus, started for this run."""
        from byteplus_cli.sandbox.server import start

        try:
            return start(self.state / "sandbox")
        except OSError as error:
            raise ByteplusError(
                f"the sandbox cannot start: {error}", hint="byteplus sandbox reset", code="sandbox"
            ) from error

    @cached_property
    def ark(self) -> Connection:
        """The connection to ModelArk; raises AccessDenied without a key."""
        base_url, api_key = self._address()
        from byteplus_cli.api.ark import Connection

        return Connection(base_url=base_url, api_key=api_key, log=self.terminal.detail)

    @cached_property
    def service(self) -> ModelArk:
        """The video service that the profile points to."""
        from byteplus_cli.api.modelark import ModelArk

        return ModelArk(self.ark)

    @cached_property
    def maker(self) -> ImageMaker:
        """Makes pictures with the service that the profile points to."""
        from byteplus_cli.generation.image.maker import ImageMaker

        def service() -> Images:
            from byteplus_cli.api.images import Images

            return Images(self.ark)

        return ImageMaker(service, self.ledger, self.profile.name, self.state, self.clocks)

    @cached_property
    def runner(self) -> Runner:
        from byteplus_cli.generation.runner import Runner

        return Runner(
            lambda: self.service,
            self.ledger,
            self.catalogue,
            profile=self.profile.name,
            clocks=self.clocks,
        )

    @property
    def clocks(self) -> Clocks:
        """Time as this run sees it."""
        from byteplus_cli.generation.watch import Clocks

        return Clocks(self.around.sleep, self.around.monotonic, self.around.now)

    def resume_words(self, command: str) -> str:
        """A command line that the user can type to go on, in the profile of this run."""
        chosen = self._chosen
        return f"byteplus {command} -p {chosen}" if chosen else f"byteplus {command}"

    def _address(self) -> tuple[str, str]:
        if self.profile.is_sandbox:
            return self.sandbox.base_url, self.sandbox.api_key
        base_url, key = self.profile.find("base_url"), self.profile.find("api_key")
        assert base_url is not None  # noqa: S101 - it has a built-in value
        if key is None:
            raise AccessDenied(
                f"no API key for profile {self.profile.name}",
                hint=f"{self.resume_words('config set api_key')}"
                "  (or try it free and offline: -p sandbox)",
                code="no_api_key",
            )
        stored, moved = key.origin.startswith("profile"), base_url.origin == "ARK_BASE_URL"
        if stored and moved and not is_loopback(str(base_url.value)):
            raise AccessDenied(
                "the stored key is only sent to its profile's own host, not to ARK_BASE_URL",
                hint="set ARK_API_KEY beside ARK_BASE_URL, or put base_url into the profile",
                code="foreign_host",
            )
        return str(base_url.value), str(key.value)
