"""The shape of the knowledge: one frozen type for each kind of entry in the data files."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from multifocal.knowledge.entries_checker import (
    AdviceEntry,
    AsideEntry,
    CheckPart,
    CheckRule,
    CheckWord,
    ContradictionEntry,
    EmergencyNumber,
    PlaceEntry,
    QuestionEntry,
    UnaskedEntry,
)
from multifocal.knowledge.entries_differential import DifferentialEntries
from multifocal.model.anatomy import Bone, BoneId, End, Laterality, Part, Region, RegionId
from multifocal.model.assessment import CriteriaId, Urgency
from multifocal.model.finding import FindingId
from multifocal.model.record import ConceptId, Modality, Sex
from multifocal.model.source import Citation, Source
from multifocal.rules.fold import How
from multifocal.rules.nodes import Type
from multifocal.rules.reduce import By, Kind, Reducer

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
TestEffect = Literal[
    "rule_in",
    "rule_in_flag",
    "rule_out",
    "rule_out_cno",
    "rule_out_alternative",
    "shift_up",
    "shift_down",
    "weak",
    "not_discriminating",
    "not_recommended",
]
"""Of a result on a condition: it makes it certain or likely enough to act; it is a reason to look
further today; it excludes it, or the disease, or what else it could be; it makes it more or less
likely; it says little, nothing, or is advised against."""


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of a data file; an unknown key is an error."""


class ConditionsOf(Entry, frozen=True, forbid_unknown_fields=True):
    """Which conditions are meant, by what is said of them; a key left out asks nothing."""

    named: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    other_category: tuple[str, ...] = ()
    """Categories that are not meant."""
    urgency: tuple[str, ...] = ()


class SetEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """Concepts that selectors speak of together."""

    id: str
    label: str
    source: Citation
    concepts: tuple[ConceptId, ...] = ()
    conditions: ConditionsOf | None = None
    """Conditions whose concepts belong to it besides."""
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
    source: Citation | None = None
    """Needed when its rules hold a number other than 0 and 1."""


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
    also: tuple[ConceptId, ...] = ()
    """What it is too, when it is there: leukaemia is cancer."""
    in_tissue: tuple[ConceptId, ...] = ()
    """What it is too, when tissue shows it."""
    in_doubt: tuple[ConceptId, ...] = ()
    """What it is while it is only suspected; without any, a suspicion is no fact."""
    shown_by: Literal["", "any", "high", "low"] = ""
    """What of a number shows it: `any` above zero, or what the laboratory calls high or low.
    Without it, a number of a concept that has no unit is not read."""
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
        "limb",
        "tissue",
        "other",
    ]
    """`side_letter` counts beside a place only, `side_after` behind one only; `digit_number` is a
    finger beside the name of a bone only; `digit_assumed` could be a toe as well. `ambiguous` is a
    vertebra's short name that also means an MRI sequence, `sequence` a word that shows it does.
    `limb` is an arm or a leg as a whole, of which only the side is kept; `tissue`
    makes a place of an adjective: "tibial bone"."""
    value: str = ""
    language: str = ""


ReportKind = Literal["imaging", "pathology", "laboratory", "other"]


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


class ImagingCode(Entry, frozen=True, forbid_unknown_fields=True):
    """What a code says of a report or study: of which kind it is, and what it shows."""

    system: str
    code: str
    kind: ReportKind
    source: str
    modality: Modality | None = None
    region: RegionId | None = None
    bone: BoneId | None = None
    laterality: Laterality | None = None
    whole_body: bool = False


class TitleWord(Entry, frozen=True, forbid_unknown_fields=True):
    """Words in the title of a report or study, and what they say of it."""

    words: str
    """Lower case, without accents and marks; ``#`` is a number."""
    role: Literal["modality", "whole_body", "kind", "side", "place", "none"]
    value: str = ""
    """The modality, kind or side; bones and regions parted by ``|``; `mri` of a whole body."""
    language: str = ""


class LanguageEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """The commonest words of a language, by which a text in it is told."""

    id: str
    """Its two letters in ISO 639-1."""
    words: tuple[str, ...]
    """Lower case, with accents."""


