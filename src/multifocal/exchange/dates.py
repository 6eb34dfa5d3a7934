"""Days and ages as other formats write them."""

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from multifocal.exchange.cache import cached
from multifocal.model.day import Day

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)
_TIME = re.compile(r"T[0-9:.]+(Z|[+-]\d{2}:?\d{2})?", re.ASCII)
_DURATION = re.compile(
    r"P(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T.*)?", re.ASCII
)
_MONTHS = {"a": 12, "mo": 1}
_DAYS = {"wk": 7, "d": 1}
_A_DAY = len("2026-10-20")
FIRST_YEAR = 1880
"""Nobody whose record is read was born before; an earlier year is a fault of typing."""
LAST_YEAR = 2500
"""A later year stands for "no end", such as 9999."""
_OLDEST = 150
FAR_DAYS = 15 * 366
"""Entries of one childhood don't lie so far apart that the last alone comes so much later."""


def day_of(text: str) -> Day:
    """Read a FHIR date, date-time or instant, keeping its precision and its local date.

    Raises `ValueError`, without the text, for a date that can't be.

    >>> str(day_of("2026-10"))
    '2026-10'
    """
    if not _is_time(text[_A_DAY:]):
        raise ValueError("not a date")
    return _day_of(text[:_A_DAY])


@cached(most=4096)
def _is_time(text: str) -> bool:
    return not text or _TIME.fullmatch(text) is not None


@cached(most=4096)
def _day_of(text: str) -> Day:
    if not _DATE.fullmatch(text):
        raise ValueError("not a date")
    day = Day.parse(text)
    if not FIRST_YEAR <= day.earliest.year <= LAST_YEAR:
        raise ValueError("not a date")
    return day


def between(start: Day, end: Day) -> Day:
    """Give the day that is not before `start` and not after `end`.

    Raises `ValueError` when the end is before the start.
    """
    if end.latest < start.earliest:
        raise ValueError("end before start")
    return Day(start.earliest, end.latest)


def born_and_aged(birth: Day, value: float, unit: str) -> Day:
    """Give the days on which a child born on `birth` has the age, counted in whole units.

    `unit` is UCUM: ``a``, ``mo``, ``wk`` or ``d``; another raises `ValueError`.

    >>> str(born_and_aged(Day.parse("2017-03-10"), 8, "a"))
    '2025-03-10 to 2026-03-09'
    """
    if unit in _MONTHS:
        months = round(value * _MONTHS[unit])
        width = _MONTHS[unit] if value == int(value) else 1
        first = after_months(birth.earliest, months)
        return Day(first, after_months(birth.latest, months + width) - timedelta(days=1))
    if unit in _DAYS:
        days, width = round(value * _DAYS[unit]), _DAYS[unit]
        last = birth.latest + timedelta(days=days + width - 1)
        return Day(birth.earliest + timedelta(days=days), last)
    raise ValueError("not a unit of age")


def after_months(day: date, months: int) -> date:
    """Give the same day of the month some months later, or the last day of a shorter month.

    >>> after_months(date(2024, 1, 31), 1)
    datetime.date(2024, 2, 29)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def years_of(duration: str) -> float | None:
    """Give an ISO 8601 duration in years, or `None` when it is no such duration.

    >>> years_of("P8Y6M")
    8.5
    """
    found = _DURATION.fullmatch(duration)
    if found is None or not any(found.groups()):
        return None
    years, months, weeks, days = (int(part or 0) for part in found.groups())
    return round(years + months / 12 + (weeks * 7 + days) / 365.25, 4)


def unbelieved(
    days: Iterable[Day], *, written: date | None = None, birth: Day | None = None
) -> frozenset[Day]:
    """Give the days of what has happened that must be mistyped, since they lie in the future.

    ``written`` is when the record was written; what has happened can't be later, a day for time
    zones apart. Where that isn't known, days are not believed that come later by far than at least
    as many others since the birth. What is only planned is not to be given.

    >>> unbelieved(map(Day.parse, ("2026-03", "2052-06-01")))
    frozenset({Day(earliest=datetime.date(2052, 6, 1), latest=datetime.date(2052, 6, 1))})
    """
    known = list(set(days))
    if written is not None:
        return frozenset(day for day in known if day.earliest > written + timedelta(days=1))
    known = sorted(day for day in known if birth is None or day.latest >= birth.earliest)
    gaps = [
        place
        for place, (before, day) in enumerate(pairwise(known), start=1)
        if (day.earliest - before.latest).days > FAR_DAYS
    ]
    last = gaps[-1] if gaps and len(known) <= 2 * gaps[-1] else len(known)
    return frozenset(known[last:])


class Birth(NamedTuple):
    """When a child was born and when its age was stated, as far as the record can be believed."""

    birth: Day | None
    day: Day | None
    """When the child had the age that is stated."""
    problem: str = ""
    """What is wrong, as a message for an issue."""


BIRTH_AND_AGE = (
    "the birth date and the age that is stated disagree; the age was believed. Mend the birth date."
)
_TOLERANCE = timedelta(days=366)


def born(birth: Day | None, age_years: float | None, day: Day | None) -> Birth:
    """Give the birth that goes with an age in years that was stated on a day.

    A stated age beats a birth date that disagrees with it by more than a year: such dates are often
    made up. ``day`` is that of the statement, or of the last entry of the record; without any the
    age is held for that of the last encounter, whenever it was.

    >>> str(born(Day.parse("1999-02-01"), 7, Day.parse("2021-01-01")).birth)
    '2013-01-02 to 2014-01-01'
    >>> str(born(Day.parse("1999-02-01"), 7, None).day)
    '2006-02-01 to 2007-01-31'
    """
    if age_years is None or not 0 <= age_years <= _OLDEST:
        return Birth(birth, day)
    if day is None:
        return Birth(birth, birth and born_and_aged(birth, age_years, "a"))
    months = round(age_years * _MONTHS["a"])
    width = _MONTHS["a"] if age_years == int(age_years) else 1
    first = after_months(day.earliest, -(months + width)) + timedelta(days=1)
    stated = Day(first, after_months(day.latest, -months))
    if birth is None:
        return Birth(stated, day)
    agree = (
        birth.latest >= stated.earliest - _TOLERANCE
        and birth.earliest <= stated.latest + _TOLERANCE
    )
    return Birth(birth, day) if agree else Birth(stated, day, BIRTH_AND_AGE)


def age_on(birth: Day | None, day: Day | None) -> float | None:
    """Give how old somebody was on a day in years, at most; `None` where it can't be known."""
    if birth is None or day is None:
        return None
    return (day.latest - birth.earliest).days / 365.25
