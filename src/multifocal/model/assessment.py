"""The result of a work-up, as of one day and one version of the knowledge."""

from datetime import date
from typing import Literal, NewType

import msgspec

from multifocal.model.anatomy import BoneId, End, Laterality, Part, RegionId
from multifocal.model.day import Day
from multifocal.model.differential import Counterfactual, Differential, Outcome
from multifocal.model.finding import Finding, FindingId
from multifocal.model.issue import Issue
from multifocal.model.record import (
    ConceptId,
    Fact,
    FactId,
    Modality,
    NotRead,
    Patient,
    Resources,
)
from multifocal.model.source import Citation
from multifocal.model.truth import Truth

CriteriaId = NewType("CriteriaId", str)
Urgency = Literal["emergency", "urgent", "soon"]
Covered = tuple[RegionId, Laterality | None]
"""A region on an image, and the side of it; see `Assessment.regions_imaged`."""


class Lesion(msgspec.Struct, frozen=True):
    """One place in one bone that is abnormal on an image."""

    bone: BoneId
    laterality: Laterality | None
    part: Part | None
    end: End | None
    modalities: tuple[Modality, ...]
    features: tuple[ConceptId, ...]
    """What was seen there: lysis, sclerosis, marrow oedema."""
    first_seen: Day | None
    last_seen: Day | None
    because: tuple[FactId, ...]


class RedFlag(msgspec.Struct, frozen=True):
    """A finding that can't wait."""

    id: str
    urgency: Urgency
    label: str
    action: str
    plain: str
    """The same for a family."""
    findings: tuple[FindingId, ...]
    because: tuple[FactId, ...]
    source: Citation


class ItemAnswer(msgspec.Struct, frozen=True):
    """One item of a criteria set as this record answers it."""

    name: str
    label: str
    state: Literal["known", "partly", "unknown"]
    """Partly known is a span: a count "or more", a value "<5", an age at an onset of which only the
    month is recorded."""
    shown: str
    """The value in words: yes, no, unknown, 12 mg/L, 10 to 55 mg/L."""
    because: tuple[FactId, ...]
    source: Citation
    truth: Truth = None
    low: float | None = None
    high: float | None = None
    points: tuple[int, int] | None = None
    """Least and greatest points that the item can still earn; None when it earns none."""


class CriteriaResult(msgspec.Struct, frozen=True):
    """What a criteria set or score says of this child, exactly as far as its evidence goes."""

    id: CriteriaId
    name: str
    label: str
    """The label that must stand beside the result wherever it is shown."""
    state: str
    state_label: str
    """The state in words."""
    decided: bool
    """Whether no answer that is still missing can change the state."""
    possible: tuple[str, ...]
    """Every state that is still possible; one when decided."""
    low: int | None
    high: int | None
    """Score interval; None when the set has no score or its points are locked."""
    maximum: int | None
    unknown: tuple[str, ...]
    """Names of items of which nothing is known."""
    settles: tuple[str, ...]
    """Names of items, unknown or partly known, that could change what is possible."""
    items: tuple[ItemAnswer, ...]
    note: str
    source: Citation


class Missing(msgspec.Struct, frozen=True):
    """Something the record does not say, and what it would settle."""

    finding: FindingId
    settles: tuple[str, ...]
    """In words, one per question that it would settle."""


class NextTest(msgspec.Struct, frozen=True):
    """What would settle an unknown that matters, with its burden."""

    id: str
    label: str
    reason: str
    answers: tuple[FindingId, ...]
    burden: dict[str, str]
    source: Citation
    ahead_of: str = ""
    """Id of the test that it must come before; empty where it is asked for in its own right."""
    bits: float = 0.0
    """What the result is expected to tell, in bits, dangerous conditions counted several times."""
    outcomes: tuple[Outcome, ...] = ()
    """What its most telling finding would change, present and absent."""


class Step(msgspec.Struct, frozen=True):
    """One of the few things to do next, in an order that does no harm."""

    what: str
    plain: tuple[str, ...]
    """The same for a family, a sentence for each part of it."""
    why: str
    who: str
    when: Urgency | Literal["watch"]
    before: tuple[str, ...] = ()
    """In words, what must be done before it."""
    tests: tuple[str, ...] = ()
    """Ids of the tests that it is made of."""


class Code(msgspec.Struct, frozen=True):
    """A code of ICD-10-CM with its title."""

    code: str
    title: str


