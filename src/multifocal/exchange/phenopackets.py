"""GA4GH phenopackets, version 2, in: what was seen in the child, never what was concluded."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from multifocal.exchange.assertions import NOWHERE, Assertion
from multifocal.exchange.cache import forgetting
from multifocal.exchange.dates import born, born_and_aged, day_of, years_of
from multifocal.exchange.facts import facts_of
from multifocal.exchange.fhir.bundle import DECODING_FAULTS, fault_place
from multifocal.exchange.issue_log import IssueLog
from multifocal.exchange.numbers import Amount, Interval
from multifocal.exchange.reader import Reader, reader_of
from multifocal.exchange.vocabulary import OWN, Code, compact
from multifocal.exchange.words import Words
from multifocal.knowledge.load import Knowledge
from multifocal.model.day import Day
from multifocal.model.issue import RecordError
from multifocal.model.record import NotRead, Patient, Record, Sex

AGE = Words(codes=(Code(OWN, "age_years_stated"),), said=("age at the last encounter",))
ISO = "iso8601duration"
_SEXES: dict[str, Sex] = {"FEMALE": "female", "MALE": "male"}


class _Struct(msgspec.Struct, frozen=True, rename="camel"):
    """An element of a phenopacket."""


class _Term(_Struct, frozen=True):
    id: str = ""
    label: str = ""


class _Time(_Struct, frozen=True):
    age: Mapping[str, str] | str = {}
    age_range: Mapping[str, Mapping[str, str]] = {}
    timestamp: str = ""


class _Subject(_Struct, frozen=True):
    id: str = ""
    sex: str = ""
    date_of_birth: str = ""
    time_at_last_encounter: _Time = _Time()
    age_at_collection: _Time = _Time()
    """The same in version 1."""


class _Range(_Struct, frozen=True):
    low: float | None = None
    high: float | None = None


class _Quantity(_Struct, frozen=True):
    unit: _Term = _Term()
    value: float | None = None
    reference_range: _Range = _Range()


class _Value(_Struct, frozen=True):
    quantity: _Quantity = _Quantity()
    ontology_class: _Term = _Term()


class _Stated(_Struct, frozen=True):
    """A phenotypic feature, or a measurement."""

    type: _Term = _Term()
    excluded: bool = False
    modifiers: tuple[_Term, ...] = ()
    onset: _Time = _Time()
    assay: _Term = _Term()
    value: _Value = _Value()
    time_observed: _Time = _Time()


class _Disease(_Struct, frozen=True):
    term: _Term = _Term()


class Phenopacket(_Struct, frozen=True):
    """What is read of a phenopacket; its parts are decoded one by one."""

    subject: _Subject = _Subject()
    phenotypic_features: tuple[Any, ...] = ()  # Any: JSON
    measurements: tuple[Any, ...] = ()
    diseases: tuple[Any, ...] = ()
    interpretations: tuple[Any, ...] = ()
    medical_actions: tuple[Any, ...] = ()
    meta_data: Mapping[str, Any] = {}


P = TypeVar("P", bound=_Struct)


@forgetting()
def read_phenopacket(data: bytes, *, knowledge: Knowledge) -> Record:
    """Read a phenopacket; raises `RecordError` when it is none.

    Its diseases and interpretations are left out: they are what the work-up is to find.
    """
    try:
        packet = msgspec.convert(_without_nulls(msgspec.json.decode(data)), Phenopacket)
    except DECODING_FAULTS as fault:
        raise RecordError(
            f"this phenopacket can't be read at {fault_place(fault)}. Give version 2 as JSON."
        ) from None
    log, reader = IssueLog(), reader_of(knowledge)
    _tell_left_out(packet, log)
    parts = dict(_parts("phenotypicFeatures", packet.phenotypic_features, _Stated, log))
    parts |= dict(_parts("measurements", packet.measurements, _Stated, log))
    last = _last(packet, parts.values(), log)
    child, stated = _child(packet.subject, last, log)
    said = [_assertion(where, one, child, reader, log) for where, one in parts.items()]
    dated = [msgspec.structs.replace(one, recorded=last) for one in (*stated, *said)]
    facts = facts_of(dated, child=child, reader=reader, log=log)
    if not facts:
        log.warning("phenopacket", "holds nothing that the work-up uses")
    return Record(child, tuple(facts), log.issues(), log.unread())


def _tell_left_out(packet: Phenopacket, log: IssueLog) -> None:
    """Tell what is concluded or done, each disease by its name."""
    for where, disease in _parts("diseases", packet.diseases, _Disease, log):
        why = "a conclusion is not used"
        log.not_read(NotRead("diagnosis", disease.term.label, where, why=why))
    if concluded := len(packet.diseases) + len(packet.interpretations):
        message = "a conclusion is not used, only what was seen"
        log.info("phenopacket", message, count=concluded)
    if packet.medical_actions:
        count = len(packet.medical_actions)
        log.info("phenopacket", "medicalActions are not used", count=count)


def _child(subject: _Subject, last: Day | None, log: IssueLog) -> tuple[Patient, list[Assertion]]:
    """Give the child, and the age that is stated for the last encounter.

    An age beats a birth date that it contradicts: such dates are often made up.
    """
    birth = _day(subject.date_of_birth, "subject", log)
    sex = _SEXES.get(subject.sex)
    if sex is None:
        log.info("subject", "the sex is not known or neither female nor male")
    time = subject.time_at_last_encounter
    youngest, oldest = _ages(subject.age_at_collection if time == _Time() else time)
    if youngest is None or oldest is None:
        log.info("subject", "has no age at the last encounter")
        return Patient(subject.id, birth=birth, sex=sex), []
    agreed = born(birth, youngest, last)
    if youngest < oldest and last is not None:
        first = born(None, oldest, last).birth
        birth = first and agreed.birth and Day(first.earliest, agreed.birth.latest)
        return Patient(subject.id, birth=birth, sex=sex), []
    if agreed.problem:
        log.warning("subject", agreed.problem)
    kept = None if agreed.problem else birth
    amount = Amount(youngest, code="a")
    age = Assertion(about=AGE, value=amount, resource="subject", where="subject")
    return Patient(subject.id, birth=kept, sex=sex), [age]


def _ages(time: _Time) -> tuple[float | None, float | None]:
    """Give the youngest and the oldest age in years; the same where one is stated."""
    if time.age:
        years = years_of(time.age if isinstance(time.age, str) else time.age.get(ISO, ""))
        return years, years
    ends = (time.age_range.get(end, {}).get(ISO, "") for end in ("start", "end"))
    low, high = map(years_of, ends)
    return low, high


def _aged(birth: Day, years: float) -> Day | None:
    try:
        return born_and_aged(birth, years, "a")
    except (ValueError, OverflowError):
        return None


def _day(text: str, where: str, log: IssueLog) -> Day | None:
    """Give a day, or tell that there can be no such day."""
    try:
        return day_of(text) if text else None
    except ValueError:
        log.warning(where, "a date is not possible; it was taken as not known. Mend it.")
        return None


def _when(time: _Time, child: Patient, where: str, log: IssueLog) -> Day | None:
    """Give a day, from a moment or from the age that the child had."""
    years, _ = _ages(time)
    if years is None or child.birth is None:
        return _day(time.timestamp, where, log)
    return _aged(child.birth, years)


def _without_nulls(value: Any) -> Any:  # Any: JSON
    """Leave out elements that are null: they are not there."""
    match value:
        case dict():
            return {name: _without_nulls(one) for name, one in value.items() if one is not None}
        case list():
            return [_without_nulls(one) for one in value]
        case _:
            return value


def _parts(
    name: str, parts: Sequence[Any], kind: type[P], log: IssueLog
) -> Iterator[tuple[str, P]]:
    """Decode the parts of one kind, each with its place; a broken one is told and left out."""
    for place, part in enumerate(parts, start=1):
        try:
            yield f"{name} {place}", msgspec.convert(part, kind)
        except DECODING_FAULTS as fault:
            log.warning(f"{name} {place}", f"can't be read at {fault_place(fault)}")


def _last(packet: Phenopacket, parts: Iterable[_Stated], log: IssueLog) -> Day | None:
    """Give the day of the last dated part, else the day on which the whole was written."""
    stamps = (time.timestamp for one in parts for time in (one.onset, one.time_observed))
    days = (_day(stamp, "", IssueLog()) for stamp in stamps)
    created = str(packet.meta_data.get("created", ""))
    return max(filter(None, days), default=None) or _day(created, "metaData", log)


def _assertion(
    where: str, one: _Stated, child: Patient, reader: Reader, log: IssueLog
) -> Assertion:
    is_feature = where.startswith("phenotypicFeatures")
    about = _words(one.type if is_feature else one.assay)
    named = ", ".join(term.label for term in (one.type, *one.modifiers))
    place = reader.places.placed((), msgspec.structs.replace(about, said=(named,)))
    number, worded = one.value.quantity, _words(one.value.ontology_class)
    given = number.reference_range
    interval = Interval(low=_amount(given.low, number), high=_amount(given.high, number))
    measured = _amount(number.value, number) or (worded if worded.are_there else None)
    day = _when(one.onset if is_feature else one.time_observed, child, where, log)
    return Assertion(
        about=about,
        value=not one.excluded if is_feature else measured,
        intervals=() if interval == Interval() else (interval,),
        sites=place.sites if is_feature else NOWHERE,
        day=day,
        onset=is_feature and day is not None,
        resource=where.replace(" ", "/"),
        where=where,
    )


def _amount(value: float | None, number: _Quantity) -> Amount | None:
    code = number.unit.id.rpartition(":")[2]
    return None if value is None else Amount(value, unit=number.unit.label, code=code)


def _words(term: _Term) -> Words:
    code = compact(term.id)
    return Words(
        codes=(code,) if code else (),
        said=(term.label,) if term.label else (),
        systems=("other" if code is None else code.system,),
    )
