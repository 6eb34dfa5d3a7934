import csv
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from multifocal.exchange.site_lexicon import SiteLexicon, site_lexicon_of
from multifocal.exchange.sites import read_site
from multifocal.knowledge.load import load
from multifocal.model.anatomy import Site

DATA = Path(__file__).parents[2] / "data"
KNOWLEDGE = load()
ATLAS: SiteLexicon = site_lexicon_of(KNOWLEDGE)
BONES = KNOWLEDGE.bones_by_id


def read(*texts: str, codes: tuple[tuple[str, str], ...] = ()) -> tuple[tuple[Site, ...], set[str]]:
    sites, problems = read_site(texts, codes, ATLAS)
    return sites, set(problems)


def shown(text: str) -> str:
    """Give the sites of a text as "place side end part", parted by commas."""
    sites, problems = read(text)
    words = [[s.bone or s.region, s.laterality, s.end, s.part] for s in sites]
    lines = [" ".join(word for word in line if word) for line in words]
    return ", ".join(lines + [f"! {problem}" for problem in sorted(problems)])


# What a reader of the phrase would understand, written by hand; "!" is a problem.
PHRASES = {
    # the hand
    "right third metacarpal": "metacarpal_3 right",
    "3rd MC R": "metacarpal_3 right",
    "L 3rd MC": "metacarpal_3 left",
    "MC3, left": "metacarpal_3 left",
    "Third metacarpal bone structure of right hand": "metacarpal_3 right",
    "left-sided third-metacarpal lesion": "metacarpal_3 left",
    "X-ray right hand: third metacarpal": "metacarpal_3 right",
    "metacarpal bone of digit 3": "metacarpal_3",
    "thumb metacarpal left": "metacarpal_1 left",
    "4 th finger metacarpal left": "metacarpal_4 left",
    "metacarpal, third, right": "metacarpal_3 right",
    "proximal phalanx of the right index finger": "proximal_phalanx_hand_2 right",
    "left index proximal phalanx": "proximal_phalanx_hand_2 left",
    "right index finger, middle phalanx": "middle_phalanx_hand_2 right",
    "P1 dig. II dexter": "proximal_phalanx_hand_2 right, ! hand assumed",
    "distal phalanx of left pinky": "distal_phalanx_hand_5 left",
    "third and fourth distal phalanges of left hand": (
        "distal_phalanx_hand_3 left, distal_phalanx_hand_4 left"
    ),
    "right hand": "hand right",
    "R. hand": "hand right",
    "hand (R)": "hand right",
    "wrist": "wrist",
    "fingers of the right hand": "fingers right",
    "ring finger of left hand": "fingers left",
    "2nd MCP joint right": "hand right",
    "os naviculare of the left hand": "scaphoid left",
    "base of right 3rd metacarpal": "metacarpal_3 right proximal",
    "head of the third metacarpal, right hand": "metacarpal_3 right distal",
    # several
    "third and fourth metacarpals of the right hand": "metacarpal_3 right, metacarpal_4 right",
    "right 3rd metacarpal and 2nd proximal phalanx": (
        "metacarpal_3 right, proximal_phalanx_hand_2 right"
    ),
    "third metacarpal and second proximal phalanx, right": (
        "metacarpal_3 right, proximal_phalanx_hand_2 right"
    ),
    "right third and left fourth metacarpals": "metacarpal_3 right, metacarpal_4 left",
    "right 3rd metacarpal, left 4th metacarpal": "metacarpal_3 right, metacarpal_4 left",
    "metacarpals 2-4 left": "metacarpal_2 left, metacarpal_3 left, metacarpal_4 left",
    "MC II-IV left": "metacarpal_2 left, metacarpal_3 left, metacarpal_4 left",
    "2nd to 3rd metacarpals, right hand": "metacarpal_2 right, metacarpal_3 right",
    "proximal and middle phalanges of the left ring finger": (
        "proximal_phalanx_hand_4 left, middle_phalanx_hand_4 left"
    ),
    "left 5th and 6th ribs": "rib_5 left, rib_6 left",
    "medial and lateral cuneiforms right": "medial_cuneiform right, lateral_cuneiform right",
    "3 metacarpals of the right hand": "metacarpus right",
    "metacarpals of the right hand 3 weeks": "metacarpus right",
    # foot and leg
    "os naviculare": "navicular",
    "navicular, right foot": "navicular right",
    "MT I right": "metatarsal_1 right",
    "distal phalanx of right great toe": "distal_phalanx_foot_1 right",
    "left fifth toe middle phalanx": "middle_phalanx_foot_5 left",
    "P1 Dig. II, X-ray left foot": "proximal_phalanx_foot_2 left",
    "hallux right": "toes right",
    "right tibia and fibula": "tibia right, fibula right",
    "Tibia und Fibula rechts": "tibia right, fibula right",
    "left femoral head and neck": "femur left proximal",
    "head and neck of left femur": "femur left proximal",
    "right medial malleolus": "tibia right distal",
    # parts and ends
    "left distal radius metaphysis": "radius left distal metaphysis",
    "distal femoral metaphysis, left": "femur left distal metaphysis",
    "growth plate of the distal left radius": "radius left distal physis",
    "midshaft of the right tibia": "tibia right diaphysis",
    "left prox. tibia epiphysis": "tibia left proximal epiphysis",
    "epiphysis and metaphysis of left distal tibia": (
        "tibia left distal epiphysis, tibia left distal metaphysis"
    ),
    "distal third of the left fifth metatarsal": "metatarsal_5 left distal",
    "medial clavicle": "clavicle proximal",
    "left medial clavicle": "clavicle left proximal",
    # adjectives that share what is said of them all
    "distal femoral and proximal tibial metaphyses on both sides": (
        "femur left distal metaphysis, femur right distal metaphysis, "
        "tibia left proximal metaphysis, tibia right proximal metaphysis"
    ),
    "distal radial and ulnar metaphyses, right": (
        "radius right distal metaphysis, ulna right distal metaphysis"
    ),
    "right distal femoral and left proximal tibial epiphyses": (
        "femur right distal epiphysis, tibia left proximal epiphysis"
    ),
    "tibial and femoral diaphyses": "tibia diaphysis, femur diaphysis",
    "femoral and humeral heads": "femur proximal, humerus proximal",
    # both sides
    "distal tibia, both sides": "tibia left distal, tibia right distal",
    "bilateral distal tibiae": "tibia left distal, tibia right distal",
    "both clavicles": "clavicle left, clavicle right",
    "right and left tibia": "tibia left, tibia right",
    "tibia right and left": "tibia left, tibia right",
    "L/R tibia": "tibia left, tibia right",
    "B/L knees": "knee left, knee right",
    "both bones of right forearm": "forearm right",
    "bilateral hands, right worse than left": "hand left, hand right",
    # the midline
    "T7": "thoracic_vertebra_7 midline",
    "L3 vertebral body": "lumbar_vertebra_3 midline",
    "C5": "cervical_vertebra_5 midline",
    "C5-7": "cervical_vertebra_5 midline, cervical_vertebra_6 midline, cervical_vertebra_7 midline",
    "L5/S1": "lumbar_vertebra_5 midline, sacrum midline",
    "T12 to L2": (
        "thoracic_vertebra_12 midline, lumbar_vertebra_1 midline, lumbar_vertebra_2 midline"
    ),
    "T1 and T2 vertebrae": "thoracic_vertebra_1 midline, thoracic_vertebra_2 midline",
    "L spine": "lumbar_spine",
    "right femur and T7": "femur right, thoracic_vertebra_7 midline",
    "left mandible": "mandible left",
    "sacroiliac joint": "pelvis",
    "left SI joint": "pelvis left",
    # other languages and scripts
    "5. Mittelhandknochen rechts": "metacarpal_5 right",
    "MC III re.": "metacarpal_3 right",
    "Grundphalanx des rechten Zeigefingers": "proximal_phalanx_hand_2 right",
    "métacarpien 3 droit": "metacarpal_3 right",
    "tercer metacarpiano derecho": "metacarpal_3 right",
    "\uff32\uff29\uff27\uff28\uff34 \uff28\uff21\uff2e\uff24": "hand right",
    "\U0001f44b right hand \U0001f44d": "hand right",
    "Left femur. Right tibia.": "femur left, tibia right",
    # a side is never guessed
    "tibia and right femur": "tibia, femur right, ! laterality unclear",
    "left femur, tibia": "femur left, tibia, ! laterality unclear",
    "tibia right femur left": "tibia, femur, ! laterality conflict",
    "right third metacarpal of left hand": "metacarpal_3, ! laterality conflict",
    "tibia lesion right femur": "tibia, femur right, ! laterality unclear",
    "right hand pain since fall on knee": "hand right, knee, ! laterality unclear",
    "third metacarpal lesion of the right hand": "metacarpal_3 right",
    "tibia lesion, right": "tibia right",
    "pain in hand re: follow up": "hand",
    "Re: left hand": "hand left",
    "R/O osteomyelitis left femur": "femur left",
    "left tibia w/o contrast": "tibia left",
    # not sites
    "right hand, not left": "! site not understood",
    "right hand dominant": "! site not understood",
    "right leg": "right",
    "right": "! site not understood",
    "L 3": "! site not understood",
    "tibial nerve left": "! site not understood",
    "complement C3": "! site not understood",
    "right 2nd proximal phalanx": "! hand or foot not stated",
    "T2 hyperintense lesion of the right tibia": "tibia right",
    "T2-weighted left femur": "femur left",
    "T1 and T2 signal in left tibia": "tibia left",
    "index lesion of the right tibia": "tibia right",
    "vitamin D right tibia": "tibia right",
    "L3 metacarpal": "metacarpus",
    "\u0627\u0644\u064a\u062f \u0627\u0644\u064a\u0645\u0646\u0649": "! site not understood",
}


