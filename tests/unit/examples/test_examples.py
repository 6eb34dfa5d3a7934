import json
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ucumvert import PintUcumRegistry  # type: ignore[import-untyped]  # it ships no types

from multifocal import examples
from multifocal.model.day import Day
from multifocal.model.issue import MultifocalError

Json = Any
"""JSON as the standard library reads it: nothing here is typed until it is checked."""

BAD = Path(__file__).parents[2] / "data" / "bad"

LAST_ENTRY = {
    "leukaemia-like": date(2026, 9, 2),
    "left-hand": date(2026, 9, 15),
    "nearly-empty": date(2026, 12, 31),
    "right-hand": date(2026, 10, 20),
    "right-hand-biopsy": date(2026, 12, 29),
    "whole-body-psoriasis": date(2026, 6, 2),
}
"""As the examples' README prints them; the nearly empty record has no date but a birth year."""

BUNDLE_TYPES = {
    "leukaemia-like": "collection",
    "left-hand": "document",
    "nearly-empty": "searchset",
    "right-hand": "collection",
    "right-hand-biopsy": "transaction",
    "whole-body-psoriasis": "searchset",
}

LOINC = {
    # Status as the laboratory evidence states it, test by test.
    "1988-5": "verified",
    "30341-2": "verified",
    "6690-2": "verified",
    "751-8": "verified",
    "718-7": "verified",
    "787-2": "verified",
    "777-3": "verified",
    "5909-7": "from memory",
    "2532-0": "verified",
    "3084-1": "verified",
    "6768-6": "verified",
    "17861-6": "verified",
    "2777-1": "verified",
    "1989-3": "verified",
    "1903-4": "verified",
    "2160-0": "verified",
    "1742-6": "verified",
    "1751-7": "verified",
    "600-7": "verified",
    "2276-4": "verified",
    "26028-1": "verified",
    "8061-4": "verified",
    "38445-3": "verified",
    "45323-3": "verified",
    # Not laboratory analytes; carried by the public Synthea sample.
    "58410-2": "Synthea sample",
    "8331-1": "Synthea sample",
    "8302-2": "Synthea sample",
    "29463-7": "Synthea sample",
    "72514-3": "Synthea sample",
    # Kinds of report, in US Core's value set of clinical note types.
    "18748-4": "US Core",
    "11526-1": "US Core",
    "11488-4": "US Core",
    # The answer "Yes", in public FHIR questionnaires.
    "LA33-6": "public FHIR questionnaires",
}

HAND_BONES = {
    # UBERON to FMA, from UBERON's musculoskeletal.obo, 2026-04-01 (CC-BY-3.0).
    "UBERON:0003646": "FMA:23900",
    "UBERON:0003647": "FMA:23901",
    "UBERON:0004329": "FMA:23920",
    "UBERON:0001428": "FMA:23712",
    "UBERON:0001432": "FMA:23727",
}

DATED = {
    "abatementDateTime",
    "authored",
    "authoredOn",
    "collectedDateTime",
    "date",
    "dateAsserted",
    "effectiveDateTime",
    "end",
    "issued",
    "onsetDateTime",
    "performedDateTime",
    "recordedDate",
    "start",
    "started",
    "timestamp",
}

LIMIT_BYTES = 120_000

every_example = pytest.mark.parametrize("name", sorted(LAST_ENTRY))


def bundle(name: str) -> Json:
    return json.loads(examples.path(name).read_text(encoding="utf-8"))


def pairs(value: Json) -> Iterator[tuple[str, Json]]:
    """Give every key with its value, at any depth; each member of a list under the list's key."""
    if isinstance(value, dict):
        for key, inner in value.items():
            members = inner if isinstance(inner, list) else [inner]
            for member in members:
                yield key, member
                yield from pairs(member)


def resources(name: str, kind: str = "") -> tuple[Json, ...]:
    every = (entry["resource"] for entry in bundle(name)["entry"])
    return tuple(one for one in every if kind in ("", one["resourceType"]))


def codings(value: Json) -> Iterator[Json]:
    for _, inner in pairs({"": value}):
        if isinstance(inner, dict) and "system" in inner and "code" in inner:
            yield inner


def codes(name: str, system: str) -> set[str]:
    return {one["code"] for one in codings(bundle(name)) if one["system"] == system}


def concepts(name: str) -> set[str]:
    return codes(name, "urn:multifocal:concept")


def results(name: str, loinc: str) -> tuple[Json, ...]:
    wanted = {"system": "http://loinc.org", "code": loinc}
    return tuple(
        one
        for one in resources(name, "Observation")
        if any(wanted.items() <= coding.items() for coding in one["code"].get("coding", ()))
    )


def test_six_examples_are_shipped() -> None:
    assert examples.names() == tuple(sorted(LAST_ENTRY))


def test_an_unknown_example_is_refused_with_the_names_that_exist() -> None:
    with pytest.raises(MultifocalError, match=r"right-hand-biopsy"):
        examples.path("no-such-child")


