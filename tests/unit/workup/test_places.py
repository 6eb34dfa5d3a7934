"""Trouble told at a place stands in for an image of it; synthetic children."""

from typing import Any

import pytest

from multifocal.model.assessment import Assessment
from multifocal.model.differential import Contribution
from multifocal.model.finding import FindingId
from multifocal.model.record import Fact, Record
from multifocal.workup.differential import explain
from multifocal.workup.find import find
from tests.unit.workup.children import AS_OF, GIRL, assessed, fact, knowledge


def moving(*facts: Fact) -> dict[str, Contribution]:
    """Give what moves the disease or its hand form, by finding."""
    found = find(facts, GIRL, as_of=AS_OF, knowledge=knowledge())
    forms = (explain(found, form, knowledge=knowledge()) for form in ("cmo", "cmo_hand"))
    return {moved.finding: moved for form in forms for moved in form}


def seen(*facts: Fact) -> Assessment:
    return assessed(Record(GIRL, facts))


@pytest.mark.parametrize(
    ("place", "finding"),
    [
        ({"region": "fingers"}, "site_hand_tubular"),
        ({"bone": "metacarpal_3", "region": "metacarpus"}, "site_hand_tubular"),
        ({"region": "wrist"}, "site_carpal"),
        ({"region": "toes"}, "site_foot"),
        ({"region": "jaw"}, "site_mandible"),
        ({"region": "ribs"}, "site_rib_or_sternum"),
        ({"bone": "clavicle", "region": "shoulder"}, "site_clavicle"),
    ],
)
def test_a_swollen_place_counts_as_the_place_of_the_trouble(
    place: dict[str, Any], finding: str
) -> None:
    swelling = fact("local_swelling", laterality="left", **place)
    moved = moving(swelling)[finding]
    assert moved.truth
    assert moved.because == (swelling.id,)


def test_the_finding_itself_stays_unknown() -> None:
    assessment = seen(fact("local_swelling", region="fingers", laterality="left"))
    truths = {finding.id: finding.truth for finding in assessment.findings}
    assert truths[FindingId("site_hand_tubular")] is None


def test_an_image_of_the_place_is_believed_over_what_is_told() -> None:
    told = fact("local_swelling", region="hand", laterality="left")
    image = fact("xray_normal", region="hand", laterality="left", modality="xray")
    assert not moving(told, image)["site_hand_tubular"].truth


def test_trouble_that_is_denied_or_long_over_stands_in_for_nothing() -> None:
    denied = fact("local_swelling", region="jaw", present=False)
    assert "site_mandible" not in moving(denied)


def test_pain_in_the_back_is_no_lesion_of_a_vertebra() -> None:
    moved = moving(fact("bone_pain", region="lumbar_spine"))
    assert "site_vertebra" not in moved


def test_every_place_is_weighed_and_its_background_is_known() -> None:
    model = knowledge().differential.model
    background = {
        cell.finding for cell in knowledge().differential.cells if cell.condition == "background"
    }
    assert set(model.places) <= background
