"""The shape of what the symptom checker asks, and of what it says.

A question is a FHIR SDC item under other names: `id` is its linkId, `ask` its text, `choices` its
answerOption, `asked_of` its enableWhen, `required` its required, `help` its display of help.
"""

from collections.abc import Mapping

import msgspec

from multifocal.model.anatomy import RegionId
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
    you_do: tuple[str, ...] = ()
    """The same to a teenager who answers, as the next three are."""
    you_open_do: tuple[str, ...] = ()
    you_meanwhile: tuple[str, ...] = ()
    you_come_back: tuple[str, ...] = ()


class CheckPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Questions that stand together: one list to tick, or a page for each of them."""

    id: str
    title: str
    you: str
    """The title for a teenager who answers."""
    lead: str
    listed: bool = False
    """Whether its questions are ticked in one list, which always ends with "none of these"."""


class AskedOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of whom a question is asked: of those who gave one of these answers to an earlier one.

    `place` is an earlier question too; its answers are the places. Where age or place are not
    known the question is asked.
    """

    question: str
    answers: tuple[str, ...]


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

    It is answered yes or no, unless it has `choices`. Rules of the checker speak of it by its id,
    and of one of its choices by both ids: `lump_grows`.
    """

    id: str
    part: str
    ask: str
    short: str
    """The same as a short noun phrase: "a fever"."""
    source: Citation
    you: str = ""
    """How a teenager who answers is asked; the same where it is empty."""
    danger: bool = False
    """Whether it asks for what kills or cripples: it must be answered, and not known is yes."""
    again: str = ""
    """The same in other words, for those who could not tell; each danger has it."""
    required: bool = False
    """Whether an answer is wanted, as it is to every sign of danger."""
    asked_of: tuple[AskedOf, ...] = ()
    """All of these; nothing: it is asked of everybody."""
    help: str = ""
    asks: tuple[str, ...] = ()
    """The findings that red flags speak of and an answer decides."""
    concepts: tuple[ConceptId, ...] = ()
    """What yes says is present, and no says is absent."""
    choices: tuple[AnswerChoice, ...] = ()
    at_site: bool = False
    """Whether it is at the places that were marked."""


class PlaceEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One place as a family names it; rules speak of it by its id."""

    id: str
    label: str
    region: RegionId
    """What is marked when it is chosen."""
    holds: tuple[RegionId, ...] = ()
    """Other regions that count as this place."""
    sided: bool = True
    leg: bool = False


class CheckWord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A word that stands for a rule over answers, to be used in other rules."""

    id: str
    when: str
    why: str
    source: Citation


class CheckRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What asks for haste in a child whom nobody has examined, beside the red flags."""

    id: str
    how_soon: HowSoon
    when: str
    plain: str
    source: Citation


class AsideEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When a red flag of a record does not count for what a family tells."""

    id: str
    """The red flag."""
    when: str
    why: str
    source: Citation


class ContradictionEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Answers that do not fit together: they are asked about, and the more urgent counts."""

    id: str
    when: str
    plain: str
    questions: tuple[str, ...]
    """Where it can be put right."""
    source: Citation


class UnaskedEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A word that red flags use and no question asks: only what surely holds of it counts."""

    id: str
    why: str
    source: Citation


class EmergencyNumber(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The number to call in an emergency, and the countries for which that was read."""

    id: str
    number: str
    countries: Mapping[str, str]
    """Two letters of ISO 3166, and the name."""
    source: Citation
