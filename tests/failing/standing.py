"""Which statement stands: versions, days, other shapes of FHIR, ages; how files are packed."""

import gzip
import json
from typing import Any

from tests.failing.build import (
    DAY,
    Json,
    bundle,
    child,
    concept,
    condition,
    lab,
    lines,
    observation,
    quantity,
    report,
    resource,
    text,
    zst,
)
from tests.failing.right import Case, Right, Says, case

LATER = {"versionId": "2", "lastUpdated": "2025-03-05T08:00:00Z"}
EARLIER = {"versionId": "1", "lastUpdated": "2025-03-03T08:00:00Z"}
ONLY_22 = Right(facts=(Says("crp", value=22),), never=(Says("crp", value=220),))
TWICE = Right(told=("twice|duplicate|more than once|repeated",))
REFUSED = Right(refused="twice|duplicate|more than once|repeated")
FUTURE = "future|later than|lies after"


def crp(value: float = 22, **elements: Any) -> Json:
    return lab("1988-5", value, "mg/L", **elements)


def undated(value: float = 22, **elements: Any) -> Json:
    return crp(value, **({"effectiveDateTime": None} | elements))


def on(day: str, value: float = 22) -> Right:
    return Right(facts=(Says("crp", value=value, day=day),), as_of=day)


def doubled(name: str, kind: str, value: Any, other: Any) -> Case:
    """Give a record in which one resource has a key twice, with two values."""
    once, again = (json.dumps({name: one})[1:-1] for one in (value, other))
    record = bundle(*_with(kind, name, value)).decode()
    assert once in record  # so that the key is doubled
    return case(
        "duplicate_key",
        f"{name} of {kind}",
        record.replace(once, f"{once}, {again}").encode(),
        TWICE,
        REFUSED,
    )


def _with(kind: str, name: str, value: Any) -> tuple[Json, ...]:
    match kind:
        case "Patient":
            return (child(**{name: value}), crp())
        case "Condition":
            return (condition(concept("Fever"), **{name: value}),)
        case _:
            return (crp(**{name: value}),)


def other_version(name: str, version: str, *resources: Json, right: Right | None = None) -> Case:
    wanted = right or Right(untold=("entered in error", "did not take place"))
    told = Right(
        facts=wanted.facts,
        never=wanted.never,
        untold=(*wanted.untold, "Mend that element"),
        told=(version,),
    )
    return case("r5_encounter_completed", name, bundle(*resources), told)


def phenopacket(name: str, subject: Json, *right: Right, **more: Any) -> Case:
    held = {
        "id": "x",
        "subject": {"id": "s", "sex": "FEMALE"} | subject,
        "phenotypicFeatures": [{"type": {"id": "HP:0002653", "label": "Bone pain"}}],
        "metaData": {
            "created": "2021-01-01T00:00:00Z",
            "createdBy": "x",
            "resources": [],
            "phenopacketSchemaVersion": "2.0",
        },
    } | more
    return case("phenopacket_birth_and_age", name, text(held), *right)


def at_age(span: str) -> Json:
    return {"timeAtLastEncounter": {"age": {"iso8601duration": span}}}


