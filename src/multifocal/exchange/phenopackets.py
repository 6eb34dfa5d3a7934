"""GA4GH phenopackets, version 2, in: what was seen in the child, never what was concluded."""

from collections.abc import Iterator

import msgspec

from multifocal.exchange.cache import forgetting
from multifocal.exchange.dates import years_of
from multifocal.exchange.fhir.bundle import DECODING_FAULTS, fault_place
from multifocal.exchange.fhir.observations import numeric_facts
from multifocal.exchange.fhir.reading import Reading, Setting, tools_of
from multifocal.exchange.fhir.resources import Quantity, ReferenceRange, Valued
from multifocal.exchange.issue_log import IssueLog
from multifocal.exchange.vocabulary import Match, compact
from multifocal.exchange.words import Words
from multifocal.knowledge.load import Knowledge
from multifocal.model.issue import RecordError
from multifocal.model.record import ConceptId, Fact, Patient, Record, Sex

AGE = ConceptId("age_years_stated")
"""The age at the last encounter: phenopackets hold no birth date."""
_SEXES: dict[str, Sex] = {"FEMALE": "female", "MALE": "male"}


class OntologyClass(msgspec.Struct, frozen=True):
    """A term of an ontology."""

    id: str | None = None
    label: str | None = None


class Age(msgspec.Struct, frozen=True):
    """An age as an ISO 8601 duration."""

    iso8601duration: str | None = None


class TimeElement(msgspec.Struct, frozen=True):
    """When something was: an age or a moment."""

    age: Age | None = None
    timestamp: str | None = None


class Subject(msgspec.Struct, frozen=True, rename="camel"):
    """The individual."""

    id: str | None = None
    sex: str | None = None
    date_of_birth: str | None = None
    time_at_last_encounter: TimeElement | None = None


class Feature(msgspec.Struct, frozen=True, rename="camel"):
    """A phenotypic feature, seen or looked for and not there."""

    type: OntologyClass | None = None
    excluded: bool | None = None
    onset: TimeElement | None = None


class Interval(msgspec.Struct, frozen=True):
    """A reference interval."""

    low: float | None = None
    high: float | None = None


class Amount(msgspec.Struct, frozen=True, rename="camel"):
    """A number with its unit."""

    unit: OntologyClass | None = None
    value: float | None = None
    reference_range: Interval | None = None


class Value(msgspec.Struct, frozen=True):
    """What was measured."""

    quantity: Amount | None = None


class Measurement(msgspec.Struct, frozen=True, rename="camel"):
    """A measurement."""

    assay: OntologyClass | None = None
    value: Value | None = None
    time_observed: TimeElement | None = None


class Phenopacket(msgspec.Struct, frozen=True, rename="camel"):
    """What is read of a phenopacket; features and measurements are decoded one by one."""

    subject: Subject | None = None
    phenotypic_features: tuple[msgspec.Raw, ...] | None = None
    measurements: tuple[msgspec.Raw, ...] | None = None
    diseases: tuple[msgspec.Raw, ...] | None = None
    interpretations: tuple[msgspec.Raw, ...] | None = None
    medical_actions: tuple[msgspec.Raw, ...] | None = None


@forgetting()
def read_phenopacket(data: bytes, *, knowledge: Knowledge) -> Record:
    """Read a phenopacket; raises `RecordError` when it is none.

    Its diseases and interpretations are left out: they are what the work-up is to find.
    """
    try:
        packet = msgspec.json.decode(data, type=Phenopacket)
    except DECODING_FAULTS as fault:
        raise RecordError(
            f"this phenopacket can't be read at {fault_place(fault)}. Give version 2 as JSON."
        ) from None
    issue_log = IssueLog()
    reading = Reading(tools_of(knowledge), issue_log)
    concluded = len(packet.diseases or ()) + len(packet.interpretations or ())
    if concluded:
        issue_log.info(
            "phenopacket", "a conclusion is not used, only what was seen", count=concluded
        )
    if packet.medical_actions:
        count = len(packet.medical_actions)
        issue_log.info("phenopacket", "medicalActions are not used", count=count)
    child = _child(packet.subject, reading)
    facts = [
        *_age(packet.subject, reading),
        *_features(packet.phenotypic_features or (), reading),
        *_measurements(packet.measurements or (), reading),
    ]
    if not facts:
        issue_log.warning("phenopacket", "holds nothing that the work-up uses")
    return Record(child, tuple(facts), issue_log.issues())


