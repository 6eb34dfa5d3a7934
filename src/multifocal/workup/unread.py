"""What was not read: what of it may decide, and that it is asked for before anything new."""

from collections.abc import Iterable

from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import NextTest
from multifocal.model.issue import Level
from multifocal.model.record import Fact, NotRead

SAID = frozenset({"answer", "medication"})
"""Kinds that alone hold no code back: what they may matter for is asked about."""


def is_telling(one: NotRead) -> bool:
    """Say whether it may change what is done: a report, a document, or what names a danger."""
    return one.level is not Level.INFO and (one.kind in {"report", "document"} or bool(one.matters))


def holds_back(one: NotRead) -> bool:
    """Say whether it holds a code back: a report of tissue or image, or what names a danger."""
    if one.level is Level.INFO:
        return False
    return one.kind == "report" or bool(one.about or (one.matters and one.kind not in SAID))


def worst_first(not_read: Iterable[NotRead]) -> tuple[NotRead, ...]:
    """Put what may change what is done before what may matter, and that before the rest."""

    def rank(one: NotRead) -> tuple[bool, bool, bool, bool]:
        return (not holds_back(one), not is_telling(one), one.level is Level.INFO, not one.matters)

    return tuple(sorted(not_read, key=rank))


def reports_first(
    facts: Iterable[Fact], not_read: Iterable[NotRead], knowledge: Knowledge
) -> tuple[NextTest, ...]:
    """Give the request to read what was done and not read; none where everything was read."""
    studies = dict.fromkeys(
        f"{knowledge.concepts_by_id[fact.concept].label}{_on(fact)}"
        for fact in facts
        if fact.unread and fact.present
    )
    count = sum(one.count for one in not_read if holds_back(one))
    reports = f"reports on record and not read: {count}" if count else ""
    reason = "; ".join((*studies, *filter(None, (reports,))))
    return tuple(
        NextTest(
            id=test.id,
            label=test.label,
            reason=reason,
            answers=(),
            burden=dict(test.burden),
            source=test.source,
        )
        for test in knowledge.tests
        if test.unread and reason
    )


def _on(fact: Fact) -> str:
    return "" if fact.day is None else f", {fact.day}"
