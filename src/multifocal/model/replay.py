"""A record as it was known at each visit, and when the work-up would first have said what."""

from datetime import date

import msgspec

from multifocal.model.assessment import Urgency
from multifocal.model.differential import Ranked


class Visit(msgspec.Struct, frozen=True):
    """What the work-up says of what was known on one day."""

    day: date
    facts: int
    """How many facts were known."""
    known: int
    """Findings known, present or absent."""
    abstained: bool
    top: tuple[Ranked, ...]
    """The first three; where it abstained their order is no answer."""
    red_flags: tuple[str, ...]
    code: str | None


class Stay(msgspec.Struct, frozen=True):
    """One condition: when it was first among the first three, first led, and was last there.

    It leads where its band says so; what calms never leads while something dangerous stands.
    """

    condition: str
    name: str
    first: date
    led: date | None
    until: date
    lasts: bool
    """Whether it still is there at the last visit."""


class FlagStay(msgspec.Struct, frozen=True):
    """One red flag: when it first stood, and whether it still does at the last visit."""

    id: str
    label: str
    urgency: Urgency
    first: date
    until: date
    lasts: bool


class Replay(msgspec.Struct, frozen=True):
    """The visits in order, and when each condition and red flag first stood."""

    knowledge_version: str
    software_version: str
    setting: str
    synthetic: bool
    undated: int
    """Facts without any day; they count as known only at the last visit."""
    visits: tuple[Visit, ...]
    conditions: tuple[Stay, ...]
    red_flags: tuple[FlagStay, ...]
    schema: str = "multifocal.replay/1"
