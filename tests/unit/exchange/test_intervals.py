"""Reference intervals: which is meant for a child, and where a value stands in it."""

from typing import Literal

import pytest
from msgspec.structs import replace

from multifocal.exchange.intervals import (
    Bounds,
    Child,
    Found,
    agreed,
    bounds_of,
    flag_of,
    group_words_of,
)
from multifocal.exchange.numbers import Amount, Interval
from multifocal.exchange.units import Converted, units_of
from multifocal.knowledge.load import load
from multifocal.model.day import Day

KNOWLEDGE = load()
GIRL_OF_9 = Child("female", Day.parse("2016-05-01"), Day.parse("2025-10-20"))
NOBODY_KNOWN = Child()


def found(amount: Amount, concept: str, *intervals: Interval, child: Child = GIRL_OF_9) -> Found:
    known = KNOWLEDGE.concepts_by_id[concept]
    converted = units_of(KNOWLEDGE).converted(amount, known)
    assert isinstance(converted, Converted)
    return bounds_of(intervals, amount, converted, known, child, knowledge=KNOWLEDGE)


def worded(value: float, unit: str, concept: str, text: str, child: Child = GIRL_OF_9) -> Found:
    return found(Amount(value, unit=unit), concept, Interval(text=text), child=child)


@pytest.mark.parametrize(
    ("value", "unit", "concept", "text", "low", "high"),
    [
        (3, "mg/L", "crp", "0 - 5", 0, 5),
        (3, "mg/L", "crp", "0 - 5 mg/L", 0, 5),
        (3, "mg/L", "crp", "up to 5", None, 5),
        (3, "mg/L", "crp", "< 5", None, 5),
        (3, "mg/L", "crp", "< 0,5 mg/dl", None, 5),  # 0.5 mg/dL is 5 mg/L
        (60, "nmol/L", "vitd", "> 50", 50, None),
        (450_000, "/uL", "platelets", "150,000-450,000", 150, 450),
        (450_000, "/uL", "platelets", "150.000 - 450.000 /µl", 150, 450),
        (450, "10*9/L", "platelets", "150,000-450,000 /uL", 150, 450),
        (450, "10*9/L", "platelets", "150-450 x10^9/L", 150, 450),
        (450, "10*9/L", "platelets", "150.000-450.000", 150, 450),
        (450_000, "/uL", "platelets", "150 000 bis 450 000", 150, 450),
        (7, "10*9/L", "wbc", "Normal: 4,5 - 13,5", 4.5, 13.5),
        (7, "10*9/L", "wbc", "(4.5-13.5)", 4.5, 13.5),
        (7, "10*9/L", "wbc", "Children: 4.5-13.5", 4.5, 13.5),
        (7, "10*9/L", "wbc", "Mädchen 4,5-13,5", 4.5, 13.5),
        (7, "10*9/L", "wbc", "4.5-13.5 (6-12 years)", 4.5, 13.5),
        (7, "10*9/L", "wbc", "6 - 12 J.: 4.5-13.5", 4.5, 13.5),
        (8, "mmol/L", "hb", "7.1-9.3", 114.4094, 149.8602),  # times 16.114
    ],
)
def test_an_interval_in_words_is_read_in_our_unit(
    value: float, unit: str, concept: str, text: str, low: float | None, high: float | None
) -> None:
    bounds = worded(value, unit, concept, text).bounds
    assert bounds is not None
    assert bounds.low == (low if low is None else pytest.approx(low))
    assert bounds.high == (high if high is None else pytest.approx(high))


@pytest.mark.parametrize(
    "text",
    [
        "40-130 (Adults)", "Adults: 40-130", "adult 40-130", "Erwachsene: 40-130",
        "40-130; Adultes",
        "> 18 y: 40-130", "40-130 (>= 18 Jahre)", "40-130 (18-60 years)",
        "18 years and older: 40-130",
        "40-130 (18+)", "Men: 40-130", "Adult males 40-130", "Boys 40-130", "Neugeborene: 40-130",
        "pregnant: 40-130", "Luteal phase 40-130", "Adultos: 40-130",
        "40-130 U/L (femmes adultes)",
    ],
)  # fmt: skip
def test_what_is_for_others_is_not_used_and_that_is_told(text: str) -> None:
    told = worded(310, "U/L", "alp", text)
    assert told.bounds is None
    assert [problem.level for problem in told.problems] == ["info"]
    assert "others than this child" in told.problems[0].message


def test_a_remark_beside_numbers_says_whom_they_are_for_where_it_is_known() -> None:
    def bounds(**remarks: str) -> Bounds | None:
        numbers = Interval(low=Amount(40, unit="U/L"), high=Amount(130, unit="U/L"))
        return found(Amount(310, unit="U/L"), "alp", replace(numbers, **remarks)).bounds

    assert bounds(text="Adults") is bounds(for_whom="Erwachsene") is None
    assert bounds(text="40-130 (adult)") is bounds(text="> 18 years") is None
    for text in ("", "as printed", "40-130 U/L", "Normal range"):
        assert bounds(text=text) == Bounds(40, 130)


