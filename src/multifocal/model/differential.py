"""What it could be: conditions ranked, with what speaks for and against each."""

from typing import Literal

import msgspec

from multifocal.model.finding import FindingId
from multifocal.model.record import FactId
from multifocal.model.source import Citation

Band = Literal["leading", "possible", "unlikely", "can't be excluded"]


class Contribution(msgspec.Struct, frozen=True):
    """How much one known finding moves one condition, against all the others that are ranked."""

    finding: FindingId
    truth: bool
    log10: float
    """How many times as common as in children referred for bone pain, tempered, in decades, as it
    went into the sum: above zero it speaks for the condition."""
    low: float
    high: float
    """The same with the evidence's own uncertainty, 90 %."""
    published: bool
    """Whether the number for this condition is a count or a class that somebody published."""
    because: tuple[FactId, ...]
    source: Citation


class Ranked(msgspec.Struct, frozen=True):
    """One condition in its place."""

    condition: str
    name: str
    danger: Literal["emergency", "urgent", "routine"]
    probability: float
    low: float
    high: float
    """90 % interval that carries the evidence's own uncertainty, not that of the model."""
    band: Band
    published_share: float
    """Share of what moved this condition, for and against, whose number for it is published; the
    usual rate that it is compared with mostly is a judgement."""
    contributions: tuple[Contribution, ...]
    """The strongest first; given for the first conditions and for the disease itself."""
    form: str = ""
    """The form of the condition that holds most of its probability, where forms are ranked."""


class Differential(msgspec.Struct, frozen=True):
    """The conditions, the likeliest first, and how far the ranking can be leant on."""

    setting: str
    """Where the child is seen: it sets how common each condition is before anything is known."""
    ranked: tuple[Ranked, ...]
    abstained: bool
    """Whether too little is known to say which is likeliest; the order then is not an answer."""
    why: str
    """In words, why it abstained; empty when it did not."""
    cannot_be_excluded: tuple[str, ...]
    """Dangerous conditions whose decisive test is missing or does not exclude them."""
    published_share: float
    known: int
    """Findings that are known, present or absent, and have an opinion behind them."""
    alone: str = ""
    """The condition that is called and leads alone, so that a code may rest on it; or empty."""
    called: str = ""
    """The condition that the work-up calls, though others may lead beside it; or empty."""


class Counterfactual(msgspec.Struct, frozen=True):
    """The least that would have to be found for another answer, verified by running it."""

    answers: tuple[tuple[FindingId, bool], ...]
    """Findings not known yet, with the answer that would change it."""
    changes: Literal["leading", "urgency"]
    to: str
    """The condition that would lead, or the urgency that would stand."""
    name: str
    """The condition's name, or the red flag that would stand."""


class Outcome(msgspec.Struct, frozen=True):
    """What one result of a test would do to the ranking."""

    finding: FindingId
    truth: bool
    leading: str
    """The condition that would be first."""
    name: str
    probability: float
    """Of that condition, then."""
    gains: str = ""
    """The condition whose probability grows most; empty where none does."""
    loses: str = ""
    """The condition whose probability shrinks most; empty where none does."""
