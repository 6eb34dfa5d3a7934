"""Published cases to records: what was told, seen and measured, never what was concluded.

A case has no dates. Its record has: the child was seen on `SEEN`, a day that stands for the visit
at which the case is told, and everything else is counted from there. The format is that of
`docs/reference/cases.md`; its JSON Schema is made from the types here.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from multifocal.exchange.cache import forgetting
from multifocal.exchange.dates import FIRST_YEAR, LAST_YEAR, after_months
from multifocal.exchange.facts import at_home, told_facts
from multifocal.exchange.fhir.bundle import DECODING_FAULTS, fault_place
from multifocal.exchange.fhir.observations import numeric_facts, worded_facts
from multifocal.exchange.fhir.reading import Reading, Setting, tools_of
from multifocal.exchange.fhir.resources import (
    ABSENT,
    CodeableConcept,
    Quantity,
    ReferenceRange,
    Valued,
    is_there,
)
from multifocal.exchange.issue_log import IssueLog
from multifocal.exchange.lexicon import NEGATORS, Lexicon, folded, pattern_of, tokens_of
from multifocal.exchange.sites import read_site
from multifocal.exchange.text import ONSET, Section, Statement, TextReader, meant, text_reader
from multifocal.exchange.text import Setting as TextSetting
from multifocal.exchange.vocabulary import Match
from multifocal.exchange.words import words_in
from multifocal.knowledge.entries import CaseField, QuantityEntry
from multifocal.knowledge.load import Knowledge
from multifocal.model.anatomy import Site
from multifocal.model.day import Day
from multifocal.model.issue import Issue, Level, RecordError
from multifocal.model.record import ConceptId, Fact, FactId, Modality, Origin, Patient, Record, Sex

NO_ORIGIN = Origin("")
NOWHERE = (Site(),)
SEEN = date(2020, 1, 1)
"""Stands for the day of the visit; cases hold no dates."""
Mask = Literal["imaging", "biopsy", "labs"]
MASKS: tuple[Mask, ...] = ("imaging", "biopsy", "labs")
_MONTH = 30.4375
_YEAR = 365.25
_DURATIONS: Mapping[str, float] = {
    "duration_days": 1.0,
    "duration_weeks": 7.0,
    "duration_months": _MONTH,
    "duration_years": _YEAR,
}
_SEXES: Mapping[str, Sex] = {"M": "male", "F": "female", "male": "male", "female": "female"}
_MODALITIES: tuple[tuple[str, Modality], ...] = (
    (r"whole.?body (?:mri|mr|stir)|wb.?mri", "whole_body_mri"),
    (r"\bmri?\b|magnetic", "mri"),
    (
        r"\bxr\b|x.?ray|radiograph|plain film|orthopantomogram|\bopg\b|skeletal survey|\beos\b",
        "xray",
    ),
    (r"bone scan|scintigra|\bnm\b|technetium", "scintigraphy"),
    (r"\bus\b|ultraso|sonogra", "ultrasound"),
    (r"\bpet\b|pet.?ct", "pet"),
    (r"\bct\b|tomogra", "ct"),
)
UNREAD_RESULT = "a result is none that the work-up uses, or its words are not known"
_LATER = re.compile(r"later|follow|after treatment|post.?treatment|control")
_BEFORE = re.compile(
    r"(\d+(?:\.\d+)?)\s*(day|week|month|year)s?\s+(?:before|earlier|ago|previously)"
)
LONGEST_LIFE_DAYS = 120 * 366
_UNITS = {"day": 1.0, "week": 7.0, "month": _MONTH, "year": _YEAR}
_NAME = re.compile(r"[a-z0-9_]{1,40}", re.ASCII)


_AFTER_ANSWER = re.compile(r"\s*(\w+)\s*[;,(.](.*)")
"""An answer of one word, and what is told beside it: "denied; no travel"."""
_DEGREES = re.compile(
    r"(?<![\d.])(\d\d\.\d|\d\d(?=\s*(?:\u00b0|deg|C\b|$)))"
    r"(?!\d|\s*(?:[hdwy]\b|hour|day|week|mo|year|%|kg|cm))"
)
"""Degrees Celsius in a field that tells of fever."""
_UNIT_AT_END = re.compile(r" (?:kg|g|mm|cm|min|minutes|hours?|days?|weeks?|months?|years?|pct)$")
_BESIDE_NAME = re.compile(r"\s*\([^)]*\)|,.*$|\s(?:before|prior to|pre|off)\b.*$")
_TITRE = re.compile(r"\s*[<>]?\s*1\s*:\s*\d+\s*")
_WRITTEN = re.compile(r"\s*(<=|>=|[<>\u2264\u2265])?\s*(\d{1,3}(?:,\d{3})+|\d+(?:[.,]\d+)?)\s*")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+")
_BOUNDS = {"\u2264": "<=", "\u2265": ">="}
_LEVELS: tuple[tuple[Literal["low", "normal", "high"], re.Pattern[str]], ...] = (
    (
        "normal",
        re.compile(
            r"^(?:not (?:raised|elevated|high|low)|normal|unremarkable|negative|within|sufficient"
            r"|n|wnl)\b"
        ),
    ),
    ("high", re.compile(r"\b(?:high|raised|elevated|increased|rising)\b|^h+\b|\u2191")),
    ("low", re.compile(r"\b(?:low|decreased|reduced|deficient)\b|\bana?emia\b|^l+\b|\u2193")),
)
"""What a flag calls a value; the first that fits."""


class SiteTold(msgspec.Struct, frozen=True):
    """A place in the report's words."""

    site: str | None = None
    side: str | None = None


