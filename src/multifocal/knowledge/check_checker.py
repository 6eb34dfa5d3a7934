"""What must hold for the symptom checker: no red flag unasked, no question idle."""

from collections.abc import Iterator, Mapping
from typing import get_args

from multifocal.knowledge.check_conditions import unknown
from multifocal.knowledge.check_figures import Fault
from multifocal.knowledge.entries import Entries
from multifocal.model.checker import NO, UNKNOWN, HowSoon
from multifocal.rules.nodes import Node, names

FILE = "checker.toml"
TOLD = frozenset({"symptom", "sign", "history", "context"})
"""Kinds of finding that a family can tell of; the others need a laboratory or an image."""
FROM_PATIENT = frozenset({"age_years", "age_months"})
"""Names that the age answers."""


def checker_faults(entries: Entries, rules: Mapping[str, Node]) -> Iterator[Fault]:
    """Give every fault of the questions, the rules, the advice and the words left unasked."""
    yield from (Fault(FILE, *fault) for fault in _questions(entries))
    yield from (Fault(FILE, *fault) for fault in _dangers(entries, rules))
    yield from (Fault(FILE, *fault) for fault in _unasked(entries, rules))
    flags = {flag.id for flag in entries.red_flags}
    for rule in entries.check_rules:
        if rule.id in flags:
            yield Fault(FILE, rule.id, "is a red flag already: those count here too")
    for missing in sorted(set(get_args(HowSoon)) - {advice.id for advice in entries.advice}):
        yield Fault(FILE, missing, "has no advice")
    for advice in entries.advice:
        if bool(advice.open_title) != bool(advice.open_do):
            yield Fault(FILE, advice.id, "needs `open_title` and `open_do`, or neither")


def _questions(entries: Entries) -> Iterator[tuple[str, str]]:
    concepts: set[str] = {concept.id for concept in entries.concepts}
    words: set[str] = {finding.id for finding in entries.findings} | FROM_PATIENT
    words |= {measure.id for measure in entries.measures}
    parts = {part.id for part in entries.check_parts}
    for question in entries.questions:
        named = [*question.concepts]
        named += [one for choice in question.choices for one in (*choice.present, *choice.absent)]
        for message in (
            *unknown("part", [question.part], parts),
            *unknown("concept", named, concepts),
            *unknown("finding or measure", question.asks, words),
        ):
            yield question.id, message
        if bool(question.concepts) == bool(question.choices):
            yield question.id, "needs either `concepts` or `choices`"
        ids = [choice.id for choice in question.choices]
        if len({*ids, UNKNOWN}) != len(ids) + 1:
            yield question.id, f"its choices must differ, and none may be {UNKNOWN!r}"
        if question.danger and question.choices and NO not in ids:
            yield question.id, f"a sign of danger needs the choice {NO!r}"


def _dangers(entries: Entries, rules: Mapping[str, Node]) -> Iterator[tuple[str, str]]:
    """Find questions that nothing listens to, and dangers that no urgent rule speaks of."""
    whens: list[tuple[HowSoon, str]] = [(flag.urgency, flag.when) for flag in entries.red_flags]
    whens += [(rule.how_soon, rule.when) for rule in entries.check_rules]
    spoken = {name for _, when in whens for name in _names(when, rules)}
    urgent = {
        name
        for how_soon, when in whens
        if how_soon in {"emergency", "urgent"}
        for name in _names(when, rules)
    }
    now = {
        name for how_soon, when in whens if how_soon == "emergency" for name in _names(when, rules)
    }
    for question in entries.questions:
        if now & set(question.asks) and not (question.danger or question.needed):
            yield question.id, "decides on an emergency, so it is `danger` or `needed`"
        if question.danger and not urgent & set(question.asks):
            yield question.id, "is called a danger, and no urgent rule speaks of it"
        if question.asks and not spoken & set(question.asks):
            yield question.id, "no rule speaks of what it asks"


def _unasked(entries: Entries, rules: Mapping[str, Node]) -> Iterator[tuple[str, str]]:
    """Find what a family could tell, a rule needs, and neither is asked nor said to be unasked."""
    told = {finding.id for finding in entries.findings if finding.kind in TOLD} | FROM_PATIENT
    asked = {word for question in entries.questions for word in question.asks}
    left = {word.id for word in entries.unasked}
    spoken = [(flag.id, flag.when) for flag in entries.red_flags]
    spoken += [(rule.id, rule.when) for rule in entries.check_rules]
    for id_, when in spoken:
        for name in sorted(_names(when, rules) & told - asked - left):
            yield id_, f"speaks of {name!r}, which no question asks and `unasked` doesn't name"
    for name in sorted(left & asked):
        yield name, "is asked and said to be unasked"


def _names(when: str, rules: Mapping[str, Node]) -> frozenset[str]:
    return names(rules[when]) if when in rules else frozenset()
