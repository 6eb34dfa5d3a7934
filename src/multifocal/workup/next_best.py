"""The next best test: what its result is expected to tell, against what it costs the child."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from datetime import date
from functools import lru_cache
from math import inf, log2
from operator import itemgetter, mul
from typing import NamedTuple

from multifocal.knowledge.entries import RedFlagEntry, TestEntry
from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import Danger, Missing, NextTest, RedFlag
from multifocal.model.differential import Outcome
from multifocal.model.finding import FindingId
from multifocal.model.record import ConceptId, Fact
from multifocal.workup.differential import Standing, joined, moved, shares_of
from multifocal.workup.find import Found
from multifocal.workup.likelihood import UNIT, weighing
from multifocal.workup.ready import ready
from multifocal.workup.red_flags import deciding
from multifocal.workup.suppose import Answers, closed, supposing


class _Candidate(NamedTuple):
    """A test that could tell something, and what it is ranked by."""

    rank: tuple[bool, float, int]
    test: TestEntry
    answers: tuple[FindingId, ...]
    bits: float
    ahead_of: TestEntry | None = None
    """The test that it must come before."""


def next_best(
    found: Found,
    at: Standing,
    flags: Iterable[RedFlag],
    standing_dangers: Sequence[Danger],
    gaps: Iterable[Missing],
    knowledge: Knowledge,
    *,
    first: Sequence[RedFlagEntry],
    made: Set[str],
    thorough: bool,
) -> tuple[NextTest, ...]:
    """Rank tests by the bits that each is expected to give for its burden, and give the first few.

    Dangerous conditions that are not excluded count several times. While a red flag stands, tests
    that decide on a danger to which something points come before all others; before these, the
    ``first`` tests, which nobody has made yet. What was ``made`` is not asked for again, nor what
    must not be made in this child; what must come before a test does. ``thorough`` adds what each
    result of a test would change.
    """
    told = _telling(at, found, standing_dangers, knowledge)
    settles = {gap.finding: gap.settles for gap in gaps}
    urgent = _deciding(standing_dangers, knowledge) if tuple(flags) else frozenset()
    shown = int(knowledge.differential.model.tests_shown.value)
    asked = _called_for(first, found, knowledge)
    places = {test: place for place, test in enumerate(asked)}
    candidates = [
        one
        for one in _candidates(told, settles, urgent, knowledge)
        if one.test.id not in made and may_be_made(one.test, found, knowledge)
    ]
    candidates.sort(key=lambda one: (places.get(one.test.id, len(places)), one.rank))
    return tuple(
        _next(
            one,
            asked.get(one.test.id, ""),
            settles,
            _outcomes(one, told, at, found, knowledge) if thorough else (),
        )
        for one in _some(_in_order(candidates, made, found, knowledge), shown)
    )


def _called_for(
    first: Iterable[RedFlagEntry], found: Found, knowledge: Knowledge
) -> dict[str, str]:
    """Give the tests that come first whatever they may tell, by id, and why."""
    scorers = ready(knowledge).scorers
    asked: dict[str, str] = {}
    for flag in first:
        asked.setdefault(flag.test, flag.label)
    for test in knowledge.tests:
        if test.early and scorers[test.early.when](found.words)[0]:
            asked.setdefault(test.id, test.early.why)
    return asked


def _some(candidates: Iterable[_Candidate], most: int) -> Iterator[_Candidate]:
    """Give so many tests that tell something, each after what must come before it."""
    waiting: list[_Candidate] = []
    for one in candidates:
        waiting.append(one)
        if one.test.answers and most:
            yield from waiting
            waiting, most = [], most - 1


def tests_made(facts: Iterable[Fact], *, as_of: date, knowledge: Knowledge) -> frozenset[str]:
    """Give the ids of the tests that were made: a study of theirs is unread, or is fresh.

    What an image shows, or does not, says that it was made.
    """
    days: dict[ConceptId, float] = {}
    by_modality = {
        one.modality: one.id for one in knowledge.concepts if one.kind == "study" and one.modality
    }
    for fact in facts:
        age = (as_of - fact.day.latest).days if fact.day else inf
        days_ago = -1 if fact.unread else age
        shown = by_modality.get(fact.modality) if fact.modality else None
        for study in (fact.concept if fact.present else None, shown):
            if study is not None:
                days[study] = min(days.get(study, inf), days_ago)
    return frozenset(
        test.id
        for test in knowledge.tests
        if any(days.get(concept, inf) <= test.fresh_days for concept in test.done_by)
    )


def may_be_made(test: TestEntry, found: Found, knowledge: Knowledge) -> bool:
    """Whether all that a test needs is surely there, and nothing that forbids it is."""
    scorers = ready(knowledge).scorers
    is_there = not test.needs or bool(scorers[test.needs](found.words)[0])
    return is_there and not (test.never and scorers[test.never](found.words)[0])


def to_come_before(test: TestEntry, found: Found, knowledge: Knowledge) -> tuple[str, ...]:
    """Give the ids of the tests that must come before another in this child."""
    scorers = ready(knowledge).scorers
    holding = (one for one in test.before if not one.when or scorers[one.when](found.words)[0])
    return tuple(dict.fromkeys(name for one in holding for name in one.tests))


def _in_order(
    candidates: Sequence[_Candidate], made: Set[str], found: Found, knowledge: Knowledge
) -> list[_Candidate]:
    """Put what must come before a test before it, if it may still tell something or is care."""
    by_id = {one.test.id: one for one in candidates}
    by_id |= {
        test.id: _Candidate((False, 0.0, 0), test, (), 0.0)
        for test in knowledge.tests
        if not test.answers and test.id not in made
    }
    ordered: dict[str, _Candidate] = {}

    def add(one: _Candidate) -> None:
        if one.test.id not in ordered:
            for name in to_come_before(one.test, found, knowledge):
                if name in by_id:
                    add(by_id[name]._replace(ahead_of=one.test))
            ordered[one.test.id] = one

    for one in candidates:
        add(one)
    return list(ordered.values())


def _candidates(
    told: Mapping[FindingId, float],
    settles: Mapping[FindingId, Sequence[str]],
    urgent: frozenset[FindingId],
    knowledge: Knowledge,
) -> Iterator[_Candidate]:
    burdens = _burdens(knowledge)
    for place, test in enumerate(knowledge.tests):
        answers = tuple(name for name in test.answers if name in told or name in settles)
        if not answers:
            continue
        bits = _bits(answers, told, knowledge)
        cost = 1 + burdens[test.id]
        overridden = not urgent.isdisjoint(answers)
        yield _Candidate((not overridden, -bits / cost, place), test, answers, bits)


def _bits(
    answers: Iterable[FindingId], told: Mapping[FindingId, float], knowledge: Knowledge
) -> float:
    """Add up what the most telling finding of each group gives: a group counts once."""
    best: dict[str, float] = {}
    for name in answers:
        group = knowledge.findings_by_id[name].group
        best[group] = max(best.get(group, 0.0), told.get(name, 0.0))
    return sum(best.values())


@lru_cache(maxsize=4)
def _burdens(knowledge: Knowledge) -> Mapping[str, float]:
    """Add up how far up its scale each test stands in each way of being a burden, 0 to 1 each."""
    last = [max(len(dimension.steps) - 1, 1) for dimension in knowledge.burdens]
    return {
        test: sum(step / most for step, most in zip(steps, last, strict=True))
        for test, steps in knowledge.burden_by_test.items()
    }


def _telling(
    at: Standing, found: Found, standing_dangers: Iterable[Danger], knowledge: Knowledge
) -> dict[FindingId, float]:
    """Give the bits that the answer to each unknown finding is expected to tell."""
    weighed = weighing(knowledge)
    weights: Mapping[str, float] = {
        urgency: dial.value for urgency, dial in knowledge.differential.model.danger_weight.items()
    }
    danger = {one.id: weights.get(one.urgency, 1.0) for one in standing_dangers}
    heavy = [
        share * danger.get(condition, 1.0)
        for share, condition in zip(shares_of(at.totals), weighed.conditions, strict=True)
    ]
    whole = sum(heavy)
    places = [place for place, one in enumerate(heavy) if one * UNIT > whole] or [0]
    heavy = [heavy[place] for place in places]
    whole = sum(heavy)
    heavy = [one / whole for one in heavy]
    pick: Callable[[Sequence[float]], Iterable[float]] = itemgetter(*places, places[0])
    uncertain = _uncertain(knowledge)
    return {
        name: _told(heavy, pick(rates), pick(uncertain[name]))
        for name, rates in weighed.rates.items()
        if found.words[name][0] != found.words[name][1]
    }


def _told(heavy: Sequence[float], rates: Iterable[float], uncertain: Iterable[float]) -> float:
    """Give how much more open an answer is over all conditions than within each, in bits."""
    often: float = sum(map(mul, heavy, rates))
    within: float = sum(map(mul, heavy, uncertain))
    return max(_entropy(often) - within, 0.0)


@lru_cache(maxsize=4)
def _uncertain(knowledge: Knowledge) -> Mapping[FindingId, tuple[float, ...]]:
    """Give how open the answer to each finding is within each condition, in bits."""
    return {
        name: tuple(_entropy(rate) for rate in rates)
        for name, rates in weighing(knowledge).rates.items()
    }


def _entropy(share: float) -> float:
    """Give the bits in an answer that is yes with this share.

    >>> _entropy(0.5), _entropy(1.0)
    (1.0, 0.0)
    """
    if share <= 0 or share >= 1:
        return 0.0
    return -share * log2(share) - (1 - share) * log2(1 - share)


def _deciding(standing_dangers: Iterable[Danger], knowledge: Knowledge) -> frozenset[FindingId]:
    """Give the findings that decide on a danger to which something points."""
    return frozenset().union(
        *(
            deciding(knowledge.conditions_by_id[danger.id])
            for danger in standing_dangers
            if danger.supported_by
        )
    )


def _next(
    one: _Candidate,
    asked: str,
    settles: Mapping[FindingId, Sequence[str]],
    outcomes: tuple[Outcome, ...],
) -> NextTest:
    ahead = f"before: {one.ahead_of.label}" if one.ahead_of else ""
    questions = dict.fromkeys(filter(None, (asked, ahead)))
    questions |= dict.fromkeys(
        question for name in one.answers for question in settles.get(name, ())
    )
    return NextTest(
        id=one.test.id,
        label=one.test.label,
        reason="; ".join(questions),
        answers=one.answers,
        burden=dict(one.test.burden),
        source=one.test.source,
        ahead_of=one.ahead_of.id if one.ahead_of else "",
        bits=one.bits,
        outcomes=outcomes,
    )


def _outcomes(
    one: _Candidate,
    told: Mapping[FindingId, float],
    at: Standing,
    found: Found,
    knowledge: Knowledge,
) -> tuple[Outcome, ...]:
    """Give the condition that would be first with the most telling finding, and without it.

    A finding of which one answer contradicts what is known is passed over.
    """
    for finding in sorted(told.keys() & set(one.answers), key=lambda name: (-told[name], name)):
        present, absent = (closed(found, {finding: truth}, knowledge) for truth in (True, False))
        if present is not None and absent is not None:
            return (
                _outcome(finding, present, at, found, knowledge),
                _outcome(finding, absent, at, found, knowledge),
            )
    return ()


def _outcome(
    finding: FindingId, answers: Answers, at: Standing, found: Found, knowledge: Knowledge
) -> Outcome:
    now = joined(at.totals, knowledge)
    then = joined(moved(at, supposing(found, answers, knowledge), answers, knowledge), knowledge)
    first = max(then, key=lambda name: (then[name], name))
    return Outcome(
        finding=finding,
        truth=answers[finding],
        leading=first,
        name=knowledge.conditions_by_id[first].name,
        probability=then[first],
        gains=_grows_most(now, then),
        loses=_grows_most(then, now),
    )


def _grows_most(before: Mapping[str, float], after: Mapping[str, float]) -> str:
    """Give the condition that gains most; empty where none does."""
    most = max(after, key=lambda name: (after[name] - before[name], name))
    return most if after[most] > before[most] else ""
