"""What another version of FHIR writes otherwise, where it changes what is read."""

from collections.abc import Callable, Iterator, Mapping

from tests.real.packages import Json

Test = Callable[[Json], bool]


def has(name: str, kind: type | tuple[type, ...] = object) -> Test:
    return lambda resource: name in resource and isinstance(resource[name], kind)


def within(name: str, inner: str) -> Test:
    """Give whether an element, or one of its list, has an element of that name."""

    def test(resource: Json) -> bool:
        held = resource.get(name)
        several = held if isinstance(held, list) else [held]
        return any(isinstance(one, dict) and inner in one for one in several)

    return test


def words(name: str) -> Test:
    """Give whether an element is a list of plain codes and words."""
    return lambda resource: within(name, "coding")(resource) or within(name, "text")(resource)


STU3: Mapping[str, tuple[Test, ...]] = {
    "Condition": (has("clinicalStatus", str), has("verificationStatus", str), has("assertedDate")),
    "Observation": (has("interpretation", dict), has("comment"), has("related")),
    "DiagnosticReport": (has("category", dict), has("codedDiagnosis"), has("image")),
    "Encounter": (words("reason"),),
    "MedicationStatement": (has("taken"),),
    "MedicationAdministration": (has("notGiven"), has("prescription")),
    "Procedure": (has("notDone"),),
    "FamilyMemberHistory": (has("notDone"),),
    "ImagingStudy": (has("availability"),),
}
R5: Mapping[str, tuple[Test, ...]] = {
    "Encounter": (has("actualPeriod"), within("reason", "value"), has("class", list)),
    "ImagingStudy": (within("modality", "coding"),),
    "MedicationAdministration": (
        within("medication", "concept"),
        within("medication", "reference"),
    ),
    "MedicationRequest": (within("medication", "concept"), within("medication", "reference")),
    "MedicationStatement": (within("medication", "concept"), within("medication", "reference")),
    "Procedure": (has("occurrenceDateTime"), has("occurrencePeriod"), has("reported")),
    "Condition": (has("participant"),),
    "Observation": (has("triggeredBy"), has("bodyStructure")),
}


def shapes(resource: Json) -> Iterator[str]:
    """Give the versions of FHIR whose shape a resource has, where it is not R4."""
    for version, tests in (("STU3", STU3), ("R5", R5)):
        if any(test(resource) for test in tests.get(resource["resourceType"], ())):
            yield version
