import csv
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from multifocal.knowledge.check import check
from multifocal.knowledge.load import load
from multifocal.model.anatomy import Bone

DATA = Path(__file__).parents[2] / "data"
KNOWLEDGE = load()
BONES = KNOWLEDGE.bones_by_id
REGIONS = KNOWLEDGE.regions_by_id


def _bone(name: str) -> Bone:
    """Give our bone for a name of the UBERON extract: "metacarpal 3", "middle phalanx 2"."""
    words = name.split()
    if len(words) == 3:
        return BONES[f"{words[0]}_phalanx_hand_{words[2]}"]
    return BONES["_".join(words)]


def test_each_hand_has_27_bones_with_the_identifiers_of_uberon_and_fma() -> None:
    path = DATA / "terminology" / "hand_bones_uberon.tsv"
    with path.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened, delimiter="\t"))
    expected = {_bone(row["bone"]).id: (row["uberon_id"], row["fma_id"]) for row in rows}
    ours = {
        bone.id: (bone.uberon, bone.fma)
        for bone in KNOWLEDGE.bones
        if "hand" in KNOWLEDGE.places[bone.id]
    }
    assert len(rows) == 27
    assert ours == expected


def test_the_skeleton_counts_206_bones_when_sacrum_and_coccyx_count_as_one_each() -> None:
    # Textbook count: 206. Ours keeps ilium, ischium and pubis apart (a child's hip bone has not
    # fused), which makes six bones of two: 206 + 4.
    assert sum(2 if bone.paired else 1 for bone in KNOWLEDGE.bones) == 210


def test_each_foot_has_26_bones() -> None:
    assert sum("foot" in KNOWLEDGE.places[bone.id] for bone in KNOWLEDGE.bones) == 26


def test_the_spine_has_seven_twelve_and_five_vertebrae() -> None:
    counted = Counter(bone.region for bone in KNOWLEDGE.bones if bone.region.endswith("_spine"))
    assert counted == {"cervical_spine": 7, "thoracic_spine": 12, "lumbar_spine": 5}


def test_the_first_metacarpal_grows_at_its_base_and_the_others_at_their_heads() -> None:
    grows = {bone: BONES[f"metacarpal_{bone}"].physes for bone in range(1, 6)}
    assert grows == {1: ("proximal",)} | dict.fromkeys(range(2, 6), ("distal",))
    feet = {bone: BONES[f"metatarsal_{bone}"].physes for bone in range(1, 6)}
    assert feet == grows


def test_phalanges_grow_at_their_bases_and_carpals_and_tarsals_have_no_growth_plate() -> None:
    phalanges = [bone for bone in KNOWLEDGE.bones if "phalanx" in bone.id]
    assert len(phalanges) == 28
    assert {bone.physes for bone in phalanges} == {("proximal",)}
    short = [bone for bone in KNOWLEDGE.bones if bone.region in {"carpus", "tarsus"}]
    assert len(short) == 15
    assert {bone.physes for bone in short} == {()}


def test_long_bones_of_arm_and_leg_grow_at_both_ends_and_the_clavicle_at_its_sternal_end() -> None:
    for bone in ("humerus", "radius", "ulna", "femur", "tibia", "fibula"):
        assert set(BONES[bone].physes) == {"proximal", "distal"}
    assert BONES["clavicle"].physes == ("proximal",)


def test_every_region_leads_to_the_body_and_no_name_is_claimed_twice_by_regions() -> None:
    for region in KNOWLEDGE.regions:
        assert KNOWLEDGE.places[region.id][-1] == "body"
    names = Counter(name for region in KNOWLEDGE.regions for name in (region.label, *region.names))
    assert [name for name, count in names.items() if count > 1] == []


def test_names_are_lower_case_and_codes_are_not_used_for_two_bones() -> None:
    names = [name for bone in KNOWLEDGE.bones for name in bone.names]
    names += [name for region in KNOWLEDGE.regions for name in region.names]
    assert [name for name in names if not name or name != name.lower().strip()] == []
    for system in ("uberon", "fma"):
        codes = [code for bone in KNOWLEDGE.bones if (code := getattr(bone, system))]
        assert len(codes) == len(set(codes))


def test_every_code_of_the_site_table_names_a_known_place_or_a_side() -> None:
    for code in KNOWLEDGE.site_codes:
        assert code.bone or code.region or code.laterality, code.code
        assert code.bone is None or code.bone in BONES
        assert code.region is None or code.region in REGIONS
        assert code.source


def test_every_landmark_and_every_word_refers_to_what_exists() -> None:
    for landmark in KNOWLEDGE.landmarks:
        assert landmark.of in BONES or landmark.of in REGIONS
    for word in KNOWLEDGE.site_words:
        if word.role == "adjective":
            assert word.value in BONES
        if word.role.startswith("digit"):
            assert word.value.split()[0] in REGIONS
    assert len({word.word for word in KNOWLEDGE.site_words}) == len(KNOWLEDGE.site_words)


@pytest.mark.parametrize(
    ("id_", "told"),
    [
        ("nothing", "no bone"),
        ("hand", "no bone"),
        ("right-scaphoid", "no bone"),
        ("radius-distal-metaphysis", "no bone"),
        ("scaphoid-distal", "no growth plate"),
    ],
)
def test_an_age_of_ossification_is_of_a_bone_or_of_an_end_that_grows(id_: str, told: str) -> None:
    row = msgspec.structs.replace(KNOWLEDGE.ossification[0], id=id_)
    bad = msgspec.structs.replace(KNOWLEDGE, ossification=(row,))
    found = [one.message for one in check(bad, bad.rules) if one.file == "ossification.csv"]
    assert len(found) == 1
    assert told in found[0]
