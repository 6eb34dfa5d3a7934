"""The clinical data against what is printed, other tables, other libraries and paper arithmetic."""

import csv
import re
from collections import Counter, defaultdict
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from labunits.converters import (  # type: ignore[import-untyped]  # it ships no types
    conversion_factor,
)
from pint import DimensionalityError
from ucumvert import PintUcumRegistry  # type: ignore[import-untyped]  # it ships no types

from multifocal.knowledge.entries import CodeEntry, LabInterval, UnitFactor
from multifocal.knowledge.load import load
from multifocal.model.source import Certainty
from multifocal.model.truth import UNKNOWN_NUMBER, UNKNOWN_TRUTH
from multifocal.rules.nodes import names
from multifocal.rules.score import UNKNOWN_TEXT, Pair, compiled
from tests.reading import grade

KNOWLEDGE = load()
RED_FLAGS = {flag.id: flag for flag in KNOWLEDGE.red_flags}
CAUTIONS = {caution.id: caution for caution in KNOWLEDGE.cautions}
REGISTRY = PintUcumRegistry()


def icd10cm() -> list[dict[str, str]]:
    table = Path(__file__).parents[2] / "data" / "icd10cm_m86.tsv"
    with table.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened, delimiter="\t"))


# --- units -------------------------------------------------------------------------------------

MEANT = {
    **dict.fromkeys(["10⁹/L", "x10⁹/L", "G/L", "Gpt/L"], "10*9/L"),
    **dict.fromkeys(
        "10³/µL K/uL k/uL K/mcL K/mm3 K/cumm thou/uL thou/mcL Thousand/uL Thousands/uL thousand/uL "
        "thousand/mm3".split(),
        "10*3/uL",
    ),
    **dict.fromkeys("/mcL cells/uL cells/mcL /mm^3 /mm³ cells/mm3 /cumm".split(), "/uL"),
    **dict.fromkeys(["mm/H", "MM/HR", "mm/1h", "mm/1hr", "mm/1st h", "mm/hour", "mm"], "mm/h"),
    **dict.fromkeys(["MG/DL", "mg/100mL", "mg%"], "mg/dL"),
    **dict.fromkeys(["G/DL", "gm/dL", "GM/DL", "g%", "g/100mL"], "g/dL"),
    **dict.fromkeys(["fl", "FL", "um^3", "cu micron"], "um3"),
    **dict.fromkeys("u/L [iU]/L [IU]/L IU/L iU/L units/L Units/L".split(), "U/L"),
    **dict.fromkeys(["cel", "CEL", "c", "C", "°C", "degC", "degrees C"], "Cel"),
    "MG/L": "mg/L",
    "mcg/mL": "ug/mL",
    "mcmol/L": "umol/L",
    "MMOL/L": "mmol/L",
    "NMOL/L": "nmol/L",
    "NG/ML": "ng/mL",
    "PG/ML": "pg/mL",
    "UG/L": "ug/L",
    "mcg/L": "ug/L",
    "UG/G": "ug/g",
    "mcg/g": "ug/g",
}
"""What hospitals write, and the UCUM that they mean, written by hand."""

MOLAR_MASS = {
    "uric_acid": 5 * 12.011 + 4 * 1.008 + 4 * 14.007 + 3 * 15.999,
    "creatinine": 4 * 12.011 + 7 * 1.008 + 3 * 14.007 + 15.999,
    "vitc": 6 * 12.011 + 8 * 1.008 + 6 * 15.999,
    "vitd": 27 * 12.011 + 44 * 1.008 + 2 * 15.999,
    "calcium": 40.078,
    "phosphate": 30.974,
    "hb": 64_458 / 4,
    "crp": 1e6 / 9.524,
    "pth": 9_425,
    "ferritin": 445_000,
    "albumin": 66_438,
}
"""Grams per mole from the atomic weights; phosphate is reported as phosphorus. Haemoglobin is
that of one chain, CRP that of the conventional factor 9.524, the other proteins as published."""

CHARGES = {("calcium", "mEq/L"): 2}


def meant(row: UnitFactor) -> str:
    if row.unit == "G/L" and row.to == "g/L":
        return "g/L"
    return MEANT.get(row.unit, row.unit)


