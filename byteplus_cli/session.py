"""One run's parts, each built on first use."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from copy import copy
from functools import cached_property
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TextIO

from byteplus_cli.config import Config, Profile, checked_name, is_loopback, state_folder
from byteplus_cli.errors import AccessDenied, ByteplusError
from byteplus_cli.terminal import Terminal

if TYPE_CHECKING:
    from byteplus_cli.api.ark import Connection
    from byteplus_cli.api.avatars import Avatars
    from byteplus_cli.api.images import Images
    from byteplus_cli.api.modelark import ModelArk
    from byteplus_cli.api.storage import Storage
    from byteplus_cli.api.vision import Vision
    from byteplus_cli.generation.avatar.runner import AvatarRunner
    from byteplus_cli.generation.catalogue import Catalogue
    from byteplus_cli.generation.history.rows import History
    from byteplus_cli.generation.image.maker import ImageMaker
    from byteplus_cli.generation.ledger import Ledger
    from byteplus_cli.generation.runner import Runner
    from byteplus_cli.generation.watch import Clocks
    from byteplus_cli.sandbox.server import Sandbox


# Commands that hints of the parts below name.
KNOWN_BELOW = (
    r"byteplus (rescue|(video|avatar) (get|cancel) \S+|video chain --resume \S+|history show \S+)"
)


class Surroundings(NamedTuple):
    """What a run finds around it; tests bring their own."""

    env: Mapping[str, str]
    stdin: TextIO
    stdout: TextIO
    stderr: TextIO
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    heed: Callable[[], None] = lambda: None
    listen_again: Callable[[], None] = lambda: None  # for one more signal, after the first

    @classmethod
    def of_process(cls, heed: Callable[[], None], listen_again: Callable[[], None]) -> Surroundings:
        return cls(
            os.environ,
            sys.stdin,
            sys.stdout,
            sys.stderr,
            heed=heed,
            listen_again=listen_again,
        )


def _working_folder() -> Path:
    """Where the run began; the folder may go away before the run ends."""
    try:
        return Path.cwd()
    except OSError:
        return Path()


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
        self.cwd = _working_folder()
        self._chosen = profile
        self.previews = False
        self.first_saved: Path | None = None
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
        for name in ("ark", "vision", "ledger", "history", "sandbox"):
            if part := self.__dict__.get(name):
                part.stop() if name == "sandbox" else part.close()

    def quietly(self) -> Session:
        """The same session for work in the background, which has no terminal to draw on.

        What it shares has to be built before.
        """
        other = copy(self)
        around = self.around
        other.terminal = Terminal(
            around.stdin, StringIO(), StringIO(), {**around.env, "CI": "1"}, quiet=True
        )
        return other

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
    def named_profile(self) -> str | None:
        """The profile that the command line names; it need not be in the settings any more."""
        return self._chosen

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
    def history(self) -> History:
        """The same file, for questions about all that was ever made."""
        from byteplus_cli.generation.history.rows import History

        return History.open(self.state)

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
    def storage(self) -> Storage | None:
        """The user's own object storage; None where the profile names none.

        Raises InvalidConfig for settings that cannot be used.
        """
        from byteplus_cli.api.storage import Storage

        if self.profile.is_sandbox:
            there = self.sandbox
            return Storage.open(
                there.storage_url,
                endpoint=there.storage_endpoint,
                region=there.storage_region,
                access_key=there.storage_access_key,
                secret_key=there.storage_secret_key,
                sleep=self.around.sleep,
            )
        url = self.profile.get("storage.url")
        if url is None:
            return None
        names = ("endpoint", "region", "access_key", "secret_key")
        settings = {name: self.profile.get(f"storage.{name}") for name in names}
        return Storage.open(url, **settings, sleep=self.around.sleep)

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

        return Clocks(self.around.sleep, self.around.monotonic, self.around.now, self.around.heed)

    @cached_property
    def vision(self) -> Vision:
        """The connection to the Vision API; raises AccessDenied without keys."""
        url, access_key, secret_key = self._vision_address()
        from byteplus_cli.api.vision import Vision

        return Vision(
            url=url, access_key=access_key, secret_key=secret_key, log=self.terminal.detail
        )

    @cached_property
    def avatars(self) -> Avatars:
        """The service that makes portraits speak."""
        from byteplus_cli.api.avatars import Avatars

        return Avatars(self.vision)

    @cached_property
    def avatar_runner(self) -> AvatarRunner:
        """Carries out avatar tasks."""
        from byteplus_cli.generation.avatar.runner import AvatarRunner

        return AvatarRunner(lambda: self.avatars, self.ledger, self.profile.name, self.clocks)

    def runner_for(self, id: str) -> Runner | AvatarRunner:
        """Who looks after a task, by its kind."""
        known = self.ledger.known(id)
        return self.avatar_runner if known and known.kind == "avatar" else self.runner

    def resume_words(self, command: str) -> str:
        """A command line that the user can type to go on, in the profile of this run."""
        chosen = self._chosen
        return f"byteplus {command} -p {chosen}" if chosen else f"byteplus {command}"

    def with_profile(self, hint: str | None) -> str | None:
        """A hint of parts that know of no profile, with the one that was named for this run."""
        if hint is None or self._chosen is None or "-p " in hint:
            return hint
        import re

        return re.sub(KNOWN_BELOW, lambda found: f"{found[0]} -p {self._chosen}", hint)

    def _address(self) -> tuple[str, str]:
        if self.profile.is_sandbox:
            return self.sandbox.base_url, self.sandbox.api_key
        api_key = self._secret("api_key", "API key")
        return self._url("base_url", "api_key"), api_key

    def _vision_address(self) -> tuple[str, str, str]:
        if self.profile.is_sandbox:
            return self.sandbox.vision_url, self.sandbox.access_key, self.sandbox.secret_key
        access_key = self._secret("access_key", "access key")
        secret_key = self._secret("secret_key", "secret key")
        return self._url("vision_url", "access_key", "secret_key"), access_key, secret_key

    def _secret(self, name: str, words: str) -> str:
        found = self.profile.find(name)
        if found is None:
            raise AccessDenied(
                f"no {words} for profile {self.profile.name}",
                hint=f"{self.resume_words(f'config set {name}')}"
                "  (or try it free and offline: -p sandbox)",
                code=f"no_{name}",
            )
        return str(found.value)

    def _url(self, name: str, *secrets: str) -> str:
        """An address that the profile's secrets may be sent to; raises AccessDenied."""
        url = self.profile.find(name)
        assert url is not None  # noqa: S101 - it has a built-in value
        moved = url.origin in url.setting.env and not is_loopback(str(url.value))
        for secret in secrets if moved else ():
            found = self.profile.find(secret)
            if found and found.origin.startswith("profile"):
                variable = found.setting.env[0]
                raise AccessDenied(
                    f"the stored {secret} is only sent to its profile's own host,"
                    f" not to {url.origin}",
                    hint=f"set {variable} beside {url.origin}, or put {name} into the profile",
                    code="foreign_host",
                )
        return str(url.value)
