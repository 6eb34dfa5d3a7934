"""What the page shows, in words: the nouns that HTML, PDF and terminal share."""

from datetime import date

import msgspec

from multifocal.model.record import Fact
from multifocal.report.plots import Axis, Bar, Threshold
from multifocal.report.sources import Cited, Ref


class FactRange(msgspec.Struct, frozen=True):
    """Facts with neighbouring numbers: from `first` to `last`, both included."""

    first: int
    last: int


class PassageView(msgspec.Struct, frozen=True):
    """A passage of the plain-words summary."""

    id: str
    heading: str
    sentences: tuple[str, ...]
    ref: Ref | None


class RedFlagView(msgspec.Struct, frozen=True):
    """A red flag and what to do."""

    urgency: str
    label: str
    action: str
    signs: tuple[str, ...]
    facts: tuple[FactRange, ...]
    ref: Ref


class SignView(msgspec.Struct, frozen=True):
    """A finding in words with the facts it rests on."""

    label: str
    facts: tuple[FactRange, ...]


class DangerView(msgspec.Struct, frozen=True):
    """A dangerous condition that is still open."""

    urgency: str
    name: str
    excluded_by: tuple[str, ...]
    supported_by: tuple[SignView, ...]
    ref: Ref
    tier: str
    why: str
    test: str
    """The test that answers it, and how it stands on record."""


class CodingView(msgspec.Struct, frozen=True):
    """The code, or why there is none."""

    code: str
    title: str
    reason: str
    caution: str
    facts: tuple[FactRange, ...]
    ref: Ref


class ItemView(msgspec.Struct, frozen=True):
    """One item of a criteria set."""

    label: str
    shown: str
    known: bool
    points: str
    facts: tuple[FactRange, ...]
    ref: Ref


class PerformanceView(msgspec.Struct, frozen=True):
    """How a set did in a study, as printed there."""

    setting: str
    sensitivity: str
    specificity: str
    ref: Ref


class CriteriaView(msgspec.Struct, frozen=True):
    """One criteria set as it answers for this child."""

    id: str
    name: str
    label: str
    state: str
    decided: bool
    still_possible: tuple[str, ...]
    low: int | None
    high: int | None
    maximum: int | None
    thresholds: tuple[Threshold, ...]
    points: str
    """The score in words; empty when the set has none."""
    settles: tuple[str, ...]
    unknown: int
    note: str
    facts: tuple[FactRange, ...]
    ref: Ref


class AnswersView(msgspec.Struct, frozen=True):
    """The items of one criteria set, and how the set did in studies."""

    id: str
    name: str
    items: tuple[ItemView, ...]
    performance: tuple[PerformanceView, ...]


class CautionView(msgspec.Struct, frozen=True):
    """Something that must be said."""

    text: str
    ref: Ref


class LesionView(msgspec.Struct, frozen=True):
    """One lesion in words."""

    site: str
    features: str
    modalities: str
    seen: str
    facts: tuple[FactRange, ...]


class TimelineRow(msgspec.Struct, frozen=True):
    """One row of the timeline; `bars` is empty when no day is recorded."""

    group: str
    label: str
    when: str
    bars: tuple[Bar, ...]
    facts: tuple[FactRange, ...]


class ValueView(msgspec.Struct, frozen=True):
    """One value of an analyte."""

    shown: str
    when: str
    flag: str
    fact: int


class LabView(msgspec.Struct, frozen=True):
    """An analyte: its latest value, the ones before, and whose interval they are held against."""

    label: str
    latest: ValueView
    earlier: tuple[ValueView, ...]
    interval: str
    whose: str
    ref: Ref | None
    outside: bool
    points: tuple[Fact, ...]


class Settled(msgspec.Struct, frozen=True):
    """What an answer would settle: a criteria set or "can exclude", and the parts of it."""

    what: str
    parts: tuple[str, ...]


class MissingView(msgspec.Struct, frozen=True):
    """Something that is not recorded."""

    label: str
    settles: tuple[Settled, ...]


class ContributionView(msgspec.Struct, frozen=True):
    """A finding and how far it moved a condition, in decades."""

    label: str
    log10: float
    low: float
    high: float
    weight: str
    """The same in decibans, tenths of a decade, signed."""
    published: bool
    facts: tuple[FactRange, ...]
    ref: Ref


