"""Everything we were given about one child."""

from typing import Literal, NewType

import msgspec

from multifocal.model.anatomy import BoneId, End, Laterality, Part, RegionId
from multifocal.model.day import Day
from multifocal.model.issue import Issue, Level

FactId = NewType("FactId", str)
ConceptId = NewType("ConceptId", str)
Sex = Literal["female", "male"]
Modality = Literal["xray", "mri", "whole_body_mri", "ct", "scintigraphy", "ultrasound", "pet"]
IntervalSource = Literal["laboratory", "knowledge"]


class Patient(msgspec.Struct, frozen=True):
    """The child. `sex` is sex recorded at birth or administrative sex; `None` is not recorded."""

    id: str
    name: str = ""
    birth: Day | None = None
    sex: Sex | None = None
    synthetic: bool = False
    """The record itself says that this child does not exist."""


class Origin(msgspec.Struct, frozen=True):
    """Where in the input a fact was read: resource type and id, and the text that it was read from.

    `text` is for the report only; it never reaches a log or an error.
    """

    resource: str
    text: str = ""


class Fact(msgspec.Struct, frozen=True):
    """One thing somebody recorded, in our columns. Units and codes are already ours."""

    id: FactId
    concept: ConceptId
    origin: Origin
    present: bool = True
    """`False` when the record says that it was looked for and not there."""
    day: Day | None = None
    """When it held: onset of a symptom, sampling of blood, day of an image."""
    onset: bool = False
    """Whether `day` is when it began; otherwise it is when it was seen, and it may be older."""
    recorded: Day | None = None
    """When it was written down."""
    ended: Day | None = None
    value: float | None = None
    comparator: Literal["<", "<=", ">", ">="] | None = None
    unit: str = ""
    low: float | None = None
    high: float | None = None
    """Reference interval in the unit of the value."""
    interval: IntervalSource | None = None
    """Whose interval it is: the reporting laboratory's own, or our fallback."""
    flag: Literal["low", "normal", "high"] | None = None
    """The value against its interval."""
    bone: BoneId | None = None
    region: RegionId | None = None
    laterality: Laterality | None = None
    part: Part | None = None
    end: End | None = None
    modality: Modality | None = None
    """For things seen on an image."""
    unread: bool = False
    """For a study or test: it was done, and what it showed was not read."""


class NotRead(msgspec.Struct, frozen=True):
    """Something in the record that was not read, by its own name."""

    kind: Literal["report", "result", "answer", "document", "diagnosis", "medication", "resource"]
    name: str
    """What the record calls it; for the report only, never in a log or an error."""
    place: str
    """Where it stands in the input: resource type and number."""
    matters: str = ""
    """What in it may matter; empty when nothing is known to."""
    why: str = ""
    """Why it was not read: no code that is known, a PDF, withdrawn; never a value."""
    level: Level = Level.INFO
    """A warning when it may hold something that the work-up would act on."""
    count: int = 1
    about: Literal["", "pathology", "imaging"] = ""
    """Whether it reports tissue or an image, as far as its title or code tells."""


class Resources(msgspec.Struct, frozen=True):
    """The resources of the input, each counted once; all zero where nobody counted them."""

    read: int = 0
    """Read in full, those that hold nothing to be read among them."""
    partly: int = 0
    """Something in them was read and something was not."""
    unread: int = 0

    @property
    def total(self) -> int:
        """How many there are."""
        return self.read + self.partly + self.unread


class Record(msgspec.Struct, frozen=True):
    """The child, the facts in the order they were read, and what was wrong with the input."""

    patient: Patient
    facts: tuple[Fact, ...] = ()
    issues: tuple[Issue, ...] = ()
    not_read: tuple[NotRead, ...] = ()
    """What in the input was not read, worst first."""
    resources: Resources = Resources()
