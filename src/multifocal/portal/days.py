"""Days that a record can be assessed on."""

from datetime import UTC, date, datetime

from multifocal.exchange.dates import FIRST_YEAR


def is_day_of_a_record(day: date) -> bool:
    """Whether a day is not so far away that nobody on record lived then."""
    return FIRST_YEAR <= day.year <= datetime.now(UTC).year + 1