def _child(subject: Subject | None, reading: Reading) -> Patient:
    if subject is None:
        reading.issue_log.warning("subject", "is missing: age and sex are not known")
        return Patient(id="")
    reading.birth = reading.day(subject.date_of_birth, "subject", "dateOfBirth")
    reading.sex = _SEXES.get(subject.sex or "")
    if reading.sex is None:
        reading.issue_log.info("subject", "the sex is not known or neither female nor male")
    if reading.birth is None:
        reading.issue_log.info("subject", "has no birth date")
    return Patient(id=subject.id or "", birth=reading.birth, sex=reading.sex)


def _age(subject: Subject | None, reading: Reading) -> Iterator[Fact]:
    """Give the stated age as a fact, since there is no birth date to count from."""
    time = subject.time_at_last_encounter if subject else None
    duration = time.age.iso8601duration if time and time.age else None
    years = years_of(duration) if duration else None
    if years is None:
        reading.issue_log.info("subject", "has no age at the last encounter")
        return
    concept = reading.vocabulary.concepts.get(AGE)
    if concept is None:
        reading.issue_log.info("subject", "the stated age is not used")
        return
    setting = Setting(resource="subject", where="subject", text="age at the last encounter")
    yield from reading.facts(Match(concept), setting, present=True, value=years, unit=concept.unit)


def _words(term: OntologyClass | None) -> Words:
    if term is None:
        return Words()
    code = compact(term.id or "")
    return Words(
        codes=() if code is None else (code,),
        said=(term.label,) if term.label else (),
        systems=("other" if code is None else code.system,),
    )


def _setting(kind: str, place: int, time: TimeElement | None, reading: Reading) -> Setting:
    where = f"{kind} {place}"
    day = reading.day(time.timestamp if time else None, where, "timestamp")
    return Setting(resource=f"{kind}/{place}", where=where, day=day, onset=day is not None)


def _features(features: tuple[msgspec.Raw, ...], reading: Reading) -> Iterator[Fact]:
    for place, raw in enumerate(features, start=1):
        where = f"phenotypicFeatures {place}"
        try:
            feature = msgspec.json.decode(raw, type=Feature)
        except DECODING_FAULTS as fault:
            reading.issue_log.warning(where, f"can't be read at {fault_place(fault)}")
            continue
        words = _words(feature.type)
        match = reading.known(reading.match(words, where), words, where)
        if match is None:
            continue
        setting = msgspec.structs.replace(
            _setting("phenotypicFeatures", place, feature.onset, reading),
            sites=reading.sites((), words, where),
            text=words.text,
        )
        present = match.present != bool(feature.excluded)
        yield from reading.facts(match, setting, present=present)


def _measurements(measurements: tuple[msgspec.Raw, ...], reading: Reading) -> Iterator[Fact]:
    for place, raw in enumerate(measurements, start=1):
        where = f"measurements {place}"
        try:
            measurement = msgspec.json.decode(raw, type=Measurement)
        except DECODING_FAULTS as fault:
            reading.issue_log.warning(where, f"can't be read at {fault_place(fault)}")
            continue
        words = _words(measurement.assay)
        match = reading.known(reading.match(words, where), words, where)
        amount = measurement.value.quantity if measurement.value else None
        if match is None:
            continue
        if amount is None:
            reading.issue_log.warning(
                where, f"{match.concept.label} has no number; it was left out"
            )
            continue
        setting = msgspec.structs.replace(
            _setting("measurements", place, measurement.time_observed, reading), text=words.text
        )
        unit = (amount.unit.id or "").rpartition(":")[2] if amount.unit else ""
        label = amount.unit.label if amount.unit else None
        quantity = Quantity(value=amount.value, code=unit or None, unit=label)
        given = amount.reference_range
        interval = given and ReferenceRange(
            low=Quantity(value=given.low), high=Quantity(value=given.high)
        )
        valued = Valued(reference_range=(interval,) if interval else None)
        yield from numeric_facts(quantity, valued, match.concept, setting, reading)
