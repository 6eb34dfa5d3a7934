"""Where the record contradicts itself or leaves the evidence: told in words, nothing is decided."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache

from multifocal.knowledge.load import Knowledge
from multifocal.model.issue import Issue, Level
from multifocal.model.record import ConceptId, Fact
from multifocal.model.truth import NO, YES
from multifocal.workup.find import Found


def contradictions(facts: Iterable[Fact], found: Found, knowledge: Knowledge) -> tuple[Issue, ...]:
    """Give an issue for each thing that the record says and denies, and for an age beyond ours."""
    facts = tuple(facts)
    every = [
        *_facts(facts, knowledge),
        *_reported(facts, knowledge),
        *_findings(found, knowledge),
        *_age(found, knowledge),
    ]
    return tuple(dict.fromkeys(every))


def _facts(facts: Iterable[Fact], knowledge: Knowledge) -> Iterator[Issue]:
    """Tell what is present and absent, or normal and not, at one place on one day."""
    seen: dict[tuple[ConceptId, object], set[object]] = defaultdict(set)
    for fact in facts:
        if fact.day is None or fact.day.earliest != fact.day.latest:
            continue
        site = (fact.day.earliest, fact.bone, fact.region, fact.laterality, fact.part)
        seen[(fact.concept, site)].add(fact.flag if fact.value is not None else fact.present)
    for (concept, _), answers in seen.items():
        label = knowledge.concepts_by_id[concept].label
        if {True, False} <= answers:
            yield _issue(f"{label} is recorded as present and as absent on one day")
        if "normal" in answers and answers & {"low", "high"}:
            yield _issue(f"{label} is normal and not normal on one day")


def _reported(facts: Iterable[Fact], knowledge: Knowledge) -> Iterator[Issue]:
    """Tell what was measured otherwise than somebody reported it on the same day."""
    meanings = _meanings(knowledge)
    measured: dict[tuple[ConceptId, date], set[bool]] = defaultdict(set)
    reported: dict[tuple[ConceptId, date], set[bool]] = defaultdict(set)
    for fact in facts:
        if fact.day is None or fact.day.earliest != fact.day.latest:
            continue
        reported[(fact.concept, fact.day.earliest)].add(fact.present)
        for concept, present in meanings.get((fact.concept, fact.flag), ()):
            measured[(concept, fact.day.earliest)].add(present)
    for key, answers in measured.items():
        if len(answers) == 1 and reported.get(key, answers) - answers:
            label = knowledge.concepts_by_id[key[0]].label
            yield _issue(f"{label} and the value of the same day disagree")


@lru_cache(maxsize=4)
def _meanings(
    knowledge: Knowledge,
) -> Mapping[tuple[ConceptId, str | None], tuple[tuple[ConceptId, bool], ...]]:
    """Give what a value that is low, normal or high would be reported as."""
    return {
        (ConceptId(entry.id), level): tuple(
            (ConceptId(said.removeprefix("-")), not said.startswith("-")) for said in meant
        )
        for entry in knowledge.quantities
        for level, meant in (("low", entry.low), ("normal", entry.normal), ("high", entry.high))
    }


def _findings(found: Found, knowledge: Knowledge) -> Iterator[Issue]:
    """Tell what is present without what it can't be present without."""
    labels = knowledge.findings_by_id
    for one in knowledge.differential.implications:
        if found.words[one.present] == YES and found.words[one.implies] == NO:
            there, missing = labels[one.present].label, labels[one.implies].label
            yield _issue(f"{there} is present, yet absent is: {missing}")


def _age(found: Found, knowledge: Knowledge) -> Iterator[Issue]:
    """Tell of an age that lies in none of the bands for which there is evidence."""
    bands = [name for name in knowledge.differential.model.given if name.startswith("age_")]
    if all(found.words[name] == NO for name in bands):
        yield Issue(
            Level.WARNING,
            "Patient",
            "the age lies outside childhood and adolescence: the evidence does not reach there",
        )


def _issue(message: str) -> Issue:
    return Issue(Level.ERROR, "record", f"{message}: please check which holds")
