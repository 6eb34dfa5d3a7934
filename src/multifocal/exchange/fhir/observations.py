"""Observations and questionnaires to facts."""

import re
from collections.abc import Iterator
from math import isfinite

import msgspec

from multifocal.exchange.fhir.body_sites import NOWHERE, common_place
from multifocal.exchange.fhir.intervals import Flag, bounds_of, flag_of, reported_flag
from multifocal.exchange.fhir.reading import Reading, Setting, Study
from multifocal.exchange.fhir.resources import (
    CodeableConcept,
    Observation,
    Quantity,
    QuestionnaireAnswer,
    QuestionnaireItem,
    QuestionnaireResponse,
    Specimen,
    Valued,
    is_there,
)
from multifocal.exchange.fhir.words import words_of
from multifocal.exchange.units import UNCHANGED, Conversion
from multifocal.exchange.vocabulary import OWN, Answer, Code, Match
from multifocal.exchange.words import Words, words_in
from multifocal.knowledge.entries import ConceptEntry
from multifocal.model.day import Day
from multifocal.model.record import Fact, IntervalSource

PRELIMINARY = "is preliminary: that it is negative so far was not counted"
UNKNOWN_MODIFIER = "has a modifier extension that may change its meaning, and was left out"
NUMBERS = ("lab", "measurement")
"""Kinds of concept that are numbers."""
EXAMINATIONS = frozenset({"imaging", "exam", "laboratory", "procedure"})
"""FHIR's categories of observations in which a value may name a finding."""
_UNREAD = ("cancelled", "entered-in-error", "registered")
_SHAPES = ("value_range", "value_ratio", "value_sampled_data", "value_time")
_WORDED_NUMBER = re.compile(r"\s*(<=?|>=?)?\s*(\d{1,9}(?:[.,]\d{1,9})?)\s*([^\d\s].{0,30})?\s*")
_COMPARATORS = ("<", "<=", ">", ">=")


class Question(msgspec.Struct, frozen=True):
    """What is asked and what is said, of which at least one is a concept of ours."""

    valued: Valued
    asked: Words
    said: Words | None
    match: Match | None
    """The concept that is asked for."""
    shown: Match | None
    """The concept that the value itself names: "osteolysis"."""


def observation_facts(
    observation: Observation, setting: Setting, reading: Reading
) -> Iterator[Fact]:
    """Read an observation and its components."""
    if observation.status in _UNREAD:
        reading.issue_log.info("Observation", f"has status {observation.status} and was left out")
        return
    if observation.focus:
        reading.issue_log.warning(
            setting.where, "is about someone or something else than the child and was left out"
        )
        return
    began = reading.day(observation.value_date_time, setting.where, "valueDateTime")
    if began is not None:
        observation = msgspec.structs.replace(observation, value_boolean=True)
    names_findings = _names_findings(observation, setting, reading)
    parts = (observation, *(observation.component or ()))
    questions = [
        question
        for part in parts
        if (question := _question(part, setting, reading, names_findings=names_findings))
    ]
    if not questions:
        return
    study = _study_of(observation, setting, reading)
    day, ended = _when(observation, setting, reading, study)
    setting = msgspec.structs.replace(
        setting,
        day=began or day,
        onset=began is not None,
        ended=ended,
        recorded=reading.day(observation.issued, setting.where, "issued"),
        modality=study.modality if study else None,
        sites=common_place(study.sites) if study else NOWHERE,
    )
    is_final = observation.status != "preliminary"
    for question in questions:
        for fact in _asked_facts(question, setting, reading, observation.body_site):
            kind = reading.vocabulary.concepts[fact.concept].kind
            if is_final or fact.present or kind != "result":
                yield fact
                continue
            reading.issue_log.info(setting.where, PRELIMINARY)