class Landmark(Entry, frozen=True, forbid_unknown_fields=True):
    """A named place on a bone, or on the bones of a region."""

    name: str
    of: str
    """A bone or a region."""
    end: End | None = None
    part: Part | None = None
    alone: bool = False
    """Whether the name by itself says which bone it is on."""


class OssificationEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """The age, in months, from which a bone or the epiphysis at one end of it usually shows."""

    id: str
    """The site as text, without a side: ``scaphoid``, ``radius-distal``."""
    female_months: float
    male_months: float
    source: Citation


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
    source: Citation


class UnitSpelling(Entry, frozen=True, forbid_unknown_fields=True):
    """How laboratories write a unit of some analytes, and what it is as UCUM.

    An empty meaning is the unit of another quantity, such as that of the second hour: it is never
    turned into ours.
    """

    analytes: tuple[ConceptId, ...]
    unit: str
    means: str
    source: Citation


class LimitEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """What an analyte can be in a living child, and beyond what it is asked about, in our unit."""

    analyte: ConceptId
    possible_low: float
    possible_high: float
    ask_below: float
    ask_above: float
    source: Citation


class SlipEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """What slip a value of an analyte from `least` to before `below` suggests, in our unit."""

    analyte: ConceptId
    least: float
    below: float
    keep: bool
    """Whether the value is used all the same."""
    says: str
    """Goes on after the name of the analyte; holds no value."""
    source: Citation


class GroupWord(Entry, frozen=True, forbid_unknown_fields=True):
    """What a word beside a reference interval says of whom the interval is for."""

    text: str
    """Lower case."""
    says: Literal["anyone", "female", "male", "aged", "onward", "unit"]
    """`onward`: of this age or older; `unit` is a unit of age."""
    source: str
    from_years: float | None = None
    to_years: float | None = None
    ucum: str = ""
    """For a unit of age."""


class AnswerEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """What a plain answer says, by its code in a coding system or by its text."""

    says: Literal["yes", "no", "open"]
    """`open` is an answer that leaves the question open: unknown, inconclusive."""
    source: str
    """Where the code is published."""
    system: str = ""
    code: str = ""
    text: str = ""
    """Ending in ``*`` it stands for all that begin so."""


class ItemEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """One item of a criteria set: its published name, and how this record answers it."""

    name: str
    label: str
    type: Kind
    source: Citation
    of: str = ""
    """Rule over measures and findings that answers it from a record; empty when none can."""
    unit: str = ""
    ucum: str = ""
    """The unit as UCUM, where `unit` is written for people."""
    analyte: ConceptId = ConceptId("")
    """What is measured, where a conversion depends on it."""
    unit_needed: bool = False
    """Whether a bare number is refused."""
    low: float | None = None
    """The least that it can be; less is a mistake."""
    high: float | None = None
    settled_by: tuple[FindingId, ...] = ()
    """Findings that would answer it."""
    texts: tuple[str, ...] = ()
    """For texts: the values it can have. ``not_done`` is what "null" says."""
    absent_unless_told: bool = False
    """For a truth or several texts: whether saying nothing means no, or none."""
    parts: tuple[str, ...] = ()
    """For a table: the names of its entries; empty when there can be any."""
    groups: Mapping[str, tuple[str, ...]] = {}
    """For sites: the places that there are, by their group."""
    refused: str = ""
    """The state given when it is given at all; empty when it is used."""


class Row(Entry, frozen=True, forbid_unknown_fields=True):
    """One row of a choice: the first row whose rule holds gives the answer.

    `unknown` names the answer while this row is the first that can't be decided.
    """

    gives: str | float | bool
    when: str = "True"
    unknown: str = "undetermined"


class ChoiceEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """A named value chosen by rows: `cutoff`, `severity`, `state`."""

    name: str
    type: Type
    rows: tuple[Row, ...]
    source: Citation


class ValueEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """A named value worked out in one way: by a `rule`, by `rows`, or `how` from several words."""

    name: str
    type: Kind
    source: Citation
    rule: str = ""
    rows: tuple[Row, ...] = ()
    how: Reducer | None = None
    of: tuple[str, ...] = ()
    """The words that `how` puts together; see `multifocal.rules.reduce`."""
    where: str = ""
    """Rule over the words above and `value`, for the entries of a table that count."""
    floor: float | None = None
    floor_for: str = ""
    """The item that names the tables whose worst entry is at least `floor`."""
    by: By = "place"
    may_be_given: bool = False
    """Whether it may be answered itself, in place of what it is worked out from."""
    texts: tuple[str, ...] = ()
    """For a text that may be given: the values it can have."""
    answered_by: str = ""
    """Rule over measures and findings by which a record answers it itself."""


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
    found: int | None = None
    """Of so many `cases`."""
    cases: int | None = None
    cleared: int | None = None
    """Of so many `controls`."""
    controls: int | None = None
    result: str = ""
    """What was found, where it is no such proportion."""


class RequestEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """Something that may be asked of a set in words, and the state that is given."""

    text: str
    gives: str
    source: Citation


class InvariantEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """What must hold of weights that somebody transcribed.

    `when` speaks of `DOMAIN_LEVEL`, of `DOMAIN_max`, `DOMAIN_min`, `total_max`, `total_min` and of
    `threshold`.
    """

    text: str
    when: str
    source: Citation
    warns: bool = False
    """Whether breaking it only asks for a second look."""
    if_there: bool = False
    """Whether it is passed over when a level that it speaks of is not in the table."""


class DomainEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """A domain whose weights are not known here."""

    id: str
    label: str
    source: Citation


class WeightsEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """How a locked set becomes a score once somebody supplies its weights."""

    label: str
    """The label of every result then; it ends where the names of the file follow."""
    domain: tuple[DomainEntry, ...]
    state_labels: Mapping[str, str]
    replaces: str
    """The state that the weights put in place of."""
    waits: str
    """What is said while an exclusion above it is open."""
    invariant: tuple[InvariantEntry, ...]


class CriteriaEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """A published criteria set or score, exactly as far as its evidence goes.

    Items are answered first, then `value` in the order written, `points` (their sum is the word
    ``score``) and `choice`; the choice called ``state`` is the answer.
    """

    id: CriteriaId
    name: str
    short: str
    """The name where it stands many times."""
    year: int
    kind: str
    purpose: Literal["diagnosis", "eligibility", "activity", "function", "imaging", "laboratory"]
    """What it is asked for: which disease, who is eligible, how active, what the child can do, what
    images show, what blood tests and fever mean."""
    label: str
    """The label that must stand beside any result."""
    as_published: bool
    """Whether a result may carry the published name and the published performance."""
    computes: str
    """What is safe to compute, in words."""
    shown: Literal["work-up", "calculator"]
    """Whether a record's work-up shows it, or only the calculator."""
    source: Citation
    population: str
    note: str
    """What to know when only a hand is affected."""
    state_labels: Mapping[str, str]
    """Every state in words; a key ending in ``:`` covers all that begin so."""
    choice: tuple[ChoiceEntry, ...]
    item: tuple[ItemEntry, ...] = ()
    value: tuple[ValueEntry, ...] = ()
    points: tuple[PointsEntry, ...] = ()
    answer: str = ""
    """The word that is the number of this set; without one, ``score`` where there are points."""
    maximum: float | None = None
    """The greatest that number can be, where points don't tell."""
    out_of_range: str = "error:range"
    """The state given when an answer can't be."""
    lists_present: bool = False
    """Whether what is present may be given as a list that is meant to be complete."""
    request: tuple[RequestEntry, ...] = ()
    performance: tuple[Performance, ...] = ()
    locked: str = ""
    """Why the published points are not computed; empty when they are."""
    weights: WeightsEntry | None = None


class RedFlagEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """A finding, or several together, that can't wait."""

    id: str
    urgency: Urgency
    label: str
    action: str
    plain: str
    when: str
    source: Citation
    yields_to: tuple[str, ...] = ()
    """Flags that say the same with more urgency: while one stands, this is not told."""
    test: str = ""
    """Id of the test that it asks for, where it rests on what nobody looked at: then it is no flag,
    and the test is the first of those to come."""


