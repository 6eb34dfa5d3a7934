"""The lesion maps: every bone once for each side, a lesion where it is and said in words."""

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from xml.etree.ElementTree import Element, fromstring, tostring

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from multifocal.model.anatomy import BoneId, End, Laterality, Part, RegionId, Site
from multifocal.model.assessment import Lesion
from multifocal.model.record import ConceptId, Modality
from multifocal.report import bodymap
from multifocal.report.outline import Line, picture_of, shapes_of

CARPALS = "scaphoid lunate triquetrum pisiform trapezium trapezoid capitate hamate".split()
TARSALS = (
    "talus calcaneus navicular cuboid medial_cuneiform intermediate_cuneiform lateral_cuneiform"
).split()


def phalanges(of: str) -> list[str]:
    middle = [f"middle_phalanx_{of}_{digit}" for digit in range(2, 6)]
    return middle + [
        f"{row}_phalanx_{of}_{n}" for row in ("proximal", "distal") for n in range(1, 6)
    ]


HAND = CARPALS + [f"metacarpal_{n}" for n in range(1, 6)] + phalanges("hand")
FOOT = TARSALS + [f"metatarsal_{n}" for n in range(1, 6)] + phalanges("foot")
FOREARM = ["radius", "ulna"]
SPINE = [
    f"{part}_vertebra_{n}"
    for part, count in (("cervical", 7), ("thoracic", 12), ("lumbar", 5))
    for n in range(1, count + 1)
]
PAIRED_HEAD = (
    "maxilla parietal_bone temporal_bone zygomatic_bone nasal_bone lacrimal_bone palatine_bone "
    "inferior_nasal_concha malleus incus stapes"
).split()
PAIRED = [
    *HAND,
    *FOOT,
    *FOREARM,
    *(f"rib_{n}" for n in range(1, 13)),
    *"humerus clavicle scapula ilium ischium pubis femur patella tibia fibula".split(),
    *PAIRED_HEAD,
]
MIDLINE = [
    *SPINE,
    *"sternum sacrum coccyx mandible frontal_bone occipital_bone sphenoid ethmoid vomer".split(),
    "hyoid",
]
REGION = {
    **dict.fromkeys(HAND, "hand"),
    **dict.fromkeys(FOOT, "foot"),
    **dict.fromkeys(FOREARM, "forearm"),
    **dict.fromkeys(SPINE, "spine"),
    "femur": "thigh",
}
ANCESTRY = {
    BoneId(bone): tuple(RegionId(r) for r in (REGION.get(bone, "elsewhere"), "body"))
    for bone in (*PAIRED, *MIDLINE)
}
SVG = "{http://www.w3.org/2000/svg}"
EVERYTHING = (("body", None),)
DRAW = MappingProxyType({"hands": bodymap.hands, "body": bodymap.body})
PAIRS = {
    "hands": {f"{side}-{bone}" for side in ("right", "left") for bone in (*HAND, *FOREARM)},
    "body": {f"{side}-{bone}" for side in ("right", "left") for bone in PAIRED},
}


def lesion(
    bone: str,
    laterality: Laterality | None = "right",
    part: Part | None = None,
    end: End | None = None,
    modalities: tuple[Modality, ...] = ("xray", "mri"),
    features: tuple[str, ...] = (),
) -> Lesion:
    seen = tuple(ConceptId(feature) for feature in features)
    return Lesion(BoneId(bone), laterality, part, end, modalities, seen, None, None, ())


def site(
    bone: str | None = None, laterality: Laterality | None = None, region: str | None = None
) -> Site:
    return Site(BoneId(bone) if bone else None, RegionId(region) if region else None, laterality)


def draw(
    which: str,
    *lesions: Lesion,
    assessed: Iterable[tuple[str, Laterality | None]] = EVERYTHING,
    unread: Iterable[tuple[str, Laterality | None]] = (),
    painful: Iterable[Site] = (),
    names: Mapping[str, str] = MappingProxyType({}),
    theme: bodymap.Theme = "screen",
) -> str:
    return DRAW[which](
        lesions,
        [(RegionId(region), laterality) for region, laterality in assessed],
        unread=[(RegionId(region), laterality) for region, laterality in unread],
        ancestry=ANCESTRY,
        painful=painful,
        names=names,
        theme=theme,
        prefix="",
    )


