"""Every condition as something that a record can name: its concept, and sets of them."""

from collections.abc import Iterable, Iterator

import msgspec

from multifocal.knowledge.entries import ConceptEntry, ConditionEntry, ConditionsOf, SetEntry
from multifocal.knowledge.fold import folded_name
from multifocal.model.record import ConceptId

SUSPECTED = ConceptId("disease_suspected")
"""What a disease that would explain the bones is while it is only suspected."""


def named_concepts(
    concepts: Iterable[ConceptEntry],
    conditions: Iterable[ConditionEntry],
    names: Iterable[tuple[ConceptId, str]],
) -> Iterator[ConceptEntry]:
    """Give the concepts, with one for each condition: its own, where one has the condition's id.

    Diseases get the names besides that the value sets hold; the first to claim a name has it.
    """
    rest = {condition.id: condition for condition in conditions}
    entries = tuple(concepts)
    taken = {
        folded_name(name) for one in entries for name in (one.label, *one.names, *one.absent_names)
    }
    found: dict[ConceptId, dict[str, None]] = {}
    for concept_id, name in names:
        if folded_name(name) not in taken:
            found.setdefault(concept_id, {})[name.casefold()] = None
    for concept in entries:
        condition = rest.pop(concept.id, None)
        if concept.kind == "condition":
            more = (*concept.names, *found.get(concept.id, ()))
            concept = msgspec.structs.replace(concept, names=more)
        yield concept if condition is None else _told(concept, condition)
    for condition in rest.values():
        concept = ConceptEntry(
            ConceptId(condition.id),
            condition.name,
            "condition",
            names=tuple(found.get(ConceptId(condition.id), ())),
            source=condition.source,
        )
        yield _told(concept, condition)


def _told(concept: ConceptEntry, condition: ConditionEntry) -> ConceptEntry:
    return msgspec.structs.replace(
        concept,
        also=(*concept.also, *condition.also),
        in_tissue=(*concept.in_tissue, *condition.in_tissue),
        in_doubt=(SUSPECTED,) if condition.named == "explains" else (),
    )


def filled_sets(
    sets: Iterable[SetEntry], conditions: Iterable[ConditionEntry]
) -> Iterator[SetEntry]:
    """Give the sets, with the concepts of the conditions that they ask for."""
    several = tuple(conditions)
    for one in sets:
        asked = one.conditions
        if asked is not None:
            members = (ConceptId(other.id) for other in several if _is_meant(other, asked))
            one = msgspec.structs.replace(one, concepts=(*one.concepts, *members))
        yield one


def _is_meant(condition: ConditionEntry, asked: ConditionsOf) -> bool:
    return (
        (not asked.named or condition.named in asked.named)
        and (not asked.category or condition.category in asked.category)
        and condition.category not in asked.other_category
        and (not asked.urgency or condition.urgency in asked.urgency)
    )
