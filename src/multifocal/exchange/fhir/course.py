"""Conditions, visits, treatment and family history to facts."""

from collections.abc import Iterator

import msgspec

from multifocal.exchange.fhir.narrative import note_facts
from multifocal.exchange.fhir.reading import Reading, Setting
from multifocal.exchange.fhir.resources import (
    Condition,
    Encounter,
    FamilyMemberHistory,
    Medication,
    MedicationUse,
    Period,
)
from multifocal.exchange.fhir.words import code_in, words_of
from multifocal.exchange.vocabulary import Match
from multifocal.exchange.words import words_in
from multifocal.model.day import Day
from multifocal.model.record import ConceptId, Fact

VISIT = ConceptId("visit")
_OVER = ("inactive", "remission", "resolved")
_UNSURE = ("unconfirmed", "provisional", "differential")
_NOT_RELATED = ("spouse", "husband", "wife", "domestic partner", "adopted", "foster", "step")
_NOT_RELATED_CODES = ("sps", "husb", "wife", "dompart", "adopt", "adoptf", "adoptm", "fostf")
_HAPPENED = ("arrived", "triaged", "in-progress", "onleave", "finished", "unknown", None)


def condition_facts(condition: Condition, setting: Setting, reading: Reading) -> Iterator[Fact]:
    """Read a condition; a suspected one is not a fact, a refuted one is an absent fact."""
    where = setting.where
    verification = condition.verification_status
    if code_in(verification, "entered-in-error"):
        reading.issue_log.info("Condition", "was entered in error and was left out")
        return
    if code_in(verification, *_UNSURE):
        reading.issue_log.info(
            "Condition", "is suspected, not confirmed, and was not counted as present"
        )
        return
    words = words_of(condition.code)
    match = reading.known(reading.match(words, where), words, where)
    if match is None:
        return
    day = reading.moment(
        where,
        "onset",
        date_time=condition.onset_date_time,
        age=condition.onset_age,
        period=condition.onset_period,
        ages=condition.onset_range,
    )
    ended = reading.moment(
        where,
        "abatement",
        date_time=condition.abatement_date_time,
        age=condition.abatement_age,
        period=condition.abatement_period,
        ages=condition.abatement_range,
    )
    if day and ended and ended.latest < day.earliest:
        reading.issue_log.warning(where, "ends before it starts; its end was left out. Mend it.")
        ended = None
    if condition.onset_string is not None or condition.abatement_string is not None:
        reading.issue_log.info("Condition", "its onset or end is told in words that were not read")
    recorded = reading.day(condition.recorded_date, where, "recordedDate")
    present = match.present and not code_in(verification, "refuted")
    noted = msgspec.structs.replace(setting, day=recorded, recorded=recorded)
    yield from note_facts(condition.note, noted, reading)
    is_over = ended is None and bool(code_in(condition.clinical_status, *_OVER))
    placed = msgspec.structs.replace(
        setting,
        day=day or (recorded if ended is None or not present else None),
        onset=day is not None,
        ended=reading.some_day_after(day) if is_over else ended,
        recorded=recorded,
        sites=reading.sites(condition.body_site or (), words, where),
        text=words.text,
    )
    yield from reading.facts(match, placed, present=present)


def encounter_facts(encounter: Encounter, setting: Setting, reading: Reading) -> Iterator[Fact]:
    """Read a visit, and the symptoms that were its reason."""
    if encounter.status not in _HAPPENED:
        reading.issue_log.info("Encounter", "did not take place, or was entered in error")
        return
    visit = reading.vocabulary.concepts.get(VISIT)
    day, _ = reading.period(encounter.period, setting.where, "period")
    words = words_of(*(encounter.type or ()))
    placed = msgspec.structs.replace(setting, day=day, recorded=day, text=words.text)
    if visit is not None:
        yield from reading.facts(Match(visit), placed, present=True)
    for reason in encounter.reason_code or ():
        words = words_of(reason)
        match = reading.known(reading.match(words, setting.where), words, setting.where)
        if match is None or match.concept.kind not in ("symptom", "sign"):
            continue
        sites = reading.sites((), words, setting.where)
        there = msgspec.structs.replace(placed, sites=sites, text=words.text)
        yield from reading.facts(match, there, present=match.present)


