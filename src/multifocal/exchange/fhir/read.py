"""FHIR R4 resources to a record."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

import msgspec

from multifocal.exchange.cache import forgetting
from multifocal.exchange.facts import once
from multifocal.exchange.fhir.bundle import DECODING_FAULTS, Item, fault_place, items_of, shown_kind
from multifocal.exchange.fhir.course import (
    condition_facts,
    encounter_facts,
    family_facts,
    medication_facts,
)
from multifocal.exchange.fhir.narrative import observation_note_facts
from multifocal.exchange.fhir.observations import (
    UNKNOWN_MODIFIER,
    observation_facts,
    questionnaire_facts,
)
from multifocal.exchange.fhir.people import patient_of
from multifocal.exchange.fhir.reading import END_OF_RECORD, Reading, Setting, tools_of
from multifocal.exchange.fhir.resources import (
    DECODERS,
    Condition,
    DiagnosticReport,
    Encounter,
    FamilyMemberHistory,
    Head,
    ImagingStudy,
    Medication,
    MedicationUse,
    Observation,
    Patient,
    Procedure,
    QuestionnaireResponse,
    Read,
    Specimen,
)
from multifocal.exchange.fhir.studies import (
    imaging_facts,
    note_studies,
    procedure_facts,
    report_facts,
)
from multifocal.exchange.issue_log import IssueLog
from multifocal.knowledge.load import Knowledge
from multifocal.model.day import Day
from multifocal.model.issue import RecordError
from multifocal.model.record import Fact, FactId, Origin, Record
from multifocal.model.record import Patient as Child

TESTS = ("lab", "result", "image", "study", "measurement", "biopsy", "sign")
"""Kinds of concept that say the child itself was examined."""
NO_ORIGIN = Origin("")
CLOCKS_APART = timedelta(days=1)
"""A birth date may seem to lie after a test of the same day where time zones differ."""


@forgetting()
def read_bundle(data: bytes, *, knowledge: Knowledge, patient: str | None = None) -> Record:
    """Read a Bundle or a single resource, as JSON.

    Raises `RecordError` when it is neither, or holds several patients and ``patient``, the id of
    one of them, is not given.
    """
    issue_log = IssueLog()
    return read_items(
        tuple(items_of(data, issue_log)), issue_log, knowledge=knowledge, patient=patient
    )


@forgetting()
def read_items(
    items: Sequence[Item], issue_log: IssueLog, *, knowledge: Knowledge, patient: str | None = None
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
    return _record(chosen[0] if chosen else "", items, people, issue_log, knowledge)


def read_each(
    items: Sequence[Item], issue_log: IssueLog, *, knowledge: Knowledge
) -> Iterator[Record]:
    """Read the resources of many patients, one record after the other."""
    people = people_of(items)
    aliases = _aliases(items)
    shared: list[Item] = []
    own: dict[str, list[Item]] = {person: [] for person in people}
    for item in items:
        owner = _owner(item, aliases)
        (own[owner] if owner in own else shared).append(item)
    needed = [item for item in shared if item.kind in ("Medication", "Specimen")]
    with forgetting():
        for person, held in own.items():
            record = _record(person, [*held, *needed], [person], IssueLog(), knowledge)
            yield msgspec.structs.replace(record, issues=(*issue_log.issues(), *record.issues))


def people_of(items: Iterable[Item]) -> list[str]:
    """Give whose resources these are: every Patient, or whoever is named if there is none."""
    items = tuple(items)
    patients = dict.fromkeys(item.keys[0] for item in items if item.kind == "Patient" and item.keys)
    if patients:
        return list(patients)
    if any(item.kind == "Patient" for item in items):
        return [""]
    named = (item.subject for item in items if item.kind in DECODERS)
    return list(dict.fromkeys(subject for subject in named if _is_person(subject)))


def _is_person(subject: str) -> bool:
    return subject.startswith(("Patient/", "urn:"))


def _aliases(items: Iterable[Item]) -> dict[str, str]:
    return {key: item.keys[0] for item in items if item.kind == "Patient" for key in item.keys}


def _owner(item: Item, aliases: dict[str, str]) -> str:
    if item.kind == "Patient":
        return item.keys[0] if item.keys else ""
    return aliases.get(item.subject, item.subject)


def _record(
    person: str,
    items: Iterable[Item],
    people: Sequence[str],
    issue_log: IssueLog,
    knowledge: Knowledge,
) -> Record:
    items = tuple(items)
    aliases = _aliases(items)
    mine: list[Item] = []
    for item in items:
        owner = _owner(item, aliases)
        if not owner or owner == person or (item.kind not in DECODERS and not item.subject):
            mine.append(item)
        elif owner not in people:
            issue_log.warning(item.where, "is about another patient or none, and was left out")
    reading = Reading(tools_of(knowledge), issue_log)
    patients = _decode(mine, reading)
    child = patient_of(patients, person, reading)
    note_studies(reading)
    child, facts = _born_before(child, once(list(_facts(reading)), reading), reading)
    if not facts:
        issue_log.warning("record", "holds nothing that the work-up uses")
    return Record(child, tuple(_finished(facts, issue_log)), issue_log.issues())


def _decode(items: Iterable[Item], reading: Reading) -> list[Patient]:
    """Decode what is read, with what it contains; count the rest."""
    unused: Counter[str] = Counter()
    patients: list[Patient] = []
    paths: dict[str, str] = {}
    reading.paths = paths
    for item in items:
        if item.kind not in DECODERS:
            unused[shown_kind(item.kind)] += 1
            continue
        for path, part, resource in _decoded(item, item.path, reading):
            if isinstance(resource, Patient):
                patients.append(resource)
                continue
            unique = path if path not in reading.resources else f"{path}~{len(paths)}"
            reading.resources[unique] = (part, resource)
            if part is item:
                paths.update(dict.fromkeys(item.keys, unique))
    for kind, count in unused.items():
        reading.issue_log.info(kind, "is a type of resource that is not used", count=count)
    return patients


def _decoded(item: Item, path: str, reading: Reading) -> Iterator[tuple[str, Item, Read]]:
    """Decode a resource and what it contains; one that is broken is noted and left out."""
    try:
        resource: Read = DECODERS[item.kind].decode(item.raw)
    except DECODING_FAULTS as fault:
        broken = f"can't be read at {fault_place(fault)}"
        if item.kind == "Patient" and (mended := _mended(item, reading)) is not None:
            yield path, item, mended
            return
        reading.issue_log.warning(
            item.where, f"{broken} and was left out. Mend that element to FHIR R4."
        )
        return
    if resource.modifier_extension or resource.implicit_rules:
        reading.issue_log.warning(item.where, UNKNOWN_MODIFIER)
        return
    yield path, item, resource
    for raw in resource.contained or ():
        yield from _contained(raw, item, path, reading)


def _contained(
    raw: msgspec.Raw, item: Item, path: str, reading: Reading
) -> Iterator[tuple[str, Item, Read]]:
    """Decode a contained resource; FHIR lets it contain nothing itself."""
    try:
        head = CONTAINED.decode(raw)
        if head.resource_type not in DECODERS or head.resource_type == "Patient" or not head.id:
            return
        resource: Read = DECODERS[head.resource_type].decode(raw)
    except DECODING_FAULTS:
        reading.issue_log.warning(item.where, "contains a resource that can't be read")
        return
    if resource.modifier_extension or resource.implicit_rules:
        reading.issue_log.warning(item.where, UNKNOWN_MODIFIER)
        return
    part = Item(kind=head.resource_type, where=item.where, raw=raw, id=f"{item.id}#{head.id}")
    yield f"{path}#{head.id}", part, resource


CONTAINED = msgspec.json.Decoder(Head)


def _mended(item: Item, reading: Reading) -> Patient | None:
    """Read what can be read of a Patient: without the elements that are broken."""
    try:
        elements = msgspec.json.decode(item.raw, type=dict[str, msgspec.Raw])
    except DECODING_FAULTS:
        return None
    for _ in range(len(elements)):
        try:
            return PATIENT.decode(msgspec.json.encode(elements))
        except DECODING_FAULTS as fault:
            broken = fault_place(fault).split(".")[0]
            if elements.pop(broken, None) is None:
                return None
            reading.issue_log.warning(
                item.where, f"{broken} can't be read and was left out. Mend it to FHIR R4."
            )
    return None


PATIENT = msgspec.json.Decoder(Patient)


def _facts(reading: Reading) -> Iterator[Fact]:
    for path, (item, resource) in reading.resources.items():
        setting = Setting(resource=path, where=item.where)
        match resource:
            case Observation():
                yield from observation_facts(resource, setting, reading)
                yield from observation_note_facts(resource, setting, reading)
            case Condition():
                yield from condition_facts(resource, setting, reading)
            case Encounter():
                yield from encounter_facts(resource, setting, reading)
            case DiagnosticReport():
                yield from report_facts(resource, setting, reading)
            case ImagingStudy():
                yield from imaging_facts(resource, setting, reading)
            case Procedure():
                yield from procedure_facts(resource, setting, reading)
            case MedicationUse():
                yield from medication_facts(resource, setting, reading)
            case FamilyMemberHistory():
                yield from family_facts(resource, setting, reading)
            case QuestionnaireResponse():
                yield from questionnaire_facts(resource, setting, reading)
            case Medication() | Specimen() | Patient():
                continue


def _born_before(
    child: Child, facts: Sequence[Fact], reading: Reading
) -> tuple[Child, Sequence[Fact]]:
    """Hold the birth date against all days: nobody was examined before birth.

    A test before birth leaves no age that can be trusted. Anything else before birth, such as an
    order for a drug, has more likely a wrong date itself, and loses that.
    """
    if child.birth is None:
        return child, facts
    before = child.birth.earliest - CLOCKS_APART
    early = [fact for fact in facts if fact.day is not None and fact.day.latest < before]
    tests = sum(1 for fact in early if reading.vocabulary.concepts[fact.concept].kind in TESTS)
    if tests:
        reading.issue_log.error(
            "Patient",
            "the birth date is later than a test of the child; the age was taken as not known. "
            "Check birthDate and the dates of the tests.",
            count=tests,
        )
        return msgspec.structs.replace(child, birth=None), facts
    if not early:
        return child, facts
    reading.issue_log.error(
        "record",
        "a date lies before the birth of the child and was taken as not known. Check the dates.",
        count=len(early),
    )
    wrong = {id(fact) for fact in early}
    return child, [
        msgspec.structs.replace(fact, day=None, ended=None) if id(fact) in wrong else fact
        for fact in facts
    ]


def _finished(facts: Sequence[Fact], issue_log: IssueLog) -> Iterator[Fact]:
    """Give each fact once, with its own id, and ends that lie within the record."""
    days = [
        day.latest
        for fact in facts
        for day in (fact.day, fact.recorded, fact.ended)
        if day is not None and day.latest != END_OF_RECORD
    ]
    last = max(days, default=date.min)
    seen: set[Fact] = set()
    used: Counter[str] = Counter()
    for fact in facts:
        ended = fact.ended
        if ended is not None and ended.latest == END_OF_RECORD:
            ended = Day(ended.earliest, max(last, ended.earliest))
            fact = msgspec.structs.replace(fact, ended=ended)
        same = msgspec.structs.replace(
            fact, id=FactId(""), origin=NO_ORIGIN, recorded=None, low=None, high=None, interval=None
        )
        if same in seen:
            issue_log.info("record", "the same fact is recorded more than once; it was kept once")
            continue
        seen.add(same)
        used[fact.id] += 1
        number = used[fact.id]
        yield (
            fact if number == 1 else msgspec.structs.replace(fact, id=FactId(f"{fact.id}#{number}"))
        )
