"""Numbers and intervals by one grammar; what is expected is the number that was written out."""

import string
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multifocal.exchange.numbers import Amount, Interval, Unclear, amount_of, interval_of, scan

GROUPINGS = {".": [",", " ", "\u00a0", "\u2009", "\u202f", "'", ""], ",": [".", " ", "\u202f", ""]}
UNITS = ["", "mg/L", " mg/dL", " x 10^9/L", " 10*3/uL", "/µl", " %", "°C", " mm/1h", " 10 3/uL"]
BETWEEN = ["-", " - ", "\u2013", " to ", " bis ", " à ", " a ", "..", " \u2013 "]
COMPARED = {"<": "<", "≤": "<=", "<=": "<=", "> ": ">", "≥ ": ">=", "up to ": "<=", "bis ": "<="}

amounts = st.builds(
    Fraction, st.integers(min_value=0, max_value=10**9), st.sampled_from([1, 10, 100, 10_000])
)
decimals = st.sampled_from([".", ","])


def grouped(whole: str, mark: str) -> str:
    return mark.join(
        whole[max(at, 0) : at + 3] for at in range(len(whole) - 3, -3, -3)[::-1] if at > -3
    )


def written(value: Fraction, decimal: str, grouping: str) -> str:
    """Write a decimal fraction out exactly, as a country does."""
    places = next(n for n in range(6) if (value * 10**n).denominator == 1)
    digits = str(int(value * 10**places)).zfill(places + 1)
    whole, part = (digits[:-places], digits[-places:]) if places else (digits, "")
    return grouped(whole, grouping) + (decimal + part if part else "")


def one(text: str, **settled: object) -> Amount:
    amount = amount_of(text, **settled)  # type: ignore[arg-type]
    assert isinstance(amount, Amount), text
    return amount


@given(amounts, decimals, st.data())
def test_a_number_is_read_as_it_was_written(
    value: Fraction, decimal: str, data: st.DataObject
) -> None:
    grouping = data.draw(st.sampled_from(GROUPINGS[decimal]))
    unit = data.draw(st.sampled_from(UNITS))
    sign = data.draw(st.sampled_from(["", *COMPARED]))
    amount = one(sign + written(value, decimal, grouping) + unit, decimal=decimal)
    assert amount.value == float(value)
    assert amount.comparator == COMPARED.get(sign)
    assert amount.unit == unit.strip()


@given(amounts, amounts, decimals, st.data())
def test_a_range_is_read_as_it_was_written(
    one_end: Fraction, other: Fraction, decimal: str, data: st.DataObject
) -> None:
    low, high = sorted((one_end, other))
    grouping = data.draw(st.sampled_from(GROUPINGS[decimal]))
    unit = data.draw(st.sampled_from(UNITS))
    text = data.draw(st.sampled_from(BETWEEN)).join(
        written(end, decimal, grouping) for end in (low, high)
    )
    amount = one(text + unit, decimal=decimal)
    assert (amount.value, amount.high, amount.unit) == (float(low), float(high), unit.strip())
    interval = interval_of(text + unit, decimal=decimal)  # type: ignore[arg-type]
    assert isinstance(interval, Interval)
    assert interval.low == Amount(float(low), unit=unit.strip())
    assert interval.high == Amount(float(high), unit=unit.strip())


@given(amounts, decimals, st.data())
def test_without_a_language_a_number_is_read_right_or_is_unclear(
    value: Fraction, decimal: str, data: st.DataObject
) -> None:
    grouping = data.draw(st.sampled_from(GROUPINGS[decimal]))
    read = amount_of(written(value, decimal, grouping))
    readings = read.readings if isinstance(read, Unclear) else (read,)
    assert float(value) in [amount.value for amount in readings if amount is not None]


@given(st.integers(min_value=1, max_value=999), st.integers(min_value=0, max_value=999), decimals)
def test_only_the_magnitude_can_settle_one_mark_before_three_digits(
    left: int, right: int, mark: str
) -> None:
    large = left * 1000 + right
    text, small = f"{left}{mark}{right:03}", large / 1000
    assert isinstance(amount_of(text), Unclear)
    assert one(text, usual=(left, left + 1)).value == small
    assert one(text, usual=(large - 1, large + 1)).value == large
    assert isinstance(amount_of(text, usual=(left, large)), Unclear)


