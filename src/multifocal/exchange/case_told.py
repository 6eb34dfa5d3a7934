"""What a published case tells, as assertions: its fields, values, images, tissue and time line.

A case has no dates: the child was seen on `SEEN`, a day that stands for the visit at which the case
is told, and everything else is counted from there.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from string import ascii_letters
from typing import NamedTuple, TypeVar

import msgspec

from multifocal.exchange import answers
from multifocal.exchange.answers import concept_of
from multifocal.exchange.assertions import NOWHERE, Assertion, Level
from multifocal.exchange.case_format import CaseTold, ImageTold, LabTold, SiteTold, safe
from multifocal.exchange.issue_log import IssueLog
from multifocal.exchange.lexicon import Lexicon, folded, pattern_of, tokens_of
from multifocal.exchange.limits import stated_amount
from multifocal.exchange.numbers import Amount, Interval, amount_of, interval_of
from multifocal.exchange.reader import Reader, reader_of
from multifocal.exchange.text import ONSET, began_on
from multifocal.exchange.titles import title_of
from multifocal.exchange.values import meanings
from multifocal.exchange.vocabulary import OWN, Code
from multifocal.exchange.words import Words, words_in
from multifocal.knowledge.entries import CaseField, ConceptEntry, QuantityEntry
from multifocal.knowledge.load import Knowledge
from multifocal.model.anatomy import Site
from multifocal.model.day import Day
from multifocal.model.record import ConceptId

T = TypeVar("T")
SEEN = date(2020, 1, 1)
"""Stands for the day of the visit; cases hold no dates."""
_VISIT = Day(SEEN, SEEN)
_DAYS: Mapping[str, float] = {"day": 1.0, "week": 7.0, "month": 30.4375, "year": 365.25}
_LONGEST_LIFE_DAYS, _LONGEST_MONTHS = 120 * 366, 1200
_BESIDE_NAME = re.compile(r"\s+\([^)]*\)|,.*$")
_BRACKETS = re.compile(r"[()]")
_AND = re.compile(r"\band\b|[,/+&]")
change = msgspec.structs.replace


class Tools(NamedTuple):
    """What the knowledge gives to the reading of cases, built once."""

    reader: Reader
    fields: Mapping[tuple[str, str], CaseField]
    quantities: Lexicon[QuantityEntry]
    levels: Lexicon[Level]
    times: Lexicon[str]


@lru_cache(maxsize=4)
def tools_of(knowledge: Knowledge) -> Tools:
    """Give the tools of this knowledge, built once."""
    return Tools(
        reader_of(knowledge),
        {(field.part, field.key): field for field in knowledge.case_fields},
        lexicon_of((words, one) for one in knowledge.quantities for words in one.names),
        lexicon_of((words, one.level) for one in knowledge.flags for words in one.words),
        lexicon_of(
            (one.words, one.category) for one in knowledge.cues if one.category in ("TIME", "LATER")
        ),
    )


def lexicon_of(entries: Iterable[tuple[str, T]]) -> Lexicon[T]:
    """Make patterns ready to be found."""
    return Lexicon((pattern_of(words, {}), meaning) for words, meaning in entries)


def found_in(text: str, lexicon: Lexicon[T]) -> Iterator[tuple[T, list[str], list[str]]]:
    """Give each meaning that a text has, with the words that mean it and those that don't."""
    tokens = tokens_of(folded(text))
    for one in lexicon.found(tokens):
        meant = [word for at, word in enumerate(tokens) if at in one.tokens]
        yield one.meaning, meant, [word for word in tokens if word not in meant]


