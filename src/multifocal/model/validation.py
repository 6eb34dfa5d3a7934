"""How well the work-up did on children whose diagnosis is known."""

from datetime import date
from typing import Literal

import msgspec

from multifocal.model.differential import Band
from multifocal.model.issue import Issue
from multifocal.model.record import Record, Sex

Masked = Literal["imaging", "biopsy", "labs"]


class Proportion(msgspec.Struct, frozen=True):
    """A share with its 95 % Wilson interval; `None` where there was nobody to count."""

    k: int
    n: int
    value: float | None
    low: float | None
    high: float | None


class Trial(msgspec.Struct, frozen=True):
    """A child whose diagnosis is known: the record, and the truth that it does not hold."""

    id: str
    record: Record
    truth: str | None
    """The condition's id; None where the published diagnosis is none of ours."""
    is_cmo: bool | None
    as_of: date
    """The visit at which the case is told: what came later is not known yet."""
    hand: bool | None = None
    source_depth: str = ""
    guessed: bool = False
    """Whether the truth was guessed from the wording of the published diagnosis."""
    decidable: Literal[0, 1, 2] | None = None
    """2: the text decides the diagnosis, 1: it gives a short list, 0: it can't be known from it."""
    names_diagnosis: bool | None = None
    """Whether the text gives the answer away."""
    blind: tuple[str, ...] = ()
    """The first conditions of a reader who did not know the diagnosis."""


class Place(msgspec.Struct, frozen=True):
    """One condition as it was ranked."""

    condition: str
    probability: float
    low: float
    high: float
    band: Band


class CaseResult(msgspec.Struct, frozen=True):
    """What the work-up said of one child, beside what the child had."""

    id: str
    truth: str | None
    is_cmo: bool | None
    called_cmo: bool
    abstained: bool
    rank: int | None
    """Place of the truth, 1 for the first; None where there is no truth or it was not ranked."""
    known: int
    """Findings that were known."""
    red_flags: tuple[str, ...]
    flag_due: bool
    """Whether the truth is one that a red flag should announce."""
    alarm: bool
    """Whether a flag stands, or the danger score is an alarm."""
    dangerous: bool
    """Whether the truth is dangerous to miss, the disease itself left out."""
    held_open: bool
    """Whether the truth is among what can't be excluded."""
    ranked: tuple[Place, ...]
    age: str
    """Our finding for the age band; empty where the age is unknown or outside all of them."""
    sex: Sex | None
    hand: bool | None
    source_depth: str
    issues: tuple[Issue, ...] = ()
    guessed: bool = False
    decidable: Literal[0, 1, 2] | None = None
    names_diagnosis: bool | None = None
    blind: tuple[str, ...] = ()
    """These as in `Trial`."""


class Bin(msgspec.Struct, frozen=True):
    """Answers whose stated probability lies between two bounds, and how many of them were right."""

    low: float
    high: float
    stated: float | None
    """Mean of the stated probabilities."""
    right: Proportion


class Calibration(msgspec.Struct, frozen=True):
    """Whether what is said with some probability is as often true."""

    bins: tuple[Bin, ...]
    error: float | None
    """Expected calibration error: mean distance of said and seen, weighted by bin."""
    by_chance: float | None
    """Simulated: the mean error of so many answers, were every probability exactly true."""
    by_chance_most: float | None
    """Simulated: 95 of 100 such sets of answers have no larger error."""
    draws: int
    """So many sets were simulated."""


class Figures(msgspec.Struct, frozen=True):
    """The figures of one set of outcomes."""

    n: int
    n_cmo: int
    n_mimic: int
    top1: Proportion
    top3: Proportion
    top5: Proportion
    top10: Proportion
    top1_answered: Proportion
    """The same with an abstention counted as a miss."""
    abstained: Proportion
    sensitivity: Proportion
    specificity: Proportion
    red_flag_recall: Proportion
    red_flag_elsewhere: Proportion
    """Of those in whom none is due: in how many one was raised."""
    alarm_recall: Proportion
    """A red flag, or a danger score that is an alarm, where one is due."""
    alarm_elsewhere: Proportion
    """The same in those in whom none is due."""


class Group(msgspec.Struct, frozen=True):
    """The figures of a part of the outcomes."""

    by: str
    name: str
    figures: Figures


class Beside(msgspec.Struct, frozen=True):
    """One way to answer, by its first conditions alone, on the same children as the others."""

    name: str
    """`ours`, `blind_reader`, `age_and_sex` or `always_cmo`."""
    n: int
    sensitivity: Proportion
    specificity: Proportion
    top1: Proportion
    top3: Proportion


class Paired(msgspec.Struct, frozen=True):
    """Two engines on the same children: who put the truth among the first so many."""

    question: str
    both: int
    ours_only: int
    theirs_only: int
    neither: int
    ours: Proportion
    theirs: Proportion
    p: float
    """Exact two-sided McNemar."""


class BaselineRank(msgspec.Struct, frozen=True):
    """Where a generic engine put the truth of one child."""

    id: str
    terms: int
    """Terms of its ontology that the record gave."""
    rank_open: float | None
    """Among all its diseases; ties share the mean of their places."""
    rank_closed: float | None
    """Among those of our conditions that it knows."""
    ours_closed: int | None
    """Our own rank among the same conditions."""


class Baseline(msgspec.Struct, frozen=True):
    """A generic engine on the same children."""

    name: str
    method: str
    diseases: int
    conditions: int
    """How many of our conditions it has a disease for."""
    nameable: int
    """Children whose truth it has a disease for; only these are compared."""
    cmo_rank_open: tuple[float, float, float] | None
    """Quartiles of the rank of the disease among all diseases, in children who had it."""
    cmo_top10_open: Proportion
    ranks: tuple[BaselineRank, ...]
    paired: tuple[Paired, ...]


class Validation(msgspec.Struct, frozen=True):
    """The work-up on children whose diagnosis is known: figures, and the outcomes behind them."""

    knowledge_version: str
    software_version: str
    setting: str
    masked: tuple[Masked, ...]
    figures: Figures
    unsafe: tuple[str, ...]
    """Dangerous truths neither in the first three, nor held open, nor flagged."""
    quiet: tuple[str, ...]
    """Dangerous truths only in the list of what can't be excluded: not in the first three, not
    flagged."""
    reassured: tuple[str, ...]
    """Dangerous truths that were called CMO."""
    calibration: Calibration
    """Of the leading condition."""
    calibration_cmo: Calibration
    """Of the probability of CMO."""
    groups: tuple[Group, ...]
    masks: tuple[Group, ...]
    """The figures with other parts of the record hidden."""
    outcomes: tuple[CaseResult, ...]
    guessed: tuple[str, ...] = ()
    """Cases whose truth was guessed from the wording of the published diagnosis."""
    sapho: tuple[str, ...] = ()
    """Cases with SAPHO: they count neither as having CMO nor as being without it."""
    beside: tuple[Beside, ...] = ()
    """A reader who did not know the diagnosis, and what needs no findings, beside this program."""
    baseline: Baseline | None = None
    schema: str = "multifocal.validation/1"
