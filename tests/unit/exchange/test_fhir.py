"""Reading FHIR R4: what each resource becomes, and what is left out and said so."""

import json
from typing import Any

import pytest

from multifocal.exchange.fhir.read import read_bundle
from multifocal.knowledge.load import load
from multifocal.model.day import Day
from multifocal.model.issue import Issue, Level, RecordError
from multifocal.model.record import Fact, NotRead, Record

KNOWLEDGE = load()
LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
OURS = "urn:multifocal:concept"
HPO = "http://human-phenotype-ontology.org"
UCUM = "http://unitsofmeasure.org"
UNSEEN = "zq-secret"
"""Stands where a value of a record is; it must never be seen in an issue."""

Json = dict[str, Any]


def patient(**elements: Any) -> Json:
    return {
        "resourceType": "Patient",
        "id": "p",
        "gender": "female",
        "birthDate": "2017-03-10",
    } | elements


def coded(system: str, code: str, text: str = "") -> Json:
    return {"coding": [{"system": system, "code": code}], **({"text": text} if text else {})}


def observation(code: Json, **elements: Any) -> Json:
    return {
        "resourceType": "Observation",
        "id": "o",
        "status": "final",
        "code": code,
        "subject": {"reference": "Patient/p"},
        "effectiveDateTime": "2026-10-01",
    } | elements


def crp(value: float = 12, unit: str | None = "mg/L", **elements: Any) -> Json:
    quantity: Json = {"value": value}
    if unit is not None:
        quantity |= {"unit": unit, "system": UCUM, "code": unit}
    return observation(coded(LOINC, "1988-5"), **{"valueQuantity": quantity} | elements)


def condition(code: Json, verification: str = "confirmed", **elements: Any) -> Json:
    status = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
    return {
        "resourceType": "Condition",
        "id": "c",
        "verificationStatus": coded(status, verification),
        "code": code,
        "subject": {"reference": "Patient/p"},
        "onsetDateTime": "2026-06",
    } | elements


def marrow(text: str) -> Json:
    return {
        "resourceType": "DiagnosticReport",
        "id": "marrow",
        "status": "final",
        "code": {"text": "Bone marrow aspirate"},
        "subject": {"reference": "Patient/p"},
        "effectiveDateTime": "2026-07-01",
        "conclusion": text,
    }


def bundle(*resources: Json, **elements: Any) -> Json:
    entries = [{"resource": resource} for resource in resources]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries} | elements


def read(*resources: Json, with_patient: bool = True, **elements: Any) -> Record:
    child = (patient(),) if with_patient else ()
    return read_raw(bundle(*child, *resources, **elements))


def read_raw(document: Json, patient_id: str | None = None) -> Record:
    return read_bundle(json.dumps(document).encode(), knowledge=KNOWLEDGE, patient=patient_id)


def only(record: Record, concept: str) -> Fact:
    found = [fact for fact in record.facts if fact.concept == concept]
    assert len(found) == 1
    return found[0]


def issue(record: Record, level: Level, words: str) -> Issue:
    found = [one for one in record.issues if words in one.message and one.level is level]
    assert len(found) == 1, record.issues
    return found[0]


def unread(record: Record, words: str, *, level: Level = Level.INFO) -> NotRead:
    found = [one for one in record.not_read if words in one.why and one.level is level]
    assert len(found) == 1, record.not_read
    return found[0]


def concepts(record: Record) -> list[str]:
    return [fact.concept for fact in record.facts]


class TestPatient:
    def test_name_birth_and_sex_are_read(self) -> None:
        child = patient(name=[{"use": "official", "given": ["Example", "A."], "family": "Girl"}])
        found = read_raw(bundle(child)).patient
        assert (found.id, found.name, found.sex) == ("p", "Example A. Girl", "female")
        assert found.birth == Day.parse("2017-03-10")

    def test_birth_sex_is_preferred_to_administrative_sex(self) -> None:
        url = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex"
        child = patient(gender="male", extension=[{"url": url, "valueCode": "F"}])
        assert read_raw(bundle(child)).patient.sex == "female"

    def test_birth_year_alone_keeps_its_precision(self) -> None:
        found = read_raw(bundle(patient(birthDate="2016"))).patient.birth
        assert found == Day.parse("2016")

    @pytest.mark.parametrize("gender", ["unknown", "other", None])
    def test_sex_not_recorded_is_said(self, gender: str | None) -> None:
        record = read_raw(bundle(patient(gender=gender)))
        assert record.patient.sex is None
        issue(record, Level.INFO, "sex is not known")

    def test_impossible_birth_date_is_dropped_and_said(self) -> None:
        record = read_raw(bundle(patient(birthDate="2017-02-30")))
        assert record.patient.birth is None
        issue(record, Level.WARNING, "birthDate is no possible date")

    def test_broken_element_of_the_patient_costs_only_itself(self) -> None:
        record = read_raw(bundle(patient(name=UNSEEN)))
        assert record.patient.birth == Day.parse("2017-03-10")
        issue(record, Level.WARNING, "name can't be read")

    def test_record_without_patient_resource_is_read_and_says_so(self) -> None:
        record = read(crp(), with_patient=False)
        assert record.patient.id == "p"
        assert concepts(record) == ["crp"]
        issue(record, Level.WARNING, "no Patient resource")

    def test_test_data_are_marked_synthetic(self) -> None:
        assert read_raw(bundle(patient(meta={"tag": [{"code": "HTEST"}]}))).patient.synthetic
        assert not read_raw(bundle(patient())).patient.synthetic

    def test_birth_after_a_test_leaves_no_age(self) -> None:
        record = read_raw(bundle(patient(birthDate="2027-01-01"), crp()))
        assert record.patient.birth is None
        assert only(record, "crp").day == Day.parse("2026-10-01")
        issue(record, Level.ERROR, "birth date is later than a test")

    def test_order_dated_before_birth_loses_its_day_only(self) -> None:
        order = {
            "resourceType": "MedicationRequest",
            "id": "m",
            "status": "active",
            "intent": "order",
            "medicationCodeableConcept": {"text": "Ibuprofen"},
            "subject": {"reference": "Patient/p"},
            "authoredOn": "1970-01-01",
        }
        record = read(crp(), order)
        assert record.patient.birth == Day.parse("2017-03-10")
        assert only(record, "nsaid").day is None
        issue(record, Level.ERROR, "before the birth")

    def test_birth_on_the_day_of_a_test_in_another_time_zone_is_no_contradiction(self) -> None:
        child = patient(birthDate="2026-10-02")
        assert read_raw(bundle(child, crp())).patient.birth == Day.parse("2026-10-02")


