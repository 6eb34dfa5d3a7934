import random
from datetime import date

import msgspec
import pytest

from multifocal.model.assessment import Assessment
from multifocal.model.record import Fact, Record
from multifocal.workup.assess import assess
from tests.unit.workup.children import (
    AS_OF,
    GIRL,
    assessed,
    fact,
    hand_child,
    knowledge,
    lesion,
    mirrored,
)


def criteria(assessment: Assessment) -> dict[str, tuple[str, int | None, int | None]]:
    return {one.id: (one.state, one.low, one.high) for one in assessment.criteria}


def truths(assessment: Assessment) -> dict[str, bool | None]:
    return {finding.id: finding.truth for finding in assessment.findings}


def test_the_same_record_gives_the_same_bytes() -> None:
    once, again = assessed(hand_child()), assessed(hand_child())
    assert msgspec.json.encode(once) == msgspec.json.encode(again)


def test_an_assessment_survives_json() -> None:
    assessment = assessed(hand_child())
    assert msgspec.json.decode(msgspec.json.encode(assessment), type=Assessment) == assessment


def test_the_order_of_facts_does_not_matter() -> None:
    record = hand_child()
    shuffled = list(record.facts)
    random.Random(7).shuffle(shuffled)  # noqa: S311 # an order, not a secret
    first, second = assessed(record), assessed(Record(GIRL, tuple(shuffled)))
    assert truths(first) == truths(second)
    assert criteria(first) == criteria(second)
    assert first.coding == second.coding


def test_a_mirrored_hand_gives_mirrored_results() -> None:
    right, left = assessed(hand_child("right")), assessed(mirrored(hand_child("right")))
    assert truths(right) == truths(left)
    assert criteria(right) == criteria(left)
    assert (right.coding.code, left.coding.code) == ("M86.341", "M86.342")


def test_nothing_known_gives_nothing_but_questions() -> None:
    assessment = assessed(Record(GIRL))
    known = {name for name, truth in truths(assessment).items() if truth is not None}
    given = {"age_under_2", "age_2_to_5", "age_6_to_11", "age_12_to_17", "sex_female"}
    assert known == given
    assert assessment.coding.code is None
    assert assessment.red_flags == ()
    assert assessment.dangers
    assert assessment.missing


def test_what_came_after_the_day_of_assessment_is_not_used_and_is_told() -> None:
    late = msgspec.structs.replace(fact("fever"), day=None, recorded=None)
    record = hand_child("right", late)
    early = assess(record, as_of=date(2026, 7, 1), knowledge=knowledge())
    assert "xray_mixed" not in {f.concept for f in early.facts}
    later = [issue for issue in early.issues if "later" in issue.message]
    assert sum(issue.count for issue in later) == 9
    assert any(issue.message.startswith("C-reactive protein: later") for issue in later)
    assert truths(early)["fever"] is True


@pytest.mark.parametrize(
    "flag",
    [
        fact("hepatosplenomegaly"),
        fact("bruising_or_bleeding"),
        fact("blasts_on_film"),
        fact("wbc", value=3.2, unit="10*9/L", days_ago=1),
        fact("platelets", value=95.0, unit="10*9/L", days_ago=1),
        fact("biopsy_organism"),
        fact("soft_tissue_mass", bone="metacarpal_3", laterality="right", modality="mri"),
        fact("vitc", value=5.0, unit="umol/L", days_ago=1),
    ],
    ids=lambda flag: flag.concept,
)
def test_a_red_flag_stands_and_adding_it_never_lowers_the_urgency(flag: Fact) -> None:
    order = ["emergency", "urgent", "soon", "none"]

    def urgency(assessment: Assessment) -> int:
        return min((order.index(f.urgency) for f in assessment.red_flags), default=3)

    before, after = assessed(hand_child()), assessed(hand_child("right", flag))
    assert len(after.red_flags) > len(before.red_flags)
    assert urgency(after) <= urgency(before)
    assert all(f.because for f in after.red_flags if flag.id in f.because)


