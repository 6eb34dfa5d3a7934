"""Imaging studies, reports and procedures to facts."""

from collections.abc import Iterator

import msgspec

from multifocal.exchange.fhir.body_sites import NOWHERE, common_place
from multifocal.exchange.fhir.narrative import conclusion_facts
from multifocal.exchange.fhir.observations import PRELIMINARY, worded_facts
from multifocal.exchange.fhir.reading import MODALITIES, Reading, Setting, Study
from multifocal.exchange.fhir.resources import (
    CodeableConcept,
    DiagnosticReport,
    ImagingStudy,
    Observation,
    Procedure,
    Valued,
)
from multifocal.exchange.fhir.words import words_of
from multifocal.exchange.vocabulary import Match
from multifocal.exchange.words import Words
from multifocal.knowledge.entries import ConceptEntry
from multifocal.model.anatomy import Site
from multifocal.model.day import Day
from multifocal.model.record import Fact

_NO_RESULT = ("registered", "cancelled", "entered-in-error")
_IMAGING = ("rad", "imaging", "rx", "rus", "nmr", "nms", "cus", "ct", "lp29684-5")
_DONE = ("completed", "in-progress", "stopped", None)


def study_concept(words: Words, reading: Reading) -> ConceptEntry | None:
    """Give the kind of study that is named, by code or anywhere in its name."""
    coded = reading.vocabulary.coded(words.codes)
    if coded is not None and coded.concept.kind == "study":
        return coded.concept
    return reading.vocabulary.mentioned(words.texts, "study")


def report_day(
    report: DiagnosticReport, where: str, reading: Reading
) -> tuple[Day | None, Day | None]:
    """Give when what is reported held."""
    if report.effective_period is not None:
        return reading.period(report.effective_period, where, "effectivePeriod")
    return reading.day(report.effective_date_time, where, "effectiveDateTime"), None


def note_studies(reading: Reading) -> None:
    """Note which study each observation was made on; reports and studies are known first."""
    for path, (_, resource) in reading.resources.items():
        if isinstance(resource, ImagingStudy):
            concept, sites, _ = _imaged(resource, reading)
            day = reading.quiet_day(resource.started)
            reading.studies[path] = Study(concept.modality if concept else None, sites, day)
        elif isinstance(resource, Procedure):
            if (concept := study_concept(words_of(resource.code), reading)) is not None:
                reading.studies[path] = Study(concept.modality, NOWHERE, None)
    for path, (_, resource) in reading.resources.items():
        if isinstance(resource, DiagnosticReport) and resource.status not in _NO_RESULT:
            study = _reported_study(resource, reading, path)
            if study is None:
                continue
            reading.studies[path] = study
            for result in resource.result or ():
                if (observation := reading.path_of(result, path)) is not None:
                    reading.studies.setdefault(observation, study)


def _reported_study(report: DiagnosticReport, reading: Reading, path: str) -> Study | None:
    words = words_of(report.code)
    concept = study_concept(words, reading) if _is_imaging(report, reading) else None
    start = report.effective_period.start if report.effective_period else None
    day = reading.quiet_day(report.effective_date_time or start)
    linked = next(
        (
            reading.studies[study]
            for reference in report.imaging_study or ()
            if (study := reading.path_of(reference, path)) in reading.studies
        ),
        None,
    )
    if concept is None and linked is None:
        return None
    sites = reading.places.placed((), words).sites
    if linked is None:
        return Study(concept.modality if concept else None, sites, day)
    return Study(
        concept.modality if concept else linked.modality,
        linked.sites if sites == NOWHERE else sites,
        day or linked.day,
    )


def _is_imaging(report: DiagnosticReport, reading: Reading) -> bool:
    """Tell whether it reports an image: by category, or by a code that is a study."""
    coded = reading.vocabulary.coded(words_of(report.code).codes)
    if coded is not None and coded.concept.kind == "study":
        return True
    codings = [coding for category in report.category or () for coding in category.coding or ()]
    texts = [category.text or "" for category in report.category or ()]
    named = {(coding.code or "").casefold() for coding in codings}
    named |= {text.casefold() for text in (*texts, *(coding.display or "" for coding in codings))}
    return bool(report.imaging_study) or any(
        name in _IMAGING or "radiolog" in name or "imaging" in name for name in named
    )


def report_facts(report: DiagnosticReport, setting: Setting, reading: Reading) -> Iterator[Fact]:
    """Read a report: the study that it reports, and its coded conclusions."""
    where = setting.where
    if report.status in _NO_RESULT:
        reading.issue_log.info("DiagnosticReport", f"has status {report.status} and was left out")
        return
    if report.presented_form:
        reading.issue_log.info(
            "DiagnosticReport", "a document is attached to a report; what it says was not read"
        )
    day, ended = report_day(report, where, reading)
    words = words_of(report.code)
    setting = msgspec.structs.replace(
        setting,
        day=day,
        ended=ended,
        recorded=reading.day(report.issued, where, "issued"),
        text=words.text,
    )
    study = reading.studies.get(setting.resource)
    concept = study_concept(words, reading) if _is_imaging(report, reading) else None
    if study is not None:
        setting = msgspec.structs.replace(
            setting, modality=study.modality, sites=study.sites, day=day or study.day
        )
        if concept is None and study.modality:
            concept = reading.vocabulary.study(study.modality)
    match = reading.match(words, where) if study is None else None
    if match is not None:
        setting = msgspec.structs.replace(setting, sites=reading.sites((), words, where))
        concept = match.concept if match.concept.kind == "biopsy" else None
    if concept is not None:
        yield from reading.facts(Match(concept), setting, present=True)
    elif _is_imaging(report, reading):
        reading.issue_log.warning(where, "reports an image of a kind that is not known")
    asked = Match(concept) if concept else match
    is_final = report.status not in ("preliminary", "partial")
    for conclusion in report.conclusion_code or ():
        for fact in _conclusion(conclusion, asked, setting, reading):
            if is_final or fact.present:
                yield fact
                continue
            reading.issue_log.info(where, PRELIMINARY)
    if report.conclusion:
        about = concept or (match.concept if match else None)
        is_final = is_final and not _rests_on_preliminary(report, setting, reading)
        yield from conclusion_facts(report.conclusion, about, setting, reading, is_final=is_final)


