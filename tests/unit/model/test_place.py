"""A site as text: one text for each site, and nothing else is read as one."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multifocal.knowledge.load import load
from multifocal.model.anatomy import BoneId, End, Laterality, Part, RegionId, Site
from multifocal.model.place import read_site, site_text

KNOWLEDGE = load()
BONES = KNOWLEDGE.bones_by_id
REGIONS = KNOWLEDGE.regions_by_id

sides = st.sampled_from((None, *get_args(Laterality)))
parts = st.sampled_from((None, *get_args(Part)))
ends = st.sampled_from((None, *get_args(End)))
in_bones = st.builds(
    lambda bone, *rest: Site(bone.id, bone.region, *rest),
    st.sampled_from(KNOWLEDGE.bones),
    sides,
    parts,
    ends,
)
in_regions = st.builds(
    lambda region, *rest: Site(None, region.id, *rest),
    st.sampled_from(KNOWLEDGE.regions),
    sides,
    parts,
    ends,
)


def read(text: str) -> Site | None:
    return read_site(text, bones=BONES, regions=REGIONS)


@given(in_bones | in_regions)
def test_the_text_of_a_site_is_read_as_that_site(site: Site) -> None:
    assert read(site_text(site)) == site


@given(in_bones | in_regions, in_bones | in_regions)
def test_two_sites_have_two_texts(one: Site, other: Site) -> None:
    assert (site_text(one) == site_text(other)) is (one == other)


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("right-metacarpal_3", Site(BoneId("metacarpal_3"), RegionId("metacarpus"), "right")),
        (
            "right-radius-distal-metaphysis",
            Site(BoneId("radius"), RegionId("forearm"), "right", "metaphysis", "distal"),
        ),
        ("midline-sacrum", Site(BoneId("sacrum"), RegionId("sacrum_coccyx"), "midline")),
        ("left-hand", Site(None, RegionId("hand"), "left")),
        ("femur", Site(BoneId("femur"), RegionId("thigh"))),
    ],
)
def test_these_are_the_texts_that_maps_and_forms_use(text: str, site: Site) -> None:
    assert read(text) == site
    assert site_text(site) == text


def test_a_site_without_a_place_has_no_text() -> None:
    assert site_text(Site(laterality="right", part="metaphysis")) == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "right",
        "right-",
        "-radius",
        "Right-radius",
        "right-radius ",
        "radius-right",
        "right-right-radius",
        "right-radius-metaphysis-distal",
        "right-radius-distal-distal",
        "right-radius-distal-metaphysis-",
        "right-radius-\x00",
        "right-\u202eradius",
        "right-<script>",
        "right-__class__",
        "right-radius" + "-distal" * 10_000,
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    assert read(text) is None


@given(st.text() | st.text(alphabet="-_abcdefghilmnoprstuvwxy123"))
def test_what_is_read_is_written_the_same(text: str) -> None:
    site = read(text)
    assert site is None or site_text(site) == text
