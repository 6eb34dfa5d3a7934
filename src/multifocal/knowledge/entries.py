"""The shape of the knowledge: one frozen type for each kind of entry in the data files."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from multifocal.model.anatomy import Bone, BoneId, End, Laterality, Part, Region, RegionId
from multifocal.model.assessment import CriteriaId, Urgency
from multifocal.model.finding import FindingId
from multifocal.model.record import ConceptId, Modality, Sex
from multifocal.model.source import Citation, Source
from multifocal.rules.fold import How
from multifocal.rules.nodes import Type

ConceptKind = Literal[
    "symptom",
    "sign",
    "condition",
    "lab",
    "result",
    "image",
    "study",
    "biopsy",
    "treatment",
    "context",
    "measurement",
]
FindingKind = Literal[
    "demographic",
    "symptom",
    "sign",
    "history",
    "lab",
    "xray",
    "mri",
    "biopsy",
    "course",
    "context",
]
Audience = Literal["family", "clinician"]
Strength = Literal["definitive", "strong", "moderate", "supportive"]


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of a data file; an unknown key is an error."""


class SetEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """Concepts that selectors speak of together."""

    id: str
    label: str
    concepts: tuple[ConceptId, ...]
    source: Citation
    note: str = ""


class TermEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """A word that a rule over one fact may use like a column: it stands for its own rule."""

    id: str
    label: str
    rule: str
    source: Citation


class LookedEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """Facts which show that somebody looked."""

    concepts: tuple[ConceptId, ...] = ()
    sets: tuple[str, ...] = ()
    where: str = ""


class SelectEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """A selector as written: see `multifocal.rules.fold.Select`."""

    how: How
    concepts: tuple[ConceptId, ...] = ()
    sets: tuple[str, ...] = ()
    where: str = ""
    of: str = ""
    looked: LookedEntry | None = None


class MeasureEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """A value folded from facts that findings and criteria speak of: a number, text or truth."""

    id: str
    label: str
    select: SelectEntry
    gives: Type
    unit: str = ""


class FindingEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """One question about the child. It has `select` (an `any`), or `when` over other words."""

    id: FindingId
    label: str
    plain: str
    """The label for a family, as a short noun phrase: "pain at night"."""
    definition: str
    kind: FindingKind
    group: str
    source: Citation
    select: SelectEntry | None = None
    when: str = ""
    hpo: str = ""
    hpo_match: Literal["", "exact", "close", "broader"] = ""


class ConceptEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """Our name for a thing, and how the world's formats call it.

    `codes` maps a coding system's short name (`loinc`, `snomed`, `icd10cm`, `icd10`, `hpo`,
    `radlex`, `rxnorm`, `atc`, `own`) to its codes; a code ending in ``*`` stands for all that begin
    so. `names` are texts, lower case, that mean it when no code is known.
    """

    id: ConceptId
    label: str
    kind: ConceptKind
    unit: str = ""
    """Ours, as UCUM; for numbers."""
    modality: Modality | None = None
    region: RegionId | None = None
    """Where it is when the record gives no site."""
    codes: Mapping[str, tuple[str, ...]] = {}
    names: tuple[str, ...] = ()
    absent_names: tuple[str, ...] = ()
    """Texts that mean its absence."""
    means: Mapping[str, tuple[ConceptId, ...]] = {}
    """For a coded or worded result: value text, lower case, to the concepts that it shows."""
    watch: Literal["", "low", "high"] = ""
    """The side on which a laboratory's own interval is not trusted alone: a value that is so by
    our interval for age and sex is flagged although the laboratory calls it normal."""
    combines: tuple[ConceptId, ...] = ()
    """Seen together in one bone on one day, these are this."""
    spares: tuple[RegionId, ...] = ()
    """For a study of a wide region: parts of it that it does not show well enough to clear."""
    family_of: tuple[ConceptId, ...] = ()
    """In a relative, any of these is this."""
    source: Citation | None = None
    """Where the codes come from."""


class SiteWord(Entry, frozen=True, forbid_unknown_fields=True):
    """A word that texts use around the names of bones and regions: a side, a number, a part."""

    word: str
    role: Literal[
        "side",
        "side_letter",
        "side_after",
        "ordinal",
        "cardinal",
        "roman",
        "ordinal_suffix",
        "digit",
        "digit_assumed",
        "digit_number",
        "part",
        "end",
        "adjective",
        "joint",
        "of",
        "filler",
        "alias",
        "not",
        "ambiguous",
        "sequence",
        "unit",
        "other",
    ]
    """`side_letter` counts beside a place only, `side_after` behind one only; `digit_number` is a
    finger beside the name of a bone only; `digit_assumed` could be a toe as well. `ambiguous` is a
    vertebra's short name that also means an MRI sequence, `sequence` a word that shows it does."""
    value: str = ""
    language: str = ""