class TestWhose:
    def test_two_patients_are_refused_without_an_id(self) -> None:
        document = bundle(patient(id="zq1"), patient(id="zq2"))
        with pytest.raises(RecordError, match="holds 2 patients") as fault:
            read_raw(document)
        assert "zq" not in str(fault.value)

    def test_chosen_patient_gets_only_her_own_facts(self) -> None:
        other = crp(99, id="x", subject={"reference": "Patient/q"})
        document = bundle(patient(), patient(id="q"), crp(12), other)
        record = read_raw(document, patient_id="p")
        assert [fact.value for fact in record.facts] == [12]
        assert read_raw(document, patient_id="q").facts[0].value == 99

    def test_unknown_id_is_refused_without_repeating_it(self) -> None:
        with pytest.raises(RecordError) as fault:
            read_raw(bundle(patient()), patient_id=UNSEEN)
        assert UNSEEN not in str(fault.value)

    def test_fact_about_somebody_else_is_left_out(self) -> None:
        record = read(crp(subject={"reference": "Patient/other"}))
        assert not record.facts
        issue(record, Level.WARNING, "about another patient")

    def test_observation_with_another_focus_is_left_out(self) -> None:
        record = read(crp(focus=[{"reference": "RelatedPerson/mother"}]))
        assert not record.facts
        issue(record, Level.WARNING, "someone or something else")

    @pytest.mark.parametrize(
        "reference",
        [
            "Patient/p",
            "https://hospital.example/fhir/Patient/p",
            "https://hospital.example/fhir/Patient/p/_history/3",
            "urn:uuid:8b9a0c1e-0000-4000-8000-000000000001",
        ],
    )
    def test_reference_is_followed_however_it_is_written(self, reference: str) -> None:
        url = "urn:uuid:8b9a0c1e-0000-4000-8000-000000000001"
        document = bundle(patient(), crp(subject={"reference": reference}))
        document["entry"][0]["fullUrl"] = url
        assert concepts(read_raw(document)) == ["crp"]


