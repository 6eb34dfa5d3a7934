"""Many facts to one value per child: what a selector means, and the loop that applies it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from math import inf, nextafter
from typing import Any, Literal

import msgspec

from multifocal.model.day import Day
from multifocal.model.record import ConceptId, Fact, FactId
from multifocal.model.truth import NO, UNKNOWN_NUMBER, UNKNOWN_TRUTH, YES, Span
from multifocal.rules.nodes import Node, Type, names
from multifocal.rules.score import UNKNOWN_TEXT, Pair, Words, compiled, surely

How = Literal["any", "count", "pairs", "latest", "max", "min", "first_day", "last_day", "longest"]

COLUMNS: Mapping[str, Type] = {
    "concept": "text",
    "present": "truth",
    "value": "number",
    "flag": "text",
    "bone": "text",
    "region": "text",
    "place": "texts",
    "laterality": "text",
    "site": "text",
    "part": "text",
    "end": "text",
    "modality": "text",
    "dated": "truth",
    "days_ago": "number",
    "ended_days_ago": "number",
}
"""What a rule over one fact may speak of.

`place` holds the bone and every region around it; `site` is bone and laterality in one word, and
any word of the bone when the side is not told; `dated` says whether the fact has a day, `days_ago`
counts from it to the day of assessment; `ended_days_ago` counts from its end, 0 if it has none.
"""


class Looked(msgspec.Struct, frozen=True):
    """Facts which show that somebody looked: without one, nothing found is unknown, not absent.

    What is stated to be absent or not done shows nothing, unless `where` speaks of `present`. What
    was done and not read shows nothing at all.
    """

    concepts: tuple[ConceptId, ...]
    where: Node | None = None


class Select(msgspec.Struct, frozen=True):
    """Many facts to one value per child.

    ======== ======================================================================================
    how      value
    ======== ======================================================================================
    any      truth: present in one fact or more; absent if a fact says so or somebody `looked`
    count    number of different `of` values; exact only if somebody `looked`, else "or more"
    pairs    number of different `of` values present on both sides; exact as `count` is
    latest   `of` of the facts of the latest day that have one, from the least to the greatest, for
             which of them came last is not known; of truths of a day, yes
    max, min greatest or least `of`
    first_day  days since the first began; "or more" where no fact tells a beginning
    last_day   days since the last
    longest  longest duration in days, from `day` to `ended` or to the day of assessment
    ======== ======================================================================================

    A fact that was done and not read gives no value; only a count has to leave room for it.
    """

    how: How
    concepts: tuple[ConceptId, ...]
    where: Node | None = None
    of: Node | None = None
    looked: Looked | None = None
    gives: Type = "truth"


class Folded(msgspec.Struct, frozen=True):
    """One value per name, and the facts that each rests on."""

    words: Mapping[str, Pair]
    because: Mapping[str, tuple[FactId, ...]]


Role = Literal["chosen", "witness", "witness if present"]
"""What a fact is to a selector: one that it is about, or one which shows that somebody looked."""


class Folder:
    """A set of selectors made ready: `fold` then is one pass over the facts of one child."""

    def __init__(
        self, selectors: Mapping[str, Select], around: Callable[[Fact], tuple[str, ...]]
    ) -> None:
        """Index the selectors by concept; `around` gives the bone and regions of a fact."""
        self._selectors = dict(selectors)
        self._around = around
        self._by_concept: dict[ConceptId, dict[Node | None, list[tuple[str, Role]]]] = {}
        self._tests: dict[Node, Callable[[Words], bool]] = {}
        for name, select in selectors.items():
            self._add(name, select.concepts, select.where, "chosen")
            if (looked := select.looked) is not None:
                told = looked.where is not None and "present" in names(looked.where)
                role: Role = "witness" if told else "witness if present"
                self._add(name, looked.concepts, looked.where, role)
        self._ready = {
            concept: tuple(
                (None if where is None else self._tests[where], tuple(entries))
                for where, entries in by_rule.items()
            )
            for concept, by_rule in self._by_concept.items()
        }
        self._of = {
            name: compiled(select.of) for name, select in selectors.items() if select.of is not None
        }

    def _add(
        self, name: str, concepts: Iterable[ConceptId], where: Node | None, role: Role
    ) -> None:
        if where is not None and where not in self._tests:
            self._tests[where] = surely(where)
        for concept in concepts:
            by_rule = self._by_concept.setdefault(concept, {})
            by_rule.setdefault(where, []).append((name, role))

    def fold(self, facts: Iterable[Fact], *, as_of: date) -> Folded:
        """Fold one child's facts; what happened after `as_of` must have been left out before."""
        chosen: dict[str, list[tuple[Fact, Mapping[str, Pair]]]] = {}
        witnesses: dict[str, list[FactId]] = {}
        for fact in facts:
            if fact.concept not in self._by_concept:
                continue
            columns = self._columns(fact, as_of)
            for name, role in self._applying(fact.concept, columns):
                if role == "chosen":
                    chosen.setdefault(name, []).append((fact, columns))
                elif (fact.present or role == "witness") and not fact.unread:
                    witnesses.setdefault(name, []).append(fact.id)
        words: dict[str, Pair] = {}
        because: dict[str, tuple[FactId, ...]] = {}
        for name, select in self._selectors.items():
            words[name], because[name] = _value(
                select, self._of.get(name), chosen.get(name, ()), witnesses.get(name, ()), as_of
            )
        return Folded(words, because)

    def _applying(self, concept: ConceptId, columns: Words) -> Iterator[tuple[str, Role]]:
        """Give the selectors that a fact of these columns belongs to; each rule is tried once."""
        for where, entries in self._ready[concept]:
            if where is None or where(columns):
                yield from entries

    def _columns(self, fact: Fact, as_of: date) -> Mapping[str, Pair]:
        bone, side = fact.bone or "", fact.laterality or ""
        place = self._around(fact)
        site = f"{bone}|{side}"
        last = site if side else f"{site}{UNKNOWN_TEXT[1]}"
        return {
            "concept": (fact.concept, fact.concept),
            "present": (fact.present, fact.present),
            "value": _number(fact),
            "flag": _text(fact.flag),
            "bone": _text(fact.bone),
            "region": _text(fact.region),
            "place": (place, place),
            "laterality": _text(fact.laterality),
            "site": (site, last) if bone else UNKNOWN_TEXT,
            "part": _text(fact.part),
            "end": _text(fact.end),
            "modality": _text(fact.modality),
            "dated": (fact.day is not None, fact.day is not None),
            "days_ago": _days_ago(fact.day, as_of),
            "ended_days_ago": (0.0, 0.0) if fact.ended is None else _days_ago(fact.ended, as_of),
        }