@pytest.mark.parametrize("text", PHRASES)
def test_a_phrase_is_read_as_a_reader_would_understand_it(text: str) -> None:
    assert shown(text) == PHRASES[text]


@pytest.mark.parametrize("text", ["", " ", "\n\t"])
def test_no_text_gives_no_site_and_no_problem(text: str) -> None:
    assert read(text) == ((), set())


MIRROR = {
    "right": "left",
    "rechts": "links",
    "rechten": "linken",
    "droit": "gauche",
    "derecho": "izquierdo",
    "dexter": "sinister",
    "r": "l",
    "r.": "l.",
    "(r)": "(l)",
    "re.": "li.",
}
MIRROR |= {left: right for right, left in MIRROR.items()}


def mirrored(text: str) -> str:
    """Swap the words for left and right and nothing else."""
    return " ".join(_mirrored(word) for word in text.split(" "))


def _mirrored(word: str) -> str:
    bare = unicodedata.normalize("NFKC", word).rstrip(",")
    return MIRROR.get(bare.casefold(), bare) + word[len(bare) :]


def sides_swapped(site: Site) -> tuple[object, ...]:
    swapped = {"left": "right", "right": "left"}.get(site.laterality or "", site.laterality)
    return site.bone, site.region, swapped, site.part, site.end


