from math import inf
from typing import Any

import pytest

from multifocal.exchange.entered import EnteredError, entered, parted
from multifocal.knowledge.load import load
from multifocal.model.truth import Span

KNOWLEDGE = load()


def read(set_: str, **answers: Any) -> dict[str, Any]:
    return dict(entered(KNOWLEDGE.criteria_by_id[set_], answers, knowledge=KNOWLEDGE).values)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("30", 30.0),
        ("3 mg/dL", 30.0),
        ("3mg/dL", 30.0),
        ("3.0 mg/dl", 30.0),
        ("0.03 g/L", 30.0),
        ("30 mg/L", 30.0),
        ("0,3 mg/dL", 3.0),
        ("1.5", 1.5),
        ("1,5", 1.5),
    ],
)
def test_a_value_is_turned_into_the_unit_of_the_item(typed: str, value: float) -> None:
    assert read("nbods_2023", crp_mg_per_l=typed) == {"crp_mg_per_l": value}


def test_a_censored_value_runs_to_just_short_of_its_bound() -> None:
    below = read("nbods_2023", crp_mg_per_l="<5 mg/L")["crp_mg_per_l"]
    assert isinstance(below, Span)
    assert below.low == 0
    assert 4.999999 < below.high < 5
    assert read("nbods_2023", crp_mg_per_l="≥5")["crp_mg_per_l"] == Span(5.0, inf)
    assert read("nbods_2023", crp_mg_per_l="<= 0.5 mg/dL")["crp_mg_per_l"] == Span(0.0, 5.0)


def test_bands_in_the_unit_of_a_blood_count_become_cells_per_microlitre() -> None:
    found = read("nbods_2023", neutrophil_bands_per_ul="0.22 10*9/L")
    assert found == {"neutrophil_bands_per_ul": 220.0}


def test_a_number_without_its_unit_is_refused_where_the_unit_is_needed() -> None:
    entry = KNOWLEDGE.criteria_by_id["lab_fever_thresholds"]
    for bare in (30, "30", "<5"):
        found = entered(entry, {"crp": bare}, knowledge=KNOWLEDGE)
        assert (found.values, found.refused) == ({}, "refused:unit_missing")


@pytest.mark.parametrize("typed", ["unknown", "?", "null", ""])
def test_what_is_said_to_be_unknown_is_unknown(typed: str) -> None:
    assert read("nbods_2023", femur=typed, crp_mg_per_l=typed) == {
        "femur": None,
        "crp_mg_per_l": None,
    }


def test_a_test_that_was_not_done_is_told_apart_from_an_unknown_one() -> None:
    found = read("japan_2014_cno", culture_negative="null", pcr_negative="unknown")
    assert found == {"culture_negative": "not_done", "pcr_negative": None}
    assert read("japan_2014_cno", pcr_negative="true") == {"pcr_negative": "yes"}


def test_a_table_is_read_in_each_way_it_can_be_written() -> None:
    expected = {"unit_scores": {"a": 5.0, "b": None}}
    assert read("rai_cromris_2021", unit_scores="a:5,b:null") == expected
    assert read("rai_cromris_2021", unit_scores='{"a": 5, "b": null}') == expected
    assert read("chaq_di", arising="1,na") == {"arising": [1.0, None]}
    assert read("chaq_di", arising="2") == {"arising": {"1": 2.0, "2": 2.0}}


def test_sites_are_read_with_their_sides() -> None:
    expected = [("hand_bones", "R"), ("sternum", None)]
    assert read("colorado_regions_2025", lesions="hand_bones:r,sternum") == {"lesions": expected}
    assert read("colorado_regions_2025", lesions="none") == {"lesions": []}


def test_a_text_is_known_by_its_beginning() -> None:
    assert read("who_2024_anaemia", sex="F") == {"sex": "female"}


def test_every_fault_is_told_at_once_and_no_value_is_repeated() -> None:
    with pytest.raises(EnteredError) as caught:
        read("nbods_2023", crp_mg_per_l="4711 furlongs", femur="perhaps", cpr="4711")
    message = str(caught.value)
    assert "Did you mean 'crp_mg_per_l'?" in message
    assert "femur: can be yes, no or unknown" in message
    assert "can't be turned into mg/L" in message
    assert "4711" not in message
    assert "perhaps" not in message


@pytest.mark.parametrize("typed", ["1,240", "1,2,3", "nan", "inf", "1e", "five", "--3"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(EnteredError):
        read("nbods_2023", crp_mg_per_l=typed)


def test_arguments_are_parted_at_the_first_equals_sign() -> None:
    assert parted(["crp=<=5 mg/L", "a = b"]) == {"crp": "<=5 mg/L", "a": "b"}
    with pytest.raises(EnteredError, match="given twice"):
        parted(["a=1", "a=2"])
    with pytest.raises(EnteredError, match="argument 2"):
        parted(["a=1", "b"])


def test_a_slip_of_the_unit_is_asked_about_and_not_counted() -> None:
    with pytest.raises(EnteredError, match=r"hb_g_per_l: looks like g/dL, or like mmol/L"):
        read("who_2024_anaemia", hb_g_per_l="12.9 g/L")
    with pytest.raises(EnteredError, match="looks like g/dL"):
        read("who_2024_anaemia", hb_g_per_l="12.9")
    assert read("who_2024_anaemia", hb_g_per_l="12.9 g/dL") == {"hb_g_per_l": 129.0}


def test_a_range_is_known_to_its_ends() -> None:
    assert read("nbods_2023", crp_mg_per_l="5 - 10 mg/L")["crp_mg_per_l"] == Span(5.0, 10.0)
