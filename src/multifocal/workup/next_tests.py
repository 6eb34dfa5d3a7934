"""What the record does not say, what each missing answer would settle, and which test gives it."""

from collections import defaultdict
from collections.abc import Mapping

from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import CriteriaResult, Danger, Missing, NextTest
from multifocal.model.finding import FindingId
from multifocal.model.truth import Span, truth_of
from multifocal.workup.find import Found
from multifocal.workup.red_flags import EXCLUDING, URGENCIES

SHOWN = 8
"""Next tests that the list holds at most."""


def missing(
    found: Found,
    criteria: tuple[CriteriaResult, ...],
    dangers: tuple[Danger, ...],
    knowledge: Knowledge,
) -> tuple[Missing, ...]:
    """Give each unknown finding that would settle something, those that settle most first."""
    settles: Mapping[str, list[str]] = defaultdict(list)
    for result in criteria:
        entry = knowledge.criteria_by_id[result.id]
        for item in entry.item:
            if item.name in result.settles:
                for finding in item.settled_by:
                    settles[finding].append(f"{entry.short}: {item.label}")
    for danger in dangers:
        for sign in knowledge.conditions_by_id[danger.id].rule_out:
            if sign.strength in EXCLUDING:
                settles[sign.finding].append(f"can exclude: {danger.name}")
    answers = [
        Missing(FindingId(finding), tuple(dict.fromkeys(questions)))
        for finding, questions in settles.items()
        if truth_of(Span(*found.words[finding])) is None
    ]
    return tuple(sorted(answers, key=lambda one: (-len(one.settles), one.finding)))


def next_tests(
    gaps: tuple[Missing, ...], dangers: tuple[Danger, ...], knowledge: Knowledge
) -> tuple[NextTest, ...]:
    """Rank tests: first those that settle a published criterion, each part lightest burden first.

    Between tests of one burden the one that can exclude the most urgent condition comes first, then
    the one that settles most.
    """
    settled_by = {gap.finding: gap.settles for gap in gaps}
    urgency = {f"can exclude: {danger.name}": danger.urgency for danger in dangers}
    ranked = []
    for place, test in enumerate(knowledge.tests):
        answers = tuple(finding for finding in test.answers if finding in settled_by)
        if not answers:
            continue
        questions = tuple(
            dict.fromkeys(question for finding in answers for question in settled_by[finding])
        )
        most = min(
            (URGENCIES.index(urgency[q]) for q in questions if q in urgency),
            default=len(URGENCIES),
        )
        burden = knowledge.burden_by_test[test.id]
        only_excludes = all(question in urgency for question in questions)
        rank = (only_excludes, burden, most, -len(questions), place)
        ranked.append((rank, test, answers, questions))
    ranked.sort(key=lambda row: row[0])
    return tuple(
        NextTest(
            id=test.id,
            label=test.label,
            reason="; ".join(questions),
            answers=answers,
            burden=dict(test.burden),
            source=test.source,
        )
        for _, test, answers, questions in ranked[:SHOWN]
    )
