"""Commands that wait: how they show it, who is called afterwards, and what is done with a file."""

from __future__ import annotations

from typing import Any

from typer.core import TyperOption

from byteplus_cli.commands.leaf import Leaf, flag
from byteplus_cli.commands.options import SAVING
from byteplus_cli.errors import ByteplusError, Detached, InvalidRequest
from byteplus_cli.session import Session

# Whoever waits less than this is still looking.
LONG_WAIT = 20.0
PROGRESS = ("auto", "plain")


class Waiting(Leaf):
    """A command that may take minutes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(self.own_options())

    def own_options(self) -> list[Any]:
        return [
            TyperOption(
                param_decls=["--progress"],
                metavar="|".join(PROGRESS),
                help="plain: no animation, a line for each change, as a screen reader reads it.",
                rich_help_panel=SAVING,
            ),
            flag(
                "--notify/--no-notify",
                help="Ring, and notify where the terminal can, after a wait of over 20 s.",
                panel=SAVING,
                default=None,
            ),
        ]

    def work(self, ctx: Any, session: Session) -> Any:
        progress, notify = ctx.params.pop("progress"), ctx.params.pop("notify")
        session.terminal.plain = _chosen(session, progress) == "plain"
        wanted = session.profile.get("notify") if notify is None else notify
        begun = session.around.monotonic()
        try:
            result = self.make(ctx, session)
        except Detached:
            raise  # whoever stopped it is there
        except ByteplusError as error:
            _call(session, wanted, begun, f"{ctx.command_path}: {error.message}")
            raise
        _call(session, wanted, begun, f"{ctx.command_path} is done")
        return result

    def make(self, ctx: Any, session: Session) -> Any:
        return super().work(ctx, session)


class Making(Waiting):
    """A command that may take minutes, and then saves a file or a few."""

    def own_options(self) -> list[Any]:
        return [
            *super().own_options(),
            flag(
                "--preview/--no-preview",
                help="Show what is saved as a small picture, in terminals that can.",
                panel=SAVING,
                default=True,
            ),
            flag(
                "--open",
                help="Open the first file that is saved, as a double click would.",
                panel=SAVING,
                default=False,
            ),
        ]

    def make(self, ctx: Any, session: Session) -> Any:
        session.previews, wanted = ctx.params.pop("preview"), ctx.params.pop("open")
        result = super().make(ctx, session)
        if wanted and session.first_saved:
            from byteplus_cli.commands.opening import open_file

            open_file(session, session.first_saved)
        return result


def _chosen(session: Session, progress: str | None) -> str:
    found = session.profile.find("progress")
    assert found is not None  # noqa: S101 - it has a built-in value
    chosen, origin = (progress, "--progress") if progress else (str(found.value), found.origin)
    if chosen in PROGRESS:
        return chosen
    raise InvalidRequest(f"{origin}: there is no progress {chosen}", hint=" or ".join(PROGRESS))


def _call(session: Session, wanted: object, begun: float, words: str) -> None:
    if wanted and session.around.monotonic() - begun > LONG_WAIT:
        session.terminal.call(words)