def by_dimension(unit: str, to: str, analyte: str) -> float:
    """Give the factor from the units alone, with the molar mass where mass becomes substance."""
    if unit == to:
        return 1.0
    theirs, ours = REGISTRY.from_ucum(unit), REGISTRY.from_ucum(to)
    try:
        return float((1 * theirs).to(ours.units).magnitude / ours.magnitude)
    except DimensionalityError:
        mass = MOLAR_MASS[analyte] * REGISTRY.from_ucum("g/mol")
        is_substance = theirs.dimensionality.get("[substance]", 0)
        amount = 1 * theirs * mass if is_substance else 1 * theirs / mass
        return float(amount.to(ours.units).magnitude / ours.magnitude)


@pytest.mark.parametrize("row", KNOWLEDGE.units, ids=lambda row: f"{row.analyte} {row.unit}")
def test_factor_agrees_with_ucum_and_the_molar_mass(row: UnitFactor) -> None:
    charges = CHARGES.get((row.analyte, row.unit))
    unit = row.unit.replace("Eq", "mol") if charges else meant(row)
    expected = by_dimension(unit, row.to, row.analyte) / (charges or 1)
    assert row.factor == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize(
    ("analyte", "unit", "loinc"),
    [
        ("creatinine", "mg/dL", "2160-0"),
        ("albumin", "g/dL", "1751-7"),
        ("ferritin", "ng/mL", "2276-4"),
    ],
)
def test_factor_agrees_with_a_second_library(analyte: str, unit: str, loinc: str) -> None:
    [row] = [row for row in KNOWLEDGE.units if (row.analyte, row.unit) == (analyte, unit)]
    assert row.factor == conversion_factor(loinc)


def test_no_unit_of_an_analyte_has_two_factors() -> None:
    rows = Counter((row.analyte, row.unit) for row in KNOWLEDGE.units)
    assert set(rows.values()) == {1}


# --- reference intervals -----------------------------------------------------------------------

PRINTED = re.compile(r"printed ([\d.]+) (?:to ([\d.]+) )?(\S+)(?: and above)?, times ([\d.]+)")
CONVERTED = {"hb", "uric_acid", "calcium", "phosphate", "creatinine", "albumin", "ferritin"}


@pytest.mark.parametrize(
    "lab",
    [lab for lab in KNOWLEDGE.labs if lab.analyte in CONVERTED],
    ids=lambda lab: f"{lab.analyte} {lab.age_from_years} {lab.sex}",
)
def test_converted_interval_is_the_printed_one_times_the_factor(lab: LabInterval) -> None:
    found = PRINTED.match(lab.source.note)
    assert found is not None
    low, high, unit, factor = found.groups()
    assert lab.low == float(Decimal(low) * Decimal(factor))
    assert lab.high == (None if high is None else float(Decimal(high) * Decimal(factor)))
    assert lab.source.certainty is Certainty.DERIVED
    [row] = [row for row in KNOWLEDGE.units if (row.analyte, row.unit) == (lab.analyte, unit)]
    assert row.factor == float(factor)


def test_bands_of_an_analyte_never_overlap() -> None:
    for sex in ("female", "male"):
        bands = defaultdict(list)
        for lab in KNOWLEDGE.labs:
            if lab.sex in {None, sex}:
                bands[lab.analyte].append((lab.age_from_years, lab.age_to_years))
        for several in bands.values():
            several.sort()
            assert all(before[1] <= after[0] for before, after in pairwise(several))


def test_crp_and_esr_have_an_upper_limit_only() -> None:
    limits = [lab for lab in KNOWLEDGE.labs if lab.analyte in {"crp", "esr"}]
    assert limits
    assert all(lab.low is None and lab.high is not None for lab in limits)


def test_the_esr_limit_says_that_it_is_weak() -> None:
    [esr] = [lab for lab in KNOWLEDGE.labs if lab.analyte == "esr"]
    assert esr.source.note.startswith("weak")