class Sign(Entry, frozen=True, forbid_unknown_fields=True):
    """A finding that speaks for or against a condition."""

    finding: FindingId
    present: bool
    strength: Strength
    source: Citation


class BeforeEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """Tests that must come before another, so that it does no harm."""

    tests: tuple[str, ...]
    source: Citation
    when: str = ""
    """A rule; empty for every child."""


class CallEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """When a test is called for, and why."""

    when: str
    why: str
    source: Citation


class TestEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """A test, what it answers, and its burden."""

    __test__ = False

    id: str
    label: str
    answers: tuple[FindingId, ...]
    burden: Mapping[str, str]
    source: Citation
    brief: str = ""
    """The label in a few words, for one line of a letter."""
    plain: str = ""
    """The same for a family, in a sentence."""
    who: str = ""
    """Who does it or sees to it, as most hospitals are laid out; our judgement."""
    done_by: tuple[ConceptId, ...] = ()
    """Studies of all that the test would show: while one is unread or fresh, the test is not asked
    for."""
    reports: tuple[str, ...] = ()
    """Kinds of report that tell its result: `pathology`, `imaging`."""
    fresh_days: int = 0
    """How many days such a study stays fresh."""
    needs: str = ""
    """A rule: the test is asked for only where it surely holds."""
    never: str = ""
    """A rule: the test is not asked for where it surely holds."""
    before: tuple[BeforeEntry, ...] = ()
    """What must come before it."""
    early: CallEntry | None = None
    """When it is asked for before tests that would tell more."""
    unread: bool = False
    """Whether to ask for it first while a study or report on record is unread."""

    @property
    def rules(self) -> tuple[str, ...]:
        """Give every rule of it: what it needs and what forbids it, when it or another is early."""
        early = self.early.when if self.early else ""
        rules = (self.needs, self.never, early, *(one.when for one in self.before))
        return tuple(rule for rule in rules if rule)


class DimensionEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """One way in which a test is a burden, and its steps from light to heavy."""

    id: str
    label: str
    steps: tuple[str, ...]
    source: Citation


class StepEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """A step that is no test, such as a referral, and when it is due; the first that fits."""

    id: str
    what: str
    plain: str
    """The same for a family, in a sentence."""
    why: str
    who: str
    when: Urgency | Literal["watch"]
    source: Citation
    settings: tuple[str, ...] = ()
    """Where the child is seen; empty for anywhere."""
    urgency: tuple[Urgency | Literal["watch"], ...] = ()
    """How urgent the child is; empty for any."""
    rule: str = ""
    """A rule over the findings; empty for any child."""
    unless: str = ""
    """A rule: it does not fit where it surely holds."""
    leads: tuple[str, ...] = ()
    """Conditions of which only these may lead or be likeliest; empty for any."""


class DemotionEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """Why dangers to which nothing points are unlikely in a child; it never excludes them."""

    id: str
    conditions: tuple[str, ...]
    when: str
    why: str
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
    who: str = ""
    """The place in WHO's ICD-10 and ICD-10-GM, whose last digit is the site; empty for none."""


class CodingEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """How a code is chosen: the table, and the rules around it."""

    enough: str
    """Rule: whether the evidence allows a code at all."""
    enough_source: Citation
    enough_reason: str
    """Said when too little is known."""
    refused_reason: str
    """Said when what is known speaks against a code."""
    leads: tuple[str, ...]
    """The conditions that this code stands for: where another one leads, none is suggested."""
    behind_title: str
    behind_reason: str
    """``{}`` is the condition that leads."""
    behind_source: Citation
    urgent_title: str
    urgent_reason: str
    urgent_source: Citation
    beside_title: str
    beside_reason: str
    """Said when the disease is first and does not lead alone."""
    beside_source: Citation
    provisional: str
    """Rule: whether the code stands only until tissue has been examined."""
    provisional_caution: str
    provisional_source: Citation
    symptom_several: str
    symptom_none: str
    unread_title: str
    unread_reason: str
    """Said when a report that may decide was not read."""
    unread_source: Citation
    multiple: CodeEntry
    unspecified: CodeEntry
    other: CodeEntry
    excluded_regions: tuple[RegionId, ...]
    excluded_reason: str
    excluded_source: Citation
    caution: str
    code: tuple[CodeEntry, ...]
    symptom: tuple[CodeEntry, ...]
    """Codes of pain by place, the narrowest place first."""
    vertebra: tuple[CodeEntry, ...]
    """Codes of vertebrae by the region of the spine."""


class PhraseEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """What phrases of a text mean: see `multifocal.exchange.lexicon` for how they are written."""

    words: tuple[str, ...]
    concept: ConceptId = ConceptId("")
    """Empty for phrases that mean nothing here, and for `normal`."""
    says: Literal["present", "absent", "uncertain", "nothing", "normal"] = "present"
    """`normal` is said of a study as a whole; `uncertain` leaves it open, however it is put."""
    within: tuple[Literal["imaging", "biopsy"], ...] = ()
    """Where alone it means this; empty for anywhere."""
    modality: tuple[Modality, ...] = ()
    """On which kinds of image alone it means this."""
    form: bool = False
    """Whether it names one form of the concept: that this is absent says nothing of the rest."""
    place: bool = False
    """Whether it means this only of a bone or limb that is named."""
    from_years: float = 0
    """It means this only of a child of this age or older; or of one whose age is not known."""
    until_years: float | None = None
    """It means this only of a child younger than this."""


class CueEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """Words that change what the phrases around them say, in the shape of a ConText rule."""

    words: str
    category: Literal[
        "NEGATED_EXISTENCE",
        "POSSIBLE_EXISTENCE",
        "HISTORICAL",
        "HYPOTHETICAL",
        "FAMILY",
        "RELATIVE",
        "TELLER",
        "GENERAL",
        "SUBJECT",
        "CONJ",
        "HIGH",
        "LOW",
        "NORMAL",
        "BETWEEN",
        "REFERENCE",
        "DURATION",
        "TIME",
        "LATER",
        "ELSEWHERE",
        "BIOPSY",
        "NOT_BONE",
        "ABBREVIATION",
    ]
    """`TELLER` is what a `RELATIVE` does who only reports. `GENERAL` speaks of a disease, a drug or
    others, not of the child, unless a `SUBJECT` says who is meant. `BETWEEN` may stand between a
    value and its name, `REFERENCE` before its interval; `NOT_BONE` says that a tissue or fluid is
    not bone; no sentence ends at the point of an `ABBREVIATION`."""
    direction: Literal["", "FORWARD", "BACKWARD", "TERMINATE", "PSEUDO"] = ""
    """`FORWARD` stands before what it changes. `TERMINATE` ends the reach of others; `PSEUDO` looks
    like one of its category and is none. `BACKWARD`, a `GENERAL` one counts outside reports."""
    max_scope: int | None = None
    """Over how many words it reaches at most, where that is not as far as its category does."""
    spreads: bool = False
    """Whether a negation reaches over a plain "and": "without fever and rash"."""

    @property
    def role(self) -> str:
        """Category and direction in one."""
        return f"{self.category} {self.direction}" if self.direction else self.category


class QuantityEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """What a laboratory value means that is only called high, low or normal.

    Concepts; a ``-`` before one says that it is absent.
    """

    id: str
    """The analyte, or a name for several."""
    names: tuple[str, ...]
    high: tuple[str, ...] = ()
    low: tuple[str, ...] = ()
    normal: tuple[str, ...] = ()
    assumed_unit: str = ""
    """The unit where none is printed, for what every laboratory gives in one unit."""


class FlagWords(Entry, frozen=True, forbid_unknown_fields=True):
    """What a laboratory or writer calls a value, as patterns of words."""

    level: Literal["low", "normal", "high"]
    words: tuple[str, ...]


class TextGroup(Entry, frozen=True, forbid_unknown_fields=True):
    """Concepts that the reading of texts treats alike."""

    id: str
    label: str
    concepts: tuple[ConceptId, ...] = ()
    kinds: tuple[ConceptKind, ...] = ()


