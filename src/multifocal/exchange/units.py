"""Values in any unit to values in ours."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from multifocal.exchange.cache import cached
from multifocal.knowledge.entries import UnitFactor
from multifocal.knowledge.load import Knowledge
from multifocal.model.record import ConceptId

_ANNOTATION = re.compile(r"\{[^{}]*\}")
_POWER = re.compile(r"^[x\u00d7]?\s*10\s*[*^eE]\s*(\d{1,2})(?=/|$)")
_SPELLINGS = (
    (re.compile(r"[µμ]"), "u"),
    (re.compile(r"^x(?=10\*)"), ""),
    (re.compile(r"(?<=/)([umd]?)l$"), r"\1L"),
    (re.compile(r"(?<=/)hr$"), "h"),
)
_EQUIVALENTS = re.compile(r"(?<![A-Za-z])[mu]?eq(?![A-Za-z])", re.IGNORECASE)
"""Equivalents need the charge of the ion, which the library does not know: not converted."""
_DIGITS = 10
"""Significant digits kept, so that 100.4 [degF] is 38 Cel and not a hair above or below."""


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


UNCHANGED = Conversion(1.0)


class Units:
    """The table of factors, and behind it a library for what the table doesn't hold."""

    def __init__(self, factors: Iterable[UnitFactor]) -> None:
        """Index the table by analyte and unit."""
        self._table: dict[tuple[str, str, str], Conversion] = {
            (factor.analyte, spelled(factor.unit), spelled(factor.to)): Conversion(factor.factor)
            for factor in factors
        }

    def conversion(self, analyte: ConceptId, unit: str, to: str) -> Conversion | None:
        """Give what turns a value of `analyte` in `unit` into `to`, or `None` if nothing can."""
        if (known := self.by_table(analyte, unit, to)) is not None:
            return known
        return _by_dimension(spelled(unit), spelled(to))

    def by_table(self, analyte: ConceptId, unit: str, to: str) -> Conversion | None:
        """Give the same as far as the table holds it, in either direction."""
        if unit == to:
            return UNCHANGED
        unit, to = spelled(unit), spelled(to)
        if unit == to:
            return UNCHANGED
        for name in (analyte, ""):
            if (known := self._table.get((name, unit, to))) is not None:
                return known
            if (known := self._table.get((name, to, unit))) is not None:
                return Conversion(1 / known.factor)
        return None


def offered(analyte: ConceptId, unit: str, knowledge: Knowledge) -> tuple[str, ...]:
    """Give the units in which somebody may be asked for a value: first the one that is wanted.

    Those are our own unit of the analyte and the units for which it has a published factor.
    """
    entries = [entry for entry in knowledge.analytes if analyte in entry.concepts]
    known = [concept.unit for concept in knowledge.concepts if concept.id == analyte]
    known += [conversion.unit for entry in entries for conversion in entry.conversions]
    units = Units(knowledge.units)
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

    >>> spelled("10^9/l"), spelled("mm/h{Westergren}"), spelled("µg/dl")
    ('10*9/L', 'mm/h', 'ug/dL')
    """
    text = _ANNOTATION.sub("", unit[:64]).strip()
    text = "".join(text.split())
    for pattern, spelling in _SPELLINGS:
        text = pattern.sub(spelling, text)
    return _POWER.sub(r"10*\1", text)


@cached(most=256)
def _by_dimension(unit: str, to: str) -> Conversion | None:
    """Ask the library: the factor between two units of one dimension, or `None`."""
    # Imported here, and only here: it takes longer to load than a whole work-up takes, and almost
    # every record holds only units that the table knows.
    from lark.exceptions import LarkError
    from pint import errors

    faults = (LarkError, errors.PintError, ValueError, ArithmeticError, AttributeError, TypeError)
    if not unit or not to or _EQUIVALENTS.search(unit):
        return None
    try:
        registry = _registry()
        theirs, ours = registry.from_ucum(unit), registry.from_ucum(to)
        ends = [
            registry.Quantity(value * theirs.magnitude, theirs.units).to(ours.units).magnitude
            / ours.magnitude
            for value in (0.0, 1.0)
        ]
    except faults:
        return None
    return Conversion(factor=float(ends[1] - ends[0]), offset=float(ends[0]))


@lru_cache(maxsize=1)
def _registry() -> Any:  # Any: the library has no types
    from ucumvert import PintUcumRegistry  # type: ignore[import-untyped]  # it has none

    return PintUcumRegistry()
