"""What a family tells the doctor: the symptom checker's answers on one page, as a tagged PDF."""

import typst

from multifocal.knowledge.load import Knowledge
from multifocal.model.anatomy import Site
from multifocal.model.checker import NO, YES, CheckResult, Told
from multifocal.model.issue import MultifocalError
from multifocal.report import words
from multifocal.report.typeset import typeset

PLACES = 24
"""Places that are named; how many more there are is told."""


def render(result: CheckResult, *, knowledge: Knowledge) -> bytes:
    """Give the page as PDF/UA-1. All its text is ours; the same answers give the same bytes."""
    try:
        return typeset("checker.typ", _content(result, knowledge))
    except typst.TypstError:
        raise MultifocalError("The PDF could not be set. Print the page instead.") from None


def places(result: CheckResult, knowledge: Knowledge) -> list[str]:
    """Give the marked places in words; of very many the first, and how many more there are."""
    named = [words.sentence(_place(site, knowledge)) for site in result.sites]
    more = len(named) - PLACES
    return named if more <= 0 else [*named[:PLACES], f"and {more} more"]


def _place(site: Site, knowledge: Knowledge) -> str:
    place = (
        words.region(site.region, knowledge)
        if site.bone is None and site.region is not None
        else words.bone(site.bone, knowledge)
        if site.bone is not None
        else ""
    )
    return words.site(place, site.laterality, site.part, site.end)


def _content(result: CheckResult, knowledge: Knowledge) -> dict[str, object]:
    questions = knowledge.questions_by_id
    told = [one for one in result.answers if one.known or questions[one.question].danger]
    dangers = [one for one in told if questions[one.question].danger]
    return {
        "title": result.title,
        "urgent": result.how_soon == "emergency",
        "sure": result.sure,
        "yes": [_line(one) for one in dangers if _is_there(one)],
        "open": [one.short for one in dangers if one.open],
        "no": [one.short for one in dangers if _is_not(one)],
        "parts": [
            {
                "title": part.title,
                "rows": [
                    [words.sentence(one.short), one.answer]
                    for one in told
                    if questions[one.question].part == part.id
                    and not questions[one.question].danger
                    and not (part.listed and _is_not(one))
                ],
            }
            for part in knowledge.check_parts
        ],
        "places": places(result, knowledge),
        "versions": f"multifocal {result.software_version}, knowledge {result.knowledge_version}",
    }


def _is_there(told: Told) -> bool:
    return told.known and not _is_not(told)


def _is_not(told: Told) -> bool:
    return told.answer.lower() == NO


def _line(told: Told) -> str:
    """Say what is there, with the answer where it says more than yes."""
    return told.short if told.answer.lower() == YES else f"{told.short}: {told.answer}"
