"""What is said of a region of the body."""

import pytest

from multifocal.knowledge.load import Knowledge, load
from multifocal.knowledge.regions import About, about, regions
from multifocal.model.anatomy import RegionId


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load()


def of(region: str, knowledge: Knowledge) -> About:
    return about(knowledge.regions_by_id[RegionId(region)], knowledge)


@pytest.mark.parametrize(
    ("region", "codes"),
    [
        # ICD-10-CM 2026, M86.3: the fifth character is the site, the sixth the side.
        ("hand", ["M86.341", "M86.342", "M86.349"]),
        ("metacarpus", ["M86.341", "M86.342", "M86.349"]),
        ("thigh", ["M86.351", "M86.352", "M86.359"]),
        ("lower_leg", ["M86.361", "M86.362", "M86.369"]),
        ("knee", ["M86.38"]),
        ("jaw", ["M86.38"]),
        ("spine", []),
        ("elbow", []),
    ],
)
def test_the_codes_are_those_of_the_bones(
    region: str, codes: list[str], knowledge: Knowledge
) -> None:
    assert [code.code for code in of(region, knowledge).codes] == codes


@pytest.mark.parametrize("region", ["spine", "lumbar_spine", "sacrum_coccyx"])
def test_the_spine_says_why_it_has_no_code(region: str, knowledge: Knowledge) -> None:
    assert "M46.2" in of(region, knowledge).no_code


def test_a_region_with_some_bones_of_the_spine_says_so(knowledge: Knowledge) -> None:
    pelvis = of("pelvis", knowledge)
    assert [code.code for code in pelvis.codes] == ["M86.38"]
    assert "M46.2" in pelvis.no_code


def test_the_hand_has_27_bones(knowledge: Knowledge) -> None:
    # 8 carpal bones, 5 metacarpals, 14 phalanges.
    assert len(of("hand", knowledge).bones) == 8 + 5 + 14


@pytest.mark.parametrize(
    ("region", "findings"),
    [
        ("hand", {"site_carpal", "site_hand_tubular"}),
        ("fingers", {"site_hand_tubular"}),
        ("wrist", {"site_carpal"}),
        ("forearm", {"site_metaphysis", "site_diaphysis"}),
        ("lumbar_spine", {"site_vertebra"}),
        ("knee", set()),
    ],
)
def test_findings_are_about_the_region(
    region: str, findings: set[str], knowledge: Knowledge
) -> None:
    assert {one.id for one in of(region, knowledge).findings} == findings


def test_a_topic_about_a_bone_is_about_its_region(knowledge: Knowledge) -> None:
    assert {"site_tibia", "site_distal_tibia"} == {t.id for t in of("lower_leg", knowledge).topics}
    assert [topic.id for topic in of("shoulder", knowledge).topics] == ["site_clavicle"]


def test_what_warns_of_a_place_by_name_is_found(knowledge: Knowledge) -> None:
    assert "hand_infection_likely" in {flag.id for flag in of("hand", knowledge).flags}
    assert "spinal_cord_signs" in {flag.id for flag in of("spine", knowledge).flags}
    assert "hand_infection_likely" not in {flag.id for flag in of("thigh", knowledge).flags}


def test_every_region_but_the_body_has_something_to_say(knowledge: Knowledge) -> None:
    found = regions(knowledge)
    assert {one.id for one in knowledge.regions} - {one.id for one in found} == {"body"}
