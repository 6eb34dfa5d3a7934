"""Where the record contradicts itself: told in words, and nothing is decided silently."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from multifocal.knowledge.load import Knowledge
from multifocal.model.issue import Issue, Level
from multifocal.model.record import ConceptId, Fact
from multifocal.model.truth import NO, YES
from multifocal.workup.find import Found


def contradictions(facts: Iterable[Fact], found: Found, knowledge: Knowledge) -> tuple[Issue, ...]:
    """Give an issue for each thing that the record says and denies."""
    every = [*_facts(facts, knowledge), *_findings(found, knowledge)]
    return tuple(dict.fromkeys(every))


def _facts(facts: Iterable[Fact], knowledge: Knowledge) -> Iterator[Issue]:
    """Tell what is present and absent, or normal and not, at one place on one day."""
    seen: dict[tuple[ConceptId, object], set[object]] = defaultdict(set)
    for fact in facts:
        if fact.day is None or fact.day.earliest != fact.day.latest:
            continue
        site = (fact.day, fact.bone, fact.region, fact.laterality, fact.part)
        seen[(fact.concept, site)].add(fact.flag if fact.value is not None else fact.present)
    for (concept, _), answers in seen.items():
        label = knowledge.concepts_by_id[concept].label
        if {True, False} <= answers:
            yield _issue(f"{label} is recorded as present and as absent on one day")
        if "normal" in answers and answers & {"low", "high"}:
            yield _issue(f"{label} is normal and not normal on one day")


def _findings(found: Found, knowledge: Knowledge) -> Iterator[Issue]:
    """Tell what is present without what it can't be present without."""
    labels = knowledge.findings_by_id
    for one in knowledge.differential.implications:
        if found.words[one.present] == YES and found.words[one.implies] == NO:
            there, missing = labels[one.present].label, labels[one.implies].label
            yield _issue(f"{there} is present, yet absent is: {missing}")


def _issue(message: str) -> Issue:
    return Issue(Level.ERROR, "record", f"{message}: please check which holds")
