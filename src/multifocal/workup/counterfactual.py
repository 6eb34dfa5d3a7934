"""What would change the answer: the least that would have to be found, verified by running it."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations, islice
from math import log10
from operator import mul
from typing import NamedTuple

from multifocal.knowledge.entries import RedFlagEntry
from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import RedFlag
from multifocal.model.differential import Counterfactual
from multifocal.model.finding import FindingId
from multifocal.workup.differential import Standing, leads, moved, shares_of
from multifocal.workup.find import Found, findings_in
from multifocal.workup.likelihood import UNIT, weighing
from multifocal.workup.ready import ready
from multifocal.workup.red_flags import URGENCIES
from multifocal.workup.suppose import Answers, closed, supposing

__all__ = ["would_change"]


class _Result(NamedTuple):
    """Answers, and the condition that would then be first."""

    answers: tuple[tuple[FindingId, bool], ...]
    then: Found
    first: str
    ahead: float
    """Thousandths of log10 from the one that is first now to the first of the others."""


def would_change(
    at: Standing, found: Found, flags: Sequence[RedFlag], knowledge: Knowledge
) -> tuple[Counterfactual, ...]:
    """Give the smallest sets of unknown findings that change the leading condition or the urgency.

    Sets hold one finding, or two where no single one is enough; the likeliest come first, and at
    most so many of each kind as the knowledge says. What would be first and yet not be told as
    leading, because too little is known or because it calms while a danger stands, is left out.
    """
    most = int(knowledge.differential.model.changes_shown.value)
    shares = shares_of(at.totals)
    leading = islice(_leading(at, shares, found, knowledge), most)
    urgency = islice(_urgency(shares, found, flags, knowledge), most)
    return (*leading, *urgency)


def _leading(
    at: Standing, shares: Sequence[float], found: Found, knowledge: Knowledge
) -> Iterator[Counterfactual]:
    now = _first(_together(at.totals, knowledge))

    def run(*answers: tuple[FindingId, bool]) -> _Result | None:
        return _run(answers, now, at, found, knowledge)

    def chance(one: _Result) -> float:
        return _chance(dict(one.answers), shares, knowledge)

    def changes(one: _Result) -> bool:
        return one.first != now and leads(one.first, one.then, knowledge)

    singles = [
        result
        for name in weighing(knowledge).rates
        if found.words[name][0] != found.words[name][1]
        for truth in (True, False)
        if (result := run((name, truth))) is not None
    ]
    results = [one for one in singles if changes(one)] or [
        result
        for one, other in combinations(_nearest(singles, knowledge), 2)
        if one.answers[0][0] != other.answers[0][0]
        and (result := run(*one.answers, *other.answers)) is not None
        and changes(result)
    ]
    for one in sorted(results, key=lambda one: (-chance(one), one.answers)):
        name = knowledge.conditions_by_id[one.first].name
        yield Counterfactual(answers=one.answers, changes="leading", to=one.first, name=name)


def _nearest(singles: Sequence[_Result], knowledge: Knowledge) -> list[_Result]:
    """Give the single answers that come nearest to a change: only these are tried in pairs."""
    tried = int(knowledge.differential.model.changes_tried.value)
    return sorted(singles, key=lambda one: (-one.ahead, one.answers))[:tried]


def _run(
    answers: tuple[tuple[FindingId, bool], ...],
    now: str,
    at: Standing,
    found: Found,
    knowledge: Knowledge,
) -> _Result | None:
    """Work out where the conditions would stand; None where the answers contradict the record."""
    whole = closed(found, dict(answers), knowledge)
    if whole is None:
        return None
    then = supposing(found, whole, knowledge)
    totals = _together(moved(at, then, whole, knowledge), knowledge)
    first = _first(totals)
    stays = totals.pop(now)
    ahead = max(totals.values()) - stays
    return _Result(answers, then, first, ahead)


def _together(totals: Sequence[int], knowledge: Knowledge) -> dict[str, float]:
    """Give the total of each condition, its forms together, in thousandths of log10."""
    merged: dict[str, float] = dict(zip(weighing(knowledge).conditions, totals, strict=True))
    for form, condition in knowledge.differential.model.forms.items():
        less, more = sorted((merged.pop(form), merged[condition]))
        merged[condition] = more + UNIT * log10(1 + 10 ** ((less - more) / UNIT))
    return merged


def _first(totals: Mapping[str, float]) -> str:
    most = max(totals.values())
    return min(name for name, total in totals.items() if total == most)


def _chance(answers: Answers, shares: Sequence[float], knowledge: Knowledge) -> float:
    """Give how likely these answers are as things stand, taken one by one."""
    rates = weighing(knowledge).rates
    chance = 1.0
    for name, truth in answers.items():
        often = sum(map(mul, shares, rates[name]))
        chance *= often if truth else 1 - often
    return chance


def _urgency(
    shares: Sequence[float], found: Found, flags: Sequence[RedFlag], knowledge: Knowledge
) -> Iterator[Counterfactual]:
    """Give the single findings that would raise a more urgent red flag than stands now."""
    now = min((URGENCIES.index(flag.urgency) for flag in flags), default=len(URGENCIES))
    known = weighing(knowledge).rates
    results = []
    for name in sorted(_in_flags(knowledge)):
        low, high = found.words[name]
        if low == high:
            continue
        whole = closed(found, {name: True}, knowledge)
        if whole is None:
            continue
        first = _most_urgent(supposing(found, whole, knowledge), knowledge)
        if first is not None and URGENCIES.index(first.urgency) < now:
            chance = _chance({name: True}, shares, knowledge) if name in known else 0.0
            results.append(((URGENCIES.index(first.urgency), -chance, name), name, first))
    for _, name, flag in sorted(results, key=lambda one: one[0]):
        yield Counterfactual(((name, True),), changes="urgency", to=flag.urgency, name=flag.label)


def _most_urgent(found: Found, knowledge: Knowledge) -> RedFlagEntry | None:
    """Give the first of the most urgent red flags that surely stand."""
    scorers = ready(knowledge).scorers
    return next(
        (flag for flag in _by_urgency(knowledge) if scorers[flag.when](found.words)[0]), None
    )


@lru_cache(maxsize=4)
def _by_urgency(knowledge: Knowledge) -> tuple[RedFlagEntry, ...]:
    return tuple(sorted(knowledge.red_flags, key=lambda flag: URGENCIES.index(flag.urgency)))


@lru_cache(maxsize=4)
def _in_flags(knowledge: Knowledge) -> frozenset[FindingId]:
    """Give the findings that red flags speak of."""
    return frozenset(
        name for flag in knowledge.red_flags for name in findings_in(flag.when, knowledge)
    )
