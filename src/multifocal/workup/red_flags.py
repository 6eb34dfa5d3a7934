"""Findings that can't wait: they stand before everything else."""

from collections.abc import Iterator

from multifocal.knowledge.entries import ConditionEntry, RedFlagEntry
from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import Danger, RedFlag
from multifocal.model.finding import FindingId
from multifocal.model.truth import Span, truth_of
from multifocal.workup.find import Found, findings_in, rests_on
from multifocal.workup.ready import ready

URGENCIES = ("emergency", "urgent", "soon")
EXCLUDING = frozenset({"definitive", "strong"})
"""Strengths that exclude a dangerous condition; a weaker sign leaves it standing."""


def red_flags(found: Found, knowledge: Knowledge) -> tuple[RedFlag, ...]:
    """Give every red flag that surely stands, the most urgent first."""
    holding = {flag.id: flag for flag in _holding(found, knowledge) if not flag.test}
    standing = [
        RedFlag(
            id=flag.id,
            urgency=flag.urgency,
            label=flag.label,
            action=flag.action,
            plain=flag.plain,
            findings=tuple(
                FindingId(name)
                for name in sorted(findings_in(flag.when, knowledge))
                if truth_of(Span(*found.words[name])) is True
            ),
            because=rests_on(flag.when, found, knowledge),
            source=flag.source,
        )
        for flag in holding.values()
        if holding.keys().isdisjoint(flag.yields_to)
    ]
    return tuple(sorted(standing, key=lambda flag: URGENCIES.index(flag.urgency)))


def first_tests(found: Found, knowledge: Knowledge) -> tuple[RedFlagEntry, ...]:
    """Give what asks for a test because nobody looked yet, the most urgent first."""
    asked = [flag for flag in _holding(found, knowledge) if flag.test]
    return tuple(sorted(asked, key=lambda flag: URGENCIES.index(flag.urgency)))


def _holding(found: Found, knowledge: Knowledge) -> Iterator[RedFlagEntry]:
    scorers = ready(knowledge).scorers
    return (flag for flag in knowledge.red_flags if scorers[flag.when](found.words)[0])


def dangers(found: Found, knowledge: Knowledge) -> tuple[Danger, ...]:
    """Give every dangerous condition that nothing strong excludes, the most supported first."""
    labels = knowledge.findings_by_id
    standing = []
    for condition in knowledge.conditions:
        if condition.danger == "routine" or condition.id in {"cmo", "cmo_hand"}:
            continue
        strong = [sign for sign in condition.rule_out if sign.strength in EXCLUDING]
        if any(_holds(sign.finding, sign.present, found) for sign in strong):
            continue
        standing.append(
            Danger(
                id=condition.id,
                name=condition.name,
                urgency=condition.danger,
                excluded_by=tuple(
                    f"{labels[sign.finding].label}: {'present' if sign.present else 'absent'}"
                    for sign in strong
                    if truth_of(Span(*found.words[sign.finding])) is None
                ),
                supported_by=tuple(
                    sign.finding
                    for sign in condition.rule_in
                    if _holds(sign.finding, sign.present, found)
                ),
                source=condition.source,
            )
        )
    return tuple(
        sorted(
            standing,
            key=lambda danger: (-len(danger.supported_by), URGENCIES.index(danger.urgency)),
        )
    )


def deciding(entry: ConditionEntry) -> frozenset[FindingId]:
    """Give the findings that decide on a condition: the strong signs for it and against it."""
    signs = (*entry.rule_in, *entry.rule_out)
    return frozenset(sign.finding for sign in signs if sign.strength in EXCLUDING)


def _holds(finding: str, present: bool, found: Found) -> bool:  # noqa: FBT001 # a sign's own field
    return truth_of(Span(*found.words[finding])) is present