@every_example
def test_an_example_is_a_bundle_of_the_stated_type(name: str) -> None:
    whole = bundle(name)
    assert (whole["resourceType"], whole["type"]) == ("Bundle", BUNDLE_TYPES[name])


@every_example
def test_an_example_says_first_that_it_is_synthetic(name: str) -> None:
    whole = bundle(name)
    [patient] = resources(name, "Patient")
    assert list(whole)[:3] == ["resourceType", "id", "meta"]
    for tagged in (whole, patient):
        assert {"HTEST"} <= {tag["code"] for tag in tagged["meta"]["tag"]}
    assert "Synthetic example, not a real child" in patient["text"]["div"]
    assert patient["name"][0]["text"].startswith("Example ")


@every_example
def test_no_person_or_organisation_in_an_example_could_be_taken_for_a_real_one(name: str) -> None:
    for kind in ("Organization", "RelatedPerson"):
        for one in resources(name, kind):
            shown = one["name"] if isinstance(one["name"], str) else one["name"][0]["text"]
            assert shown.startswith("Example ")
            assert "(synthetic)" in shown
    assert not resources(name, "Practitioner")


@every_example
def test_an_example_stays_small_enough_to_read(name: str) -> None:
    assert examples.path(name).stat().st_size <= LIMIT_BYTES


@every_example
def test_every_reference_leads_to_a_resource_of_the_same_bundle(name: str) -> None:
    entries = bundle(name)["entry"]
    known = {entry["fullUrl"] for entry in entries}
    assert len(known) == len(entries)
    for entry in entries:
        inside = {f"#{one['id']}" for one in entry["resource"].get("contained", ())}
        root = entry["fullUrl"].rsplit("/", 2)[0]
        for key, value in pairs(entry["resource"]):
            if key == "reference":
                assert value in inside | known or f"{root}/{value}" in known


@every_example
def test_full_urls_agree_with_the_resources_under_them(name: str) -> None:
    for entry in bundle(name)["entry"]:
        if entry["fullUrl"].startswith("urn:uuid:"):
            assert re.fullmatch(
                r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", entry["fullUrl"]
            )
        else:
            resource = entry["resource"]
            assert entry["fullUrl"].endswith(f"/{resource['resourceType']}/{resource['id']}")


def test_references_are_relative_absolute_contained_and_urn() -> None:
    met = {value for name in LAST_ENTRY for key, value in pairs(bundle(name)) if key == "reference"}
    forms = (
        r"[A-Z]\w+/[\w-]+",
        r"https://hospital\.example/fhir/\w+/[\w-]+",
        r"#\w.*",
        r"urn:uuid:.*",
    )
    for form in forms:
        assert any(re.fullmatch(form, one) for one in met)


@every_example
def test_nothing_is_dated_before_birth_or_after_the_last_entry(name: str) -> None:
    [patient] = resources(name, "Patient")
    birth = Day.parse(patient["birthDate"])
    dates = [Day.parse(value) for key, value in pairs(bundle(name)) if key in DATED]
    for day in dates:
        assert birth.latest < day.earliest <= LAST_ENTRY[name]
    if name != "nearly-empty":
        assert max(day.earliest for day in dates) == LAST_ENTRY[name]


@every_example
def test_a_period_does_not_end_before_it_starts(name: str) -> None:
    for _, value in pairs(bundle(name)):
        if isinstance(value, dict) and {"start", "end"} <= value.keys():
            assert value["start"] <= value["end"]


@every_example
def test_a_reference_range_is_in_the_unit_of_its_value_and_the_right_way_round(name: str) -> None:
    for one in resources(name, "Observation"):
        for interval in one.get("referenceRange", ()):
            ends = [interval[end] for end in ("low", "high") if end in interval]
            assert {end["code"] for end in ends} == {one["valueQuantity"]["code"]}
            assert ends[0]["value"] <= ends[-1]["value"]


@every_example
def test_every_unit_is_ucum(name: str) -> None:
    registry = PintUcumRegistry()
    for _, value in pairs(bundle(name)):
        if isinstance(value, dict) and isinstance(value.get("value"), int | float):
            assert value["system"] == "http://unitsofmeasure.org"
            registry.from_ucum(value["code"])


@every_example
def test_every_loinc_code_has_a_stated_source(name: str) -> None:
    assert codes(name, "http://loinc.org") <= LOINC.keys()


def test_no_loinc_code_is_listed_for_nothing() -> None:
    assert set().union(*(codes(name, "http://loinc.org") for name in LAST_ENTRY)) == LOINC.keys()


@every_example
def test_every_code_is_shown_in_words(name: str) -> None:
    for one in codings(bundle(name)):
        if "value" not in one:
            assert one["display"]
    for key, value in pairs(bundle(name)):
        if key in ("code", "bodySite", "valueCodeableConcept") and isinstance(value, dict):
            assert value.get("text") or value.get("display")