def assertions_of(told: CaseTold, tools: Tools, log: IssueLog) -> Iterator[Assertion]:
    """Give everything that a case tells, but not what was concluded."""
    for part in ("presenting", "exam", "history"):
        yield from _part(part, told, tools, log)
    for place, lab in enumerate(told.labs or (), start=1):
        yield from _lab(lab, _asked(lab.name, f"labs {place}"), tools)
    for place, image in enumerate(told.imaging or (), start=1):
        yield from _image(image, _asked(image.modality or "", f"imaging {place}"), tools)
    if told.biopsy:
        asked = _asked("biopsy", "biopsy 1", "biopsy")
        yield change(asked, value=True)
        yield from answers.told(asked, told.biopsy, tools.reader, led="biopsy", section="biopsy")
    for place, event in enumerate(told.timeline or (), start=1):
        months = (event.month or 0) - _presented(told)
        if event.month is not None and event.event and abs(months) <= _LONGEST_MONTHS:
            asked = _asked("timeline", f"timeline {place}", days=-months * _DAYS["month"])
            yield from answers.told(asked, event.event, tools.reader)


def _asked(name: str, where: str, concept: str = "", lead: str = "", days: float = 0) -> Assertion:
    """Give what is asked for, as of so many days before the visit."""
    seen = SEEN - timedelta(days=round(days))
    codes = (Code(OWN, concept),) if concept else ()
    return Assertion(
        about=Words(codes=codes, said=(name,), displayed=(lead,) if lead else ()),
        day=Day(seen, seen),
        recorded=Day(seen, seen),
        resource=where.replace(" ", "/"),
        where=where,
        text=name,
        said=True,
    )


def _presented(told: CaseTold) -> float:
    """Give the month, as the time line counts them, in which the child was seen."""
    if told.timeline_zero == "birth":
        return (told.age_years or 0.0) * 12
    since = (told.presenting or {}).get("duration_months")
    return _number(since) or 0.0 if told.timeline_zero == "first event" else 0.0


def _number(value: object) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else None  # type: ignore[arg-type] # mypy doesn't follow


def _part(part: str, told: CaseTold, tools: Tools, log: IssueLog) -> Iterator[Assertion]:
    """Give what the fields of one part say, each at the places of the complaint."""
    fields = getattr(told, part) or {}
    named = {one: answers.places(one, tools.reader) for one in _places(fields, part, log)}
    sites = tuple(dict.fromkeys(site for places in named.values() for site in places))
    yield from _affected(part, sites, tools)
    spans = [one.key for one in tools.fields.values() if one.since and not one.is_age]
    finest = next((key for key in spans if fields.get(key) is not None), "")
    for key, value in fields.items():
        where = f"{part} {key if safe(key) == key else 'field'}"
        field = tools.fields.get((part, key), CaseField("presenting", key))
        if field.since and value is not None:
            if field.is_age or key == finest:
                yield from _since(field, value, told.age_years, where, log)
        elif field.read and value is not None and key != "sites":
            name = key.replace("_", " ")
            asked = change(_asked(name, where, field.concept, field.words), sites=sites or NOWHERE)
            said = list(_field(asked, value, tools))
            yield from said
            if any(one.state == "present" and one.value is True for one in said):
                for place in (one for one, places in named.items() if not places):
                    hurts = answers.read(
                        change(asked, sites=NOWHERE), name, tools.reader, led=place
                    )
                    yield from (one for one in hurts if concept_of(one) != field.concept)


def _affected(part: str, sites: Iterable[Site], tools: Tools) -> Iterator[Assertion]:
    """Give the bones that a report names as where the illness is."""
    field = tools.fields.get((part, "sites"))
    named = [one for one in sites if field and (one.bone or one.region in field.regions)]
    if field and named:
        asked = _asked("sites", f"{part} sites", field.concept)
        yield change(asked, value=True, sites=tuple(named))


def _places(fields: Mapping[str, object], part: str, log: IssueLog) -> Iterator[str]:
    """Give the places of the complaint in the report's words."""
    try:
        places = msgspec.convert(fields.get("sites") or (), tuple[SiteTold, ...])
    except msgspec.ValidationError:
        log.warning(part, "sites can't be read and were left out")
        return
    yield from (f"{one.side or ''} {one.site}".strip() for one in places if one.site)