def parsed(svg: str) -> Element:
    return fromstring(svg)  # noqa: S314 (our own text, and its validity is what is tested)


def bones(svg: str) -> dict[str, Element]:
    """Give the group of each bone by the id of its outline."""
    return {
        path.attrib["id"]: group
        for group in parsed(svg).iter(SVG + "g")
        for path in group.findall(SVG + "path")
        if "data-bone" in path.attrib
    }


def look(group: Element) -> str:
    return tostring(group, encoding="unicode").strip()


def outline(group: Element) -> str:
    return next(path.attrib["d"] for path in group.iter(SVG + "path") if "id" in path.attrib)


def points(path: str) -> list[tuple[float, float]]:
    numbers = [float(number) for number in re.findall(r"-?[0-9.]+", path)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def clip(group: Element) -> list[tuple[float, float]]:
    return points(next(group.iter(SVG + "clipPath"))[0].attrib["d"])


def paint(group: Element) -> str:
    return group.attrib["class"].split("-")[-1]


def changed(which: str, *lesions: Lesion) -> set[str]:
    before, after = bones(draw(which)), bones(draw(which, *lesions))
    return {name for name in before if look(before[name]) != look(after[name])}


def said(svg: str) -> str:
    return parsed(svg).findtext(SVG + "desc") or ""


def written(svg: str) -> str:
    return " ".join(text.text or "" for text in parsed(svg).iter(SVG + "text"))


# Every bone


def test_the_hand_map_draws_each_of_the_27_bones_with_radius_and_ulna_once_for_each_side() -> None:
    drawn = re.findall(r'data-bone="(\w+)" data-side="(\w+)"', draw("hands"))
    assert len(HAND) == 27
    assert sorted(drawn) == sorted((b, s) for b in (*HAND, *FOREARM) for s in ("left", "right"))


def test_the_body_map_draws_every_bone_of_the_skeleton_once_for_each_side_that_it_has() -> None:
    drawn = re.findall(r'data-bone="(\w+)" data-side="(\w+)"', draw("body"))
    paired = [(bone, side) for bone in PAIRED for side in ("left", "right")]
    assert sorted(drawn) == sorted([*paired, *((bone, "midline") for bone in MIDLINE)])


@pytest.mark.parametrize("which", DRAW)
def test_no_id_stands_twice_and_every_reference_leads_somewhere(which: str) -> None:
    svg = draw(
        which, lesion("radius", "left", "metaphysis", "distal"), painful=[site("ulna", "left")]
    )
    ids = re.findall(r' id="([^"]+)"', svg)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'(?:href="#|url\(#)([^")]+)', svg)) <= set(ids)


@pytest.mark.parametrize("which", DRAW)
def test_a_left_bone_is_the_mirror_image_of_the_right_one(which: str) -> None:
    groups = bones(draw(which))
    for name in PAIRS[which]:
        if name.startswith("right-"):
            right = points(outline(groups[name]))
            left = points(outline(groups[name.replace("right-", "left-")]))
            assert [y for _, y in left] == [y for _, y in right]
            axes = {round((a[0] + b[0]) / 2) for a, b in zip(left, right, strict=True)}
            assert len(axes) == 1


def test_the_left_hand_is_left_in_the_picture_and_the_childs_right_side_is_left_of_the_body() -> (
    None
):
    def middle(which: str, name: str) -> float:
        xs = [x for x, _ in points(outline(bones(draw(which))[name]))]
        return sum(xs) / len(xs)

    assert middle("hands", "left-capitate") < middle("hands", "right-capitate")
    assert middle("body", "right-humerus") < middle("body", "left-humerus")


def test_growth_plates_of_the_hand_are_where_anatomy_has_them() -> None:
    """Metacarpals 2 to 5 carry theirs distally, that of the thumb and all phalanges proximally."""
    shapes = shapes_of(picture_of("hands"))

    def height(line: Line) -> float:
        return (line[1] + line[3]) / 2

    for bone in HAND:
        plates = {end.end: height(end.physis) for end in shapes[BoneId(bone)].ends if end.physis}
        ys = [y for _, y in points(shapes[BoneId(bone)].path)]
        center = (min(ys) + max(ys)) / 2
        if bone in CARPALS:
            assert plates == {}
        elif re.fullmatch("metacarpal_[2-5]", bone):
            assert list(plates) == ["distal"]
            assert plates["distal"] < center, "the fingers point up"
        else:
            assert list(plates) == ["proximal"]
            assert plates["proximal"] > center