class LabTold(msgspec.Struct, frozen=True):
    """A laboratory value as printed."""

    name: str
    value: float | str | None = None
    unit: str | None = None
    flag: str | None = None
    """`high`, `low`, `normal`, or the result in words."""


class ImageTold(msgspec.Struct, frozen=True):
    """What one image of one place showed."""

    modality: str | None = None
    site: str | None = None
    side: str | None = None
    finding: str | None = None


class EventTold(msgspec.Struct, frozen=True):
    """Something on the time line, in months; what month 0 is, `timeline_zero` says."""

    month: float | None = None
    event: str | None = None


class CaseTold(msgspec.Struct, frozen=True):
    """One published case."""

    id: str
    age_years: float | None = None
    sex: str | None = None
    presenting: dict[str, Any] | None = None  # Any: fields differ from case to case
    exam: dict[str, Any] | None = None
    history: dict[str, Any] | None = None
    labs: tuple[LabTold, ...] | None = None
    imaging: tuple[ImageTold, ...] | None = None
    biopsy: str | None = None
    timeline: tuple[EventTold, ...] | None = None
    timeline_zero: Literal["first event", "presentation", "birth"] | None = None
    final_diagnosis: str | None = None
    is_cno: bool | None = None
    category: str | None = None
    hand_involved: bool | None = None
    source_depth: str | None = None
    notes: str | None = None
    url: str | None = None
    citation: str | None = None
    label_certain: bool | None = None
    fact_count: int | None = None


class _Root(msgspec.Struct):
    """What tells a case that was written with its record from one that was told."""

    record: msgspec.Raw = ABSENT


class Case(msgspec.Struct, frozen=True):
    """A case as a record, with the published conclusion beside it, never in it."""

    id: str
    record: Record
    truth: str | None
    """The condition that was found, by our id; `None` where it is none of ours."""
    is_cno: bool | None
    category: str
    age_years: float | None
    sex: Sex | None
    hand: bool | None
    source_depth: str
    as_of: date
    issues: tuple[Issue, ...]


@forgetting()
def read_cases(path: Path, *, knowledge: Knowledge, masks: Iterable[Mask] = ()) -> tuple[Case, ...]:
    """Read a file of cases, or every ``.json`` file of a folder.

    ``masks`` names what is taken out as if it were not known yet: ``imaging``, ``biopsy`` (with it
    the response to treatment and later images), ``labs``. Raises `RecordError` when nothing can be
    read.
    """
    masks = tuple(masks)
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    if not files:
        raise RecordError(
            f"{path.name}: holds no .json file. Give a file of cases or a folder of such."
        )
    cases = [case for file in files for case in _cases(_content(file), file.name, knowledge, masks)]
    if not cases:
        raise RecordError(f"{path.name}: holds no case. See docs/reference/cases.md.")
    return tuple(_told_apart(cases))


def read_case(data: bytes, *, knowledge: Knowledge, patient: str | None) -> Record:
    """Read the record of one case, by its id where there are several.

    Raises `RecordError` when it is not clear which case is meant.
    """
    cases = list(_cases(data, "case", knowledge, ()))
    if patient is not None:
        cases = [case for case in cases if case.id == patient]
        if not cases:
            raise RecordError("holds no case of the id given. Check the id.")
    if len(cases) > 1:
        raise RecordError(f"holds {len(cases)} cases. Choose one by its id, with --patient.")
    return cases[0].record


def holds_cases(data: bytes) -> bool:
    """Tell whether a JSON text looks like a case, or a list of cases."""
    try:
        first, *_ = _raw_cases(data, "")
        fields = msgspec.json.decode(first, type=dict[str, msgspec.Raw])
    except (ValueError, RecordError, *DECODING_FAULTS):
        return False
    known = {*CaseTold.__struct_fields__, *Case.__struct_fields__}
    return "id" in fields and "resourceType" not in fields and len(known & fields.keys()) > 1