def _since(
    field: CaseField, value: object, age: float | None, where: str, log: IssueLog
) -> Iterator[Assertion]:
    """Give since when it has lasted, from a duration or the age at which it began."""
    number, unit = _number(value), _DAYS[field.since]
    days = -1.0 if number is None else number * unit
    if field.is_age and number is not None:
        days = -1.0 if age is None else age * _DAYS["year"] - days
    if 0 <= days < _LONGEST_LIFE_DAYS:
        began = _asked(field.key, where, ONSET)
        yield change(began, onset=True, day=began_on(_VISIT, days, unit / 2))
    else:
        kind = where.partition(" ")[0]
        log.warning(kind, f"{field.key} is no time in the child's life; it was left out")


def _field(asked: Assertion, value: object, tools: Tools) -> Iterator[Assertion]:
    """Give what one field says: plainly, as a number, or in words."""
    match value:
        case bool():
            yield from answers.plain(asked, tools.reader, yes=value)
        case int() | float():
            quantity, rest = _quantity(asked.about.text, tools)
            if quantity is not None:
                amount = Amount(float(value), unit=rest or quantity.assumed_unit)
                yield change(_about(asked, quantity.id), value=amount)
            else:
                yield from answers.plain(asked, tools.reader, yes=value > 0)
        case str() if concept_of(asked) == ONSET:
            lead = asked.about.displayed[0]
            led = {concept_of(one) for one in answers.read(asked, lead, tools.reader)}
            since = answers.read(asked, value, tools.reader, led=lead)
            yield from (one for one in since if concept_of(one) not in led)
        case str():
            yield from answers.worded(asked, value, tools.reader)
        case list():
            for one in value:
                yield from _field(asked, one, tools)
        case _:
            yield change(asked, value=Words())


def _quantity(name: str, tools: Tools) -> tuple[QuantityEntry | None, str]:
    """Give the analyte that a name names, and what else the name says: a unit, another thing."""
    for entry, _, others in found_in(name, tools.quantities):
        return entry, " ".join(one for one in others if one not in tools.reader.texts.between)
    return None, ""


def _lab(lab: LabTold, asked: Assertion, tools: Tools) -> Iterator[Assertion]:
    """Give a laboratory value: a number with its unit, or what it is called, or a result."""
    name = _BESIDE_NAME.sub("", lab.name).strip() or lab.name
    flag = lab.flag or ""
    entry, rest = _quantity(name, tools)
    entry = None if rest else entry
    concept = _concept(name, entry, tools)
    unit = lab.unit or (entry.assumed_unit if entry else "")
    amount = _amount(lab, unit, concept, tools) if concept and concept.unit else None
    words = lab.value if isinstance(lab.value, str) and not amount else ""
    level = next((level for level, *_ in found_in(flag or words, tools.levels)), None)
    own = _about(asked, concept.id if concept else "")
    if amount and (amount.unit or not level):
        yield change(own, value=amount, level=level, intervals=_interval(flag), said=False)
    elif entry and level:
        for meant, state in meanings(entry, level):
            yield change(_about(asked, meant), state=state)
    elif concept and (answer := _plain(tools, flag, words)):
        yield change(own, value=answer, said=False)
    elif rest:
        yield change(asked, value=words_in(flag or words))
    else:
        yield from _result(name, f"{words} {flag}".strip(), asked, tools)


def _about(asked: Assertion, concept: str) -> Assertion:
    codes = (Code(OWN, concept),) if concept else ()
    return change(asked, about=change(asked.about, codes=codes))


def _concept(name: str, entry: QuantityEntry | None, tools: Tools) -> ConceptEntry | None:
    """Give the concept of a value: by the analyte, its whole name, or a result in the name."""
    vocabulary = tools.reader.vocabulary
    if entry is not None and (concept := vocabulary.concepts.get(ConceptId(entry.id))):
        return concept
    if match := vocabulary.named([name]):
        return match.concept
    return None if _rows(name, tools) else vocabulary.mentioned([name], "result")


