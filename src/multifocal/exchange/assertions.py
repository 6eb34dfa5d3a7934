"""Assertions: what somebody stated of one thing, in a state, with a value, on a day, at a place.

Every format and form yields assertions, and one function turns them into facts and issues.
"""

from typing import Literal

import msgspec

from multifocal.exchange.dates import age_on
from multifocal.exchange.numbers import Amount, Interval
from multifocal.exchange.words import NO_WORDS, Words
from multifocal.model.anatomy import Site
from multifocal.model.day import Day
from multifocal.model.record import Modality

NOWHERE = (Site(),)
State = Literal["present", "absent", "uncertain", "past", "family", "asked"]
Level = Literal["low", "normal", "high"]
Section = Literal["imaging", "biopsy"]


class Assertion(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody stated of one thing, in which state, with which value, when and where."""

    about: Words
    """Codes and words of the thing."""
    state: State = "present"
    """Whether it is said to be there, not there, doubtful, over, a relative's, or only asked."""
    value: bool | Amount | Words | None = None
    """A plain answer, a number, or an answer in codes or words; `None`: it stands by itself."""
    level: Level | None = None
    """What the laboratory or the writer calls a number."""
    intervals: tuple[Interval, ...] = ()
    """The laboratory's own reference intervals of a number."""
    sites: tuple[Site, ...] = NOWHERE
    modality: Modality | None = None
    """For things seen on an image."""
    day: Day | None = None
    """When it held."""
    onset: bool = False
    """Whether `day` is when it began."""
    ended: Day | None = None
    recorded: Day | None = None
    resource: str = ""
    """Where in the input it stands, for facts: resource type and id."""
    where: str = ""
    """The same for issues: resource type and number, never a value."""
    text: str = ""
    """What it was read from, for the report only."""
    said: bool = False
    """Whether it was read from words; what is coded for the same day and place outweighs it."""
    unread: bool = False
    """Of a study or test: that it was done is known, its result was not read."""
    in_tissue: bool = False
    """Whether it was seen in tissue, which proves more than the eye."""
    examined: bool = False
    """Whether an answer may name a finding of its own, as on an examination."""
    final: bool = True
    """False while an absence may still change: a preliminary result."""


class Narrative(msgspec.Struct, frozen=True, kw_only=True):
    """A text of a record, with what is known of it before it is read."""

    text: str
    title: Words = Words()
    topic: Words = Words()
    """What every sentence is said of: "intermittent" under pain, "good" under a drug."""
    section: Section | None = None
    """Whether it reports an image or tissue; `None` for any other text."""
    modality: Modality | None = None
    sites: tuple[Site, ...] = NOWHERE
    """What the whole text is about, such as the right hand."""
    day: Day | None = None
    """The day of which it speaks; "three weeks ago" is counted from there."""
    recorded: Day | None = None
    age_years: float | None = None
    """How old the child was on that day; not walking is a sign in a baby only."""
    resource: str = ""
    where: str = ""
    final: bool = True


def narrative_of(
    one: Assertion,
    text: str,
    *,
    title: Words = NO_WORDS,
    topic: Words = NO_WORDS,
    section: Section | None = None,
    birth: Day | None = None,
) -> Narrative:
    """Give a text that stands where an assertion does: its day, its place, its image."""
    return Narrative(
        text=text,
        title=title,
        topic=topic,
        section=section,
        modality=one.modality,
        sites=one.sites,
        day=one.day,
        recorded=one.recorded,
        age_years=age_on(birth, one.day),
        resource=one.resource,
        where=one.where,
        final=one.final,
    )
