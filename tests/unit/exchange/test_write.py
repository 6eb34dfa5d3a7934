"""The work-up as FHIR R4, judged by a validator that is not ours."""

import json
from datetime import date
from typing import Any

import fhirkit
import msgspec
import pytest

from multifocal.examples import names, path
from multifocal.exchange.fhir.write import bundle
from multifocal.exchange.read import read
from multifocal.knowledge.load import Knowledge, load
from multifocal.model.finding import FindingId
from multifocal.model.issue import Level
from multifocal.model.record import NotRead, Resources
from multifocal.workup.assess import assess, latest_day


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load()


def written(name: str, knowledge: Knowledge) -> bytes:
    record = read(path(name), knowledge=knowledge)
    day = latest_day(record) or date(2026, 11, 1)
    return bundle(assess(record, as_of=day, knowledge=knowledge), knowledge=knowledge)


def resources(name: str, knowledge: Knowledge, kind: str) -> list[dict[str, Any]]:
    entries = json.loads(written(name, knowledge))["entry"]
    return [e["resource"] for e in entries if e["resource"]["resourceType"] == kind]


@pytest.mark.parametrize("name", names())
def test_every_example_gives_valid_fhir(name: str, knowledge: Knowledge) -> None:
    assert list(fhirkit.validate(written(name, knowledge).decode())) == []


def test_the_validator_refuses_what_is_wrong(knowledge: Knowledge) -> None:
    broken = written("right-hand", knowledge).replace(b'"status"', b'"standing"')
    assert list(fhirkit.validate(broken.decode()))


def test_the_suggested_code_is_a_finding_and_no_condition(knowledge: Knowledge) -> None:
    [impression] = resources("right-hand", knowledge, "ClinicalImpression")
    codes = [
        coding["code"]
        for finding in impression["finding"]
        for coding in finding["itemCodeableConcept"].get("coding", ())
    ]
    assert codes == ["M86.341"]
    assert resources("right-hand", knowledge, "Condition") == []


def test_a_vertebra_stands_beside_the_code_and_a_symptom_in_place_of_it(
    knowledge: Knowledge,
) -> None:
    def codes(name: str) -> list[str]:
        [impression] = resources(name, knowledge, "ClinicalImpression")
        every = (one["itemCodeableConcept"].get("coding", ()) for one in impression["finding"])
        return [coding["code"] for found in every for coding in found]

    assert codes("whole-body-psoriasis") == ["M86.39", "M46.24"]  # T8 among five bones
    assert codes("left-hand") == ["M79.642"]  # injury leads: pain in the left hand


def test_what_was_looked_for_and_not_found_is_no_finding(knowledge: Knowledge) -> None:
    [impression] = resources("right-hand", knowledge, "ClinicalImpression")
    basis = {one["basis"].partition(":")[0] for one in impression["finding"]}
    assert basis == {"suggested code, provisional", "present"}
    named = {one["itemCodeableConcept"]["text"] for one in impression["finding"]}
    assert knowledge.findings_by_id[FindingId("fever")].label not in named  # she has none


def test_a_score_that_is_open_is_a_range(knowledge: Knowledge) -> None:
    [score] = [
        one
        for one in resources("right-hand", knowledge, "Observation")
        if one["id"] == "nbods-2023"
    ]
    [component] = [one for one in score["component"] if one["code"]["text"] == "score"]
    # CRP 12 mg/L gives 56 and two bones 27; femur 17 and bands 15 are not recorded: 83 to 115.
    assert component["valueRange"]["low"]["value"] == 83
    assert component["valueRange"]["high"]["value"] == 115


def test_each_red_flag_is_a_detected_issue_that_names_its_resources(knowledge: Knowledge) -> None:
    issues = resources("leukaemia-like", knowledge, "DetectedIssue")
    assert any("liver or spleen" in one["code"]["text"] for one in issues)
    assert all(one["implicated"] for one in issues)


def test_what_was_not_read_is_a_note_in_which_no_name_is_markup(knowledge: Knowledge) -> None:
    record = msgspec.structs.replace(
        read(path("right-hand"), knowledge=knowledge),
        not_read=(
            NotRead("document", "<b>A</b>\x1b\n[x](y)", "DocumentReference 5", level=Level.WARNING),
            NotRead("resource", "Claim", "Claim 1", count=12),
        ),
        resources=Resources(30, 1, 13),
    )
    day = latest_day(record) or date(2026, 11, 1)
    given = bundle(assess(record, as_of=day, knowledge=knowledge), knowledge=knowledge)
    assert list(fhirkit.validate(given.decode())) == []
    entries = [entry["resource"] for entry in json.loads(given)["entry"]]
    [impression] = [one for one in entries if one["resourceType"] == "ClinicalImpression"]
    assert [note["text"] for note in impression["note"]][-3:] == [
        "Read: 30 of 44 resources; 1 in part.",
        r"Not read (warning): document \<b\>A\</b\> \[x\](y) (DocumentReference 5).",
        "Not read (info): resource Claim (Claim 1, 12 times).",
    ]