def schema() -> dict[str, Any]:  # Any: JSON
    """Give the JSON Schema of a file of cases."""
    return msgspec.json.schema(tuple[CaseTold, ...])


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes().removeprefix(b"\xef\xbb\xbf")
    except OSError:
        raise RecordError(
            f"{file.name}: can't be opened. Check the path and who may read it."
        ) from None


def _cases(data: bytes, name: str, knowledge: Knowledge, masks: Sequence[Mask]) -> Iterator[Case]:
    """Give every case of a file: as it was told, or as it was written with its record."""
    for place, raw in enumerate(_raw_cases(data, name), start=1):
        read = _written if _is_written(raw) else _case
        yield read(raw, f"{name} {place}", knowledge, masks)


def _told_apart(cases: Iterable[Case]) -> Iterator[Case]:
    """Tell of each case whose id another one had before."""
    seen: set[str] = set()
    for case in cases:
        if case.id in seen:
            issues = (*case.issues, Issue(Level.WARNING, "case", "has the id of another case"))
            record = msgspec.structs.replace(case.record, issues=issues)
            case = msgspec.structs.replace(case, record=record, issues=issues)
        seen.add(case.id)
        yield case


def _raw_cases(data: bytes, name: str) -> list[msgspec.Raw]:
    try:
        if data.lstrip()[:1] == b"{":
            return [msgspec.Raw(data)]
        return msgspec.json.decode(data, type=list[msgspec.Raw])
    except DECODING_FAULTS:
        raise RecordError(
            f"{name}: is no JSON list of cases. See docs/reference/cases.md."
        ) from None


def _is_written(raw: msgspec.Raw) -> bool:
    try:
        return is_there(msgspec.json.decode(raw, type=_Root).record)
    except DECODING_FAULTS:
        return False


def _written(raw: msgspec.Raw, where: str, knowledge: Knowledge, masks: Sequence[Mask]) -> Case:
    """Read a case back that was written with its record; facts that we don't know are left out."""
    try:
        case = msgspec.json.decode(raw, type=Case)
    except DECODING_FAULTS as fault:
        raise RecordError(
            f"{where}: this record can't be read at {fault_place(fault)}. "
            "Write it anew with `multifocal cases`."
        ) from None
    known = [fact for fact in case.record.facts if _is_known(fact, knowledge)]
    left_out = len(case.record.facts) - len(known)
    issue_log = IssueLog()
    if left_out:
        issue_log.warning(
            "record", "a fact is none that this version knows; it was left out", count=left_out
        )
    kept = _masked(known, masks, text_reader(knowledge))
    child = case.record.patient
    if child.birth is not None and not _can_be(child.birth):
        child = msgspec.structs.replace(child, birth=None)
        issue_log.warning("record", "the birth date can't be; the age was taken as not known")
    issues = issue_log.issues()
    record = Record(child, tuple(_numbered(kept)), (*case.record.issues, *issues))
    return msgspec.structs.replace(
        case,
        record=record,
        truth=case.truth if case.truth in knowledge.conditions_by_id else None,
        issues=(*case.issues, *issues),
    )


def _is_known(fact: Fact, knowledge: Knowledge) -> bool:
    """Whether a fact that was written speaks of things that the knowledge has, on days in order."""
    concept = knowledge.concepts_by_id.get(fact.concept)
    days = [day for day in (fact.day, fact.recorded, fact.ended) if day is not None]
    return (
        concept is not None
        and (fact.value is None or fact.unit == concept.unit)
        and (fact.bone is None or fact.bone in knowledge.bones_by_id)
        and (fact.region is None or fact.region in knowledge.regions_by_id)
        and all(map(_can_be, days))
    )


def _can_be(day: Day) -> bool:
    """Whether a day is one that a record may hold."""
    return (
        day.earliest <= day.latest
        and day.earliest.year >= FIRST_YEAR
        and day.latest.year <= LAST_YEAR
    )