class Coding(msgspec.Struct, frozen=True):
    """The ICD-10-CM code that the evidence allows, or why there is none."""

    code: str | None
    """A code of the disease, or `None`; nothing else."""
    title: str
    reason: str
    because: tuple[FactId, ...]
    source: Citation
    caution: str = ""
    held: bool = False
    """Whether there is none because something must be read or settled first."""
    provisional: bool = False
    """Whether it stands only until tissue has been examined."""
    also: tuple[Code, ...] = ()
    """Codes that stand beside it: vertebrae, by their region."""
    symptom: Code | None = None
    """Where there is none: the code of the pain, or `None`."""
    symptom_reason: str = ""
    """Why the symptom has none either."""
    who: str | None = None
    """The same code as WHO's ICD-10 and ICD-10-GM write it: with a digit of the site, no side."""


class Argument(msgspec.Struct, frozen=True):
    """One finding that speaks for or against chronic multifocal osteomyelitis."""

    finding: FindingId
    speaks: Literal["for", "against"]
    strength: str
    because: tuple[FactId, ...]
    source: Citation


class Danger(msgspec.Struct, frozen=True):
    """A dangerous condition that the record does not exclude yet."""

    id: str
    name: str
    urgency: Urgency
    excluded_by: tuple[str, ...]
    """Words for the findings, unknown so far, that would exclude it; may be none."""
    supported_by: tuple[FindingId, ...]
    source: Citation
    tier: Literal["answer", "unlikely", "other"] = "other"
    """Whether it must be answered before the disease is named, is unlikely for a reason, or
    neither."""
    why: str = ""
    """In words, why it is still open, or why it is unlikely."""
    test: str = ""
    """Id of the test that answers it; empty where none is known."""
    test_label: str = ""
    standing: Literal["done", "pending", "needed"] | None = None
    """How that test stands on record."""


class LabResult(msgspec.Struct, frozen=True):
    """One analyte over time against the child's reference interval."""

    analyte: ConceptId
    label: str
    unit: str
    facts: tuple[FactId, ...]
    """Oldest first."""
    interval: Citation | None
    """Where the interval comes from when it is our fallback; None for the laboratory's own."""


class Assessment(msgspec.Struct, frozen=True):
    """Everything concluded about one child; serialises to JSON, never recomputed silently."""

    as_of: date
    knowledge_version: str
    software_version: str
    patient: Patient
    age_years: tuple[float, float] | None
    """Least and greatest age in years; None when the birth date is not recorded."""
    facts: tuple[Fact, ...]
    findings: tuple[Finding, ...]
    lesions: tuple[Lesion, ...]
    red_flags: tuple[RedFlag, ...]
    dangers: tuple[Danger, ...]
    criteria: tuple[CriteriaResult, ...]
    notes: tuple[tuple[str, Citation], ...]
    """Cautions that this record calls for, such as the hand being under-served."""
    arguments: tuple[Argument, ...]
    missing: tuple[Missing, ...]
    next_tests: tuple[NextTest, ...]
    coding: Coding
    labs: tuple[LabResult, ...]
    issues: tuple[Issue, ...]
    differential: Differential | None = None
    """What it could be, ranked; its dangers that can't be excluded are those of `dangers`."""
    would_change: tuple[Counterfactual, ...] = ()
    """The least that would change the leading condition or the urgency."""
    regions_imaged: tuple[Covered, ...] = ()
    """What was looked at; a bone outside these is not assessed, not normal. Of a region with a left
    and a right, no side means that the record does not tell it."""
    regions_unread: tuple[Covered, ...] = ()
    """What an image shows whose result was not read; a bone in these is never clean."""
    not_read: tuple[NotRead, ...] = ()
    """What in the record was not read, worst first."""
    resources: Resources = Resources()
    urgency: Urgency | Literal["watch"] | None = None
    """The most urgent of the red flags, and of the dangers where their score is an alarm; `watch`
    where none stands, which is no all-clear; `None` where too little is known to say."""
    danger_score: float | None = None
    """How likely the dangerous conditions to which something points are, together; None where too
    little is known to rank."""
    alarm: tuple[str, ...] = ()
    """Ids of these conditions, the likeliest first, where their score is an alarm; else empty."""
    steps: tuple[Step, ...] = ()
    """What to do next: at most three."""
    schema: str = "multifocal.assessment/1"
