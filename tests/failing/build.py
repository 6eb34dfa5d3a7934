"""Small FHIR bundles from a few words, as a hospital would write them."""

import base64
import json
from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]

SYSTEMS = {
    "loinc": "http://loinc.org",
    "snomed": "http://snomed.info/sct",
    "icd10": "http://hl7.org/fhir/sid/icd-10",
    "icd10cm": "http://hl7.org/fhir/sid/icd-10-cm",
    "icd10gm": "http://fhir.de/CodeSystem/bfarm/icd-10-gm",
    "orpha": "http://www.orpha.net",
    "mondo": "http://purl.obolibrary.org/obo/mondo.owl",
    "icdo": "http://terminology.hl7.org/CodeSystem/icd-o-3",
    "hpo": "http://human-phenotype-ontology.org",
    "dcm": "http://dicom.nema.org/resources/ontology/DCM",
    "local": "https://clinic.example/codes",
}
UCUM = "http://unitsofmeasure.org"
HL7 = "http://terminology.hl7.org/CodeSystem/"
DAY = "2025-03-03"
"""When things happen unless told otherwise."""


def child(born: str = "2015-05-01", sex: str = "female", **more: Any) -> Json:
    return {"resourceType": "Patient", "id": "p1", "birthDate": born, "gender": sex} | more


def bundle(*resources: Json, **more: Any) -> bytes:
    """Give a collection of resources as JSON; a girl of nine unless another child is among them."""
    held = list(resources)
    if not any(one["resourceType"] == "Patient" for one in held):
        held.insert(0, child())
    entries = [{"resource": {"id": f"r{number}"} | one} for number, one in enumerate(held, start=1)]
    return text({"resourceType": "Bundle", "type": "collection", "entry": entries} | more)


def lines(*resources: Json) -> bytes:
    """Give resources as NDJSON."""
    held = [{"id": f"r{number}"} | one for number, one in enumerate(resources, start=1)]
    return b"\n".join(map(text, held)) + b"\n"