class TestLaboratory:
    def test_crp_in_milligrams_per_decilitre_is_ten_times_as_much(self) -> None:
        fact = only(read(crp(1.2, "mg/dL")), "crp")
        assert (fact.value, fact.unit) == (12.0, "mg/L")

    def test_value_without_unit_is_left_out_and_says_what_to_add(self) -> None:
        record = read(crp(48.1, None))
        assert not record.facts
        found = issue(record, Level.WARNING, "has no unit and was left out")
        assert "Add its unit as UCUM" in found.message
        assert found.where == "Observation 1"

    def test_unit_of_another_kind_is_left_out(self) -> None:
        record = read(crp(12, "mm/h"))
        assert not record.facts
        issue(record, Level.WARNING, "can't be turned into mg/L")

    def test_comparator_is_kept(self) -> None:
        quantity = {"value": 0.3, "comparator": "<", "code": "mg/dL", "system": UCUM}
        fact = only(read(observation(coded(LOINC, "1988-5"), valueQuantity=quantity)), "crp")
        assert (fact.comparator, fact.value) == ("<", 3.0)

    def test_laboratory_interval_is_converted_with_the_value(self) -> None:
        given = [{"high": {"value": 0.5, "code": "mg/dL"}}]
        fact = only(read(crp(1.2, "mg/dL", referenceRange=given)), "crp")
        assert (fact.low, fact.high, fact.flag, fact.interval) == (None, 5.0, "high", "laboratory")

    def test_interval_in_a_unit_of_its_own_is_converted_by_that(self) -> None:
        given = [{"high": {"value": 5, "code": "mg/L"}}]
        fact = only(read(crp(1.2, "mg/dL", referenceRange=given)), "crp")
        assert (fact.high, fact.flag) == (5.0, "high")

    def test_interval_without_unit_is_in_the_unit_of_the_value(self) -> None:
        fact = only(read(crp(1.2, "mg/dL", referenceRange=[{"high": {"value": 0.5}}])), "crp")
        assert fact.high == 5.0

    def test_interval_in_words_is_read(self) -> None:
        fact = only(read(crp(4, referenceRange=[{"text": "0 - 5 mg/L"}])), "crp")
        assert (fact.low, fact.high, fact.flag) == (0.0, 5.0, "normal")

    def test_interval_for_the_age_of_the_child_is_chosen(self) -> None:
        def of_age(low: int, high: int, limit: float) -> Json:
            return {
                "high": {"value": limit},
                "age": {"low": {"value": low, "code": "a"}, "high": {"value": high, "code": "a"}},
            }

        fact = only(read(crp(12, referenceRange=[of_age(0, 5, 20), of_age(6, 17, 10)])), "crp")
        assert (fact.high, fact.flag) == (10.0, "high")

    def test_interval_up_to_an_age_is_chosen_for_a_younger_child(self) -> None:
        children = {"high": {"value": 10}, "age": {"high": {"value": 18, "code": "a"}}}
        adults = {"high": {"value": 20}, "age": {"low": {"value": 18, "code": "a"}}}
        assert only(read(crp(12, referenceRange=[adults, children])), "crp").high == 10.0

    def test_interval_for_the_other_sex_is_passed_over(self) -> None:
        sex = "http://hl7.org/fhir/administrative-gender"
        given = [
            {"high": {"value": 20}, "appliesTo": [coded(sex, "male")]},
            {"high": {"value": 10}, "appliesTo": [coded(sex, "female")]},
        ]
        assert only(read(crp(12, referenceRange=given)), "crp").high == 10.0

    def test_interval_of_treatment_is_not_the_normal_one(self) -> None:
        meaning = "http://terminology.hl7.org/CodeSystem/referencerange-meaning"
        given = [{"high": {"value": 99}, "type": coded(meaning, "treatment")}]
        assert only(read(crp(12, referenceRange=given)), "crp").high is None

    def test_several_intervals_that_fit_are_none(self) -> None:
        record = read(crp(12, referenceRange=[{"high": {"value": 5}}, {"high": {"value": 20}}]))
        fact = only(record, "crp")
        assert (fact.high, fact.flag) == (None, None)
        issue(record, Level.INFO, "several reference intervals")

    def test_flag_of_the_laboratory_stands_where_it_gives_no_interval(self) -> None:
        system = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
        fact = only(read(crp(12, interpretation=[coded(system, "HH")])), "crp")
        assert fact.flag == "high"

    def test_flag_that_contradicts_the_interval_is_never_normal(self) -> None:
        system = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
        given = [{"high": {"value": 5}}]
        record = read(crp(12, referenceRange=given, interpretation=[coded(system, "N")]))
        assert only(record, "crp").flag == "high"
        issue(record, Level.WARNING, "disagree")

    def test_censored_value_below_the_upper_limit_is_normal(self) -> None:
        quantity = {"value": 5, "comparator": "<", "code": "mg/L"}
        given = [{"high": {"value": 5, "code": "mg/L"}}]
        record = read(
            observation(coded(LOINC, "1988-5"), valueQuantity=quantity, referenceRange=given)
        )
        assert only(record, "crp").flag == "normal"

    def test_censored_value_that_may_be_either_has_no_flag(self) -> None:
        quantity = {"value": 5, "comparator": ">", "code": "mg/L"}
        given = [{"high": {"value": 10, "code": "mg/L"}}]
        record = read(
            observation(coded(LOINC, "1988-5"), valueQuantity=quantity, referenceRange=given)
        )
        assert only(record, "crp").flag is None

    def test_value_below_zero_is_left_out(self) -> None:
        record = read(crp(-3))
        assert not record.facts
        issue(record, Level.WARNING, "below zero")

    def test_zero_is_a_value(self) -> None:
        assert only(read(crp(0)), "crp").value == 0.0

    def test_number_in_text_is_read_with_its_unit(self) -> None:
        record = read(observation(coded(LOINC, "1988-5"), valueString="<0,3 mg/dL"))
        fact = only(record, "crp")
        assert (fact.value, fact.comparator) == (3.0, "<")

    def test_laboratory_value_in_words_is_left_out(self) -> None:
        record = read(observation(coded(LOINC, "1988-5"), valueString="negative"))
        assert not record.facts
        issue(record, Level.WARNING, "in words instead of a number")

    def test_name_of_a_test_does_not_outweigh_its_loinc_code(self) -> None:
        urine = {"coding": [{"system": LOINC, "code": "1754-1"}], "text": "Albumin"}
        quantity = {"value": 20, "code": "mg/L"}
        record = read(observation(urine, valueQuantity=quantity))
        assert not record.facts
        issue(record, Level.WARNING, "its LOINC code is another")

    def test_name_of_a_test_with_a_local_code_is_enough(self) -> None:
        local = {"coding": [{"system": "urn:lab", "code": "17"}], "text": "C-Reactive Protein"}
        quantity = {"value": 20, "code": "mg/L"}
        assert only(read(observation(local, valueQuantity=quantity)), "crp").value == 20.0

    def test_temperature_in_fahrenheit_is_exactly_the_limit_of_fever(self) -> None:
        quantity = {"value": 100.4, "code": "[degF]", "system": UCUM}
        record = read(observation(coded(LOINC, "8310-5"), valueQuantity=quantity))
        assert only(record, "temperature").value == 38.0