def test_an_extreme_is_not_ruled_out() -> None:
    # 1,240 may be 1.24 or an extreme a little beyond the usual 500: neither is taken.
    assert isinstance(amount_of("1,240 mg/L", usual=(0, 500)), Unclear)
    # A count of 450,000 is usual; one of 450 is 11 times below the least.
    assert one("450,000 /uL", usual=(5_000, 1_500_000)).value == 450_000
    # The language says 450; it is ruled out.
    assert isinstance(amount_of("450.000", usual=(5_000, 1_500_000), decimal="."), Unclear)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.240,5", 1240.5), ("1,240.5", 1240.5), ("1'240", 1240), ("1,5", 1.5),
        ("450 000", 450_000),
        ("0.125", 0.125), ("0,125", 0.125), (".5", 0.5), (",5", 0.5), ("1.234.567", 1_234_567),
        ("4,50,000", 450_000), ("1240.500", 1240.5), ("1.2e3", 1200), ("-1,5", -1.5),
        ("\u22122", -2),
        ("1 240,5", 1240.5), ("12,50", 12.5), ("12.4 H", 12.4), ("5.1*", 5.1), ("ca. 5", 5),
        ("~5", 5),
    ],
)  # fmt: skip
def test_the_shape_settles_what_a_mark_means(text: str, value: float) -> None:
    assert one(text).value == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1:64", Amount(64, form="titre")), ("> 1:64", Amount(64, ">", form="titre")),
        ("<1:1.280", Amount(1280, "<", form="titre")), ("1/160", Amount(160, form="titre")),
        ("1+", Amount(1, form="grade")), ("++", Amount(2, form="grade")),
        ("3+", Amount(3, form="grade")),
        ("between 5 and 10", Amount(5, high=10)), ("von 5 bis 10", Amount(5, high=10)),
        ("up to 10", Amount(10, "<=")), ("bis zu 10 mg/L", Amount(10, "<=", "mg/L")),
        ("jusqu'à 10", Amount(10, "<=")), ("mehr als 5", Amount(5, ">")), ("=>5", Amount(5, ">=")),
        ("5 mg/L or less", Amount(5, "<=", "mg/L")), ("10 und mehr", Amount(10, ">=")),
        ("less than or equal to 5", Amount(5, "<=")), ("not more than 10", Amount(10, "<=")),
        ("5 mg/L - 10 mg/L", Amount(5, high=10, unit="mg/L")),
        ("10% - 20%", Amount(10, high=20, unit="%")),
        ("\uff1c\uff15", Amount(5, "<")), ("\u2191 12 mg/L", Amount(12, unit="mg/L")),
        ("12 mg/L H*", Amount(12, unit="mg/L")),
        ("12 103/uL", Amount(12, unit="103/uL")), ("250 109/L", Amount(250, unit="109/L")),
        ("250 1000/uL", Amount(250, unit="1000/uL")), ("5E3 /uL", Amount(5000, unit="/uL")),
    ],
)  # fmt: skip
def test_titres_grades_bounds_and_powers_of_ten(text: str, expected: Amount) -> None:
    assert amount_of(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "neg", "--", "-", "", "T8", "1.2.3", "2026-10-20", "10:30", "120/80", "10/12/2025", "5 5",
        "+/-", "+-", "<", "1e999", "nan", "inf", "five", "--3", "1,2,3", "9" * 400, "<5-10",
        "+ve", "5, then 6", "12,345,67",
    ],
)  # fmt: skip
def test_what_is_no_amount_is_none(text: str) -> None:
    assert amount_of(text) is None


@given(
    st.text(
        alphabet=string.punctuation.replace("+", "") + " \u2013\u2014…·•°¿¡«»\u2212\u00a0",
        max_size=8,
    )
)
def test_punctuation_is_no_number(text: str) -> None:
    assert amount_of(text) is None
    assert interval_of(text) is None


@given(st.text(alphabet="0123456789.,-:/<>+ e'x*^()mgL\u00a0", max_size=40))
def test_no_text_breaks_the_grammar(text: str) -> None:
    amount_of(text)
    interval_of(text)
    scan(text, 0)


@pytest.mark.parametrize(
    ("text", "low", "high", "for_whom"),
    [
        ("4.5 - 13.5", Amount(4.5), Amount(13.5), ""),
        ("(0-5)", Amount(0), Amount(5), ""),
        ("up to 10", None, Amount(10, "<="), ""),
        ("< 5", None, Amount(5, "<"), ""),
        ("> 50 nmol/L", Amount(50, ">", "nmol/L"), None, ""),
        ("< 1:80", None, Amount(80, "<", form="titre"), ""),
        ("Adults: 40-130 U/L", Amount(40, unit="U/L"), Amount(130, unit="U/L"), "Adults"),
        ("40-130 (Erwachsene)", Amount(40), Amount(130), "Erwachsene"),
        ("Men 40-130", Amount(40), Amount(130), "Men"),
        ("> 18 y: 40-130", Amount(40), Amount(130), "> 18 y"),
        ("4.5 - 13.5 x10^9/L", Amount(4.5, unit="x10^9/L"), Amount(13.5, unit="x10^9/L"), ""),
        ("150.000 - 1.450.000", Amount(150_000), Amount(1_450_000), ""),
        ("10-5", Amount(10), Amount(5), ""),
    ],
)
def test_an_interval_in_words(
    text: str, low: Amount | None, high: Amount | None, for_whom: str
) -> None:
    interval = interval_of(text)
    assert isinstance(interval, Interval)
    assert (interval.low, interval.high, interval.for_whom) == (low, high, for_whom)


@pytest.mark.parametrize("text", ["5", "neg", "", "see note", "1-2-3", "men and women"])
def test_what_is_no_interval_is_none(text: str) -> None:
    assert interval_of(text) is None


def test_the_ends_of_an_interval_settle_one_another() -> None:
    assert isinstance(interval_of("150,000-450,000"), Unclear)
    settled = interval_of("150,000-450,000", usual=(5_000, 1_500_000))
    assert isinstance(settled, Interval)
    assert settled.high == Amount(450_000)