@pytest.mark.parametrize(
    ("analyte", "age", "sex", "low", "high"),
    [
        ("alp", 9, "female", 142, 335),
        ("alp", 14, "female", 57, 254),
        ("alp", 14, "male", 116, 468),
        ("hb", 9, "male", 112, 145),
        ("hb", 13, "female", 114, 147),
        ("crp", 9, "female", None, 10),
        ("platelets", 9, "female", 165, 473),
        ("ldh", 12, "male", 170, 283),
    ],
)
def test_interval_is_the_one_that_the_laboratory_prints(
    analyte: str, age: int, sex: str, low: float | None, high: float
) -> None:
    [lab] = [
        lab
        for lab in KNOWLEDGE.labs
        if lab.analyte == analyte
        and lab.age_from_years <= age < lab.age_to_years
        and lab.sex in {None, sex}
    ]
    assert (lab.low, lab.high) == (low, high)


# --- codes -------------------------------------------------------------------------------------


def all_codes() -> tuple[CodeEntry, ...]:
    coding = KNOWLEDGE.coding
    return (*coding.code, coding.multiple, coding.unspecified, coding.other)


def test_the_codes_are_the_billable_leaves_of_the_tabular_list_with_its_titles() -> None:
    leaves = {
        row["code"]: row["description"]
        for row in icd10cm()
        if row["code"].startswith("M86.3") and row["billable"] == "1"
    }
    assert {code.code: code.title for code in all_codes()} == leaves
    assert len(all_codes()) == len(leaves) == 24


def test_the_side_of_a_code_is_the_side_in_its_title() -> None:
    for code in KNOWLEDGE.coding.code:
        said = {"right", "left", "unspecified"} & set(re.findall(r"\w+", code.title))
        assert said == {code.laterality or "unspecified"}


def test_every_site_has_a_code_for_each_side_and_one_without() -> None:
    sides = defaultdict(list)
    for code in KNOWLEDGE.coding.code:
        sides[code.regions].append(code.laterality)
    assert len(sides) == 7
    assert all(
        set(found) == {"right", "left", None} and len(found) == 3 for found in sides.values()
    )


def test_every_bone_has_one_site_or_is_excluded() -> None:
    coding = KNOWLEDGE.coding
    sites = {code.regions for code in coding.code}
    for bone in KNOWLEDGE.bones:
        place = set(KNOWLEDGE.places[bone.id])
        if place & set(coding.excluded_regions):
            continue
        fitting = [regions for regions in (*sites, coding.other.regions) if place & set(regions)]
        assert len(fitting) == 1, bone.id


@pytest.mark.parametrize(
    ("bone", "right"),
    [
        ("metacarpal_3", "M86.341"),
        ("lunate", "M86.341"),
        ("distal_phalanx_hand_1", "M86.341"),
        ("radius", "M86.331"),
        ("clavicle", "M86.311"),
        ("femur", "M86.351"),
        ("calcaneus", "M86.371"),
    ],
)
def test_bone_is_coded_where_the_tabular_list_puts_it(bone: str, right: str) -> None:
    place = set(KNOWLEDGE.places[bone])
    [code] = [
        code.code
        for code in KNOWLEDGE.coding.code
        if place & set(code.regions) and code.laterality == "right"
    ]
    assert code == right


@pytest.mark.parametrize("bone", ["thoracic_vertebra_8", "lumbar_vertebra_1", "sacrum", "coccyx"])
def test_the_spine_is_never_coded_here(bone: str) -> None:
    assert set(KNOWLEDGE.places[bone]) & set(KNOWLEDGE.coding.excluded_regions)


# --- rules over findings -----------------------------------------------------------------------

COUNTS = {"blood_count_parts", "blood_counts_told", "bone_images", "mri_images", "contrary_results"}
YES, NO = (True, True), (False, False)


def words_for(rule: str, **given: Pair) -> dict[str, Pair]:
    """Give every word of the rule: unknown, but for those given and counts, which are exact."""
    unknown: dict[str, Pair] = {
        **{measure.id: _unknown(measure.gives) for measure in KNOWLEDGE.measures},
        **{finding.id: UNKNOWN_TRUTH for finding in KNOWLEDGE.findings},
        **dict.fromkeys(("age_years", "age_months", "age_onset_years"), UNKNOWN_NUMBER),
        **dict.fromkeys(COUNTS, (0.0, 0.0)),
        "sex": UNKNOWN_TEXT,
    }
    assert given.keys() <= names(KNOWLEDGE.rules[rule])
    return unknown | given


