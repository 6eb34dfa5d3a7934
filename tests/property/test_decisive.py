"""What is seen in tissue decides: whatever else is known, only what it names can lead."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multifocal.model.finding import FindingId
from multifocal.workup.differential import SETTING, joined, named_by_tissue, rank, standing
from multifocal.workup.likelihood import PRESENT, weighing
from tests.unit.workup.children import knowledge
from tests.unit.workup.test_differential import child

MODEL = knowledge().differential.model
DECISIVE = tuple(name for row in MODEL.decisive for name in row)
OTHERS = tuple(weighing(knowledge()).group_of)
MALIGNANT = {
    "acute_leukaemia",
    "lymphoma_bone",
    "ewing_sarcoma",
    "osteosarcoma",
    "neuroblastoma_mets",
}
BY_NAME = {
    "biopsy_malignant_cells": MALIGNANT,
    "biopsy_leukaemia": {"acute_leukaemia"},
    "blasts_on_film": {"acute_leukaemia"},
    "biopsy_lymphoma": {"lymphoma_bone"},
    "biopsy_ewing": {"ewing_sarcoma"},
    "biopsy_osteosarcoma": {"osteosarcoma"},
    "biopsy_neuroblastoma": {"neuroblastoma_mets"},
    "biopsy_langerhans_cells": {"lch"},
    "biopsy_gaucher_cells": {"gaucher"},
    "biopsy_osteoid_osteoma": {"osteoid_osteoma"},
    "biopsy_enchondroma": {"enchondroma"},
    "biopsy_osteochondroma": {"osteochondroma_bizarre"},
    "biopsy_aneurysmal_bone_cyst": {"aneurysmal_bone_cyst"},
    "biopsy_fibrous_dysplasia": {"fibrous_dysplasia"},
    "biopsy_organism": {
        "acute_bacterial_osteomyelitis",
        "subacute_osteomyelitis_brodie",
        "chronic_bacterial_osteomyelitis",
        "tb_dactylitis",
        "fungal_osteomyelitis",
        "cgd_immunodeficiency",
        "hand_soft_tissue_infection",
        "septic_arthritis",
    },
    "bone_mycobacteria": {"tb_dactylitis"},
    "bone_fungus": {"fungal_osteomyelitis"},
    "organism_of_immune_defect": {"cgd_immunodeficiency"},
}
"""What each names, from what the tissue shows."""


def first(answers: dict[str, bool], setting: str = SETTING) -> str:
    at = standing(child(answers), setting=setting, knowledge=knowledge())
    shares = joined(at.totals, knowledge())
    return max(shares, key=shares.__getitem__)


def test_every_decisive_finding_names_what_tissue_names() -> None:
    assert set(DECISIVE) == set(BY_NAME)
    for name, named in BY_NAME.items():
        assert named_by_tissue(child({name: True}), knowledge()) == named, name


@pytest.mark.parametrize("decisive", DECISIVE)
def test_no_other_finding_overturns_what_tissue_shows(decisive: str) -> None:
    for other in OTHERS:
        if other in DECISIVE:
            continue
        for truth in (True, False):
            assert first({other: truth, decisive: True}) in BY_NAME[decisive], (other, truth)


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(DECISIVE),
    st.dictionaries(
        st.sampled_from([name for name in OTHERS if name not in DECISIVE]),
        st.booleans(),
        max_size=40,
    ),
    st.sampled_from(["family_doctor", "hand_clinic", SETTING, "published_cases"]),
)
def test_no_set_of_findings_overturns_it_in_any_setting(
    decisive: str, others: dict[FindingId, bool], setting: str
) -> None:
    told = {**{str(name): truth for name, truth in others.items()}, decisive: True}
    found = rank(child(told), setting=setting, knowledge=knowledge())
    assert found.ranked[0].condition in BY_NAME[decisive]
    leading = {one.condition for one in found.ranked if one.band == "leading"}
    assert leading <= BY_NAME[decisive]
    assert not found.abstained
    # Three decades at least lie between what it names and any other form; two forms may add up.
    best = max(one.probability for one in found.ranked if one.condition in BY_NAME[decisive])
    rest = [one for one in found.ranked if one.condition not in BY_NAME[decisive]]
    assert max(one.probability for one in rest) <= best / 500


def test_cancer_outranks_langerhans_cells_and_those_an_organism() -> None:
    rows = MODEL.decisive
    for earlier, later in combinations(range(len(rows)), 2):
        for one in rows[earlier]:
            for other in rows[later]:
                assert first({one: True, other: True}) in BY_NAME[one], (one, other)


def test_what_is_absent_from_tissue_names_nothing() -> None:
    for name in DECISIVE:
        assert named_by_tissue(child({name: False}), knowledge()) == frozenset()


def test_a_germ_in_blood_that_nobody_named_is_not_brucellosis() -> None:
    ready = weighing(knowledge())
    grown = ready.weights[(FindingId("blood_culture_positive"), PRESENT)]
    weight = {name: one.weight for name, one in zip(ready.conditions, grown, strict=True)}
    assert weight["brucellosis"] <= 0
    assert weight["acute_bacterial_osteomyelitis"] > 0
    found = rank(
        child({"blood_culture_positive": True, "bone_pain": True, "fever": True}),
        knowledge=knowledge(),
    )
    assert "brucellosis" not in {one.condition for one in found.ranked[:5]}


def test_brucella_by_name_is_brucellosis() -> None:
    assert (
        first({"brucella_test_positive": True, "fever": True, "arthritis": True}) == "brucellosis"
    )


@pytest.mark.parametrize("name", ["palmoplantar_pustulosis", "pyoderma_or_pustular_dermatosis"])
def test_pustules_do_not_move_the_disease_to_sapho(name: str) -> None:
    ready = weighing(knowledge())
    row = ready.weights[(FindingId(name), PRESENT)]
    weight = {one: its.weight for one, its in zip(ready.conditions, row, strict=True)}
    assert weight["sapho"] <= weight["cmo"]
    before = {"mri_marrow_oedema": True, "number_5_or_more": True, "duration_over_6_weeks": True}
    assert first(before) == first({**before, name: True}) == "cmo"
