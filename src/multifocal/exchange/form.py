"""The short form's answers to a record: what somebody entered, as facts like any other."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Literal

import msgspec

from multifocal.exchange.cache import forgetting
from multifocal.exchange.dates import after_months
from multifocal.exchange.entered import EnteredError, number
from multifocal.exchange.units import Units
from multifocal.knowledge.entries import ConceptEntry, FormField, FormSection
from multifocal.knowledge.load import Knowledge
from multifocal.model.anatomy import Site
from multifocal.model.day import Day
from multifocal.model.record import ConceptId, Fact, FactId, Modality, Origin, Patient, Record, Sex

ENTERED = "entered"
"""Where facts of the form come from, and the id of its child: it has no other."""
NOWHERE = Site()
_MONTHS = {"mo": 1, "a": 12}
_DAYS = {"d": 1, "wk": 7}


class Ago(msgspec.Struct, frozen=True):
    """How long ago, in whole units that have passed: 6 weeks are 42 to 48 days."""

    count: int
    unit: Literal["d", "wk", "mo", "a"]


class Amount(msgspec.Struct, frozen=True):
    """A number in our unit, as far as it was reported."""

    value: float
    comparator: Literal["<", "<=", ">", ">="] | None = None


class Imaging(msgspec.Struct, frozen=True):
    """Whether an image was made, of what, and whether it was normal."""

    done: bool
    normal: bool | None = None
    place: Site = NOWHERE


Answer = bool | Sex | Ago | Amount | Imaging | tuple[Site, ...]
Answers = Mapping[str, Answer]
"""By the id of a field; what is not known is left out."""


def record_of(answers: Answers, *, as_of: date, knowledge: Knowledge) -> Record:
    """Give the record of a child of whom this is known on a day."""
    facts = [
        fact
        for section in knowledge.form
        for field in section.field
        if field.id in answers
        for fact in _facts(field, section, answers, as_of, knowledge)
    ]
    return Record(_patient(answers, as_of, knowledge), tuple(_numbered(facts)))


@forgetting()
def amount_of(text: str, concept: ConceptEntry, *, knowledge: Knowledge) -> Amount:
    """Read a typed number with its unit into our unit. Raises `EnteredError`."""
    comparator, value, unit = number(text)
    if value < 0:
        raise EnteredError("can't be below zero")
    conversion = Units(knowledge.units).by_table(concept.id, unit, concept.unit)
    if conversion is None:
        raise EnteredError(f"needs a unit that can be turned into {concept.unit}")
    return Amount(conversion(value), comparator)


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


def _facts(
    field: FormField, section: FormSection, answers: Answers, as_of: date, knowledge: Knowledge
) -> Iterator[Fact]:
    """Give what one answer says."""
    seen = Day(as_of, as_of) if section.is_dated else None
    concept = knowledge.concepts_by_id.get(field.concept)
    if concept is None:
        return
    base = Fact(
        id=FactId(""),
        concept=concept.id,
        origin=Origin(ENTERED, field.label or concept.label),
        day=seen,
        modality=field.modality or concept.modality,
        region=concept.region,
    )
    match answers[field.id]:
        case bool() as present:
            site = _only(answers.get(field.at)) if present else NOWHERE
            yield _placed(msgspec.structs.replace(base, present=present), site)
        case Amount(value, comparator):
            yield msgspec.structs.replace(
                base, value=value, comparator=comparator, unit=concept.unit
            )
        case Ago() as ago:
            yield msgspec.structs.replace(base, day=day_of(ago, as_of=as_of), onset=True)
        case Imaging() as image:
            yield from _imaged(base, image, field.normal, concept.modality)
        case str():
            return  # the sex: it is the child's
        case tuple() as sites:
            seen_on = _modalities(field, answers, knowledge) or (base.modality,)
            for site in sites:
                placed = _placed(base, site)
                yield from (msgspec.structs.replace(placed, modality=one) for one in seen_on)


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


def _imaged(
    base: Fact, image: Imaging, normal: ConceptId, modality: Modality | None
) -> Iterator[Fact]:
    study = _placed(msgspec.structs.replace(base, present=image.done), image.place)
    yield study
    if image.done and image.normal:
        yield msgspec.structs.replace(study, concept=normal, modality=modality)


def _only(answer: Answer | None) -> Site:
    """Give the one place that was chosen; nowhere when there are several."""
    return answer[0] if isinstance(answer, tuple) and len(answer) == 1 else NOWHERE


def _placed(fact: Fact, site: Site) -> Fact:
    if site == NOWHERE:
        return fact
    return msgspec.structs.replace(
        fact,
        bone=site.bone,
        region=site.region,
        laterality=site.laterality,
        part=site.part,
        end=site.end,
    )


def _numbered(facts: Iterable[Fact]) -> Iterator[Fact]:
    for place, fact in enumerate(facts, start=1):
        yield msgspec.structs.replace(fact, id=FactId(f"{ENTERED}-{place}"))
