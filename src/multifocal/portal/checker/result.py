"""What the page of a result shows, made ready for its template."""

from collections.abc import Iterator
from typing import NamedTuple

from multifocal.knowledge.load import Knowledge
from multifocal.model.checker import NO, UNKNOWN, CheckResult, Reason
from multifocal.portal.checker.steps import Told
from multifocal.report import checker as report
from multifocal.report.words import words

SAID, PLACES = 6, 3
"""So many signs and places are said on the phone; the page for the doctor has all."""
SIGNS = frozenset({"danger", "sore_part", "weeks", "trouble"})
"""Parts whose answers are signs that a child has."""


class Cited(NamedTuple):
    """A source, and how sure we are."""

    title: str
    url: str
    certainty: str
    at: str


class View(NamedTuple):
    """A result as it is shown."""

    result: CheckResult
    do: tuple[str, ...]
    meanwhile: tuple[str, ...]
    come_back: tuple[str, ...]
    now_if: tuple[str, ...]
    """What makes it an emergency; none where it is one."""
    say: tuple[str, ...]
    """What to say on the phone, sentence by sentence."""
    first: tuple[Reason, ...]
    """What asks for this much haste, for sure."""
    open: tuple[str, ...]
    """What could not be told, and would ask for as much."""
    others: tuple[Reason, ...]
    """What asks for less."""
    places: tuple[str, ...]
    sources: tuple[Cited, ...]


def view_of(result: CheckResult, told: Told, knowledge: Knowledge) -> View:
    """Part the reasons by haste, gather the sources, and speak to the one who answers."""
    first = [one for one in result.reasons if one.how_soon == result.how_soon]
    opened = [answer.short for one in first if not one.sure for answer in one.because]
    citations = dict.fromkeys([result.source, *(one.source for one in result.reasons if one.sure)])
    cited = [
        Cited(source.title, source.url, words().certainty[one.certainty], one.at)
        for one in citations
        if (source := knowledge.sources_by_id[one.id])
    ]
    by_haste = {one.id: one for one in knowledge.advice}
    advice, signs = by_haste[result.how_soon], by_haste["urgent"]
    speaks = told.speaks
    opens = bool(result.do == advice.open_do and advice.open_do)
    return View(
        result=result,
        do=(advice.you_open_do if opens else advice.you_do) if speaks else result.do,
        meanwhile=advice.you_meanwhile if speaks else result.meanwhile,
        come_back=advice.you_come_back if speaks else result.come_back,
        now_if=()
        if result.how_soon == "emergency"
        else signs.you_come_back
        if speaks
        else signs.come_back,
        say=tuple(_said(result, told, knowledge)),
        first=tuple(one for one in first if one.sure),
        open=tuple(dict.fromkeys(opened)),
        others=tuple(one for one in result.reasons if one.how_soon != result.how_soon and one.sure),
        places=tuple(report.places(result, knowledge)),
        sources=tuple(dict.fromkeys(cited)),
    )


def _said(result: CheckResult, told: Told, knowledge: Knowledge) -> Iterator[str]:
    """Give what a doctor or nurse on the phone needs first."""
    answers = {one.question: one for one in result.answers}
    signs = [
        question.short
        for question in knowledge.questions
        if question.part in SIGNS and told.given.get(question.id, NO) not in {NO, UNKNOWN}
    ][:SAID]
    places = report.places(result, knowledge)[:PLACES]
    if answers["age"].known:
        yield f"{'I am' if told.speaks else 'My child is'} {answers['age'].answer.lower()} old."
    if signs:
        last = f" and {signs[-1]}" if signs[1:] else ""
        yield f"There is {', '.join(signs[:-1] if last else signs)}{last}."
    if places:
        yield f"Where: {'; '.join(place.lower() for place in places)}."
    if answers["since"].known:
        yield f"How long: {answers['since'].answer.lower()}."