# A lesion


@pytest.mark.parametrize(
    ("which", "drawn", "expected"),
    [
        ("hands", lesion("metacarpal_3"), {"right-metacarpal_3"}),
        ("hands", lesion("metacarpal_3", "left", "metaphysis"), {"left-metacarpal_3"}),
        ("hands", lesion("lunate", "bilateral"), {"left-lunate", "right-lunate"}),
        ("body", lesion("femur", "left", "metaphysis", "distal"), {"left-femur"}),
        ("body", lesion("thoracic_vertebra_7", None), {"midline-thoracic_vertebra_7"}),
        ("body", lesion("mandible", "left"), {"midline-mandible"}),
        ("body", lesion("rib_5"), {"right-rib_5"}),
    ],
)
def test_a_lesion_changes_exactly_its_bone(which: str, drawn: Lesion, expected: set[str]) -> None:
    assert changed(which, drawn) == expected


@settings(max_examples=25, deadline=None)
@given(
    chosen=st.lists(
        st.builds(
            lesion,
            st.sampled_from([*HAND, *FOREARM]),
            st.sampled_from(["left", "right"]),
            st.sampled_from([None, "epiphysis", "physis", "metaphysis", "diaphysis"]),
            st.sampled_from([None, "distal"]),
            st.sampled_from([("xray",), ("mri",)]),
        ),
        max_size=4,
    )
)
def test_mirrored_lesions_give_the_mirrored_picture(chosen: list[Lesion]) -> None:
    def mirror(of: Lesion) -> Lesion:
        other: Laterality = "left" if of.laterality == "right" else "right"
        return lesion(of.bone, other, of.part, of.end, of.modalities)

    there = bones(draw("hands", *chosen))
    back = bones(draw("hands", *(mirror(each) for each in chosen)))
    for name, group in there.items():
        side, bone = name.split("-")
        other = back[("left-" if side == "right" else "right-") + bone]
        assert paint(other) == paint(group)
        ours = [path.attrib["d"] for path in group.iter(SVG + "path")]
        theirs = [path.attrib["d"] for path in other.iter(SVG + "path")]
        assert len(ours) == len(theirs)
        for a, b in zip(ours, theirs, strict=True):
            for (x, y), (mirrored_x, same_y) in zip(points(a), points(b), strict=True):
                assert x + mirrored_x == pytest.approx(1240, abs=0.11)
                assert y == same_y


def test_a_lesion_seen_on_mri_only_looks_different_in_colour_and_in_hatch() -> None:
    both = bones(draw("hands", lesion("lunate"), lesion("hamate", modalities=("whole_body_mri",))))
    assert paint(both["right-lunate"]) == "lesion"
    assert paint(both["right-hamate"]) == "mri"
    assert "url(#lines)" in look(both["right-lunate"]), "one MRI and one X-ray saw it"
    assert "url(#dots)" in look(both["right-hamate"])


def test_an_x_ray_lesion_is_not_hidden_by_one_that_only_mri_shows_in_the_same_bone() -> None:
    whole = lesion("metacarpal_3", modalities=("mri",))
    part = lesion("metacarpal_3", "right", "metaphysis", "distal", ("xray",))
    for pair in ((whole, part), (part, whole)):
        group = bones(draw("hands", *pair))["right-metacarpal_3"]
        assert paint(group) == "mri"
        assert "url(#lines)" in look(group)


def test_a_lesion_without_a_named_modality_is_never_called_mri_only() -> None:
    assert paint(bones(draw("hands", lesion("lunate", modalities=())))["right-lunate"]) == "lesion"


# Parts of a bone