class TestAnswers:
    def test_false_is_an_absent_fact(self) -> None:
        assert not only(
            read(observation(coded(OURS, "fever"), valueBoolean=False)), "fever"
        ).present

    @pytest.mark.parametrize(
        ("system", "code", "present"),
        [
            (LOINC, "LA33-6", True),
            (LOINC, "LA32-8", False),
            (SNOMED, "373067005", False),
            (SNOMED, "260415000", False),
            ("http://terminology.hl7.org/CodeSystem/v2-0136", "Y", True),
        ],
    )
    def test_coded_yes_and_no_are_understood(self, system: str, code: str, present: bool) -> None:  # noqa: FBT001
        record = read(observation(coded(OURS, "fever"), valueCodeableConcept=coded(system, code)))
        assert only(record, "fever").present is present

    def test_answer_that_is_not_known_is_no_fact(self) -> None:
        value = {"text": "don't know"}
        record = read(observation(coded(OURS, "fever"), valueCodeableConcept=value))
        assert not record.facts
        issue(record, Level.INFO, "answered as not known")

    def test_words_that_are_not_understood_are_left_out(self) -> None:
        record = read(observation(coded(OURS, "fever"), valueString=f"{UNSEEN} now and then"))
        assert not record.facts
        unread(record, "is not understood", level=Level.WARNING)

    def test_reason_for_absence_is_no_fact(self) -> None:
        reason = coded("http://terminology.hl7.org/CodeSystem/data-absent-reason", "not-performed")
        record = read(observation(coded(LOINC, "1988-5"), dataAbsentReason=reason))
        assert not record.facts
        unread(record, "has no value, and says why")

    def test_code_and_text_of_a_value_that_differ_are_believed_neither(self) -> None:
        value = coded(LOINC, "LA6576-8", text="negative")
        record = read(observation(coded(LOINC, "600-7"), valueCodeableConcept=value))
        assert not record.facts
        issue(record, Level.WARNING, "contradict each other")

    def test_finding_named_by_the_value_is_the_fact(self) -> None:
        record = read(
            observation({"text": "Imaging finding"}, valueCodeableConcept=coded(HPO, "HP:0002797"))
        )
        assert only(record, "xray_lytic").present

    def test_disease_named_under_a_question_about_the_family_is_not_the_childs(self) -> None:
        # LOINC 10157-6: history of family member diseases.
        value = {"text": "Psoriasis"}
        record = read(observation(coded(LOINC, "10157-6"), valueCodeableConcept=value))
        assert not record.facts

    def test_no_blasts_on_a_film_is_absence_of_blasts(self) -> None:
        record = read(observation(coded(OURS, "film"), valueString="No blasts seen"))
        assert only(record, "film").present
        assert not only(record, "blasts_on_film").present

    def test_no_growth_after_days_is_a_negative_culture(self) -> None:
        record = read(observation(coded(LOINC, "600-7"), valueString="No growth after 5 days"))
        assert not only(record, "blood_culture").present

    def test_culture_that_is_negative_so_far_is_not_negative(self) -> None:
        record = read(
            observation(coded(LOINC, "600-7"), valueString="No growth", status="preliminary")
        )
        assert not record.facts
        issue(record, Level.INFO, "preliminary")

    def test_interpretation_is_the_answer_where_there_is_no_value(self) -> None:
        system = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
        record = read(observation(coded(LOINC, "600-7"), interpretation=[coded(system, "NEG")]))
        assert not only(record, "blood_culture").present

    def test_components_are_read_with_day_and_site_of_the_whole(self) -> None:
        parts = [
            {"code": coded(OURS, "local_swelling"), "valueBoolean": True},
            {"code": coded(OURS, "local_redness"), "valueBoolean": False},
        ]
        record = read(
            observation(
                {"text": "Examination"},
                component=parts,
                bodySite={"text": "right third metacarpal"},
            )
        )
        swelling, redness = record.facts
        assert (swelling.concept, swelling.present) == ("local_swelling", True)
        assert (redness.concept, redness.present) == ("local_redness", False)
        for fact in record.facts:
            assert (fact.bone, fact.laterality) == ("metacarpal_3", "right")
            assert fact.day == Day.parse("2026-10-01")
        assert [fact.id for fact in record.facts] == ["Observation/o", "Observation/o#2"]

    @pytest.mark.parametrize("status", ["cancelled", "entered-in-error", "registered"])
    def test_observation_without_a_valid_result_is_left_out(self, status: str) -> None:
        record = read(crp(status=status))
        assert not record.facts
        unread(record, f"status {status}")

    def test_modifier_extension_that_is_not_known_leaves_the_resource_out(self) -> None:
        record = read(crp(modifierExtension=[{"url": "urn:x", "valueBoolean": True}]))
        assert not record.facts
        issue(record, Level.WARNING, "modifier extension")

    @pytest.mark.parametrize(
        "settles", ["No lymphoma.", "No Ewing sarcoma.", "No Langerhans cells."]
    )
    def test_that_another_kind_is_absent_settles_no_doubt(self, settles: str) -> None:
        told = read(marrow(f"Blasts 60 %. {settles}"))
        assert unread(told, "leaves open", level=Level.WARNING).matters
        assert "biopsy_malignant_cells" not in concepts(told)

    def test_that_no_tumour_is_there_settles_no_doubt_of_infection(self) -> None:
        told = read(marrow("Possible chronic osteomyelitis. No lymphoma."))
        assert unread(told, "leaves open", level=Level.WARNING).matters == "Infection"

    def test_unknown_loinc_is_not_read_by_its_own_name(self) -> None:
        strange = [
            observation(coded(LOINC, "99999-9", "Zonulin"), id=f"o{n}", valueBoolean=True)
            for n in range(3)
        ]
        record = read(*strange)
        found = unread(record, "no code or name that is known")
        assert (found.name, found.count, found.matters) == ("Zonulin", 3, "")
        assert not any("9999" in one.message for one in record.issues)


class TestDays:
    def test_local_date_is_kept_whatever_the_time_zone(self) -> None:
        record = read(crp(effectiveDateTime="2026-10-01T23:30:00-05:00"))
        assert only(record, "crp").day == Day.parse("2026-10-01")

    @pytest.mark.parametrize("text", ["2026", "2026-10"])
    def test_partial_date_keeps_its_precision(self, text: str) -> None:
        assert only(read(crp(effectiveDateTime=text)), "crp").day == Day.parse(text)

    @pytest.mark.parametrize("text", ["2026-02-30", "2026-13-01", "soon", "0001-01-01", "1_26"])
    def test_impossible_date_costs_the_day_only(self, text: str) -> None:
        record = read(crp(effectiveDateTime=text))
        assert only(record, "crp").day is None
        issue(record, Level.WARNING, "effectiveDateTime is no possible date")

    def test_period_gives_start_and_end(self) -> None:
        period = {"start": "2026-06", "end": "2026-09-15"}
        pain = observation(coded(OURS, "bone_pain"), valueBoolean=True, effectivePeriod=period)
        del pain["effectiveDateTime"]
        fact = only(read(pain), "bone_pain")
        assert (fact.day, fact.ended) == (Day.parse("2026-06"), Day.parse("2026-09-15"))

    def test_day_of_the_specimen_stands_in_for_that_of_the_observation(self) -> None:
        specimen = {
            "resourceType": "Specimen",
            "id": "s",
            "subject": {"reference": "Patient/p"},
            "collection": {"collectedDateTime": "2026-09-30"},
        }
        blood = crp(specimen={"reference": "Specimen/s"})
        del blood["effectiveDateTime"]
        assert only(read(specimen, blood), "crp").day == Day.parse("2026-09-30")

    def test_onset_at_an_age_is_the_year_of_that_age(self) -> None:
        pain = condition(coded(OURS, "bone_pain"), onsetAge={"value": 8, "code": "a"})
        del pain["onsetDateTime"]
        day = only(read(pain), "bone_pain").day
        assert str(day) == "2025-03-10 to 2026-03-09"