def _text(value: str | None) -> Pair:
    return UNKNOWN_TEXT if value is None else (value, value)


def _number(fact: Fact) -> Pair:
    """Give a value as a span: a censored one ("<5") runs to its bound."""
    if fact.value is None:
        return UNKNOWN_NUMBER
    match fact.comparator:
        case None:
            return (fact.value, fact.value)
        case "<":
            return (0.0, _just(fact.value, below=True))
        case "<=":
            return (0.0, fact.value)
        case ">":
            return (_just(fact.value, below=False), inf)
        case ">=":
            return (fact.value, inf)


def _just(value: float, *, below: bool) -> float:
    return nextafter(value, -inf if below else inf)


def _days_ago(day: Day | None, as_of: date) -> Pair:
    if day is None:
        return UNKNOWN_NUMBER
    return (
        float(max((as_of - day.latest).days, 0)),
        float(max((as_of - day.earliest).days, 0)),
    )


Chosen = Sequence[tuple[Fact, Mapping[str, Pair]]]


def _value(
    select: Select, of: Any, chosen: Chosen, witnesses: Sequence[FactId], as_of: date
) -> tuple[Pair, tuple[FactId, ...]]:
    if select.how == "count":
        return _count(of, chosen, witnesses, looked=select.looked is not None)
    chosen = [one for one in chosen if not one[0].unread]
    match select.how:
        case "any":
            return _any(chosen, witnesses)
        case "pairs":
            return _pairs(of, chosen, witnesses, looked=select.looked is not None)
        case "latest":
            return _latest(of, chosen, select.gives)
        case "max" | "min":
            return _extreme(of, chosen, greatest=select.how == "max")
        case "first_day" | "last_day":
            return _day(chosen, first=select.how == "first_day")
        case "longest":
            return _longest(chosen, as_of)


def _any(chosen: Chosen, witnesses: Sequence[FactId]) -> tuple[Pair, tuple[FactId, ...]]:
    if present := tuple(fact.id for fact, _ in chosen if fact.present):
        return YES, present
    if absent := (*(fact.id for fact, _ in chosen), *witnesses):
        return NO, absent
    return UNKNOWN_TRUTH, ()


def _count(
    of: Any, chosen: Chosen, witnesses: Sequence[FactId], *, looked: bool
) -> tuple[Pair, tuple[FactId, ...]]:
    there = [(fact, columns) for fact, columns in chosen if fact.present]
    read = [(fact, columns) for fact, columns in there if not fact.unread]
    seen, most = (
        float(max(_least({of(columns) for _, columns in some}), 1 if some else 0))
        for some in (read, there)
    )
    exact = bool(witnesses) or not looked
    because = (*(fact.id for fact, _ in read), *(witnesses if exact else ()))
    return Span(seen, most if exact else inf), because