def _unknown(gives: str) -> Pair:
    return {"number": UNKNOWN_NUMBER, "truth": UNKNOWN_TRUTH}.get(gives, UNKNOWN_TEXT)


def answers(rule: str, **given: Pair) -> tuple[bool, bool]:
    low, high = compiled(KNOWLEDGE.rules[rule])(words_for(rule, **given))
    return bool(low), bool(high)


@pytest.mark.parametrize("flag", RED_FLAGS)
def test_no_flag_stands_on_an_empty_record(flag: str) -> None:
    assert answers(RED_FLAGS[flag].when) == (False, True)


@pytest.mark.parametrize("caution", CAUTIONS)
def test_no_caution_stands_on_an_empty_record(caution: str) -> None:
    assert answers(CAUTIONS[caution].when)[0] is False


@pytest.mark.parametrize(
    ("flag", "given", "stands"),
    [
        ("enlarged_liver_or_spleen", {"hepatosplenomegaly": YES}, True),
        ("bleeding_or_bruising", {"bruising_or_bleeding": YES}, True),
        ("blood_count_missing", {"bone_pain": YES, "pain_persistent": YES}, True),
        ("blood_count_missing", {"bone_pain": YES, "duration_over_6_weeks": YES}, True),
        ("blood_count_missing", {"bone_pain": YES}, False),
        (
            "blood_count_missing",
            {"bone_pain": YES, "pain_persistent": YES, "blood_count_parts": (3.0, 3.0)},
            False,
        ),
        ("blood_count_needed", {"pallor": YES}, True),
        ("blood_count_needed", {"fever": YES, "blood_count_parts": (1.0, 1.0)}, True),
        ("blood_count_needed", {"fever": YES, "blood_count_parts": (3.0, 3.0)}, False),
        ("blood_count_needed", {"fever": YES, "blood_counts_told": (1.0, 1.0)}, False),
        ("low_white_cells_or_platelets", {"wbc_low": YES}, True),
        ("low_white_cells_or_platelets", {"wbc_low": NO}, False),
        ("low_platelets_below_100", {"platelets": (99.0, 99.0)}, True),
        ("low_platelets_below_100", {"platelets": (100.0, 100.0)}, False),
        (
            "low_normal_platelets_with_high_esr",
            {"platelets": (150.0, 150.0), "esr_gt_20": YES},
            True,
        ),
        (
            "low_normal_platelets_with_high_esr",
            {"platelets": (251.0, 251.0), "esr_gt_20": YES},
            False,
        ),
        ("low_normal_platelets_with_high_esr", {"platelets": (200.0, 200.0)}, False),
        ("neutropenia", {"neutrophils_low": YES}, True),
        ("neutropenia", {"neutrophils": (1.9, 1.9)}, False),
        ("neutropenia", {"neutrophils": (1.9, 1.9), "pallor": YES}, True),
        ("neutropenia", {"neutrophils": (2.0, 2.0), "pallor": YES}, False),
        ("anaemia", {"hb_low": YES}, False),
        ("anaemia", {"hb_low": YES, "hb": (79.0, 79.0)}, True),
        ("anaemia", {"hb_low": YES, "hb": (104.0, 104.0), "fever": YES}, True),
        ("anaemia_alone", {"hb_low": YES}, True),
        ("malignant_cells", {"biopsy_malignant_cells": YES}, True),
        ("langerhans_cells", {"biopsy_langerhans_cells": YES}, True),
        ("ldh_abnormal", {"ldh_high": YES}, True),
        ("blasts", {"blasts_on_film": YES}, True),
        ("blasts", {"blasts_on_film": NO}, False),
        ("bone_pain_without_image", {"local_swelling": YES}, True),
        ("bone_pain_without_image", {"bone_pain": YES, "bone_images": (1.0, 1.0)}, False),
        ("bone_infection_likely", {"fever": YES, "refuses_to_use_limb": YES}, True),
        ("bone_infection_likely", {"fever": YES, "arthritis": YES, "local_warmth": YES}, True),
        ("bone_infection_likely", {"fever": YES, "arthritis": YES}, False),
        ("bone_infection_likely", {"fever": NO, "refuses_to_use_limb": YES}, False),
        ("ill_or_worsening_fast", {"ill_or_rapidly_progressive": YES}, True),
        ("spinal_cord_signs", {"spinal_cord_signs": YES}, True),
        ("bone_or_joint_mass", {"cortical_destruction": YES}, True),
        ("tuberculosis_near", {"tb_exposure": YES, "local_swelling": YES}, True),
        ("tuberculosis_near", {"tb_test_positive": YES, "abnormal_imaging": YES}, True),
        (
            "tuberculosis_near",
            {"tb_exposure": YES, "local_swelling": NO, "draining_sinus": NO}
            | {"abnormal_imaging": NO},
            False,
        ),
        ("tuberculosis_near", {"tb_exposure": NO, "tb_test_positive": NO}, False),
        ("daily_night_pain_without_mri", {"pain_persistent": YES, "pain_at_night": YES}, True),
        (
            "daily_night_pain_without_mri",
            {"pain_persistent": YES, "pain_at_night": YES, "mri_images": (1.0, 1.0)},
            False,
        ),
        ("hand_infection_likely", {"pain_on_passive_extension": YES}, True),
        ("onset_before_3_years", {"age_onset_years": (2.9, 2.9), "bone_pain": YES}, True),
        ("onset_before_3_years", {"age_onset_years": (3.0, 3.0), "age_years": (9.0, 9.0)}, False),
        ("onset_before_3_years", {"age_onset_years": (2.9, 2.9)}, False),
        ("fracture_under_3_years", {"fracture_line": YES, "age_years": (0.5, 0.5)}, True),
        ("fracture_under_3_years", {"fracture_line": YES, "age_years": (2.0, 2.0)}, False),
        (
            "fracture_under_3_years",
            {"fracture_line": YES, "age_years": (2.0, 2.0), "onset_after_trauma": NO},
            True,
        ),
        ("lymphoma_signs", {"night_sweats": YES}, True),
        (
            "pustules_and_bone_in_infant",
            {"neonatal_pustules": YES, "abnormal_imaging": YES},
            True,
        ),
    ],
)
def test_flag_stands_only_on_what_is_sure(flag: str, given: dict[str, Pair], stands: bool) -> None:  # noqa: FBT001 # a table of cases
    assert answers(RED_FLAGS[flag].when, **given)[0] is stands