def _names_findings(observation: Observation, setting: Setting, reading: Reading) -> bool:
    """Tell whether a value may name a finding of the child under a question that is not known.

    It may on an examination; under a question such as the family's diseases it must not.
    """
    if setting.resource in reading.studies or observation.part_of or observation.derived_from:
        return True
    categories = _categories(observation)
    if not categories:
        return not words_of(observation.code).codes
    return not categories.isdisjoint(EXAMINATIONS)


def _when(
    observation: Observation, setting: Setting, reading: Reading, study: Study | None
) -> tuple[Day | None, Day | None]:
    """Give when it held: as it says, else when its specimen was taken or its study was done."""
    where = setting.where
    if observation.effective_period is not None:
        return reading.period(observation.effective_period, where, "effectivePeriod")
    if observation.effective_date_time is not None:
        return reading.day(observation.effective_date_time, where, "effectiveDateTime"), None
    if observation.effective_instant is not None:
        return reading.day(observation.effective_instant, where, "effectiveInstant"), None
    match reading.resolved(observation.specimen, setting):
        case (_, Specimen(collection=collection)) if collection is not None:
            if collection.collected_date_time is not None:
                return reading.day(collection.collected_date_time, where, "collected"), None
            return reading.period(collection.collected_period, where, "collected")
        case _:
            return (study.day if study else None), None


def _study_of(observation: Observation, setting: Setting, reading: Reading) -> Study | None:
    """Give the imaging study on which it was seen: by reference, else by its method or name."""
    for reference in (*(observation.part_of or ()), *(observation.derived_from or ())):
        path = reading.path_of(reference, setting.resource)
        if path is not None and path in reading.studies:
            return reading.studies[path]
    if (study := reading.studies.get(setting.resource)) is not None:
        return study
    if observation.method is None and "imaging" not in _categories(observation):
        return None
    method = words_of(observation.method, observation.code)
    concept = reading.vocabulary.mentioned(method.texts, "study")
    coded = reading.vocabulary.coded(words_of(observation.method).codes)
    if coded and coded.concept.kind == "study":
        concept = coded.concept
    return Study(concept.modality, NOWHERE, None) if concept else None


def _categories(observation: Observation) -> set[str]:
    return {
        (coding.code or "").casefold()
        for category in observation.category or ()
        for coding in category.coding or ()
    }


def _question(
    valued: Valued, setting: Setting, reading: Reading, *, names_findings: bool
) -> Question | None:
    """Look up what is asked and said, or note that it is nothing of ours."""
    asked = words_of(valued.code)
    if valued.modifier_extension:
        reading.issue_log.warning(setting.where, UNKNOWN_MODIFIER)
        return None
    match = reading.match(asked, setting.where)
    said = _said(valued)
    shown = _shown(said, reading) if said is not None and names_findings else None
    if match is not None or shown is not None:
        return Question(valued, asked, said, match, shown)
    is_panel = isinstance(valued, Observation) and (valued.component or valued.has_member)
    if not is_panel:
        reading.unknown(asked, setting.where)
    return None


def _asked_facts(
    question: Question, setting: Setting, reading: Reading, body_site: CodeableConcept | None
) -> Iterator[Fact]:
    """Read one question with its value, whether it stands alone or is a component."""
    asked, said, match, shown = question.asked, question.said, question.match, question.shown
    setting = msgspec.structs.replace(setting, text=asked.text)
    if match is None or match.concept.kind not in NUMBERS:
        sites = reading.sites((body_site,), asked, setting.where)
        if sites == NOWHERE and said is not None:
            sites = reading.sites((), said, setting.where)
        if sites != NOWHERE:
            setting = msgspec.structs.replace(setting, sites=sites)
    else:
        setting = msgspec.structs.replace(setting, sites=NOWHERE)
    if match is not None:
        yield from _answered(question.valued, match, said, setting, reading)
    elif shown is not None and said is not None:
        text = _text(asked, said)
        yield from reading.facts(shown, setting, present=shown.present, text=text)


