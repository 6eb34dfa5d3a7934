"""FHIR R4 resources to a record."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from multifocal.exchange.cache import forgetting
from multifocal.exchange.dates import unbelieved
from multifocal.exchange.facts import END_OF_RECORD, born_before, facts_of
from multifocal.exchange.fhir.bundle import (
    Item,
    is_doubled,
    item_of,
    items_of,
    key_of,
    shown_kind,
    standing,
)
from multifocal.exchange.fhir.chart import Chart
from multifocal.exchange.fhir.coded import SEXES, words_of
from multifocal.exchange.fhir.elements import ABSENT
from multifocal.exchange.fhir.people import OTHERS, Held, aliases_of, owner_of, people_of
from multifocal.exchange.fhir.statements import DOUBLED, UNKNOWN_MODIFIER, assertions_of
from multifocal.exchange.fhir.views import (
    DECODERS,
    TABLE,
    VIEWS,
    HumanName,
    Patient,
    Reading,
    Resource,
    reading,
)
from multifocal.exchange.issue_log import IssueLog
from multifocal.exchange.reader import Reader, reader_of
from multifocal.knowledge.load import Knowledge
from multifocal.model.issue import RecordError
from multifocal.model.record import Fact, NotRead, Record, Resources, Sex
from multifocal.model.record import Patient as Child

BIRTH_SEX = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex"
TEST_DATA = "HTEST"
"""HL7's code for test health data."""
FUTURE = (
    "a date lies in the future, long after all others, and was taken as not known. Check the dates."
)
SILENT = TABLE.silent["types"]
SAYING_NOTHING = SILENT | {"Patient"}
"""Types of resource that make no assertion."""
MANY = 2
RANKS = {"preliminary": 0, "final": 1, "amended": 2, "corrected": 2}
"""States of a result; of two of one moment, the higher stands."""
USES = ("official", "usual")
Marks = tuple[tuple[tuple[bytes, str], ...], Reading, tuple[Any, ...]]


def _marks(kind: str) -> Marks:
    """Give the elements of other releases that a type may have, and how they begin if that tells.

    With them: what reads these elements, and what it gives of a resource that has none.
    """
    shapes = [
        (element, (begins.encode(), release))
        for release, by_kind in TABLE.foreign.items()
        for shape in by_kind.get(kind, ())
        for element, _, begins in [shape.partition(" ")]
    ]
    read = reading([name for name, _ in shapes])
    return tuple(mark for _, mark in shapes), read, read(DECODERS[kind].type())


_STATUSES = {
    (kind, status): release
    for release, by_kind in TABLE.foreign_status.items()
    for kind, statuses in by_kind.items()
    for status in statuses
}
MARKS = {kind: _marks(kind) for kind in VIEWS}
FOREIGN = (
    "has the shape of FHIR {}, not R4; what both have in common was read. Export it as FHIR R4."
)


@forgetting()
def read_bundle(data: bytes, *, knowledge: Knowledge, patient: str | None = None) -> Record:
    """Read a Bundle or a single resource, as JSON.

    Raises `RecordError` when it is neither, or holds several patients and ``patient``, the id of
    one of them, is not given.
    """
    log = IssueLog()
    return read_items(tuple(items_of(data, log)), log, knowledge=knowledge, patient=patient)


@forgetting()
def read_items(
    items: Sequence[Item], log: IssueLog, *, knowledge: Knowledge, patient: str | None = None
) -> Record:
    """Read the resources of one patient; raises `RecordError` when it is not clear of which."""
    people = people_of(items)
    if patient is not None:
        chosen = [one for one in people if patient in (one, one.removeprefix("Patient/"))]
        if not chosen:
            raise RecordError("holds no patient of the id given. Check the id.")
    elif len(people) > 1:
        raise RecordError(f"holds {len(people)} patients. Choose one by its id.")
    else:
        chosen = people
    person = chosen[0] if chosen else ""
    return _record(person, _own(person, items, people, log), log, reader_of(knowledge))