def test_hand_bones_carry_the_uberon_and_fma_codes_of_the_same_bone() -> None:
    met = {}
    for name in LAST_ENTRY:
        for _, value in pairs(bundle(name)):
            if isinstance(value, dict) and "coding" in value:
                by_system = {one["system"]: one["code"] for one in value["coding"]}
                if "http://purl.obolibrary.org/obo/uberon.owl" in by_system:
                    uberon = by_system["http://purl.obolibrary.org/obo/uberon.owl"]
                    met[uberon] = by_system["urn:oid:2.16.840.1.113883.6.119"]
    assert met == HAND_BONES


def test_the_girl_with_the_right_hand_is_nine_and_four_months_into_her_pain() -> None:
    [patient] = resources("right-hand", "Patient")
    birth = date.fromisoformat(patient["birthDate"])
    last = LAST_ENTRY["right-hand"]
    pain = next(one for one in resources("right-hand", "Condition") if one["id"] == "hand-pain")
    assert patient["gender"] == "female"
    assert last.year - birth.year - ((last.month, last.day) < (birth.month, birth.day)) == 9
    assert pain["onsetDateTime"] == "2026-06"
    assert last.month - 6 == 4


def test_the_girl_with_the_right_hand_lacks_what_the_work_up_should_miss() -> None:
    assert not results("right-hand", "1903-4")
    assert not concepts("right-hand") & {"whole_body_mri", "biopsy", "biopsy_sterile_inflammation"}
    assert results("right-hand-biopsy", "1903-4")
    assert concepts("right-hand-biopsy") > {
        "whole_body_mri",
        "biopsy",
        "biopsy_sterile_inflammation",
    }


def test_crp_comes_in_mg_per_dl_and_in_mg_per_l_and_is_slightly_raised_in_both() -> None:
    met = {
        one["valueQuantity"]["code"]: (
            one["valueQuantity"]["value"],
            one["referenceRange"][0]["high"]["value"],
        )
        for one in results("right-hand", "1988-5")
    }
    assert met == {"mg/dL": (0.9, 0.5), "mg/L": (12, 5)}


def test_some_blood_tests_bring_their_own_interval_and_some_do_not() -> None:
    labs = [one for one in resources("right-hand", "Observation") if "valueQuantity" in one]
    assert 0 < sum("referenceRange" in one for one in labs) < len(labs)


def test_an_evening_sample_would_move_to_the_next_day_in_utc() -> None:
    [sample] = [one for one in results("right-hand", "1988-5") if one["id"] == "crp-july"]
    assert sample["effectiveDateTime"] == "2026-07-21T22:40:00-05:00"


def test_the_film_without_blasts_of_the_leukaemia_like_child_is_only_preliminary() -> None:
    [film] = results("leukaemia-like", "5909-7")
    assert (film["status"], film["valueCodeableConcept"]["text"]) == (
        "preliminary",
        "No blasts seen",
    )


def test_the_nearly_empty_record_holds_a_birth_year_and_one_undated_pain() -> None:
    patient, pain = resources("nearly-empty")
    assert (patient["birthDate"], patient["gender"]) == ("2016", "unknown")
    assert pain["code"]["coding"][0]["code"] == "M79.643"
    assert not pain.keys() & {"onsetDateTime", "recordedDate", "bodySite"}


@every_example
def test_every_record_but_the_nearly_empty_one_holds_a_refuted_condition(name: str) -> None:
    refuted = [
        one
        for one in resources(name, "Condition")
        if "refuted" in {coding["code"] for coding in codings(one.get("verificationStatus"))}
    ]
    assert bool(refuted) is (name != "nearly-empty")


def test_every_bad_input_says_what_it_must_lead_to() -> None:
    told = set(re.findall(r"^\| `([\w.-]+)` \|", (BAD / "README.md").read_text("utf-8"), re.M))
    assert told == {file.name for file in BAD.iterdir()} - {"README.md"}


@pytest.mark.parametrize("name", ["empty.json", "not-json.json", "truncated.json", "bundle.json"])
def test_a_file_that_should_not_parse_does_not(name: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        json.loads((BAD / name).read_bytes())


def test_the_zip_under_a_json_name_is_a_zip() -> None:
    assert zipfile.is_zipfile(BAD / "bundle.json")


@pytest.mark.parametrize(
    "name",
    [
        "birth-after-tests.json",
        "byte-order-mark.json",
        "duplicate-observation.json",
        "emoji-rtl-name.json",
        "impossible-date.json",
        "lab-without-unit.json",
        "laterality-conflict.json",
        "no-patient.json",
        "sex-unknown.json",
        "two-patients.json",
        "unknown-loinc.json",
        "utf-16.json",
        "wrong-resource-type.json",
    ],
)
def test_a_bad_record_says_that_it_is_a_test(name: str) -> None:
    assert json.loads((BAD / name).read_bytes())["meta"]["tag"][0]["code"] == "HTEST"
