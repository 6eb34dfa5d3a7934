"""What would change the answer: the least that would have to be found, verified by running it."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from operator import mul
from typing import NamedTuple

from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import RedFlag
from multifocal.model.differential import Counterfactual
from multifocal.model.finding import FindingId
from multifocal.workup.differential import Standing, joined, moved, shares_of
from multifocal.workup.find import Found, findings_in
from multifocal.workup.likelihood import weighing
from multifocal.workup.red_flags import URGENCIES, red_flags
from multifocal.workup.suppose import Answers, closed, supposing

__all__ = ["would_change"]


class _Result(NamedTuple):
    """Answers, where the conditions would then stand, and how likely the answers are."""

    answers: tuple[tuple[FindingId, bool], ...]
    first: str
    behind: float
    """How near the first of the others comes to the one that leads now: above one it leads."""
    chance: float


def would_change(
    at: Standing, found: Found, flags: Sequence[RedFlag], knowledge: Knowledge
) -> tuple[Counterfactual, ...]:
    """Give the smallest sets of unknown findings that change the leading condition or the urgency.

    Sets hold one finding, or two where no single one is enough; the likeliest come first, and at
    most so many of each kind as the knowledge says.
    """
    most = int(knowledge.differential.model.changes_shown.value)
    leading = tuple(_leading(at, found, knowledge))[:most]
    urgency = tuple(_urgency(at, found, flags, knowledge))[:most]
    return (*leading, *urgency)


def _leading(at: Standing, found: Found, knowledge: Knowledge) -> Iterator[Counterfactual]:
    now = _first(joined(at.totals, knowledge))
    singles = [
        result
        for name in weighing(knowledge).rates
        if found.words[name][0] != found.words[name][1]
        for truth in (True, False)
        if (result := _run(((name, truth),), now, at, found, knowledge)) is not None
    ]
    results = [one for one in singles if one.first != now] or [
        result
        for one, other in combinations(_nearest(singles, knowledge), 2)
        if one.answers[0][0] != other.answers[0][0]
        and (result := _run((*one.answers, *other.answers), now, at, found, knowledge)) is not None
        and result.first != now
    ]
    for one in sorted(results, key=lambda one: (-one.chance, one.answers)):
        name = knowledge.conditions_by_id[one.first].name
        yield Counterfactual(answers=one.answers, changes="leading", to=one.first, name=name)


def _nearest(singles: Sequence[_Result], knowledge: Knowledge) -> list[_Result]:
    """Give the single answers that come nearest to a change: only these are tried in pairs."""
    tried = int(knowledge.differential.model.changes_tried.value)
    return sorted(singles, key=lambda one: (-one.behind, one.answers))[:tried]


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
    shares = joined(moved(at, supposing(found, whole, knowledge), knowledge), knowledge)
    first = _first(shares)
    next_best = max(share for name, share in shares.items() if name != now)
    return _Result(
        answers=answers,
        first=first,
        behind=next_best / shares[now] if shares[now] else next_best,
        chance=_chance(dict(answers), at, knowledge),
    )


def _first(shares: dict[str, float]) -> str:
    return min(shares, key=lambda name: (-shares[name], name))


def _chance(answers: Answers, at: Standing, knowledge: Knowledge) -> float:
    """Give how likely these answers are as things stand, taken one by one."""
    shares, rates = shares_of(at.totals), weighing(knowledge).rates
    chance = 1.0
    for name, truth in answers.items():
        often = sum(map(mul, shares, rates[name]))
        chance *= often if truth else 1 - often
    return chance


def _urgency(
    at: Standing, found: Found, flags: Sequence[RedFlag], knowledge: Knowledge
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
        then = red_flags(supposing(found, whole, knowledge), knowledge)
        if then and URGENCIES.index(then[0].urgency) < now:
            chance = _chance({name: True}, at, knowledge) if name in known else 0.0
            order = (URGENCIES.index(then[0].urgency), -chance, name)
            results.append((order, name, then[0]))
    for _, name, flag in sorted(results, key=lambda one: one[0]):
        yield Counterfactual(((name, True),), changes="urgency", to=flag.urgency, name=flag.label)


def _in_flags(knowledge: Knowledge) -> frozenset[FindingId]:
    """Give the findings that red flags speak of."""
    return frozenset(
        name for flag in knowledge.red_flags for name in findings_in(flag.when, knowledge)
    )
