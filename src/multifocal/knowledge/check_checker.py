"""What must hold for the symptom checker: no red flag unasked, no question idle."""

from collections.abc import Iterable, Iterator, Mapping
from typing import get_args

from multifocal.knowledge.check_conditions import unknown
from multifocal.knowledge.check_figures import Fault
from multifocal.knowledge.entries import Entries, RedFlagEntry
from multifocal.knowledge.entries_checker import PlaceEntry, QuestionEntry
from multifocal.model.checker import NO, UNKNOWN, YES, HowSoon
from multifocal.rules.nodes import Node, Type, names

FILE = "checker.toml"
TOLD = frozenset({"symptom", "sign", "history", "context"})
"""Kinds of finding that a family can tell of; the others need a laboratory or an image."""
FROM_PATIENT = frozenset({"age_years", "age_months"})
"""Names that the age answers."""
PLACE = "place"
"""The question whose answers are the places."""
AT = "at_"
"""Before the id of a place, in rules."""
PLACE_TOLD, ONE_PLACE, BOTH_LEGS = "place_told", "one_place", "both_legs"
"""Whether any place is marked; only one, on one side; only legs, on both sides."""
EVERYWHERE = frozenset({"body"})
"""The place that is no place: a site inside the body is not there."""


def answer_ids(question: QuestionEntry) -> tuple[str, ...]:
    """Give the answers to a question, without "don't know"."""
    return tuple(choice.id for choice in question.choices) or (YES, NO)


def answer_words(
    questions: Iterable[QuestionEntry], places: Iterable[PlaceEntry]
) -> dict[str, Type]:
    """Give every word that rules of the checker may use: they are all truths."""
    words = [PLACE_TOLD, ONE_PLACE, BOTH_LEGS, *(f"{AT}{place.id}" for place in places)]
    for question in questions:
        words += [question.id, *(f"{question.id}_{one}" for one in answer_ids(question))]
    return dict.fromkeys(words, "truth")


def listened(entries: Entries) -> tuple[RedFlagEntry, ...]:
    """Give the red flags that count for a family: those that rest on something found."""
    return tuple(flag for flag in entries.red_flags if not flag.test)


def checker_faults(entries: Entries, rules: Mapping[str, Node]) -> Iterator[Fault]:
    """Give every fault of the questions, the rules, the advice and the words left unasked."""
    yield from (Fault(FILE, *fault) for fault in _questions(entries))
    yield from (Fault(FILE, *fault) for fault in _references(entries))
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
        to_a_child = (advice.do, advice.open_do, advice.meanwhile, advice.come_back)
        to_you = (advice.you_do, advice.you_open_do, advice.you_meanwhile, advice.you_come_back)
        if any(bool(one) != bool(other) for one, other in zip(to_a_child, to_you, strict=True)):
            yield Fault(FILE, advice.id, "says to a family what it does not say to a teenager")


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
        if question.concepts and question.choices:
            yield question.id, "needs `concepts` or `choices`, not both"
        ids = [choice.id for choice in question.choices]
        if len({*ids, UNKNOWN}) != len(ids) + 1:
            yield question.id, f"its choices must differ, and none may be {UNKNOWN!r}"
        if question.danger and question.choices and NO not in ids:
            yield question.id, f"a sign of danger needs the choice {NO!r}"
        if question.danger and not question.again:
            yield question.id, "a sign of danger needs other words to ask it again"
    yield from _askings(entries)


def _askings(entries: Entries) -> Iterator[tuple[str, str]]:
    """Find questions that hang on one that comes later, or on an answer that it hasn't."""
    before = {PLACE: {place.id for place in entries.check_places}}
    for question in entries.questions:
        for one in question.asked_of:
            answers = before.get(one.question)
            if answers is None:
                yield question.id, f"hangs on {one.question!r}, which is no earlier question"
            else:
                for message in unknown("answer", one.answers, answers):
                    yield question.id, message
        before[question.id] = set(answer_ids(question))


def _references(entries: Entries) -> Iterator[tuple[str, str]]:
    regions: set[str] = {region.id for region in entries.regions}
    flags = {flag.id for flag in entries.red_flags}
    questions = {question.id for question in entries.questions}
    for place in entries.check_places:
        for message in unknown("region", (place.region, *place.holds), regions):
            yield place.id, message
    for aside in entries.set_aside:
        for message in unknown("red flag", [aside.id], flags):
            yield aside.id, message
    for contradiction in entries.check_contradictions:
        for message in unknown("question", contradiction.questions, questions):
            yield contradiction.id, message


def _dangers(entries: Entries, rules: Mapping[str, Node]) -> Iterator[tuple[str, str]]:
    """Find questions that nothing listens to, and dangers that no urgent rule speaks of."""
    whens: list[tuple[HowSoon, str]] = [(flag.urgency, flag.when) for flag in listened(entries)]
    whens += [(rule.how_soon, rule.when) for rule in entries.check_rules]
    spoken: dict[HowSoon, set[str]] = {level: set() for level in get_args(HowSoon)}
    for how_soon, when in whens:
        spoken[how_soon] |= _names(when, rules)
    urgent = spoken["emergency"] | spoken["urgent"]
    for question in entries.questions:
        words = {question.id, *question.asks}
        words |= {f"{question.id}_{one}" for one in answer_ids(question)}
        if question.danger and not urgent & words:
            yield question.id, "is called a danger, and no urgent rule speaks of it"
        if spoken["emergency"] & words and not (
            question.danger or question.required or question.asked_of
        ):
            yield question.id, "decides on an emergency, so it is `danger` or `required`"
        if question.asks and not set().union(*spoken.values()) & words:
            yield question.id, "no rule speaks of what it asks"


def _unasked(entries: Entries, rules: Mapping[str, Node]) -> Iterator[tuple[str, str]]:
    """Find what a family could tell, a red flag needs, and neither is asked nor said unasked."""
    told = {finding.id for finding in entries.findings if finding.kind in TOLD} | FROM_PATIENT
    asked = {word for question in entries.questions for word in question.asks}
    left = {word.id for word in entries.unasked}
    for flag in listened(entries):
        for name in sorted(_names(flag.when, rules) & told - asked - left):
            yield flag.id, f"speaks of {name!r}, which no question asks and `unasked` doesn't name"
    for name in sorted(left & asked):
        yield name, "is asked and said to be unasked"


def _names(when: str, rules: Mapping[str, Node]) -> frozenset[str]:
    return names(rules[when]) if when in rules else frozenset()
