"""What reports and notes say in words: read by rules, held apart from what is coded."""

from collections.abc import Iterable, Iterator

import msgspec

from multifocal.exchange import text as words
from multifocal.exchange.facts import told_facts
from multifocal.exchange.fhir.body_sites import NOWHERE
from multifocal.exchange.fhir.reading import Reading, Setting
from multifocal.exchange.fhir.resources import Annotation, Observation
from multifocal.knowledge.entries import ConceptEntry
from multifocal.model.record import Fact

READ = "its text was read by rules; hold what was read against the text"
UNKNOWN = "has a text that holds nothing that the work-up knows"


def conclusion_facts(
    text: str, concept: ConceptEntry | None, setting: Setting, reading: Reading, *, is_final: bool
) -> Iterator[Fact]:
    """Read the conclusion of a report; ``concept`` is the study or test that it reports."""
    section: words.Section | None = None
    if setting.modality is not None:
        section = "imaging"
    elif concept is not None and (concept.kind == "biopsy" or concept.id == "histology"):
        section = "biopsy"
    yield from _read(text, section, setting, reading, absences=is_final)


def note_facts(
    notes: Iterable[Annotation] | None, setting: Setting, reading: Reading, *, absences: bool = True
) -> Iterator[Fact]:
    """Read notes: what they say is not of the study or place of what they stand beside."""
    plain = msgspec.structs.replace(setting, sites=NOWHERE, modality=None, ended=None, onset=False)
    for note in notes or ():
        if note.text and note.text.strip():
            yield from _read(note.text, None, plain, reading, absences=absences)


def observation_note_facts(
    observation: Observation, setting: Setting, reading: Reading
) -> Iterator[Fact]:
    """Read the notes beside an observation, as of the day on which it was made."""
    if observation.note is None or observation.status in ("cancelled", "entered-in-error"):
        return
    day = reading.quiet_day(observation.effective_date_time)
    dated = msgspec.structs.replace(
        setting, day=day, recorded=reading.quiet_day(observation.issued)
    )
    is_final = observation.status != "preliminary"
    yield from note_facts(observation.note, dated, reading, absences=is_final)


def _read(
    text: str, section: words.Section | None, setting: Setting, reading: Reading, *, absences: bool
) -> Iterator[Fact]:
    kind = setting.where.split(" ", maxsplit=1)[0]
    reader = words.text_reader(reading.knowledge)
    here = words.Setting(section, setting.modality, placed=setting.sites != NOWHERE)
    statements = [
        statement
        for statement in reader.read(text, here)
        if statement.concept not in reader.members["treatments"]
    ]
    if not statements:
        reading.issue_log.info(kind, UNKNOWN)
        return
    reading.issue_log.info(kind, READ)
    yield from told_facts(statements, setting, reading, absences=absences)
