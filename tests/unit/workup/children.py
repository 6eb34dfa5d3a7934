"""Synthetic children for tests: plain facts on plain days."""

from datetime import date, timedelta
from functools import cache
from typing import Any

import msgspec

from multifocal.knowledge.load import Knowledge, load
from multifocal.model.assessment import Assessment, Coding
from multifocal.model.day import Day
from multifocal.model.record import ConceptId, Fact, FactId, Origin, Patient, Record
from multifocal.workup.assess import assess
from multifocal.workup.coding import coding
from multifocal.workup.find import find

AS_OF = date(2026, 10, 20)
GIRL = Patient("synthetic", birth=Day.parse("2017-03-14"), sex="female", synthetic=True)


@cache
def knowledge() -> Knowledge:
    return load()


def fact(concept: str, *, days_ago: int = 10, **columns: Any) -> Fact:
    """Give a fact of a synthetic child, so many days before the day of assessment."""
    day = AS_OF - timedelta(days=days_ago)
    side = columns.get("laterality", "")
    name = f"Observation/{concept}-{columns.get('bone', '')}-{side}-{days_ago}"
    return Fact(
        id=FactId(name),
        concept=ConceptId(concept),
        origin=Origin(name),
        day=Day(day, day),
        recorded=Day(day, day),
        **columns,
    )


def lesion(bone: str, laterality: str, concept: str = "xray_mixed", **columns: Any) -> Fact:
    """Give a lesion seen on an X-ray."""
    return fact(concept, bone=bone, laterality=laterality, modality="xray", **columns)


def hand_child(laterality: str = "right", *more: Fact) -> Record:
    """Give a girl with four months of pain, two lesions of one hand and harmless blood tests."""
    facts = (
        fact("bone_pain", days_ago=120, onset=True, region="hand", laterality=laterality),
        fact("pain_persistent", days_ago=120, region="hand", laterality=laterality),
        fact("bone_tenderness", region="hand", laterality=laterality),
        lesion("metacarpal_3", laterality),
        lesion("proximal_phalanx_hand_2", laterality),
        lesion("metacarpal_3", laterality, "mri_marrow_oedema"),
        fact("crp", value=12.0, unit="mg/L"),
        fact("wbc", value=7.5, unit="10*9/L"),
        fact("hb", value=125.0, unit="g/L"),
        fact("platelets", value=310.0, unit="10*9/L"),
        fact("alp", value=220.0, unit="U/L"),
    )
    return Record(GIRL, (*facts, *more))


def assessed(record: Record) -> Assessment:
    """Assess as of the day on which all these children are seen."""
    return assess(record, as_of=AS_OF, knowledge=knowledge())


def leading(record: Record) -> Coding:
    """Give the code of a child in whom the disease leads by far."""
    known, given = knowledge(), assessed(record)
    assert given.differential is not None
    alone = msgspec.structs.replace(given.differential, alone="cmo", abstained=False)
    first = next(one for one in alone.ranked if one.condition == "cmo")
    alone = msgspec.structs.replace(alone, ranked=(first,))
    found = find(given.facts, record.patient, as_of=AS_OF, knowledge=known)
    return coding(found, given.lesions, given.facts, (), alone, None, known)


def mirrored(record: Record) -> Record:
    """Give the child in a mirror: left for right, nothing else."""
    other = {"left": "right", "right": "left"}
    return msgspec.structs.replace(
        record,
        facts=tuple(
            msgspec.structs.replace(f, laterality=other.get(f.laterality or "", f.laterality))
            for f in record.facts
        ),
    )