@settings(deadline=None, max_examples=200)
@given(
    # The L of "L spine" is not a side.
    st.lists(st.sampled_from(sorted(PHRASES.keys() - {"L spine"})), min_size=1, max_size=3),
    st.sampled_from(";\n"),
)
def test_swapping_the_words_for_left_and_right_swaps_the_side_and_nothing_else(
    phrases: list[str], stop: str
) -> None:
    text = f" {stop} ".join(phrases).replace("/", " / ").replace("-sided", " sided")
    text = text.replace("B / L", "both")
    sites, problems = read(text)
    others, same = read(mirrored(text))
    assert {sides_swapped(site) for site in sites} == {
        (s.bone, s.region, s.laterality, s.part, s.end) for s in others
    }
    assert problems == same


def names_of(bone_id: str) -> tuple[str, ...]:
    return (BONES[bone_id].label, *BONES[bone_id].names)


SHARED = {
    name
    for name, count in Counter(name for bone in BONES for name in names_of(bone)).items()
    if count > 1
}


@pytest.mark.parametrize("bone", BONES)
def test_every_bone_is_read_from_its_label_and_each_of_its_names_on_each_side(bone: str) -> None:
    limb = KNOWLEDGE.regions_by_id[KNOWLEDGE.places[bone][-2]].label
    for name in names_of(bone):
        # A name that hand and foot share needs one of them beside it.
        named = f"{name}, {limb}" if name in SHARED else name
        texts = {
            text: side
            for side in ("left", "right")
            for text in (f"{side} {named}", f"{named}, {side}", f"{name.upper()} of {side} {limb}")
        }
        for text, side in texts.items():
            sites, problems = read(text)
            assert [(site.bone, site.laterality) for site in sites] == [(bone, side)], text
            assert not problems, text
        (alone,), _ = read(named)
        assert alone.laterality == (None if BONES[bone].paired else "midline"), name