def test_ages_that_are_coded_are_held_against_the_birth() -> None:
    def aged(low: float | None, high: float | None, child: Child = GIRL_OF_9) -> Bounds | None:
        band = Interval(
            high=Amount(5, unit="mg/L"),
            youngest=None if low is None else Amount(low, code="a"),
            oldest=None if high is None else Amount(high, code="a"),
        )
        return found(Amount(3, unit="mg/L"), "crp", band, child=child).bounds

    assert aged(6, 12) == aged(None, 12) == aged(6, None) == Bounds(None, 5)
    assert aged(18, None) is None
    assert aged(None, 6) is None
    assert aged(6, 12, NOBODY_KNOWN) is None


def test_an_adult_gets_the_interval_for_adults() -> None:
    grown = Child("male", Day.parse("2004-01-01"), Day.parse("2025-10-20"))
    assert worded(100, "U/L", "alp", "Adults: 40-130", grown).bounds == Bounds(40, 130)


def test_the_interval_for_this_child_comes_before_the_one_for_all() -> None:
    general = Interval(low=Amount(4), high=Amount(10))
    girls = Interval(low=Amount(5), high=Amount(13), sex="female")
    boys = Interval(low=Amount(6), high=Amount(14), sex="male")
    amount = Amount(7, unit="10*9/L")
    assert found(amount, "wbc", general, girls, boys).bounds == Bounds(5, 13)
    assert found(amount, "wbc", general, girls, child=NOBODY_KNOWN).bounds == Bounds(4, 10)
    several = found(amount, "wbc", general, Interval(low=Amount(4), high=Amount(11)))
    assert several.bounds is None
    assert "several" in several.problems[0].message


@pytest.mark.parametrize(
    ("interval", "level", "told"),
    [
        (Interval(low=Amount(13), high=Amount(4)), "warning", "upside down"),
        (Interval(text="13-4"), "warning", "upside down"),
        (
            Interval(low=Amount(4, unit="mm/h"), high=Amount(13, unit="mm/h")),
            "info",
            "another unit",
        ),
        (Interval(text="4-13 furlong"), "info", "another unit"),
    ],
)
def test_an_interval_that_can_not_be_used_is_told_without_its_numbers(
    interval: Interval, level: str, told: str
) -> None:
    result = found(Amount(7, unit="10*9/L"), "wbc", interval)
    assert result.bounds is None
    assert [problem.level for problem in result.problems] == [level]
    assert told in result.problems[0].message
    assert not any(sign.isdigit() for sign in result.problems[0].message)


def test_what_is_no_reference_interval_is_passed_over() -> None:
    amount = Amount(7, unit="10*9/L")
    for interval in (
        Interval(),
        Interval(text="see note"),
        Interval(low=Amount(4), kind="treatment"),
    ):
        assert found(amount, "wbc", interval) == Found()


@pytest.mark.parametrize(
    ("value", "bounds", "flag"),
    [
        (Converted(3), Bounds(0, 5), "normal"),
        (Converted(5), Bounds(0, 5), "normal"),
        (Converted(6), Bounds(0, 5), "high"),
        (Converted(3), Bounds(4, None), "low"),
        (Converted(5, comparator="<"), Bounds(0, 5), "normal"),
        (Converted(5, comparator="<"), Bounds(4, 9), None),
        (Converted(4, comparator="<"), Bounds(4, 9), "low"),
        (Converted(5, comparator=">"), Bounds(0, 5), "high"),
        (Converted(5, comparator=">"), Bounds(0, 9), None),
        (Converted(2, high=4), Bounds(0, 5), "normal"),
        (Converted(2, high=6), Bounds(0, 5), None),
        (Converted(6, high=8), Bounds(0, 5), "high"),
    ],
)
def test_where_a_value_stands(value: Converted, bounds: Bounds, flag: str | None) -> None:
    assert flag_of(value, bounds) == flag


def test_of_two_flags_that_differ_the_one_that_is_not_normal_stays() -> None:
    crp = KNOWLEDGE.concepts_by_id["crp"]
    levels: tuple[Literal["low", "normal", "high"] | None, ...] = ("low", "normal", "high", None)
    for one in levels:
        for other in levels:
            level, problem = agreed(one, other, crp)
            both = {one, other} - {None}
            assert (problem is None) == (len(both) < 2)
            expected = both if problem is None else both - {"normal"}
            assert level == (next(iter(expected)) if len(expected) == 1 else None)


def test_words_for_groups_are_written_once_and_small() -> None:
    texts = [word.text for word in KNOWLEDGE.group_words]
    assert len(set(texts)) == len(texts)
    assert all(text == text.lower() for text in texts)
    words = group_words_of(KNOWLEDGE)
    assert words.group("Women and men") == words.group("") != words.group("Women")
    assert words.group("smokers") is None
