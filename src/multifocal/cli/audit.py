"""The command `audit`: what was done with people's records on the site."""

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
) -> None:
    """Check that no event was changed, taken out or put in; prints the head of the chain."""
    with installed():
        from multifocal.portal.audit.command import verify_site

    verdict = verify_site(head=head)
    typer.echo(f"{verdict.good} events hold. Head: {verdict.head}")
    if verdict.fault is not None:
        typer.echo(f"multifocal: the chain is broken: {verdict.fault}", err=True)
        raise typer.Exit(1)
