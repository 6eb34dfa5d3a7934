"""What the record does not say, and what each missing answer would settle."""

from collections import defaultdict
from collections.abc import Mapping

from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import CriteriaResult, Danger, Missing
from multifocal.model.finding import FindingId
from multifocal.model.truth import Span, truth_of
from multifocal.workup.find import Found
from multifocal.workup.red_flags import EXCLUDING


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
