"""Drawings of where a place is."""

import re
from xml.etree import ElementTree

import pytest

from multifocal.model.anatomy import BoneId, RegionId
from multifocal.report.locator import SHOWN, View, locate, outlines, view_for

SVG = "{http://www.w3.org/2000/svg}"
VIEWS: tuple[View, ...] = tuple(SHOWN)


def tree(drawing: str) -> ElementTree.Element:
    return ElementTree.fromstring(  # noqa: S314 # our own text
        drawing.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    )


@pytest.mark.parametrize("view", VIEWS)
def test_every_drawing_refers_to_outlines_that_are_there(view: View) -> None:
    there = {one.get("id") for one in tree(outlines(view)).iter() if one.get("id")}
    spots = [(BoneId(name.partition("-")[2]), "right") for name in there if name]
    drawn = locate(view, spots, "x", joints=[RegionId("wrist")])  # type: ignore[arg-type] # sides
    used = {use.get("href", "").lstrip("#") for use in tree(drawn).iter(f"{SVG}use")}
    assert used
    assert used <= there


@pytest.mark.parametrize(
    ("bones", "view"),
    [
        (["lunate", "radius"], "hands"),
        (["femur"], "figure"),
        (["talus", "distal_phalanx_foot_1"], "feet"),
        (["mandible"], "skull"),
        (["mandible", "femur"], "figure"),
        ([], "figure"),
    ],
)
def test_the_narrowest_view_that_shows_all_is_chosen(bones: list[str], view: str) -> None:
    assert view_for([BoneId(bone) for bone in bones]) == view


def test_right_and_left_are_marked_apart() -> None:
    both = locate("hands", [(BoneId("lunate"), "right"), (BoneId("lunate"), "left")], "x")
    right = locate("hands", [(BoneId("lunate"), "right")], "x")
    assert both.count('href="#hands-lunate"') == 2
    assert right.count('href="#hands-lunate"') == 1
    assert "matrix(-1" in both
    assert "matrix(-1" not in right


def test_a_drawing_has_no_style_of_its_own() -> None:
    for view in VIEWS:
        assert not re.search(r"style|fill=|stroke=", outlines(view) + locate(view, (), "x"))


def test_a_label_is_escaped() -> None:
    assert tree(locate("hands", (), 'a "b" <c> & d')).get("aria-label") == 'a "b" <c> & d'


def test_a_drawing_with_links_is_hidden_from_assistive_technology() -> None:
    drawn = tree(locate("figure", (), "", links={BoneId("femur"): ("/x/", "thigh")}))
    assert drawn.get("aria-hidden") == "true"
    links = list(drawn.iter(f"{SVG}a"))
    assert [(one.get("href"), one.get("tabindex")) for one in links] == [("/x/", "-1")] * 2