class SiteCode(Entry, frozen=True, forbid_unknown_fields=True):
    """What a code of a public terminology says of place and side."""

    system: str
    code: str
    source: str
    bone: BoneId | None = None
    region: RegionId | None = None
    laterality: Laterality | None = None
    part: Part | None = None
    end: End | None = None


class Landmark(Entry, frozen=True, forbid_unknown_fields=True):
    """A named place on a bone, or on the bones of a region."""

    name: str
    of: str
    """A bone or a region."""
    end: End | None = None
    part: Part | None = None
    alone: bool = False
    """Whether the name by itself says which bone it is on."""


class LabInterval(Entry, frozen=True, forbid_unknown_fields=True):
    """A reference interval by age (years, from included, to not) and sex, in our unit."""

    analyte: ConceptId
    age_from_years: float
    age_to_years: float
    sex: Sex | None
    low: float | None
    high: float | None
    source: Citation


class UnitFactor(Entry, frozen=True, forbid_unknown_fields=True):
    """Multiply a value in `unit` (UCUM) by `factor` for our unit of the analyte.

    An empty analyte means any.
    """

    analyte: ConceptId
    unit: str
    to: str
    factor: float


class AnswerEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """What a plain answer says, by its code in a coding system or by its text."""

    says: Literal["yes", "no", "open"]
    """`open` is an answer that leaves the question open: unknown, inconclusive."""
    source: str
    """Where the code is published."""
    system: str = ""
    code: str = ""
    text: str = ""


class ItemEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """One item of a criteria set: its published name, and how this record answers it."""

    name: str
    label: str
    type: Type
    of: str
    """Rule over measures and findings that answers it from a record."""
    source: Citation
    unit: str = ""
    settled_by: tuple[FindingId, ...] = ()
    """Findings that would answer it."""
    texts: tuple[str, ...] = ()
    """For texts: the values it can have."""


class Row(Entry, frozen=True, forbid_unknown_fields=True):
    """One row of a choice: the first row whose rule holds gives the answer.

    `unknown` names the answer while this row is the first that can't be decided.
    """

    gives: str | float
    when: str = "True"
    unknown: str = "undetermined"


class ChoiceEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """A named value chosen by rows: `cutoff`, `severity`, `state`."""

    name: str
    type: Type
    rows: tuple[Row, ...]
    source: Citation


class ValueEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """A named value worked out by one rule."""

    name: str
    type: Type
    rule: str
    source: Citation


class PointsEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """Points that an item earns when its rule holds."""

    item: str
    when: str
    points: int
    source: Citation


class Performance(Entry, frozen=True, forbid_unknown_fields=True):
    """How a set did in a published study; proportions as printed, counts where given."""

    setting: str
    source: Citation
    sensitivity: float | None = None
    specificity: float | None = None


class CriteriaEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """A published criteria set or score, exactly as far as its evidence goes.

    Items are answered first, then `value`, `points` (their sum is the word ``score``), `choice`,
    each in the order written; the choice called ``state`` is the answer.
    """

    id: CriteriaId
    name: str
    short: str
    """The name where it stands many times."""
    year: int
    kind: str
    label: str
    """The label that must stand beside any result."""
    source: Citation
    population: str
    note: str
    """What to know when only a hand is affected."""
    state_labels: Mapping[str, str]
    """Every state in words; a key ending in ``:`` covers all that begin so."""
    item: tuple[ItemEntry, ...]
    choice: tuple[ChoiceEntry, ...]
    value: tuple[ValueEntry, ...] = ()
    points: tuple[PointsEntry, ...] = ()
    performance: tuple[Performance, ...] = ()
    locked: str = ""
    """Why the published points are not computed; empty when they are."""


class RedFlagEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """A finding, or several together, that means act today."""

    id: str
    urgency: Urgency
    label: str
    action: str
    plain: str
    when: str
    source: Citation


class Sign(Entry, frozen=True, forbid_unknown_fields=True):
    """A finding that speaks for or against a condition."""

    finding: FindingId
    present: bool
    strength: Strength
    source: Citation


class ConditionEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """A condition of the differential."""

    id: str
    name: str
    category: str
    danger: Literal["emergency", "urgent", "routine"]
    source: Citation
    rule_in: tuple[Sign, ...] = ()
    rule_out: tuple[Sign, ...] = ()


class TestEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """A test, what it answers, and its burden."""

    __test__ = False

    id: str
    label: str
    answers: tuple[FindingId, ...]
    burden: Mapping[str, str]
    source: Citation


class DimensionEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """One way in which a test is a burden, and its steps from light to heavy."""

    id: str
    label: str
    steps: tuple[str, ...]
    source: Citation


class CautionEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """Something that must be said when its rule holds."""

    id: str
    when: str
    text: str
    plain: str
    source: Citation


class CodeEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """An ICD-10-CM code for bones of these regions on this side (None: side not known)."""

    code: str
    title: str
    regions: tuple[RegionId, ...]
    source: Citation
    laterality: Laterality | None = None


class CodingEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """How a code is chosen: the table, and the rules around it."""

    enough: str
    """Rule: whether the evidence allows a code at all."""
    enough_source: Citation
    enough_reason: str
    """Said when too little is known."""
    refused_reason: str
    """Said when what is known speaks against a code."""
    multiple: CodeEntry
    unspecified: CodeEntry
    other: CodeEntry
    excluded_regions: tuple[RegionId, ...]
    excluded_reason: str
    excluded_source: Citation
    caution: str
    code: tuple[CodeEntry, ...]


class Figure(Entry, frozen=True, forbid_unknown_fields=True):
    """A value as its source gives it: a share, a middle with its spread, a number, or words."""

    kind: Literal["share", "mean", "median", "number", "rate", "ratio", "one_in", "words"]
    """`one_in` holds the numbers of "1 in 160,000 to 1 in 2,000,000"."""
    value: float | None = None
    """A share is between 0 and 1."""
    low: float | None = None
    high: float | None = None
    """With a value, its spread; without one, from and to."""
    spread: Literal["", "range", "iqr"] = ""
    k: int | None = None
    """The share is k of n; it and its interval are worked out, never written."""
    n: int | None = None
    unit: str = ""
    bound: Literal["", "about", "at least", "at most"] = ""
    text: str = ""
    printed: str = ""
    """What stands in the source, where ours is written in another way."""


class TopicEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """A question to which sources give values, agreeing or not; or to which none was found."""

    id: str
    title: str
    question: str
    source: Citation
    """Of `why_they_differ` or `not_found`: both are ours."""
    why_they_differ: str = ""
    not_found: str = ""


class StatementEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """One value or claim of one source, in whom it was found, and where it stands."""

    id: str
    topic: str
    label: str
    """What is counted or claimed."""
    figure: Figure
    population: str
    source: Citation
    derived_from: tuple[str, ...] = ()
    """The statements that a derived value is worked out from."""


class Place(Entry, frozen=True, forbid_unknown_fields=True):
    """A bone, a region, or one end of a long bone."""

    of: str
    end: End | None = None


class VariantEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """Something that an image shows in people without bone disease: how often, where, at what age.

    Ages run from the first, included, to before the second.
    """

    id: str
    about: Literal["signal", "depression", "fluid", "cortex"]
    where: str
    """As the source names it."""
    places: tuple[Place, ...]
    """The same in our bones and regions."""
    reach: Literal["bone", "group", "joint", "body_part"]
    """What was looked at: the named bone; any bone of a group; the edges of a joint; so much of the
    body that the figure says nothing of one bone."""
    finding: str
    figure: Figure
    counted: str
    """What k and n count: children, wrists, bones, areas."""
    who: Literal["healthy_children", "other_children", "adults", "athletes"]
    population: str
    modality: str
    ages: str
    """As printed; empty when the part that was read gives none."""
    source: Citation
    age_from_years: float | None = None
    age_to_years: float | None = None
    note: str = ""


class ConversionEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """The age at which red marrow of a place turns to fatty marrow."""

    id: str
    where: str
    age: Figure
    source: Citation
    places: tuple[Place, ...] = ()
    part: Part | None = None


class PolicyEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """How the program reads a signal that healthy children have too."""

    id: str
    text: str
    source: Citation
    places: tuple[str, ...] = ()
    """Where it applies; everywhere, if none is named."""


class PageEntry(msgspec.Struct, frozen=True):
    """One section of the public article as written: Markdown that names figures by their ids."""

    audience: Audience
    id: str
    title: str
    text: str


class Entries(msgspec.Struct, frozen=True):
    """All that the data files say."""

    sources: tuple[Source, ...]
    bones: tuple[Bone, ...]
    regions: tuple[Region, ...]
    site_words: tuple[SiteWord, ...]
    landmarks: tuple[Landmark, ...]
    site_codes: tuple[SiteCode, ...]
    concepts: tuple[ConceptEntry, ...]
    sets: tuple[SetEntry, ...]
    terms: tuple[TermEntry, ...]
    units: tuple[UnitFactor, ...]
    answers: tuple[AnswerEntry, ...]
    labs: tuple[LabInterval, ...]
    measures: tuple[MeasureEntry, ...]
    findings: tuple[FindingEntry, ...]
    criteria: tuple[CriteriaEntry, ...]
    red_flags: tuple[RedFlagEntry, ...]
    conditions: tuple[ConditionEntry, ...]
    tests: tuple[TestEntry, ...]
    burdens: tuple[DimensionEntry, ...]
    cautions: tuple[CautionEntry, ...]
    topics: tuple[TopicEntry, ...]
    statements: tuple[StatementEntry, ...]
    variants: tuple[VariantEntry, ...]
    conversions: tuple[ConversionEntry, ...]
    policies: tuple[PolicyEntry, ...]
    article: tuple[PageEntry, ...]
    coding: CodingEntry
    version: str
