"""Days that no record can hold are refused, so that nothing counts from them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multifocal.exchange.dates import BIRTH_AND_AGE, born, day_of, unbelieved
from multifocal.model.day import Day


@pytest.mark.parametrize("text", ["9999-12-31", "2999", "0001-01-01", "2026-13", "2026-02-30", "x"])
def test_a_day_that_can_not_be_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a date|must be in|out of range"):
        day_of(text)


def days(*texts: str) -> list[Day]:
    return [Day.parse(text) for text in texts]


def test_one_day_that_lies_far_in_the_future_is_a_slip() -> None:
    [slip] = days("2052-06-01")
    assert unbelieved([*days("2025-01-01", "2026-03", "2026"), slip]) == {slip}
    assert unbelieved([*days("2025-01-01"), slip]) == {slip}
    assert unbelieved([slip]) == frozenset()  # nothing to hold it against


def test_what_comes_after_the_record_was_written_is_a_slip() -> None:
    written = date(2026, 3, 1)
    [later] = days("2026-03-15")
    assert unbelieved([*days("2026-02-28", "2026-03-01"), later], written=written) == {later}
    # It may be the next day where the child is, and a month may hold the day before it.
    assert unbelieved(days("2026-03-02", "2026-03", "2026"), written=written) == frozenset()


def test_what_is_a_little_later_than_the_rest_is_no_slip() -> None:
    assert unbelieved(days("2026-02-28", "2026-03-14")) == frozenset()
    # Seen as a baby, and again as a girl of fourteen.
    assert unbelieved(days("2012-01-05", "2026-03-14")) == frozenset()


def test_a_made_up_day_long_ago_casts_no_doubt_on_the_rest() -> None:
    [birth] = days("2015-05-01")
    assert unbelieved(days("1900-01-01", "2025-01-01"), birth=birth) == frozenset()
    assert unbelieved(days("1900-01-01", "2025-01-01", "2025-02-01")) == frozenset()


@given(st.lists(st.dates(date(2000, 1, 1), date(2014, 12, 31)), max_size=8))
def test_no_day_of_one_childhood_is_doubted(given_days: list[date]) -> None:
    assert unbelieved(Day(day, day) for day in given_days) == frozenset()


def test_a_stated_age_beats_a_birth_date_that_was_made_up() -> None:
    # Seven years old on 1 January 2021: born from 2 January 2013 to 1 January 2014.
    [made_up, day] = days("1999-02-01", "2021-01-01")
    found = born(made_up, 7, day)
    assert (found.birth, found.problem) == (Day(date(2013, 1, 2), date(2014, 1, 1)), BIRTH_AND_AGE)


@pytest.mark.parametrize("birth", ["2013-05-01", "2014", "2012-06-01", "2014-12-31"])
def test_a_birth_date_that_fits_the_stated_age_stays(birth: str) -> None:
    [known, day] = days(birth, "2021-01-01")
    assert born(known, 7, day) == (known, day, "")


def test_an_age_without_a_day_is_that_of_the_last_encounter() -> None:
    # Born on 1 February 1999, seven years from 1 February 2006 to 31 January 2007.
    [birth] = days("1999-02-01")
    assert born(birth, 7, None) == (birth, Day(date(2006, 2, 1), date(2007, 1, 31)), "")
    assert born(None, 7, None) == (None, None, "")
    assert born(birth, None, None) == (birth, None, "")
    assert born(birth, 1e6, None).birth == birth


def test_an_age_alone_gives_a_birth() -> None:
    [day] = days("2021-01-01")
    # Six months: a month that has not passed yet makes it up to 30 days more.
    assert born(None, 0.5, day).birth == Day(date(2020, 6, 2), date(2020, 7, 1))