STANDING: tuple[Case, ...] = (
    # The day of a result
    case(
        "lab_report_date",
        "of the sample",
        bundle(
            resource(
                "Specimen",
                id="s1",
                status="available",
                collection={"collectedDateTime": "2024-05-06T07:30:00Z"},
            ),
            undated(specimen={"reference": "Specimen/s1"}),
        ),
        on("2024-05-06"),
    ),
    case(
        "lab_report_date",
        "of the visit",
        bundle(
            resource(
                "Encounter",
                id="e1",
                status="finished",
                period={"start": "2024-07-08", "end": "2024-07-08"},
            ),
            undated(encounter={"reference": "Encounter/e1"}),
        ),
        on("2024-07-08"),
    ),
    case(
        "lab_report_date",
        "of the report that holds it",
        bundle(
            report(
                "CRP",
                kind="LAB",
                effectiveDateTime="2024-09-10",
                contained=[undated(id="in")],
                result=[{"reference": "#in"}],
            )
        ),
        on("2024-09-10"),
    ),
    case(
        "lab_report_date",
        "of the report, by its full address",
        bundle(
            report(
                "Inflammation",
                kind="LAB",
                effectiveDateTime=None,
                effectivePeriod={"start": "2024-11-12T06:00:00Z", "end": "2024-11-12T07:00:00Z"},
                result=[{"reference": "https://ehr.example/fhir/Observation/far"}],
            ),
            undated(id="far"),
        ),
        on("2024-11-12"),
    ),
    case(
        "lab_report_date",
        "through a panel",
        bundle(
            report(
                "Blood",
                kind="LAB",
                effectiveDateTime="2024-12-13",
                result=[{"reference": "Observation/panel"}],
            ),
            observation(
                concept("Blood"),
                id="panel",
                effectiveDateTime=None,
                hasMember=[{"reference": "Observation/part"}],
            ),
            undated(id="part"),
        ),
        on("2024-12-13"),
    ),
    case(
        "lab_report_date",
        "its own comes first",
        bundle(
            report(
                "CRP",
                kind="LAB",
                effectiveDateTime="2025-01-15",
                result=[{"reference": "Observation/own"}],
            ),
            crp(id="own", effectiveDateTime="2025-01-14"),
        ),
        Right(facts=(Says("crp", day="2025-01-14"),)),
    ),
    # Versions
    case(
        "corrected_value_kept_twice",
        "the newer comes first in the file",
        bundle(crp(22, id="z", status="amended", meta=LATER), crp(220, id="z", meta=EARLIER)),
        ONLY_22,
    ),
    case(
        "corrected_value_kept_twice",
        "by the time alone",
        bundle(
            crp(220, id="z", meta={"lastUpdated": "2025-03-03T08:00:00+01:00"}),
            crp(22, id="z", meta={"lastUpdated": "2025-03-03T09:00:00Z"}),
        ),
        ONLY_22,
    ),
    case(
        "corrected_value_kept_twice",
        "ten comes after nine",
        bundle(
            crp(220, id="z", meta={"versionId": "9"}), crp(22, id="z", meta={"versionId": "10"})
        ),
        ONLY_22,
    ),
    case(
        "corrected_value_kept_twice",
        "taken back altogether",
        bundle(
            crp(220, id="z", meta=EARLIER),
            crp(220, id="z", status="entered-in-error", meta=LATER),
            crp(7, id="y", effectiveDateTime="2025-02-01"),
        ),
        Right(facts=(Says("crp", value=7),), never=(Says("crp", value=220),), no_flag=True),
    ),
    case(
        "corrected_value_kept_twice",
        "a diagnosis that was refuted",
        bundle(
            condition(concept("Acute lymphoblastic leukaemia"), id="k", meta=EARLIER),
            condition(concept("Acute lymphoblastic leukaemia"), sure="refuted", id="k", meta=LATER),
        ),
        Right(never=("malignancy|acute_leukaemia", "biopsy_leukaemia"), no_flag=True),
    ),
    case(
        "corrected_value_kept_twice",
        "a report that was amended",
        bundle(
            report(
                "X-ray of the right hand",
                "Lytic lesion of the right third metacarpal.",
                id="r",
                meta=EARLIER,
            ),
            report(
                "X-ray of the right hand",
                "Normal. The lucency is a vascular channel.",
                id="r",
                status="amended",
                meta=LATER,
            ),
        ),
        Right(never=("xray_lytic",)),
    ),
    case(
        "corrected_value_kept_twice",
        "a history, newest first",
        bundle(crp(22, id="z", status="corrected"), crp(220, id="z"), type="history"),
        ONLY_22,
        Right(told=("version|twice|more than once|id",)),
    ),
    case(
        "corrected_value_kept_twice",
        "two tests of one day are two",
        bundle(crp(22, id="a"), crp(48, id="b", effectiveDateTime=f"{DAY}T18:00:00Z")),
        Right(facts=(Says("crp", value=22), Says("crp", value=48))),
    ),
    # A key twice
    doubled("birthDate", "Patient", "2015-05-01", "2005-05-01"),
    doubled("status", "Observation", "final", "entered-in-error"),
    doubled("effectiveDateTime", "Observation", "2025-03-03", "2015-03-03"),
    doubled("verificationStatus", "Condition", concept("confirmed"), concept("refuted")),
    case(
        "duplicate_key",
        "in a line of NDJSON",
        lines(child(), crp(5)).replace(b'"value": 5', b'"value": 5, "value": 220'),
        TWICE,
        REFUSED,
        suffix=".ndjson",
    ),
    # A day that has not come yet
    case(
        "future_typo",
        "onset of a complaint",
        bundle(
            crp(3, effectiveDateTime="2025-01-01"),
            condition(concept("Fever"), recordedDate="2025-01-01", onsetDateTime="2204-12-01"),
        ),
        Right(told=(FUTURE,), as_of="2025-01-01", age=(9, 10)),
    ),
    case(
        "future_typo",
        "an image",
        bundle(
            crp(3, effectiveDateTime="2025-01-01"),
            report(
                "X-ray of the right hand",
                "Lytic lesion of the right third metacarpal.",
                effectiveDateTime="2105-01-02",
            ),
        ),
        Right(facts=("xray_lytic",), told=(FUTURE,), as_of="2025-01-01", age=(9, 10)),
    ),
    case(
        "future_typo",
        "a visit",
        bundle(
            crp(3, effectiveDateTime="2025-01-01"),
            resource("Encounter", status="finished", period={"start": "2205-01-01"}),
        ),
        Right(told=(FUTURE,), as_of="2025-01-01"),
    ),
    case(
        "future_typo",
        "a prescription",
        bundle(
            crp(3, effectiveDateTime="2025-01-01"),
            resource(
                "MedicationRequest",
                status="active",
                intent="order",
                medicationCodeableConcept=concept("Ibuprofen"),
                authoredOn="2152-01-01",
            ),
        ),
        Right(facts=("nsaid",), told=(FUTURE,), as_of="2025-01-01"),
    ),
    case(
        "future_typo",
        "a birth",
        bundle(child(born="2051-05-01"), crp(3, effectiveDateTime="2025-01-01")),
        Right(told=("birth",), as_of="2025-01-01"),
    ),
    # Other versions of FHIR
    other_version(
        "R5: a prescription",
        "R5",
        resource(
            "MedicationRequest",
            status="active",
            intent="order",
            medication={"concept": concept("Ibuprofen")},
            authoredOn="2025-01-05",
        ),
    ),
    other_version(
        "R5: an image",
        "R5",
        resource(
            "ImagingStudy",
            status="available",
            started="2025-01-05",
            modality=[
                {
                    "coding": [
                        {"system": "http://dicom.nema.org/resources/ontology/DCM", "code": "MR"}
                    ]
                }
            ],
            series=[
                {
                    "uid": "1.2.3",
                    "modality": {"coding": [{"code": "MR"}]},
                    "bodySite": {"concept": concept("Right hand")},
                }
            ],
        ),
    ),
    other_version(
        "R5: a visit that was discharged",
        "R5",
        resource(
            "Encounter",
            status="discharged",
            **{"class": [concept("inpatient")]},
            actualPeriod={"start": "2025-01-05"},
            reason=[{"value": [{"concept": concept("Limp")}]}],
        ),
    ),
    other_version(
        "STU3: a diagnosis",
        "STU3|R3",
        resource(
            "Condition",
            status=None,
            clinicalStatus="active",
            verificationStatus="confirmed",
            code=concept("Fever"),
            assertedDate="2025-01-05",
        ),
    ),
    other_version(
        "STU3: a result",
        "STU3|R3",
        lab("1988-5", 22, "mg/L", interpretation=concept("High")),
    ),
    other_version(
        "STU3: a report",
        "STU3|R3",
        report(
            "X-ray of the right hand",
            "Lytic lesion of the right third metacarpal.",
            category=concept("RAD"),
            codedDiagnosis=[concept("Lytic lesion")],
        ),
    ),
    other_version(
        "STU3: a drug",
        "STU3|R3",
        resource(
            "MedicationStatement",
            status="active",
            taken="y",
            medicationCodeableConcept=concept("Naproxen"),
            effectiveDateTime="2025-01-05",
        ),
    ),
    case(
        "r5_encounter_completed",
        "what is R4 is not called otherwise",
        bundle(
            crp(22, interpretation=[concept("High")]),
            resource("Encounter", status="finished", period={"start": "2025-01-05"}),
        ),
        Right(facts=("crp",), untold=("R5", "STU3"), calm=True),
    ),
    # Ages in phenopackets
    phenopacket(
        "born in 1900",
        {"dateOfBirth": "1900-01-01T00:00:00Z", **at_age("P11Y6M")},
        Right(age=(11, 12)),
    ),
    phenopacket(
        "born on the first day of computing",
        {"dateOfBirth": "1970-01-01T00:00:00Z", **at_age("P3Y")},
        Right(age=(3, 4)),
    ),
    phenopacket(
        "a span of ages",
        {
            "dateOfBirth": "1985-06-01T00:00:00Z",
            "timeAtLastEncounter": {
                "ageRange": {"start": {"iso8601duration": "P5Y"}, "end": {"iso8601duration": "P9Y"}}
            },
        },
        Right(age=(5, 10)),
    ),
    phenopacket("only an age", at_age("P9Y2M"), Right(age=(9, 10))),
    phenopacket(
        "the older form",
        {"dateOfBirth": "1950-01-01T00:00:00Z", "ageAtCollection": {"age": "P8Y"}},
        Right(age=(8, 9)),
    ),
    phenopacket(
        "a birth that fits",
        {"dateOfBirth": "2013-06-01T00:00:00Z", **at_age("P7Y")},
        Right(age=(7, 8), calm=True),
    ),
    # How files are packed
    case(
        "future_typo",
        "a packed bundle is read",
        gzip.compress(bundle(crp(22))),
        Right(facts=(Says("crp", value=22),)),
        suffix=".json.gz",
    ),
    case(
        "corrected_value_kept_twice",
        "packed lines",
        gzip.compress(lines(child(), crp(220, id="z", meta=EARLIER), crp(22, id="z", meta=LATER))),
        ONLY_22,
        suffix=".ndjson.gz",
    ),
    case(
        "corrected_value_kept_twice",
        "lines packed by zstandard",
        zst(lines(child(), crp(220, id="z", meta=EARLIER), crp(22, id="z", meta=LATER))),
        ONLY_22,
        suffix=".ndjson.zst",
    ),
    case(
        "corrected_value_kept_twice",
        "a component that was corrected",
        bundle(
            observation(
                concept("Blood"),
                id="z",
                meta=EARLIER,
                component=[
                    {"code": concept(loinc="1988-5"), "valueQuantity": quantity(220, "mg/L")}
                ],
            ),
            observation(
                concept("Blood"),
                id="z",
                status="corrected",
                meta=LATER,
                component=[
                    {"code": concept(loinc="1988-5"), "valueQuantity": quantity(22, "mg/L")}
                ],
            ),
        ),
        ONLY_22,
    ),
)
