"""Codes from ICD-10-CM, April 2026; which bones belong to a code is our reading of the table."""

import re
from typing import Any

import pytest
from msgspec.structs import replace

from multifocal.model.assessment import Coding
from multifocal.model.record import Fact, Record
from multifocal.workup.coding import coding
from multifocal.workup.find import find
from tests.unit.workup.children import (
    AS_OF,
    GIRL,
    assessed,
    fact,
    hand_child,
    knowledge,
    leading,
    lesion,
)


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
    assert leading(child(*(lesion(*one) for one in lesions))).code == code


def test_a_side_that_is_not_recorded_gives_the_code_for_an_unspecified_side() -> None:
    bare = fact("xray_mixed", bone="metacarpal_3", modality="xray")
    assert leading(child(bare)).code == "M86.349"


@pytest.mark.parametrize("bone", ["cervical_vertebra_5", "thoracic_vertebra_8", "sacrum"])
def test_the_spine_never_gets_a_code_of_m86(bone: str) -> None:
    given = leading(child(lesion(bone, "midline")))
    assert given.code is None
    assert "M46.2" in given.reason


def test_a_vertebra_beside_another_bone_is_told_to_be_coded_elsewhere() -> None:
    both = child(lesion("tibia", "right"), lesion("thoracic_vertebra_8", "midline"))
    assert "M46.2" in leading(both).caution


def test_too_little_evidence_gives_no_code_and_says_so() -> None:
    given = assessed(Record(GIRL, (lesion("metacarpal_3", "right"),))).coding
    assert given.code is None
    assert given.title == "Not enough evidence"


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


# When it is earned


def test_a_pressing_flag_holds_the_code_back() -> None:
    held = assessed(hand_child("right", fact("bruising_or_bleeding"))).coding
    assert (held.code, held.held, held.title) == (None, True, "Held back: a red flag stands")


def test_the_disease_must_lead_alone_for_a_code() -> None:
    """What leading alone means is tested with the ranking; here the code follows it."""
    child = assessed(hand_child())
    assert child.differential is not None
    assert child.differential.ranked[0].condition == "cmo"
    found = find(child.facts, GIRL, as_of=AS_OF, knowledge=knowledge())
    differential = child.differential

    def given(alone: str) -> Coding:
        ranked = replace(differential, alone=alone)
        return coding(found, child.lesions, child.facts, (), ranked, None, knowledge())

    assert given("cmo").code == "M86.341"
    held = given("")
    assert (held.code, held.held, held.title) == (None, True, "Held back: it does not lead alone")


def test_a_hand_without_tissue_has_a_provisional_code() -> None:
    """CARRA 2018, table 1: a hand is not among the places where a biopsy may be left out."""
    hand = leading(hand_child())
    assert (hand.code, hand.provisional) == ("M86.341", True)
    assert "biopsy" in hand.caution
    clavicle = leading(child(lesion("clavicle", "left")))
    assert (clavicle.code, clavicle.provisional) == ("M86.312", False)


def test_several_places_and_none_change_digits_in_germany() -> None:
    """ICD-10-GM: M86.30 is several sites and M86.39 none that is told; ICD-10-CM reverses it."""
    several = leading(child(lesion("radius", "right"), lesion("metacarpal_3", "right")))
    assert (several.code, several.who) == ("M86.39", "M86.30")
    assert leading(hand_child()).who == "M86.34"


@pytest.mark.parametrize(
    ("bone", "code"),
    [
        ("cervical_vertebra_5", "M46.22"),
        ("thoracic_vertebra_8", "M46.24"),
        ("lumbar_vertebra_3", "M46.26"),
        ("sacrum", "M46.28"),
    ],
)
def test_a_vertebra_has_the_code_of_its_region(bone: str, code: str) -> None:
    assert [one.code for one in leading(child(lesion(bone, "midline"))).also] == [code]
    beside = leading(child(lesion("tibia", "right"), lesion(bone, "midline")))
    assert (beside.code, [one.code for one in beside.also]) == ("M86.361", [code])


# The symptom


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ({"region": "hand", "laterality": "right"}, "M79.641"),
        ({"region": "hand"}, "M79.643"),
        ({"bone": "proximal_phalanx_hand_2", "region": "fingers", "laterality": "left"}, "M79.645"),
        ({"region": "knee", "laterality": "left"}, "M25.562"),
        ({"region": "thoracic_spine"}, "M54.6"),
        ({"region": "jaw"}, "R68.84"),
    ],
)
def test_where_there_is_none_the_pain_has_its_code(place: dict[str, Any], code: str) -> None:
    given = assessed(Record(GIRL, (fact("bone_pain", **place),))).coding
    assert given.code is None
    assert given.symptom is not None
    assert given.symptom.code == code


def test_pain_in_several_places_has_no_code_and_says_why() -> None:
    both = (fact("bone_pain", region="knee", laterality="left"), fact("limp", region="jaw"))
    given = assessed(Record(GIRL, both)).coding
    assert given.symptom is None
    assert "several places" in given.symptom_reason


def test_a_code_of_the_disease_needs_none_of_the_symptom() -> None:
    assert leading(hand_child()).symptom is None


def test_every_code_of_the_table_is_written_as_the_list_writes_codes() -> None:
    table = knowledge().coding
    for one in (*table.code, *table.symptom, *table.vertebra):
        assert re.fullmatch(r"[MR]\d\d\.\d{1,3}", one.code), one.code