def _said(valued: Valued) -> Words | None:
    if valued.value_codeable_concept is not None:
        return words_of(valued.value_codeable_concept)
    if valued.value_string is not None:
        return words_in(valued.value_string)
    return None


def _shown(said: Words, reading: Reading) -> Match | None:
    if reading.vocabulary.answer(said.codes, said.texts) is not None:
        return None
    return reading.vocabulary.coded(said.codes) or reading.vocabulary.named(said.texts)


def _text(asked: Words, said: Words) -> str:
    return ": ".join(text for text in (asked.text, said.text) if text)


def _answered(
    valued: Valued, match: Match, said: Words | None, setting: Setting, reading: Reading
) -> Iterator[Fact]:
    """Read the value of a question that is one of our concepts."""
    concept = match.concept
    if valued.value_quantity is not None:
        yield from numeric_facts(valued.value_quantity, valued, concept, setting, reading)
    elif valued.value_integer is not None:
        number = Quantity(value=float(valued.value_integer))
        yield from numeric_facts(number, valued, concept, setting, reading)
    elif valued.value_boolean is not None:
        present = valued.value_boolean == match.present
        yield from reading.facts(match, setting, present=present)
    elif said is not None:
        yield from worded_facts(said, valued, match, setting, reading)
    elif any(is_there(getattr(valued, shape)) for shape in _SHAPES):
        reading.issue_log.warning(
            setting.where,
            f"{concept.label} has a value of a kind that is not read; it was left "
            "out. Give valueQuantity, valueCodeableConcept or valueBoolean.",
        )
    elif valued.data_absent_reason is not None:
        reading.issue_log.info(setting.where, f"{concept.label} has no value, and says why")
    else:
        yield from _unvalued(valued, match, setting, reading)


def _unvalued(valued: Valued, match: Match, setting: Setting, reading: Reading) -> Iterator[Fact]:
    """Read a question without a value: its interpretation may be the answer."""
    words = words_of(*(valued.interpretation or ()))
    answer = reading.vocabulary.answer(words.codes, words.texts)
    if answer is not None and answer.present is not None:
        yield from reading.facts(match, setting, present=answer.present == match.present)
    elif match.concept.kind in ("study", "biopsy"):
        yield from reading.facts(match, setting, present=match.present)
    elif not (isinstance(valued, Observation) and (valued.component or valued.has_member)):
        reading.issue_log.warning(
            setting.where, f"{match.concept.label} has no value and was left out. Add a value."
        )


def worded_facts(
    said: Words, valued: Valued, match: Match, setting: Setting, reading: Reading
) -> Iterator[Fact]:
    """Read a value in codes or words."""
    concept, text = match.concept, _text(words_of(valued.code), said)
    vocabulary = reading.vocabulary
    spoken = (*said.texts, *(code.code for code in said.codes))
    if (meant := vocabulary.meaning(concept, spoken)) is not None:
        yield from reading.facts(match, setting, present=match.present, text=text)
        for one in meant:
            if (other := vocabulary.concepts.get(one)) is not None and other is not concept:
                yield from reading.facts(Match(other), setting, present=True, text=text)
        return
    if (own := vocabulary.own_words(concept, said.texts)) is not None:
        yield from reading.facts(Match(concept), setting, present=own, text=text)
        return
    answer = vocabulary.answer(said.codes, said.texts)
    if answer is not None:
        yield from _plain(answer, said, match, setting, reading, text)
        return
    if (shown := _shown(said, reading)) is not None:
        if vocabulary.is_done(concept) and shown.concept is not concept:
            yield from reading.facts(match, setting, present=match.present, text=text)
        yield from reading.facts(shown, setting, present=shown.present, text=text)
        return
    if concept.kind in NUMBERS and (number := _worded_number(said)) is not None:
        yield from numeric_facts(number, valued, concept, setting, reading)
        return
    if concept.kind in ("study", "biopsy"):
        reading.issue_log.info(setting.where, f"the words of {concept.label} were not read")
        yield from reading.facts(match, setting, present=match.present, text=text)
        return
    reading.issue_log.warning(
        setting.where,
        f"the value of {concept.label} is not understood and was left out. Give a code or yes "
        "or no.",
    )


