"""Dangers in three tiers: to be answered before the disease is named, unlikely, and the rest."""

from collections.abc import Iterable, Mapping, Sequence, Set

from msgspec.structs import replace

from multifocal.knowledge.entries import TestEntry
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
    made: Set[str],
    knowledge: Knowledge,
) -> tuple[Danger, ...]:
    """Say of each danger whether it must be answered first, is unlikely, or neither; none goes.

    What something points to comes first; then the likeliest of each category, for one test mostly
    answers all of it; then what is likeliest. The first few of these are to be answered. What is
    unlikely for a reason is so only while nothing points to it. ``unread`` are the studies on
    record of which the result was not read; ``made`` are the tests that were made.
    """
    unlikely = _unlikely(found, knowledge)
    share = {one.condition: one.probability for one in differential.ranked}
    waits = _waiting(unread, not_read, knowledge)
    most = int(knowledge.differential.model.answered_first.value)
    given = [_with_test(danger, found, waits, knowledge) for danger in dangers]
    open_ = [one for one in given if one.supported_by or one.id not in unlikely]
    open_.sort(key=lambda one: (-len(one.supported_by), -share.get(one.id, 0.0)))
    apart = knowledge.differential.model.apart
    category = {
        one.id: one.id if one.id in apart else knowledge.conditions_by_id[one.id].category
        for one in open_
    }
    heads = {category[one.id]: one.id for one in reversed(open_)}
    open_.sort(key=lambda one: not one.supported_by and 1 + (heads[category[one.id]] != one.id))
    first = {one.id for one in open_[:most]}
    given = _together(given, first, found, made, waits, knowledge)
    return tuple(
        replace(one, tier="answer", why=_why(one, knowledge))
        if one.id in first
        else replace(one, tier="unlikely", why=unlikely[one.id])
        if one.id in unlikely and not one.supported_by
        else one
        for one in given
    )


def danger_score(dangers: Iterable[Danger], differential: Differential) -> float:
    """Add up the shares of the dangerous conditions to which something on record points."""
    pointed = {one.id for one in dangers if one.supported_by}
    return sum(one.probability for one in differential.ranked if one.condition in pointed)


def alarming(
    dangers: Iterable[Danger], differential: Differential, knowledge: Knowledge
) -> tuple[Danger, ...]:
    """Give the dangers to which something points, the likeliest first, where they are an alarm."""
    pointed = {one.id: one for one in dangers if one.supported_by}
    score = danger_score(pointed.values(), differential)
    if differential.abstained or score < knowledge.differential.model.danger_score.value:
        return ()
    ranked = [one.condition for one in differential.ranked if one.condition in pointed]
    return tuple(pointed[name] for name in ranked)


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
    """Name the first test that answers a danger, and how it stands on record."""
    tests = _tests_of(danger, knowledge)
    if not tests:
        return danger
    open_ = _open(danger, tests, found, knowledge)
    test = (open_ or tests)[0]
    standing = "done" if not open_ else "pending" if test.id in waits else "needed"
    return replace(danger, test=test.id, test_label=test.label, standing=standing)


def _tests_of(danger: Danger, knowledge: Knowledge) -> list[TestEntry]:
    entry = knowledge.conditions_by_id[danger.id]
    named = {one.test for one in entry.tests if one.test and one.effect in ANSWERS}
    return [one for one in knowledge.tests if one.id in named]


def _open(
    danger: Danger, tests: Iterable[TestEntry], found: Found, knowledge: Knowledge
) -> list[TestEntry]:
    """Give the tests of which an answer that decides on a danger is not known."""
    decides = deciding(knowledge.conditions_by_id[danger.id])
    return [one for one in tests if not _is_known(decides & set(one.answers), found)]


def _together(
    given: Sequence[Danger],
    first: Set[str],
    found: Found,
    made: Set[str],
    waits: Set[str],
    knowledge: Knowledge,
) -> list[Danger]:
    """Let one test answer as many of the first dangers as it can: one biopsy, not three tests.

    An emergency keeps its own first test, which does not wait for the others; a test that was made
    gives way to one that was not.
    """
    may: dict[str, list[TestEntry]] = {}
    for one in given:
        if one.id in first and one.urgency != "emergency" and one.standing == "needed":
            tests = _open(one, _tests_of(one, knowledge), found, knowledge)
            may[one.id] = [test for test in tests if test.id not in made] or tests
    chosen: dict[str, TestEntry] = {}
    while may:
        every = [test for tests in may.values() for test in tests]
        best = max(every, key=lambda test: (every.count(test), -knowledge.tests.index(test)))
        served = [id_ for id_, tests in may.items() if best in tests]
        chosen |= dict.fromkeys(served, best)
        may = {id_: tests for id_, tests in may.items() if id_ not in served}
    return [
        replace(
            one,
            test=chosen[one.id].id,
            test_label=chosen[one.id].label,
            standing="pending" if chosen[one.id].id in waits else "needed",
        )
        if one.id in chosen
        else one
        for one in given
    ]


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
