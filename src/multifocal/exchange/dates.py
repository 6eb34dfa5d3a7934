"""Days and ages as other formats write them."""

import re
from calendar import monthrange
from datetime import date, timedelta

from multifocal.exchange.cache import cached
from multifocal.model.day import Day

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2}(T[0-9:.]+(Z|[+-]\d{2}:?\d{2})?)?)?)?", re.ASCII)
_DURATION = re.compile(
    r"P(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T.*)?", re.ASCII
)
_MONTHS = {"a": 12, "mo": 1}
_DAYS = {"wk": 7, "d": 1}
FIRST_YEAR = 1880
"""Nobody whose record is read was born before; an earlier year is a fault of typing."""
LAST_YEAR = 2200
"""A later year stands for "no end", such as 9999."""


@cached(most=4096)
def day_of(text: str) -> Day:
    """Read a FHIR date, date-time or instant, keeping its precision and its local date.

    Raises `ValueError`, without the text, for a date that can't be.

    >>> str(day_of("2026-10"))
    '2026-10'
    """
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
