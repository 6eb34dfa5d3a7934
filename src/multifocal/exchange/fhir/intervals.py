"""The laboratory's own reference interval, and where a value stands in it."""

import re
from collections.abc import Iterable
from math import inf
from typing import Literal, NamedTuple

from multifocal.exchange.dates import after_months
from multifocal.exchange.fhir.reading import Reading, Setting
from multifocal.exchange.fhir.resources import CodeableConcept, Quantity, Range, ReferenceRange
from multifocal.exchange.fhir.words import code_in
from multifocal.exchange.units import Conversion, spelled
from multifocal.knowledge.entries import ConceptEntry
from multifocal.model.record import Sex

Flag = Literal["low", "normal", "high"]
_NUMBER = r"(\d+(?:[.,]\d+)?)"
_FROM_TO = re.compile(rf"\s*{_NUMBER}\s*(?:-|\u2013|to|bis|à)\s*{_NUMBER}\s*(.*)")
_UP_TO = re.compile(rf"\s*(?:<=?|≤|up to)\s*{_NUMBER}\s*(.*)")
_FROM = re.compile(rf"\s*(?:>=?|≥)\s*{_NUMBER}\s*(.*)")
_MONTHS = {"a": 12, "mo": 1}
_DAYS = {"wk": 7, "d": 1, "h": 1 / 24}
_SEXES: dict[str, Sex] = {"female": "female", "f": "female", "male": "male", "m": "male"}


class Bounds(NamedTuple):
    """A reference interval in our unit; `None` is open on that side."""

    low: float | None
    high: float | None


def bounds_of(
    ranges: Iterable[ReferenceRange],
    quantity: Quantity,
    conversion: Conversion,
    concept: ConceptEntry,
    setting: Setting,
    reading: Reading,
) -> Bounds | None:
    """Give the normal interval that is meant for this child, if exactly one is."""
    unit = quantity.code or quantity.unit or ""
    fitting: list[tuple[bool, Bounds]] = []
    for given in ranges:
        if given.type and not code_in(given.type, "normal"):
            continue
        for_sex = _sex_of(given.applies_to)
        if for_sex and reading.sex != for_sex:
            continue
        suits = _suits_age(given.age, setting, reading)
        if suits is False or (given.age is not None and suits is None):
            continue
        bounds = _bounds(given, unit, conversion, concept, reading)
        if bounds is None:
            continue
        low, high = bounds
        if low is not None and high is not None and low > high:
            reading.issue_log.warning(
                setting.where,
                f"the reference interval of {concept.label} is upside down and was "
                "left out. Mend referenceRange.",
            )
            continue
        fitting.append((for_sex is not None or given.age is not None, bounds))
    best = [bounds for special, bounds in fitting if special] or [bounds for _, bounds in fitting]
    if len(set(best)) > 1:
        reading.issue_log.info(
            setting.where,
            f"several reference intervals are given for {concept.label} and none was used",
        )
        return None
    return best[0] if best else None


def _sex_of(groups: Iterable[CodeableConcept] | None) -> Sex | None:
    for group in groups or ():
        if code := code_in(group, *_SEXES):
            return _SEXES[code]
    return None


def _suits_age(age: Range | None, setting: Setting, reading: Reading) -> bool | None:
    """Tell whether the child was of this age on the day; `None` when it can't be known."""
    if age is None:
        return True
    if reading.birth is None or setting.day is None:
        return None
    try:
        low = _days(age.low, reading, otherwise=0.0)
        high = _days(age.high, reading, otherwise=inf)
    except (ValueError, OverflowError):
        return None
    oldest = (setting.day.latest - reading.birth.earliest).days
    youngest = (setting.day.earliest - reading.birth.latest).days
    if youngest >= low and oldest <= high:
        return True
    return False if oldest < low or youngest > high else None


def _days(age: Quantity | None, reading: Reading, *, otherwise: float) -> float:
    """Give an age in days for this child; `otherwise` where the band is open."""
    if age is None or age.value is None or reading.birth is None:
        return otherwise
    unit = age.code or age.unit or ""
    if unit in _MONTHS:
        birth = reading.birth.earliest
        return float((after_months(birth, round(age.value * _MONTHS[unit])) - birth).days)
    if unit in _DAYS:
        return age.value * _DAYS[unit]
    raise ValueError("not a unit of age")


def _bounds(
    given: ReferenceRange,
    unit: str,
    conversion: Conversion,
    concept: ConceptEntry,
    reading: Reading,
) -> Bounds | None:
    if given.low is None and given.high is None:
        return _worded(given.text, unit, conversion)
    ends: list[float | None] = []
    for end in (given.low, given.high):
        if end is None or end.value is None:
            ends.append(None)
            continue
        own = end.code or end.unit or unit
        convert = reading.units.conversion(concept.id, own, concept.unit) if own != unit else None
        if own != unit and convert is None:
            return None
        ends.append((convert or conversion)(end.value))
    return None if ends == [None, None] else Bounds(ends[0], ends[1])


def _worded(text: str | None, unit: str, conversion: Conversion) -> Bounds | None:
    """Read "0 - 5 mg/L" or "<5", in the unit of the value only."""
    if not text or len(text) > 80:
        return None
    for pattern, low_at, high_at in ((_FROM_TO, 1, 2), (_UP_TO, 0, 1), (_FROM, 1, 0)):
        found = pattern.fullmatch(text)
        if found is None:
            continue
        written = spelled(found[pattern.groups])
        if written and written != spelled(unit):
            return None
        low = conversion(_number(found[low_at])) if low_at else None
        high = conversion(_number(found[high_at])) if high_at else None
        return Bounds(low, high)
    return None


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def flag_of(value: float, comparator: str | None, bounds: Bounds) -> Flag | None:
    """Tell where a value stands in an interval; `None` when a censored value leaves it open."""
    least = -inf if comparator in ("<", "<=") else value
    most = inf if comparator in (">", ">=") else value
    low = -inf if bounds.low is None else bounds.low
    high = inf if bounds.high is None else bounds.high
    if most < low or (most == low and comparator == "<"):
        return "low"
    if least > high or (least == high and comparator == ">"):
        return "high"
    if comparator in ("<", "<="):
        # The value lies between zero and its bound; only an interval from zero holds it surely.
        return "normal" if most <= high and low <= 0 else None
    return "normal" if least >= low and most <= high else None


_HIGH = ("h", "hh", "hu", ">")
_LOW = ("l", "ll", "lu", "<")


def reported_flag(interpretation: Iterable[CodeableConcept] | None) -> Flag | None:
    """Give the flag that the laboratory itself set."""
    for one in interpretation or ():
        if code_in(one, *_HIGH):
            return "high"
        if code_in(one, *_LOW):
            return "low"
        if code_in(one, "n"):
            return "normal"
    return None
