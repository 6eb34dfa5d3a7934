"""What must hold inside a criteria set: its words, their types, its states, what it may show."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from multifocal.knowledge.entries import (
    CriteriaEntry,
    Entries,
    ItemEntry,
    Performance,
    ValueEntry,
)
from multifocal.rules.nodes import Type
from multifocal.rules.parse import RuleError, parse
from multifocal.rules.reduce import GIVES, TAKES, TELLING

ROUNDED = 0.006
"""How far a printed proportion may be from its counts."""

Fault = tuple[str, str, str]
"""File, entry, and what is wrong."""
RuleLine = tuple[str, str, str, Type, Mapping[str, Type]]
"""File, entry, rule, the type it must give, the types of the names it may use."""


def criteria_rules(criteria: CriteriaEntry, words: Mapping[str, Type]) -> Iterator[RuleLine]:
    """Give every rule of a set with the words that it may use."""
    file = f"criteria/{criteria.id}.toml"
    inside: dict[str, Any] = {}
    for item in criteria.item:
        if item.of:
            yield file, item.name, item.of, item.type, words  # type: ignore[misc]
        inside[item.name] = item.type
    for value in criteria.value:
        seen = dict(inside)
        if value.answered_by:
            yield file, value.name, value.answered_by, value.type, words  # type: ignore[misc]
        if value.rule:
            yield file, value.name, value.rule, value.type, seen  # type: ignore[misc]
        if value.where:
            yield file, value.name, value.where, "truth", seen | {"value": "number"}
        for row in value.rows:
            yield file, value.name, row.when, "truth", seen
        if value.how not in TELLING:
            inside[value.name] = value.type
    for points in criteria.points:
        yield file, points.item, points.when, "truth", dict(inside)
    if criteria.points:
        inside["score"] = "number"
    for choice in criteria.choice:
        for row in choice.rows:
            yield file, choice.name, row.when, "truth", dict(inside)
        inside[choice.name] = choice.type


# The ignored types above: `_items` and `_values` refuse a rule where it would have to give a table.


def criteria_faults(entries: Entries) -> Iterator[Fault]:
    """Give every fault inside the criteria sets."""
    for criteria in entries.criteria:
        file = f"criteria/{criteria.id}.toml"
        for one in (_names, _items, _values, _states, _shown, _weights):
            for name, message in one(criteria):
                yield file, name, message


def _meant(wanted: str, known: Iterable[str]) -> str:
    close = get_close_matches(wanted, list(known), n=1)
    return f". Did you mean {close[0]!r}?" if close else ""


def _names(criteria: CriteriaEntry) -> Iterator[tuple[str, str]]:
    every = [item.name for item in criteria.item]
    every += [value.name for value in criteria.value]
    every += [choice.name for choice in criteria.choice]
    for name in sorted({name for name in every if every.count(name) > 1}):
        yield name, f"is defined {every.count(name)} times"
    known = {*every, "score"} if criteria.points else {*every}
    if criteria.answer and criteria.answer not in known:
        yield criteria.answer, f"unknown word{_meant(criteria.answer, known)}"
    items = {item.name for item in criteria.item}
    for points in criteria.points:
        if points.item not in items:
            yield points.item, f"unknown item{_meant(points.item, items)}"


def _items(criteria: CriteriaEntry) -> Iterator[tuple[str, str]]:
    for item in criteria.item:
        if item.of and item.type not in {"truth", "number", "text"}:
            yield item.name, f"no rule gives {item.type}"
        if item.low is not None and item.high is not None and item.low > item.high:
            yield item.name, "has low above high"
        for field, kinds in (
            ("parts", {"numbers"}),
            ("groups", {"sites"}),
            ("texts", {"text", "texts"}),
            ("absent_unless_told", {"truth", "texts"}),
            ("unit", {"number"}),
            ("unit_needed", {"number"}),
        ):
            if getattr(item, field) and item.type not in kinds:
                yield item.name, f"a {item.type} has no {field}"
        if item.type == "texts" and not item.texts:
            yield item.name, "needs its texts"
        yield from _places(item)


def _places(item: ItemEntry) -> Iterator[tuple[str, str]]:
    places = [place for several in item.groups.values() for place in several]
    for place in sorted({place for place in places if places.count(place) > 1}):
        yield item.name, f"{place!r} is in several groups"
    if item.type == "sites" and not places:
        yield item.name, "needs its groups"


def _values(criteria: CriteriaEntry) -> Iterator[tuple[str, str]]:
    inside: dict[str, Any] = {item.name: item.type for item in criteria.item}
    for value in criteria.value:
        ways = [bool(value.rule), bool(value.rows), value.how is not None]
        if sum(ways) != 1:
            yield value.name, "needs one of `rule`, `rows` and `how`"
        if value.type in {"texts", "numbers", "sites"} and value.how is None:
            yield value.name, f"no rule gives {value.type}"
        if value.answered_by and not value.may_be_given:
            yield value.name, "a record can answer only what may be given"
        yield from _reduction(value, inside)
        if value.how not in TELLING:
            inside[value.name] = value.type


def _reduction(value: ValueEntry, inside: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if value.how is None:
        return
    if not value.of:
        yield value.name, f"{value.how} needs `of`"
    if GIVES[value.how] != value.type:
        yield value.name, f"{value.how} gives a {GIVES[value.how]}, not a {value.type}"
    for name in (*value.of, *((value.floor_for,) if value.floor_for else ())):
        if name not in inside:
            yield value.name, f"unknown word {name!r}{_meant(name, inside)}"
    for name in value.of:
        if name in inside and inside[name] not in TAKES[value.how]:
            yield value.name, f"{value.how} can't take {name!r}, a {inside[name]}"


def _states(criteria: CriteriaEntry) -> Iterator[tuple[str, str]]:
    states = next((c for c in criteria.choice if c.name == "state"), None)
    if states is None:
        yield "state", "there is no choice called state"
        return
    given = [str(row.gives) for row in states.rows]
    given += [row.unknown for row in states.rows if row.when != "True"]
    given += [request.gives for request in criteria.request]
    given += [item.refused for item in criteria.item if item.refused]
    for state in given:
        if not any(
            state == key or (key.endswith(":") and state.startswith(key))
            for key in criteria.state_labels
        ):
            yield state, "this state has no label"
    if states.rows[-1].when != "True":
        yield "state", "the last row must hold always"


def _shown(criteria: CriteriaEntry) -> Iterator[tuple[str, str]]:
    if criteria.shown == "calculator":
        for item in criteria.item:
            if item.of or item.settled_by:
                yield item.name, "no work-up shows this set, so nothing answers it from a record"
    for study in criteria.performance:
        printed = (study.sensitivity, study.specificity, study.found, study.cleared)
        if not criteria.as_published and any(one is not None for one in printed):
            yield study.setting, "only a set as published may show its sensitivity or specificity"
        yield from _counts(study)


def _weights(criteria: CriteriaEntry) -> Iterator[tuple[str, str]]:
    weights = criteria.weights
    if weights is None:
        return
    states = {row.gives for choice in criteria.choice for row in choice.rows}
    if weights.replaces not in states:
        yield weights.replaces, "is no state that weights could replace"
    for invariant in weights.invariant:
        try:
            parse(invariant.when)
        except RuleError as fault:
            yield invariant.text, f"{invariant.when!r}: {fault}"


def _counts(study: Performance) -> Iterator[tuple[str, str]]:
    for k, n, printed in (
        (study.found, study.cases, study.sensitivity),
        (study.cleared, study.controls, study.specificity),
    ):
        if (k is None) != (n is None):
            yield study.setting, "a count needs what it is counted of"
        elif k is not None and n is not None and not 0 <= k <= n:
            yield study.setting, "counts more than there are"
        elif k is not None and n and printed is not None and abs(k / n - printed) > ROUNDED:
            yield study.setting, "prints a proportion that its counts don't give"
