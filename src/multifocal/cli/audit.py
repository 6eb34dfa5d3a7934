"""The command `audit`: what was done with people's records on the site."""

from pathlib import Path
from typing import Annotated

import typer

from multifocal.cli.site import installed

app = typer.Typer(
    name="audit",
    help="What was done with people's records on the site.",
    no_args_is_help=True,
    add_completion=False,
)


@app.callback()
def about() -> None:
    """Tell what was done with people's records on the site."""


@app.command()
def verify(
    *,
    head: Annotated[
        str | None,
        typer.Option(
            metavar="HASH",
            help="A head that was printed earlier and kept elsewhere: shows whether the end of the "
            "chain was cut since.",
        ),
    ] = None,
    heads: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="A further file of heads, such as that of a folder of backups; repeatable.",
        ),
    ] = None,
) -> None:
    """Check that no event was changed, taken out or put in, by all heads that were noted.

    Prints the head of the chain, and what can't be known.
    """
    with installed():
        from multifocal.portal.audit.command import verify_site

    found = verify_site(head=head, files=heads or ())
    typer.echo(f"{found.verdict.good} events hold. Head: {found.verdict.head}")
    for one in found.unknown:
        typer.echo(f"Not known: {one}.")
    for fault in found.faults:
        typer.echo(f"multifocal: the chain is broken: {fault}", err=True)
    if found.faults:
        raise typer.Exit(1)


@app.command()
def head() -> None:
    """Note the head of the chain in a file of the data folder, and print it."""
    with installed():
        from multifocal.portal.audit.command import note_head

    typer.echo(note_head().line)