@pytest.mark.parametrize("region", KNOWLEDGE.regions_by_id)
def test_every_region_is_read_from_its_label_and_each_of_its_names(region: str) -> None:
    entry = KNOWLEDGE.regions_by_id[region]
    for name in (entry.label, *entry.names):
        (site,), problems = read(name)
        assert region in KNOWLEDGE.places[site.bone or site.region or ""], name
        assert not problems, name


ANY_TEXT = st.text() | st.lists(
    st.sampled_from([*" ,;./-&()'", *"rl", "3", "3rd", "II", "\u202e", "\U0001f9b4"])
    | st.sampled_from([word.word for word in KNOWLEDGE.site_words])
    | st.sampled_from([name for bone in BONES for name in names_of(bone)]),
    max_size=12,
).map(" ".join)


@settings(deadline=None, max_examples=250)
@given(st.lists(ANY_TEXT, max_size=3), st.lists(st.tuples(st.text(), st.text()), max_size=3))
@example(["9" * 5000 + " metacarpal"], [("uberon", "x")])
@example(["metacarpal 13-1, 0th rib, rib 99"], [("fma", "")])
def test_no_text_and_no_code_breaks_the_reader(
    texts: list[str], codes: list[tuple[str, str]]
) -> None:
    sites, _ = read_site(texts, codes, ATLAS)
    limbs = {word.word for word in KNOWLEDGE.site_words if word.role == "limb"}
    has_limb = any(limb in text.casefold() for limb in limbs for text in texts)
    for site in sites:
        assert site.bone is None or site.region == BONES[site.bone].region
        assert site.bone is not None or site.region is not None or has_limb


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("both legs", ["left", "right"]),
        ("left lower extremity", ["left"]),
        ("leg", [None]),
        ("left arm and right leg", ["left", "right"]),
        ("beide Beine", ["left", "right"]),
    ],
)
def test_of_a_whole_limb_the_side_is_kept(text: str, sides: list[str | None]) -> None:
    sites, problems = read_site([text], (), ATLAS)
    assert [site.laterality for site in sites] == sides
    assert all(site.bone is None and site.region is None for site in sites)
    assert not problems


@pytest.mark.parametrize(
    "text",
    [
        "distal tibial, fibular and talar bones of the right ankle",
        "right tibial, fibular and talar marrow",
    ],
)
def test_a_list_of_adjectives_is_a_list_of_bones(text: str) -> None:
    sites, _ = read_site([text], (), ATLAS)
    bones = {site.bone for site in sites if site.bone}
    assert bones == {"tibia", "fibula", "talus"}


@settings(deadline=None, max_examples=200)
@given(ANY_TEXT)
def test_a_side_comes_only_from_a_text_that_has_a_word_for_one(text: str) -> None:
    roles = {"side", "side_letter", "side_after"}
    sided = [word.word for word in KNOWLEDGE.site_words if word.role in roles]
    for word in (*sided, *"lr"):
        text = text.casefold().replace(word, " ")
    sites, _ = read(text)
    assert {site.laterality for site in sites} <= {None, "midline"}


@pytest.mark.parametrize(
    "unit", ["right third metacarpal, ", "1 and ", "proximal, ", "T1, L3-", "left ", "head and "]
)
def test_reading_takes_steps_in_proportion_to_the_length_of_a_text(unit: str) -> None:
    # Four times the text: in proportion 4, by the square 16.
    assert steps((unit * 8000)[:8000]) / steps((unit * 2000)[:2000]) < 6


def steps(text: str) -> int:
    """Count the lines that reading runs: a measure that no clock blurs."""
    count = 0

    def counted(_frame: FrameType, _event: str, _arg: Any) -> Callable[..., Any]:
        nonlocal count
        count += 1
        return counted

    before = sys.gettrace()
    sys.settrace(counted)
    try:
        read(text)
    finally:
        sys.settrace(before)
    return count


def place(*codes: tuple[str, str]) -> tuple[str | None, str | None, str | None]:
    """Give bone, region and side of the one site that codes name, of which nothing is wrong."""
    (site,), problems = read(codes=codes)
    assert not problems
    return site.bone, site.region, site.laterality


def test_codes_of_uberon_and_fma_name_bones_however_they_are_written() -> None:
    for code in ("UBERON:0003647", "UBERON_0003647", "0003647"):
        assert place(("uberon", code)) == ("metacarpal_3", "metacarpus", None)
    assert place(("fma", "FMA:23901")) == ("metacarpal_3", "metacarpus", None)


