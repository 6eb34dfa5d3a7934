"""Numbers and reference intervals as records state them."""

from typing import Literal

import msgspec

from multifocal.model.record import Sex

Comparator = Literal["<", "<=", ">", ">="]
Form = Literal["number", "titre", "grade"]


class Amount(msgspec.Struct, frozen=True, gc=False):
    """A number as it was stated, in the unit in which it was stated."""

    value: float
    comparator: Comparator | None = None
    unit: str = ""
    """The unit as it is printed; empty when none is."""
    code: str = ""
    """The unit's UCUM code, where the record gives one beside what is printed."""
    high: float | None = None
    """The other end of a range such as 5-10; `value` is the low one."""
    form: Form = "number"
    """A titre (1:64) has what the sample was diluted to as its value; a grade (2+) its number."""


class Interval(msgspec.Struct, frozen=True, gc=False):
    """A reference interval as the laboratory states it, with whom it is for."""

    low: Amount | None = None
    high: Amount | None = None
    text: str = ""
    """How it is written, where it has no numbers of its own."""
    kind: str = ""
    """FHIR's word for what it means; empty or `normal` for a reference interval."""
    sex: Sex | None = None
    youngest: Amount | None = None
    oldest: Amount | None = None
    """Ages between which it holds."""
    for_whom: str = ""
    """Whom it is for in words, such as "Adults"."""
