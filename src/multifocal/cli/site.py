"""The commands for whoever runs the site: `backup`, `restore`, `move-to-postgres`, and the first
administrator of a clinic."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer


@contextmanager
def installed() -> Iterator[None]:
    """Say how to get the site where its libraries are missing."""
    try:
        yield
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.startswith("multifocal"):
            raise
        raise typer.BadParameter(
            "the site is not installed: pip install 'multifocal[portal]'"
        ) from None


def backup(
    to: Annotated[
        Path,
        typer.Argument(
            metavar="TO", help="A new file that ends in .sqlite3, or a folder.", show_default=False
        ),
    ],
    *,
    keep: Annotated[
        int, typer.Option(min=0, help="Keep so many backups in the folder; 0 keeps all.")
    ] = 0,
) -> None:
    """Write everything in the site's database to one file, while the site serves."""
    with installed():
        from multifocal.portal.ops import commands

        typer.echo(f"Written: {commands.backup(to, keep=keep)}")


def restore(
    file: Annotated[Path, typer.Argument(help="A backup.", show_default=False)],
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Replace everything that the site holds.")
    ] = False,
) -> None:
    """Put a backup in the place of the site's database. Stop the site first."""
    with installed():
        from multifocal.portal.ops import commands

        commands.restore(file, force=force)
        typer.echo("Restored.")


def move_to_postgres(
    url: Annotated[
        str,
        typer.Argument(
            metavar="URL", help="postgres://user:password@host/name", show_default=False
        ),
    ],
) -> None:
    """Copy everything from SQLite to an empty PostgreSQL database. Stop the site first."""
    with installed():
        from multifocal.portal.ops import commands

        for table, rows in commands.move_to_postgres(url).items():
            typer.echo(f"{rows:>8}  {table}")
        typer.echo("Moved, every table counted. Set DATABASE_URL to this address from now on.")


def verify_administrator(
    clinic: Annotated[str, typer.Argument(help="The clinic's name.", show_default=False)],
    address: Annotated[
        str, typer.Argument(help="The e-mail address of the account.", show_default=False)
    ],
) -> None:
    """Verify the first administrator of a clinic, who was proposed on the site.

    Only where no other administrator of the clinic could do it; leaves an event.
    """
    with installed():
        from multifocal.portal.ops import commands

        commands.verify_administrator(clinic, address)
        typer.echo("Verified. From now on this administrator verifies the others.")
