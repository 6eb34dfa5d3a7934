"""The ages of guardianship, as the knowledge has them, for one child."""

from multifocal.knowledge.entries import GuardianshipEntry
from multifocal.knowledge.guardianship import GuardianshipDates, dates, rule_for
from multifocal.portal.care.models import Child
from multifocal.portal.engine import knowledge


def countries() -> list[tuple[str, str]]:
    """Give the countries that have ages of their own, and all others, for a form."""
    return [(row.id, row.name) for row in knowledge().guardianship]


def rule_of(country: str) -> GuardianshipEntry:
    """Give the age rule of a country."""
    return rule_for(country, knowledge().guardianship)


def dates_of(child: Child) -> GuardianshipDates:
    """Give the days on which a guardian's access to this child is looked at again, and ends."""
    rule = rule_of(child.country)
    return dates(rule, birth_year=child.birth_year, birth_month=child.birth_month)
