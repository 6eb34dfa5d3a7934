"""Published cases to records: what was told, seen and measured, never what was concluded.

A case has no dates. Its record has: the child was seen on `SEEN`, a day that stands for the visit
at which the case is told, and everything else is counted from there.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Literal

import msgspec

from multifocal.exchange.answers import denies
from multifocal.exchange.cache import forgetting
from multifocal.exchange.case_format import Case, CaseTold, cases_in, decoded, looks_like_case
from multifocal.exchange.case_told import SEEN, assertions_of, found_in, lexicon_of, tools_of
from multifocal.exchange.dates import FIRST_YEAR, LAST_YEAR, after_months
from multifocal.exchange.facts import facts_of
from multifocal.exchange.fhir.bundle import DECODING_FAULTS, fault_place
from multifocal.exchange.issue_log import IssueLog
from multifocal.exchange.lexicon import Lexicon
from multifocal.exchange.reader import reader_of
from multifocal.knowledge.load import Knowledge
from multifocal.model.day import Day
from multifocal.model.issue import Issue, Level, RecordError
from multifocal.model.record import Fact, Patient, Record, Sex

Mask = Literal["imaging", "biopsy", "labs"]
MASKS: tuple[Mask, ...] = ("imaging", "biopsy", "labs")
_BESIDE = re.compile(r"\(([^)]*)\)")
_SEXES: Mapping[str, Sex] = {"M": "male", "F": "female", "male": "male", "female": "female"}


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
        return looks_like_case(next(iter(cases_in(data, "")), {}))
    except RecordError:
        return False


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes().removeprefix(b"\xef\xbb\xbf")
    except OSError:
        raise RecordError(
            f"{file.name}: can't be opened. Check the path and who may read it."
        ) from None


def _cases(data: bytes, name: str, knowledge: Knowledge, masks: Sequence[Mask]) -> Iterator[Case]:
    """Give every case of a file: as it was told, or as it was written with its record."""
    for place, fields in enumerate(cases_in(data, name), start=1):
        read = _written if "record" in fields else _told
        yield read(fields, f"{name} {place}", knowledge, masks)


def _told_apart(cases: Iterable[Case]) -> Iterator[Case]:
    """Tell of each case whose id another one had before."""
    seen: set[str] = set()
    for case in cases:
        if case.id in seen:
            case = _told_of(case, Issue(Level.WARNING, "case", "has the id of another case"))
        seen.add(case.id)
        yield case


def _told_of(case: Case, *issues: Issue) -> Case:
    record = msgspec.structs.replace(case.record, issues=(*case.record.issues, *issues))
    return msgspec.structs.replace(case, record=record, issues=(*case.issues, *issues))


def _written(
    fields: Mapping[str, msgspec.Raw], where: str, knowledge: Knowledge, masks: Sequence[Mask]
) -> Case:
    """Read a case back that was written with its record; facts that we don't know are left out."""
    try:
        case = msgspec.convert(
            {name: msgspec.json.decode(raw) for name, raw in fields.items()}, Case, strict=False
        )
    except DECODING_FAULTS as fault:
        raise RecordError(
            f"{where}: this record can't be read at {fault_place(fault)}. "
            "Write it anew with `multifocal cases`."
        ) from None
    log = IssueLog()
    known = [fact for fact in case.record.facts if _is_known(fact, knowledge)]
    if left_out := len(case.record.facts) - len(known):
        message = "a fact is none that this version knows; it was left out"
        log.warning("record", message, count=left_out)
    child = case.record.patient
    if child.birth is not None and not _can_be(child.birth):
        child = msgspec.structs.replace(child, birth=None)
        log.warning("record", "the birth date can't be; the age was taken as not known")
    record = msgspec.structs.replace(
        case.record, patient=child, facts=_masked(known, masks, knowledge)
    )
    truth = case.truth if case.truth in knowledge.conditions_by_id else None
    return _told_of(msgspec.structs.replace(case, record=record, truth=truth), *log.issues())