class TestConditions:
    def test_refuted_condition_is_absent(self) -> None:
        assert not only(read(condition(coded(OURS, "psoriasis"), "refuted")), "psoriasis").present

    def test_one_form_refuted_is_not_all_refuted(self) -> None:
        # HP:0002240 is hepatomegaly; the concept is an enlarged liver or spleen.
        liver = condition(coded(HPO, "HP:0002240", text="Hepatomegaly"), "refuted")
        record = read(liver)
        assert not record.facts
        issue(record, Level.INFO, "one form of this is absent")
        liver["verificationStatus"] = condition({})["verificationStatus"]
        assert only(read(liver), "hepatosplenomegaly").present

    @pytest.mark.parametrize("status", ["unconfirmed", "provisional", "differential"])
    def test_suspected_condition_is_no_fact(self, status: str) -> None:
        record = read(condition(coded(OURS, "psoriasis"), status))
        assert not record.facts
        issue(record, Level.INFO, "only as possible")

    def test_condition_entered_in_error_is_no_fact(self) -> None:
        record = read(condition(coded(OURS, "psoriasis"), "entered-in-error"))
        assert not record.facts
        unread(record, "entered-in-error")

    def test_resolved_condition_without_end_ended_before_the_end_of_the_record(self) -> None:
        clinical = coded("http://terminology.hl7.org/CodeSystem/condition-clinical", "resolved")
        record = read(condition(coded(OURS, "bone_pain"), clinicalStatus=clinical), crp())
        ended = only(record, "bone_pain").ended
        assert ended is not None
        assert str(ended) == "2026-06-01 to 2026-10-01"

    def test_icd_code_without_its_dot_is_the_same_code(self) -> None:
        icd = "http://hl7.org/fhir/sid/icd-10-cm"
        found = [read(condition(coded(icd, code))).facts[0] for code in ("M79641", "M79.641")]
        assert found[0] == found[1]

    def test_code_that_its_text_denies_is_left_out(self) -> None:
        record = read(condition(coded(HPO, "HP:0001369", text="No arthritis")))
        assert not record.facts
        issue(record, Level.WARNING, "contradict each other")

    def test_snomed_tag_does_not_hide_a_name(self) -> None:
        assert concepts(read(condition({"text": "Night sweats (finding)"}))) == ["night_sweats"]


class TestPlaces:
    def test_bone_and_side_come_from_the_text_of_the_body_site(self) -> None:
        site = [{"text": "right third metacarpal"}]
        fact = only(read(condition(coded(OURS, "bone_pain"), bodySite=site)), "bone_pain")
        assert (fact.bone, fact.region, fact.laterality) == ("metacarpal_3", "metacarpus", "right")

    def test_site_in_the_name_is_read_where_there_is_no_body_site(self) -> None:
        fact = only(read(condition(coded(OURS, "bone_pain", "Pain in left tibia"))), "bone_pain")
        assert (fact.bone, fact.laterality) == ("tibia", "left")

    def test_both_sides_are_two_facts(self) -> None:
        site = [{"text": "both distal tibiae"}]
        record = read(condition(coded(OURS, "bone_pain"), bodySite=site))
        assert [fact.laterality for fact in record.facts] == ["left", "right"]
        assert {fact.bone for fact in record.facts} == {"tibia"}

    def test_sides_in_conflict_are_no_side(self) -> None:
        site = [{"text": "left hand"}]
        record = read(condition(coded(OURS, "bone_pain", "Pain in the right hand"), bodySite=site))
        fact = only(record, "bone_pain")
        assert (fact.region, fact.laterality) == ("hand", None)
        issue(record, Level.WARNING, "different sides")

    def test_side_in_the_name_completes_a_body_site_without_one(self) -> None:
        site = [{"text": "hand"}]
        record = read(condition(coded(OURS, "bone_pain", "Pain in the right hand"), bodySite=site))
        assert only(record, "bone_pain").laterality == "right"

    def test_two_body_sites_are_two_facts_each_with_its_own_side(self) -> None:
        sites = [{"text": "right third metacarpal"}, {"text": "left tibia"}]
        record = read(condition(coded(OURS, "bone_pain"), bodySite=sites))
        found = {(fact.bone, fact.laterality) for fact in record.facts}
        assert found == {("metacarpal_3", "right"), ("tibia", "left")}

    def test_side_given_as_a_body_site_of_its_own_belongs_to_the_other(self) -> None:
        sites = [{"text": "third metacarpal"}, {"text": "right"}]
        record = read(condition(coded(OURS, "bone_pain"), bodySite=sites))
        assert [(fact.bone, fact.laterality) for fact in record.facts] == [
            ("metacarpal_3", "right")
        ]

    def test_display_of_a_code_adds_no_second_site_to_its_text(self) -> None:
        site = {
            "coding": [
                {
                    "system": "http://purl.obolibrary.org/obo/uberon.owl",
                    "code": "UBERON:0003647",
                    "display": "metacarpal bone of digit 3",
                }
            ],
            "text": "right third metacarpal",
        }
        fact = only(read(condition(coded(OURS, "bone_pain"), bodySite=[site])), "bone_pain")
        assert (fact.bone, fact.laterality) == ("metacarpal_3", "right")

    def test_body_site_that_is_not_understood_is_said(self) -> None:
        record = read(condition(coded(OURS, "bone_pain"), bodySite=[{"text": UNSEEN}]))
        assert only(record, "bone_pain").region is None
        issue(record, Level.WARNING, "body site is not understood")