def _plain(
    answer: Answer, said: Words, match: Match, setting: Setting, reading: Reading, text: str
) -> Iterator[Fact]:
    """Read yes, no or "not known"; a code and a text that differ are believed neither."""
    concept = match.concept
    worded = reading.vocabulary.answer((), said.texts)
    if worded is not None and worded != answer:
        reading.issue_log.warning(
            setting.where,
            f"code and text of the value contradict each other about {concept.label}; it was left "
            "out. Mend code or text.",
        )
    elif answer.present is None:
        reading.issue_log.info(setting.where, f"{concept.label} is answered as not known")
    elif concept.kind in NUMBERS:
        reading.issue_log.warning(
            setting.where,
            f"{concept.label} is given in words instead of a number and was left out. "
            "Give valueQuantity.",
        )
    else:
        present = answer.present == match.present
        yield from reading.facts(match, setting, present=present, text=text)


def _worded_number(said: Words) -> Quantity | None:
    """Read a number written as text: "<0.3 mg/dL"."""
    found = _WORDED_NUMBER.fullmatch(said.text)
    if found is None:
        return None
    value = float(found[2].replace(",", "."))
    return Quantity(value=value, comparator=found[1], unit=(found[3] or "").strip() or None)


def numeric_facts(
    quantity: Quantity, valued: Valued, concept: ConceptEntry, setting: Setting, reading: Reading
) -> Iterator[Fact]:
    """Read a number: into our unit, with the laboratory's own interval."""
    label, where = concept.label, setting.where
    if concept.kind not in NUMBERS and not concept.unit:
        reading.issue_log.warning(
            where, f"{label} is given as a number and was left out. Give valueBoolean or a code."
        )
        return
    if quantity.value is None or not isfinite(quantity.value):
        reading.issue_log.warning(where, f"{label} has no value and was left out. Add a value.")
        return
    if quantity.comparator not in (None, *_COMPARATORS):
        reading.issue_log.warning(where, f"the comparator of {label} is not read; it was left out")
        return
    if quantity.value < 0 and concept.kind == "lab":
        reading.issue_log.warning(where, f"{label} is below zero and was left out. Mend the value.")
        return
    conversion = _conversion(quantity, concept, where, reading)
    if conversion is None:
        return
    value = conversion(quantity.value)
    bounds = bounds_of(
        valued.reference_range or (), quantity, conversion, concept, setting, reading
    )
    computed = None if bounds is None else flag_of(value, quantity.comparator, bounds)
    flag = _agreed(computed, reported_flag(valued.interpretation), concept, where, reading)
    interval: IntervalSource | None = None if bounds is None and flag is None else "laboratory"
    yield from reading.facts(
        Match(concept),
        setting,
        present=True,
        value=value,
        comparator=quantity.comparator,
        unit=concept.unit,
        low=bounds.low if bounds else None,
        high=bounds.high if bounds else None,
        interval=interval,
        flag=flag,
    )


def _conversion(
    quantity: Quantity, concept: ConceptEntry, where: str, reading: Reading
) -> Conversion | None:
    """Give what turns the value into our unit, or note why nothing can."""
    if not concept.unit:
        return UNCHANGED
    written = [unit for unit in (quantity.code, quantity.unit) if unit and unit.strip()]
    if not written:
        if concept.unit == "1":
            return UNCHANGED
        reading.issue_log.warning(
            where,
            f"{concept.label} has no unit and was left out. Add valueQuantity.code.",
        )
        return None
    for unit in written:
        conversion = reading.units.conversion(concept.id, unit, concept.unit)
        if conversion is not None:
            return conversion
    reading.issue_log.warning(
        where,
        f"the unit of {concept.label} can't be turned into {concept.unit}; it was left out. "
        "Give valueQuantity.code as UCUM.",
    )
    return None


