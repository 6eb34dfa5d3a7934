"""What to do next, at most three steps: a referral, or watching, then tests in a safe order."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import islice
from typing import Literal, NamedTuple

from multifocal.knowledge.entries import StepEntry, TestEntry
from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import Danger, NextTest, Step, Urgency
from multifocal.model.differential import Differential
from multifocal.workup.find import Found
from multifocal.workup.next_best import may_be_made, to_come_before
from multifocal.workup.ready import ready
from multifocal.workup.red_flags import URGENCIES

MOST = 3
"""Steps on a first page: more are not done."""
TOGETHER = "clinic"
"""Who does several tests in one visit."""
PRESSING = frozenset({"emergency", "urgent"})


class _Asked(NamedTuple):
    """A test that is asked for, and the one that it only makes safe."""

    test: str
    ahead_of: str


def steps(
    tests: Iterable[NextTest],
    dangers: Sequence[Danger],
    made: Set[str],
    urgency: Urgency | Literal["watch"] | None,
    found: Found,
    differential: Differential,
    knowledge: Knowledge,
) -> tuple[Step, ...]:
    """Give the first few steps; where watching is the answer it is the only one.

    ``made`` are the tests that were made and are fresh.
    """
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
    given = [_Asked(one.id, one.ahead_of) for one in tests]
    asked = _asked(given, dangers, made, found, knowledge, pressing=urgency in PRESSING)
    every = [*([_care(care)] if care else []), *_of_tests(asked, answered, when, knowledge)]
    return tuple(islice(every, MOST))


def _fits(
    step: StepEntry,
    urgency: Urgency | Literal["watch"] | None,
    found: Found,
    differential: Differential,
    knowledge: Knowledge,
) -> bool:
    scorers = ready(knowledge).scorers
    leading = [one.condition for one in differential.ranked if one.band == "leading"]
    leading = leading or [one.condition for one in differential.ranked[:1]]
    return (
        (not step.settings or differential.setting in step.settings)
        and (not step.urgency or urgency in step.urgency)
        and (not step.leads or set(leading) <= set(step.leads))
        and (not step.rule or bool(scorers[step.rule](found.words)[0]))
        and not (step.unless and scorers[step.unless](found.words)[0])
    )


def _care(step: StepEntry) -> Step:
    return Step(step.what, (step.plain,), step.why, step.who, step.when)


def _asked(
    given: list[_Asked],
    dangers: Iterable[Danger],
    made: Set[str],
    found: Found,
    knowledge: Knowledge,
    *,
    pressing: bool,
) -> list[_Asked]:
    """Give the tests in their order, and in its place the one that answers what must be answered.

    While a flag presses, the test of the most urgent danger to which something points is first;
    else the test that answers most of the first dangers takes the last place.
    """
    first = [one for one in dangers if one.tier == "answer" and one.standing == "needed"]
    own = [one.test for one in given if not one.ahead_of]
    if pressing:
        pointed = [one for one in first if one.supported_by]
        pointed.sort(key=lambda one: (URGENCIES.index(one.urgency), -len(one.supported_by)))
        wanted, place = pointed[0].test if pointed else "", 0
    else:
        [(wanted, _)] = Counter(one.test for one in first).most_common(1) or [("", 0)]
        place = _place(own[MOST - 1] if len(own) >= MOST else "", given)
        if wanted in own[:MOST]:
            return given
    if not _may(wanted, made, found, knowledge):
        return given
    entries = {one.id: one for one in knowledge.tests}
    ahead = [
        _Asked(name, "" if entries[name].answers else wanted)
        for name in to_come_before(entries[wanted], found, knowledge)
        if name not in made
    ]
    chosen = [*ahead, _Asked(wanted, "")]
    names = {one.test for one in chosen}
    before = [one for one in given[:place] if not names & {*one}]
    after = [one for one in given[place:] if not names & {*one}]
    return [*before, *chosen, *after]


def _place(test: str, given: Sequence[_Asked]) -> int:
    """Give the place of a test with what makes it safe; the end where it is none of these."""
    return next((n for n, one in enumerate(given) if test and test in one), len(given))


def _may(wanted: str, made: Set[str], found: Found, knowledge: Knowledge) -> bool:
    entry = next((one for one in knowledge.tests if one.id == wanted), None)
    return entry is not None and wanted not in made and may_be_made(entry, found, knowledge)


def _of_tests(
    tests: Iterable[_Asked],
    answered: Mapping[str, Sequence[str]],
    when: Urgency,
    knowledge: Knowledge,
) -> Iterator[Step]:
    """Gather tests into steps: what only makes another safe goes with it; one visit is one step."""
    entries = {one.id: one for one in knowledge.tests}
    waiting: list[TestEntry] = []
    visit: list[TestEntry] = []
    for test in tests:
        entry = entries[test.test]
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