def test_a_hand_alone_is_told_that_the_sets_under_serve_it() -> None:
    assert answers(CAUTIONS["hand_under_served"].when, hand_only=YES) == (True, True)
    assert "low score is no evidence against the disease" in CAUTIONS["hand_under_served"].text


def evidence(**change: Pair) -> dict[str, Pair]:
    given: dict[str, Pair] = {
        "pain_days": (120.0, 120.0),
        "abnormal_imaging": YES,
        "wbc_low": NO,
        "platelets_low": NO,
        "alp_low": NO,
        "crp_gt_100": NO,
        "hand_only": YES,
        "xray_mixed": YES,
        "named_diseases": (0.0, 0.0),
        "suspected_diseases": (0.0, 0.0),
    }
    return given | change


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ({}, (True, True)),
        ({"contrary_results": (1.0, 1.0)}, (False, False)),
        ({"named_diseases": (1.0, 1.0)}, (False, False)),
        ({"suspected_diseases": (1.0, 1.0)}, (False, False)),
        ({"pain_days": (41.0, 41.0)}, (False, False)),
        ({"pain_days": (42.0, 42.0)}, (True, True)),
        ({"alp_low": YES}, (False, False)),
        ({"alp_low": UNKNOWN_TRUTH}, (False, True)),
        ({"wbc_low": UNKNOWN_TRUTH}, (False, True)),
        ({"xray_mixed": UNKNOWN_TRUTH}, (False, True)),
        ({"xray_mixed": UNKNOWN_TRUTH, "hand_only": NO}, (True, True)),
    ],
)
def test_a_code_needs_enough_and_nothing_against_it(
    change: dict[str, Pair], answer: tuple[bool, bool]
) -> None:
    assert answers(KNOWLEDGE.coding.enough, **evidence(**change)) == answer


