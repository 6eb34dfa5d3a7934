"""Dangers in three tiers: to be answered before the disease is named, unlikely, and the rest."""

from collections.abc import Iterable, Mapping, Set

from msgspec.structs import replace

from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import Danger
from multifocal.model.differential import Differential
from multifocal.model.record import ConceptId, NotRead
from multifocal.model.truth import Span, truth_of
from multifocal.workup.find import Found
from multifocal.workup.ready import ready
from multifocal.workup.red_flags import deciding

ANSWERS = frozenset({"rule_in", "rule_out"})
"""Effects of a test that answers whether it is this condition."""


def tiered(
    dangers: Iterable[Danger],
    found: Found,
    differential: Differential,
    *,
    not_read: Iterable[NotRead],
    unread: Set[ConceptId],
    knowledge: Knowledge,
) -> tuple[Danger, ...]:
    """Say of each danger whether it must be answered first, is unlikely, or neither; none goes.

    What something points to comes first; then the likeliest of each category, for one test mostly
    answers all of it; then what is likeliest. The first few of these are to be answered. What is
    unlikely for a reason is so only while nothing points to it. ``unread`` are the studies on
    record of which the result was not read.
    """
    unlikely = _unlikely(found, knowledge)
    share = {one.condition: one.probability for one in differential.ranked}
    waits = _waiting(unread, not_read, knowledge)
    most = int(knowledge.differential.model.answered_first.value)
    given = [_with_test(danger, found, waits, knowledge) for danger in dangers]
    open_ = [one for one in given if one.supported_by or one.id not in unlikely]
    open_.sort(key=lambda one: (-len(one.supported_by), -share.get(one.id, 0.0)))
    category = {one.id: knowledge.conditions_by_id[one.id].category for one in open_}
    heads = {category[one.id]: one.id for one in reversed(open_)}
    open_.sort(key=lambda one: not one.supported_by and 1 + (heads[category[one.id]] != one.id))
    first = {one.id for one in open_[:most]}
    return tuple(
        replace(one, tier="answer", why=_why(one, knowledge))
        if one.id in first
        else replace(one, tier="unlikely", why=unlikely[one.id])
        if one.id in unlikely and not one.supported_by
        else one
        for one in given
    )


def _unlikely(found: Found, knowledge: Knowledge) -> Mapping[str, str]:
    """Give the conditions that are unlikely on what is surely known, and why."""
    scorers = ready(knowledge).scorers
    return {
        condition: demotion.why
        for demotion in reversed(knowledge.demotions)
        if scorers[demotion.when](found.words)[0]
        for condition in demotion.conditions
    }


def _why(danger: Danger, knowledge: Knowledge) -> str:
    labels = [knowledge.findings_by_id[name].label for name in danger.supported_by]
    return f"points to it: {'; '.join(labels)}" if labels else "not answered yet"


def _with_test(danger: Danger, found: Found, waits: Set[str], knowledge: Knowledge) -> Danger:
    """Name the test that answers a danger, and how it stands on record."""
    entry = knowledge.conditions_by_id[danger.id]
    named = {one.test for one in entry.tests if one.test and one.effect in ANSWERS}
    tests = [one for one in knowledge.tests if one.id in named]
    if not tests:
        return danger
    open_ = [one for one in tests if not _is_known(deciding(entry) & set(one.answers), found)]
    test = (open_ or tests)[0]
    return replace(
        danger,
        test=test.id,
        test_label=test.label,
        standing="done" if not open_ else "pending" if test.id in waits else "needed",
    )


def _is_known(names: Set[str], found: Found) -> bool:
    return bool(names) and all(truth_of(Span(*found.words[name])) is not None for name in names)


def _waiting(
    unread: Set[ConceptId], not_read: Iterable[NotRead], knowledge: Knowledge
) -> frozenset[str]:
    """Give the tests that were made and whose result was not read."""
    kinds = {one.about for one in not_read}
    return frozenset(
        test.id
        for test in knowledge.tests
        if not unread.isdisjoint(test.done_by) or not kinds.isdisjoint(test.reports)
    )
