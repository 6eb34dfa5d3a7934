"""Laboratory tests: printed pairs of units, codes, and intervals that may not decide anything."""

import csv
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from multifocal.knowledge.entries import AnalyteEntry
from multifocal.knowledge.load import load
from multifocal.model.source import Certainty
from multifocal.workup.assess import assess
from tests.unit.workup.children import AS_OF, hand_child

KNOWLEDGE = load()
ANALYTES = KNOWLEDGE.analytes_by_id

DOSSIER = set(
    "crp esr wbc neutrophils hb mcv platelets film ldh uric_acid alp calcium phosphate vitd vitc "
    "creatinine alt ast albumin blood_culture ferritin hlab27 ana_rf calprotectin igra hepb_hiv "
    "genetics pth plp".split()
)
"""The 29 tests of our laboratory dossier."""


def factor(analyte: str, unit: str) -> Decimal:
    [found] = [one for one in ANALYTES[analyte].conversions if one.unit == unit]
    return Decimal(str(found.factor))


def test_all_29_tests_of_the_dossier_are_there_and_what_a_score_or_flag_needs() -> None:
    assert len(DOSSIER) == 29
    assert ANALYTES.keys() == DOSSIER | {"neutrophil_bands", "marrow_blasts"}


@pytest.mark.parametrize(
    ("analyte", "unit", "pairs"),
    [
        # pairs as laboratories print them: theirs, ours
        ("vitc", "mg/dL", [("0.2", "11.4"), ("0.4", "23"), ("1.2", "68"), ("1.8", "102")]),
        (
            "calcium",
            "mg/dL",
            [("8.8", "2.20"), ("10.8", "2.69"), ("8.6", "2.15"), ("10.5", "2.62")],
        ),
        ("uric_acid", "mg/dL", [("7.2", "428")]),
        ("vitd", "ng/mL", [("20", "50")]),
        ("hb", "g/dL", [("11.5", "115")]),
        ("ferritin", "ng/mL", [("12", "12")]),
    ],
)
def test_the_factor_gives_the_pairs_that_laboratories_print(
    analyte: str, unit: str, pairs: list[tuple[str, str]]
) -> None:
    for theirs, ours in pairs:
        printed = Decimal(ours)
        step = Decimal(1).scaleb(int(printed.as_tuple().exponent))
        # a printed value may be cut off or rounded
        assert abs(Decimal(theirs) * factor(analyte, unit) - printed) <= step


def test_a_microkatal_per_litre_is_60_units() -> None:
    # 1 U turns over 1 umol in a minute, 1 kat 1 mol in a second
    for enzyme in ("alp", "alt", "ast", "ldh"):
        assert factor(enzyme, "ukat/L") == 60


def test_the_factors_that_are_from_memory_say_so() -> None:
    recalled = {
        (analyte.id, one.unit)
        for analyte in KNOWLEDGE.analytes
        for one in analyte.conversions
        if one.source.certainty is Certainty.MEMORY
    }
    assert recalled == {
        ("albumin", "umol/L"),
        ("calcium", "mEq/L"),
        ("crp", "nmol/L"),
        ("ferritin", "pmol/L"),
        ("pth", "pmol/L"),
        ("vitd", "ng/mL"),
    }


def test_every_number_of_ours_that_is_measured_has_an_analyte_in_the_same_unit() -> None:
    measured = {
        concept.id: concept.unit
        for concept in KNOWLEDGE.concepts
        if concept.kind == "lab" and concept.unit
    }
    told = {
        name: analyte.unit
        for analyte in KNOWLEDGE.analytes
        for name in analyte.concepts
        if analyte.unit
    }
    assert told == measured


def test_an_analyte_without_interval_says_why() -> None:
    with_interval = {lab.analyte for lab in KNOWLEDGE.labs}
    for analyte in KNOWLEDGE.analytes:
        assert analyte.interval_note.endswith("."), analyte.id
        if not with_interval & set(analyte.concepts):
            assert any(word in analyte.interval_note for word in ("No ", "no ", "not", "or")), (
                analyte.id
            )