def test_only_the_known_part_is_filled_and_the_parts_lie_in_order_along_the_bone() -> None:
    def reach(part: Part, end: End | None = None) -> tuple[float, float]:
        name = "right-metacarpal_3"
        group = bones(draw("hands", lesion("metacarpal_3", "right", part, end)))[name]
        assert paint(group) == "clear", "the rest of the bone stays as it was"
        ys = [y for _, y in clip(group)]
        bone = [y for _, y in points(outline(group))]
        return max(min(ys), min(bone)), min(max(ys), max(bone))

    slope = 5  # the lines across the bone are not level, so that boxes around parts overlap a bit
    epiphysis, physis = reach("epiphysis"), reach("physis")
    metaphysis, diaphysis = reach("metaphysis"), reach("diaphysis")
    base = reach("metaphysis", "proximal")
    assert epiphysis[0] < physis[0] < metaphysis[0] < diaphysis[0] < base[0], "fingers point up"
    assert epiphysis[1] <= metaphysis[0] + slope
    assert metaphysis[1] <= diaphysis[0] + slope
    assert diaphysis[1] <= base[0] + slope


def test_a_part_of_a_bone_with_two_growth_plates_and_no_end_recorded_fills_the_whole_bone() -> None:
    group = bones(draw("body", lesion("femur", "right", "metaphysis")))["right-femur"]
    assert paint(group) == "lesion"
    assert not list(group.iter(SVG + "clipPath"))


@pytest.mark.parametrize(
    ("end", "other"), [("distal", "tibia"), ("proximal", "ilium")], ids=["knee", "hip"]
)
def test_an_end_of_the_femur_is_filled_next_to_the_joint_that_it_makes(
    end: End, other: str
) -> None:
    groups = bones(draw("body", lesion("femur", "right", "metaphysis", end)))
    ys = [y for _, y in clip(groups["right-femur"])]
    bone = [y for _, y in points(outline(groups["right-femur"]))]
    neighbour = [y for _, y in points(outline(groups[f"right-{other}"]))]
    filled = (min(ys) + max(ys)) / 2
    centre = (min(bone) + max(bone)) / 2
    assert (filled < centre) == (sum(neighbour) / len(neighbour) < centre)


def test_a_lesion_of_the_proximal_radius_is_not_drawn_at_the_wrist() -> None:
    proximal = lesion("radius", "right", "metaphysis", "proximal")
    assert changed("hands", proximal) == set()
    assert "outside this picture: 1" in written(draw("hands", proximal))
    assert changed("body", proximal) == {"right-radius"}


# Not assessed is not normal


def test_a_bone_that_nobody_imaged_is_drawn_dotted_and_said_to_be_not_assessed() -> None:
    svg = draw("hands", assessed=[("hand", "right")])
    groups = bones(svg)
    assert {paint(groups[f"right-{bone}"]) for bone in HAND} == {"clear"}
    assert {paint(groups[f"left-{bone}"]) for bone in HAND} == {"unseen"}
    assert paint(groups["right-radius"]) == "unseen"
    assert "Left: not imaged, so not assessed." in said(svg)
    assert "Right: 27 of 29 bones were imaged" in said(svg)


def test_an_image_of_a_hand_of_unknown_side_clears_neither_hand() -> None:
    groups = bones(draw("hands", assessed=[("hand", None)]))
    assert {paint(group) for group in groups.values()} == {"unseen"}


def test_an_image_of_a_region_that_crosses_the_midline_needs_no_side() -> None:
    groups = bones(draw("body", assessed=[("spine", None)]))
    assert {name for name in groups if paint(groups[name]) == "clear"} == {
        f"midline-{bone}" for bone in SPINE
    }


def test_a_bone_on_an_image_that_was_not_read_has_a_look_and_words_of_its_own() -> None:
    svg = draw("body", assessed=(), unread=[("spine", None)])
    groups = bones(svg)
    assert paint(groups["midline-thoracic_vertebra_8"]) == "unread"
    assert paint(groups["right-femur"]) == "unseen"
    assert "Imaged, result not read" in look(groups["midline-thoracic_vertebra_8"])
    assert "Midline: of 34 bones 24 are on an image whose result was not read, 0 on" in svg
    assert 'fill="url(#bars)"' in svg


def test_what_one_image_shows_is_not_clean_while_another_is_unread() -> None:
    svg = draw("hands", lesion("lunate"), assessed=[("hand", "right")], unread=[("hand", "right")])
    assert paint(bones(svg)["right-capitate"]) == "unread"
    assert paint(bones(svg)["right-lunate"]) == "lesion"
    assert "Right: of 29 bones 27 are on an image whose result was not read, 0 on one" in svg
    assert "Right: not imaged" not in svg


