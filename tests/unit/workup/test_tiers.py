"""Dangers in three tiers: none goes, what is unlikely says why, and a sign brings it back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multifocal.model.assessment import Danger
from multifocal.model.issue import Level
from multifocal.model.record import Fact, NotRead, Record
from tests.unit.workup.children import GIRL, assessed, fact, hand_child, knowledge

NORMAL = tuple(
    fact(concept, value=value, unit=unit)
    for concept, value, unit in (
        ("hb", 128.0, "g/L"),
        ("wbc", 7.2, "10*9/L"),
        ("platelets", 300.0, "10*9/L"),
        ("ldh", 220.0, "U/L"),
    )
)
WELL = tuple(
    fact(concept, present=False)
    for concept in (
        "fever",
        "hepatosplenomegaly",
        "lymphadenopathy",
        "bruising_or_bleeding",
        "fracture_line",
        "blasts_on_film",
    )
)
SIGNS = (
    *NORMAL,
    *WELL,
    fact("palpable_mass", region="hand", laterality="right"),
    fact("biopsy_sterile_inflammation", region="hand", laterality="right"),
    fact("biopsy_organism", present=False),
    fact("biopsy_malignant_cells", present=False),
    fact("pallor"),
    fact("weight_loss"),
    fact("tb_exposure", present=False),
)


def dangers(*facts: Fact, not_read: tuple[NotRead, ...] = ()) -> dict[str, Danger]:
    record = Record(GIRL, (*hand_child().facts, *facts), not_read=not_read)
    return {one.id: one for one in assessed(record).dangers}


@pytest.mark.parametrize("id_", ["sickle_dactylitis", "neuroblastoma_mets", "acute_leukaemia"])
def test_what_age_and_blood_speak_against_is_unlikely_and_says_why(id_: str) -> None:
    """A girl of nine, four months ill, count, film and LDH normal: as a clinician asked for."""
    one = dangers(*NORMAL, *WELL)[id_]
    assert (one.tier, bool(one.why)) == ("unlikely", True)


def test_the_first_sign_brings_a_danger_back() -> None:
    low = fact("platelets", value=92.0, unit="10*9/L", days_ago=1)
    assert dangers(*NORMAL, *WELL, low)["acute_leukaemia"].tier == "answer"


def test_infection_a_tumour_or_histiocytosis_and_scurvy_are_to_be_answered_in_a_hand() -> None:
    first = {id_ for id_, one in dangers(*NORMAL, *WELL).items() if one.tier == "answer"}
    categories = {knowledge().conditions_by_id[id_].category for id_ in first}
    assert {"infection", "malignancy", "metabolic"} <= categories
    assert "scurvy" in first


def test_sterile_tissue_makes_bacteria_unlikely_and_does_not_exclude_them() -> None:
    tissue = (
        fact("biopsy_sterile_inflammation", region="hand", laterality="right"),
        fact("biopsy_organism", present=False),
    )
    found = dangers(*WELL, *tissue)
    open_ = found.keys() & {"chronic_bacterial_osteomyelitis", "subacute_osteomyelitis_brodie"}
    assert open_
    assert {found[id_].tier for id_ in open_} == {"unlikely"}


def test_a_test_of_which_the_report_was_not_read_is_pending() -> None:
    unread = NotRead(
        "report", "Histology", "DiagnosticReport 2", level=Level.WARNING, about="pathology"
    )
    assert dangers()["lch"].standing == "needed"
    assert dangers(not_read=(unread,))["lch"].standing == "pending"


def test_a_test_of_which_every_deciding_answer_is_known_is_done() -> None:
    assert dangers()["fungal_osteomyelitis"].standing == "needed"
    fungal = fact("bone_fungal_culture", present=False)
    assert dangers(fungal)["fungal_osteomyelitis"].standing == "needed"  # no other culture yet
    fungi = dangers(fungal, fact("biopsy_organism", present=False))["fungal_osteomyelitis"]
    assert (fungi.test, fungi.standing) == ("biopsy_with_cultures", "done")


def test_what_a_result_excludes_is_no_danger_that_stands() -> None:
    assert "lch" in dangers()
    assert "lch" not in dangers(fact("biopsy_langerhans_cells", present=False))


@settings(max_examples=50, deadline=None)
@given(st.sets(st.sampled_from(range(len(SIGNS)))))
def test_tiers_lose_no_danger_and_ask_for_five_at_most(chosen: set[int]) -> None:
    found = dangers(*(SIGNS[place] for place in sorted(chosen)))
    first = [one for one in found.values() if one.tier == "answer"]
    assert len(first) <= 5
    for one in found.values():
        assert one.tier != "unlikely" or (one.why and not one.supported_by)
    supported = sum(bool(one.supported_by) for one in found.values())
    assert sum(bool(one.supported_by) for one in first) == min(supported, 5)


def test_urgency_is_that_of_the_most_urgent_flag_and_unknown_where_nothing_is_known() -> None:
    assert assessed(Record(GIRL, ())).urgency is None
    assert assessed(hand_child()).urgency == "watch"
    assert assessed(hand_child("right", fact("vitc", value=3.0, unit="umol/L"))).urgency == "urgent"
    pale = Record(GIRL, (fact("bone_pain"), fact("hb", value=100.0, unit="g/L")))
    assert assessed(pale).urgency == "soon"
    blasts = fact("blasts_on_film")
    assert assessed(hand_child("right", blasts)).urgency == "emergency"
