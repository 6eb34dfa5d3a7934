"""What must hold for published figures, their topics and the normal variants."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from multifocal.knowledge.entries import Entries, Figure, Place, StatementEntry
from multifocal.model.source import Certainty

STATEMENTS, TOPICS, VARIANTS = "statements.toml", "topics.toml", "normal_variants.toml"


class Fault(NamedTuple):
    """File, entry, and what is wrong."""

    file: str
    entry: str
    message: str


def figure_faults(entries: Entries) -> Iterator[Fault]:
    """Give every fault of statements, topics and variants."""
    yield from _statements(entries)
    yield from _topics(entries)
    yield from _variants(entries)


def _statements(entries: Entries) -> Iterator[Fault]:
    topics = {topic.id for topic in entries.topics}
    known = {one.id for one in entries.statements}
    for one in entries.statements:
        for message in faults_of(one.figure):
            yield Fault(STATEMENTS, one.id, message)
        if one.topic not in topics:
            yield Fault(STATEMENTS, one.id, f"unknown topic {one.topic!r}")
        if not one.id.startswith(f"{one.topic}_"):
            yield Fault(STATEMENTS, one.id, "the id must begin with the id of its topic")
        if (one.source.certainty is Certainty.DERIVED) != bool(one.derived_from):
            yield Fault(STATEMENTS, one.id, "`derived` and `derived_from` go together")
        for name in sorted(set(one.derived_from) - known):
            yield Fault(STATEMENTS, one.id, f"derived from unknown statement {name!r}")


def _topics(entries: Entries) -> Iterator[Fault]:
    statements = {one.id for one in entries.statements}
    for topic in entries.topics:
        mine = [one for one in entries.statements if one.topic == topic.id]
        if bool(mine) == bool(topic.not_found):
            yield Fault(TOPICS, topic.id, "needs either statements or `not_found`")
        if _is_contested(mine) and not topic.why_they_differ:
            yield Fault(TOPICS, topic.id, "several sources give values: say why they differ")
        if topic.source.certainty is not Certainty.JUDGEMENT:
            yield Fault(TOPICS, topic.id, "its words are ours, so its certainty is `judgement`")
        if topic.id in statements:
            yield Fault(TOPICS, topic.id, "is the id of a statement too")


def _is_contested(statements: Iterable[StatementEntry]) -> bool:
    return len({one.source.id for one in statements if one.figure.kind != "words"}) > 1


def _variants(entries: Entries) -> Iterator[Fault]:
    places: set[str] = {bone.id for bone in entries.bones}
    places |= {region.id for region in entries.regions}
    for row in entries.variants:
        yield from _named(row.id, row.places, places)
        for message in faults_of(row.figure):
            yield Fault(VARIANTS, row.id, message)
        ages = (row.age_from_years, row.age_to_years)
        if (None in ages) == bool(row.ages):
            yield Fault(VARIANTS, row.id, "`ages` and the two numbers go together")
        if row.age_from_years is not None and row.age_to_years is not None:
            if row.age_from_years >= row.age_to_years:
                yield Fault(VARIANTS, row.id, "has an empty age band")
    for one in entries.conversions:
        yield from _named(one.id, one.places, places)
        for message in faults_of(one.age):
            yield Fault(VARIANTS, one.id, message)
    for policy in entries.policies:
        yield from _named(policy.id, [Place(name) for name in policy.places], places)
        if policy.source.certainty is not Certainty.JUDGEMENT:
            yield Fault(VARIANTS, policy.id, "a policy is ours, so its certainty is `judgement`")


def _named(entry: str, places: Iterable[Place], known: set[str]) -> Iterator[Fault]:
    for place in places:
        if place.of not in known:
            yield Fault(VARIANTS, entry, f"unknown bone or region {place.of!r}")


def faults_of(figure: Figure) -> Iterator[str]:
    """Give what is wrong with one figure."""
    value, low, high = figure.value, figure.low, figure.high
    numbers = [number for number in (low, value, high) if number is not None]
    if numbers != sorted(numbers):
        yield "its low, value and high are not in order"
    if (low is None) != (high is None):
        yield "needs both `low` and `high`, or neither"
    if bool(figure.spread) != (value is not None and low is not None):
        yield "`spread` says what low and high are beside a value"
    match figure.kind:
        case "words":
            if not figure.text or numbers or figure.k is not None or figure.n is not None:
                yield "words have a text and no number"
        case "share":
            yield from _share(figure, numbers)
        case "mean" | "median":
            if value is None:
                yield f"a {figure.kind} needs its value"
        case "one_in":
            if low is None or value is not None:
                yield 'needs `low` and `high`, the numbers behind "1 in"'
        case "number" | "rate" | "ratio":
            if not numbers:
                yield "has no number"
    if figure.kind != "words" and figure.text:
        yield "only words have a text"


def _share(figure: Figure, numbers: list[float]) -> Iterator[str]:
    if figure.unit:
        yield "a share has no unit"
    if figure.k is not None:
        if figure.n is None or not 0 <= figure.k <= figure.n or figure.n == 0:
            yield "k must be one of 0 to n"
        if numbers:
            yield "a share with its counts is worked out: leave the value out"
    elif not numbers or not all(0 <= number <= 1 for number in numbers):
        yield "a share is between 0 and 1"
