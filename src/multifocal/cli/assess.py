"""The command `assess`: one record in, one work-up out."""

import sys
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multifocal.cli.files import example_or_file, write
from multifocal.cli.folders import cache_folder, data_folder
from multifocal.cli.setting import REFERRAL, known_setting

if TYPE_CHECKING:
    from multifocal.knowledge.load import Knowledge
    from multifocal.model.assessment import Assessment


class Format(StrEnum):
    """How the work-up is given."""

    TEXT = "text"
    HTML = "html"
    PDF = "pdf"
    JSON = "json"
    FHIR = "fhir"


class Reader(StrEnum):
    """For whom the work-up is written."""

    CLINICIAN = "clinician"
    FAMILY = "family"


def assess(
    file: Annotated[
        Path,
        typer.Argument(
            help=(
                "A FHIR R4 Bundle or resource (JSON), a folder of NDJSON, a phenopacket, or a "
                "published case. "
                "The name of a shipped example works too, such as `example:right-hand`."
            ),
            show_default=False,
        ),
    ],
    *,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            "--as-of",
            formats=["%Y-%m-%d"],
            metavar="DATE",
            help="Assess as of this day. Default: the day of the record's latest entry.",
            show_default=False,
        ),
    ] = None,
    patient: Annotated[
        str | None,
        typer.Option(help="Which patient or case, when there are several.", metavar="ID"),
    ] = None,
    form: Annotated[
        Format, typer.Option("--format", "-f", help="How the work-up is given.")
    ] = Format.TEXT,
    setting: Annotated[
        str,
        typer.Option(
            help="Where the child is seen, which sets how common each condition is to begin with.",
            metavar="SETTING",
        ),
    ] = REFERRAL,
    reader: Annotated[
        Reader, typer.Option("--for", help="For whom: a clinician, or the child's family.")
    ] = Reader.CLINICIAN,
    page: Annotated[
        list[int] | None,
        typer.Option(
            "--page",
            min=1,
            max=5,
            help="Print this page as text; may be given again. Default: the first.",
            show_default=False,
        ),
    ] = None,
    full: Annotated[
        bool,
        typer.Option(
            "--full", help="Print everything: items, facts, sources. HTML holds it always, folded."
        ),
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Write here instead of to the terminal.", show_default=False
        ),
    ] = None,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict",
            help="End with 4 when a report, or what names a danger, was not read.",
        ),
    ] = False,
) -> None:
    """Assess one child's record: findings, criteria, red flags, what is missing, and why."""
    from multifocal.exchange.read import read
    from multifocal.knowledge.load import load
    from multifocal.knowledge.unlock import unlocked
    from multifocal.workup.assess import assess as work_up
    from multifocal.workup.assess import latest_day
    from multifocal.workup.unread import is_telling

    if form is Format.PDF and output is None and sys.stdout.isatty():
        raise typer.BadParameter("a PDF needs a file: add -o report.pdf")
    knowledge = unlocked(load(cache=cache_folder()), data_folder())
    record = read(example_or_file(file), knowledge=knowledge, patient=patient)
    day = as_of.date() if as_of else latest_day(record)
    if day is None:
        day = date.today()  # noqa: DTZ011 # a record without any date is assessed as of today
    assessment = work_up(
        record,
        as_of=day,
        knowledge=knowledge,
        setting=known_setting(setting, knowledge),
        thorough=True,
    )
    shown = () if full else tuple(page or (1,))
    _give(_rendered(assessment, knowledge, form, reader, shown, tty=output is None), output)
    if strict and any(map(is_telling, assessment.not_read)):
        raise typer.Exit(4)


def _rendered(
    assessment: "Assessment",
    knowledge: "Knowledge",
    form: Format,
    reader: Reader,
    shown: tuple[int, ...],
    *,
    tty: bool,
) -> bytes:
    match form:
        case Format.TEXT:
            from multifocal.report import terminal

            return terminal.render(
                assessment,
                knowledge=knowledge,
                colour=tty and sys.stdout.isatty(),
                shown=shown,
                reader=reader.value,
            ).encode()
        case Format.HTML:
            from multifocal.report import page

            return page.render(assessment, knowledge=knowledge, reader=reader.value).encode()
        case Format.PDF:
            from multifocal.report import pdf

            return pdf.render(assessment, knowledge=knowledge, full=not shown, reader=reader.value)
        case Format.JSON:
            import msgspec

            return msgspec.json.format(msgspec.json.encode(assessment), indent=2) + b"\n"
        case Format.FHIR:
            from multifocal.exchange.fhir import write

            return write.bundle(assessment, knowledge=knowledge)


def _give(content: bytes, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    write(content, output)
