"""Where a number or a rule comes from, and how sure we are of it."""

from datetime import date
from enum import StrEnum
from typing import NewType

import msgspec

SourceId = NewType("SourceId", str)


class Certainty(StrEnum):
    """How sure we are of a statement."""

    VERIFIED = "verified"
    """Read in its source."""
    DERIVED = "derived"
    """Computed from verified numbers."""
    MEMORY = "memory"
    """Recalled, not read yet."""
    JUDGEMENT = "judgement"
    """Ours, not published."""


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A publication, data set or page, once."""

    id: SourceId
    title: str
    read: str
    """How much of it was read: abstract, table, page, data file."""
    authors: str = ""
    year: int | None = None
    doi: str = ""
    pmid: str = ""
    url: str = ""
    licence: str = ""
    checked: date | None = None
    """The day on which what rests on it was last gone through; for texts of ours."""


class Citation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place in a source that a statement rests on; ``at`` is a table, page or section."""

    id: SourceId
    certainty: Certainty
    at: str = ""
    note: str = ""
