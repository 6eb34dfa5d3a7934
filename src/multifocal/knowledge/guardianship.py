"""When a guardian's access to a child's record is looked at again, and when it ends."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from multifocal.knowledge.entries import GuardianshipEntry

ELSEWHERE = "elsewhere"
"""The row for countries that have none of their own."""


class GuardianshipDates(NamedTuple):
    """The days that an age rule gives for one child."""

    review_from: date
    review_until: date
    """The first day after the years in which it is looked at again."""
    ends: date


def rule_for(country: str, rows: Iterable[GuardianshipEntry]) -> GuardianshipEntry:
    """Give the row of a country, or the one for all others."""
    by_id = {row.id: row for row in rows}
    return by_id.get(country, by_id[ELSEWHERE])


def dates(rule: GuardianshipEntry, *, birth_year: int, birth_month: int) -> GuardianshipDates:
    """Give the days for a child of whom only year and month of birth are known.

    The birthday counts as the first day of its month, so that access ends early by some days rather
    than late.
    """

    def aged(years: int) -> date:
        return date(birth_year + years, birth_month, 1)

    return GuardianshipDates(
        review_from=aged(rule.review_from_years),
        review_until=aged(rule.review_until_years + 1),
        ends=aged(rule.ends_years),
    )
