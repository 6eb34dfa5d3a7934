"""Facts made ready to be folded: what is later left out, values set against their interval."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from multifocal.knowledge.entries import ConceptEntry, LabInterval
from multifocal.knowledge.load import Knowledge
from multifocal.model.issue import Issue, Level
from multifocal.model.record import Fact, FactId, Patient
from multifocal.workup.age import years_between


def known_by(
    facts: Iterable[Fact], *, as_of: date, knowledge: Knowledge
) -> tuple[tuple[Fact, ...], tuple[Issue, ...]]:
    """Keep the facts that happened and were written down by this day; tell which came later."""
    kept, later = [], Counter[str]()
    for fact in facts:
        if any(day is not None and day.earliest > as_of for day in (fact.day, fact.recorded)):
            later[knowledge.concepts_by_id[fact.concept].label] += 1
        else:
            kept.append(fact)
    return tuple(kept), tuple(
        Issue(Level.INFO, "facts", f"{label}: later than the day of assessment, so not used", count)
        for label, count in later.items()
    )


def flagged(
    facts: Iterable[Fact], patient: Patient, knowledge: Knowledge
) -> tuple[tuple[Fact, ...], tuple[Issue, ...]]:
    """Set each value against the laboratory's own interval, else against ours by age and sex.

    Where the knowledge says to watch an analyte, a value that is abnormal by ours keeps that flag
    although the laboratory calls it normal, and an issue says so.
    """
    intervals: dict[str, list[LabInterval]] = defaultdict(list)
    for interval in knowledge.labs:
        intervals[interval.analyte].append(interval)
    done, issues = [], []
    for fact in facts:
        if fact.value is None:
            done.append(fact)
            continue
        ours = intervals[fact.concept]
        kept = _flagged(fact, patient, ours) if fact.flag is None else fact
        concept = knowledge.concepts_by_id[fact.concept]
        if concept.watch and kept.flag != concept.watch:
            second = _by_ours(fact, patient, ours)
            if second is not None and second.flag == concept.watch:
                kept = msgspec.structs.replace(kept, flag=concept.watch)
                issues.append(_disputed(concept))
        done.append(kept)
    return tuple(done), tuple(issues)


def _disputed(concept: ConceptEntry) -> Issue:
    message = (
        f"{concept.label} is {concept.watch} for age and sex by our interval, although the "
        "laboratory's own calls it otherwise: flagged"
    )
    return Issue(Level.WARNING, "laboratory", message)


def _by_ours(fact: Fact, patient: Patient, intervals: Sequence[LabInterval]) -> Fact | None:
    """Give the fact set against our interval alone; None where none fits."""
    bare = msgspec.structs.replace(fact, low=None, high=None, interval=None, flag=None)
    return _flagged(bare, patient, intervals)


def _flagged(fact: Fact, patient: Patient, intervals: Sequence[LabInterval]) -> Fact:
    low, high, whose = fact.low, fact.high, fact.interval
    if low is None and high is None:
        fitting = interval_for(fact, patient, intervals)
        if fitting is None:
            return fact
        low, high, whose = fitting.low, fitting.high, "knowledge"
    return msgspec.structs.replace(
        fact, low=low, high=high, interval=whose or "laboratory", flag=_flag(fact, low, high)
    )


def interval_for(
    fact: Fact, patient: Patient, intervals: Sequence[LabInterval]
) -> LabInterval | None:
    """Give our interval for the child's age that day and sex; None unless exactly one fits."""
    if patient.birth is None or fact.day is None:
        return None
    least, most = years_between(patient.birth, fact.day)
    fitting = [
        interval
        for interval in intervals
        if interval.age_from_years <= least
        and most < interval.age_to_years
        and interval.sex in {None, patient.sex}
    ]
    return fitting[0] if len(fitting) == 1 else None


def _flag(fact: Fact, low: float | None, high: float | None) -> str | None:
    """Say low, normal or high; None where a censored value leaves it open."""
    value, comparator = fact.value, fact.comparator
    assert value is not None  # noqa: S101 # only called for a value
    below = comparator in {"<", "<="}
    above = comparator in {">", ">="}
    if high is not None and value > high and not below:
        return "high"
    if low is not None and value < low and not above:
        return "low"
    if comparator is None:
        return "normal"
    if below and (high is None or value <= high) and not low:
        return "normal"
    return None


def combined(facts: Iterable[Fact], knowledge: Knowledge) -> tuple[Fact, ...]:
    """Join what was seen together in one bone on one day: lysis and sclerosis are mixed."""
    every = list(facts)
    for concept in knowledge.concepts:
        if concept.combines:
            every = _combined(every, concept)
    return tuple(every)


def _combined(facts: list[Fact], concept: ConceptEntry) -> list[Fact]:
    wanted = set(concept.combines)
    together: dict[object, list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.concept in wanted and fact.present and (fact.bone or fact.region):
            together[(fact.bone, fact.region, fact.laterality, fact.day)].append(fact)
    joined: dict[FactId, Fact] = {}
    spent: set[FactId] = set()
    for group in together.values():
        if {fact.concept for fact in group} == wanted:
            first = min(group, key=lambda fact: fact.id)
            joined[first.id] = msgspec.structs.replace(first, concept=concept.id)
            spent |= {fact.id for fact in group} - {first.id}
    return [joined.get(fact.id, fact) for fact in facts if fact.id not in spent]