class ConditionView(msgspec.Struct, frozen=True):
    """A condition in its band, with what speaks for and against it."""

    name: str
    form: str
    band: str
    danger: str
    """Empty where waiting does no harm."""
    share: float
    low: float
    high: float
    rests_on: str
    speaks_for: tuple[ContributionView, ...]
    speaks_against: tuple[ContributionView, ...]
    more: int
    """Findings that moved it less and are not shown."""
    unknown: tuple[str, ...]


class BandView(msgspec.Struct, frozen=True):
    """The conditions of one band that are named only."""

    label: str
    names: tuple[str, ...]


class DifferentialView(msgspec.Struct, frozen=True):
    """What it could be, as the page says it."""

    intro: str
    why: str
    """Why no order is offered; empty when one is."""
    caution: str
    conditions: tuple[ConditionView, ...]
    bands: tuple[BandView, ...]
    changes: tuple[str, ...]


class TestView(msgspec.Struct, frozen=True):
    """A next test."""

    __test__ = False

    label: str
    settles: tuple[Settled, ...]
    reason: str
    """Said when the test settles none of the missing findings: what it would answer."""
    answers: tuple[str, ...]
    burden: tuple[tuple[str, str], ...]
    ref: Ref
    outcomes: tuple[str, ...] = ()
    """What each result would do to the ranking."""


class ArgumentView(msgspec.Struct, frozen=True):
    """A finding for or against."""

    label: str
    strength: str
    facts: tuple[FactRange, ...]
    ref: Ref


class IssueView(msgspec.Struct, frozen=True):
    """A problem of the input."""

    level: str
    where: str
    name: str
    """What the record calls that which was not read there; empty elsewhere."""
    message: str
    count: int


class NotReadView(msgspec.Struct, frozen=True):
    """Something in the record that was not read."""

    kind: str
    name: str
    """As in the record: text from outside, without control characters and not too long."""
    where: str
    """Place in the input, why it was not read, and how many alike."""
    matters: str
    telling: bool
    """Whether it may hold something that the work-up would act on."""


class ReadingView(msgspec.Struct, frozen=True):
    """What was read of the record and what was not; without a heading there is nothing to say."""

    heading: str
    counts: str
    first: tuple[NotReadView, ...]
    """The worst, as many as the first page has room for."""
    more: str
    """What the first page leaves out, in numbers; empty when it has all."""
    held: str
    """That a code is held back; empty when it is not."""
    every: tuple[NotReadView, ...]
    """All of them, where the first page has not."""
    telling: bool
    """Whether any may hold something that the work-up would act on."""


class FactView(msgspec.Struct, frozen=True):
    """One fact as the table shows it."""

    number: int
    label: str
    present: bool
    unread: bool
    """Whether it was done and its result not read."""
    when: str
    value: str
    interval: str
    site: str
    resource: str
    text: str


class Sheet(msgspec.Struct, frozen=True):
    """The whole page."""

    name: str
    age: str
    sex: str
    synthetic: bool
    as_of: str
    as_of_day: date
    knowledge_version: str
    software_version: str
    paused: bool
    reading: ReadingView
    summary: tuple[PassageView, ...]
    red_flags: tuple[RedFlagView, ...]
    dangers: tuple[DangerView, ...]
    differential: DifferentialView | None
    coding: CodingView
    criteria: tuple[CriteriaView, ...]
    cautions: tuple[CautionView, ...]
    lesions: tuple[LesionView, ...]
    regions_imaged: tuple[str, ...]
    regions_unread: str
    """What lies on images of which the result was not read, in a sentence; empty for none."""
    axis: Axis | None
    timeline: tuple[TimelineRow, ...]
    labs: tuple[LabView, ...]
    missing: tuple[MissingView, ...]
    next_tests: tuple[TestView, ...]
    speaks_for: tuple[ArgumentView, ...]
    speaks_against: tuple[ArgumentView, ...]
    answers: tuple[AnswersView, ...]
    issues: tuple[IssueView, ...]
    facts: tuple[FactView, ...]
    sources: tuple[Cited, ...]
