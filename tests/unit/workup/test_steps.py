"""The next steps: few, in an order that does no harm, with who does them and by when."""

from dataclasses import dataclass
from itertools import pairwise

import pytest

from multifocal.examples import names, path
from multifocal.exchange.read import read
from multifocal.model.assessment import Assessment, Step
from multifocal.model.record import Fact, Record
from multifocal.workup import next_best
from multifocal.workup.assess import assess, latest_day
from tests.unit.workup.children import AS_OF, GIRL, fact, hand_child, knowledge, lesion


@dataclass(frozen=True)
class Seen:
    """A child, and where it is seen."""

    record: Record
    setting: str = "paediatric_rheumatology_referral"

    def assessed(self) -> Assessment:
        known = knowledge()
        day = latest_day(self.record) or AS_OF
        return assess(self.record, as_of=day, knowledge=known, setting=self.setting)


def steps(*facts: Fact, setting: str = "paediatric_rheumatology_referral") -> tuple[Step, ...]:
    return Seen(Record(GIRL, facts), setting).assessed().steps


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("setting", ["family_doctor", "hand_clinic"])
def test_there_are_at_most_three_and_each_says_who(name: str, setting: str) -> None:
    found = Seen(read(path(name), knowledge=knowledge()), setting).assessed().steps
    assert 1 <= len(found) <= 3
    assert all(one.what and one.who and one.plain for one in found)


@pytest.mark.parametrize("name", names())
def test_no_step_is_taken_twice(name: str) -> None:
    found = Seen(read(path(name), knowledge=knowledge())).assessed().steps
    tests = [test for one in found for test in one.tests]
    assert len(tests) == len(set(tests))


def test_a_family_doctor_refers_first() -> None:
    first = Seen(hand_child(), "family_doctor").assessed().steps[0]
    assert (first.what, first.when) == ("Refer to paediatric rheumatology", "soon")


def test_a_family_doctor_sends_an_emergency_at_once() -> None:
    pale = (fact("bone_pain"), fact("bruising_or_bleeding"), fact("hepatosplenomegaly"))
    first = steps(*pale, setting="family_doctor")[0]
    assert first.when == "emergency"
    assert "hospital now" in first.what


def test_all_steps_of_an_emergency_are_due_now() -> None:
    found = steps(fact("bone_pain"), fact("bruising_or_bleeding"))
    assert {one.when for one in found} == {"emergency"}


def test_where_nothing_points_to_disease_to_watch_is_the_whole_answer() -> None:
    absent = ("fever", "limp", "local_swelling", "limited_motion", "bone_tenderness", "weight_loss")
    quiet = [fact(one, present=False, days_ago=9) for one in absent]
    legs = fact("evening_bilateral_leg_pain", days_ago=120, onset=True)
    [only] = steps(legs, *quiet, setting="family_doctor")
    assert only.when == "watch"
    assert "come back" in only.why
    more = steps(legs, *quiet, lesion("tibia", "left"), setting="family_doctor")
    assert "watch" not in {one.when for one in more}


def test_images_and_a_tumour_centre_come_before_a_needle_into_bone() -> None:
    """Section 3.1 of the dossier: a biopsy in the wrong place can cost the limb."""
    found = [test for one in Seen(hand_child()).assessed().steps for test in one.tests]
    order = ["whole_body_mri", "tumour_centre", "biopsy_with_cultures"]
    places = [found.index(test) for test in order]
    assert all(before < after for before, after in pairwise(places))


def test_what_only_makes_another_test_safe_goes_with_it() -> None:
    biopsy = next(
        one for one in Seen(hand_child()).assessed().steps if "biopsy_with_cultures" in one.tests
    )
    assert "clotting_group" in biopsy.tests
    assert any("Clotting" in text for text in biopsy.before)


def test_a_finding_of_an_image_says_that_it_was_made() -> None:
    """A film that shows a lesion, and an MRI that shows no abscess, are not asked for again."""
    facts = (
        lesion("metacarpal_3", "right"),
        fact("mri_abscess_or_penumbra", modality="mri", present=False, region="hand"),
    )
    made = next_best.tests_made(facts, as_of=AS_OF, knowledge=knowledge())
    assert {"radiograph", "mri_regional"} <= made
    old = lesion("metacarpal_3", "right", days_ago=200)
    assert "radiograph" not in next_best.tests_made((old,), as_of=AS_OF, knowledge=knowledge())


def test_one_test_answers_as_many_of_the_first_dangers_as_it_can() -> None:
    first = [one for one in Seen(hand_child()).assessed().dangers if one.tier == "answer"]
    by_biopsy = {one.id for one in first if one.test == "biopsy_with_cultures"}
    assert "chronic_bacterial_osteomyelitis" in by_biopsy
    assert len(by_biopsy) >= 2


def test_an_emergency_keeps_its_own_first_test() -> None:
    ill = (
        fact("bone_pain", days_ago=4, onset=True, region="lower_leg", laterality="right"),
        fact("fever", days_ago=1),
        fact("crp", value=120.0, unit="mg/L", days_ago=1),
    )
    dangers = {one.id: one for one in Seen(Record(GIRL, ill)).assessed().dangers}
    assert dangers["acute_bacterial_osteomyelitis"].test == "blood_culture"
