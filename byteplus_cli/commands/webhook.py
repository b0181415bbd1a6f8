"""`byteplus webhook`: receive the service's callbacks, and send a test one."""

from __future__ import annotations

from typing import Annotated

import typer

from byteplus_cli.commands import options as o
from byteplus_cli.commands.leaf import Leaf, words
from byteplus_cli.session import Session

RECEIVING = "Receiving"
app = words(
    """Receive callbacks, and send a test one.

    The service calls the address of --callback-url at each change of a task. `listen` is such an
    address for this machine; `trigger` calls one the way the service would.

    \b
    Examples:
      byteplus webhook listen -p sandbox
      byteplus webhook listen --forward-to http://localhost:3000
      byteplus webhook trigger succeeded --to http://localhost:3000
    """
)

Port = Annotated[
    int, typer.Option(metavar="N", help="0 takes a free one.", rich_help_panel=RECEIVING)
]
Host = Annotated[
    str,
    typer.Option(metavar="ADDRESS", help="The address to listen on.", rich_help_panel=RECEIVING),
]
Place = Annotated[
    str,
    typer.Option(
        "--path",
        metavar="/PATH",
        help="The one path that is answered; a long one keeps strangers out.",
        rich_help_panel=RECEIVING,
    ),
]
ForwardTo = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="Pass callbacks about the account's tasks on to your own server, as they came.",
        rich_help_panel=RECEIVING,
    ),
]
ExitAfter = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        min=1,
        help="End once N tasks of this machine have ended, saved or not.",
        rich_help_panel=RECEIVING,
    ),
]
Everywhere = Annotated[
    bool,
    typer.Option(
        "--all",
        help="Also save what other machines made with this account.",
        rich_help_panel=o.SAVING,
    ),
]
Status = Annotated[
    str, typer.Argument(metavar="STATUS", help="queued, running, succeeded, failed or expired.")
]
To = Annotated[str, typer.Option(metavar="URL", help="Where to send it.")]
Id = Annotated[
    str | None,
    typer.Option(
        "--id", metavar="ID", help="A task that exists, or @last; without it an id is made up."
    ),
]


@app.command(cls=Leaf)
def listen(
    ctx: typer.Context,
    port: Port = 8787,
    host: Host = "127.0.0.1",
    path: Place = "/",
    forward_to: ForwardTo = None,
    exit_after: ExitAfter = None,
    everywhere: Everywhere = False,
    output: o.Output = None,
    overwrite: o.Overwrite = False,
) -> None:
    """Take callbacks, look each task up, and save what is finished.

    \b
    Examples:
      byteplus webhook listen
      byteplus webhook listen -o 'clips/{slug}-{id8}.{ext}'
      byteplus webhook listen --forward-to http://localhost:3000
      byteplus webhook listen --json --exit-after 1 -p sandbox

    Whatever a callback says, only the service's own answer about that task is believed. Callbacks
    that come twice, late or in the wrong order do no harm, and tasks whose callbacks were missed
    are looked at when it starts and every 10 minutes. Saved paths go to stdout; with --json each
    event is a document on one line.

    The service calls public addresses alone, so a tunnel has to lead from one to the port. The
    sandbox calls this machine as it is.
    """
    session: Session = ctx.obj
    from byteplus_cli.commands.listening import Options
    from byteplus_cli.commands.listening import listen as begin

    begin(
        session,
        Options(
            host, port, path, forward_to, exit_after, everywhere=everywhere, overwrite=overwrite
        ),
        output,
    )


@app.command(cls=Leaf)
def trigger(ctx: typer.Context, status: Status, to: To, id: Id = None) -> None:
    """Send one callback as the service would, to try a receiver with.

    \b
    Examples:
      byteplus webhook trigger succeeded --to http://127.0.0.1:8787
      byteplus webhook trigger failed --to http://localhost:3000 --json
      byteplus webhook trigger succeeded --id @last --to http://127.0.0.1:8787

    It needs no key and costs nothing. The address has the 5 seconds that it has with the service.
    """
    session: Session = ctx.obj
    from byteplus_cli.commands.triggering import trigger as send

    send(session, status, to, id)
