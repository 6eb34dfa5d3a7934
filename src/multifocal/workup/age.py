"""Ages between two days, exact at birthdays; spans where a date is only partly known."""

from datetime import date

from multifocal.model.day import Day
from multifocal.model.truth import Span

MONTHS_A_YEAR = 12


def years(birth: date, day: date) -> float:
    """Give the age in years: whole birthdays passed, and the share of the year since the last.

    >>> birth = date(2008, 2, 29)
    >>> years(birth, date(2026, 2, 28)) < 18, years(birth, date(2026, 3, 1))
    (True, 18.0)
    """
    whole = day.year - birth.year - (day < _anniversary(birth, day.year))
    last = _anniversary(birth, birth.year + whole)
    following = _anniversary(birth, birth.year + whole + 1)
    return whole + (day - last).days / (following - last).days


def months(birth: date, day: date) -> float:
    """Give the age in completed months.

    >>> months(date(2014, 1, 31), date(2026, 1, 30)), months(date(2014, 1, 31), date(2026, 1, 31))
    (143, 144)
    """
    whole = (day.year - birth.year) * MONTHS_A_YEAR + day.month - birth.month
    return whole - (day.day < birth.day)


def years_between(birth: Day, day: Day) -> Span:
    """Give the least and greatest age in years; never below zero."""
    return Span(
        max(years(birth.latest, day.earliest), 0.0), max(years(birth.earliest, day.latest), 0.0)
    )


def months_between(birth: Day, day: Day) -> Span:
    """Give the least and greatest age in completed months; never below zero."""
    return Span(
        max(months(birth.latest, day.earliest), 0), max(months(birth.earliest, day.latest), 0)
    )


def _anniversary(birth: date, year: int) -> date:
    """Give the birthday in a year; 1 March for a child of 29 February."""
    try:
        return birth.replace(year=year)
    except ValueError:
        return date(year, 3, 1)
