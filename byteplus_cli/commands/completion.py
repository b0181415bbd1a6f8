"""`byteplus completion`: the completion script of a shell."""

from typing import Annotated

import typer

from byteplus_cli.commands.leaf import Leaf
from byteplus_cli.config import nearest
from byteplus_cli.doors.scripts import SCRIPTS, script
from byteplus_cli.errors import ByteplusError, InvalidRequest
from byteplus_cli.session import Session

app = typer.Typer(add_completion=False, rich_markup_mode=None)

OTHER_NAMES = {"pwsh": "powershell"}
Shell = Annotated[
    str | None, typer.Argument(metavar="SHELL", help="bash, zsh, fish or powershell.")
]


@app.command(cls=Leaf)
def completion(ctx: typer.Context, shell: Shell = None) -> None:
    """Print the completion script of a shell.

    \b
    Examples:
      byteplus completion bash
      eval "$(byteplus completion bash)"

    Where byteplus is installed for the whole machine, bash, zsh and fish find their scripts by
    themselves. Elsewhere, as in a virtual environment, one of these lines brings them in:

    \b
      eval "$(byteplus completion bash)"
      eval "$(byteplus completion zsh)"
      byteplus completion fish | source
      iex (byteplus completion powershell | Out-String)

    For good, put that line into ~/.bashrc, ~/.zshrc, ~/.config/fish/config.fish or $PROFILE:
    byteplus itself changes no file of yours.
    """
    session: Session = ctx.obj
    chosen = _checked(shell, session.around.env.get("SHELL", ""))
    try:
        text = script(chosen)
    except OSError as error:
        raise ByteplusError(
            f"this installation has no completion script: {error}",
            hint="pip install --force-reinstall byteplus-cli",
            code="system",
        ) from error
    document = {"schema": "byteplus.completion/1", "shell": chosen, "script": text}
    session.terminal.result(text.splitlines(), document)


def _checked(shell: str | None, usual: str) -> str:
    """The shell if there is a script for it; `usual` is the path of the one that the user has."""
    if shell and (named := OTHER_NAMES.get(shell, shell)) in SCRIPTS:
        return named
    if shell is None:
        name = usual.rpartition("/")[2]
        guess = name if name in SCRIPTS else "bash"
        raise InvalidRequest(
            f"no shell named; there are scripts for {', '.join(SCRIPTS)}",
            hint=f"byteplus completion {guess}",
            code="usage",
        )
    raise InvalidRequest(
        f"no completion script for {shell}",
        hint=nearest(shell, [*SCRIPTS]) or f"there are {', '.join(SCRIPTS)}",
        code="usage",
    )