def read_each(held: Held, log: IssueLog, *, knowledge: Knowledge) -> Iterator[Record]:
    """Read the resources of many patients, one record after the other."""
    reader, shared = reader_of(knowledge), log.issues()
    with forgetting():
        for person in held.people:
            own = IssueLog()
            record = _record(person, held.of(person, own), own, reader)
            yield msgspec.structs.replace(record, issues=(*shared, *record.issues))


def _record(person: str, items: Iterable[Item], log: IssueLog, reader: Reader) -> Record:
    chart = Chart(Child(id=""), reader, log)
    held = standing(items, log)
    patients = _decode(held, chart)
    chart.child = _child(patients, person, log, chart)
    _supersede(chart)
    facts = facts_of(assertions_of(chart), child=chart.child, reader=reader, log=log)
    dated = _dated(facts, chart.child, log)
    child, kept = born_before(chart.child, dated, reader=reader, log=log)
    if not kept:
        log.warning("record", "holds nothing that the work-up uses")
    counts = _counted(held, facts, chart)
    return Record(child, tuple(kept), log.issues(), log.unread(), counts)


def _counted(items: Sequence[Item], facts: Iterable[Fact], chart: Chart) -> Resources:
    """Count the resources of which all, something, or nothing was read."""
    gave = {fact.origin.resource.partition("#")[0] for fact in facts}
    lost = [
        item.path in gave
        for item in items
        if item.where in chart.log.places
        or (item.path not in chart.items and item.kind not in SAYING_NOTHING)
    ]
    partly = sum(lost)
    return Resources(len(items) - len(lost), partly, len(lost) - partly)


def _own(
    person: str, items: Iterable[Item], people: Sequence[str], log: IssueLog
) -> Iterator[Item]:
    """Give the resources of one person, and those of nobody in particular."""
    items = tuple(items)
    aliases = aliases_of(items)
    for item in items:
        owner = owner_of(item, aliases)
        if owner == person or not owner:
            yield item
        elif owner not in people:
            log.warning(item.where, OTHERS)


def _decode(items: Iterable[Item], chart: Chart) -> list[Patient]:
    """Put resources and what they contain on the chart; tell those that are not read."""
    patients: list[Patient] = []
    unused: Counter[str] = Counter()
    foreign: dict[str, Item] = {}
    for item in items:
        resource = item.resource
        if resource is None:
            if item.kind not in DECODERS and item.kind not in SILENT:
                unused[shown_kind(item.kind)] += 1
        elif resource.modifierExtension or resource.implicitRules:
            chart.log.warning(item.where, UNKNOWN_MODIFIER)
        elif isinstance(resource, Patient):
            if is_doubled(item):
                chart.log.error(item.where, DOUBLED)
                resource = Patient(id=resource.id, name=resource.name)
            patients.append(resource)
        else:
            if (release := _release(item.kind, resource)) is not None:
                foreign.setdefault(release, item)
            path = item.path if item.path not in chart.items else f"{item.path}~{item.where}"
            chart.add(item, path)
            if resource.id:
                chart.paths[item.path] = path
            if item.url:
                chart.paths[key_of(item.url)] = path
            for raw in resource.contained or ():
                _contain(raw, item, chart)
    for release, item in foreign.items():
        chart.log.warning(item.where, FOREIGN.format(release))
    for kind, count in unused.items():
        why = "is a type of resource that is not used"
        chart.log.not_read(NotRead("resource", kind, kind, why=why, count=count))
    return patients


def _contain(raw: msgspec.Raw, item: Item, chart: Chart) -> None:
    """Put a contained resource on the chart; FHIR lets it contain nothing itself."""
    quiet = IssueLog()
    part = item_of(raw, item.where, quiet)
    if quiet.issues():
        chart.log.warning(item.where, "contains a resource that can't be read")
    elif part is not None and part.resource is not None and part.kind != "Patient":
        if part.resource.modifierExtension or part.resource.implicitRules:
            chart.log.warning(item.where, UNKNOWN_MODIFIER)
        elif part.resource.id:
            chart.add(part, f"{item.path}#{part.resource.id}")


