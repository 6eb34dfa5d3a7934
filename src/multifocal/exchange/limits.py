"""What a value can be: what can't be is asked about, not believed."""

from collections.abc import Iterable
from functools import lru_cache
from math import inf
from typing import NamedTuple

import msgspec

from multifocal.exchange.numbers import Amount, Comparator, Decimal, Unclear, amount_of
from multifocal.exchange.units import Converted, Problem, units_of
from multifocal.knowledge.entries import ConceptEntry, LimitEntry, SlipEntry
from multifocal.knowledge.load import Knowledge
from multifocal.model.record import ConceptId

_SINGLE = 1e-3
"""What is counted in a thousandth of a power of ten are single cells, and those are whole."""

CHECK = "Check value and unit."
TWO_WAYS = "can be read in two ways"


class Doubt(NamedTuple):
    """Why a value is doubted."""

    message: str
    """For an issue: which analyte, why, what was done and what helps; never the value."""
    why: str
    """Goes on after a name or "this": "looks like g/dL under the unit g/L"."""
    keep: bool
    """Whether it is used all the same: it is rare, and not known to be wrong."""


class Limits:
    """The limits of what each analyte can be, and the slips that values outside suggest."""

    def __init__(self, limits: Iterable[LimitEntry], slips: Iterable[SlipEntry]) -> None:
        """Index both by analyte."""
        self._limits = {limit.analyte: limit for limit in limits}
        self._slips: dict[ConceptId, list[SlipEntry]] = {}
        for slip in slips:
            self._slips.setdefault(slip.analyte, []).append(slip)

    def usual(self, analyte: ConceptId) -> tuple[float, float] | None:
        """Give between what values an analyte is not asked about, in our unit."""
        limit = self._limits.get(analyte)
        return None if limit is None else (limit.ask_below, limit.ask_above)

    def doubt(self, concept: ConceptEntry, converted: Converted) -> Doubt | None:
        """Give why an amount in our unit is doubted, if it is."""
        value, high, comparator, _ = converted
        limit = self._limits.get(concept.id)
        if limit is None:
            return None
        if high is None and comparator is None and limit.ask_below <= value <= limit.ask_above:
            if concept.id not in self._slips:
                return None
        ends = (value,) if high is None else (value, high)
        doubts = [doubt for end in ends if (doubt := self._doubt(concept, limit, end, comparator))]
        return min(doubts, key=lambda doubt: doubt.keep, default=None)

    def _doubt(
        self, concept: ConceptEntry, limit: LimitEntry, value: float, comparator: Comparator | None
    ) -> Doubt | None:
        slips = self._slips.get(concept.id, ()) if comparator is None else ()
        slip = next((one for one in slips if one.least <= value < one.below), None)
        # Of what is only bounded, no more is known than that it lies beyond its bound.
        least = -inf if comparator in ("<", "<=") else value
        most = inf if comparator in (">", ">=") else value
        impossible = _side(least, most, limit.possible_low, limit.possible_high)
        unusual = _side(least, most, limit.ask_below, limit.ask_above)
        keep = not impossible and (slip is None or slip.keep)
        if slip is not None:
            why = slip.says
        elif impossible or unusual:
            why = f"can't be so {impossible}" if impossible else f"is unusually {unusual}"
        else:
            return None
        done = "it was kept" if keep else "it was left out"
        return Doubt(f"{concept.label} {why}; {done}. {CHECK}", why, keep)


def _side(least: float, most: float, low: float, high: float) -> str:
    """Give on which side of two limits something lies; empty between them."""
    return "low" if most < low else "high" if least > high else ""


@lru_cache(maxsize=4)
def limits_of(knowledge: Knowledge) -> Limits:
    """Give the limits of this knowledge, indexed once."""
    return Limits(knowledge.limits, knowledge.slips)


def doubt_of(concept: ConceptEntry, converted: Converted, *, knowledge: Knowledge) -> Doubt | None:
    """Give why an amount in our unit is doubted, if it is."""
    return limits_of(knowledge).doubt(concept, converted)


def stated_amount(
    text: str,
    concept: ConceptEntry,
    *,
    knowledge: Knowledge,
    unit: str = "",
    decimal: Decimal | None = None,
) -> Amount | Unclear | None:
    """Read an amount of a concept; what its comma means may be settled by what it can be.

    ``unit`` is that which stands apart from the text.
    """
    amount = amount_of(text)
    if amount is None:
        return None
    if isinstance(amount, Unclear):
        readings = tuple(_in(one, unit) for one in amount.readings)
        amount = _settled(text, readings, concept, knowledge, decimal)
    return _in(amount, unit) if isinstance(amount, Amount) else amount


def _settled(
    text: str,
    readings: tuple[Amount, ...],
    concept: ConceptEntry,
    knowledge: Knowledge,
    decimal: Decimal | None,
) -> Amount | Unclear | None:
    converted = units_of(knowledge).converted(readings[0], concept)
    limits, usual = limits_of(knowledge).usual(concept.id), None
    if isinstance(converted, Converted):
        factor, offset = converted.conversion
        if concept.unit.startswith("10*") and factor <= _SINGLE:
            return max(readings, key=lambda one: one.value)
        usual = limits and ((limits[0] - offset) / factor, (limits[1] - offset) / factor)
    settled = amount_of(text, usual=usual, decimal=decimal)
    return Unclear(readings) if isinstance(settled, Unclear) else settled


def _in(amount: Amount, unit: str) -> Amount:
    return amount if amount.unit else msgspec.structs.replace(amount, unit=unit)


def taken(
    amount: Amount | Unclear, concept: ConceptEntry, *, knowledge: Knowledge
) -> tuple[Converted | None, Problem | None]:
    """Give an amount in our unit, where it can be believed, and what is wrong with it."""
    if isinstance(amount, Unclear):
        mend = "it was left out. Write it without a mark for thousands."
        return None, Problem(f"{concept.label} {TWO_WAYS}; {mend}")
    converted = units_of(knowledge).converted(amount, concept)
    if isinstance(converted, Problem):
        return None, converted
    if min(converted.value, converted.high or 0.0) < 0 and concept.kind == "lab":
        return None, Problem(f"{concept.label} is below zero and was left out. Mend the value.")
    doubt = doubt_of(concept, converted, knowledge=knowledge)
    if doubt is None:
        return converted, None
    return (converted if doubt.keep else None), Problem(doubt.message)
