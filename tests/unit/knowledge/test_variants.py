"""The atlas of normal variants: what is shown for which bone, at which age."""

from collections import Counter
from typing import Any

import msgspec
import pytest

from multifocal.knowledge.check_figures import figure_faults
from multifocal.knowledge.entries import Place, VariantEntry
from multifocal.knowledge.figures import share
from multifocal.knowledge.load import load
from multifocal.knowledge.variants import (
    has_frequency,
    policies_for,
    sentence,
    variants_for,
)
from multifocal.model.anatomy import BoneId, RegionId
from multifocal.model.source import Certainty

KNOWLEDGE = load()
ROWS = {row.id: row for row in KNOWLEDGE.variants}


def ids(place: str, age_years: float, **more: Any) -> set[str]:
    return {row.id for row in variants_for(BoneId(place), age_years, KNOWLEDGE, **more)}


def test_all_41_rows_are_there() -> None:
    assert list(ROWS) == [f"nv{number}" for number in range(1, 42)]


def test_rows_by_whom_they_were_seen_in_add_up() -> None:
    # counted by hand in the table of the dossier: 2 rows of adults, 1 of dancers
    who = Counter(row.who for row in KNOWLEDGE.variants)
    assert who["adults"] == 2
    assert who["athletes"] == 1
    assert sum(who.values()) == 41


@pytest.mark.parametrize(
    ("name", "k", "n", "proportion"),
    [
        # the table of the dossier
        ("nv1", 45, 84, 0.5357),
        ("nv5", 21, 31, 0.6774),
        ("nv6", 88, 448, 0.1964),
        ("nv7", 19, 31, 0.6129),
        ("nv13", 1, 31, 0.0323),
        ("nv16", 75, 715, 0.1049),
        ("nv19", 426, 1087, 0.3919),
        ("nv20", 115, 196, 0.5867),
        ("nv24", 75, 415, 0.1807),
        ("nv26", 45, 402, 0.1119),
        ("nv34", 0, 70, 0.0),
        ("nv38", 10, 540, 0.0185),
        ("nv39", 3, 57, 0.0526),
    ],
)
def test_counts_and_shares_are_those_of_the_table(
    name: str, k: int, n: int, proportion: float
) -> None:
    figure = ROWS[name].figure
    found = share(figure)
    assert (figure.k, figure.n) == (k, n)
    assert found is not None
    assert found.value == pytest.approx(proportion, abs=5e-5)


def test_30_rows_are_counted() -> None:
    # 41 rows, less the 11 whose counts are not printed
    uncounted = {name for name, row in ROWS.items() if row.figure.k is None}
    assert uncounted == {f"nv{n}" for n in (2, 3, 4, 14, 15, 31, 32, 33, 36, 40, 41)}


def test_a_scaphoid_at_9_years_has_its_own_row_first() -> None:
    rows = variants_for(BoneId("scaphoid"), 9.0, KNOWLEDGE)
    assert rows[0].id == "nv10"
    assert {"nv1", "nv5", "nv6", "nv14", "nv20"} <= {row.id for row in rows}
    assert rows[-1].reach == "body_part"


def test_a_row_for_5_to_15_years_holds_from_the_5th_until_the_16th_birthday() -> None:
    shown = [age for age in (4.9, 5.0, 15.9, 16.0) if "nv1" in ids("lunate", age)]
    assert shown == [5.0, 15.9]


def test_the_youngest_and_the_oldest_wrists_have_different_rows() -> None:
    assert ids("capitate", 8) & {"nv14", "nv15"} == {"nv14"}
    assert ids("capitate", 17) & {"nv14", "nv15"} == {"nv15"}
    assert ids("capitate", 12) & {"nv14", "nv15"} == set()


@pytest.mark.parametrize(
    "bone",
    ["metacarpal_2", "metacarpal_3", "metacarpal_4", "proximal_phalanx_hand_3"],
)
def test_no_frequency_is_shown_for_a_tubular_bone_of_the_hand_that_was_not_studied(
    bone: str,
) -> None:
    rows = variants_for(BoneId(bone), 9.0, KNOWLEDGE)
    assert not has_frequency(rows)
    assert {row.id for row in rows if row.about == "signal"} == {"nv20", "nv21"}
    assert "hand_without_frequency" in {
        policy.id for policy in policies_for(BoneId(bone), KNOWLEDGE)
    }


def test_a_frequency_for_the_whole_limb_is_no_frequency_for_one_bone() -> None:
    assert has_frequency(variants_for(BoneId("scaphoid"), 9.0, KNOWLEDGE))
    assert not has_frequency(variants_for(BoneId("humerus"), 9.0, KNOWLEDGE))


def test_the_other_end_of_a_long_bone_has_no_row_of_the_wrist() -> None:
    assert "nv7" in ids("radius", 9, end="distal")
    assert "nv7" not in ids("radius", 9, end="proximal")
    assert "nv7" in ids("radius", 9)


def test_rows_of_adults_and_dancers_are_never_shown_for_a_child() -> None:
    assert ids("talus", 25) & {"nv28", "nv29"} == set()
    assert "nv30" not in ids("ankle", 14)
    assert "nv27" in ids("talus", 14)


def test_a_row_without_ages_says_so_and_comes_after_those_with_ages() -> None:
    rows = [row for row in variants_for(RegionId("carpus"), 9, KNOWLEDGE) if row.reach == "group"]
    flags = [bool(row.ages) for row in rows]
    assert flags == sorted(flags, reverse=True)
    assert False in flags
    assert "ages not given" in sentence(ROWS["nv17"])


def test_a_sentence_says_what_was_counted_in_whom_and_at_what_age() -> None:
    assert sentence(ROWS["nv10"]).startswith(
        "scaphoid, high T2 marrow signal: 9 of 31 (29%; 95% interval 16% to 47%),"
        " counted in bones of 31 wrists"
        " (31 clinical wrists without suspected bone disease; 7 to 18 years; MRI 1.5 T"
    )


def test_policies_are_ours_and_one_of_them_never_ends_a_search() -> None:
    assert {policy.source.certainty for policy in KNOWLEDGE.policies} == {Certainty.JUDGEMENT}
    everywhere = {policy.id for policy in policies_for(BoneId("mandible"), KNOWLEDGE)}
    assert "variant_is_no_clearance" in everywhere
    assert "signal_alone" not in everywhere
    assert "signal_alone" in {policy.id for policy in policies_for(BoneId("talus"), KNOWLEDGE)}


def test_the_marrow_turns_at_the_printed_ages() -> None:
    # Simonson 1992, as in the table of the dossier
    ages = {one.id: one.age.value for one in KNOWLEDGE.conversions if one.age.value is not None}
    assert ages == {
        "sphenoid": 8.5,
        "mandible": 9.1,
        "hard_palate": 9.3,
        "frontal": 9.7,
        "squamous_occiput": 11.0,
        "parietal": 11.5,
        "basiocciput": 11.9,
    }
    assert len(KNOWLEDGE.conversions) == 11


@pytest.mark.parametrize(
    "change",
    [
        {"places": (Place("scafoid"),)},
        {"ages": ""},
        {"age_from_years": 20.0},
    ],
)
def test_a_row_that_can_not_be_right_is_refused(change: dict[str, Any]) -> None:
    row: VariantEntry = msgspec.structs.replace(ROWS["nv10"], **change)
    entries = msgspec.structs.replace(KNOWLEDGE, variants=(row,))
    assert [fault.entry for fault in figure_faults(entries)] == ["nv10"]