def _release(kind: str, resource: Resource) -> str | None:
    """Give the release of FHIR that a resource looks like, if it is not R4."""
    marks, read, unmarked = MARKS[kind]
    if (values := read(resource)) == unmarked:
        return _STATUSES.get((kind, getattr(resource, "status", None) or ""))
    for (begins, release), value in zip(marks, values, strict=True):
        if value is not None and value != ABSENT:
            raw = bytes(value) if isinstance(value, msgspec.Raw) else b""
            inside = begins.startswith(b"~") and begins[1:] in raw
            if not begins or inside or raw.startswith(begins):
                return release
    return _STATUSES.get((kind, getattr(resource, "status", None) or ""))


# --- The child ---


def _child(patients: Sequence[Patient], person: str, log: IssueLog, chart: Chart) -> Child:
    """Give the child; the last Patient resource counts when there are several versions."""
    if not patients:
        log.warning("Patient", "there is no Patient resource: age and sex are not known")
        return Child(id=person.rpartition("/")[2])
    patient = patients[-1]
    birth = chart.day(patient.birthDate, "Patient", "birthDate")
    sex = _sex(patient)
    if patient.birthDate is None:
        log.warning("Patient", "has no birth date: the age is not known")
    if sex is None:
        log.info("Patient", "the sex is not known or neither female nor male")
    tags = patient.meta.tag if patient.meta else None
    return Child(
        id=patient.id or person.rpartition("/")[2],
        name=_name(patient.name or ()),
        birth=birth,
        sex=sex,
        synthetic=any(tag.code == TEST_DATA for tag in tags or ()),
    )


def _sex(patient: Patient) -> Sex | None:
    """Give the sex recorded at birth, else the administrative one."""
    for extension in patient.extension or ():
        code = (extension.value_code or "").casefold()
        if extension.url == BIRTH_SEX and code in SEXES:
            return SEXES[code]
    return SEXES.get(patient.gender or "")


def _name(names: Sequence[HumanName]) -> str:
    if not names:
        return ""
    chosen = next((name for use in USES for name in names if name.use == use), names[0])
    parts = (*(given for given in chosen.given or () if given), chosen.family or "")
    return chosen.text or " ".join(part for part in parts if part)


# --- What stands ---


def _dated(facts: Sequence[Fact], child: Child, log: IssueLog) -> list[Fact]:
    """Take days that lie in the future as not known: they are faults of typing."""
    each = {fact: (fact.day, fact.ended, fact.recorded) for fact in facts}
    days = {day for three in each.values() for day in three if day is not None}
    wrong = unbelieved((day for day in days if day.latest != END_OF_RECORD), birth=child.birth)
    if not wrong:
        return list(facts)
    log.error("record", FUTURE, count=sum(not wrong.isdisjoint(three) for three in each.values()))
    return [
        msgspec.structs.replace(
            fact,
            **{
                name: None if day in wrong else day
                for name, day in zip(("day", "ended", "recorded"), three, strict=True)
            },
        )
        for fact, three in each.items()
    ]


def _supersede(chart: Chart) -> None:
    """Leave out what a later statement of the same thing at the same moment corrects."""
    results = [
        one
        for one in chart.items.values()
        if one.kind in ("Observation", "DiagnosticReport") and one.resource.status in RANKS
    ]
    if len({one.resource.status for one in results}) < MANY:
        return
    same: dict[tuple[object, ...], list[Item]] = {}
    for one in results:
        moment = one.resource.effectiveDateTime or one.resource.effectiveInstant
        if moment and one.resource.code is not ABSENT:
            same.setdefault((one.kind, bytes(one.resource.code), moment), []).append(one)
    for alike in same.values():
        highest = max(RANKS[one.resource.status] for one in alike)
        for one in alike:
            if RANKS[one.resource.status] < highest:
                del chart.items[one.path]
                why = "was corrected or made final later"
                name = words_of(one.resource.code).text
                chart.log.not_read(NotRead("result", name, one.where, why=why))