def _least(pairs: set[Pair]) -> int:
    """Count different texts, one known only in part just where no other one can be the same.

    >>> _least({("tibia|left", "tibia|left"), ("tibia|", "tibia|~"), ("ulna|", "ulna|~")})
    2
    """
    known = {low for low, high in pairs if low == high}
    partly = {pair for pair in pairs if pair[0] != pair[1]} - {UNKNOWN_TEXT}
    apart = [pair for pair in partly if not any(pair[0] <= text <= pair[1] for text in known)]
    return len(known) + len(apart)


def _pairs(
    of: Any, chosen: Chosen, witnesses: Sequence[FactId], *, looked: bool
) -> tuple[Pair, tuple[FactId, ...]]:
    """Count the values of `of` that are present on both left and right.

    >>> from multifocal.model.record import Origin
    >>> def seen(side):
    ...     fact = Fact(FactId(side), ConceptId("lesion"), Origin("Observation/1"), laterality=side)
    ...     return fact, {"bone": ("tibia", "tibia")}
    >>> _pairs(lambda columns: columns["bone"], [seen("left"), seen("right")], (), looked=False)
    (Span(low=1.0, high=1.0), ('left', 'right'))
    """
    sides: dict[str, set[str]] = {}
    facts: dict[str, list[FactId]] = {}
    for fact, columns in chosen:
        low, high = of(columns)
        if not fact.present or fact.laterality is None or low != high:
            continue
        both = {"left", "right"} if fact.laterality == "bilateral" else {fact.laterality}
        sides.setdefault(low, set()).update(both)
        facts.setdefault(low, []).append(fact.id)
    paired = [value for value, seen in sides.items() if {"left", "right"} <= seen]
    exact = bool(witnesses) or not looked
    because = [fact_id for value in paired for fact_id in facts[value]]
    count = float(len(paired))
    return Span(count, count if exact else inf), (*because, *(witnesses if exact else ()))


def _latest(of: Any, chosen: Chosen, gives: Type) -> tuple[Pair, tuple[FactId, ...]]:
    unknown = {"truth": UNKNOWN_TRUTH, "number": UNKNOWN_NUMBER}.get(gives, UNKNOWN_TEXT)
    answers = [
        (_when(fact), fact.id, pair) for fact, columns in chosen if (pair := of(columns)) != unknown
    ]
    if not answers:
        return unknown, ()
    last = max(day for day, _, _ in answers)
    of_last = [(pair, fact_id) for day, fact_id, pair in answers if day == last]
    if gives == "truth":
        pair = max(pair for pair, _ in of_last)
        return pair, (max(fact_id for one, fact_id in of_last if one == pair),)
    least, most = (pick(pair[end] for pair, _ in of_last) for end, pick in ((0, min), (1, max)))
    return (least, most), tuple(fact_id for _, fact_id in of_last)


def _when(fact: Fact) -> tuple[date, date]:
    return (fact.day.latest, fact.day.earliest) if fact.day else (date.min, date.min)


def _extreme(of: Any, chosen: Chosen, *, greatest: bool) -> tuple[Pair, tuple[FactId, ...]]:
    pick = max if greatest else min
    answers = [
        (pair, fact.id) for fact, columns in chosen if (pair := of(columns)) != UNKNOWN_NUMBER
    ]
    if not answers:
        return UNKNOWN_NUMBER, ()
    span = Span(pick(pair[0] for pair, _ in answers), pick(pair[1] for pair, _ in answers))
    edge = span.high if greatest else span.low
    rests_on = (fact_id for pair, fact_id in answers if edge in pair)
    return span, tuple(rests_on)


def _day(chosen: Chosen, *, first: bool) -> tuple[Pair, tuple[FactId, ...]]:
    days = [
        (columns["days_ago"], fact.id)
        for fact, columns in chosen
        if fact.present and fact.day is not None
    ]
    if not days:
        return UNKNOWN_NUMBER, ()
    pick = max if first else min
    low, high = pick(pair[0] for pair, _ in days), pick(pair[1] for pair, _ in days)
    rests_on = tuple(fact_id for pair, fact_id in days if pair[1] == high)
    if first and not any(fact.onset for fact, _ in chosen if fact.present):
        high = inf
    return Span(low, high), rests_on


def _longest(chosen: Chosen, as_of: date) -> tuple[Pair, tuple[FactId, ...]]:
    spans = []
    for fact, _ in chosen:
        if not fact.present or fact.day is None:
            continue
        end = fact.ended or Day(as_of, as_of)
        least = max((end.earliest - fact.day.latest).days, 0)
        most = max((end.latest - fact.day.earliest).days, 0)
        spans.append((float(least), float(most), fact.id))
    if not spans:
        return UNKNOWN_NUMBER, ()
    low, high = max(span[0] for span in spans), max(span[1] for span in spans)
    return Span(low, high), tuple(fact_id for _, most, fact_id in spans if most == high)
