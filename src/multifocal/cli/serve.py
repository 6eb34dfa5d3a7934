"""The command `serve`: the site."""

import sys
from typing import Annotated

import typer

from multifocal.cli.site import installed


def serve(
    *,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Serve on this port.")] = 8000,
    host: Annotated[
        str,
        typer.Option(
            help="Serve on this address. Others than this machine reach the site only "
            "if you name another one; put a server that speaks https in front then."
        ),
    ] = "127.0.0.1",
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that answer.")] = 2,
    demo: Annotated[
        bool, typer.Option("--demo", help="Add marked demo accounts, one for each role.")
    ] = False,
) -> None:
    """Serve the site: article, checker, work-up, scores, accounts; sets it up on first run."""
    with installed():
        from multifocal.portal import serve as site

    local = host in ("127.0.0.1", "localhost", "::1")
    if demo and not local:
        raise typer.BadParameter("demo accounts are for this machine only: leave out --host")
    site.set_up(lambda line: typer.echo(line, file=sys.stdout), demo=demo, local=local)
    typer.echo(f"The site is at http://{'localhost' if host == '127.0.0.1' else host}:{port}/")
    sys.stdout.flush()
    site.serve(host=host, port=port, workers=workers)
