"""Values in any unit to ours; expected values by arithmetic on paper."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from multifocal.exchange.numbers import Amount
from multifocal.exchange.units import (
    Conversion,
    Converted,
    Problem,
    Units,
    offered,
    spelled,
    units_of,
)
from multifocal.knowledge.entries import UnitFactor
from multifocal.knowledge.load import load
from multifocal.model.record import ConceptId
from multifocal.model.source import Certainty, Citation, SourceId

KNOWLEDGE = load()
UNITS = units_of(KNOWLEDGE)
LIBRARY_ALONE = Units(())


def converted(units: Units, analyte: str, value: float, unit: str, to: str) -> float | None:
    conversion = units.conversion(ConceptId(analyte), unit, to)
    return None if conversion is None else conversion(value)


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "to", "expected"),
    [
        ("crp", 1.2, "mg/dL", "mg/L", 12.0),
        ("crp", 12, "mg/L", "mg/L", 12.0),
        ("crp", 12, "mg/l", "mg/L", 12.0),
        ("crp", 1200, "ug/dL", "mg/L", 12.0),
        ("hb", 12.9, "g/dL", "g/L", 129.0),
        ("wbc", 7.4, "10*3/uL", "10*9/L", 7.4),
        ("wbc", 7400, "/uL", "10*9/L", 7.4),
        ("wbc", 7400, "{cells}/uL", "10*9/L", 7.4),
        ("wbc", 7.4, "10^9/L", "10*9/L", 7.4),
        ("esr", 28, "mm/hr", "mm/h", 28.0),
        ("esr", 28, "mm/h{Westergren}", "mm/h", 28.0),
        ("ferritin", 41, "ng/mL", "ug/L", 41.0),
        ("albumin", 4.4, "g/dL", "g/L", 44.0),
    ],
)
def test_value_in_a_usual_unit_becomes_ours(
    analyte: str, value: float, unit: str, to: str, expected: float
) -> None:
    assert converted(UNITS, analyte, value, unit, to) == expected


def test_moles_and_grams_differ_from_analyte_to_analyte() -> None:
    # Molar masses: calcium 40.078 g/mol, uric acid 168.11 g/mol.
    calcium = converted(UNITS, "calcium", 9.6, "mg/dL", "mmol/L")
    uric_acid = converted(UNITS, "uric_acid", 3.6, "mg/dL", "umol/L")
    assert calcium == pytest.approx(96 / 40.078, rel=1e-3)
    assert uric_acid == pytest.approx(36_000 / 168.11, rel=1e-3)


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        (1.2, "mg/dL", "mg/L", 12.0),
        (0.0012, "g/dL", "mg/L", 12.0),
        (7.4, "10*6/mL", "10*9/L", 7.4),
        (100.4, "[degF]", "Cel", 38.0),
        (98.6, "[degF]", "Cel", 37.0),
        (311.15, "K", "Cel", 38.0),
        (2, "ukat/L", "U/L", 120.0),
    ],
)
def test_library_converts_what_the_table_lacks(
    value: float, unit: str, to: str, expected: float
) -> None:
    assert converted(LIBRARY_ALONE, "any", value, unit, to) == expected


@pytest.mark.parametrize(
    "unit", ["mm/h", "%", "", "{", "nonsense", "mg", "mol/L", "1/0", "10*", "[", "m" * 5000, "‮mg/L"]
)
def test_unit_of_another_kind_or_none_at_all_gives_nothing(unit: str) -> None:
    assert UNITS.conversion(ConceptId("crp"), unit, "mg/L") is None


@pytest.mark.parametrize("unit", ["meq/L", "mEq/L", "eq/L", "ueq/mL"])
def test_equivalents_are_never_taken_for_moles(unit: str) -> None:
    """Calcium carries two charges: 5 meq/L are 2.5 mmol/L. The library would say 5."""
    assert UNITS.conversion(ConceptId("magnesium"), unit, "mmol/L") is None


def test_factor_of_one_analyte_is_not_used_for_another() -> None:
    cited = Citation(SourceId("made-up"), Certainty.JUDGEMENT)
    units = Units((UnitFactor(ConceptId("calcium"), "mg/dL", "mmol/L", 0.2495, cited),))
    assert units.conversion(ConceptId("calcium"), "mg/dL", "mmol/L") is not None
    assert units.conversion(ConceptId("phosphate"), "mg/dL", "mmol/L") is None


@pytest.mark.parametrize(
    ("written", "ucum"),
    [("10^9/l", "10*9/L"), ("x10*9/L", "10*9/L"), ("µg/dl", "ug/dL"), ("μg/dL", "ug/dL")],
)
def test_usual_spellings_are_written_as_ucum(written: str, ucum: str) -> None:
    assert spelled(written) == ucum


def test_library_is_not_loaded_until_a_unit_needs_it() -> None:
    code = (
        "import sys; from multifocal.exchange.read import read; "
        "sys.exit('pint' in sys.modules or 'lark' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_factor_serves_in_both_directions_without_the_library() -> None:
    # 1 mg/dL is 10 mg/L.
    units = UNITS
    assert units.by_table(ConceptId("crp"), "mg/L", "mg/dL") == Conversion(0.1)
    assert units.by_table(ConceptId("crp"), "mg/dL", "mg/L") == Conversion(10.0)
    assert units.by_table(ConceptId("crp"), "mm/h", "mg/L") is None


def test_units_are_offered_with_the_wanted_one_first() -> None:
    assert offered(ConceptId("crp"), "mg/dL", load()) == ("mg/dL", "mg/L")
    assert offered(ConceptId("esr"), "mm/h", load()) == ("mm/h",)
    # 10*9/L and /uL differ by a thousand: the set that asks for cells per uL gets both.
    assert offered(ConceptId("neutrophil_bands"), "/uL", load()) == ("/uL", "10*9/L")


def spellings() -> list[tuple[str, str, float | None]]:
    """Give the spellings of a hand-made list with their factors; `None` for another quantity."""
    table = Path(__file__).parents[2] / "data" / "terminology" / "unit_spellings.csv"
    with table.open(encoding="utf-8", newline="") as opened:
        return [
            (row["analyte"], row["spelling"], float(row["factor"]) if row["factor"] else None)
            for row in csv.DictReader(opened)
            if not row["factor"].startswith("F:")
        ]


@pytest.mark.parametrize("analyte", sorted({analyte for analyte, _, _ in spellings()}))
def test_every_spelling_of_a_laboratory_gives_the_factor_of_the_list(analyte: str) -> None:
    unit = KNOWLEDGE.concepts_by_id[analyte].unit
    for name, spelling, factor in spellings():
        if name == analyte:
            found = UNITS.conversion(ConceptId(analyte), spelling, unit)
            assert (found and found.factor) == (factor and pytest.approx(factor, rel=1e-3)), (
                spelling
            )


@pytest.mark.parametrize("unit", ["°F", "ºF", "F", "deg F", "degF", "Fahrenheit", "℉", "[degF]"])
def test_fahrenheit_is_read_in_every_spelling(unit: str) -> None:
    # 101.3 - 32 = 69.3, times 5/9 = 38.5.
    assert converted(UNITS, "temperature", 101.3, unit, "Cel") == 38.5


@pytest.mark.parametrize(
    ("analyte", "unit", "factor"),
    [
        ("platelets", "10 3/uL", 1), ("platelets", "10 9/L", 1), ("platelets", "109/L", 1),
        ("platelets", "x 10(3)/mm³", 1), ("platelets", "\u00d7 10⁹/l", 1),
        ("platelets", "*10^3/mcL", 1),
        ("platelets", "10**9 / L", 1), ("wbc", "tsd/µL", 1), ("wbc", "GPT/L", 1),
        ("wbc", "x10E9/l", 1),
        ("wbc", "(10*3/uL)", 1), ("wbc", "per mm3", None), ("crp", "MG/DL", 10),
        ("crp", "mg/Litre", 1),
        ("hb", "mmol/l", 16.114), ("esr", "mm/1 Std.", 1), ("esr", "mm / 2 hr", None),
        ("neutrophils", "10^12/L", None), ("ldh", "ie/L", 1), ("uric_acid", "MCMOL/L", 1),
    ],
)  # fmt: skip
def test_more_spellings_than_the_list_has(analyte: str, unit: str, factor: float | None) -> None:
    found = UNITS.conversion(ConceptId(analyte), unit, KNOWLEDGE.concepts_by_id[analyte].unit)
    assert (found and found.factor) == factor


@pytest.mark.parametrize(
    ("analyte", "amount", "expected"),
    [
        ("crp", Amount(1.2, "<", "mg/dL"), Converted(12.0, None, "<", Conversion(10.0))),
        ("crp", Amount(5, high=10, unit="mg/dl"), Converted(50.0, 100.0, None, Conversion(10.0))),
        ("crp", Amount(12, unit="MG/L", code="mg/L"), Converted(12.0, conversion=Conversion(1.0))),
        ("hb", Amount(3.6, code="mmol/L"), Converted(58.0104, conversion=Conversion(16.114))),
        (
            "hb",
            Amount(9, unit="g/100 mL", code="g/dL"),
            Converted(90.0, conversion=Conversion(10.0)),
        ),
        # A text that is no unit says nothing against the code.
        ("crp", Amount(12, unit="see below", code="mg/L"), Converted(12.0)),
        ("wbc", Amount(7, unit="K/uL", code="10*3/uL"), Converted(7.0)),
        ("fever", Amount(3, unit="anything"), Converted(3)),
    ],
)
def test_an_amount_becomes_ours(analyte: str, amount: Amount, expected: Converted) -> None:
    assert UNITS.converted(amount, KNOWLEDGE.concepts_by_id[analyte]) == expected


@pytest.mark.parametrize(
    ("analyte", "amount", "told"),
    [
        ("crp", Amount(12), "has no unit"),
        ("crp", Amount(12, unit=" "), "has no unit"),
        ("crp", Amount(12, unit="furlong"), "can't be turned into mg/L"),
        ("crp", Amount(12, unit="mg/dL", code="mg/L"), "disagree"),
        ("crp", Amount(12, unit="mg/L", code="g/L"), "disagree"),
        ("hb", Amount(8, unit="mmol/L", code="g/dL"), "disagree"),
        ("crp", Amount(12, unit="mm/h", code="mg/L"), "disagree"),
        ("esr", Amount(12, unit="mm/2h", code="mm/h"), "disagree"),
        ("temperature", Amount(38, unit="°F", code="Cel"), "disagree"),
        ("crp", Amount(64, form="titre"), "titre"),
    ],
)
def test_why_an_amount_can_not_be_had_is_told_without_it(
    analyte: str, amount: Amount, told: str
) -> None:
    problem = UNITS.converted(amount, KNOWLEDGE.concepts_by_id[analyte])
    assert isinstance(problem, Problem)
    assert told in problem.message
    assert not any(sign.isdigit() for sign in problem.message)