def _rests_on_preliminary(report: DiagnosticReport, setting: Setting, reading: Reading) -> bool:
    """Tell whether a result that is reported is still preliminary."""
    for reference in report.result or ():
        match reading.resolved(reference, setting):
            case (_, Observation(status="preliminary")):
                return True
            case _:
                continue
    return False


def _conclusion(
    conclusion: CodeableConcept, asked: Match | None, setting: Setting, reading: Reading
) -> Iterator[Fact]:
    """Read a coded conclusion: a finding of its own, or the answer to what was examined."""
    said = words_of(conclusion)
    sites = reading.sites((), said, setting.where)
    place = common_place(setting.sites) if sites == NOWHERE else sites
    placed = msgspec.structs.replace(setting, sites=place)
    named = reading.match(said, setting.where)
    if named is not None:
        yield from reading.facts(named, placed, present=named.present, text=said.text)
    elif asked is not None and asked.concept.kind in ("study", "result"):
        valued = Valued(code=CodeableConcept(text=setting.text))
        for fact in worded_facts(said, valued, asked, placed, reading):
            if asked.concept.kind == "result" or fact.concept != asked.concept.id:
                yield fact
    else:
        reading.unknown(said, setting.where)


def _imaged(
    study: ImagingStudy, reading: Reading
) -> tuple[ConceptEntry | None, tuple[Site, ...], tuple[str, ...]]:
    """Give what kind of study it is, of which places, and what is wrong with those."""
    series = study.series or ()
    words = words_of(*(study.procedure_code or ()))
    if study.description:
        words = msgspec.structs.replace(words, said=(study.description, *words.said))
    concept = study_concept(words, reading)
    if concept is None:
        codings = (*(study.modality or ()), *(one.modality for one in series if one.modality))
        kinds = (MODALITIES.get((coding.code or "").upper()) for coding in codings)
        modality = next((kind for kind in kinds if kind), None)
        concept = reading.vocabulary.study(modality) if modality else None
    placed = [
        reading.places.placed((CodeableConcept(coding=codings),), words)
        for one in series
        if (codings := tuple(part for part in (one.body_site, one.laterality) if part))
    ] or [reading.places.placed((), words)]
    sites = [site for found, _ in placed for site in found if site != Site()]
    faults = [fault for _, found in placed for fault in found]
    return concept, tuple(dict.fromkeys(sites)) or NOWHERE, tuple(dict.fromkeys(faults))


def imaging_facts(study: ImagingStudy, setting: Setting, reading: Reading) -> Iterator[Fact]:
    """Read an imaging study: what was imaged, how, and when."""
    if study.status in ("registered", "cancelled", "entered-in-error"):
        reading.issue_log.info("ImagingStudy", f"has status {study.status} and was left out")
        return
    concept, sites, faults = _imaged(study, reading)
    for fault in faults:
        reading.issue_log.warning(setting.where, fault)
    if concept is None:
        reading.issue_log.warning(setting.where, "is a study of a kind that is not known")
        return
    setting = msgspec.structs.replace(
        setting,
        day=reading.day(study.started, setting.where, "started"),
        sites=sites,
        modality=concept.modality,
        text=study.description or concept.label,
    )
    yield from reading.facts(Match(concept), setting, present=True)


def procedure_facts(procedure: Procedure, setting: Setting, reading: Reading) -> Iterator[Fact]:
    """Read a procedure; one that was not done is an absent fact."""
    where = setting.where
    if procedure.status != "not-done" and procedure.status not in _DONE:
        reading.issue_log.info(
            "Procedure", "was not carried out, as far as it says; it was left out"
        )
        return
    words = words_of(procedure.code)
    match = reading.match(words, where)
    concept = match.concept if match else reading.vocabulary.mentioned(words.texts, "biopsy")
    concept = concept or study_concept(words, reading)
    if concept is None:
        reading.unknown(words, where)
        return
    if procedure.performed_period is not None:
        day, ended = reading.period(procedure.performed_period, where, "performedPeriod")
    else:
        day, ended = reading.day(procedure.performed_date_time, where, "performedDateTime"), None
    placed = msgspec.structs.replace(
        setting,
        day=day,
        ended=ended,
        sites=reading.sites(procedure.body_site or (), words, where),
        modality=concept.modality,
        text=words.text,
    )
    present = procedure.status != "not-done" and (match is None or match.present)
    yield from reading.facts(match or Match(concept), placed, present=present)
