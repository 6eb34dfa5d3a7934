"""Bones counted as a publication counts them. The cases are those of our dossier of scores."""

import pytest

from multifocal.knowledge.groupings import Counted, counted, groups_at, groups_of, spots
from multifocal.knowledge.load import load
from multifocal.model.anatomy import BoneId, Site
from multifocal.model.source import Certainty

KNOWLEDGE = load()
COLORADO = KNOWLEDGE.groupings_by_id["colorado_regions_2025"]
CROMRIS = KNOWLEDGE.groupings_by_id["cromris_2020"]


def site(words: str) -> Site:
    """Give a site from bone, side and end or part: ``radius right distal``."""
    bone, side, *rest = words.split()
    found = Site(bone=BoneId(bone), laterality=side)  # type: ignore[arg-type] # a word of the table
    for word in rest:
        field = "part" if word in {"metaphysis", "diaphysis"} else "end"
        found = Site(
            **{name: getattr(found, name) for name in found.__struct_fields__} | {field: word}
        )
    return found


def count(*sites: str) -> Counted:
    return counted(map(site, sites), COLORADO, KNOWLEDGE)


def test_there_are_25_groups_in_6_regions() -> None:
    groups = groups_of(COLORADO, KNOWLEDGE)
    assert len(groups) == 25
    assert len({group.region for group in groups}) == 6


@pytest.mark.parametrize(
    ("region", "groups"),
    [
        ("head_face", 1),
        ("upper_torso", 4),
        ("upper_extremity", 7),
        ("lower_extremity", 8),
        ("neck_back", 3),
        ("lower_torso", 2),
    ],
)
def test_a_region_has_as_many_groups_as_the_analysis_has_columns(region: str, groups: int) -> None:
    assert sum(one.region == region for one in groups_of(COLORADO, KNOWLEDGE)) == groups


def test_names_of_groups_were_read_and_membership_of_limbs_and_face_is_worked_out() -> None:
    derived = {"head_face", "upper_extremity", "lower_extremity"}
    for group in groups_of(COLORADO, KNOWLEDGE):
        assert group.source.certainty is Certainty.VERIFIED
        wanted = Certainty.DERIVED if group.region in derived else Certainty.VERIFIED
        assert group.region_source.certainty is wanted


def test_bones_of_one_hand_are_one_group_in_one_region() -> None:
    found = count("metacarpal_2 right", "metacarpal_3 right")
    assert (found.groups, found.regions) == (("hand_bones",), ("upper_extremity",))
    assert found.symmetric == ()


def test_hand_and_wrist_end_of_the_radius_are_two_groups_in_one_region() -> None:
    found = count("metacarpal_2 right", "radius right distal")
    assert found.groups == ("distal_radius", "hand_bones")
    assert found.regions == ("upper_extremity",)


def test_both_hands_are_one_group_and_symmetric() -> None:
    found = count("metacarpal_3 right", "lunate left")
    assert found.groups == found.symmetric == ("hand_bones",)


def test_collarbone_and_hand_are_two_regions() -> None:
    found = count("clavicle right", "metacarpal_3 right")
    assert found.regions == ("upper_torso", "upper_extremity")


def test_six_lesions_over_the_body_are_five_groups_in_five_regions() -> None:
    found = count(
        "mandible midline",
        "clavicle left",
        "tibia left distal",
        "tibia right distal",
        "thoracic_vertebra_8 midline",
        "ilium right",
    )
    assert len(found.groups) == len(found.regions) == 5
    assert found.symmetric == ("distal_tibia",)


def test_no_lesion_is_no_group() -> None:
    assert count() == Counted((), (), (), (), ())


def test_the_sacrum_belongs_to_the_lower_torso() -> None:
    found = count("sacrum midline")
    assert (found.groups, found.regions) == (("sacrum",), ("lower_torso",))


def test_a_long_bone_whose_end_is_not_recorded_is_in_its_region_and_its_group_is_not_guessed() -> (
    None
):
    found = count("femur left")
    assert found.groups == ()
    assert found.regions == ("lower_extremity",)
    assert found.unsettled == (site("femur left"),)


def test_a_shaft_is_in_no_group() -> None:
    found = count("femur left diaphysis")
    assert (found.groups, found.unsettled) == ((), ())
    assert found.outside == (site("femur left diaphysis"),)


def test_skull_and_upper_jaw_are_outside_and_not_dropped() -> None:
    found = count("maxilla right", "parietal_bone left")
    assert (found.groups, found.regions) == ((), ())
    assert len(found.outside) == 2


def test_a_site_without_a_bone_is_not_settled() -> None:
    nowhere = Site(laterality="left")
    assert counted([nowhere], COLORADO, KNOWLEDGE).unsettled == (nowhere,)


def test_every_bone_of_hand_foot_and_spine_is_in_a_group() -> None:
    held = {bone for group in groups_of(COLORADO, KNOWLEDGE) for bone, _ in spots(group, KNOWLEDGE)}
    for bone in KNOWLEDGE.bones:
        place = KNOWLEDGE.places[bone.id]
        if {"hand", "foot", "spine", "ribs"} & set(place):
            assert bone.id in held


def test_cromris_maps_no_bone_since_its_units_were_not_found() -> None:
    assert "not found" in CROMRIS.not_found
    for bone in KNOWLEDGE.bones:
        assert groups_at(Site(bone=bone.id, laterality="right"), CROMRIS, KNOWLEDGE) == ()