def test_an_image_of_a_hand_of_unknown_side_is_written_below() -> None:
    assert "side not recorded, so shown on neither side: hand" in draw(
        "hands", assessed=[("hand", None)]
    )
    unread = draw("hands", assessed=[("hand", "left")], unread=[("hand", None)])
    assert "Imaged, result not read, side not recorded: hand" in unread


def test_a_lesion_in_a_part_of_a_bone_does_not_make_the_rest_of_it_assessed() -> None:
    svg = draw("hands", lesion("metacarpal_3", part="metaphysis"), assessed=())
    assert paint(bones(svg)["right-metacarpal_3"]) == "unseen"


# Side not recorded


@pytest.mark.parametrize("which", DRAW)
def test_a_lesion_without_a_side_is_drawn_on_neither_side_and_written_below(which: str) -> None:
    assert changed(which, lesion("lunate", None)) == set()
    svg = draw(which, lesion("lunate", None))
    assert "Side not recorded, so drawn on neither side: lunate." in written(svg)
    assert "Lunate (side not recorded): seen on X-ray, MRI." in said(svg)


def test_a_bone_that_the_map_does_not_know_is_written_below() -> None:
    assert "no such place: right patellula." in written(draw("body", lesion("patellula")))


# Pain


def test_pain_draws_a_dotted_ring_and_no_lesion() -> None:
    svg = draw("hands", painful=[site("lunate", "right")])
    group = bones(svg)["right-lunate"]
    assert paint(group) == "clear"
    assert "hands-pain" in look(group)
    assert "hands-pain" not in look(bones(svg)["left-lunate"])
    assert "Pain or tenderness: right lunate." in said(svg)


def test_pain_of_a_region_draws_a_ring_around_its_bones() -> None:
    svg = draw("hands", painful=[site(None, "left", "hand")])
    (ring,) = parsed(svg).iter(SVG + "ellipse")
    x, reach = float(ring.attrib["cx"]), float(ring.attrib["rx"])
    groups = bones(svg)
    for bone in HAND:
        assert all(abs(at - x) <= reach for at, _ in points(outline(groups[f"left-{bone}"])))
        assert all(abs(at - x) > reach for at, _ in points(outline(groups[f"right-{bone}"])))


@pytest.mark.parametrize("joint", ["shoulder", "elbow", "wrist", "hip", "knee", "ankle"])
def test_pain_of_a_joint_draws_a_ring_there_on_its_side(joint: str) -> None:
    svg = draw("body", painful=[site(None, "left", joint)])
    (ring,) = parsed(svg).iter(SVG + "ellipse")
    spine = [x for x, _ in points(outline(bones(svg)["midline-sacrum"]))]
    assert float(ring.attrib["cx"]) > max(spine), "the child's left is right in the picture"
    assert joint in written(draw("body", painful=[site(None, None, joint)]))


def test_pain_of_the_left_side_of_the_spine_draws_a_ring_around_the_spine() -> None:
    svg = draw("body", painful=[site(None, "left", "spine")])
    (ring,) = parsed(svg).iter(SVG + "ellipse")
    neck = [y for _, y in points(outline(bones(svg)["midline-cervical_vertebra_1"]))]
    assert float(ring.attrib["cy"]) - float(ring.attrib["ry"]) < min(neck)


def test_pain_of_no_place_at_all_is_left_to_the_page_around() -> None:
    assert draw("body", painful=[site()]) == draw("body")


def test_pain_without_a_side_is_written_below() -> None:
    for place in (site("lunate"), site(None, None, "hand")):
        svg = draw("hands", painful=[place])
        assert "Pain or tenderness, side not recorded:" in written(svg)
        assert not list(parsed(svg).iter(SVG + "ellipse"))


# Words


def test_the_description_names_each_lesion_with_part_features_and_modalities() -> None:
    svg = draw(
        "hands",
        lesion("metacarpal_3", "right", "metaphysis", "distal", ("xray", "mri"), ("xray_lytic",)),
        lesion("femur", "left", modalities=("whole_body_mri",)),
        names={"metacarpal_3": "third metacarpal", "xray_lytic": "lysis"},
    )
    assert "Right third metacarpal, distal metaphysis: lysis; seen on X-ray, MRI." in said(svg)
    assert "Left femur: seen on whole-body MRI." in said(svg)


