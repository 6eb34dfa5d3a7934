from datetime import date

import pytest

from multifocal.model.day import Day
from multifocal.workup.age import months, years, years_between


@pytest.mark.parametrize(
    ("birth", "day", "expected"),
    [
        (date(2008, 10, 20), date(2026, 10, 20), 18.0),
        (date(2017, 3, 1), date(2026, 3, 1), 9.0),
        (date(2017, 1, 1), date(2026, 7, 2), 9 + 182 / 365),
    ],
)
def test_age_is_whole_on_birthdays(birth: date, day: date, expected: float) -> None:
    assert years(birth, day) == pytest.approx(expected)


def test_the_day_before_the_18th_birthday_is_under_18() -> None:
    assert years(date(2008, 10, 20), date(2026, 10, 19)) < 18


def test_eleven_years_and_eleven_months_are_143_months() -> None:
    assert months(date(2014, 11, 20), date(2026, 10, 20)) == 143


def test_a_birth_year_alone_gives_a_span_of_a_year() -> None:
    least, most = years_between(Day.parse("2017"), Day.parse("2026-12-31"))
    assert least == 9.0
    assert most == pytest.approx(9 + 364 / 365)