class TestImaging:
    def xray_report(self, **elements: Any) -> Json:
        return {
            "resourceType": "DiagnosticReport",
            "id": "r",
            "status": "final",
            "category": [coded("http://terminology.hl7.org/CodeSystem/v2-0074", "RAD")],
            "code": {"text": "X-ray right hand"},
            "subject": {"reference": "Patient/p"},
            "effectiveDateTime": "2026-10-05",
        } | elements

    def test_report_of_an_image_is_a_study_of_its_place(self) -> None:
        fact = only(read(self.xray_report()), "xray_study")
        assert (fact.region, fact.laterality, fact.modality) == ("hand", "right", "xray")
        assert fact.day == Day.parse("2026-10-05")

    def test_finding_on_a_study_of_both_hands_has_no_side_of_its_own(self) -> None:
        lysis = observation({"text": "Finding"}, valueCodeableConcept=coded(HPO, "HP:0002797"))
        report = self.xray_report(
            code={"text": "X-ray of both hands"}, result=[{"reference": "Observation/o"}]
        )
        fact = only(read(lysis, report), "xray_lytic")
        assert (fact.region, fact.laterality) == ("hand", None)

    def test_finding_takes_modality_and_day_from_its_report(self) -> None:
        lysis = observation(
            {"text": "Finding"}, valueCodeableConcept=coded(OURS, "periosteal_lamellar")
        )
        del lysis["effectiveDateTime"]
        record = read(lysis, self.xray_report(result=[{"reference": "Observation/o"}]))
        fact = only(record, "periosteal_lamellar")
        assert (fact.modality, fact.day) == ("xray", Day.parse("2026-10-05"))
        assert (fact.region, fact.laterality) == ("hand", "right")

    def test_contained_finding_belongs_to_its_report(self) -> None:
        inner = {
            "resourceType": "Observation",
            "id": "f",
            "status": "final",
            "code": coded(OURS, "xray_sclerotic"),
            "valueBoolean": True,
        }
        report = self.xray_report(contained=[inner], result=[{"reference": "#f"}])
        fact = only(read(report), "xray_sclerotic")
        assert fact.id == "DiagnosticReport/r#f"
        assert fact.modality == "xray"

    @pytest.mark.parametrize(
        ("code", "concept"), [("DX", "xray_study"), ("MR", "mri_study"), ("US", "ultrasound_study")]
    )
    def test_dicom_modality_names_the_study(self, code: str, concept: str) -> None:
        study = {
            "resourceType": "ImagingStudy",
            "id": "i",
            "status": "available",
            "subject": {"reference": "Patient/p"},
            "started": "2026-10-05T09:00:00+02:00",
            "series": [
                {
                    "uid": "1",
                    "modality": {"code": code},
                    "bodySite": {"display": "Hand"},
                    "laterality": {"display": "Left"},
                }
            ],
        }
        fact = only(read(study), concept)
        assert (fact.region, fact.laterality, fact.day) == ("hand", "left", Day.parse("2026-10-05"))

    def test_whole_body_mri_is_known_by_its_name(self) -> None:
        study = {
            "resourceType": "ImagingStudy",
            "id": "i",
            "status": "available",
            "subject": {"reference": "Patient/p"},
            "modality": [{"code": "MR"}],
            "description": "Whole-body MRI, STIR",
        }
        assert only(read(study), "whole_body_mri").modality == "whole_body_mri"

    def test_text_that_nobody_understands_is_said_so(self) -> None:
        record = read(self.xray_report(conclusion=UNSEEN))
        unread(record, "holds nothing that the work-up knows", level=Level.WARNING)

    def test_text_of_a_report_is_a_fact_at_the_place_of_the_study(self) -> None:
        fact = only(read(self.xray_report(conclusion="Lytic lesion.")), "xray_lytic")
        assert (fact.region, fact.laterality, fact.modality) == ("hand", "right", "xray")
        assert fact.id == "DiagnosticReport/r#text-1"
        assert fact.origin.text == "Lytic lesion."

    def test_a_bone_in_the_text_takes_the_side_of_the_study(self) -> None:
        text = "Lytic lesion of the third metacarpal."
        fact = only(read(self.xray_report(conclusion=text)), "xray_lytic")
        assert (fact.bone, fact.laterality) == ("metacarpal_3", "right")

    def test_doubt_in_the_text_is_counted_not_believed(self) -> None:
        record = read(self.xray_report(conclusion="Possible lytic lesion."))
        assert "xray_lytic" not in concepts(record)
        issue(record, Level.INFO, "only as possible")

    def test_a_coded_conclusion_wins_over_the_text(self) -> None:
        code = [coded(HPO, "HP:0002797")]
        record = read(self.xray_report(conclusionCode=code, conclusion="No osteolysis."))
        assert only(record, "xray_lytic").present
        issue(record, Level.WARNING, "contradict each other; the code was kept")

    def test_what_the_text_repeats_is_counted_once(self) -> None:
        code = [coded(HPO, "HP:0002797")]
        record = read(self.xray_report(conclusionCode=code, conclusion="Osteolysis."))
        assert "#text-" not in only(record, "xray_lytic").id

    def test_what_a_preliminary_text_does_not_find_may_still_come(self) -> None:
        text = "Lytic lesion. No periosteal reaction."
        record = read(self.xray_report(status="preliminary", conclusion=text))
        assert "xray_lytic" in concepts(record)
        assert "periosteal_reaction" not in concepts(record)

    def test_a_note_beside_an_observation_is_read(self) -> None:
        record = read(crp(note=[{"text": "Mother reports fever."}]))
        assert only(record, "fever").present

    def test_an_attached_document_is_said_not_to_be_read(self) -> None:
        record = read(self.xray_report(presentedForm=[{"contentType": "application/pdf"}]))
        assert unread(record, "kept elsewhere", level=Level.WARNING).name == "X-ray right hand"
        assert only(record, "xray_study").unread

    def test_coded_conclusion_is_a_fact_at_the_place_of_the_study(self) -> None:
        fact = only(read(self.xray_report(conclusionCode=[coded(HPO, "HP:0002797")])), "xray_lytic")
        assert (fact.region, fact.laterality) == ("hand", "right")

    def test_normal_as_the_conclusion_on_an_xray_is_a_normal_xray(self) -> None:
        record = read(self.xray_report(conclusionCode=[{"text": "Normal"}]))
        assert only(record, "xray_normal").present
        assert only(record, "xray_study").present

    def test_conclusion_of_a_culture_is_its_result(self) -> None:
        report = self.xray_report(
            category=[coded("http://terminology.hl7.org/CodeSystem/v2-0074", "MB")],
            code=coded(LOINC, "600-7"),
            conclusionCode=[coded(SNOMED, "260385009", text="Negative")],
        )
        assert not only(read(report), "blood_culture").present
        assert not read(report | {"status": "preliminary"}).facts

    def test_cancelled_report_is_no_study(self) -> None:
        record = read(self.xray_report(status="cancelled"))
        assert not record.facts

    def test_biopsy_that_was_not_done_is_absent(self) -> None:
        biopsy = {
            "resourceType": "Procedure",
            "id": "b",
            "status": "not-done",
            "code": {"text": "Bone biopsy"},
            "subject": {"reference": "Patient/p"},
        }
        assert not only(read(biopsy), "biopsy").present

    def test_biopsy_keeps_its_site(self) -> None:
        biopsy = {
            "resourceType": "Procedure",
            "id": "b",
            "status": "completed",
            "code": {"text": "Bone biopsy"},
            "subject": {"reference": "Patient/p"},
            "performedDateTime": "2026-10-07",
            "bodySite": [{"text": "right third metacarpal"}],
        }
        fact = only(read(biopsy), "biopsy")
        assert (fact.bone, fact.laterality, fact.present) == ("metacarpal_3", "right", True)


