"""The next best test: what its result is expected to tell, against what it costs the child."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache
from math import log2
from operator import itemgetter, mul
from typing import NamedTuple

from multifocal.knowledge.entries import TestEntry
from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import Danger, Missing, NextTest, RedFlag
from multifocal.model.differential import Outcome
from multifocal.model.finding import FindingId
from multifocal.model.record import ConceptId
from multifocal.workup.differential import Standing, joined, moved, shares_of
from multifocal.workup.find import Found
from multifocal.workup.likelihood import UNIT, weighing
from multifocal.workup.red_flags import EXCLUDING
from multifocal.workup.suppose import Answers, closed, supposing


class _Candidate(NamedTuple):
    """A test that could tell something, and what it is ranked by."""

    rank: tuple[bool, float, int]
    test: TestEntry
    answers: tuple[FindingId, ...]
    bits: float


def next_best(
    found: Found,
    at: Standing,
    flags: Iterable[RedFlag],
    standing_dangers: Sequence[Danger],
    gaps: Iterable[Missing],
    knowledge: Knowledge,
    *,
    unread: Set[ConceptId],
    thorough: bool,
) -> tuple[NextTest, ...]:
    """Rank tests by the bits that each is expected to give for its burden, and give the first few.

    Dangerous conditions that are not excluded count several times. While a red flag stands, tests
    that decide on a danger to which something points come before all others. A test that was done
    and is ``unread`` is not asked for again. ``thorough`` adds what each result of a test would
    change.
    """
    told = _telling(at, found, standing_dangers, knowledge)
    settles = {gap.finding: gap.settles for gap in gaps}
    deciding = _deciding(standing_dangers, knowledge) if tuple(flags) else frozenset()
    shown = int(knowledge.differential.model.tests_shown.value)
    candidates = sorted(
        (
            one
            for one in _candidates(told, settles, deciding, knowledge)
            if unread.isdisjoint(one.test.done_by)
        ),
        key=lambda one: one.rank,
    )
    return tuple(
        _next(one, settles, _outcomes(one, told, at, found, knowledge) if thorough else ())
        for one in candidates[:shown]
    )


def _candidates(
    told: Mapping[FindingId, float],
    settles: Mapping[FindingId, Sequence[str]],
    deciding: frozenset[FindingId],
    knowledge: Knowledge,
) -> Iterator[_Candidate]:
    burdens = _burdens(knowledge)
    for place, test in enumerate(knowledge.tests):
        answers = tuple(name for name in test.answers if name in told or name in settles)
        if not answers:
            continue
        bits = _bits(answers, told, knowledge)
        cost = 1 + burdens[test.id]
        overridden = not deciding.isdisjoint(answers)
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
    ready = weighing(knowledge)
    weights: Mapping[str, float] = {
        urgency: dial.value for urgency, dial in knowledge.differential.model.danger_weight.items()
    }
    danger = {one.id: weights.get(one.urgency, 1.0) for one in standing_dangers}
    heavy = [
        share * danger.get(condition, 1.0)
        for share, condition in zip(shares_of(at.totals), ready.conditions, strict=True)
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
        for name, rates in ready.rates.items()
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
    return frozenset(
        sign.finding
        for danger in standing_dangers
        if danger.supported_by
        for entry in (knowledge.conditions_by_id[danger.id],)
        for sign in (*entry.rule_in, *entry.rule_out)
        if sign.strength in EXCLUDING
    )


def _next(
    one: _Candidate, settles: Mapping[FindingId, Sequence[str]], outcomes: tuple[Outcome, ...]
) -> NextTest:
    questions = dict.fromkeys(
        question for name in one.answers for question in settles.get(name, ())
    )
    return NextTest(
        id=one.test.id,
        label=one.test.label,
        reason="; ".join(questions),
        answers=one.answers,
        burden=dict(one.test.burden),
        source=one.test.source,
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