def test_every_fact_that_an_answer_names_is_in_the_assessment() -> None:
    assessment = assessed(hand_child())
    known = {f.id for f in assessment.facts}
    named = {
        *(name for f in assessment.findings for name in f.because),
        *(name for c in assessment.criteria for item in c.items for name in item.because),
        *(name for one in assessment.lesions for name in one.because),
        *assessment.coding.because,
    }
    assert named
    assert named <= known


def test_a_finding_without_a_fact_of_its_own_is_never_answered() -> None:
    assessment = assessed(hand_child())
    given = {"age_under_2", "age_2_to_5", "age_6_to_11", "age_12_to_17", "sex_female"}
    for finding in assessment.findings:
        if finding.truth is not None and finding.id not in given:
            assert finding.because, finding.id


def test_a_hand_alone_is_told_to_be_under_served() -> None:
    notes = " ".join(text for text, _ in assessed(hand_child()).notes)
    assert "under-serve this site" in notes
    assert "no evidence against the disease" in notes


def test_lysis_and_sclerosis_of_one_bone_on_one_day_are_a_mixed_lesion() -> None:
    record = Record(
        GIRL,
        (
            lesion("metacarpal_3", "right", "xray_lytic"),
            lesion("metacarpal_3", "right", "xray_sclerotic"),
        ),
    )
    answers = truths(assessed(record))
    assert (answers["xray_mixed"], answers["xray_lytic"]) == (True, False)


def test_lysis_here_and_sclerosis_there_are_not_a_mixed_lesion() -> None:
    record = Record(
        GIRL,
        (
            lesion("metacarpal_3", "right", "xray_lytic"),
            lesion("metacarpal_4", "right", "xray_sclerotic"),
        ),
    )
    assert truths(assessed(record))["xray_mixed"] is not True


def test_our_interval_flags_a_value_only_where_the_laboratory_gave_none() -> None:
    own = fact("ldh", value=330.0, unit="U/L", low=120.0, high=400.0)
    [ours] = assessed(Record(GIRL, (fact("ldh", value=330.0),))).facts
    [theirs] = assessed(Record(GIRL, (own,))).facts
    # 192 to 321 U/L for 1 to 9 years in the evidence: 330 is high; normal by the laboratory.
    assert (ours.flag, ours.interval) == ("high", "knowledge")
    assert (theirs.flag, theirs.interval) == ("normal", "laboratory")


def test_a_low_alkaline_phosphatase_is_flagged_although_the_laboratory_calls_it_normal() -> None:
    """226 of 702 results below 160 U/L were low for age and none was flagged (evidence, 0.4)."""
    adult = fact("alp", value=120.0, unit="U/L", low=40.0, high=130.0)
    assessment = assessed(Record(GIRL, (adult,)))
    # 142 to 335 U/L for 1 to 10 years in the evidence: 120 is low for a girl of nine.
    assert truths(assessment)["alp_low"] is True
    [issue] = [issue for issue in assessment.issues if "by our interval" in issue.message]
    assert "120" not in issue.message


def test_without_a_birth_date_no_interval_of_ours_is_used() -> None:
    record = Record(msgspec.structs.replace(GIRL, birth=None), (fact("alp", value=120.0),))
    assessment = assess(record, as_of=AS_OF, knowledge=knowledge())
    [alp] = assessment.facts
    assert (alp.flag, alp.interval) == (None, None)
    assert truths(assessment)["alp_low"] is None
    assert assessment.age_years is None


def test_marrow_signal_is_set_beside_that_of_healthy_children() -> None:
    """45 of 84 healthy children showed it in a wrist bone (evidence, NV1)."""
    carpal = lesion("capitate", "right", "mri_marrow_oedema")
    notes = [text for text, _ in assessed(Record(GIRL, (carpal,))).notes]
    [note] = [text for text in notes if "45 of 84" in text and text.startswith("Healthy")]
    assert "capitate" in note


def test_a_bone_without_a_published_frequency_is_said_to_have_none() -> None:
    notes = " ".join(text for text, _ in assessed(hand_child()).notes)
    assert "not known for: third metacarpal" in notes


def test_without_marrow_signal_nothing_is_said_of_healthy_children() -> None:
    notes = " ".join(
        text for text, _ in assessed(Record(GIRL, (lesion("capitate", "right"),))).notes
    )
    assert "Healthy children" not in notes
