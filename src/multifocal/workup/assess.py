"""The work-up: one record in, one assessment out."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from importlib.metadata import version
from math import isfinite
from typing import Literal

from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import (
    Argument,
    Assessment,
    Danger,
    LabResult,
    Lesion,
    RedFlag,
    Urgency,
)
from multifocal.model.differential import Differential
from multifocal.model.record import Fact, Record
from multifocal.model.source import Citation
from multifocal.model.truth import Span, truth_of
from multifocal.workup.classify import classify
from multifocal.workup.coding import coding
from multifocal.workup.contradictions import contradictions
from multifocal.workup.counterfactual import would_change
from multifocal.workup.coverage import coverage
from multifocal.workup.differential import SETTING, told
from multifocal.workup.differential import standing as where_they_stand
from multifocal.workup.find import Found, find
from multifocal.workup.interpret import combined, flagged, interval_for, known_by
from multifocal.workup.missing import missing
from multifocal.workup.next_best import next_best, tests_made
from multifocal.workup.normal_variants import variant_notes
from multifocal.workup.ready import ready
from multifocal.workup.red_flags import URGENCIES, dangers, first_tests, red_flags
from multifocal.workup.steps import steps
from multifocal.workup.tiers import alarming, danger_score, tiered
from multifocal.workup.unread import reports_first, worst_first


def assess(
    record: Record,
    *,
    as_of: date,
    knowledge: Knowledge,
    setting: str = SETTING,
    thorough: bool = False,
) -> Assessment:
    """Assess one child as of a day: the same record, day and knowledge give the same answer.

    ``setting`` is where the child is seen, which sets how common each condition is to begin with.
    ``thorough`` adds what each next test would change, and what would change the answer; that takes
    several times as long.
    """
    known, issues = known_by(record.facts, as_of=as_of, knowledge=knowledge)
    against, disputed = flagged(known, record.patient, knowledge)
    facts = combined(against, knowledge)
    found = find(facts, record.patient, as_of=as_of, knowledge=knowledge)
    lesions = _lesions(facts, knowledge)
    results = classify(found, knowledge)
    standing = dangers(found, knowledge)
    gaps = missing(found, results, standing, knowledge)
    flags = red_flags(found, knowledge)
    at = where_they_stand(found, setting=setting, knowledge=knowledge)
    covered = coverage(facts, knowledge)
    low, high = found.words["age_years"]
    differential = told(
        at,
        found,
        tuple(danger.id for danger in standing),
        setting=setting,
        knowledge=knowledge,
    )
    made = tests_made(facts, as_of=as_of, knowledge=knowledge)
    tiers = tiered(
        standing,
        found,
        differential,
        not_read=record.not_read,
        unread={fact.concept for fact in facts if fact.unread},
        made=made,
        knowledge=knowledge,
    )
    alarm = alarming(tiers, differential, knowledge)
    urgency = _urgency(flags, alarm, differential)
    score = None if differential.abstained else danger_score(tiers, differential)
    tests = (
        *reports_first(facts, record.not_read, knowledge),
        *next_best(
            found,
            at,
            flags,
            standing,
            gaps,
            knowledge,
            first=first_tests(found, knowledge),
            made=made,
            thorough=thorough,
        ),
    )
    return Assessment(
        as_of=as_of,
        knowledge_version=knowledge.version,
        software_version=version("multifocal"),
        patient=record.patient,
        age_years=(low, high) if isfinite(high) else None,
        facts=facts,
        findings=found.findings,
        lesions=lesions,
        red_flags=flags,
        dangers=tiers,
        urgency=urgency,
        criteria=results,
        notes=(
            *_notes(found, knowledge),
            *variant_notes(lesions, Span(low, high), knowledge),
        ),
        arguments=_arguments(found, knowledge),
        missing=gaps,
        next_tests=tests,
        steps=steps(tests, tiers, made, urgency, found, differential, knowledge),
        coding=coding(found, lesions, facts, record.not_read, differential, urgency, knowledge),
        labs=_labs(facts, record, knowledge),
        issues=(*record.issues, *issues, *disputed, *contradictions(facts, found, knowledge)),
        differential=differential,
        would_change=would_change(at, found, flags, knowledge) if thorough else (),
        regions_imaged=covered.read,
        regions_unread=covered.unread,
        not_read=worst_first(record.not_read),
        resources=record.resources,
        danger_score=score,
        alarm=tuple(one.id for one in alarm),
    )


def _urgency(
    flags: Sequence[RedFlag], alarm: Sequence[Danger], differential: Differential
) -> Urgency | Literal["watch"] | None:
    """Give the most urgent of the flags and of the likeliest danger that is an alarm.

    Where none stands it is to watch, if enough is known to say so.
    """
    standing = [*(flag.urgency for flag in flags), *(one.urgency for one in alarm[:1])]
    if standing:
        return min(standing, key=URGENCIES.index)
    return None if differential.abstained else "watch"


def latest_day(record: Record) -> date | None:
    """Give the day of the latest entry: the day from which a record is assessed unless told."""
    days = [
        day.earliest
        for fact in record.facts
        for day in (fact.day, fact.recorded)
        if day is not None
    ]
    return max(days, default=None)


def _lesions(facts: Iterable[Fact], knowledge: Knowledge) -> tuple[Lesion, ...]:
    """Gather what images show by bone and side."""
    concepts = set(knowledge.sets_by_id["lesion"].concepts)
    by_site: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.concept in concepts and fact.present and fact.bone is not None:
            by_site[(fact.bone, fact.laterality or "")].append(fact)
    return tuple(_lesion(group) for _, group in sorted(by_site.items()))


def _lesion(facts: list[Fact]) -> Lesion:
    first = facts[0]
    assert first.bone is not None  # noqa: S101 # chosen so
    days = sorted(fact.day for fact in facts if fact.day is not None)
    places = {(fact.part, fact.end) for fact in facts if fact.part or fact.end}
    part, end = places.pop() if len(places) == 1 else (None, None)
    return Lesion(
        bone=first.bone,
        laterality=first.laterality,
        part=part,
        end=end,
        modalities=tuple(sorted({fact.modality for fact in facts if fact.modality})),
        features=tuple(sorted({fact.concept for fact in facts})),
        first_seen=days[0] if days else None,
        last_seen=days[-1] if days else None,
        because=tuple(sorted(fact.id for fact in facts)),
    )


def _notes(found: Found, knowledge: Knowledge) -> tuple[tuple[str, Citation], ...]:
    scorers = ready(knowledge).scorers
    return tuple(
        (caution.text, caution.source)
        for caution in knowledge.cautions
        if scorers[caution.when](found.words)[0]
    )


def _arguments(found: Found, knowledge: Knowledge) -> tuple[Argument, ...]:
    """Give the findings that speak for and against the disease, the strongest first."""
    order = ("definitive", "strong", "moderate", "supportive")
    condition = knowledge.conditions_by_id["cmo"]
    signs = (
        *(("for", sign) for sign in condition.rule_in),
        *(("against", sign) for sign in condition.rule_out),
    )
    holding = [
        Argument(
            finding=sign.finding,
            speaks="for" if speaks == "for" else "against",
            strength=sign.strength,
            because=found.because.get(sign.finding, ()),
            source=sign.source,
        )
        for speaks, sign in signs
        if truth_of(Span(*found.words[sign.finding])) is sign.present
    ]
    return tuple(sorted(holding, key=lambda one: order.index(one.strength)))


def _labs(facts: Iterable[Fact], record: Record, knowledge: Knowledge) -> tuple[LabResult, ...]:
    by_analyte: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.value is not None and knowledge.concepts_by_id[fact.concept].kind == "lab":
            by_analyte[fact.concept].append(fact)
    return tuple(_lab(group, record, knowledge) for _, group in sorted(by_analyte.items()))


def _lab(facts: list[Fact], record: Record, knowledge: Knowledge) -> LabResult:
    facts.sort(key=lambda fact: (str(fact.day or ""), fact.id))
    concept = knowledge.concepts_by_id[facts[0].concept]
    ours = [interval for interval in knowledge.labs if interval.analyte == concept.id]
    fallbacks = [fact for fact in facts if fact.interval == "knowledge"]
    fitting = interval_for(fallbacks[-1], record.patient, ours) if fallbacks else None
    return LabResult(
        analyte=concept.id,
        label=concept.label,
        unit=concept.unit,
        facts=tuple(fact.id for fact in facts),
        interval=None if fitting is None else fitting.source,
    )
