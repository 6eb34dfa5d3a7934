"""The record as it was known at each visit."""

from collections.abc import Mapping, Sequence
from datetime import date
from importlib.metadata import version

import msgspec

from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import Assessment, RedFlag
from multifocal.model.differential import Ranked
from multifocal.model.record import Fact, Record
from multifocal.model.replay import FlagStay, Replay, Stay, Visit
from multifocal.workup.assess import assess, latest_day
from multifocal.workup.validate import FEW, ranking


def replay(record: Record, *, knowledge: Knowledge, setting: str, otherwise: date) -> Replay:
    """Assess a record as of each visit from what was known by then.

    A fact is known from the day it was written down, else from the day it was seen, at the latest
    day that a partial date allows. The beginning of a symptom is no visit: where nobody says when
    it was told, it is known from the next visit on. A fact without any day counts only at the last
    visit, so that nothing is said to have been known early. ``otherwise`` is the day for a record
    without any date.
    """
    last = latest_day(record) or otherwise
    days = sorted({last, *(day for fact in record.facts if (day := _visit(fact, last)))})
    known_from = {fact.id: _known_from(fact, days) for fact in record.facts}
    every = []
    for day in days:
        facts = tuple(fact for fact in record.facts if known_from[fact.id] <= day)
        then = msgspec.structs.replace(record, facts=facts)
        every.append((day, assess(then, as_of=day, knowledge=knowledge, setting=setting)))
    return Replay(
        knowledge_version=knowledge.version,
        software_version=version("multifocal"),
        setting=setting,
        synthetic=record.patient.synthetic,
        undated=sum(fact.day is None and fact.recorded is None for fact in record.facts),
        visits=tuple(_seen(day, assessment) for day, assessment in every),
        conditions=_stays(every),
        red_flags=_flags(every),
    )


def _visit(fact: Fact, last: date) -> date | None:
    """Give the day by which this fact was surely written down or seen."""
    if fact.recorded is not None:
        return min(fact.recorded.latest, last)
    if fact.day is None or fact.onset:
        return None
    return min(fact.day.latest, last)


def _known_from(fact: Fact, days: Sequence[date]) -> date:
    last = days[-1]
    visit = _visit(fact, last)
    if visit is not None:
        return visit
    if fact.day is None:
        return last
    begun = min(fact.day.latest, last)
    return next(day for day in days if day >= begun)


def _seen(day: date, assessment: Assessment) -> Visit:
    differential = ranking(assessment)
    return Visit(
        day=day,
        facts=len(assessment.facts),
        known=differential.known,
        abstained=differential.abstained,
        top=differential.ranked[:FEW],
        red_flags=tuple(flag.id for flag in assessment.red_flags),
        code=assessment.coding.code,
    )


def _stays(every: Sequence[tuple[date, Assessment]]) -> tuple[Stay, ...]:
    """Give each condition that was ever among the first, the earliest first.

    A visit at which the ranking abstained counts for none.
    """
    days: dict[str, list[tuple[date, Ranked]]] = {}
    for day, assessment in every:
        differential = ranking(assessment)
        if differential.abstained:
            continue
        for ranked in differential.ranked[:FEW]:
            days.setdefault(ranked.condition, []).append((day, ranked))
    return tuple(
        Stay(
            condition=condition,
            name=seen[-1][1].name,
            first=seen[0][0],
            led=next((day for day, ranked in seen if ranked.band == "leading"), None),
            until=seen[-1][0],
            lasts=seen[-1][0] == every[-1][0],
        )
        for condition, seen in days.items()
    )


def _flags(every: Sequence[tuple[date, Assessment]]) -> tuple[FlagStay, ...]:
    stood: dict[str, list[date]] = {}
    flags: Mapping[str, RedFlag] = {
        flag.id: flag for _, assessment in every for flag in assessment.red_flags
    }
    for day, assessment in every:
        for flag in assessment.red_flags:
            stood.setdefault(flag.id, []).append(day)
    return tuple(
        FlagStay(
            id=id_,
            label=flags[id_].label,
            urgency=flags[id_].urgency,
            first=days[0],
            until=days[-1],
            lasts=days[-1] == every[-1][0],
        )
        for id_, days in stood.items()
    )
