"""Codes from ICD-10-CM, April 2026; which bones belong to a code is our reading of the table."""

import pytest

from multifocal.model.record import Fact, Record
from tests.unit.workup.children import GIRL, assessed, fact, hand_child, lesion


def child(*lesions: Fact) -> Record:
    kept = tuple(f for f in hand_child().facts if f.bone is None)
    return Record(GIRL, (*kept, *lesions))


@pytest.mark.parametrize(
    ("lesions", "code"),
    [
        ([("metacarpal_3", "right"), ("proximal_phalanx_hand_2", "right")], "M86.341"),
        ([("capitate", "left")], "M86.342"),
        ([("metacarpal_3", "right"), ("metacarpal_3", "left")], "M86.39"),
        ([("radius", "right")], "M86.331"),
        ([("radius", "right"), ("ulna", "right")], "M86.331"),
        ([("radius", "right"), ("metacarpal_3", "right")], "M86.39"),
        ([("clavicle", "left")], "M86.312"),
        ([("femur", "left")], "M86.352"),
        ([("tibia", "right"), ("fibula", "right")], "M86.361"),
        ([("calcaneus", "left")], "M86.372"),
        ([("mandible", "midline")], "M86.38"),
        ([("ilium", "right")], "M86.38"),
        ([("ilium", "right"), ("mandible", "midline")], "M86.39"),
        ([("tibia", "right"), ("thoracic_vertebra_8", "midline")], "M86.361"),
    ],
)
def test_the_code_follows_bone_and_side(lesions: list[tuple[str, str]], code: str) -> None:
    assert assessed(child(*(lesion(*one) for one in lesions))).coding.code == code


def test_a_side_that_is_not_recorded_gives_the_code_for_an_unspecified_side() -> None:
    bare = fact("xray_mixed", bone="metacarpal_3", modality="xray")
    assert assessed(child(bare)).coding.code == "M86.349"


@pytest.mark.parametrize("bone", ["cervical_vertebra_5", "thoracic_vertebra_8", "sacrum"])
def test_the_spine_never_gets_a_code_of_m86(bone: str) -> None:
    coding = assessed(child(lesion(bone, "midline"))).coding
    assert coding.code is None
    assert "M46.2" in coding.reason


def test_a_vertebra_beside_another_bone_is_told_to_be_coded_elsewhere() -> None:
    both = child(lesion("tibia", "right"), lesion("thoracic_vertebra_8", "midline"))
    assert "M46.2" in assessed(both).coding.caution


def test_too_little_evidence_gives_no_code_and_says_so() -> None:
    coding = assessed(Record(GIRL, (lesion("metacarpal_3", "right"),))).coding
    assert coding.code is None
    assert coding.title == "Not enough evidence"


@pytest.mark.parametrize(
    "contrary",
    [
        fact("biopsy_organism"),
        fact("biopsy_malignant_cells"),
        fact("platelets", value=95.0, unit="10*9/L", days_ago=1),
        fact("alp", value=90.0, unit="U/L", days_ago=1),
    ],
    ids=lambda f: f.concept,
)
def test_what_speaks_against_the_disease_takes_the_code_away(contrary: Fact) -> None:
    assert assessed(hand_child("right", contrary)).coding.code is None
