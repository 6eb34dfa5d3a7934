"""Left for right, and nothing else changes: groupings and codes, over every bone."""

import csv
import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from multifocal.knowledge.groupings import counted
from multifocal.knowledge.load import load
from multifocal.model.anatomy import Bone, Laterality, Site
from multifocal.model.record import Record
from tests.unit.workup.children import GIRL, hand_child, leading, lesion

KNOWLEDGE = load()
BONES = [bone.id for bone in KNOWLEDGE.bones]
OTHER: dict[Laterality | None, Laterality | None] = {"left": "right", "right": "left"}

sites = st.builds(
    Site,
    bone=st.sampled_from(BONES),
    laterality=st.sampled_from([None, "left", "right", "bilateral", "midline"]),
    end=st.sampled_from([None, "proximal", "distal"]),
    part=st.sampled_from([None, "metaphysis", "diaphysis"]),
)


def mirrored(site: Site) -> Site:
    return replace(site, laterality=OTHER.get(site.laterality, site.laterality))


@given(st.lists(sites, max_size=6))
def test_a_child_in_the_mirror_has_the_same_groups_regions_and_symmetry(found: list[Site]) -> None:
    for grouping in KNOWLEDGE.groupings:
        here = counted(found, grouping, KNOWLEDGE)
        there = counted(map(mirrored, found), grouping, KNOWLEDGE)
        assert there == replace(
            here,
            unsettled=tuple(map(mirrored, here.unsettled)),
            outside=tuple(map(mirrored, here.outside)),
        )


@given(st.lists(sites, max_size=6))
def test_every_lesion_is_counted_or_told_to_be_left_out(found: list[Site]) -> None:
    for grouping in KNOWLEDGE.groupings:
        for one in found:
            alone = counted([one], grouping, KNOWLEDGE)
            assert len(alone.groups) + len(alone.unsettled) + len(alone.outside) == 1


# --- codes ---


def titles() -> dict[str, str]:
    path = Path(__file__).parents[1] / "data" / "icd10cm_m86.tsv"
    with path.open(encoding="utf-8", newline="") as opened:
        rows = csv.DictReader(opened, delimiter="\t")
        return {row["code"]: row["description"] for row in rows if row["billable"] == "1"}


def code(bone: Bone, side: str) -> str | None:
    bare = tuple(one for one in hand_child().facts if one.bone is None)
    return leading(Record(GIRL, (*bare, lesion(bone.id, side)))).code


def test_every_bone_and_side_leads_to_a_code_whose_title_says_that_side() -> None:
    said = titles()
    given_codes: set[str] = set()
    for bone in KNOWLEDGE.bones:
        found = {side: code(bone, side) for side in ("left", "right")}
        if {"spine", "sacrum_coccyx"} & set(KNOWLEDGE.places[bone.id]):
            assert set(found.values()) == {None}, bone.id
            continue
        for side, one in found.items():
            assert one is not None, bone.id
            given_codes.add(one)
            sides = set(re.findall(r"\b(?:left|right)\b", said[one]))
            assert sides == ({side} if one != "M86.38" else set()), (bone.id, one)
    # seven sites on two sides, and "other site"
    assert len(given_codes) == 15
