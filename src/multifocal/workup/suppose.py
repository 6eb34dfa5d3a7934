"""The child as it would be if findings that are not known yet were answered."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from multifocal.knowledge.entries_differential import DifferentialEntries
from multifocal.knowledge.load import Knowledge
from multifocal.model.finding import FindingId
from multifocal.model.truth import Span, span_of, truth_of
from multifocal.rules.nodes import names
from multifocal.rules.score import Pair, Scorer
from multifocal.workup.find import Found
from multifocal.workup.ready import ready

Answers = Mapping[FindingId, bool]


def supposing(found: Found, answers: Answers, knowledge: Knowledge) -> Found:
    """Give what would be found with these answers: findings that rest on them are worked out anew.

    The facts are those on record; nothing is made up to stand behind a supposed answer.
    """
    words: dict[str, Pair] = dict(found.words)
    for name, truth in answers.items():
        words[name] = span_of(truth)
    for name, scorer in _resting_on(frozenset(answers), knowledge):
        if name not in answers:
            words[name] = scorer(words)
    return Found(words, found.because, found.findings)


def closed(found: Found, answers: Answers, knowledge: Knowledge) -> Answers | None:
    """Add what these answers imply; None where that contradicts what is known."""
    weighed = knowledge.differential
    told = dict(answers)
    waiting = list(told.items())
    while waiting:
        name, truth = waiting.pop()
        for other, its in _follows(name, weighed, truth=truth):
            known = told.get(other, truth_of(Span(*found.words[other])))
            if known is None:
                told[other] = its
                waiting.append((other, its))
            elif known is not its:
                return None
    return told


def _follows(
    name: FindingId, weighed: DifferentialEntries, *, truth: bool
) -> Iterator[tuple[FindingId, bool]]:
    """Give what one answer brings with it."""
    for one in weighed.implications:
        if truth and one.present == name:
            yield one.implies, True
        if not truth and one.implies == name:
            yield one.present, False
    for group in weighed.exclusive_sets:
        if truth and name in group.members:
            yield from ((other, False) for other in group.members if other != name)


@lru_cache(maxsize=1024)
def reached(answers: frozenset[FindingId], knowledge: Knowledge) -> tuple[FindingId, ...]:
    """Give these findings and all that rest on them, directly or not."""
    return (*sorted(answers), *(name for name, _ in _resting_on(answers, knowledge)))


@lru_cache(maxsize=1024)
def _resting_on(
    answers: frozenset[FindingId], knowledge: Knowledge
) -> tuple[tuple[FindingId, Scorer], ...]:
    """Give the findings whose rules speak of these, directly or not, in the order to work out."""
    touched: set[str] = set(answers)
    resting = []
    for entry, scorer in ready(knowledge).findings:
        if scorer is not None and names(knowledge.rules[entry.when]) & touched:
            touched.add(entry.id)
            resting.append((entry.id, scorer))
    return tuple(resting)
