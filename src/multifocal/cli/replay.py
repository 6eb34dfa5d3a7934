"""The command `replay`: one record as it was known at each visit."""

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from multifocal.cli.files import example_or_file, write
from multifocal.cli.folders import cache_folder
from multifocal.cli.setting import REFERRAL, known_setting


def replay(
    file: Annotated[
        Path,
        typer.Argument(
            help=(
                "A record as for `assess`: a FHIR R4 Bundle, a folder of NDJSON, a phenopacket, a "
                "published case, or `example:NAME`."
            ),
            show_default=False,
        ),
    ],
    *,
    patient: Annotated[
        str | None,
        typer.Option(help="Which patient or case, when there are several.", metavar="ID"),
    ] = None,
    setting: Annotated[
        str, typer.Option(metavar="SETTING", help="Where the child is seen.")
    ] = REFERRAL,
    json: Annotated[
        bool, typer.Option("--json", help="Print the replay as JSON instead of tables.")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write an HTML page with a plot.", show_default=False),
    ] = None,
) -> None:
    """Replay a record visit by visit: when would each condition have been thought of."""
    import msgspec

    from multifocal.exchange.read import read
    from multifocal.knowledge.load import load
    from multifocal.report import replay as report
    from multifocal.workup.replay import replay as play

    knowledge = load(cache=cache_folder())
    record = read(example_or_file(file), knowledge=knowledge, patient=patient)
    seen = play(
        record,
        knowledge=knowledge,
        setting=known_setting(setting, knowledge),
        otherwise=date.today(),  # noqa: DTZ011 # a record without any date is replayed as of today
    )
    if output is not None:
        write(report.render(seen, knowledge=knowledge).encode(), output)
    if json:
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(seen), indent=2) + b"\n")
    else:
        sys.stdout.write(report.text(seen, knowledge=knowledge))