def medication_facts(use: MedicationUse, setting: Setting, reading: Reading) -> Iterator[Fact]:
    """Read a course of treatment, as stated, ordered or given."""
    kind, where = setting.resource.split("/", maxsplit=1)[0], setting.where
    status = use.status or ""
    if use.do_not_perform or use.intent in ("proposal", "plan", "option"):
        reading.issue_log.info(kind, "is not a treatment that was ordered, and was left out")
        return
    if status in ("entered-in-error", "intended", "draft", "cancelled", "on-hold", "unknown"):
        reading.issue_log.info(kind, f"has status {status} and was left out")
        return
    words = words_of(use.medication_codeable_concept)
    match reading.resolved(use.medication_reference, setting):
        case (_, Medication(code=code)):
            words = words_of(code)
        case _ if use.medication_reference and use.medication_reference.display:
            words = words_in(use.medication_reference.display)
    drug = reading.match(words, where)
    if drug is None:
        mentioned = reading.vocabulary.mentioned(words.texts, "treatment")
        drug = Match(mentioned, is_whole=False) if mentioned else None
    if drug is None:
        reading.unknown(words, where)
        return
    day, ended = _course(use, setting, reading)
    if ended is None and (kind == "MedicationRequest" or status in ("completed", "stopped")):
        # An order does not say how long the drug was taken.
        ended = reading.some_day_after(day)
    asserted = use.date_asserted or use.authored_on
    placed = msgspec.structs.replace(
        setting,
        day=day,
        ended=ended,
        recorded=reading.day(asserted, where, "date"),
        text=words.text,
    )
    present = status not in ("not-taken", "not-done")
    yield from reading.facts(drug, placed, present=present)


def _course(
    use: MedicationUse, setting: Setting, reading: Reading
) -> tuple[Day | None, Day | None]:
    """Give when a course began and ended, as far as it says."""
    where = setting.where
    if use.effective_period is not None:
        return reading.period(use.effective_period, where, "effectivePeriod")
    if use.effective_date_time is not None:
        day = reading.day(use.effective_date_time, where, "effectiveDateTime")
        return day, (day if setting.resource.startswith("MedicationAdministration/") else None)
    bounds: Period | None = next(
        (
            dosage.timing.repeat.bounds_period
            for dosage in use.dosage_instruction or ()
            if dosage.timing and dosage.timing.repeat and dosage.timing.repeat.bounds_period
        ),
        None,
    )
    start, end = reading.period(bounds, where, "boundsPeriod")
    return start or reading.day(use.authored_on, where, "authoredOn"), end


def family_facts(
    history: FamilyMemberHistory, setting: Setting, reading: Reading
) -> Iterator[Fact]:
    """Read what a relative by birth has, as what it is for the child."""
    if history.status in ("entered-in-error", "health-unknown"):
        reading.issue_log.info(
            "FamilyMemberHistory", f"has status {history.status} and was left out"
        )
        return
    relative = words_of(history.relationship)
    if code_in(history.relationship, *_NOT_RELATED_CODES) or any(
        word in text.casefold() for text in relative.texts for word in _NOT_RELATED
    ):
        reading.issue_log.info("FamilyMemberHistory", "is no relative by birth and was left out")
        return
    recorded = reading.day(history.date, setting.where, "date")
    for condition in history.condition or ():
        words = words_of(condition.code)
        if condition.modifier_extension:
            reading.issue_log.warning(setting.where, "a condition is modified and was left out")
            continue
        match = reading.match(words, setting.where)
        concepts = reading.vocabulary.in_relative(match.concept.id) if match else ()
        if match is not None and not concepts and match.concept.family_of:
            concepts = (match.concept,)
        if match is None or not concepts or not match.present:
            reading.unknown(words, setting.where)
            continue
        text = ": ".join(part for part in (relative.text, words.text) if part)
        placed = msgspec.structs.replace(setting, recorded=recorded, text=text)
        for concept in concepts:
            yield from reading.facts(Match(concept), placed, present=True)
