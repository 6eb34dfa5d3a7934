"""Next tests do no harm: what must come before comes before, what is forbidden is not asked for."""

from graphlib import TopologicalSorter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multifocal.knowledge.entries import RedFlagEntry
from multifocal.model.assessment import RedFlag
from multifocal.model.record import Fact, Record
from multifocal.workup import next_best
from multifocal.workup.find import find
from multifocal.workup.next_best import may_be_made, to_come_before
from multifocal.workup.red_flags import first_tests
from tests.unit.workup.children import (
    AS_OF,
    GIRL,
    assessed,
    fact,
    hand_child,
    knowledge,
    lesion,
)

TESTS = {test.id: test for test in knowledge().tests}
THIGH: dict[str, Any] = {"region": "thigh", "laterality": "left"}
PAIN = fact("bone_pain", days_ago=40, onset=True, **THIGH)
LOW_LINES = (
    PAIN,
    fact("platelets", value=70.0, unit="10*9/L"),
    fact("wbc", value=2.4, unit="10*9/L"),
    fact("hb", value=82.0, unit="g/L"),
)
SIGNS = (
    *LOW_LINES,
    fact("pain_persistent", **THIGH),
    fact("pain_at_night", **THIGH),
    fact("fever"),
    fact("arthritis", region="knee", laterality="left"),
    fact("arthritis", region="knee", laterality="left", present=False),
    fact("dactylitis", region="hand", laterality="left"),
    fact("restricted_diet_or_autism"),
    fact("palpable_mass", **THIGH),
    fact("crp", value=48.0, unit="mg/L"),
    fact("ldh", value=1900.0, unit="U/L"),
    fact("xray_study", modality="xray", **THIGH),
    fact("mri_study", modality="mri", **THIGH),
    fact("whole_body_mri", modality="whole_body_mri", days_ago=200),
    fact("vitc", value=4.0, unit="umol/L"),
    lesion("femur", "left", "xray_lytic"),
    lesion("metacarpal_3", "left"),
    lesion("metacarpal_4", "left", "mri_marrow_oedema"),
)


def asked(*facts: Fact) -> list[str]:
    return [one.id for one in assessed(Record(GIRL, facts)).next_tests]


@settings(max_examples=60, deadline=None)
@given(st.sets(st.sampled_from(range(len(SIGNS)))))
def test_whatever_is_known_no_test_is_asked_for_that_harms(chosen: set[int]) -> None:
    record = Record(GIRL, tuple(SIGNS[place] for place in sorted(chosen)))
    assessment = assessed(record)
    found = find(assessment.facts, GIRL, as_of=AS_OF, knowledge=knowledge())
    made = next_best.tests_made(assessment.facts, as_of=AS_OF, knowledge=knowledge())
    ids = [one.id for one in assessment.next_tests]
    assert len(ids) == len(set(ids))
    assert made.isdisjoint(ids)
    for place, one in enumerate(ids):
        assert may_be_made(TESTS[one], found, knowledge())
        for name in to_come_before(TESTS[one], found, knowledge()):
            assert name not in ids[place:]


def test_no_test_must_come_before_itself() -> None:
    ahead = {
        test.id: {name for one in test.before for name in one.tests} for test in TESTS.values()
    }
    assert set(TopologicalSorter(ahead).static_order()) == TESTS.keys()


def test_where_leukaemia_is_possible_is_one_rule_wherever_it_stands() -> None:
    rules = {rule for test in TESTS.values() for rule in test.rules if "biopsy_leukaemia" in rule}
    assert len(rules) == 1


def test_where_leukaemia_is_possible_blood_and_chest_come_before_the_marrow() -> None:
    """A chest mass or a tumour that breaks down makes sedation dangerous; no bone is sampled."""
    ids = asked(*LOW_LINES, fact("pain_persistent", **THIGH), fact("pain_at_night", **THIGH))
    marrow = ids.index("bone_marrow_aspirate")
    assert {"clotting_group", "electrolytes", "chest_radiograph"} <= set(ids[:marrow])
    assert "biopsy_with_cultures" not in ids
    assert "nsaid_trial" not in ids


