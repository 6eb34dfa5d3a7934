"""Values in any unit to ours; expected values by arithmetic on paper."""

import subprocess
import sys

import pytest

from multifocal.exchange.units import Conversion, Units, offered, spelled
from multifocal.knowledge.entries import UnitFactor
from multifocal.knowledge.load import load
from multifocal.model.record import ConceptId
from multifocal.model.source import Certainty, Citation, SourceId

UNITS = Units(load().units)
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
