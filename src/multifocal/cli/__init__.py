"""The command line. Imports what a command needs when it is called."""

import gc
import os
import sys
from typing import Annotated

import typer

from multifocal.cli import audit, knowledge, site
from multifocal.cli.assess import assess
from multifocal.cli.cases import cases
from multifocal.cli.replay import replay
from multifocal.cli.score import score
from multifocal.cli.serve import serve
from multifocal.cli.unlock import unlock
from multifocal.cli.validate import validate
from multifocal.model.issue import MultifocalError, RecordError

EXIT_CODES = (
    "Exit codes: 0 assessed, 2 wrong use, 3 the file could not be read at all, "
    "4 with --strict: a report, or what names a danger, was not read."
)

GARBAGE = 200_000
"""A command lives for less than a second: looking for garbage more often costs a tenth of it."""

app = typer.Typer(
    name="multifocal",
    help=(
        "One child's record in, a cited work-up for chronic multifocal osteomyelitis out.\n\n"
        "It supports a clinician's judgement; it is not a diagnosis. Nothing leaves this machine."
    ),
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)
app.command(epilog=EXIT_CODES)(assess)
app.command(epilog=EXIT_CODES)(replay)
app.command(epilog=EXIT_CODES)(validate)
app.command(epilog=EXIT_CODES)(cases)
app.command()(score)
app.command()(serve)
app.command()(site.backup)
app.command()(site.restore)
app.command("move-to-postgres")(site.move_to_postgres)
app.command("verify-administrator")(site.verify_administrator)
knowledge.app.command()(unlock)
app.add_typer(knowledge.app)
app.add_typer(audit.app)


@app.callback(invoke_without_command=True)
def about(
    *, version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False
) -> None:
    """One child's record in, a cited work-up for chronic multifocal osteomyelitis out."""
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"multifocal {installed('multifocal')}")
        raise typer.Exit


def main() -> None:
    """Run the command line; every failure is one line on standard error and an exit code."""
    gc.set_threshold(GARBAGE)
    try:
        app()
    except RecordError as fault:
        typer.echo(f"multifocal: {fault}", err=True)
        sys.exit(3)
    except MultifocalError as fault:
        typer.echo(f"multifocal: {fault}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