def text(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def concept(words: str = "", **codes: str | tuple[str, str]) -> Json:
    """Give a CodeableConcept: words, and codes by system, each with its display if there is one."""
    coding = []
    for system, code in codes.items():
        one, display = (code, "") if isinstance(code, str) else code
        coding.append(
            {"system": SYSTEMS[system], "code": one} | ({"display": display} if display else {})
        )
    return ({"coding": coding} if coding else {}) | ({"text": words} if words else {})


def resource(kind: str, **elements: Any) -> Json:
    """Give a resource of the child; elements that are `None` are left out."""
    held = {"resourceType": kind, "status": "final", "subject": {"reference": "Patient/p1"}}
    return {name: value for name, value in (held | elements).items() if value is not None}


def observation(code: Json, **elements: Any) -> Json:
    return resource("Observation", **({"code": code, "effectiveDateTime": DAY} | elements))


def says(what: str, value: str | bool, **elements: Any) -> Json:  # noqa: FBT001 # the answer
    """Give a question of a chart with a plain answer."""
    kind = "valueBoolean" if isinstance(value, bool) else "valueString"
    return observation({"text": what}, **({kind: value} | elements))


def quantity(value: float, unit: str, code: str | None = "") -> Json:
    """Give a quantity; its UCUM code is the unit unless given; `None` leaves it out."""
    coded = {} if code is None else {"system": UCUM, "code": code or unit}
    return {"value": value, "unit": unit} | coded


def lab(
    loinc: str | tuple[str, str],
    value: float,
    unit: str,
    ucum: str | None = "",
    **elements: Any,
) -> Json:
    """Give a laboratory result under a LOINC code."""
    held = {"valueQuantity": quantity(value, unit, ucum)}
    return observation(concept(loinc=loinc), **(held | elements))


def interval(low: float | None, high: float | None, unit: str, **more: Any) -> list[Json]:
    ends = {"low": low, "high": high}
    return [{name: quantity(end, unit) for name, end in ends.items() if end is not None} | more]


def condition(
    code: Json, *, clinical: str = "active", sure: str = "confirmed", **more: Any
) -> Json:
    """Give an entry of a problem list."""
    states = {"clinicalStatus": clinical, "verificationStatus": sure}
    systems = {"clinicalStatus": "condition-clinical", "verificationStatus": "condition-ver-status"}
    coded = {
        name: {"coding": [{"system": HL7 + systems[name], "code": code}]}
        for name, code in states.items()
        if code
    }
    held = {"status": None, "code": code, "recordedDate": "2025-03-01"}
    return resource("Condition", **(held | coded | more))


def report(title: str, conclusion: str | None = None, *, kind: str = "RAD", **more: Any) -> Json:
    """Give a report with its title; `kind` is HL7's section: RAD, PAT, LAB, or empty."""
    section = [{"coding": [{"system": HL7 + "v2-0074", "code": kind}]}] if kind else None
    held = {
        "code": {"text": title},
        "category": section,
        "effectiveDateTime": "2025-03-04",
        "conclusion": conclusion,
    }
    return resource("DiagnosticReport", **(held | more))


def attached(data: str | bytes, content: str, **more: Any) -> Json:
    """Give an attachment."""
    raw = data.encode() if isinstance(data, str) else data
    return {"contentType": content, "data": base64.b64encode(raw).decode()} | more


def letter(title: str, words: str, **more: Any) -> Json:
    """Give a document with its text."""
    held = {
        "status": "current",
        "type": {"text": title},
        "date": "2025-03-04T10:00:00Z",
        "content": [{"attachment": attached(words, "text/plain")}],
    }
    return resource("DocumentReference", **(held | more))


def answers(*items: Json, **more: Any) -> Json:
    held = {"status": "completed", "authored": "2025-03-01", "item": list(items)}
    return resource("QuestionnaireResponse", **(held | more))


def item(question: str, link: str = "", **answer: Any) -> Json:
    return {"linkId": link or question, "text": question, "answer": [answer]}


def div(words: str, status: str = "additional") -> Json:
    """Give the narrative of a resource."""
    shown = f'<div xmlns="http://www.w3.org/1999/xhtml">{words}</div>'
    return {"status": status, "div": shown}


def rtf(words: str) -> bytes:
    """Give a text as Rich Text Format."""
    coded = "".join(one if ord(one) < 128 else f"\\u{ord(one)}?" for one in words)
    body = coded.replace("\n", "\\par\n")
    head = "{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Arial;}}\\f0\\fs22 {\\b Report}\\par "
    return f"{head}{body}\\par}}".encode()


def pdf(words: str) -> bytes:
    """Give a page of PDF whose text can be copied out of it."""
    drawn = f"BT /F1 11 Tf 72 720 Td ({words}) Tj ET".encode()
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    content, starts = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        starts.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    size = len(objects) + 1
    end = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(content))
    return content + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table) + end


def zst(content: bytes) -> bytes:
    """Give content, shorter than one block, as a frame of Zstandard that holds it unpacked."""
    size = len(content)
    last_raw_block = (size << 3 | 1).to_bytes(3, "little")
    return b"\x28\xb5\x2f\xfd\xa0" + size.to_bytes(4, "little") + last_raw_block + content


def clear_case(*, without: Iterable[str] = ()) -> list[Json]:
    """Give a child whose record earns a code for the disease, so that holding it back can be seen.

    Three bones on images over half a year, sterile bone, a full count, and no sign of danger.
    ``without`` names laboratory codes to leave out.
    """
    values = {
        "6690-2": (7.1, "10*9/L"),
        "718-7": (126.0, "g/L"),
        "777-3": (310.0, "10*9/L"),
        "751-8": (4.0, "10*9/L"),
        "1988-5": (8.0, "mg/L"),
        "4537-7": (24.0, "mm/h"),
        "2532-0": (220.0, "U/L"),
        "6768-6": (230.0, "U/L"),
    }
    return [
        child(),
        condition(
            {"text": "Bone pain"}, onsetDateTime="2024-08-15", bodySite=[{"text": "Right clavicle"}]
        ),
        *(says(what, value=False) for what in ("Fever", "Weight loss", "Night sweats")),
        *(lab(code, *value) for code, value in values.items() if code not in set(without)),
        report(
            "X-ray of the right clavicle",
            "Lytic and sclerotic lesion of the medial right clavicle. No soft tissue mass.",
        ),
        report(
            "Whole-body MRI",
            "Marrow oedema of the right clavicle, left distal tibia and right distal femur. "
            "No abscess. No soft tissue mass.",
        ),
    ]
