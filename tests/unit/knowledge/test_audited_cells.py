"""Cells and statements that an audit found surer than their source; what is right is as it says."""

import pytest

from multifocal.knowledge.entries_differential import CellEntry
from multifocal.knowledge.load import load
from multifocal.model.source import Certainty
from multifocal.treatment.load import load as load_treatment

KNOWLEDGE = load()
STATEMENTS = {one.id: one for one in KNOWLEDGE.statements}


def cells(condition: str, finding: str) -> list[CellEntry]:
    return [
        one
        for one in KNOWLEDGE.differential.cells
        if (one.condition, one.finding) == (condition, finding)
    ]


@pytest.mark.parametrize(
    ("condition", "finding"),
    [
        ("cmo", "crp_gt_30"),  # 34 of 41 met a criterion with more to it than the CRP
        ("cmo", "crp_gt_10"),  # the paper prints no limit
        ("cmo", "local_redness"),  # counted only together with warmth
        ("ewing_sarcoma", "site_hand_tubular"),  # counted only together with the foot
        ("lch", "xray_lytic"),  # half of them adults
        ("enchondroma", "bone_pain"),  # adults, 34 years on the mean
        ("enchondroma", "fracture_line"),
    ],
)
def test_what_nobody_counted_in_children_is_a_judgement(condition: str, finding: str) -> None:
    [cell] = cells(condition, finding)
    assert cell.n is None
    assert cell.source.certainty is Certainty.JUDGEMENT
    assert cell.source.id == "multifocal-matrix"


@pytest.mark.parametrize(
    ("condition", "finding", "k", "n"),
    [
        ("cmo", "esr_gt_20", 53, 87),  # 60.9 % of 87, above 20 mm/h
        ("cmo", "local_warmth", 30, 70),  # redness or warmth
        ("ewing_sarcoma", "site_foot", 12, 377),  # hand or foot, 12 is printed
        ("acute_leukaemia", "bone_pain", 42, 47),  # 47 is 38.3 % of 122, printed nowhere
        ("acute_leukaemia", "local_swelling", 13, 47),
        ("acute_leukaemia", "limp", 15, 47),
        ("acute_leukaemia", "refuses_to_use_limb", 28, 47),
        ("acute_leukaemia", "arthritis", 7, 47),
        # counted in lesions, not in children
        ("cmo", "site_metaphysis", 77, 90),
        ("cmo", "site_diaphysis", 13, 90),
        ("cmo", "xray_lytic", 6, 56),
        ("cmo", "xray_sclerotic", 8, 56),
        ("cmo", "xray_mixed", 20, 56),
        ("cmo", "periosteal_lamellar", 10, 56),
        ("cmo", "mri_periphyseal", 446, 513),
    ],
)
def test_what_was_worked_out_from_a_count_is_derived(
    condition: str, finding: str, k: int, n: int
) -> None:
    [cell] = cells(condition, finding)
    assert (cell.k, cell.n, cell.source.certainty) == (k, n, Certainty.DERIVED)


def test_the_cohort_that_prints_its_limit_of_the_crp_is_among_those_above_5() -> None:
    # 44.8 % of 87 above 5 mg/L: 39, the only whole number that rounds so
    rows = {str(cell.source.id): (cell.k, cell.n) for cell in cells("cmo", "crp_gt_5")}
    assert rows["ulu-2023"] == (39, 87)
    assert [k for k in range(88) if round(100 * k / 87, 1) == 44.8] == [39]
    assert [k for k in range(88) if round(100 * k / 87, 1) == 60.9] == [53]


def test_a_single_bone_is_counted_in_children_with_lch() -> None:
    # 45 of 79 children with primary disease of bone
    [cell] = cells("lch", "number_unifocal")
    assert (cell.k, cell.n, cell.source.id) == (45, 79, "arkader-2009")


@pytest.mark.parametrize("finding", ["site_hand_tubular", "site_carpal"])
def test_thirteen_children_without_an_arm_lesion_say_nothing_of_hands(finding: str) -> None:
    assert cells("cmo", finding) == []
    [hand] = cells("cmo_hand", finding)
    assert hand.source.certainty is Certainty.JUDGEMENT


def test_the_points_of_the_hand_are_our_reading() -> None:
    statement = STATEMENTS["hand_case_criteria_site"]
    assert statement.source.certainty is Certainty.JUDGEMENT
    assert "clavicle" in str(statement.figure)


@pytest.mark.parametrize(
    ("statement", "of"),
    [
        ("symmetry_andronikou_2019", "bilateral disease"),
        ("symmetry_radius_ulna", "both sides affected"),
        ("long_bone_part_epiphysis", "lesions of long bones"),
        ("long_bone_part_epiphysis_minimal", "lesions in an epiphysis"),
        ("long_bone_part_metaphysis_extensive", "lesions in a metaphysis"),
        ("relapse_beck_2010_silent", "relapses"),
    ],
)
def test_a_share_of_a_part_names_the_part(statement: str, of: str) -> None:
    assert of in STATEMENTS[statement].population


def test_a_share_of_a_part_stands_behind_the_part() -> None:
    order = [one.id for one in KNOWLEDGE.statements if one.topic == "long_bone_part"]
    for part in ("epiphysis", "metaphysis"):
        whole = order.index(f"long_bone_part_{part}")
        assert order[whole + 1].startswith(f"long_bone_part_{part}_")


def test_children_with_back_pain_alone_are_not_children_without_pain() -> None:
    assert "back pain alone" in STATEMENTS["bone_pain_dangelo_2021"].label
    assert "bone_pain_dangelo_2021_back" not in STATEMENTS


def test_no_licence_is_spoken_of_beyond_what_the_review_says() -> None:
    [advice] = [
        one for one in load_treatment(knowledge=KNOWLEDGE).advice if one.id == "guidelines_licence"
    ]
    assert "German" in advice.text
    assert "anywhere" not in advice.text