@pytest.mark.parametrize("which", DRAW)
def test_the_picture_is_an_image_with_a_title_and_a_description(which: str) -> None:
    root = parsed(draw(which))
    assert root.attrib["role"] == "img"
    title, description = root.attrib["aria-labelledby"].split()
    assert root[0].attrib["id"] == title
    assert root[1].attrib["id"] == description
    assert root[0].text
    assert "No lesion is recorded." in said(draw(which))


@pytest.mark.parametrize("which", DRAW)
def test_each_bone_says_its_side_and_state(which: str) -> None:
    for name, group in bones(draw(which, assessed=())).items():
        side = name.split("-")[0]
        title = next(group.iter(SVG + "title")).text or ""
        assert title.endswith(": Not imaged: not assessed")
        assert side == "midline" or title.startswith(f"{side.capitalize()} ")


@pytest.mark.parametrize("which", DRAW)
def test_the_legend_names_every_state(which: str) -> None:
    text = written(draw(which))
    for state in (
        "Lesion",
        "Lesion seen on MRI only",
        "Imaged, no lesion recorded",
        "Not imaged: not assessed",
        "Pain or tenderness",
    ):
        assert state in text


@settings(max_examples=30, deadline=None)
@given(text=st.text(max_size=40), name=st.text(max_size=40))
def test_whatever_a_record_holds_the_map_stays_valid_xml(text: str, name: str) -> None:
    svg = draw(
        "hands",
        lesion(text, features=(text,)),
        lesion("lunate", None, features=(text,)),
        painful=[site(text or "x", "left")],
        names={"lunate": name, text: name},
    )
    assert parsed(svg).tag == SVG + "svg"


def test_a_name_that_is_markup_stays_text() -> None:
    hostile = '</title><script>alert(1)</script>"><!--\x00\u202e'
    svg = draw("hands", lesion("lunate"), names={"lunate": hostile})
    assert not list(parsed(svg).iter(SVG + "script"))
    assert "<script" not in svg
    assert "\u202e" not in svg


def test_the_same_record_gives_the_same_bytes_whatever_the_hash_seed() -> None:
    code = (
        "from multifocal.model.anatomy import Site\n"
        "from multifocal.report import bodymap\n"
        "anc = {b: ('hand', 'body') for b in ('lunate', 'hamate', 'capitate')}\n"
        "anc['sacrum'] = ('body',)\n"
        "sites = [Site(b, None, 'left') for b in anc] + [Site(None, 'hand', 'bilateral')]\n"
        "for draw in (bodymap.hands, bodymap.body):\n"
        "    print(draw([], [('body', None)], ancestry=anc, painful=sites))\n"
    )
    outputs = [
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert outputs[0] == outputs[1]


# On paper and on screen


@pytest.mark.parametrize("which", DRAW)
def test_letters_are_at_least_9_points_when_the_map_is_printed_17_cm_wide(which: str) -> None:
    root = parsed(draw(which))
    width = float(root.attrib["viewBox"].split()[2])
    assert float(root.attrib["font-size"]) / width * 17 / 2.54 * 72 >= 9


@pytest.mark.parametrize(("which", "most"), [("hands", 80_000), ("body", 150_000)])
def test_a_map_is_modest_in_size(which: str, most: int) -> None:
    lesions = [lesion(f"metacarpal_{n}", "bilateral", "metaphysis") for n in range(1, 6)]
    assert len(draw(which, *lesions).encode()) <= most


@pytest.mark.parametrize("which", DRAW)
def test_the_screen_takes_its_colours_from_the_page_and_paper_has_its_own(which: str) -> None:
    assert "var(--map-lesion,#" in draw(which)
    assert "prefers-color-scheme:dark" in draw(which)
    paper = draw(which, theme="print")
    assert "var(" not in paper
    assert "@media" not in paper


@pytest.mark.parametrize("which", DRAW)
def test_typst_sets_the_map_in_a_pdf(which: str, tmp_path: Path) -> None:
    (tmp_path / "map.svg").write_text(
        draw(which, lesion("radius", "left", "metaphysis", "distal"), theme="print"), "utf-8"
    )
    (tmp_path / "page.typ").write_text('#image("map.svg", width: 17cm, alt: "map")', "utf-8")
    assert typst.compile(str(tmp_path / "page.typ")).startswith(b"%PDF")
