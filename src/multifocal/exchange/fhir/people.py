"""The child, from FHIR Patient."""

from collections.abc import Sequence

from multifocal.exchange.fhir.reading import Reading
from multifocal.exchange.fhir.resources import HumanName, Patient
from multifocal.model.record import Patient as Child
from multifocal.model.record import Sex

BIRTH_SEX = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex"
TEST_DATA = "HTEST"
"""HL7's code for test health data."""
_SEXES: dict[str, Sex] = {"female": "female", "F": "female", "male": "male", "M": "male"}
_USES = ("official", "usual")


def patient_of(patients: Sequence[Patient], person: str, reading: Reading) -> Child:
    """Give the child; the last Patient resource counts when there are several versions."""
    issue_log = reading.issue_log
    if not patients:
        issue_log.warning("Patient", "there is no Patient resource: age and sex are not known")
        return Child(id=person.rpartition("/")[2])
    patient = patients[-1]
    reading.birth = reading.day(patient.birth_date, "Patient", "birthDate")
    reading.sex = _sex(patient)
    if patient.birth_date is None:
        issue_log.warning("Patient", "has no birth date: the age is not known")
    if reading.sex is None:
        issue_log.info("Patient", "the sex is not known or neither female nor male")
    return Child(
        id=patient.id or person.rpartition("/")[2],
        name=_name(patient.name or ()),
        birth=reading.birth,
        sex=reading.sex,
        synthetic=_is_synthetic(patient),
    )


def _sex(patient: Patient) -> Sex | None:
    """Give the sex recorded at birth, else the administrative one."""
    for extension in patient.extension or ():
        if extension.url == BIRTH_SEX and extension.value_code in _SEXES:
            return _SEXES[extension.value_code]
    return _SEXES.get(patient.gender or "")


def _is_synthetic(patient: Patient) -> bool:
    """Tell whether the record is tagged as test data: such a child does not exist."""
    tags = patient.meta.tag if patient.meta else None
    return any(tag.code == TEST_DATA for tag in tags or ())


def _name(names: Sequence[HumanName]) -> str:
    if not names:
        return ""
    chosen = next((name for use in _USES for name in names if name.use == use), names[0])
    parts = (*(given for given in chosen.given or () if given), chosen.family or "")
    return chosen.text or " ".join(part for part in parts if part)