def test_low_alkaline_phosphatase_is_the_side_that_matters() -> None:
    assert ANALYTES["alp"].concern == "low"
    [low] = [meaning for meaning in ANALYTES["alp"].meanings if meaning.result == "low"]
    assert "hypophosphatasia" in low.text


def test_a_normal_film_is_said_not_to_exclude_leukaemia() -> None:
    [abnormal] = ANALYTES["film"].meanings
    assert "does not exclude" in abnormal.text


@pytest.mark.parametrize(
    ("analyte", "decision", "bound", "value"),
    [
        ("wbc", "leukaemia", "below", 4),
        ("platelets", "leukaemia", "below", 300),
        ("neutrophils", "leukaemia", "below", 2),
        ("esr", "septic_arthritis", "at_least", 40),
        ("crp", "septic_arthritis", "at_least", 20),
        ("vitc", "deficient", "below", 11),
        ("vitc", "us_series", "below", 23),
        ("calprotectin", "abnormal", "above", 120),
    ],
)
def test_a_decision_value_is_the_one_that_its_source_prints(
    analyte: str, decision: str, bound: str, value: float
) -> None:
    [found] = [one for one in ANALYTES[analyte].decisions if one.id == decision]
    assert (found.bound, found.value) == (bound, value)
    assert found.source.certainty is Certainty.VERIFIED


def test_anaemia_is_left_to_the_cutoffs_of_the_criteria_file() -> None:
    hb: AnalyteEntry = ANALYTES["hb"]
    assert hb.criteria == ("who_2024_anaemia",)
    assert hb.decisions == ()


# --- intervals ---


def test_no_interval_that_decides_is_from_memory() -> None:
    assert {lab.source.certainty for lab in KNOWLEDGE.labs} <= {
        Certainty.VERIFIED,
        Certainty.DERIVED,
    }


def test_an_alternative_from_memory_cites_what_was_not_read() -> None:
    recalled = [
        lab for lab in KNOWLEDGE.lab_alternatives if lab.source.certainty is Certainty.MEMORY
    ]
    assert recalled
    for lab in recalled:
        source = KNOWLEDGE.sources_by_id[lab.source.id]
        assert "not read" in source.read or "recalled" in lab.source.note


def test_an_alternative_is_the_printed_interval_times_the_factor() -> None:
    converted = {"hb": "10", "calcium": "0.2495", "phosphate": "0.323", "uric_acid": "59.48"}
    rows = [lab for lab in KNOWLEDGE.lab_alternatives if lab.analyte in converted]
    assert len(rows) > 15
    for lab in rows:
        words = lab.source.note.split()
        low, high = (Decimal(words[place]) for place in _ends(words))
        times = Decimal(converted[lab.analyte])
        assert (lab.low, lab.high) == (float(low * times), float(high * times))


def _ends(words: list[str]) -> tuple[int, int]:
    place = words.index("to")
    return place - 1, place + 1


def test_alternatives_never_decide_anything() -> None:
    absurd = tuple(
        msgspec.structs.replace(lab, low=1e6, high=1e7) for lab in KNOWLEDGE.lab_alternatives
    )
    for alternatives in ((), absurd):
        other = msgspec.structs.replace(KNOWLEDGE, lab_alternatives=alternatives)
        assert assess(hand_child(), as_of=AS_OF, knowledge=other) == assess(
            hand_child(), as_of=AS_OF, knowledge=KNOWLEDGE
        )


def test_every_factor_of_the_table_of_units_is_a_sourced_one_times_a_power_of_ten() -> None:
    path = Path(__file__).parents[3] / "src" / "multifocal" / "knowledge" / "data" / "units.csv"
    with path.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    homes: dict[str, list[Decimal]] = {
        name: [Decimal(1), *(Decimal(str(one.factor)) for one in analyte.conversions)]
        for analyte in KNOWLEDGE.analytes
        for name in analyte.concepts
    }
    powers = {Decimal(1).scaleb(power) for power in range(-6, 7)}
    for row in rows:
        known = homes.get(row["analyte"], [Decimal(1)])
        assert any(Decimal(row["factor"]) / home in powers for home in known), row