def test_a_snomed_site_and_a_snomed_side_make_one_site() -> None:
    assert place(("snomed", "85562004"), ("snomed", "24028007")) == (None, "hand", "right")


def test_the_side_of_a_code_goes_to_the_bone_that_the_text_names() -> None:
    sites, problems = read("third metacarpal", codes=(("snomed", "7771000"),))
    assert (sites[0].bone, sites[0].laterality, problems) == ("metacarpal_3", "left", set())


def test_icd10cm_codes_of_chronic_multifocal_osteomyelitis_give_their_site_and_side() -> None:
    places = {
        "shoulder": "shoulder",
        "humerus": "humerus",
        "radius and ulna": "forearm",
        "hand": "hand",
        "femur": "femur",
        "tibia and fibula": "lower_leg",
    }
    with (DATA / "icd10cm_m86.tsv").open(encoding="utf-8", newline="") as opened:
        rows = [r for r in csv.DictReader(opened, delimiter="\t") if r["code"][:5] == "M86.3"]
    seen = 0
    for row in rows:
        side, _, where = row["description"].partition(", ")[2].partition(" ")
        if side not in {"left", "right"} or where not in places:
            continue
        bone, region, laterality = place(("icd10cm", row["code"]))
        assert (bone or region, laterality) == (places[where], side)
        seen += 1
    assert seen == 12


def test_a_code_and_a_text_that_disagree_on_the_side_leave_it_unknown() -> None:
    for text, code in (("right third metacarpal", "7771000"), ("both hands", "24028007")):
        sites, problems = read(text, codes=(("snomed", code),))
        assert sites
        assert {site.laterality for site in sites} == {None}
        assert problems == {"laterality conflict"}


def test_two_texts_that_disagree_on_the_side_of_one_place_leave_it_unknown() -> None:
    sites, problems = read("right third metacarpal", "left hand")
    assert {site.laterality for site in sites} == {None}
    assert problems == {"laterality conflict"}


def test_texts_on_different_places_keep_their_own_sides() -> None:
    sites, problems = read("left femur", "right tibia")
    assert [(site.bone, site.laterality) for site in sites] == [
        ("femur", "left"),
        ("tibia", "right"),
    ]
    assert not problems


def test_a_code_for_both_sides_agrees_with_a_text_that_names_both() -> None:
    sites, problems = read("right and left tibia", codes=(("snomed", "51440002"),))
    assert [site.laterality for site in sites] == ["left", "right"]
    assert not problems


def test_the_narrower_of_code_and_text_stays() -> None:
    sites, problems = read("right third metacarpal", codes=(("snomed", "85562004"),))
    assert [site.bone for site in sites] == ["metacarpal_3"]
    assert not problems


def test_a_joint_in_a_code_does_not_contradict_a_bone_beside_it() -> None:
    sites, problems = read("left distal radius", codes=(("snomed", "8205005"),))
    assert [(site.bone, site.laterality, site.end) for site in sites] == [
        ("radius", "left", "distal")
    ]
    assert not problems


def test_a_code_and_a_text_that_name_different_bones_leave_the_bone_unknown() -> None:
    sites, problems = read("left tibia", codes=(("snomed", "71341001"),))
    assert (sites, problems) == ((), {"site conflict", "site not understood"})


def test_the_second_text_says_whose_phalanx_the_first_means() -> None:
    sites, problems = read("second proximal phalanx", "left foot")
    assert [(site.bone, site.laterality) for site in sites] == [("proximal_phalanx_foot_2", "left")]
    assert not problems


def test_an_unknown_code_alone_is_not_understood() -> None:
    assert read(codes=(("snomed", "1"),)) == ((), {"site not understood"})


@pytest.mark.parametrize(
    ("system", "code", "said"),
    [
        # DICOM PS3.16 annex L, PS3.3
        ("dcm", "HAND", ":hand"),
        ("dcm", "CSPINE", ":cervical_spine"),
    ],
)
def test_a_body_part_of_dicom_says_where(system: str, code: str, said: str) -> None:
    sites, problems = read(codes=((system, code),))
    shown = [
        (site.bone or f":{site.region}") + (f"-{site.laterality}" if site.laterality else "")
        for site in sites
    ]
    assert (shown, problems) == ([said], set())
