"""A bulk export of any size: the shapes of a real one, no two resources alike.

The sample of three patients in `tests/data/fhir/bulk` gives the shapes. Ids, days, numbers and the
people referred to differ from one resource to the next, and each patient has as many resources of
each kind as a patient of a real export has.
"""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Any

SAMPLE = Path(__file__).parents[1] / "tests" / "data" / "fhir" / "bulk"
EACH = {
    "Patient": 1,
    "Observation": 90,
    "Immunization": 23,
    "Encounter": 18,
    "Procedure": 7,
    "Condition": 4,
    "MedicationRequest": 4,
    "DiagnosticReport": 2,
    "CarePlan": 2,
    "ImagingStudy": 1,
}
"""How many resources of each kind a patient has."""
FIRST_DAY = date(2009, 1, 1)
DAYS = 4000
"""Results lie within so many days."""
DATE = re.compile(r"\d{4}-\d\d-\d\d(?=T)")
STEP = 7919
"""A prime, so that days and numbers don't repeat in step with the shapes."""


def written(folder: Path, patients: int) -> int:
    """Write an export of so many patients as NDJSON, a file for each kind; give its bytes."""
    size = 0
    for kind, each in EACH.items():
        content = "".join(lines(kind, patients, each)).encode()
        (folder / f"{kind}.ndjson").write_bytes(content)
        size += len(content)
    return size


def of_one(size: int) -> bytes:
    """Give a bundle of one patient with resources up to so many bytes."""
    patient, *_ = made("Patient", 1, 1)
    entries, length, number = [{"resource": patient}], 0, 0
    makers = {kind: made(kind, 1, size) for kind in EACH if kind != "Patient"}
    while length < size:
        for kind, maker in makers.items():
            for resource in islice(maker, EACH[kind]):
                entries.append({"resource": resource})
                length += len(json.dumps(resource))
                number += 1
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return json.dumps(bundle, separators=(",", ":")).encode()


def lines(kind: str, patients: int, each: int) -> Iterator[str]:
    """Give the resources of a kind as lines."""
    for resource in made(kind, patients, each):
        yield json.dumps(resource, separators=(",", ":")) + "\n"


def made(kind: str, patients: int, each: int) -> Iterator[dict[str, Any]]:
    """Give so many resources of a kind for each of so many patients."""
    shapes = cycle((SAMPLE / f"{kind}.ndjson").read_text(encoding="utf-8").splitlines())
    number = 0
    for patient in range(patients):
        for _ in range(each):
            number += 1
            yield _made(next(shapes), kind, patient, number)


def _made(shape: str, kind: str, patient: int, number: int) -> dict[str, Any]:
    day = FIRST_DAY + timedelta(days=number * STEP % DAYS)
    resource: dict[str, Any] = json.loads(DATE.sub(day.isoformat(), shape))
    owner = f"patient-{patient}"
    resource["id"] = owner if kind == "Patient" else f"{kind.lower()}-{number}"
    for element in ("subject", "patient"):
        if element in resource:
            resource[element] = {"reference": f"Patient/{owner}"}
    if "encounter" in resource:
        visit = patient * EACH["Encounter"] + number % EACH["Encounter"] + 1
        resource["encounter"] = {"reference": f"Encounter/encounter-{visit}"}
    if "result" in resource:
        first = patient * EACH["Observation"] + number % EACH["Observation"]
        for place, result in enumerate(resource["result"], start=first + 1):
            result["reference"] = f"Observation/observation-{place}"
    for valued in (resource, *resource.get("component", ())):
        if "value" in valued.get("valueQuantity", {}):
            share = 1 + (number * STEP % 1000) / 10000
            valued["valueQuantity"]["value"] *= share
    return resource
