"""What can't be is asked about. Limits and slips are those of the published judgement, by hand."""

import pytest

from multifocal.exchange.limits import doubt_of, stated_amount, taken
from multifocal.exchange.numbers import Amount, Unclear
from multifocal.exchange.units import Converted
from multifocal.knowledge.load import load

KNOWLEDGE = load()


def of(analyte: str, amount: Amount | Unclear) -> tuple[float | None, str]:
    """Give the value that is taken, and what is told."""
    concept = KNOWLEDGE.concepts_by_id[analyte]
    converted, problem = taken(amount, concept, knowledge=KNOWLEDGE)
    return (converted.value if converted else None), (problem.message if problem else "")


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "slip"),
    [
        ("hb", 12.9, "g/L", "g/dL"),
        ("hb", 8.0, "g/L", "mmol/L"),
        ("hb", 3.6, "g/L", "mmol/L"),
        ("hb", 129, "g/dL", "ten times"),
        ("temperature", 102.4, "Cel", "Fahrenheit"),
        ("platelets", 250_000, "10*9/L", "per microlitre"),
        ("wbc", 7400, "10*9/L", "per microlitre"),
        ("wbc", 7400, "K/uL", "per microlitre"),
        ("neutrophils", 65, "10*9/L", "percentage"),
        ("calcium", 9.6, "mmol/L", "mg/dL"),
        ("creatinine", 0.5, "umol/L", "mg/dL"),
        ("alp", 5, "U/L", "ukat/L"),
        ("albumin", 4.2, "g/L", "g/dL"),
        ("uric_acid", 4.2, "umol/L", "mg/dL"),
        ("mcv", 0.08, "fL", "pL"),
        ("crp", 900, "mg/L", "multiplied by ten"),
        ("crp", 9000, "mg/L", "can't be so high"),
        ("hb", 270, "g/L", "can't be so high"),
        ("temperature", 12, "Cel", "can't be so low"),
        ("crp", -1, "mg/L", "below zero"),
    ],
)
def test_what_can_not_be_is_left_out_and_its_slip_named(
    analyte: str, value: float, unit: str, slip: str
) -> None:
    found, told = of(analyte, Amount(value, unit=unit))
    assert found is None
    assert slip in told
    assert "left out" in told
    assert str(value) not in told


@pytest.mark.parametrize("value", [0, 0.4, 1, 2, 4.9])
def test_a_low_platelet_count_is_asked_about_and_never_dropped(value: float) -> None:
    found, told = of("platelets", Amount(value, unit="10*9/L"))
    assert found == value
    assert "it was kept" in told


@pytest.mark.parametrize(
    ("analyte", "value", "unit"),
    [
        ("alp", 30, "U/L"),  # hypophosphatasia is so low
        ("vitc", 1.5, "umol/L"),  # scurvy is so low
        ("hb", 30, "g/L"),
        ("crp", 8000, "ug/dL"),  # 80 mg/L has no doubt
        ("temperature", 34, "Cel"),
        ("neutrophil_bands", 12, "10*9/L"),
    ],
)
def test_what_is_rare_is_kept(analyte: str, value: float, unit: str) -> None:
    found, told = of(analyte, Amount(value, unit=unit))
    assert found is not None
    assert "left out" not in told


@pytest.mark.parametrize(
    ("analyte", "value", "unit"),
    [
        ("hb", 12.9, "g/dL"), ("hb", 8.0, "mmol/L"), ("temperature", 102.4, "°F"),
        ("platelets", 250_000, "/uL"), ("wbc", 7400, "/uL"), ("alp", 310, "U/L"),
        ("ferritin", 0.041, "mg/L"),
        ("neutrophils", 0, "10*9/L"), ("calcium", 2.4, "mmol/L"), ("phosphate", 1.6, "mmol/L"),
    ],
)  # fmt: skip
def test_what_is_usual_is_not_asked_about(analyte: str, value: float, unit: str) -> None:
    assert of(analyte, Amount(value, unit=unit))[1] == ""


def test_of_a_bounded_value_only_its_side_is_doubted() -> None:
    assert of("creatinine", Amount(20, "<", "umol/L")) == (20, "")
    assert of("ferritin", Amount(1500, ">", "ug/L")) == (1500, "")
    assert of("crp", Amount(5, "<", "mg/L")) == (5, "")
    assert of("hb", Amount(8, "<", "g/L"))[0] is None
    assert of("esr", Amount(140, ">", "mm/h"))[0] == 140
    assert of("esr", Amount(250, ">", "mm/h"))[0] is None


def test_either_end_of_a_range_may_be_what_can_not_be() -> None:
    assert of("hb", Amount(110, high=130, unit="g/L")) == (110, "")
    assert of("hb", Amount(11, high=130, unit="g/L"))[0] is None


def test_what_has_no_limits_is_not_doubted() -> None:
    concept = KNOWLEDGE.concepts_by_id["fever"]
    assert doubt_of(concept, Converted(1e9), knowledge=KNOWLEDGE) is None


@pytest.mark.parametrize(
    ("text", "analyte", "unit", "value"),
    [
        ("450,000 /uL", "platelets", "", 450.0),
        ("450.000 /µl", "platelets", "", 450.0),
        ("450,000", "platelets", "/uL", 450.0),
        ("19,800", "wbc", "/mm3", 19.8),
        ("7,400 K/uL", "wbc", "", 7.4),
        ("3,400 cells/uL", "neutrophils", "", 3.4),
        ("< 1.500 /µl", "neutrophils", "", 1.5),
        ("1.240 mg/L", "crp", "", None),
        ("1,240 mg/L", "crp", "", None),
        ("129,000 g/L", "hb", "", 129.0),
    ],
)
def test_what_a_value_can_be_settles_its_comma(
    text: str, analyte: str, unit: str, value: float | None
) -> None:
    concept = KNOWLEDGE.concepts_by_id[analyte]
    amount = stated_amount(text, concept, knowledge=KNOWLEDGE, unit=unit)
    assert amount is not None
    found, told = of(analyte, amount)
    assert found == value
    assert ("two ways" in told) is (value is None)


def test_the_language_settles_a_comma_and_the_limits_still_hold() -> None:
    crp = KNOWLEDGE.concepts_by_id["crp"]
    amount = stated_amount("1,240 mg/L", crp, knowledge=KNOWLEDGE, decimal=".")
    assert amount == Amount(1240, unit="mg/L")
    assert of("crp", amount)[0] is None  # more than 800 was never seen


def test_no_slip_tells_a_value() -> None:
    for slip in KNOWLEDGE.slips:
        told = slip.says.replace("10*12/L", "")
        assert not any(sign.isdigit() for sign in told)
