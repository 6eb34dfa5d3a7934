"""The command `cases`: published cases in, one record each out."""

from pathlib import Path
from typing import Annotated

import typer

from multifocal.cli.folders import cache_folder
from multifocal.cli.masks import MaskOption, masks_in


def cases(
    path: Annotated[
        Path | None,
        typer.Argument(help="A JSON file of cases, or a folder of such files.", show_default=False),
    ] = None,
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="The folder to write the records to.", show_default=False
        ),
    ] = None,
    mask: MaskOption = None,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of a file of cases.")
    ] = False,
) -> None:
    """Turn published cases into records: what was told and seen, without the conclusion."""
    import msgspec

    from multifocal.exchange.case_format import schema as schema_of_cases
    from multifocal.exchange.cases import read_cases
    from multifocal.knowledge.load import load

    if schema:
        text = msgspec.json.format(msgspec.json.encode(schema_of_cases()), indent=2)
        typer.echo(text.decode())
        return
    if path is None or output is None:
        raise typer.BadParameter("give a file of cases, and a folder with -o")
    found = read_cases(path, knowledge=load(cache=cache_folder()), masks=masks_in(mask))
    try:
        output.mkdir(parents=True, exist_ok=True)
        for place, case in enumerate(found, start=1):
            data = msgspec.json.format(msgspec.json.encode(case), indent=2) + b"\n"
            (output / f"case-{place:03d}.json").write_bytes(data)
    except OSError as fault:
        raise typer.BadParameter(f"can't write the output: {fault.strerror}") from None
    typer.echo(f"{len(found)} cases, {sum(len(case.record.facts) for case in found)} facts")
