"""What the page of a result shows, made ready for its template."""

from typing import NamedTuple

from multifocal.knowledge.load import Knowledge
from multifocal.model.checker import CheckResult, Reason
from multifocal.report import checker as report
from multifocal.report.words import words


class Cited(NamedTuple):
    """A source, and how sure we are."""

    title: str
    url: str
    certainty: str
    at: str


class View(NamedTuple):
    """A result as it is shown."""

    result: CheckResult
    first: tuple[Reason, ...]
    """What asks for this much haste, for sure."""
    open: tuple[str, ...]
    """What could not be told, and would ask for as much."""
    others: tuple[Reason, ...]
    """What asks for less."""
    places: tuple[str, ...]
    sources: tuple[Cited, ...]


def view_of(result: CheckResult, knowledge: Knowledge) -> View:
    """Part the reasons by haste, and gather the sources."""
    first = [one for one in result.reasons if one.how_soon == result.how_soon]
    opened = [told.short for one in first if not one.sure for told in one.because]
    citations = dict.fromkeys([result.source, *(one.source for one in result.reasons)])
    cited = [
        Cited(source.title, source.url, words().certainty[one.certainty], one.at)
        for one in citations
        if (source := knowledge.sources_by_id[one.id])
    ]
    return View(
        result=result,
        first=tuple(one for one in first if one.sure),
        open=tuple(dict.fromkeys(opened)),
        others=tuple(one for one in result.reasons if one.how_soon != result.how_soon and one.sure),
        places=tuple(report.places(result, knowledge)),
        sources=tuple(dict.fromkeys(cited)),
    )