def _agreed(
    computed: Flag | None,
    reported: Flag | None,
    concept: ConceptEntry,
    where: str,
    reading: Reading,
) -> Flag | None:
    """Hold the laboratory's flag against its interval; when they differ, neither is "normal"."""
    if computed is None or reported is None or computed == reported:
        return computed or reported
    reading.issue_log.warning(
        where,
        f"the laboratory's flag and its reference interval disagree about {concept.label}; the one "
        "that is not normal was kept",
    )
    abnormal = {computed, reported} - {"normal"}
    return abnormal.pop() if len(abnormal) == 1 else None


def questionnaire_facts(
    response: QuestionnaireResponse, setting: Setting, reading: Reading
) -> Iterator[Fact]:
    """Read the answers of a questionnaire, at any depth."""
    if response.status == "entered-in-error":
        reading.issue_log.info(
            "QuestionnaireResponse", "has status entered-in-error and was left out"
        )
        return
    authored = reading.day(response.authored, setting.where, "authored")
    setting = msgspec.structs.replace(setting, day=authored, recorded=authored)
    stack = list(reversed(response.item or ()))
    while stack:
        item = stack.pop()
        stack += reversed(item.item or ())
        for answer in reversed(item.answer or ()):
            stack += reversed(answer.item or ())
        yield from _item_facts(item, setting, reading)


def _item_facts(item: QuestionnaireItem, setting: Setting, reading: Reading) -> Iterator[Fact]:
    if not item.answer:
        return
    if item.modifier_extension:
        reading.issue_log.warning(setting.where, UNKNOWN_MODIFIER)
        return
    asked = _asked(item)
    match = reading.match(asked, setting.where)
    for answer in item.answer:
        valued, day = _as_valued(answer, item, setting, reading)
        said = _said(valued)
        if match is None and (said is None or _shown(said, reading) is None):
            reading.issue_log.info("QuestionnaireResponse", "a question is none that we know")
            continue
        sites = reading.sites((), asked, setting.where)
        is_onset = day is not setting.day
        placed = msgspec.structs.replace(
            setting, sites=sites, text=asked.text, day=day, onset=is_onset
        )
        if match is not None:
            yield from _answered(valued, match, said, placed, reading)
        elif said is not None and (shown := _shown(said, reading)) is not None:
            yield from reading.facts(shown, placed, present=shown.present, text=_text(asked, said))


def _asked(item: QuestionnaireItem) -> Words:
    """Give what a question asks for: by its own id, its codes, else its text."""
    words = words_of(*(item.code or ()), CodeableConcept(text=item.text))
    link = (item.link_id or "").strip().lstrip("/")
    definition = (item.definition or "").rpartition("/")[2].rpartition("#")[2]
    linked = (Code(OWN, link), Code("loinc", link), Code("loinc", definition))
    return msgspec.structs.replace(words, codes=(*linked, *words.codes), systems=())


def _as_valued(
    answer: QuestionnaireAnswer, item: QuestionnaireItem, setting: Setting, reading: Reading
) -> tuple[Valued, Day | None]:
    """Write an answer as an observation would; a date is the day since when it is so."""
    code = CodeableConcept(text=item.text)
    dated = answer.value_date or answer.value_date_time
    if dated is not None:
        day = reading.day(dated, setting.where, "valueDate")
        return Valued(code=code, value_boolean=True), day
    coding = answer.value_coding
    number = answer.value_decimal
    if number is None and answer.value_integer is not None:
        number = float(answer.value_integer)
    quantity = answer.value_quantity
    return (
        Valued(
            code=code,
            value_boolean=answer.value_boolean,
            value_quantity=quantity if number is None else Quantity(value=number),
            value_string=answer.value_string,
            value_codeable_concept=None if coding is None else CodeableConcept(coding=(coding,)),
        ),
        setting.day,
    )
