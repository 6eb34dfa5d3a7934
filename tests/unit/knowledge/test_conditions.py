"""The conditions against our dossier, the terminologies, and arithmetic on paper."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from multifocal.knowledge.entries import ConditionEntry, PublishedNumber
from multifocal.knowledge.figures import share
from multifocal.knowledge.load import load
from multifocal.model.finding import FindingId
from multifocal.model.source import Certainty, Citation

KNOWLEDGE = load()
CONDITIONS = KNOWLEDGE.conditions_by_id
DATA = Path(__file__).parents[2] / "data"
OWN = {"cmo", "cmo_hand", "nothing_found"}
"""Conditions that are no mimic and so not in the dossier."""


def table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened, delimiter="\t"))


DOSSIER = {row["id"]: row for row in table("conditions.tsv")}


def codes(condition: ConditionEntry, system: str) -> set[str]:
    return {code.code for code in condition.codes if code.system == system}


def number(condition: str, name: str) -> PublishedNumber:
    [found] = [one for one in CONDITIONS[condition].numbers if one.id == name]
    return found


def inside(entry: Any, kind: type[Any]) -> Iterator[Any]:
    if isinstance(entry, kind):
        yield entry
    if isinstance(entry, msgspec.Struct):
        for field in entry.__struct_fields__:
            yield from inside(getattr(entry, field), kind)
    elif isinstance(entry, tuple):
        for item in entry:
            yield from inside(item, kind)


def test_all_48_conditions_of_the_dossier_are_there_and_three_of_our_own() -> None:
    assert len(DOSSIER) == 48
    assert CONDITIONS.keys() == DOSSIER.keys() | OWN


@pytest.mark.parametrize("name", DOSSIER)
def test_urgency_category_and_codes_are_those_of_the_dossier(name: str) -> None:
    condition, row = CONDITIONS[name], DOSSIER[name]
    assert condition.urgency == row["urgency"]
    assert condition.category == row["category"]
    assert codes(condition, "icd10cm") == set(filter(None, row["icd10cm"].split("|")))
    assert codes(condition, "omim") == set(filter(None, [row["omim"]]))
    assert set(filter(None, [row["orphanet"]])) <= codes(condition, "orpha")


@pytest.mark.parametrize("name", sorted(DOSSIER.keys() - {"dira"}))
def test_no_test_of_the_dossier_is_missing(name: str) -> None:
    assert len(CONDITIONS[name].tests) == int(DOSSIER[name]["tests"])


def test_response_to_a_medicine_is_the_one_test_left_to_the_treatment_files() -> None:
    assert len(CONDITIONS["dira"].tests) == int(DOSSIER["dira"]["tests"]) - 1


def test_what_can_wait_for_weeks_is_no_danger_today() -> None:
    dangers = {
        condition.danger for condition in KNOWLEDGE.conditions if condition.urgency == "soon"
    }
    assert dangers == {"routine"}
    for condition in KNOWLEDGE.conditions:
        if condition.urgency != "soon":
            assert condition.danger == condition.urgency


def test_a_flag_on_what_proves_a_danger_is_as_urgent_as_the_danger() -> None:
    order = ("emergency", "urgent", "soon")
    proved = {
        sign.finding: condition.urgency
        for condition in KNOWLEDGE.conditions
        for sign in condition.rule_in
        if sign.present and sign.strength == "definitive"
    }
    flags = {flag: FindingId(flag.when) for flag in KNOWLEDGE.red_flags}
    proofs = {flag: proved[finding] for flag, finding in flags.items() if finding in proved}
    assert len(proofs) >= 2
    for flag, urgency in proofs.items():
        assert order.index(flag.urgency) <= order.index(urgency), flag.id


def test_every_condition_says_what_it_means_for_the_hand_and_what_speaks_for_and_against_it() -> (
    None
):
    for condition in KNOWLEDGE.conditions:
        assert condition.hand.text.endswith(".")
        assert condition.points_for, condition.id
        assert condition.points_against, condition.id
        for point in (*condition.points_for, *condition.points_against):
            assert point.text.endswith("."), point.text


@pytest.mark.parametrize(
    ("condition", "finding", "present"),
    [
        ("acute_leukaemia", "biopsy_malignant_cells", False),
        ("lymphoma_bone", "biopsy_malignant_cells", False),
        ("osteosarcoma", "xray_normal", True),
        ("systemic_jia", "fever", False),
        ("neuroblastoma_mets", "age_12_to_17", True),
        ("non_accidental_injury", "age_12_to_17", True),
    ],
)
def test_what_lets_a_dangerous_condition_go_too_easily_stays_lowered(
    condition: str,
    finding: str,
    present: bool,  # noqa: FBT001 # a table of cases
) -> None:
    [sign] = [
        one
        for one in CONDITIONS[condition].rule_out
        if (one.finding, one.present) == (finding, present)
    ]
    assert sign.strength == "moderate"
    assert "lowered" in sign.source.note


# --- codes ---


def test_every_mondo_id_matches_exactly_the_code_that_it_says_it_matches() -> None:
    rows = {row["mondo_id"]: row for row in table("terminology/mondo_xrefs.tsv")}
    found = [
        (condition, code)
        for condition in KNOWLEDGE.conditions
        for code in condition.codes
        if code.system == "mondo"
    ]
    assert len(found) > 20
    for _, code in found:
        row = rows[code.code]
        assert code.title == row["label"]
        match = code.source.at.removeprefix("exact match of ")
        assert match in {*row["orphanet"].split("|"), row["omim"]}


def test_every_code_of_m86_has_the_title_of_the_tabular_list_and_says_whether_it_is_billable() -> (
    None
):
    rows = {row["code"]: row for row in table("icd10cm_m86.tsv")}
    found = [
        code
        for condition in KNOWLEDGE.conditions
        for code in condition.codes
        if code.code.startswith("M86")
    ]
    assert len(found) == 6
    for code in found:
        assert code.title == rows[code.code]["description"]
        assert code.is_billable is (rows[code.code]["billable"] == "1")


def test_a_code_that_names_a_side_is_marked_as_an_example() -> None:
    for condition in KNOWLEDGE.conditions:
        for code in condition.codes:
            if code.system == "icd10cm" and re.search(r"\b(right|left)\b", code.title):
                assert code.is_example, code.code


def test_a_loinc_code_is_as_sure_in_a_condition_as_in_its_analyte() -> None:
    sure = {
        one.code: one.source.certainty for analyte in KNOWLEDGE.analytes for one in analyte.loinc
    }
    compared = 0
    for condition in KNOWLEDGE.conditions:
        for test in condition.tests:
            if test.loinc in sure and test.loinc_source is not None:
                compared += 1
                assert test.loinc_source.certainty == sure[test.loinc], (condition.id, test.loinc)
    assert compared > 40


# --- certainty ---


def test_what_only_our_dossier_says_is_never_called_verified() -> None:
    for entry in (*KNOWLEDGE.conditions, *KNOWLEDGE.analytes):
        for citation in inside(entry, Citation):
            if citation.id in {"multifocal-differential", "multifocal-labs"}:
                assert citation.certainty is Certainty.MEMORY


def test_a_test_that_the_dossier_calls_stronger_says_why_it_is_lowered() -> None:
    lowered = {
        (condition.id, test.name): test.effect
        for condition in KNOWLEDGE.conditions
        for test in condition.tests
        if "lowered" in test.source.note
    }
    assert lowered == {
        ("crps", "C-reactive protein"): "weak",
        ("microgeodic_disease", "C-reactive protein"): "weak",
        ("chilblains_frostbite", "antinuclear antibody"): "weak",
        ("rickets", "25-hydroxyvitamin D"): "shift_up",
    }


def test_a_normal_blood_test_excludes_no_condition() -> None:
    for condition in KNOWLEDGE.conditions:
        for test in condition.tests:
            if test.kind == "lab":
                assert test.effect not in {"rule_out", "rule_out_cno", "rule_out_alternative"}


def test_no_medicine_is_named_in_what_everybody_can_read() -> None:
    medicines = {
        name
        for concept in KNOWLEDGE.concepts
        if concept.kind == "treatment"
        for name in concept.names
        if " " not in name
    } - {"antibiotics", "antibiotic", "splint", "physiotherapy", "nsaid", "nsaids"}
    text = msgspec.json.encode((KNOWLEDGE.conditions, KNOWLEDGE.analytes)).decode().lower()
    words = set(re.findall(r"[a-z][a-z-]+", text))
    assert medicines & words == set()


# --- numbers ---


@pytest.mark.parametrize(
    ("condition", "name", "on_paper"),
    [
        ("acute_bacterial_osteomyelitis", "fever_ratio", 0.906 / 0.341),
        ("acute_bacterial_osteomyelitis", "nbods_ratio_above", 0.89 / 0.031),
        ("acute_bacterial_osteomyelitis", "nbods_ratio_not_above", 0.11 / 0.969),
        ("acute_leukaemia", "triad_ratio", 1 / 0.15),
        ("acute_leukaemia", "organs_ratio", (37 * 98) / (49 * 2)),
    ],
)
def test_a_derived_ratio_is_what_its_working_gives(
    condition: str, name: str, on_paper: float
) -> None:
    found = number(condition, name)
    assert found.source.certainty is Certainty.DERIVED
    assert found.working
    assert found.figure.value == pytest.approx(on_paper, abs=0.05)


@pytest.mark.parametrize(
    ("condition", "name", "value", "low", "high"),
    [
        # Wilson on paper with z = 1.96: (p + z²/2n ± z √(pq/n + z²/4n²)) / (1 + z²/n)
        ("microgeodic_disease", "middle", 0.92, 0.7503, 0.9778),  # 23 of 25
        ("microgeodic_disease", "boys", 0.6, 0.3866, 0.7812),  # 12 of 20
        ("osteoid_osteoma", "of_hand_tumours", 0.2857, 0.1381, 0.4996),  # 6 of 21
    ],
)
def test_counts_give_their_interval(
    condition: str, name: str, value: float, low: float, high: float
) -> None:
    assert share(number(condition, name).figure) == pytest.approx((value, low, high), abs=5e-4)


def test_every_number_has_a_source_and_none_is_from_our_own_pages() -> None:
    numbers = [one for condition in KNOWLEDGE.conditions for one in condition.numbers]
    assert len(numbers) > 80
    assert {one.source.id for one in numbers if one.source.id.startswith("multifocal-")} == set()
    assert {one.source.certainty for one in numbers} == {Certainty.VERIFIED, Certainty.DERIVED}
