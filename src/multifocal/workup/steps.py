"""What to do next, at most three steps: a referral, or watching, then tests in a safe order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Literal

from multifocal.knowledge.entries import StepEntry, TestEntry
from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import Danger, NextTest, Step, Urgency
from multifocal.model.differential import Differential
from multifocal.workup.find import Found
from multifocal.workup.ready import ready

MOST = 3
"""Steps on a first page: more are not done."""
TOGETHER = "clinic"
"""Who does several tests in one visit."""


def steps(
    tests: Sequence[NextTest],
    dangers: Iterable[Danger],
    urgency: Urgency | Literal["watch"] | None,
    found: Found,
    differential: Differential,
    knowledge: Knowledge,
) -> tuple[Step, ...]:
    """Give the first few steps; where watching is the answer it is the only one."""
    care = next(
        (one for one in knowledge.steps if _fits(one, urgency, found, differential, knowledge)),
        None,
    )
    if care is not None and care.when == "watch":
        return (_care(care),)
    answered: dict[str, list[str]] = {}
    for one in dangers:
        if one.tier == "answer":
            answered.setdefault(one.test, []).append(one.name)
    when: Urgency = "soon" if urgency is None or urgency == "watch" else urgency
    every = [*([_care(care)] if care else []), *_of_tests(tests, answered, when, knowledge)]
    return tuple(islice(every, MOST))


def _fits(
    step: StepEntry,
    urgency: Urgency | Literal["watch"] | None,
    found: Found,
    differential: Differential,
    knowledge: Knowledge,
) -> bool:
    leading = [one.condition for one in differential.ranked if one.band == "leading"]
    return (
        (not step.settings or differential.setting in step.settings)
        and (not step.urgency or urgency in step.urgency)
        and (not step.leads or (bool(leading) and set(leading) <= set(step.leads)))
        and (not step.rule or bool(ready(knowledge).scorers[step.rule](found.words)[0]))
    )


def _care(step: StepEntry) -> Step:
    return Step(step.what, (step.plain,), step.why, step.who, step.when)


def _of_tests(
    tests: Iterable[NextTest],
    answered: Mapping[str, Sequence[str]],
    when: Urgency,
    knowledge: Knowledge,
) -> Iterator[Step]:
    """Gather tests into steps: what only makes another safe goes with it; one visit is one step."""
    entries = {one.id: one for one in knowledge.tests}
    waiting: list[TestEntry] = []
    visit: list[TestEntry] = []
    for test in tests:
        entry = entries[test.id]
        if test.ahead_of and not entry.answers:
            waiting.append(entry)
        elif entry.who == TOGETHER and not waiting:
            visit.append(entry)
        else:
            if visit:
                yield _step(visit, (), answered, when)
            yield _step([entry], waiting, answered, when)
            waiting, visit = [], []
    if visit or waiting:
        yield _step([*waiting, *visit], (), answered, when)


def _step(
    made: Sequence[TestEntry],
    before: Iterable[TestEntry],
    answered: Mapping[str, Sequence[str]],
    when: Urgency,
) -> Step:
    answers = [name for one in made for name in answered.get(one.id, ())]
    return Step(
        what="; ".join(one.brief for one in made),
        plain=tuple(dict.fromkeys(one.plain for one in made)),
        why=f"answers: {'; '.join(answers)}" if answers else "",
        who=made[0].who,
        when=when,
        before=tuple(one.brief for one in before),
        tests=tuple(one.id for one in (*before, *made)),
    )