def _rows(name: str, tools: Tools) -> list[CaseField]:
    """Give what the table says of the words in the name of a result: of cultures, of tissue."""
    words = tokens_of(folded(name))
    return [row for word in words if (row := tools.fields.get(("labs", word)))]


def _amount(lab: LabTold, unit: str, concept: ConceptEntry, tools: Tools) -> Amount | None:
    """Give the value as a number with its unit, if it is one and clear."""
    if isinstance(lab.value, float):
        return Amount(lab.value, unit=unit)
    knowledge = tools.reader.knowledge
    said = lab.value or ""
    stated = stated_amount(said, concept, knowledge=knowledge, unit=unit, decimal=".")
    return stated if isinstance(stated, Amount) else None


def _interval(flag: str) -> tuple[Interval, ...]:
    """Give the reference interval that stands in a flag: "high (ref < 8)"."""
    read = [interval_of(part.lstrip(f"{ascii_letters}.: ")) for part in _BRACKETS.split(flag)[1:]]
    return tuple(one for one in read if isinstance(one, Interval))


def _plain(tools: Tools, *said: str) -> Words | Amount | None:
    """Give what answers, whole or as the last words begin, such as "neg x4"; "++" is a grade."""
    for one in (*said, *said[-1].split()[:1]):
        answer = tools.reader.vocabulary.answer((), (one,)) if one else None
        if answer is not None and answer.present is not None:
            return words_in(one)
        graded = amount_of(one)
        if isinstance(graded, Amount) and graded.form == "grade":
            return graded
    return None


def _result(name: str, said: str, asked: Assertion, tools: Tools) -> list[Assertion]:
    """Read a result in words under its name, as the table says for words in the name."""
    rows = _rows(name, tools)
    leads = [row.words for row in rows if row.words and not _plain(tools, said)]
    section = next((row.section for row in rows if row.section), None)
    led = " ".join([name, *leads])
    return answers.told(asked, said, tools.reader, led=led, section=section)


def _image(image: ImageTold, asked: Assertion, tools: Tools) -> Iterator[Assertion]:
    """Give what one image is and what it showed, on each kind of image that it is."""
    place = f"{image.side or ''} {image.site}:".strip() if image.site else ""
    sites = answers.places(place, tools.reader) or NOWHERE
    title = asked.about.text
    days = _days_before(title, tools)
    titles = [words_in(part) for part in (title, *_AND.split(title))]
    kinds = [title_of(one, tools.reader.knowledge).modality for one in titles]
    for modality in dict.fromkeys(one for one in kinds if one) or (None,):
        study = tools.reader.vocabulary.study(modality) if modality else None
        seen = _asked(title, asked.where, study.id if study else "", days=days)
        seen = change(seen, sites=sites, modality=modality)
        finding = image.finding or ""
        said = _shown(seen, finding, place, tools)
        value = words_in(finding) if finding and not said else None
        yield change(seen, value=value, unread=not said)
        yield from said


def _shown(seen: Assertion, finding: str, place: str, tools: Tools) -> list[Assertion]:
    """Read what an image showed, alone and behind its place: "lunate: necrosis"."""
    alone = list(answers.read(seen, finding, tools.reader, section="imaging"))
    led = list(answers.read(seen, finding, tools.reader, led=place, section="imaging"))
    kept = {concept_of(one) for one in led or alone}
    said = [one for one in alone if concept_of(one) in kept]
    known = {concept_of(one) for one in said}
    return said + [one for one in led if concept_of(one) not in known]


def _days_before(title: str, tools: Tools) -> float:
    """Give how many days before the visit an image was taken; after it they are less than none."""
    for role, words, _ in found_in(title, tools.times):
        unit = next((word for word in words if word in _DAYS), "")
        return float(words[0]) * _DAYS[unit] if role == "TIME" and unit else -_DAYS["month"]
    return 0.0
