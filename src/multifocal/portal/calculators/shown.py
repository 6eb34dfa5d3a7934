"""What a page says of a set and of its result: texts of the knowledge, arranged."""

from collections.abc import Iterator, Sequence

import msgspec

from multifocal.knowledge.entries import (
    ChoiceEntry,
    CriteriaEntry,
    ItemEntry,
    PointsEntry,
    Row,
    ValueEntry,
)
from multifocal.knowledge.load import Knowledge
from multifocal.model.calculation import Calculation, Reference
from multifocal.model.source import Citation
from multifocal.report import score
from multifocal.workup.calculate import reference
from multifocal.workup.classify import state_label

PURPOSES = {
    "diagnosis": "Could it be this illness?",
    "eligibility": "Who may enter a treatment plan?",
    "activity": "How active is it, and is it better?",
    "function": "What can the child do?",
    "imaging": "What do the images show?",
    "laboratory": "What do blood tests and fever mean?",
}
"""Headings of the list, by the purpose of a set."""


class Rule(msgspec.Struct, frozen=True):
    """One line of how a set is worked out."""

    gives: str
    when: str
    number: int
    """Of its source in the list of sources."""
    at: str
    certainty: str
    note: str


class Rules(msgspec.Struct, frozen=True):
    """Lines that belong together."""

    title: str
    rules: tuple[Rule, ...]


class Shown(msgspec.Struct, frozen=True):
    """A result in words."""

    found: Calculation
    value: str
    words: tuple[str, ...]
    settles: tuple[str, ...]
    possible: tuple[str, ...]
    studies: tuple[tuple[str, Reference], ...]


def grouped(knowledge: Knowledge) -> list[tuple[str, list[CriteriaEntry]]]:
    """Give every set under the question that it is asked for."""
    return [
        (title, [entry for entry in knowledge.criteria if entry.purpose == purpose])
        for purpose, title in PURPOSES.items()
    ]


def sources_of(entry: CriteriaEntry, knowledge: Knowledge) -> tuple[Reference, ...]:
    """Give the sources of a set, its own first, each once."""
    first: dict[str, Citation] = {}
    for citation in (entry.source, *(one.source for one in _cited(entry))):
        first.setdefault(citation.id, citation)
    return tuple(reference(citation, knowledge) for citation in first.values())


def _cited(
    entry: CriteriaEntry,
) -> Iterator[ItemEntry | PointsEntry | ValueEntry | ChoiceEntry]:
    yield from entry.item
    yield from entry.points
    yield from entry.value
    yield from entry.choice


def rules_of(entry: CriteriaEntry, sources: Sequence[Reference]) -> tuple[Rules, ...]:
    """Give how a set is worked out, line by line, each with the number of its source."""
    numbers = {source.id: number for number, source in enumerate(sources, start=1)}

    def rule(gives: str, when: str, source: Citation) -> Rule:
        return Rule(gives, when, numbers[source.id], source.at, source.certainty, source.note)

    labels = {item.name: item.label for item in entry.item}
    points = tuple(
        rule(
            f"{one.points} {'point' if abs(one.points) == 1 else 'points'}: "
            f"{labels.get(one.item, _words(one.item))}",
            one.when if one.when != one.item else "",
            one.source,
        )
        for one in entry.points
    )
    values = tuple(
        rule(gives, when, value.source) for value in entry.value for gives, when in _lines(value)
    )
    choices = tuple(
        Rules(
            "What is said" if choice.name == "state" else _words(choice.name),
            tuple(
                rule(_given(entry, choice.name, row), row.when, choice.source)
                for row in choice.rows
            ),
        )
        for choice in entry.choice
    )
    named = tuple(rule(item.label, item.name, item.source) for item in entry.item)
    parts = (
        Rules("Names in the rules", named),
        Rules("Points", points),
        Rules("Worked out on the way", values),
        *choices,
    )
    return tuple(part for part in parts if part.rules)


def _lines(value: ValueEntry) -> Iterator[tuple[str, str]]:
    name = _words(value.name)
    if value.rule:
        yield name, value.rule
    elif value.how:
        yield name, " ".join(_reduced(value))
    for row in value.rows:
        yield f"{name}: {_plain(row)}", row.when


def _reduced(value: ValueEntry) -> Iterator[str]:
    """Say how several words are put together."""
    yield f"{_words(value.how or '')} of {', '.join(value.of)}"
    if value.by != "place":
        yield f"by {value.by}"
    if value.where:
        yield f"where {value.where}"
    if value.floor is not None:
        yield f"at least {value.floor:g} where {value.floor_for} names it"


def _given(entry: CriteriaEntry, choice: str, row: Row) -> str:
    return state_label(entry, str(row.gives)) if choice == "state" else _plain(row)


def _plain(row: Row) -> str:
    value = row.gives
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, int | float) else _words(value)


def _words(name: str) -> str:
    return name.replace("_", " ")


def shown(found: Calculation, entry: CriteriaEntry) -> Shown:
    """Put a result into words."""
    labels = {item.name: item.label for item in entry.item}
    has_number = found.low is not None or found.high is not None
    return Shown(
        found=found,
        value=score.value(found) if has_number else "",
        words=tuple(filter(None, map(score.word_text, found.words))),
        settles=tuple(labels.get(name, _words(name)) for name in found.missing),
        possible=()
        if found.decided
        else tuple(dict.fromkeys(state_label(entry, state) for state in found.possible)),
        studies=tuple(
            zip(score.studies(found), (s.source for s in found.performance), strict=True)
        ),
    )
