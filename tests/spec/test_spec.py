"""The cases of the criteria sets: TOML files beside this one, for a paediatrician to read."""

import tomllib
from itertools import product
from pathlib import Path
from typing import Any

import msgspec
import pytest

from multifocal.exchange.entered import entered
from multifocal.knowledge.entries import CriteriaEntry
from multifocal.knowledge.load import load
from multifocal.model.calculation import Calculation
from multifocal.workup.calculate import answer, calculate, names

KNOWLEDGE = load()
VECTORS = {
    "bristol_2016": [f"B{n}" for n in range(1, 9)],
    "carra_ctp_2018": [f"C{n}" for n in range(1, 10)],
    "cdas_2023": [f"D{n}" for n in range(1, 8)],
    "chaq_di": [f"H{n}" for n in range(1, 8)],
    "cno_states_2025": [f"ST{n}" for n in range(1, 8)],
    "colorado_regions_2025": [f"CO{n}" for n in range(1, 8)],
    "cromris_2020": [f"CR{n}" for n in range(1, 7)],
    "eular_acr_2025_cno": [f"E{n}" for n in range(1, 11)],
    "jansson_2007_criteria": [f"J7-{n}" for n in range(1, 9)],
    "jansson_2009_score": [f"J9-{n}" for n in range(1, 9)],
    "japan_2014_cno": [f"JP{n}" for n in range(1, 12)],
    "lab_fever_thresholds": [f"L{n}" for n in range(1, 9)],
    "nbods_2023": [f"N{n}" for n in range(1, 10)],
    "pedcno_2010": [f"P{n}" for n in range(1, 10)],
    "promis_cno_2025": [f"PR{n}" for n in range(1, 7)],
    "rai_cromris_2021": [f"RA{n}" for n in range(1, 8)],
    "ramris_2016_hand": [f"RM{n}" for n in range(1, 10)],
    "rinbo_2017": [f"RI{n}" for n in range(1, 7)],
    "who_2024_anaemia": [f"W{n}" for n in range(1, 11)],
}
"""The cases of the evidence register, all of which must be here: 152."""
UNKNOWN = "unknown"
NUMBERS = ("score", "index")
"""What the register calls the number of a set."""


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    shows: str
    arithmetic: str
    basis: str
    given: dict[str, Any]
    expect: dict[str, Any]


class Spec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    criteria: str
    answer: str
    """What the source calls the answer: `state`, or `category`."""
    case: tuple[Case, ...]


SPECS = tuple(
    msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Spec)
    for path in sorted(Path(__file__).parent.glob("*.toml"))
)
CASES = [pytest.param(spec, case, id=case.id) for spec in SPECS for case in spec.case]


def entry_of(spec: Spec) -> CriteriaEntry:
    return KNOWLEDGE.criteria_by_id[spec.criteria]


def answered(spec: Spec, case: Case) -> Calculation:
    """Answer a case as the calculator does: values as they stand, texts as if typed."""
    entry = entry_of(spec)
    read = entered(entry, case.given, knowledge=KNOWLEDGE)
    return calculate(entry, read.values, knowledge=KNOWLEDGE, refused=read.refused)


def said(result: Calculation, key: str, spec: Spec) -> Any:
    """Give what the set says under this key, in the words of the case files."""
    if key == spec.answer:
        return result.state
    if key == "decided":
        return result.decided
    if key == "possible":
        return list(result.possible)
    if key in NUMBERS:
        return _number(result.low, result.high)
    word = next(word for word in result.words if word.name == key)
    if word.truth is not None:
        return word.truth
    if word.text is not None:
        return word.text
    number = _number(word.low, word.high)
    return UNKNOWN if number == "none" else number


def _number(low: float | None, high: float | None) -> Any:
    if low is None or high is None:
        return "none"
    return low if low == high else [low, high]


@pytest.mark.parametrize(("spec", "case"), CASES)
def test_case_gives_what_it_expects(spec: Spec, case: Case) -> None:
    result = answered(spec, case)
    assert {key: said(result, key, spec) for key in case.expect} == case.expect


@pytest.mark.parametrize(("spec", "case"), CASES)
def test_case_speaks_of_the_items_of_its_set(spec: Spec, case: Case) -> None:
    assert set(case.given) <= set(names(entry_of(spec)))
    assert case.shows
    assert case.arithmetic


def test_every_case_of_the_evidence_register_is_here() -> None:
    found = {spec.criteria: [case.id for case in spec.case] for spec in SPECS}
    assert {name: ids[: len(VECTORS[name])] for name, ids in found.items()} == VECTORS
    assert sum(map(len, VECTORS.values())) == 152


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.criteria)
def test_every_state_of_a_set_has_a_case(spec: Spec) -> None:
    expected = {case.expect.get(spec.answer) for case in spec.case} - {None}
    assert expected - {"error:contradiction"} == set(entry_of(spec).state_labels)


ASKED = [spec for spec in SPECS if entry_of(spec).item]
"""The sets that ask for anything."""


@pytest.mark.parametrize("spec", ASKED, ids=lambda spec: spec.criteria)
def test_every_set_has_decided_and_undecided_cases(spec: Spec) -> None:
    decided = {answered(spec, case).decided for case in spec.case}
    assert decided == {True, False}


def test_case_ids_are_used_once() -> None:
    ids = [case.id for spec in SPECS for case in spec.case]
    assert len(ids) == len(set(ids))


def test_nbods_equals_the_short_rule_worked_out_on_paper() -> None:
    # Positive if CRP <= 55, or several bones, or femur and few bands: 3 of 16 are negative.
    entry = KNOWLEDGE.criteria_by_id["nbods_2023"]
    negative = 0
    for low_crp, several, femur, few_bands in product((False, True), repeat=4):
        result = answer(
            entry,
            {
                "crp_mg_per_l": 55 if low_crp else 56,
                "multifocal": several,
                "femur": femur,
                "neutrophil_bands_per_ul": 220 if few_bands else 221,
            },
        )
        positive = low_crp or several or (femur and few_bands)
        assert (result.state == "NBO more likely than BO") is positive
        negative += not positive
    assert negative == 3


@pytest.mark.parametrize("sex", ["female", "male"])
@pytest.mark.parametrize("age_months", [6, 23, 24, 59, 60, 143, 144, 179, 180, 215])
def test_who_anaemia_is_a_haemoglobin_below_the_cutoff(age_months: int, sex: str) -> None:
    entry = KNOWLEDGE.criteria_by_id["who_2024_anaemia"]
    for hb in (60.0, 94.0, 104.0, 105.0, 109.0, 110.0, 114.0, 115.0, 119.0, 120.0, 129.0, 130.0):
        words = answer(entry, {"age_months": age_months, "sex": sex, "hb_g_per_l": hb}).words
        cutoff, same = words["cutoff"]
        assert cutoff == same
        assert words["anaemia"] == (hb < cutoff, hb < cutoff)
        assert (words["severity"][0] == "none") is (hb >= cutoff)
