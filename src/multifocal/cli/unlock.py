"""The command `knowledge unlock`: weights of a locked criteria set, checked and kept."""

from pathlib import Path
from typing import Annotated

import typer

from multifocal.cli.folders import cache_folder, data_folder
from multifocal.model.issue import KnowledgeError


def unlock(
    which: Annotated[
        str, typer.Argument(metavar="WHICH", help="The locked set, such as `EULAR_ACR`.")
    ],
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE",
            help="The weights as TOML; without it, the empty template is printed.",
            show_default=False,
        ),
    ] = None,
    *,
    yes: Annotated[
        bool, typer.Option("--yes", help="Keep the weights although something looks unusual.")
    ] = False,
) -> None:
    """Check the weights of a locked set, and keep them in your data folder."""
    from multifocal.knowledge.load import DATA, load
    from multifocal.knowledge.unlock import FOLDER, checked, kept, lockable

    knowledge = load(cache=cache_folder())
    try:
        entry = lockable(knowledge, which)
        if file is None:
            template = DATA / FOLDER / f"{entry.id}.template.toml"
            typer.echo(template.read_text(encoding="utf-8"), nl=False)
            return
        text = _bytes(file)
        found = checked(entry, text, knowledge=knowledge)
    except KnowledgeError as fault:
        raise typer.BadParameter(str(fault)) from None
    if found.violations:
        told = "\n".join(f"- {line}" for line in (*found.violations, *found.warnings))
        raise typer.BadParameter(f"{file.name} is not used:\n{told}")
    for line in found.warnings:
        typer.echo(f"Look again: {line}", err=True)
    if found.warnings and not yes:
        typer.confirm("Is that what the paper prints?", abort=True, err=True)
    path = kept(data_folder(), entry)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    except OSError as fault:
        raise typer.BadParameter(f"can't be kept: {fault.strerror}") from None
    typer.echo(f"{entry.id}: unlocked. Every result names {found.weights.document}.")


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as fault:
        raise KnowledgeError(f"{file.name}: {fault.strerror}") from None