class CaseField(Entry, frozen=True, forbid_unknown_fields=True):
    """What a field of a published case means."""

    part: Literal["presenting", "exam", "history", "labs"]
    key: str
    """Its name; of `labs`, a word in the name."""
    concept: ConceptId = ConceptId("")
    """What it says when it is true; without one its name is read as a phrase."""
    words: str = ""
    """What its text is said of, where its name is not the word for it: `NSAID`."""
    section: Literal["biopsy"] | None = None
    """Whether a result in words is one of tissue."""
    since: Literal["", "day", "week", "month", "year"] = ""
    """The unit of a number that tells since when it has lasted."""
    is_age: bool = False
    """Whether that number is the age at which it began."""
    read: bool = True
    """Whether it is read at all; what was concluded is not."""
    regions: tuple[RegionId, ...] = ()
    """Groups of bones that count as named, beside every bone, in a field of places."""


class DiagnosisWords(Entry, frozen=True, forbid_unknown_fields=True):
    """Words of a published diagnosis, and the condition that it is; the first in the file wins."""

    words: str
    condition: str


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


class ConditionCode(Entry, frozen=True, forbid_unknown_fields=True):
    """A condition's code in a public terminology."""

    system: Literal["icd10cm", "orpha", "omim", "mondo"]
    code: str
    title: str
    """As the terminology prints it."""
    source: Citation
    is_example: bool = False
    """It names one side, one place or one germ; others have their own code."""
    is_billable: bool | None = None
    """For ICD-10-CM: whether the code is a leaf."""


class Phenotype(Entry, frozen=True, forbid_unknown_fields=True):
    """A term of the Human Phenotype Ontology for what the condition shows."""

    hpo: str
    title: str
    source: Citation


class HandRelevance(Entry, frozen=True, forbid_unknown_fields=True):
    """How much a condition is to be thought of when a hand is affected."""

    level: Literal["high", "possible", "low", "none"]
    text: str
    source: Citation


class Point(Entry, frozen=True, forbid_unknown_fields=True):
    """A sentence that speaks for or against a condition."""

    text: str
    source: Citation
    findings: tuple[FindingId, ...] = ()
    """Findings of ours that it speaks of."""


class ConditionTest(Entry, frozen=True, forbid_unknown_fields=True):
    """A test and what its result says about a condition."""

    name: str
    kind: Literal["lab", "imaging", "procedure", "genetic", "clinical", "treatment"]
    effect: TestEffect
    source: Citation
    shows: str = ""
    """The result that has this effect."""
    test: str = ""
    """The same in `tests.toml`."""
    loinc: str = ""
    loinc_source: Citation | None = None


class PublishedNumber(Entry, frozen=True, forbid_unknown_fields=True):
    """A number that a source gives; counts as counts, so that its interval is worked out."""

    id: str
    label: str
    figure: Figure
    source: Citation
    working: str = ""
    """For a derived number: the arithmetic."""


class ConditionEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """A condition of the differential."""

    id: str
    name: str
    category: str
    urgency: Literal["emergency", "urgent", "soon", "routine"]
    """The same day; within 48 hours to 2 weeks; within weeks; no time pressure."""
    hand: HandRelevance
    source: Citation
    codes: tuple[ConditionCode, ...] = ()
    no_code: str = ""
    """Why no ICD-10-CM code is given, or what to know about those that are."""
    phenotypes: tuple[Phenotype, ...] = ()
    points_for: tuple[Point, ...] = ()
    points_against: tuple[Point, ...] = ()
    tests: tuple[ConditionTest, ...] = ()
    numbers: tuple[PublishedNumber, ...] = ()
    statements: tuple[str, ...] = ()
    """Statements with further numbers of it."""
    note: str = ""
    named: Literal["explains", "beside", "itself"] = "explains"
    """What a record that names it says of the disease: it explains the bones in its place; it may
    stand beside it; it is the disease itself, and naming it proves nothing."""
    also: tuple[ConceptId, ...] = ()
    """What else a record says that names it."""
    in_tissue: tuple[ConceptId, ...] = ()
    """What else it says when tissue shows it."""
    rule_in: tuple[Sign, ...] = ()
    rule_out: tuple[Sign, ...] = ()

    @property
    def danger(self) -> Literal["emergency", "urgent", "routine"]:
        """How dangerous it is to miss: what can wait for weeks is no danger today."""
        return "routine" if self.urgency == "soon" else self.urgency


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