def _case(raw: msgspec.Raw, where: str, knowledge: Knowledge, masks: Sequence[Mask]) -> Case:
    issue_log = IssueLog()
    told = _decoded(raw, where, issue_log)
    reading = Reading(tools_of(knowledge), issue_log)
    sex = _SEXES.get(told.sex or "")
    birth = _birth(told.age_years)
    reading.birth, reading.sex = birth, sex
    if told.sex is not None and sex is None:
        issue_log.warning("case", "the sex is neither F nor M; it was taken as not known")
    if told.age_years is not None and birth is None:
        issue_log.warning("case", "age_years is no age that people have; it was taken as not known")
    reader = text_reader(knowledge)
    every = list(_Told(told, reading, reader, knowledge).facts())
    kept = _masked(every, masks, reader)
    if not kept:
        issue_log.warning("case", "holds nothing that the work-up uses")
    record = Record(
        Patient(id=told.id, birth=birth, sex=sex), tuple(_numbered(kept)), issue_log.issues()
    )
    return Case(
        id=told.id,
        record=record,
        truth=_truth(told, knowledge),
        is_cno=told.is_cno,
        category=told.category or "",
        age_years=told.age_years,
        sex=sex,
        hand=told.hand_involved,
        source_depth=told.source_depth or "",
        as_of=SEEN,
        issues=issue_log.issues(),
    )


def _decoded(raw: msgspec.Raw, where: str, issue_log: IssueLog) -> CaseTold:
    """Decode a case; fields that are broken or not known are told and left out."""
    try:
        fields = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    except DECODING_FAULTS:
        raise RecordError(f"{where}: is no case. See docs/reference/cases.md.") from None
    known = set(CaseTold.__struct_fields__)
    for name in sorted(fields.keys() - known):
        issue_log.warning("case", f"has a field that is not known: {_safe(name)}; it was left out")
        del fields[name]
    for part, kind in _PARTS.items():
        for name in _unknown(fields.get(part), kind):
            issue_log.warning(part, f"has a field that is not known: {name}; it was left out")
    for _ in range(len(fields) + 1):
        try:
            return msgspec.json.decode(msgspec.json.encode(fields), type=CaseTold)
        except msgspec.ValidationError as fault:
            broken = str(fault).rpartition("`$")[2].strip("`.").split(".")[0].split("[")[0]
            if broken not in fields or broken == "id":
                break
            issue_log.warning(
                "case", f"{broken} can't be read and was left out. See docs/reference/cases.md."
            )
            del fields[broken]
    raise RecordError(f"{where}: has no id in words. Give each case an id.")


_PARTS: Mapping[str, type[msgspec.Struct]] = {
    "labs": LabTold,
    "imaging": ImageTold,
    "timeline": EventTold,
}


def _unknown(raw: msgspec.Raw | None, kind: type[msgspec.Struct]) -> Iterator[str]:
    """Give the names in a list of fields that its kind does not have; none where it is no list."""
    try:
        rows = msgspec.json.decode(raw or b"[]", type=list[dict[str, msgspec.Raw]] | None)
    except DECODING_FAULTS:
        return
    known = set(kind.__struct_fields__)
    yield from map(_safe, sorted({name for row in rows or () for name in row} - known))


def _safe(name: str) -> str:
    return name if _NAME.fullmatch(name) else "(a name that is not in small letters)"


def _birth(age: float | None) -> Day | None:
    """Give the days on which a child of this age was born; whole years may be a year more."""
    if age is None or not 0 <= age < 120:
        return None
    months = round(age * 12)
    width = 12 if age == int(age) else 1
    first = after_months(SEEN, -months - width) + timedelta(days=1)
    return Day(first, after_months(SEEN, -months))


def _truth(told: CaseTold, knowledge: Knowledge) -> str | None:
    """Give the condition that the published diagnosis names."""
    lexicon, order = _diagnoses(knowledge)
    tokens = tokens_of(folded(told.final_diagnosis or told.category or ""))
    found = lexicon.found(tokens, lambda _: True)
    first = min((order[one.meaning] for one in found), default=None)
    if first is None:
        return None
    condition = knowledge.diagnoses[first].condition
    return "cmo_hand" if condition == "cmo" and told.hand_involved else condition


@lru_cache(maxsize=4)
def _diagnoses(knowledge: Knowledge) -> tuple[Lexicon[str], Mapping[str, int]]:
    entries = knowledge.diagnoses
    lexicon = Lexicon((pattern_of(entry.words, {}), entry.words) for entry in entries)
    return lexicon, {entry.words: place for place, entry in enumerate(entries)}


def _masked(facts: Iterable[Fact], masks: Sequence[Mask], reader: TextReader) -> list[Fact]:
    hidden: set[ConceptId] = set()
    for mask in masks:
        hidden |= reader.members[f"before_{mask}"]
    after_biopsy = "biopsy" in masks
    return [
        fact
        for fact in facts
        if fact.concept not in hidden
        and not (after_biopsy and fact.recorded is not None and fact.recorded.earliest > SEEN)
    ]