class TestTreatment:
    def drug(self, kind: str, **elements: Any) -> Json:
        return {
            "resourceType": kind,
            "id": "m",
            "status": "active",
            "medicationCodeableConcept": {"text": "Ibuprofen 200 MG Oral Tablet"},
            "subject": {"reference": "Patient/p"},
        } | elements

    def test_statement_gives_start_and_end(self) -> None:
        period = {"start": "2026-07-01", "end": "2026-08-01"}
        fact = only(read(self.drug("MedicationStatement", effectivePeriod=period)), "nsaid")
        assert (fact.day, fact.ended) == (Day.parse("2026-07-01"), Day.parse("2026-08-01"))

    def test_order_that_is_over_is_not_taken_to_last_until_today(self) -> None:
        order = self.drug(
            "MedicationRequest", status="completed", intent="order", authoredOn="2026-07-01"
        )
        ended = only(read(order, crp()), "nsaid").ended
        assert ended is not None
        assert str(ended) == "2026-07-01 to 2026-10-01"

    def test_order_alone_does_not_say_how_long_it_was_taken(self) -> None:
        order = self.drug("MedicationRequest", intent="order", authoredOn="2026-07-01")
        ended = only(read(order, crp()), "nsaid").ended
        assert ended is not None
        assert ended.earliest == Day.parse("2026-07-01").earliest

    def test_statement_that_still_holds_has_no_end(self) -> None:
        taken = self.drug("MedicationStatement", effectivePeriod={"start": "2026-07-01"})
        assert only(read(taken, crp()), "nsaid").ended is None

    def test_drug_that_was_not_taken_is_absent(self) -> None:
        drug = {"text": "Methotrexate"}
        record = read(
            self.drug("MedicationStatement", status="not-taken", medicationCodeableConcept=drug)
        )
        assert not only(record, "methotrexate").present

    def test_one_drug_of_a_kind_not_taken_does_not_say_that_none_was(self) -> None:
        assert not read(self.drug("MedicationStatement", status="not-taken")).facts

    @pytest.mark.parametrize("status", ["entered-in-error", "intended", "on-hold"])
    def test_drug_that_may_not_have_been_taken_is_no_fact(self, status: str) -> None:
        assert not read(self.drug("MedicationStatement", status=status)).facts

    def test_drug_that_must_not_be_given_is_no_fact(self) -> None:
        order = self.drug("MedicationRequest", intent="order", doNotPerform=True)
        assert not read(order).facts

    def test_contained_medication_is_found(self) -> None:
        drug = {"resourceType": "Medication", "id": "d", "code": {"text": "Naproxen"}}
        given = self.drug(
            "MedicationAdministration",
            contained=[drug],
            medicationReference={"reference": "#d"},
            effectiveDateTime="2026-07-01",
            status="completed",
        )
        del given["medicationCodeableConcept"]
        fact = only(read(given), "nsaid")
        assert (fact.day, fact.ended) == (Day.parse("2026-07-01"), Day.parse("2026-07-01"))


class TestFamily:
    def mother(self, relationship: str, code: Json, **elements: Any) -> Json:
        system = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
        return {
            "resourceType": "FamilyMemberHistory",
            "id": "f",
            "status": "completed",
            "patient": {"reference": "Patient/p"},
            "relationship": coded(system, relationship),
            "condition": [{"code": code}],
        } | elements

    def test_psoriasis_of_the_mother_is_family_history_not_psoriasis(self) -> None:
        record = read(self.mother("MTH", {"text": "Psoriasis"}))
        assert concepts(record) == ["family_history_inflammatory"]

    def test_psoriasis_of_a_stepfather_or_spouse_is_nothing(self) -> None:
        record = read(self.mother("HUSB", {"text": "Psoriasis"}))
        assert not record.facts
        unread(record, "relationship")


