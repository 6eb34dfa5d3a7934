"""The shape of what the symptom checker asks, and of what it says."""

import msgspec

from multifocal.model.checker import HowSoon
from multifocal.model.record import ConceptId
from multifocal.model.source import Citation


class AdviceEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to do at one degree of haste, in words for a family."""

    id: HowSoon
    title: str
    within: str
    do: tuple[str, ...]
    meanwhile: tuple[str, ...]
    come_back: tuple[str, ...]
    """What must bring the child back sooner."""
    source: Citation
    """Of `within`."""
    open_title: str = ""
    """Said instead where only what is not known asks for it."""
    open_do: tuple[str, ...] = ()


class CheckPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the form: questions that stand together."""

    id: str
    title: str
    lead: str


class AnswerChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One answer to choose, and the facts that it stands for."""

    id: str
    label: str
    present: tuple[ConceptId, ...] = ()
    absent: tuple[ConceptId, ...] = ()
    began_days: tuple[int, int] | None = None
    """It began so many days ago, from and to."""
    age_months: tuple[int, int] | None = None
    """The child is so many completed months old, from and to."""


class QuestionEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question to a family. "Don't know" can be answered to each.

    It has `concepts`, which yes says are present and no says are absent; or else `choices`.
    """

    id: str
    part: str
    ask: str
    short: str
    """The same as a short noun phrase: "a fever"."""
    asks: tuple[str, ...]
    """The findings and measures that rules speak of and an answer decides; none, where the answer
    is for the doctor only."""
    source: Citation
    danger: bool = False
    """Whether it has to be answered no before the checker says to watch."""
    needed: bool = False
    """Whether the form wants an answer, as it does to every sign of danger."""
    help: str = ""
    concepts: tuple[ConceptId, ...] = ()
    choices: tuple[AnswerChoice, ...] = ()
    at_site: bool = False
    """Whether it is at the places that were marked."""


class CheckRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What asks for haste in a child whom nobody has examined, beside the red flags."""

    id: str
    how_soon: HowSoon
    when: str
    plain: str
    source: Citation


class UnaskedEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A word that red flags use and no question asks: only what surely holds of it counts."""

    id: str
    why: str
    source: Citation
