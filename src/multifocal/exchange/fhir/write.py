"""An assessment as FHIR R4: a Bundle that a clinical system can take back."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import (
    Assessment,
    Code,
    Coding,
    CriteriaResult,
    NextTest,
    RedFlag,
)
from multifocal.model.record import FactId

STANDING = "Supports a clinician's judgement; is not a diagnosis."
UNITS = "http://unitsofmeasure.org"
ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
OBSERVED = {"code": "survey", "system": CATEGORY}

MARKED = re.compile(r"[\\`*_{}\[\]<>#|~&!]")
"""What Markdown would read as something else than itself."""

Json = dict[str, Any]
"""A FHIR resource or part of one: JSON, whose values are of any type."""


def bundle(assessment: Assessment, *, knowledge: Knowledge) -> bytes:
    """Give the assessment as a FHIR R4 collection Bundle in JSON.

    It holds the patient, the software as a Device, a ClinicalImpression with the findings and the
    suggested code, one Observation for each criteria set (a score as a Range when it is an
    interval), one DetectedIssue for each red flag and one proposed ServiceRequest for each next
    test. References to what the answers rest on are those of the record that was read.
    """
    resources = [
        _patient(assessment),
        _device(assessment),
        _impression(assessment, knowledge),
        *(_criteria(result, assessment) for result in assessment.criteria),
        *(_red_flag(flag, assessment) for flag in assessment.red_flags),
        *(_next_test(test) for test in assessment.next_tests),
    ]
    entries = [
        {"fullUrl": f"urn:multifocal:{resource['resourceType']}/{resource['id']}"}
        | {"resource": resource}
        for resource in resources
    ]
    whole = {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": f"{assessment.as_of.isoformat()}T00:00:00Z",
        "entry": entries,
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=2) + b"\n"


SUBJECT = {"reference": "urn:multifocal:Patient/patient"}
DEVICE = {"reference": "urn:multifocal:Device/multifocal"}


def _patient(assessment: Assessment) -> Json:
    patient = assessment.patient
    resource: Json = {"resourceType": "Patient", "id": "patient"}
    resource["identifier"] = [{"value": patient.id}]
    if patient.name:
        resource["name"] = [{"text": patient.name}]
    resource["gender"] = patient.sex or "unknown"
    if patient.birth is not None:
        resource["birthDate"] = str(patient.birth)
    return resource


def _device(assessment: Assessment) -> Json:
    return {
        "resourceType": "Device",
        "id": "multifocal",
        "deviceName": [{"name": "multifocal", "type": "model-name"}],
        "version": [
            {"type": {"text": "software"}, "value": assessment.software_version},
            {"type": {"text": "knowledge"}, "value": assessment.knowledge_version},
        ],
        "note": [{"text": STANDING}],
    }


def _impression(assessment: Assessment, knowledge: Knowledge) -> Json:
    coding = assessment.coding
    labels = knowledge.findings_by_id
    resource: Json = {
        "resourceType": "ClinicalImpression",
        "id": "work-up",
        "status": "completed",
        "description": STANDING,
        "subject": SUBJECT,
        "effectiveDateTime": assessment.as_of.isoformat(),
        "date": assessment.as_of.isoformat(),
        "summary": coding.reason,
        "finding": [
            *_codes(coding),
            *(
                {"itemCodeableConcept": {"text": labels[finding.id].label}, "basis": "present"}
                for finding in assessment.findings
                if finding.truth is True
            ),
        ],
        "note": [
            *({"text": text} for text, _ in assessment.notes),
            *({"text": text} for text in _not_read(assessment)),
        ],
    }
    return {key: value for key, value in resource.items() if value}


def _codes(coding: Coding) -> Iterator[Json]:
    """Give the codes as findings: that of the disease, what stands beside it, or the symptom's.

    What was looked for and not found is no finding: it stands in the record that was read.
    """
    basis = f"suggested code{', provisional' if coding.provisional else ''}: {coding.reason}"
    own = [Code(coding.code, coding.title)] if coding.code is not None else []
    for one in (*own, *coding.also):
        yield {"itemCodeableConcept": _coded(one), "basis": basis}
    if coding.symptom is not None:
        said = f"code of the symptom; none of the disease: {coding.title}"
        yield {"itemCodeableConcept": _coded(coding.symptom), "basis": said}


def _coded(one: Code) -> Json:
    coding = [{"system": ICD10CM, "code": one.code, "display": one.title}]
    return {"coding": coding, "text": one.title}


def _not_read(assessment: Assessment) -> Iterator[str]:
    """Say how much was read, and name each thing that was not; a note is Markdown."""
    counts = assessment.resources
    if counts.total:
        yield f"Read: {counts.read} of {counts.total} resources; {counts.partly} in part."
    for one in assessment.not_read:
        words = ("".join(filter(str.isprintable, word)) for word in one.name.split())
        name = MARKED.sub(r"\\\g<0>", " ".join(words))
        matters = f" May matter: {one.matters}." if one.matters else ""
        times = f"{one.count} times" if one.count > 1 else ""
        where = ", ".join(filter(None, (one.place, times, one.why)))
        yield f"Not read ({one.level.value}): {one.kind} {name} ({where}).{matters}"


def _criteria(result: CriteriaResult, assessment: Assessment) -> Json:
    facts = (fact for item in result.items for fact in item.because)
    resource: Json = {
        "resourceType": "Observation",
        "id": result.id.replace("_", "-"),
        "status": "final" if result.decided else "preliminary",
        "category": [{"coding": [OBSERVED]}],
        "code": {"text": result.name},
        "subject": SUBJECT,
        "effectiveDateTime": assessment.as_of.isoformat(),
        "valueString": result.state_label,
        "note": [{"text": text} for text in (result.label, result.note) if text],
        "device": DEVICE,
        "component": list(_components(result)),
        "derivedFrom": list(_references(facts, ("Observation", "ImagingStudy"))),
    }
    return {key: value for key, value in resource.items() if value}


def _components(result: CriteriaResult) -> Iterator[Json]:
    if result.low is not None and result.high is not None:
        score = {"code": {"text": "score"}}
        if result.low == result.high:
            yield score | {"valueQuantity": _quantity(result.low)}
        else:
            yield score | {
                "valueRange": {"low": _quantity(result.low), "high": _quantity(result.high)}
            }
    for item in result.items:
        component: Json = {"code": {"text": item.label}}
        if item.truth is not None:
            yield component | {"valueBoolean": item.truth}
        elif item.state == "known":
            yield component | {"valueString": item.shown}
        else:
            yield component | {"dataAbsentReason": {"text": item.shown}}


def _quantity(score: int) -> Json:
    return {"value": score, "system": UNITS, "code": "{score}", "unit": "points"}


def _red_flag(flag: RedFlag, assessment: Assessment) -> Json:
    resource: Json = {
        "resourceType": "DetectedIssue",
        "id": f"red-flag-{flag.id.replace('_', '-')}"[:64],
        "status": "final",
        "code": {"text": flag.label},
        "severity": "high" if flag.urgency == "emergency" else "moderate",
        "patient": SUBJECT,
        "identifiedDateTime": assessment.as_of.isoformat(),
        "author": DEVICE,
        "implicated": list(_references(flag.because)),
        "detail": f"{flag.label}. {flag.action}",
    }
    return {key: value for key, value in resource.items() if value}


def _next_test(test: NextTest) -> Json:
    return {
        "resourceType": "ServiceRequest",
        "id": f"next-test-{test.id.replace('_', '-')}"[:64],
        "status": "draft",
        "intent": "proposal",
        "code": {"text": test.label},
        "subject": SUBJECT,
        "note": [{"text": text} for text in (test.reason, STANDING) if text],
    }


def _references(facts: Iterable[FactId], types: tuple[str, ...] = ()) -> Iterator[Json]:
    """Give a reference for each resource that these facts were read from, each once."""
    resources = dict.fromkeys(fact.partition("#")[0] for fact in facts)
    for resource in resources:
        kind, _, name = resource.partition("/")
        if name and (not types or kind in types):
            yield {"reference": resource}
