"""`byteplus sandbox`: the offline BytePlus for other programs, and forgetting what it holds."""

from contextlib import suppress
from typing import Annotated

import typer

from byteplus_cli.commands.leaf import Leaf, words
from byteplus_cli.config import SANDBOX
from byteplus_cli.errors import Interrupted, InvalidRequest
from byteplus_cli.sandbox.scripts import DIRECTIVES
from byteplus_cli.session import Session

_WIDEST = max(len(directive) for directive, _ in DIRECTIVES)
_SCRIPTS = "\n".join(f"    {directive:<{_WIDEST}}  {meaning}" for directive, meaning in DIRECTIVES)
app = words(
    f"""The offline BytePlus, for learning, tests and CI.

    \b
    Examples:
      byteplus video create "a red fox in the snow" -p sandbox
      byteplus video create "a fox [[queue:30]]" -p sandbox --no-wait

    Any command runs in it with `-p sandbox`: no key, no network, no cost. Words in a prompt, or in
    the name or query of an avatar's picture or sound, script an outcome:

    \b
{_SCRIPTS}
    """
)

Port = Annotated[int, typer.Option(metavar="N", help="0 takes a free one.")]


@app.command(cls=Leaf)
def serve(ctx: typer.Context, port: Port = 0) -> None:
    """Run the sandbox until Ctrl-C, for other programs to talk to.

    It prints the variables that point them to it.

    \b
    Examples:
      byteplus sandbox serve
      byteplus sandbox serve --port 0 --json
    """
    session: Session = ctx.obj
    from byteplus_cli.sandbox.server import start

    try:
        server = start(session.state / "sandbox", port)
    except OSError as error:
        raise InvalidRequest(
            f"the sandbox cannot start on port {port}: {error}", hint="--port 0 takes a free one"
        ) from error
    variables = {
        "ARK_BASE_URL": server.base_url,
        "ARK_API_KEY": server.api_key,
        "BYTEPLUS_VISION_URL": server.vision_url,
        "BYTEPLUS_ACCESS_KEY": server.access_key,
        "BYTEPLUS_SECRET_KEY": server.secret_key,
    }
    lines = [f"export {name}={value}" for name, value in variables.items()]
    session.terminal.result(lines, {"schema": "byteplus.sandbox/1", "env": variables})
    server.tell_for_all()
    session.terminal.note("the sandbox answers until Ctrl-C")
    with suppress(Interrupted):
        while True:
            session.around.sleep(3600)


@app.command(cls=Leaf)
def reset(ctx: typer.Context) -> None:
    """Forget all tasks, pictures and uploads; files that were saved stay.

    \b
    Example:
      byteplus sandbox reset
    """
    session: Session = ctx.obj
    from byteplus_cli.sandbox.server import reset as forget

    count = forget(session.state / "sandbox")
    # What it made cannot be looked at any more, so nothing is to look for it.
    session.ledger.all_removed(SANDBOX, session.around.now())
    session.terminal.note(f"sandbox tasks forgotten: {count}, and every picture and file")
