"""Reading phenopackets: what was seen, never what was concluded."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from multifocal.exchange.phenopackets import read_phenopacket
from multifocal.exchange.read import read
from multifocal.knowledge.load import load
from multifocal.model.issue import RecordError
from multifocal.model.record import Record
from multifocal.workup.assess import assess, latest_day

KNOWLEDGE = load()
DATA = Path(__file__).parents[2] / "data" / "phenopackets"


def packet(**elements: Any) -> Record:
    document = {
        "id": "x",
        "subject": {
            "id": "child",
            "sex": "FEMALE",
            "timeAtLastEncounter": {"age": {"iso8601duration": "P8Y"}},
        },
        "phenotypicFeatures": [],
    } | elements
    return read_phenopacket(json.dumps(document).encode(), knowledge=KNOWLEDGE)


def feature(code: str, label: str = "", *, excluded: bool = False) -> dict[str, Any]:
    return {"type": {"id": code, "label": label}, "excluded": excluded}


def test_feature_is_a_fact_and_excluded_feature_an_absent_one() -> None:
    record = packet(
        phenotypicFeatures=[
            feature("HP:0002653"),
            feature("HP:0001369", "Arthritis", excluded=True),
        ]
    )
    found = {str(fact.concept): fact.present for fact in record.facts}
    assert found["bone_pain"] is True
    assert found["arthritis"] is False


def test_diseases_and_interpretations_are_not_findings() -> None:
    disease = {"term": {"id": "HP:0002653", "label": "Bone pain"}}
    record = packet(diseases=[disease], interpretations=[{"id": "i"}])
    assert [fact.concept for fact in record.facts if fact.concept == "bone_pain"] == []
    told = [one for one in record.issues if "a conclusion is not used" in one.message]
    assert [one.count for one in told] == [2]


def test_sex_is_read_and_no_birth_date_is_invented() -> None:
    child = packet().patient
    assert (child.sex, child.birth) == ("female", None)


def test_measurement_is_converted_with_its_interval() -> None:
    record = packet(
        measurements=[
            {
                "assay": {"id": "LOINC:1988-5", "label": "CRP"},
                "value": {
                    "quantity": {
                        "unit": {"id": "UCUM:mg/dL"},
                        "value": 1.2,
                        "referenceRange": {"low": 0, "high": 0.5},
                    }
                },
                "timeObserved": {"timestamp": "2026-10-01T08:00:00Z"},
            }
        ]
    )
    crp = next(fact for fact in record.facts if fact.concept == "crp")
    assert (crp.value, crp.unit, crp.low, crp.high, crp.flag) == (12.0, "mg/L", 0.0, 5.0, "high")
    assert str(crp.day) == "2026-10-01"


@pytest.mark.parametrize(
    ("birth", "dated", "kept"),
    [
        ("1999-02-01", None, False),
        ("1900-01-01", "2021-01-01", False),
        ("2013-06-01", "2021-05-01", True),
    ],
)
def test_an_age_beats_a_birth_date_that_it_contradicts(
    birth: str, dated: str | None, *, kept: bool
) -> None:
    subject = {
        "id": "child",
        "sex": "MALE",
        "dateOfBirth": f"{birth}T00:00:00Z",
        "timeAtLastEncounter": {"age": {"iso8601duration": "P7Y"}},
    }
    pain = feature("HP:0002653") | ({"onset": {"timestamp": f"{dated}T00:00:00Z"}} if dated else {})
    made = {"created": "2021-01-01T00:00:00Z"}
    record = packet(subject=subject, phenotypicFeatures=[pain], metaData=made)
    assert (record.patient.birth is not None) is kept
    day = latest_day(record)
    assert day is not None
    years = assess(record, as_of=day, knowledge=KNOWLEDGE).age_years
    assert years is not None
    assert int(years[0]) == 7


def test_an_age_range_is_every_age_in_it() -> None:
    ages = {"start": {"iso8601duration": "P5Y"}, "end": {"iso8601duration": "P9Y"}}
    made = {"created": "2021-01-01T00:00:00Z"}
    subject = {"id": "child", "sex": "MALE", "timeAtLastEncounter": {"ageRange": ages}}
    record = packet(subject=subject, phenotypicFeatures=[feature("HP:0002653")], metaData=made)
    years = assess(record, as_of=date(2021, 1, 1), knowledge=KNOWLEDGE).age_years
    assert years is not None
    assert (int(years[0]), int(years[1])) == (5, 9)


def test_a_modifier_names_the_side() -> None:
    swelling = feature("HP:0002653", "Pain of the tibia")
    swelling["modifiers"] = [{"id": "HP:0012835", "label": "Left"}]
    [fact] = [one for one in packet(phenotypicFeatures=[swelling]).facts if one.bone]
    assert (fact.bone, fact.laterality) == ("tibia", "left")


def test_what_is_not_read_is_told_by_its_name() -> None:
    record = packet(
        phenotypicFeatures=[feature("HP:0001250", "Seizure")],
        diseases=[{"term": {"id": "MONDO:0004992", "label": "cancer"}}],
    )
    told = {(one.name, one.place) for one in record.not_read}
    assert told == {("Seizure", "phenotypicFeatures 1"), ("cancer", "diseases 1")}


def test_an_element_that_is_null_is_not_there() -> None:
    bare = feature("HP:0002653") | {"onset": None, "modifiers": None, "excluded": None}
    assert "bone_pain" in [one.concept for one in packet(phenotypicFeatures=[bare]).facts]


def test_broken_feature_costs_only_itself() -> None:
    record = packet(phenotypicFeatures=[5, feature("HP:0002653")])
    assert "bone_pain" in [fact.concept for fact in record.facts]
    assert any(one.where == "phenotypicFeatures 1" for one in record.issues)


def test_what_is_no_phenopacket_is_refused() -> None:
    with pytest.raises(RecordError, match="can't be read at phenotypicFeatures"):
        packet(phenotypicFeatures={})


@pytest.mark.parametrize("path", sorted(DATA.glob("*.json")), ids=lambda path: path.stem)
def test_published_individual_is_read(path: Path) -> None:
    record = read(path, knowledge=KNOWLEDGE)
    assert record.patient.id
    assert record.patient.sex is not None
    features = len(json.loads(path.read_text())["phenotypicFeatures"])
    unread = sum(one.count for one in record.not_read if "phenotypicFeatures" in one.place)
    asides = sum(one.count for one in record.issues if "phenotypicFeatures" in one.where)
    read_features = {fact.origin.resource for fact in record.facts} - {"subject"}
    assert len(read_features) + unread + asides == features