# --- words, lists ------------------------------------------------------------------------------


PLAIN = {
    **{f"red flag {flag.id}": flag.plain for flag in KNOWLEDGE.red_flags},
    **{f"caution {caution.id}": caution.plain for caution in KNOWLEDGE.cautions},
}


@pytest.mark.parametrize("entry", PLAIN)
def test_words_for_a_family_are_for_an_eleven_year_old(entry: str) -> None:
    assert grade(PLAIN[entry]) <= 6


def test_the_conditions_are_those_of_the_differential_and_the_disease_itself() -> None:
    ids = {condition.id for condition in KNOWLEDGE.conditions}
    assert len(KNOWLEDGE.conditions) == 48 + 3
    assert {"cmo", "cmo_hand", "normal_variant", "nothing_found", "acute_leukaemia"} <= ids
    assert "background" not in ids


def test_the_same_day_conditions_are_those_of_the_differential() -> None:
    assert {one.id for one in KNOWLEDGE.conditions if one.danger == "emergency"} == {
        "acute_bacterial_osteomyelitis",
        "septic_arthritis",
        "hand_soft_tissue_infection",
        "acute_leukaemia",
        "neuroblastoma_mets",
        "sickle_dactylitis",
        "dira",
        "non_accidental_injury",
    }


def test_only_named_exclusions_of_the_2025_set_are_verified_signs() -> None:
    verified = {
        (condition.id, sign.finding)
        for condition in KNOWLEDGE.conditions
        for sign in (*condition.rule_in, *condition.rule_out)
        if sign.source.certainty is Certainty.VERIFIED
    }
    assert verified == {
        ("cmo", "biopsy_malignant_cells"),
        ("cmo", "biopsy_organism"),
        ("cmo", "antibiotics_cure"),
        ("cmo", "vitamin_c_low"),
        ("cmo", "alp_low"),
        ("cmo", "plp_or_pea_high"),
    }


def test_forty_tests_tell_something_and_each_says_what_it_costs_the_child() -> None:
    """Those of the matrix; beside them four that must come before another, for no harm."""
    before = {name for test in KNOWLEDGE.tests for one in test.before for name in one.tests}
    care = {test.id for test in KNOWLEDGE.tests if not test.answers and test.id in before}
    assert care == {"tumour_centre", "clotting_group", "electrolytes", "chest_radiograph"}
    assert sum(not test.unread for test in KNOWLEDGE.tests) - len(care) == 40
    for test in KNOWLEDGE.tests:
        assert test.burden.keys() == {
            "radiation",
            "sedation",
            "needle",
            "cost_class",
            "delay_class",
        }
        assert test.source.certainty is Certainty.JUDGEMENT


@pytest.mark.parametrize(
    ("criteria", "label"),
    [
        (
            "eular_acr_2025_cno",
            "EULAR/ACR 2025: entry and exclusions only. Points not computed: the published weights "
            "have not been verified.",
        ),
        (
            "nbods_2023",
            "NBODS (2023): separates non-bacterial from bacterial osteomyelitis only; says nothing "
            "about tumour.",
        ),
        (
            "carra_ctp_2018",
            "CARRA CTP 2018 eligibility (NSAID-refractory CNO and/or active spinal lesion).",
        ),
        (
            "who_2024_anaemia",
            "Anaemia by WHO 2024 cut-offs (sea level, unadjusted). Not the anaemia definition of "
            "the EULAR/ACR criteria, which was not found.",
        ),
    ],
)
def test_a_set_carries_its_required_label(criteria: str, label: str) -> None:
    assert KNOWLEDGE.criteria_by_id[criteria].label == label


def test_the_points_of_the_2025_set_stay_locked() -> None:
    entry = KNOWLEDGE.criteria_by_id["eular_acr_2025_cno"]
    assert entry.locked
    assert not entry.points
    assert not entry.performance
