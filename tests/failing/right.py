"""What is right for a record, and what of it an assessment lacks."""

import re
from datetime import date
from pathlib import Path

import msgspec

from multifocal.exchange.read import read
from multifocal.knowledge.load import load
from multifocal.model.assessment import Assessment
from multifocal.model.issue import Level, RecordError
from multifocal.model.record import Fact, Record
from multifocal.workup.assess import assess, latest_day

KNOWLEDGE = load()
WRITTEN = date(2026, 10, 20)
"""The day of assessment for a record that names none."""
NEAR = 0.005
"""Share by which a number may differ: units are turned with rounded factors."""


class Says(msgspec.Struct, frozen=True):
    """A fact, as far as it matters; what is `None` or empty may be anything."""

    concept: str
    """Several with `|` between: any of them."""
    present: bool = True
    value: float | None = None
    side: str | None = None
    place: str = ""
    """A bone, or a region."""
    kind: str = ""
    """Kind of image."""
    day: str = ""
    """The first day that it can be."""
    flag: str = ""
    """Against its reference interval."""
    unread: bool | None = None


def no(concept: str) -> Says:
    """Give "looked for and not there"."""
    return Says(concept, present=False)


def unread(concept: str, *, side: str | None = None, place: str = "") -> Says:
    """Give a study that was done and whose result was not read."""
    return Says(concept, unread=True, side=side, place=place)


Wanted = str | Says


class Right(msgspec.Struct, frozen=True, kw_only=True):
    """What must hold for one record. All of it; a name alone stands for "is present"."""

    facts: tuple[Wanted, ...] = ()
    never: tuple[Wanted, ...] = ()
    """Facts that must not be there."""
    flags: tuple[str, ...] = ()
    no_flags: tuple[str, ...] = ()
    no_flag: bool = False
    """No red flag at all."""
    emergency: bool = False
    """Some red flag says: act today."""
    flag_for: tuple[str, ...] = ()
    """Concepts; for each, some red flag rests on a fact of it."""
    no_code: bool = False
    code: bool = False
    """A code must be given: nothing in the record speaks against it."""
    told: tuple[str, ...] = ()
    """Patterns; each is in a warning, or in a warning of what was not read."""
    untold: tuple[str, ...] = ()
    """Patterns that no message may hold."""
    calm: bool = False
    """No warning: the record is in order."""
    uncovered: bool = False
    """No region counts as looked at: a bone that the report leaves out is not normal."""
    age: tuple[float, float] | None = None
    as_of: str = ""
    refused: str = ""
    """A pattern of the one line with which the file may be refused."""


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A record, what it stands for, and what is right: one of several rights is enough."""

    kind: str
    name: str
    why: str = ""
    record: bytes = b""
    file: str = ""
    suffix: str = ".json"
    right: tuple[Right, ...]


def case(kind: str, name: str, record: bytes, *right: Right, suffix: str = ".json") -> Case:
    return Case(kind=kind, name=name, record=record, right=right, suffix=suffix)


def lacks(path: Path, right: tuple[Right, ...]) -> list[str]:
    """Give what is wrong with reading a file, in words; nothing when one of the rights holds."""
    try:
        record = read(path, knowledge=KNOWLEDGE)
    except RecordError as fault:
        if any(one.refused and re.search(one.refused, str(fault), re.I) for one in right):
            return []
        return [f"the file was refused: {fault}"]
    assessment = assess(record, as_of=latest_day(record) or WRITTEN, knowledge=KNOWLEDGE)
    found = [_lacks(record, assessment, one) for one in right if not one.refused]
    return min(found or [["the file was to be refused, and was read"]], key=len)


def _lacks(record: Record, assessment: Assessment, right: Right) -> list[str]:
    flags = {flag.id for flag in assessment.red_flags}
    facts = assessment.facts
    wrong = [f"no fact {_shown(one)}" for one in right.facts if not _any(facts, one)]
    wrong += [f"made up: {_shown(one)}" for one in right.never if _any(facts, one)]
    wrong += [f"no red flag {one}" for one in right.flags if one not in flags]
    wrong += [f"red flag {one}" for one in right.no_flags if one in flags]
    if right.no_flag and flags:
        wrong.append(f"red flags {sorted(flags)}")
    if right.emergency and not any(one.urgency == "emergency" for one in assessment.red_flags):
        wrong.append(f"no emergency among the red flags {sorted(flags)}")
    because = {fact for flag in assessment.red_flags for fact in flag.because}
    grounds = {fact.concept for fact in facts if fact.id in because}
    wrong += [
        f"no red flag rests on {one}"
        for one in right.flag_for
        if not grounds.intersection(one.split("|"))
    ]
    if right.uncovered and assessment.regions_imaged:
        wrong.append(f"drawn as looked at: {assessment.regions_imaged}")
    code = assessment.coding.code
    if right.no_code and code is not None:
        wrong.append(f"a code is given: {code}")
    if right.code and code is None:
        wrong.append(f"no code is given: {assessment.coding.reason}")
    return wrong + _unsaid(record, assessment, right) + _ages(assessment, right)


def _unsaid(record: Record, assessment: Assessment, right: Right) -> list[str]:
    every = [one.message for one in assessment.issues]
    warned = [one.message for one in assessment.issues if one.level is not Level.INFO]
    for entry in record.not_read:
        words = " ".join((entry.kind, entry.name, entry.matters, entry.why, "not read"))
        every.append(words)
        if entry.level is not Level.INFO:
            warned.append(words)
    wrong = [f"no warning of {one}" for one in right.told if not _said(one, warned)]
    wrong += [f"a message says {one}" for one in right.untold if _said(one, every)]
    if right.calm and warned:
        wrong.append(f"warnings: {warned}")
    return wrong


def _ages(assessment: Assessment, right: Right) -> list[str]:
    wrong = []
    if right.as_of and str(assessment.as_of) != right.as_of:
        wrong.append(f"assessed as of {assessment.as_of}")
    if right.age is not None:
        low, high = right.age
        found = assessment.age_years
        if found is None or not low <= found[0] <= found[1] <= high:
            wrong.append(f"the age is {found}")
    return wrong


def _said(pattern: str, messages: list[str]) -> bool:
    return any(re.search(pattern, message, re.IGNORECASE) for message in messages)


def _any(facts: tuple[Fact, ...], wanted: Wanted) -> bool:
    says = Says(wanted) if isinstance(wanted, str) else wanted
    return any(_is(fact, says) for fact in facts)


def _is(fact: Fact, says: Says) -> bool:
    return (
        fact.concept in says.concept.split("|")
        and fact.present is says.present
        and (says.value is None or _near(fact.value, says.value))
        and (says.side is None or (fact.laterality or "") == says.side)
        and (not says.place or says.place in (fact.bone, fact.region))
        and (not says.kind or fact.modality == says.kind)
        and (not says.day or (fact.day is not None and str(fact.day.earliest) == says.day))
        and (not says.flag or fact.flag == says.flag)
        and (says.unread is None or fact.unread is says.unread)
    )


def _near(value: float | None, wanted: float) -> bool:
    return value is not None and abs(value - wanted) <= NEAR * abs(wanted)


def _shown(wanted: Wanted) -> str:
    if isinstance(wanted, str):
        return wanted
    said = {name: value for name, value in msgspec.structs.asdict(wanted).items() if value}
    return str({**said, "present": wanted.present})