def _is_known(fact: Fact, knowledge: Knowledge) -> bool:
    """Whether a fact that was written speaks of things that the knowledge has, on days in order."""
    concept = knowledge.concepts_by_id.get(fact.concept)
    return (
        concept is not None
        and (fact.value is None or fact.unit == concept.unit)
        and (fact.bone is None or fact.bone in knowledge.bones_by_id)
        and (fact.region is None or fact.region in knowledge.regions_by_id)
        and all(_can_be(day) for day in (fact.day, fact.recorded, fact.ended) if day is not None)
    )


def _can_be(day: Day) -> bool:
    """Whether a day is one that a record may hold."""
    return day.earliest <= day.latest and (
        FIRST_YEAR <= day.earliest.year and day.latest.year <= LAST_YEAR
    )


def _told(
    fields: Mapping[str, msgspec.Raw], where: str, knowledge: Knowledge, masks: Sequence[Mask]
) -> Case:
    """Make the record of a case that is told."""
    log = IssueLog()
    told = decoded(fields, where, log)
    child = Patient(id=told.id, birth=_birth(told.age_years), sex=_SEXES.get(told.sex or ""))
    if told.sex is not None and child.sex is None:
        log.warning("case", "the sex is neither F nor M; it was taken as not known")
    if told.age_years is not None and child.birth is None:
        log.warning("case", "age_years is no age that people have; it was taken as not known")
    said = assertions_of(told, tools_of(knowledge), log)
    facts = facts_of(said, child=child, reader=reader_of(knowledge), log=log)
    kept = _masked(facts, masks, knowledge)
    if not kept:
        log.warning("case", "holds nothing that the work-up uses")
    stated = told.truth is not None
    truth = told.truth if stated else _guessed(told, knowledge)
    if truth is not None and truth not in knowledge.conditions_by_id:
        log.warning("case", "the truth is none of our conditions; it was taken as none")
        truth = None
    return Case(
        id=told.id,
        record=Record(child, kept, log.issues(), log.unread()),
        truth=truth,
        is_cno=told.is_cno,
        category=told.category or "",
        age_years=told.age_years,
        sex=child.sex,
        hand=told.hand_involved,
        source_depth=told.source_depth or "",
        as_of=SEEN,
        issues=log.issues(),
        guessed=truth is not None and not stated,
        decidable=told.decidable,
        text_names_diagnosis=told.text_names_diagnosis,
        blind_top3=told.blind_top3 or (),
    )


def _birth(age: float | None) -> Day | None:
    """Give the days on which a child of this age was born; whole years may be a year more."""
    if age is None or not 0 <= age < 120:
        return None
    months = round(age * 12)
    width = 12 if age == int(age) else 1
    first = after_months(SEEN, -months - width) + timedelta(days=1)
    return Day(first, after_months(SEEN, -months))


def _guessed(told: CaseTold, knowledge: Knowledge) -> str | None:
    """Give the condition that the published diagnosis names; the first in the table wins.

    What stands beside it as doubted or earlier, such as "(referred as ...)", is none.
    """
    reader = reader_of(knowledge)
    published = told.final_diagnosis or told.category or ""
    said = _BESIDE.sub(lambda one: "" if denies(one[1], reader) else one[0], published)
    first = min((place for place, *_ in found_in(said, _diagnoses(knowledge))), default=None)
    if first is None:
        return None
    condition = knowledge.diagnoses[first].condition
    return "cmo_hand" if condition == "cmo" and told.hand_involved else condition


@lru_cache(maxsize=4)
def _diagnoses(knowledge: Knowledge) -> Lexicon[int]:
    return lexicon_of((one.words, place) for place, one in enumerate(knowledge.diagnoses))


def _masked(facts: Iterable[Fact], masks: Sequence[Mask], knowledge: Knowledge) -> tuple[Fact, ...]:
    members = reader_of(knowledge).texts.members
    hidden = {concept for mask in masks for concept in members[f"before_{mask}"]}
    last = SEEN if "biopsy" in masks else date.max
    return tuple(
        fact
        for fact in facts
        if fact.concept not in hidden
        and not (fact.recorded is not None and fact.recorded.earliest > last)
    )
