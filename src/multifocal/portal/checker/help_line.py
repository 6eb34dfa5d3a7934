"""The number to call in an emergency: of the country chosen, or of the browser's language."""

from typing import NamedTuple

from django.http import HttpRequest

from multifocal.knowledge.load import Knowledge


class HelpLine(NamedTuple):
    """Whom to call. Without a number the page says "your emergency number"."""

    number: str
    country: str
    """Two letters, empty where none is known."""
    name: str


NOBODY = HelpLine("", "", "")


def help_line(request: HttpRequest, chosen: str, knowledge: Knowledge) -> HelpLine:
    """Give the number of the chosen country, or of the first that the browser's language names."""
    known = countries(knowledge)
    if chosen:
        return known.get(chosen, NOBODY)
    named = (
        tag.partition(";")[0].strip().rpartition("-")[2].upper()
        for tag in request.headers.get("Accept-Language", "").split(",")[:8]
        if "-" in tag
    )
    first = next(named, "")
    return known.get(first, NOBODY)


def countries(knowledge: Knowledge) -> dict[str, HelpLine]:
    """Give every country whose number was read, by its name."""
    rows = (
        HelpLine(row.number, code, name)
        for row in knowledge.emergency_numbers
        for code, name in row.countries.items()
    )
    return {one.country: one for one in sorted(rows, key=lambda one: one.name)}
