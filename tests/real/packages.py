"""Public examples of FHIR, fetched by npm: nobody made them for this project."""

import json
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

Json = dict[str, Any]

PACKAGES = {
    "hl7.fhir.r4.examples@4.0.1": "R4",
    "hl7.fhir.uv.ips@2.0.0": "R4",
    "hl7.fhir.us.mcode@4.0.0": "R4",
    "hl7.fhir.r3.examples@3.0.2": "STU3",
    "hl7.fhir.r5.examples@5.0.0": "R5",
}
"""Each package with the version of FHIR in which its examples are written."""

KINDS = frozenset(
    """
    Bundle Condition DiagnosticReport DocumentReference Encounter FamilyMemberHistory ImagingStudy
    Medication MedicationAdministration MedicationRequest MedicationStatement Observation Patient
    Procedure QuestionnaireResponse Specimen
    """.split()
)
"""The types of resources that are read."""

HELPING = frozenset(("Bundle", "Medication", "Specimen"))
"""Types that say something only through the resources that refer to them."""


class Example(NamedTuple):
    """One file of a package."""

    name: str
    data: bytes
    resource: Json


def fetched(folder: Path) -> dict[str, Path]:
    """Fetch every package into a folder; raises `FileNotFoundError` where there is no npm."""
    npm = shutil.which("npm")
    if npm is None:
        raise FileNotFoundError("npm is not here: install nodejs and npm, as .ci/run does")
    command = [npm, "pack", "--silent", "--pack-destination", str(folder), *PACKAGES]
    subprocess.run(command, check=True, capture_output=True, cwd=folder)
    return {name: folder / f"{name.replace('@', '-')}.tgz" for name in PACKAGES}


def examples(package: Path) -> Iterator[Example]:
    """Give the examples of a package whose type is read, in the order of their names."""
    with tarfile.open(package) as archive:
        held = [member for member in archive if _may_be_one(member.name)]
        only = [member for member in held if "/example/" in member.name] or held
        for member in sorted(only, key=lambda member: member.name):
            content = archive.extractfile(member)
            data = content.read() if content else b""
            resource = json.loads(data)
            if resource.get("resourceType") in KINDS:
                yield Example(Path(member.name).name, data, resource)


def _may_be_one(name: str) -> bool:
    return name.endswith(".json") and Path(name).name.split("-")[0] in KINDS
