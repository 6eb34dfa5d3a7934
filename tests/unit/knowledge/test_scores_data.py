"""What the register of scores says of each set, against the data files."""

import tomllib
from math import log
from pathlib import Path

import pytest

from multifocal.knowledge.load import load
from multifocal.model.source import Certainty
from multifocal.workup.calculate import answer, certainty

KNOWLEDGE = load()
SETS = KNOWLEDGE.criteria_by_id

DATA = Path(__file__).parents[2] / "data"
LABELS = tomllib.loads((DATA / "score_labels.toml").read_text(encoding="utf-8"))
"""The labels that the register requires, word for word."""

NOT_AS_PUBLISHED = {
    "bristol_2016", "cdas_2023", "cno_states_2025", "cromris_2020", "eular_acr_2025_cno",
    "jansson_2007_criteria", "jansson_2009_score", "pedcno_2010", "rai_cromris_2021", "rinbo_2017",
}  # fmt: skip
"""Sets that the register says must not carry their published name alone."""

ODDS = {
    "normal_blood_cell_count": 81.5,
    "symmetric_bone_lesions": 30.0,
    "marginal_sclerosis": 26.8,
    "normal_body_temperature": 20.3,
    "vertebral_clavicular_or_sternal_location": 13.9,
    "more_than_one_radiologically_proven_lesion": 10.9,
    "crp_mg_per_dl": 6.9,
}
"""Odds ratios of the abstract of Jansson 2009."""


def test_every_set_of_the_register_carries_its_label() -> None:
    assert {name: entry.label for name, entry in SETS.items()} == LABELS


def test_what_is_not_verified_does_not_carry_its_published_name() -> None:
    assert {name for name, entry in SETS.items() if not entry.as_published} == NOT_AS_PUBLISHED


@pytest.mark.parametrize("name", sorted(NOT_AS_PUBLISHED))
def test_a_set_not_as_published_shows_no_sensitivity_or_specificity(name: str) -> None:
    for study in SETS[name].performance:
        assert (study.sensitivity, study.specificity, study.found, study.cleared) == (None,) * 4


def test_jansson_2009_points_are_three_times_the_logarithm_of_the_odds_ratios() -> None:
    points = {part.item: part.points for part in SETS["jansson_2009_score"].points}
    assert points == {name: round(3 * log(odds)) for name, odds in ODDS.items()}


def test_only_one_rounded_logarithm_adds_up_to_the_published_maximum() -> None:
    # k from 2 to 4 in steps of a thousandth.
    found = {
        tuple(round(n / 1000 * log(odds)) for odds in ODDS.values()) for n in range(2000, 4001)
    }
    points = tuple(part.points for part in SETS["jansson_2009_score"].points)
    assert {several for several in found if sum(several) == 63} == {points}


@pytest.mark.parametrize(("several", "ceiling"), [(False, 38), (True, 45)])
def test_a_hand_alone_has_the_ceiling_worked_out_on_paper(several: bool, ceiling: int) -> None:  # noqa: FBT001
    # One bone: 63 - 10 symmetric - 8 site - 7 several = 38; several bones of one hand: 45.
    given = {
        "symmetric_bone_lesions": False,
        "vertebral_clavicular_or_sternal_location": False,
        "more_than_one_radiologically_proven_lesion": several,
    }
    assert answer(SETS["jansson_2009_score"], given).high == ceiling


def test_the_colorado_map_has_25_groups_in_6_regions() -> None:
    [lesions] = SETS["colorado_regions_2025"].item
    assert len(lesions.groups) == 6
    assert sum(map(len, lesions.groups.values())) == 25


def test_chaq_asks_thirty_questions_in_eight_domains() -> None:
    domains = [item for item in SETS["chaq_di"].item if item.type == "numbers"]
    assert [len(item.parts) for item in domains] == [4, 2, 3, 2, 5, 4, 5, 5]


def test_the_wrist_has_fifteen_bones_and_forty_five_points() -> None:
    wrist = next(i for i in SETS["ramris_2016_hand"].item if i.name == "wrist_osteitis")
    assert len(wrist.parts) == 15
    assert answer(SETS["ramris_2016_hand"], {"fused_bone": False}).words[
        "wrist_osteitis_total"
    ] == (0, 45)


@pytest.mark.parametrize("crp", [0.0, 9.9, 10.0, 29.9, 30.0, 55.0, 55.1, 300.0])
def test_the_register_of_cutoffs_says_what_the_sets_themselves_say(crp: float) -> None:
    words = answer(SETS["lab_fever_thresholds"], {"crp": crp}).words
    jansson = answer(SETS["jansson_2009_score"], {"crp_mg_per_dl": crp / 10}).words
    assert words["jansson_crp_item"] == jansson["crp_ge_1_mg_per_dl"]
    bristol = answer(SETS["bristol_2016"], {"crp_mg_per_l": crp, "n_bones": 2}).words
    assert words["bristol_low_crp"] == bristol["first"]
    rest = {"multifocal": False, "femur": False, "neutrophil_bands_per_ul": 600}
    nbods = answer(SETS["nbods_2023"], {"crp_mg_per_l": crp, **rest})
    assert words["nbods_points"] == (nbods.low, nbods.high)


def test_a_meaningful_change_is_found_between_all_sums_in_tenths() -> None:
    entry = SETS["cdas_2023"]
    for before in range(25, 60):
        for after in range(before - 26, before - 23):
            if after >= 0:
                words = answer(entry, {"before": before / 10, "after": after / 10}).words
                assert words["meaningful_change"][0] is (before - after >= 25)


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("nbods_2023", Certainty.VERIFIED),
        ("jansson_2009_score", Certainty.DERIVED),
        ("jansson_2007_criteria", Certainty.MEMORY),
        ("rai_cromris_2021", Certainty.JUDGEMENT),
    ],
)
def test_an_answer_is_as_sure_as_its_least_sure_part(name: str, least: Certainty) -> None:
    assert certainty(SETS[name]) is least