def test_an_effusion_is_there_before_a_joint_is_aspirated() -> None:
    known = find((PAIN,), GIRL, as_of=AS_OF, knowledge=knowledge())
    swollen = (PAIN, fact("arthritis", region="knee", laterality="left"))
    found = find(swollen, GIRL, as_of=AS_OF, knowledge=knowledge())
    assert not may_be_made(TESTS["joint_aspiration"], known, knowledge())
    assert may_be_made(TESTS["joint_aspiration"], found, knowledge())


def test_vitamin_c_is_measured_before_it_is_given() -> None:
    found = find((PAIN,), GIRL, as_of=AS_OF, knowledge=knowledge())
    assert "vitamin_c" in to_come_before(TESTS["vitamin_c_trial"], found, knowledge())


def test_sickle_haemoglobin_is_looked_for_before_an_anaesthetic_in_a_swollen_finger() -> None:
    facts = (PAIN, fact("dactylitis", region="hand", laterality="left"))
    found = find(facts, GIRL, as_of=AS_OF, knowledge=knowledge())
    assert "sickle_test" in to_come_before(TESTS["biopsy_with_cultures"], found, knowledge())


def test_a_hand_alone_gets_its_biopsy_discussed_after_images_and_a_tumour_centre() -> None:
    ids = [one.id for one in assessed(hand_child()).next_tests]
    biopsy = ids.index("biopsy_with_cultures")
    assert {"whole_body_mri", "tumour_centre", "clotting_group"} <= set(ids[:biopsy])


def test_a_hand_of_which_tissue_was_seen_is_not_sampled_first() -> None:
    tissue = fact("biopsy_sterile_inflammation", region="hand", laterality="right")
    ids = [one.id for one in assessed(hand_child("right", tissue)).next_tests]
    assert "biopsy_with_cultures" not in ids[:1]


@pytest.mark.parametrize(("days_ago", "is_asked"), [(7, False), (29, False), (31, True)])
def test_a_film_of_this_month_is_not_taken_again(days_ago: int, is_asked: bool) -> None:  # noqa: FBT001 # a table of cases
    film = fact("xray_study", modality="xray", days_ago=days_ago, **THIGH)
    made = next_best.tests_made((film,), as_of=AS_OF, knowledge=knowledge())
    assert ("radiograph" not in made) is is_asked


# What nobody looked at is a first test, and no red flag


def flags(*facts: Fact) -> list[RedFlag]:
    return list(assessed(Record(GIRL, facts)).red_flags)


def test_no_flag_stands_where_nothing_was_found() -> None:
    absent = [
        fact(concept, present=False)
        for concept in ("fever", "bone_pain", "pallor", "weight_loss", "lymphadenopathy")
    ]
    assert flags() == []
    assert flags(*absent) == []


def test_a_missing_film_and_a_missing_count_are_asked_for_first_and_raise_no_flag() -> None:
    facts = (PAIN, fact("pain_persistent", **THIGH))
    found = find(facts, GIRL, as_of=AS_OF, knowledge=knowledge())
    first = [one.test for one in first_tests(found, knowledge())]
    assert set(first) == {"full_blood_count_film", "radiograph"}
    assert set(asked(*facts)[:2]) == set(first)
    assert flags(*facts) == []


def test_a_flag_that_another_says_with_more_urgency_is_not_told() -> None:
    low = fact("hb", value=104.0, unit="g/L")
    assert [one.id for one in flags(low)] == ["anaemia_alone"]
    assert [one.id for one in flags(low, fact("fever"))] == ["anaemia"]
    assert [one.id for one in flags(fact("hb", value=75.0, unit="g/L"))] == ["anaemia"]


HASTE = {
    "emergency": ("within 48", "within two", "48 h", "two days", "two weeks", "this week"),
    "urgent": ("today", " now", "this week", "two weeks", "within a week", "same day"),
    "soon": ("today", " now", "48 h", "two days", "this week", "same day"),
}
"""What no text of a flag of that urgency may say: now, within 48 hours, within 2 weeks."""


@pytest.mark.parametrize("flag", knowledge().red_flags, ids=lambda flag: flag.id)
def test_every_text_of_a_flag_says_as_soon_as_its_urgency(flag: RedFlagEntry) -> None:
    exact = "within two days" if flag.urgency == "urgent" else "within two weeks"
    for text in (flag.action.lower(), flag.plain.lower()):
        assert [one for one in HASTE[flag.urgency] if one in text] == []
    assert flag.urgency == "emergency" or exact in flag.plain.lower()