class LoincCode(Entry, frozen=True, forbid_unknown_fields=True):
    """A LOINC code of an analyte."""

    code: str
    source: Citation


class UnitConversion(Entry, frozen=True, forbid_unknown_fields=True):
    """Multiply a value in `unit` by `factor` for our unit; the home of every factor of `units.csv`.

    A power of ten between two prefixes, or another spelling, needs no entry.
    """

    unit: str
    factor: float
    source: Citation
    is_conventional: bool = False
    """The unit that United States laboratories report in."""


class DecisionValue(Entry, frozen=True, forbid_unknown_fields=True):
    """A value at which a source decides something, in our unit."""

    id: str
    label: str
    bound: Literal["below", "at_most", "at_least", "above", "between"]
    value: float
    source: Citation
    to: float | None = None
    """The upper end, for `between`."""
    printed: str = ""
    """What stands in the source, where ours is written in another unit."""


class Meaning(Entry, frozen=True, forbid_unknown_fields=True):
    """What a result on one side makes one think of."""

    result: Literal["low", "high", "positive", "abnormal"]
    text: str
    source: Citation


class AnalyteEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """A laboratory test of the work-up: what it is for, and how its result is read."""

    id: str
    label: str
    tier: Literal["core", "selected", "acute", "if_alp_low", "before_treatment", "monitoring"]
    concern: Literal["low", "high", "both", "positive", "abnormal"]
    """The direction that matters here."""
    why: str
    expected: str
    """In the disease."""
    source: Citation
    """Of `why`, `expected` and `concern`."""
    concepts: tuple[ConceptId, ...] = ()
    """Ours; none when a record's result of it is not read."""
    unit: str = ""
    """Ours, as UCUM; for numbers."""
    loinc: tuple[LoincCode, ...] = ()
    hpo_low: str = ""
    hpo_high: str = ""
    conversions: tuple[UnitConversion, ...] = ()
    meanings: tuple[Meaning, ...] = ()
    decisions: tuple[DecisionValue, ...] = ()
    criteria: tuple[CriteriaId, ...] = ()
    """Criteria sets and scores that decide by it; their values stand there."""
    numbers: tuple[PublishedNumber, ...] = ()
    statements: tuple[str, ...] = ()
    """Statements with how often it is so in the disease."""
    interval_note: str = ""
    """How its reference intervals are to be read, or why there are none."""


class GroupingEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """A published way to group the bones of the body for counting."""

    id: str
    label: str
    source: Citation
    not_found: str = ""
    """What was not found, when it has no groups; nothing is guessed in its place."""
    note: str = ""


class GroupingRegion(Entry, frozen=True, forbid_unknown_fields=True):
    """A region of a published grouping of bones."""

    id: str
    grouping: str
    label: str
    source: Citation


class BoneGroup(Entry, frozen=True, forbid_unknown_fields=True):
    """Bones that a publication counts as one, whichever side; and which of ours are meant."""

    id: str
    grouping: str
    region: str
    members: tuple[Place, ...]
    source: Citation
    """Of the group."""
    region_source: Citation
    """Of its place in the region."""
    members_source: Citation
    """Of the bones of ours that are in it."""


class FormField(Entry, frozen=True, forbid_unknown_fields=True):
    """One question of the short form, and the facts that its answer gives."""

    id: str
    kind: Literal["age", "sex", "truth", "amount", "sites", "since", "study"]
    """`since` is how long ago it began, `study` whether an image was made and whether it was
    normal; the others say what they are."""
    concept: ConceptId = ConceptId("")
    """What its facts are of; empty for age and sex."""
    label: str = ""
    """What is asked; empty where it is the concept's label."""
    modality: Modality | None = None
    """On what kind of image it was seen, where the concept doesn't tell."""
    normal: ConceptId = ConceptId("")
    """For a study: what is true when it was normal."""
    at: str = ""
    """The field of sites at which it was seen; it is there when just one was chosen."""
    studies: tuple[str, ...] = ()
    """For sites: the fields of studies; they were seen on each that was not normal."""


