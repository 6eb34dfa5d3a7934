"""The short form's answers to a record: what somebody entered, as facts like any other."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Literal

import msgspec

from multifocal.exchange.assertions import NOWHERE, Assertion
from multifocal.exchange.cache import forgetting
from multifocal.exchange.dates import after_months
from multifocal.exchange.entered import EnteredError, believed, number
from multifocal.exchange.facts import facts_of
from multifocal.exchange.issue_log import IssueLog
from multifocal.exchange.numbers import Amount
from multifocal.exchange.reader import reader_of
from multifocal.exchange.units import units_of
from multifocal.exchange.vocabulary import OWN, Code
from multifocal.exchange.words import Words
from multifocal.knowledge.entries import ConceptEntry, FormField, FormSection
from multifocal.knowledge.load import Knowledge
from multifocal.model.anatomy import Site
from multifocal.model.day import Day
from multifocal.model.record import ConceptId, Modality, Patient, Record, Sex

ENTERED = "entered"
"""Where facts of the form come from, and the id of its child: it has no other."""
_MONTHS = {"mo": 1, "a": 12}
_DAYS = {"d": 1, "wk": 7}


class Ago(msgspec.Struct, frozen=True):
    """How long ago, in whole units that have passed: 6 weeks are 42 to 48 days."""

    count: int
    unit: Literal["d", "wk", "mo", "a"]


class Imaging(msgspec.Struct, frozen=True):
    """Whether an image was made, of what, and whether it was normal."""

    done: bool
    normal: bool | None = None
    place: Site = Site()


Answer = bool | Sex | Ago | Amount | Imaging | tuple[Site, ...]
Answers = Mapping[str, Answer]
"""By the id of a field, amounts in our unit; what is not known is left out."""


def record_of(answers: Answers, *, as_of: date, knowledge: Knowledge) -> Record:
    """Give the record of a child of whom this is known on a day."""
    child, log = _patient(answers, as_of, knowledge), IssueLog()
    stated = [
        one
        for section in knowledge.form
        for field in section.field
        if field.id in answers and field.concept
        for one in _assertions(field, section, answers, as_of, knowledge)
    ]
    facts = facts_of(stated, child=child, reader=reader_of(knowledge), log=log)
    return Record(child, tuple(facts), log.issues(), log.unread())


@forgetting()
def amount_of(text: str, concept: ConceptEntry, *, knowledge: Knowledge) -> Amount:
    """Read a typed number with its unit into our unit, its unit left out. Raises `EnteredError`."""
    amount = number(text, concept, knowledge=knowledge)
    if amount.high is not None:
        raise EnteredError("needs one number")
    if amount.value < 0:
        raise EnteredError("can't be below zero")
    conversion = units_of(knowledge).by_table(concept.id, amount.unit, concept.unit)
    if conversion is None:
        raise EnteredError(f"needs a unit that can be turned into {concept.unit}")
    believed(amount, concept, knowledge=knowledge)
    return Amount(conversion(amount.value), amount.comparator)


def day_of(ago: Ago, *, as_of: date) -> Day:
    """Give the days that lie so long before a day.

    >>> day_of(Ago(6, "wk"), as_of=date(2026, 10, 20))
    Day(earliest=datetime.date(2026, 9, 2), latest=datetime.date(2026, 9, 8))
    """
    if ago.unit in _DAYS:
        width = _DAYS[ago.unit]
        last = as_of - timedelta(days=ago.count * width)
        return Day(last - timedelta(days=width - 1), last)
    width = _MONTHS[ago.unit]
    last = after_months(as_of, -ago.count * width)
    return Day(after_months(as_of, -(ago.count + 1) * width) + timedelta(days=1), last)


def _patient(answers: Answers, as_of: date, knowledge: Knowledge) -> Patient:
    kinds = {field.kind: field.id for section in knowledge.form for field in section.field}
    age = answers.get(kinds.get("age", ""))
    sex = answers.get(kinds.get("sex", ""))
    return Patient(
        id=ENTERED,
        birth=day_of(age, as_of=as_of) if isinstance(age, Ago) else None,
        sex=sex if sex == "female" or sex == "male" else None,
    )


def _assertions(
    field: FormField, section: FormSection, answers: Answers, as_of: date, knowledge: Knowledge
) -> Iterator[Assertion]:
    """Give what one answer says."""
    concept = knowledge.concepts_by_id[field.concept]
    base = Assertion(
        about=_own(concept.id),
        day=Day(as_of, as_of) if section.is_dated else None,
        modality=field.modality or concept.modality,
        resource=ENTERED,
        where=ENTERED,
        text=field.label or concept.label,
    )
    change = msgspec.structs.replace
    match answers[field.id]:
        case bool() as present:
            where = answers.get(field.at) if present else None
            is_one = isinstance(where, tuple) and len(where) == 1
            yield change(base, value=present, sites=where if is_one else NOWHERE)
        case Amount() as amount:
            yield change(base, value=change(amount, code=concept.unit))
        case Ago() as ago:
            yield change(base, day=day_of(ago, as_of=as_of), onset=True)
        case Imaging(done, normal, place):
            is_unread = done and normal is None
            yield change(base, value=done, sites=(place,), unread=is_unread)
            if done and normal:
                about = _own(field.normal)
                yield change(base, about=about, sites=(place,), modality=concept.modality)
        case tuple() as sites:
            for modality in _modalities(field, answers, knowledge) or (base.modality,):
                yield change(base, sites=sites, modality=modality)
        case str():
            return  # the sex: it is the child's


def _own(concept: ConceptId) -> Words:
    return Words(codes=(Code(OWN, concept),))


def _modalities(
    field: FormField, answers: Answers, knowledge: Knowledge
) -> tuple[Modality | None, ...]:
    """Give the kinds of image on which places were seen: those that were not normal."""
    studies = {one.id: one for section in knowledge.form for one in section.field}
    return tuple(
        knowledge.concepts_by_id[studies[name].concept].modality
        for name in field.studies
        if isinstance(image := answers.get(name), Imaging) and image.normal is False
    )