def _numbered(facts: Iterable[Fact]) -> Iterator[Fact]:
    """Give each fact once, with an id of its own."""
    seen: set[Fact] = set()
    used: dict[str, int] = {}
    for fact in facts:
        bare = msgspec.structs.replace(fact, id=FactId(""), origin=NO_ORIGIN)
        if bare in seen:
            continue
        seen.add(bare)
        used[fact.id] = number = used.get(fact.id, 0) + 1
        yield (
            fact if number == 1 else msgspec.structs.replace(fact, id=FactId(f"{fact.id}.{number}"))
        )


class _Told:
    """One case while it is read."""

    def __init__(
        self, case: CaseTold, reading: Reading, reader: TextReader, knowledge: Knowledge
    ) -> None:
        self._case = case
        self._reading = reading
        self._reader = reader
        self._fields: dict[tuple[str, str], CaseField] = {
            (field.part, field.key): field for field in knowledge.case_fields
        }
        self._quantities = Lexicon(
            (pattern_of(name, {}), quantity)
            for quantity in knowledge.quantities
            for name in quantity.names
        )

    def facts(self) -> Iterator[Fact]:
        """Give everything that the case tells."""
        case = self._case
        for part, fields in (
            ("presenting", case.presenting),
            ("exam", case.exam),
            ("history", case.history),
        ):
            yield from self._part(part, fields or {})
        for place, lab in enumerate(case.labs or (), start=1):
            yield from self._lab(lab, self._setting(f"labs/{place}"))
        for place, image in enumerate(case.imaging or (), start=1):
            yield from self._image(image, f"imaging/{place}")
        if case.biopsy:
            yield from self._biopsy(case.biopsy)
        for place, event in enumerate(case.timeline or (), start=1):
            yield from self._event(event, f"timeline/{place}")

    def _setting(self, resource: str, day: Day | None = None) -> Setting:
        seen = day or Day(SEEN, SEEN)
        return Setting(resource=resource, where=resource, day=seen, recorded=seen)

    def _read(
        self, text: str, setting: Setting, section: Section | None = None, *, telling: bool = True
    ) -> Iterator[Fact]:
        here = TextSetting(section, setting.modality, placed=setting.sites != NOWHERE)
        statements = self._reader.read(text, here)
        if not statements and telling:
            kind = setting.resource.split("/", maxsplit=1)[0]
            self._reading.issue_log.info(kind, "has words that hold nothing that the work-up knows")
        yield from told_facts(statements, setting, self._reading)

    def _part(self, part: str, fields: Mapping[str, object]) -> Iterator[Fact]:
        places = self._places(fields.get("sites"), part)
        sites = tuple(
            dict.fromkeys(site for place in places for site in self._place(place.site, place.side))
        )
        for key, value in fields.items():
            setting = self._setting(f"{part}/{key}" if _NAME.fullmatch(key) else f"{part}/field")
            if key == "sites" or value is None:
                continue
            if key in _DURATIONS or key == "onset_age_years":
                yield from self._onset(key, value, setting)
                continue
            field = self._fields.get((part, key), CaseField("presenting", key))
            if field.read:
                yield from self._field(field, value, sites, setting)
        pain = fields.get("pain")
        if pain is True or (pain and isinstance(pain, str) and not self._denies(pain)):
            yield from self._painful(places, self._setting(f"{part}/sites"))

    def _painful(self, places: Iterable[SiteTold], setting: Setting) -> Iterator[Fact]:
        """Give pain at places that are no bone or region of ours: "back", "arm"."""
        for place in places:
            if not place.site or self._place(place.site, place.side):
                continue
            said = self._reader.read(
                f"{place.side or ''} {place.site} pain", TextSetting(placed=True)
            )
            yield from told_facts(
                (one for one in said if one.state == "present" and one.concept != "bone_pain"),
                setting,
                self._reading,
            )

    def _places(self, told: object, part: str) -> tuple[SiteTold, ...]:
        try:
            return msgspec.convert(told or (), tuple[SiteTold, ...])
        except msgspec.ValidationError:
            self._reading.issue_log.warning(part, "sites can't be read and were left out")
            return ()

    def _place(self, site: str | None, side: str | None) -> tuple[Site, ...]:
        text = " ".join(word for word in (side, site) if word)
        if not site or not text:
            return ()
        sites, _ = read_site([text], (), self._reader.site_lexicon)
        return tuple(one for one in sites if one.bone or one.region)

    def _onset(self, key: str, value: object, setting: Setting) -> Iterator[Fact]:
        """Give since when it has lasted, from a duration or the age at which it began."""
        days = self._days_ago(key, value)
        if days is None:
            self._reading.issue_log.warning(
                "presenting", f"{key} is no time in the child's life; it was left out"
            )
            return
        unit = _DURATIONS.get(key, _YEAR)
        said = Statement(ONSET, "present", key, days_ago=days, give_or_take=unit / 2)
        yield from told_facts([said], setting, self._reading)

    def _days_ago(self, key: str, value: object) -> float | None:
        """Give how long before the visit something began; None where that can't be."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        days = value * _DURATIONS.get(key, _YEAR)
        if key not in _DURATIONS:
            age = self._case.age_years
            days = -1 if age is None else age * _YEAR - days
        return days if 0 <= days < LONGEST_LIFE_DAYS else None

    def _field(
        self, field: CaseField, value: object, sites: tuple[Site, ...], setting: Setting
    ) -> Iterator[Fact]:
        name = field.key.replace("_", " ")
        match value:
            case bool():
                yield from self._truth(field, name, sites, setting, present=value)
            case str():
                yield from self._worded(field, name, value, sites, setting)
            case list():
                for one in value:
                    if isinstance(one, str):
                        yield from self._worded(field, name, one, sites, setting)
            case int() | float() if "temp" in name or field.concept == "fever":
                yield from self._worded(field, "temperature", f"{value} C", sites, setting)
            case int() | float() if value > 0 and self._named(field, _UNIT_AT_END.sub("", name)):
                named = _UNIT_AT_END.sub("", name)
                yield from self._truth(field, named, sites, setting, present=True)
            case _:
                kind = setting.resource.split("/", maxsplit=1)[0]
                self._reading.issue_log.info(
                    kind, f"{_safe(field.key)} is no field that the work-up uses"
                )

    def _truth(
        self,
        field: CaseField,
        name: str,
        sites: tuple[Site, ...],
        setting: Setting,
        *,
        present: bool,
    ) -> Iterator[Fact]:
        """Read a field that is true or false: its concept, or its name as a phrase."""
        statements = self._named(field, name)
        if not statements and not present:
            denied = self._reader.read(f"no {name}", TextSetting(placed=True))
            yield from self._placed((one for one in denied if one.state == "absent"), (), setting)
            return
        if not statements:
            kind = setting.resource.split("/", maxsplit=1)[0]
            self._reading.issue_log.info(
                kind, f"{_safe(field.key)} is no field that the work-up uses"
            )
        for statement in statements:
            if statement.state == "family":
                yield from self._placed([statement] if present else [], (), setting)
                continue
            said = (statement.state == "present") == present
            if not present and statement.state == "absent":
                continue
            told = msgspec.structs.replace(statement, state="present" if said else "absent")
            yield from self._placed([told], sites if said else (), setting)

    def _named(self, field: CaseField, name: str) -> tuple[Statement, ...]:
        if field.concept:
            return (Statement(field.concept, "present", name),)
        return tuple(
            one
            for one in self._reader.read(field.words or name, TextSetting(placed=True))
            if one.state in ("present", "absent", "family")
        )

    def _placed(
        self, statements: Iterable[Statement], sites: tuple[Site, ...], setting: Setting
    ) -> Iterator[Fact]:
        """Give facts, those that are somewhere at the places of the complaint."""
        sited = self._reader.members["sited"]
        placed = [
            self._at(one, sites) if one.concept in sited and one.state == "present" else one
            for one in statements
        ]
        yield from told_facts(placed, setting, self._reading)

    def _at(self, one: Statement, sites: tuple[Site, ...]) -> Statement:
        named = at_home(one.sites, sites, self._reader.site_lexicon) if one.sites else sites
        return msgspec.structs.replace(one, sites=named)

    def _worded(
        self, field: CaseField, name: str, value: str, sites: tuple[Site, ...], setting: Setting
    ) -> Iterator[Fact]:
        """Read a field in words: what the words say, and that the field itself holds."""
        beside = _AFTER_ANSWER.match(value)
        for first, rest in ((value, ""), beside.groups() if beside else (value, "")):
            answer = self._reading.vocabulary.answer((), (first,))
            if answer is not None and answer.present is not None:
                yield from self._truth(field, name, sites, setting, present=answer.present)
                said = self._reader.read(rest, TextSetting(placed=True))
                yield from self._placed(said, sites, setting)
                return
        if field.concept == "fever" or re.search("temp|fever|febrile", name):
            degrees = max((float(one) for one in _DEGREES.findall(value)), default=None)
            if degrees is not None:
                whole = f"temperature {degrees} C; {_DEGREES.sub(' ', value)}"
                measured = self._reader.read(whole, TextSetting(placed=True))
                yield from self._placed(measured, (), setting)
                return
        prefix = field.words or ("" if field.concept else name)
        text = (
            f"{prefix} {value}"
            if prefix.endswith(":") or field.words
            else (f"{prefix} {value}" if prefix else value)
        )
        statements = list(self._reader.read(text, TextSetting(placed=True)))
        own = self._place(value, None)
        if field.concept and not any(one.concept == field.concept for one in statements):
            doubtful = any(one.state in ("uncertain", "asked", "past") for one in statements)
            if not doubtful and not self._denies(value):
                statements.insert(0, Statement(field.concept, "present", value, own))
                known = {one.concept for one in statements}
                more = self._reader.read(f"{name} {value}", TextSetting(placed=True))
                statements += [one for one in more if one.concept not in known]
        statements += self._qualities(name, value, statements)
        if not statements:
            kind = setting.resource.split("/", maxsplit=1)[0]
            self._reading.issue_log.info(kind, "has words that hold nothing that the work-up knows")
        yield from self._placed(statements, sites, setting)

    def _qualities(self, name: str, value: str, known: Sequence[Statement]) -> Iterator[Statement]:
        """Read each clause as said of the field: "intermittent" of pain is intermittent pain."""
        seen = {one.concept for one in known}
        for clause in self._clauses(value):
            for one in self._reader.read(f"{name} {clause}", TextSetting(placed=True)):
                if one.concept not in seen and one.state in ("present", "absent"):
                    yield one

    def _clauses(self, value: str) -> Iterator[str]:
        """Part a value at its semicolons, and at commas until something is denied."""
        for sentence in value.split(";"):
            parts = sentence.split(",")
            for at, part in enumerate(parts):
                if self._denies(part) or NEGATORS & set(folded(part).split()):
                    yield ",".join(parts[at:])
                    break
                yield part

    def _denies(self, value: str) -> bool:
        """Whether a text begins by saying no, not, or normal."""
        tokens = tokens_of(folded(value))
        return self._reader.denies(tokens)

    def _lab(self, lab: LabTold, setting: Setting) -> Iterator[Fact]:
        """Read a laboratory value: a number with its unit, or what it is called."""
        entry = self._quantity(lab.name)
        level = _level(lab.flag or _only_words(lab.value))
        setting = msgspec.structs.replace(setting, text=lab.name[:80])
        comparator, number = _number(lab.value)
        concept = self._reading.vocabulary.concepts.get(ConceptId(entry.id)) if entry else None
        if concept is None and (match := self._reading.vocabulary.named([lab.name])) is not None:
            concept = match.concept
        if entry is not None and concept is not None and number is not None and concept.unit:
            unit = lab.unit or entry.assumed_unit or None
            quantity = Quantity(value=number, comparator=comparator, unit=unit)
            interval = re.search(r"(?:ref|normal)\w*\s*([<>].{0,12}?|\d.{0,14}?)\)", lab.flag or "")
            ranges = (ReferenceRange(text=interval[1]),) if interval else None
            facts = list(
                numeric_facts(
                    quantity, Valued(reference_range=ranges), concept, setting, self._reading
                )
            )
            for fact in facts:
                if fact.flag is None and level is not None:
                    fact = msgspec.structs.replace(fact, flag=level, interval="laboratory")
                yield fact
            if facts:
                return
        if entry is not None and level is not None:
            yield from told_facts(
                meant(entry, level, f"{lab.name}: {lab.flag or lab.value}"), setting, self._reading
            )
            return
        yield from self._result(lab, setting)

    def _quantity(self, name: str) -> QuantityEntry | None:
        tokens = tokens_of(folded(name))
        found = self._quantities.found(tokens, lambda _: True)
        if not found:
            return None
        end = next((at for at, token in enumerate(tokens) if token.word == "("), len(tokens))
        others = {token.word for at, token in enumerate(tokens[:end]) if at not in found[0].tokens}
        return found[0].meaning if others <= self._reader.between else None

    def _result(self, lab: LabTold, setting: Setting) -> Iterator[Fact]:
        """Read a result in words: a culture, an antibody, a film."""
        told = None if lab.flag and _TITRE.fullmatch(str(lab.value)) else lab.value
        words = " ".join(str(part) for part in (told, lab.flag) if part is not None)
        name = _BESIDE_NAME.sub(" ", lab.name).strip() or lab.name
        match = self._reading.vocabulary.named([name, name.removesuffix("s")])
        answer = self._answer(lab.flag or words, str(lab.value or ""))
        if match is not None and match.concept.kind == "result" and answer is not None:
            valued = Valued(code=CodeableConcept(text=name))
            yield from worded_facts(
                words_in(answer), valued, Match(match.concept), setting, self._reading
            )
            return
        if self._quantities.found(tokens_of(folded(name)), lambda _: True):
            self._reading.issue_log.info("labs", UNREAD_RESULT)
            return
        section: Section | None = (
            "biopsy" if re.search(r"bone|biops|tissue|marrow", name.lower()) else None
        )
        is_open = self._reading.vocabulary.answer((), (lab.flag or words,)) is None
        said = "grew" if "culture" in name.lower() and answer is None and is_open else ""
        facts = list(self._read(f"{name} {said} {words}", setting, section, telling=False))
        if not facts:
            self._reading.issue_log.info("labs", UNREAD_RESULT)
        yield from facts

    def _answer(self, flag: str, value: str) -> str | None:
        """Give the words that answer, of a flag or of how a value begins: "neg x4"."""
        for said in filter(None, (flag, value, *value.split()[:1])):
            answer = self._reading.vocabulary.answer((), (said,))
            if answer is not None and answer.present is not None:
                return said
        return None

    def _image(self, image: ImageTold, resource: str) -> Iterator[Fact]:
        """Read one image: that it was taken, and what it showed there."""
        kind = folded(image.modality or "")
        sites = self._place(image.site, image.side)
        days = _BEFORE.search(kind)
        setting = self._setting(resource)
        if days is not None:
            day = SEEN - timedelta(days=float(days[1]) * _UNITS[days[2]])
            setting = self._setting(resource, Day(day, day))
        elif _LATER.search(kind):
            later = SEEN + timedelta(days=_MONTH)
            setting = self._setting(resource, Day(later, later))
        modalities = [modality for pattern, modality in _MODALITIES if re.search(pattern, kind)]
        if "whole_body_mri" in modalities and "mri" in modalities:
            modalities.remove("mri")
        kinds: Sequence[Modality | None] = modalities or (None,)
        for modality in kinds:
            placed = msgspec.structs.replace(
                setting, modality=modality, sites=sites or NOWHERE, text=(image.modality or "")[:80]
            )
            study = self._reading.vocabulary.study(modality) if modality else None
            if study is not None:
                yield from self._reading.facts(Match(study), placed, present=True)
            if image.finding:
                place = " ".join(word for word in (image.side, image.site) if word)
                whole = f"{place}: {image.finding}" if image.site else image.finding
                known = self._reader.read(whole, TextSetting("imaging", modality, placed=True))
                yield from self._read(whole if known else image.finding, placed, "imaging")

    def _biopsy(self, text: str) -> Iterator[Fact]:
        setting = self._setting("biopsy/1")
        concept = self._reading.vocabulary.concepts.get(ConceptId("biopsy"))
        if concept is not None:
            yield from self._reading.facts(
                Match(concept), msgspec.structs.replace(setting, text="biopsy"), present=True
            )
        yield from self._read(text, setting, "biopsy")

    def _event(self, event: EventTold, resource: str) -> Iterator[Fact]:
        """Read an event, as of its own day; for playing the course again."""
        if event.month is None or not event.event or abs(event.month) > 1200:
            return
        months = event.month - self._presented()
        try:
            day = SEEN + timedelta(days=round(months * _MONTH))
        except OverflowError:
            return
        yield from self._read(event.event, self._setting(resource, Day(day, day)), telling=False)

    def _presented(self) -> float:
        """Give the month, as the time line counts them, in which the child was seen."""
        case = self._case
        if case.timeline_zero == "birth":
            return (case.age_years or 0.0) * 12
        if case.timeline_zero != "first event":
            return 0.0
        told = (case.presenting or {}).get("duration_months")
        if isinstance(told, int | float) and not isinstance(told, bool):
            return float(told)
        return 0.0


def _only_words(value: float | str | None) -> str | None:
    """Give a value that is told in words, without a number."""
    is_worded = isinstance(value, str) and not any(map(str.isdigit, value))
    return str(value) if is_worded else None


def _level(flag: str | None) -> Literal["low", "normal", "high"] | None:
    """Give what a value is called."""
    words = folded(flag or "")
    for level, pattern in _LEVELS:
        if pattern.search(words):
            return level
    return None


def _number(value: float | str | None) -> tuple[str | None, float | None]:
    """Give a number as it was written, and whether it is a bound: "<5", "19,800", ">100".

    >>> _number("19,800"), _number("< 0,5"), _number("1:160")
    ((None, 19800.0), ('<', 0.5), (None, None))
    """
    if not isinstance(value, str):
        return None, value
    found = _WRITTEN.fullmatch(value)
    if found is None:
        return None, None
    bound, digits = found.groups()
    is_grouped = _GROUPED.fullmatch(digits)
    number = float(digits.replace(",", "" if is_grouped else "."))
    return _BOUNDS.get(bound, bound), number
