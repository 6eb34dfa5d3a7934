"""The danger score: dangers to which something points, together, beside the red flags."""

from msgspec.structs import replace

from multifocal.model.record import Record
from multifocal.workup.tiers import alarming, danger_score
from tests.unit.workup.children import GIRL, assessed, fact, hand_child, knowledge, lesion


def test_it_adds_up_only_what_something_points_to() -> None:
    given = assessed(hand_child())
    assert given.differential is not None
    first, second, third, *_ = given.differential.ranked
    ranked = (
        replace(first, condition="cmo", probability=0.3),
        replace(second, condition="lch", probability=0.4),
        replace(third, condition="scurvy", probability=0.2),
    )
    differential = replace(given.differential, ranked=ranked, abstained=False)
    lch, scurvy = (
        next(one for one in given.dangers if one.id == name) for name in ("lch", "scurvy")
    )
    pointed = replace(lch, supported_by=("xray_lytic",), urgency="urgent")
    bare = replace(scurvy, supported_by=())
    assert danger_score((pointed, bare), differential) == 0.4
    assert alarming((pointed, bare), differential, knowledge()) == ()  # below one half
    both = (pointed, replace(scurvy, supported_by=("metaphyseal_band",), urgency="emergency"))
    # 0.4 and 0.2 are more than one half.
    assert [one.id for one in alarming(both, differential, knowledge())] == ["lch", "scurvy"]
    assert alarming(both, replace(differential, abstained=True), knowledge()) == ()


def test_the_textbook_child_has_none() -> None:
    given = assessed(hand_child())
    assert given.danger_score is not None
    assert given.danger_score < knowledge().differential.model.danger_score.value
    assert given.urgency == "watch"


def test_a_child_of_whom_nothing_is_known_has_no_score() -> None:
    assert assessed(Record(GIRL)).danger_score is None


def test_it_is_an_alarm_without_any_flag() -> None:
    """Contact with tuberculosis, a positive test, and a finger that swells: no flag names it."""
    facts = (
        fact("bone_pain", days_ago=90, onset=True, region="fingers", laterality="right"),
        fact("local_swelling", region="fingers", laterality="right"),
        fact("dactylitis", region="fingers", laterality="right"),
        fact("tb_exposure"),
        fact("igra", present=True),
        fact("biopsy_granuloma"),
        lesion("proximal_phalanx_hand_2", "right", "xray_expansile"),
        lesion("proximal_phalanx_hand_2", "right", "xray_lytic"),
        *(fact(one, present=False, days_ago=9) for one in ("fever", "weight_loss", "limp")),
        fact("crp", value=4.0, unit="mg/L"),
        fact("wbc", value=7.5, unit="10*9/L"),
        fact("hb", value=125.0, unit="g/L"),
        fact("platelets", value=310.0, unit="10*9/L"),
    )
    given = assessed(Record(GIRL, facts))
    assert given.danger_score is not None
    assert given.danger_score >= knowledge().differential.model.danger_score.value
    assert given.urgency in ("emergency", "urgent")
