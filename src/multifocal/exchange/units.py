"""Values in any unit to values in ours."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from multifocal.exchange.cache import cached
from multifocal.exchange.numbers import Amount, Comparator
from multifocal.knowledge.entries import ConceptEntry, UnitFactor, UnitSpelling
from multifocal.knowledge.load import Knowledge
from multifocal.model.record import ConceptId

_ANNOTATION = re.compile(r"\{[^{}]*\}")
_BRACKETED = re.compile(r"\(([^()]*)\)")
_RAISED_TEN = re.compile(r"^[x\u00d7]?\s*10(?=[⁰¹²³⁴-⁹])")
_RAISED = {ord(sign): str(digit) for digit, sign in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}
_SIGNS = _RAISED | {0xB5: "u", 0x3BC: "u", 0xD7: "x", 0xBA: "°", 0x2103: "°C", 0x2109: "°F"}
_POWER = re.compile(
    r"^[x*]?\s*10\s*(?:(?:\*\*|[*^e(]|\s)\s*(\d{1,2})\)?(?=\s*/|$)|(3|6|9|12)(?=\s*/))",
    re.IGNORECASE,
)
_SPELLINGS = (
    (re.compile(r"\s+"), ""),
    (re.compile(r"^[x*](?=1)|(?<=.)\.$|(?<=mm)[*^](?=3)"), ""),
    (re.compile(r"(?<=/)cu?mm$"), "mm3"),
    (re.compile(r"(?<![a-z])mc(?=g|l|mol)", re.IGNORECASE), "u"),
    (re.compile(r"(?<=^mm/)1(?:\.|st(?!d)|a|ª|ère|re)?(?=[a-z])", re.IGNORECASE), ""),
    (re.compile(r"(?<=/)hr$"), "h"),
)
_LITRES = re.compile(r"(?<=/)([umdcnf]?)(?:l|lt|liter|litre)$", re.IGNORECASE)
_EQUIVALENTS = re.compile(r"(?<![A-Za-z])[mu]?eq(?![A-Za-z])", re.IGNORECASE)
"""Equivalents need the charge of the ion, which the library does not know: not converted."""
_DIGITS = 10
"""Significant digits kept, so that 100.4 [degF] is 38 Cel and not a hair above or below."""
_ROUNDING = 1e-3
"""Factors that differ by less are roundings of one."""

TITRE = "{} is a titre or a grade and was left out. Give a number."
NO_UNIT = "{} has no unit and was left out. Add its unit as UCUM."
UNKNOWN_UNIT = "the unit of {} can't be turned into {}; it was left out. Give the unit as UCUM."
DISAGREE = "unit and unit code of {} disagree; it was left out. Mend the one that is wrong."


class Conversion(NamedTuple):
    """What turns a value into ours: multiply by `factor`, then add `offset`."""

    factor: float
    offset: float = 0.0

    def __call__(self, value: float) -> float:
        """Convert a value.

        >>> Conversion(10.0)(1.23)
        12.3
        """
        if self == UNCHANGED:
            return value
        return float(f"{value * self.factor + self.offset:.{_DIGITS}g}")

    def is_near(self, other: "Conversion") -> bool:
        """Whether both give the same, roundings apart."""
        return (
            abs(self.factor / other.factor - 1) < _ROUNDING
            and abs(self.offset - other.offset) < _ROUNDING
        )


UNCHANGED = Conversion(1.0)


class Converted(NamedTuple):
    """An amount in our unit."""

    value: float
    high: float | None = None
    """The other end of a range."""
    comparator: Comparator | None = None
    conversion: Conversion = UNCHANGED
    """What turned it into ours."""


class Problem(NamedTuple):
    """Why an amount can't be had in our unit, as a message for an issue, without its value."""

    message: str
    level: Literal["info", "warning"] = "warning"