class FormSection(Entry, frozen=True, forbid_unknown_fields=True):
    """Questions that stand together in the short form."""

    id: str
    title: str
    field: tuple[FormField, ...]
    source: Citation
    text: str = ""
    """What to know before answering."""
    is_open: bool = False
    """Whether it is shown without being asked for."""
    is_dated: bool = False
    """Whether its facts count as seen on the day of the work-up."""


class PageEntry(msgspec.Struct, frozen=True):
    """One section of the public article as written: Markdown that names figures by their ids."""

    audience: Audience
    id: str
    title: str
    text: str


class GuardianshipEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """Ages at which a guardian's access to a child's record is looked at again, and ends."""

    id: str
    """Country as in ISO 3166, two letters; `elsewhere` for all that have no row."""
    name: str
    review_from_years: int
    review_until_years: int
    """The last year of age in which it is looked at again."""
    ends_years: int
    source: Citation


class Entries(msgspec.Struct, frozen=True):
    """All that the data files say."""

    sources: tuple[Source, ...]
    bones: tuple[Bone, ...]
    regions: tuple[Region, ...]
    site_words: tuple[SiteWord, ...]
    landmarks: tuple[Landmark, ...]
    ossification: tuple[OssificationEntry, ...]
    site_codes: tuple[SiteCode, ...]
    imaging_codes: tuple[ImagingCode, ...]
    title_words: tuple[TitleWord, ...]
    languages: tuple[LanguageEntry, ...]
    concepts: tuple[ConceptEntry, ...]
    sets: tuple[SetEntry, ...]
    terms: tuple[TermEntry, ...]
    phrases: tuple[PhraseEntry, ...]
    cues: tuple[CueEntry, ...]
    quantities: tuple[QuantityEntry, ...]
    text_groups: tuple[TextGroup, ...]
    case_fields: tuple[CaseField, ...]
    flags: tuple[FlagWords, ...]
    diagnoses: tuple[DiagnosisWords, ...]
    units: tuple[UnitFactor, ...]
    unit_spellings: tuple[UnitSpelling, ...]
    answers: tuple[AnswerEntry, ...]
    group_words: tuple[GroupWord, ...]
    limits: tuple[LimitEntry, ...]
    slips: tuple[SlipEntry, ...]
    labs: tuple[LabInterval, ...]
    lab_alternatives: tuple[LabInterval, ...]
    """Other published intervals, to be shown beside ours; they never decide anything."""
    analytes: tuple[AnalyteEntry, ...]
    groupings: tuple[GroupingEntry, ...]
    grouping_regions: tuple[GroupingRegion, ...]
    bone_groups: tuple[BoneGroup, ...]
    measures: tuple[MeasureEntry, ...]
    findings: tuple[FindingEntry, ...]
    criteria: tuple[CriteriaEntry, ...]
    red_flags: tuple[RedFlagEntry, ...]
    conditions: tuple[ConditionEntry, ...]
    tests: tuple[TestEntry, ...]
    burdens: tuple[DimensionEntry, ...]
    demotions: tuple[DemotionEntry, ...]
    steps: tuple[StepEntry, ...]
    cautions: tuple[CautionEntry, ...]
    topics: tuple[TopicEntry, ...]
    statements: tuple[StatementEntry, ...]
    variants: tuple[VariantEntry, ...]
    conversions: tuple[ConversionEntry, ...]
    policies: tuple[PolicyEntry, ...]
    guardianship: tuple[GuardianshipEntry, ...]
    check_parts: tuple[CheckPart, ...]
    questions: tuple[QuestionEntry, ...]
    check_places: tuple[PlaceEntry, ...]
    check_words: tuple[CheckWord, ...]
    check_rules: tuple[CheckRule, ...]
    set_aside: tuple[AsideEntry, ...]
    check_contradictions: tuple[ContradictionEntry, ...]
    emergency_numbers: tuple[EmergencyNumber, ...]
    advice: tuple[AdviceEntry, ...]
    unasked: tuple[UnaskedEntry, ...]
    form: tuple[FormSection, ...]
    article: tuple[PageEntry, ...]
    differential: DifferentialEntries
    coding: CodingEntry
    value_sets: bytes
    """`multifocal.knowledge.value_sets.ValueSets`, packed."""
    version: str
