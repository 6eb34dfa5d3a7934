"""The command `score`: a criteria set or score as a calculator."""

from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated

import typer

from multifocal.cli.folders import cache_folder, data_folder

if TYPE_CHECKING:
    from multifocal.knowledge.entries import CriteriaEntry
    from multifocal.knowledge.load import Knowledge


def score(
    which: Annotated[
        str | None,
        typer.Argument(
            metavar="WHICH",
            help="Which set or score; without it, all are listed.",
            show_default=False,
        ),
    ] = None,
    answers: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME=VALUE",
            help=(
                "Answers by the names of the items, such as `crp=<5 mg/L` or `femur=no`. "
                "What is left out is unknown; without any, the items are listed."
            ),
            show_default=False,
        ),
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Give JSON instead of text.")] = False,
) -> None:
    """Work out a score or criteria set from answers: a value or interval, and what is missing."""
    from multifocal.knowledge.load import load
    from multifocal.knowledge.unlock import unlocked
    from multifocal.report.score import described, listing

    knowledge = unlocked(load(cache=cache_folder()), data_folder())
    if which is None:
        typer.echo(_listed_json(knowledge) if as_json else listing(knowledge.criteria), nl=False)
        return
    entry = _entry(which, knowledge)
    if not answers and not as_json and entry.item:
        typer.echo(described(entry), nl=False)
        return
    typer.echo(_answered(entry, answers or [], knowledge, as_json=as_json), nl=False)


def _entry(which: str, knowledge: "Knowledge") -> "CriteriaEntry":
    """Give the set of this id, or of the only id that begins so."""
    known = knowledge.criteria_by_id
    begun = [name for name in known if name.startswith(which.lower())]
    if which in known:
        begun = [which]
    if len(begun) == 1:
        return next(entry for entry in knowledge.criteria if entry.id == begun[0])
    close = begun or get_close_matches(which.lower(), known, n=2, cutoff=0.4)
    hint = f"did you mean {' or '.join(close)}?" if close else "`multifocal score` lists them."
    raise typer.BadParameter(f"no such score; {hint}")


def _answered(
    entry: "CriteriaEntry", answers: list[str], knowledge: "Knowledge", *, as_json: bool
) -> str:
    from multifocal.exchange.entered import EnteredError, entered, parted
    from multifocal.report.score import rendered
    from multifocal.workup.calculate import AnswerError, calculate

    try:
        read = entered(entry, parted(answers), knowledge=knowledge)
        found = calculate(entry, read.values, knowledge=knowledge, refused=read.refused)
    except (EnteredError, AnswerError) as fault:
        raise typer.BadParameter(str(fault)) from None
    if not as_json:
        return rendered(found)
    import msgspec

    return msgspec.json.format(msgspec.json.encode(found), indent=2).decode() + "\n"


def _listed_json(knowledge: "Knowledge") -> str:
    import msgspec

    rows = [
        {
            "id": entry.id,
            "name": entry.name,
            "as_published": entry.as_published,
            "computes": entry.computes,
            "label": entry.label,
            "shown": entry.shown,
            "locked": entry.locked,
        }
        for entry in knowledge.criteria
    ]
    return msgspec.json.format(msgspec.json.encode(rows), indent=2).decode() + "\n"
