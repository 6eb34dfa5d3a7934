import msgspec
import pytest

from multifocal.knowledge.load import load
from multifocal.model.calculation import Calculation
from multifocal.workup.calculate import AnswerError, answer, calculate

KNOWLEDGE = load()
SETS = KNOWLEDGE.criteria_by_id


def asked(set_: str, **given: object) -> Calculation:
    return calculate(SETS[set_], given, knowledge=KNOWLEDGE)


def test_an_answer_survives_json() -> None:
    found = asked("chaq_di", arising=[1, None])
    assert msgspec.json.decode(msgspec.json.encode(found), type=Calculation) == found


def test_an_unknown_item_makes_an_interval_and_is_named() -> None:
    # CRP above 55 and few bands: 15; several bones 27 and a femur 17 are open.
    found = asked("nbods_2023", crp_mg_per_l=90, neutrophil_bands_per_ul=100)
    assert (found.value, found.low, found.high) == (None, 15, 59)
    assert found.unknown == ("multifocal", "femur")
    assert found.missing == ("multifocal", "femur")
    assert not found.decided


def test_an_unknown_item_that_can_change_nothing_is_unknown_but_not_missing() -> None:
    found = asked("nbods_2023", crp_mg_per_l=12)
    assert found.decided
    assert found.unknown == ("multifocal", "femur", "neutrophil_bands_per_ul")
    assert found.missing == ()


def test_a_bounded_number_of_which_nothing_is_said_is_unknown() -> None:
    found = asked("cdas_2023", pain=5)
    assert "patient_global" in found.unknown
    assert next(i for i in found.items if i.name == "patient_global").shown == "unknown"


def test_published_counts_come_with_wilsons_interval() -> None:
    # Wilson 1927 for 81 of 91 and 31 of 32, by the interval of an independent table.
    [study] = asked("nbods_2023").performance
    assert study.sensitivity is not None
    assert study.specificity is not None
    assert (study.sensitivity.k, study.sensitivity.n) == (81, 91)
    assert study.sensitivity.low == pytest.approx(0.809, abs=0.001)
    assert study.sensitivity.high == pytest.approx(0.939, abs=0.001)
    assert study.specificity.low == pytest.approx(0.843, abs=0.001)
    assert study.specificity.high == pytest.approx(0.994, abs=0.001)


def test_a_set_not_as_published_says_why_it_shows_no_performance() -> None:
    assert "not the set as published" in asked("jansson_2009_score").performance_withheld
    assert asked("nbods_2023").performance_withheld == ""


def test_a_reader_gets_from_the_answer_to_the_source() -> None:
    source = asked("nbods_2023").source
    assert (source.id, source.doi) == ("kostik-2023", "10.3389/fped.2023.1067206")


@pytest.mark.parametrize(
    ("set_", "given"),
    [
        ("nbods_2023", {"femurs": True}),
        ("nbods_2023", {"request": "anything"}),
        ("nbods_2023", {"present": ["femur"]}),
        ("nbods_2023", {"femur": "left"}),
        ("nbods_2023", {"femur": 1}),
        ("nbods_2023", {"crp_mg_per_l": "high"}),
        ("nbods_2023", {"crp_mg_per_l": True}),
        ("nbods_2023", {"crp_mg_per_l": float("nan")}),
        ("cromris_2020", {"request": "something else"}),
        ("jansson_2009_score", {"present": ["femur"]}),
        ("chaq_di", {"arising": [1, 2, 3]}),
        ("chaq_di", {"aid_or_help": ["wings"]}),
        ("pedcno_2010", {"baseline": {"crp": 3}}),
        ("pedcno_2010", {"level": "40"}),
        ("colorado_regions_2025", {"lesions": [["nose", "R"]]}),
        ("colorado_regions_2025", {"lesions": [["clavicle", "X"]]}),
        ("rai_cromris_2021", {"unit_scores": {"a": [1]}}),
        ("who_2024_anaemia", {"sex": "other"}),
    ],
)
def test_what_is_no_answer_to_the_set_is_refused(set_: str, given: dict[str, object]) -> None:
    with pytest.raises(AnswerError):
        answer(SETS[set_], given)


def test_a_given_value_stands_in_place_of_what_it_is_worked_out_from() -> None:
    # 13+10+9 = 32 known; CRP raised 6; site 8 and several 7 are open: each alone reaches 39.
    known = ["normal_blood_cell_count", "marginal_sclerosis", "normal_body_temperature"]
    given = {**dict.fromkeys(known, True), "symmetric_bone_lesions": False}
    found = asked("jansson_2009_score", **given, crp_ge_1_mg_per_dl=True)
    assert (found.low, found.high) == (38, 53)
    assert found.missing == (
        "vertebral_clavicular_or_sternal_location",
        "more_than_one_radiologically_proven_lesion",
    )


def test_where_no_answer_alone_settles_it_all_open_ones_are_missing() -> None:
    found = asked("jansson_2009_score", normal_blood_cell_count=True)
    assert len(found.missing) == 6


def test_a_list_of_what_is_present_leaves_alone_what_a_number_works_out() -> None:
    raised = asked("jansson_2009_score", present=[], crp_mg_per_dl=1.0)
    assert (raised.low, raised.high) == (6, 6)
    assert asked("jansson_2009_score", present=[]).high == 0


def test_a_refusal_gives_no_number() -> None:
    for found in (
        asked("cromris_2020"),
        asked("promis_cno_2025", raw_items=[1, 2, 3]),
        asked("rinbo_2017", request="RINBO total"),
        asked("rai_cromris_2021", unit_scores={"a": 8}),
    ):
        assert found.state.startswith(("refused:", "error:"))
        assert (found.value, found.low, found.high) == (None, None, None)
        assert found.decided
