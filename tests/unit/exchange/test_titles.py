"""What titles and codes of reports and studies say.

`grammar.tsv` was written with the words that titles are read by; `titles.tsv` after them, by hand,
in the manner of Epic, Cerner, the English catalogue of imaging, German and French hospitals, Spain,
LOINC's long names and DICOM descriptions. Before its misses were mended, 72 of its first 114 were
right, and of a later set (`third`) 57 of 60.
Both give what a radiologist would say of each title, not what the program said.
"""

import csv
from pathlib import Path

import pytest

from multifocal.exchange.titles import Title, agreed, title_of
from multifocal.exchange.vocabulary import Code
from multifocal.exchange.words import Words, words_in
from multifocal.knowledge.load import load
from multifocal.model.anatomy import BoneId, RegionId, Site

KNOWLEDGE = load()
DATA = Path(__file__).parents[2] / "data" / "titles"
NOT_OURS = {"abdomen", "upper_limb", "lower_limb", "limb"}
"""Places in `grammar.tsv` that are no region of ours."""


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened, delimiter="\t"))


def side_of(title: Title) -> str:
    sides = {site.laterality for site in title.place} - {None, "midline"}
    return "bilateral" if len(sides) > 1 else next(iter(sides), "") or ""


@pytest.mark.parametrize("row", rows("titles.tsv"), ids=lambda row: row["title"])
def test_a_title_of_another_hand_is_read(row: dict[str, str]) -> None:
    title = title_of(words_in(row["title"]), KNOWLEDGE)
    assert title.kind == row["kind"]
    assert (title.modality or "") == row["modality"]
    assert title.whole_body is (row["whole_body"] == "yes")
    assert {place for s in title.place if (place := s.bone or s.region)} == set(
        row["places"].split()
    )
    assert side_of(title) == row["side"]


@pytest.mark.parametrize("row", rows("grammar.tsv"), ids=lambda row: row["title"])
def test_a_title_of_the_grammar_is_read(row: dict[str, str]) -> None:
    title = title_of(words_in(row["title"]), KNOWLEDGE)
    wanted = set(row["place"].split("|")) - {""} - NOT_OURS
    around: set[str] = set()
    for site in title.place:
        place = site.bone or site.region
        around |= {*KNOWLEDGE.places[place]} - {"body"} if place else set()
    if row["modality"] in ("", "other"):
        assert title.kind in ("other", "pathology")
        assert title.modality is None
    else:
        assert title.kind == "imaging"
        assert title.modality == row["modality"]
    whole = {site.region for site in title.place} == {"body"}
    assert bool(around & wanted) == bool(wanted - {"body"}) or (whole and title.whole_body)
    assert side_of(title) == row["side"]


def test_a_guided_biopsy_is_tissue_and_no_image() -> None:
    title = title_of(words_in("CT-guided bone biopsy left femur"), KNOWLEDGE)
    assert title == Title(
        "pathology", None, (Site(BoneId("femur"), RegionId("thigh"), laterality="left"),)
    )


def test_an_image_of_unknown_kind_is_still_an_image() -> None:
    assert title_of(words_in("Imaging of the left hand"), KNOWLEDGE) == Title(
        "imaging", None, (Site(region=RegionId("hand"), laterality="left"),)
    )


def test_weight_bearing_is_not_the_whole_body() -> None:
    assert not title_of(words_in("XR FOOT WB LEFT"), KNOWLEDGE).whole_body
    assert title_of(words_in("WB MRI"), KNOWLEDGE).modality == "whole_body_mri"


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        # LOINC 46358-8 is "MR Whole body"; 25031-6 is "Bone Scan" (LOINC's own names).
        (Words((Code("loinc", "46358-8"),)), ("imaging", "whole_body_mri", True)),
        (Words((Code("loinc", "25031-6"),)), ("imaging", "scintigraphy", True)),
        (Words((Code("loinc", "18748-4"),)), ("imaging", None, False)),
        (Words((Code("dcm", "SM"),)), ("pathology", None, False)),
        (Words((Code("dcm", "MR"),), ("Ganzkörper",)), ("imaging", "whole_body_mri", True)),
        # US Core files pathology under the category of the laboratory.
        (
            Words((Code("v2-0074", "LAB"),), ("Surgical pathology report",)),
            ("pathology", None, False),
        ),
        (Words((Code("v2-0074", "RAD"),), ("DXA",)), ("other", None, False)),
        (Words((Code("v2-0074", "RAD"),), ("XR CLAVICLE RT",)), ("imaging", "xray", False)),
        (Words((Code("loinc", "2-2"),)), ("other", None, False)),
        (Words(), ("other", None, False)),
    ],
)
def test_codes_say_what_titles_say(words: Words, wanted: tuple[str, str | None, bool]) -> None:
    title = title_of(words, KNOWLEDGE)
    assert (title.kind, title.modality, title.whole_body) == wanted


def test_two_titles_that_disagree_on_the_side_give_none() -> None:
    title = title_of(Words(said=("X-ray left hand", "XR HAND RT")), KNOWLEDGE)
    assert [(site.region, site.laterality) for site in title.place] == [("hand", None)]


def test_a_title_as_long_as_a_book_is_read_in_its_beginning() -> None:
    assert title_of(words_in("MRI hand left " + "hand " * 100_000), KNOWLEDGE).modality == "mri"


HAND = Site(region=RegionId("hand"), laterality="left")
THIRD = Site(BoneId("metacarpal_3"), RegionId("metacarpus"))


def test_a_side_that_conflicts_with_the_title_is_no_side() -> None:
    right = Site(BoneId("metacarpal_3"), RegionId("metacarpus"), "right")
    assert agreed((right,), (HAND,), KNOWLEDGE) == ((THIRD,), True)


def test_a_place_inside_the_title_has_its_side() -> None:
    left = Site(BoneId("metacarpal_3"), RegionId("metacarpus"), "left")
    assert agreed((THIRD,), (HAND,), KNOWLEDGE) == ((left,), False)
    tibia = Site(BoneId("tibia"), RegionId("lower_leg"))
    assert agreed((tibia,), (HAND,), KNOWLEDGE) == ((tibia,), False)


def test_a_bone_of_the_midline_takes_no_side() -> None:
    spine = Site(region=RegionId("spine"))
    assert agreed((spine,), (Site(laterality="left"),), KNOWLEDGE) == ((spine,), False)


def test_a_title_of_both_sides_conflicts_with_neither() -> None:
    both = (HAND, Site(region=RegionId("hand"), laterality="right"))
    right = Site(BoneId("metacarpal_3"), RegionId("metacarpus"), "right")
    assert agreed((right, THIRD), both, KNOWLEDGE) == ((right, THIRD), False)


def test_the_side_of_a_view_of_the_chest_conflicts_with_no_rib() -> None:
    title = title_of(words_in("Chest X-ray left lateral"), KNOWLEDGE)
    rib = Site(BoneId("rib_5"), RegionId("ribs"), "right")
    assert agreed((rib,), title.place, KNOWLEDGE) == ((rib,), False)


def test_a_number_of_dimensions_is_no_side() -> None:
    assert title_of(words_in("CT 3D"), KNOWLEDGE).place == ()


def test_the_right_metacarpal_on_a_film_of_the_left_hand_has_no_side() -> None:
    title = title_of(words_in("X-ray of the left hand"), KNOWLEDGE)
    right = Site(BoneId("metacarpal_3"), RegionId("metacarpus"), "right")
    assert agreed((right,), title.place, KNOWLEDGE) == ((THIRD,), True)