class TestQuestionnaire:
    def answered(self, *items: Json, **elements: Any) -> Json:
        return {
            "resourceType": "QuestionnaireResponse",
            "id": "q",
            "status": "completed",
            "subject": {"reference": "Patient/p"},
            "authored": "2026-10-06T10:00:00+02:00",
            "item": list(items),
        } | elements

    def test_nested_questions_are_read_by_link_id(self) -> None:
        inner = {"linkId": "pain_at_night", "answer": [{"valueBoolean": True}]}
        outer = {"linkId": "bone_pain", "answer": [{"valueBoolean": True, "item": [inner]}]}
        fever = {
            "linkId": "fever",
            "answer": [{"valueCoding": {"system": LOINC, "code": "LA32-8"}}],
        }
        record = read(self.answered({"linkId": "group", "item": [outer, fever]}))
        found = [(fact.concept, fact.present) for fact in record.facts]
        assert found == [("bone_pain", True), ("pain_at_night", True), ("fever", False)]
        assert {fact.day for fact in record.facts} == {Day.parse("2026-10-06")}

    def test_date_answers_since_when(self) -> None:
        item = {"linkId": "bone_pain", "answer": [{"valueDate": "2026-06"}]}
        assert only(read(self.answered(item)), "bone_pain").day == Day.parse("2026-06")

    def test_question_without_answer_is_no_fact(self) -> None:
        assert not read(self.answered({"linkId": "bone_pain"})).facts

    def test_side_in_the_text_of_a_question_is_read(self) -> None:
        item = {
            "linkId": "bone_pain",
            "text": "Pain in the right hand?",
            "answer": [{"valueBoolean": True}],
        }
        fact = only(read(self.answered(item)), "bone_pain")
        assert (fact.region, fact.laterality) == ("hand", "right")


class TestBundles:
    def test_same_fact_twice_is_kept_once(self) -> None:
        record = read(crp(), crp(id="again"))
        assert concepts(record) == ["crp"]
        assert issue(record, Level.INFO, "more than once").count == 1

    def test_broken_resource_costs_only_itself(self) -> None:
        record = read(crp(id="x", valueQuantity=UNSEEN), crp())
        assert concepts(record) == ["crp"]
        found = issue(record, Level.WARNING, "can't be read at valueQuantity")
        assert found.where == "Observation 1"

    def test_entry_that_is_no_object_costs_only_itself(self) -> None:
        document = bundle(patient(), crp())
        document["entry"].insert(0, UNSEEN)
        record = read_raw(document)
        assert concepts(record) == ["crp"]
        assert issue(record, Level.WARNING, "can't be read").where == "entry 1"

    def test_unused_types_are_counted(self) -> None:
        plans = [{"resourceType": "CarePlan", "id": str(n)} for n in range(7)]
        found = unread(read(*plans), "type of resource that is not used")
        assert (found.name, found.count) == ("CarePlan", 7)

    def test_one_page_of_a_search_says_that_there_is_more(self) -> None:
        link = [{"relation": "next", "url": "https://hospital.example/fhir?page=2"}]
        issue(read(crp(), type="searchset", link=link), Level.WARNING, "longer search result")

    def test_history_gives_the_newest_version_only(self) -> None:
        record = read_raw(bundle(patient(), crp(30), crp(12), type="history"))
        assert [fact.value for fact in record.facts] == [30]

    def test_deleted_entry_is_no_fact(self) -> None:
        document = bundle(patient(), crp(), type="transaction")
        document["entry"][1]["request"] = {"method": "DELETE", "url": "Observation/o"}
        assert not read_raw(document).facts

    def test_bundle_inside_a_bundle_is_opened(self) -> None:
        assert concepts(read(bundle(crp(), type="searchset"), type="batch-response")) == ["crp"]

    def test_resources_contained_in_contained_ones_are_not_followed(self) -> None:
        inner: Json = {"resourceType": "Observation", "id": "z", "status": "final"}
        for _ in range(150):
            inner = inner | {"contained": [inner]}
        assert concepts(read(crp(contained=[inner]))) == ["crp"]

    def test_answer_of_a_server_in_error_is_refused(self) -> None:
        with pytest.raises(RecordError, match="server's message"):
            read_raw({"resourceType": "OperationOutcome", "issue": []})

    def test_single_resource_is_a_record(self) -> None:
        assert concepts(read_raw(crp())) == ["crp"]

    def test_null_elements_are_elements_that_are_missing(self) -> None:
        assert concepts(read(crp(bodySite=None, component=None, interpretation=None))) == ["crp"]

    def test_null_elements_mark_no_other_release(self) -> None:
        assert "FHIR STU3" in " ".join(one.message for one in read(crp(comment="well")).issues)
        assert not read(crp(comment=None, related=None)).issues

    def test_a_resource_that_refers_to_itself_has_no_day_from_there(self) -> None:
        own = [{"reference": "Observation/o"}]
        record = read(crp(effectiveDateTime=None, specimen=own, encounter=own[0]))
        assert only(record, "crp").day is None

    @pytest.mark.parametrize("document", [{"resourceType": "Observatoin"}, {"a": 1}, [1], 5, None])
    def test_what_is_no_fhir_is_refused(self, document: Any) -> None:
        with pytest.raises(RecordError):
            read_raw(document)

    def test_no_issue_ever_holds_a_value(self) -> None:
        record = read(
            crp(id=UNSEEN, valueQuantity={"value": 1, "unit": UNSEEN}),
            observation({"text": UNSEEN}, id="b", valueString=UNSEEN),
            condition({"text": UNSEEN}, bodySite=[{"text": UNSEEN}], onsetDateTime=UNSEEN),
            crp(id="c", effectiveDateTime=UNSEEN, comparator=UNSEEN, method={"text": UNSEEN}),
            {"resourceType": UNSEEN},
            {"resourceType": UNSEEN.replace("-", ""), "id": UNSEEN},
        )
        told = " ".join(f"{one.where} {one.message}" for one in record.issues)
        assert "zq" not in told.casefold()