class Units:
    """The table of factors, and behind it a library for what the table doesn't hold."""

    def __init__(
        self, factors: Iterable[UnitFactor], spellings: Iterable[UnitSpelling] = ()
    ) -> None:
        """Index the tables by analyte and unit."""
        self._table: dict[tuple[str, str, str], Conversion] = {
            (factor.analyte, spelled(factor.unit), spelled(factor.to)): Conversion(factor.factor)
            for factor in factors
        }
        meant = {(analyte, end): end for analyte, *ends in self._table for end in ends}
        for one in spellings:
            meant |= {(name, spelled(one.unit)): spelled(one.means) for name in one.analytes}
        self._meant = {(name, unit.casefold()): means for (name, unit), means in meant.items()}
        self._meant |= meant

    def conversion(self, analyte: ConceptId, unit: str, to: str) -> Conversion | None:
        """Give what turns a value of `analyte` in `unit` into `to`, or `None` if nothing can."""
        if (known := self.by_table(analyte, unit, to)) is not None:
            return known
        return _by_dimension(self._as_meant(analyte, unit), self._as_meant(analyte, to))

    def by_table(self, analyte: ConceptId, unit: str, to: str) -> Conversion | None:
        """Give the same as far as the table holds it, in either direction."""
        if unit == to:
            return UNCHANGED
        unit, to = self._as_meant(analyte, unit), self._as_meant(analyte, to)
        if unit == to:
            return UNCHANGED if unit else None
        for name in (analyte, ""):
            if (known := self._table.get((name, unit, to))) is not None:
                return known
            if (known := self._table.get((name, to, unit))) is not None:
                return Conversion(1 / known.factor)
        return None

    def converted(self, amount: Amount, concept: ConceptEntry) -> Converted | Problem:
        """Give an amount in the unit of a concept, or tell why it can't be had."""
        found: Conversion | str = UNCHANGED
        if concept.unit and amount.form != "number":
            found = TITRE
        elif concept.unit:
            found = _agreed(self, concept.id, amount.unit, amount.code, concept.unit)
        if isinstance(found, str):
            return Problem(found.format(concept.label, concept.unit))
        high = None if amount.high is None else found(amount.high)
        return Converted(found(amount.value), high, amount.comparator, found)

    def agreed(self, analyte: ConceptId, units: Iterable[str], to: str) -> Conversion | str:
        """Give the conversion on which what is printed and coded agree, else the problem."""
        found = {unit: self.conversion(analyte, unit, to) for unit in units if unit.strip()}
        known = [conversion for conversion in found.values() if conversion is not None]
        others = [unit for unit, conversion in found.items() if conversion is None]
        if not found:
            return UNCHANGED if to == "1" else NO_UNIT
        if not known:
            return UNKNOWN_UNIT
        other = any(self._is_other(analyte, unit) for unit in others)
        return DISAGREE if other or not known[0].is_near(known[-1]) else known[0]

    def _is_other(self, analyte: str, unit: str) -> bool:
        """Whether it is a unit, though none of this analyte."""
        return (means := self._as_meant(analyte, unit)) == "" or _measures(means)

    def _as_meant(self, analyte: str, unit: str) -> str:
        """Give a unit as the tables write it; empty where it is that of another quantity."""
        unit = spelled(unit)
        exact = self._meant.get((analyte, unit))
        return self._meant.get((analyte, unit.casefold()), unit) if exact is None else exact


@cached(most=1024)
def _agreed(units: Units, analyte: ConceptId, unit: str, code: str, to: str) -> Conversion | str:
    return units.agreed(analyte, (code, unit), to)


@lru_cache(maxsize=4)
def units_of(knowledge: Knowledge) -> Units:
    """Give the units of this knowledge, indexed once."""
    return Units(knowledge.units, knowledge.unit_spellings)


def offered(analyte: ConceptId, unit: str, knowledge: Knowledge) -> tuple[str, ...]:
    """Give the units in which somebody may be asked for a value: first the one that is wanted.

    Those are our own unit of the analyte and the units for which it has a published factor.
    """
    entries = [entry for entry in knowledge.analytes if analyte in entry.concepts]
    known = [concept.unit for concept in knowledge.concepts if concept.id == analyte]
    known += [conversion.unit for entry in entries for conversion in entry.conversions]
    units = units_of(knowledge)
    return tuple(
        dict.fromkeys(
            one
            for one in (unit, *known)
            if one == unit or (units.by_table(analyte, one, unit) is not None)
        )
    )


@cached(most=1024)
def spelled(unit: str) -> str:
    """Write a unit as UCUM does: what is in braces left out, usual other spellings mended.

    >>> spelled("10^9/l"), spelled("mm/h{Westergren}"), spelled("µg/dl"), spelled("x10 3/mcL")
    ('10*9/L', 'mm/h', 'ug/dL', '10*3/uL')
    """
    text = _ANNOTATION.sub("", unit[:64]).strip()
    if bracketed := _BRACKETED.fullmatch(text):
        text = bracketed[1]
    text = _RAISED_TEN.sub("10*", text).translate(_SIGNS)
    text = _POWER.sub(lambda found: f"10*{found[1] or found[2]}", text, count=1)
    for pattern, spelling in _SPELLINGS:
        text = pattern.sub(spelling, text)
    return _LITRES.sub(lambda found: f"{found[1].lower()}L", text)


@cached(most=256)
def _by_dimension(unit: str, to: str) -> Conversion | None:
    """Ask the library: the factor between two units of one dimension, or `None`."""
    theirs, ours = _quantity(unit), _quantity(to)
    if theirs is None or ours is None:
        return None
    try:
        low, high = (
            type(theirs)(value * theirs.magnitude, theirs.units).to(ours.units).magnitude
            / ours.magnitude
            for value in (0.0, 1.0)
        )
    except _faults():
        return None
    return Conversion(factor=float(high - low), offset=float(low))


@cached(most=256)
def _measures(unit: str) -> bool:
    """Whether the library knows it as a unit of something, and not as a bare number."""
    quantity = _quantity(unit)
    return quantity is not None and not quantity.dimensionless


def _quantity(unit: str) -> Any:  # Any: the library has no types
    if not unit or _EQUIVALENTS.search(unit):
        return None
    try:
        return _registry().from_ucum(unit)
    except _faults():
        return None


# Imported here, and only here: they take longer to load than a whole work-up takes, and almost
# every record holds only units that the table knows.


@lru_cache(maxsize=1)
def _faults() -> tuple[type[Exception], ...]:
    from lark.exceptions import LarkError
    from pint import errors

    known = (LarkError, errors.PintError)
    return (*known, ValueError, ArithmeticError, AttributeError, TypeError)


@lru_cache(maxsize=1)
def _registry() -> Any:  # Any: the library has no types
    from ucumvert import PintUcumRegistry  # type: ignore[import-untyped]  # it has none

    return PintUcumRegistry()
