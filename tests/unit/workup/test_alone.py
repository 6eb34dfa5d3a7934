"""What leads alone: the one thing that calling a condition rests on."""

from collections.abc import Mapping

import msgspec
import pytest

from multifocal.model.differential import Band, Ranked
from multifocal.workup.differential import alone, called, rank
from multifocal.workup.find import Found
from tests.unit.workup.children import knowledge
from tests.unit.workup.test_differential import child, ranked

IMAGE = {"mri_marrow_oedema": True, "number_5_or_more": True, "duration_over_6_weeks": True}


def seen(found: Found) -> Found:
    """Give the same child with a lesion on an image, which findings alone don't tell."""
    words = {**found.words, knowledge().differential.model.seen_on_image: (True, True)}
    return msgspec.structs.replace(found, words=words)


def order(shares: Mapping[str, float]) -> tuple[Ranked, ...]:
    """Give a ranking with these probabilities; what is within a factor of three leads."""
    first = max(shares.values())
    return tuple(
        Ranked(
            condition=name,
            name=name,
            danger=knowledge().conditions_by_id[name].danger,
            probability=share,
            low=share,
            high=share,
            band=_band(share, first),
            published_share=0.0,
            contributions=(),
        )
        for name, share in shares.items()
    )


def _band(share: float, first: float) -> Band:
    return "leading" if share * 3 > first else "possible"


def leads(shares: Mapping[str, float], answers: Mapping[str, bool] = IMAGE) -> str:
    return alone(order(shares), seen(child(answers)), knowledge())


def test_the_disease_leads_alone_where_it_is_far_ahead_and_an_image_shows_a_lesion() -> None:
    assert leads({"cmo": 0.8, "caffey": 0.2, "lch": 0.05}) == "cmo"


def test_without_an_image_the_disease_never_leads_alone() -> None:
    assert alone(order({"cmo": 0.99, "lch": 0.01}), child({}), knowledge()) == ""


@pytest.mark.parametrize(
    "danger",
    ["acute_leukaemia", "lch", "lymphoma_bone", "acute_bacterial_osteomyelitis", "tb_dactylitis"],
)
def test_a_danger_within_a_factor_of_ten_keeps_the_disease_from_leading_alone(danger: str) -> None:
    assert leads({"cmo": 0.8, danger: 0.09}) == ""
    assert leads({"cmo": 0.8, danger: 0.07}) == "cmo"


def test_what_leads_beside_it_keeps_any_condition_from_leading_alone() -> None:
    assert leads({"cmo": 0.5, "caffey": 0.4}) == ""
    assert leads({"caffey": 0.5, "cmo": 0.4}) == ""
    assert leads({"caffey": 0.8, "cmo": 0.1}) == "caffey"


def test_what_excludes_a_condition_keeps_it_from_leading_alone() -> None:
    assert leads({"cmo": 0.99, "lch": 0.001}, {**IMAGE, "biopsy_malignant_cells": True}) == ""


def test_where_nothing_is_an_answer_nothing_leads_alone() -> None:
    nothing = ranked({})
    assert nothing.abstained
    assert nothing.alone == ""


def test_tissue_leads_alone_although_nothing_else_is_known() -> None:
    found = rank(child({"biopsy_langerhans_cells": True}), knowledge=knowledge())
    assert (found.abstained, found.alone) == (False, "lch")


def test_several_cancers_that_tissue_allows_do_not_lead_alone() -> None:
    # Malignant cells alone name five of them; none is far ahead.
    found = rank(child({"biopsy_malignant_cells": True}), knowledge=knowledge())
    leading = [one.condition for one in found.ranked if one.band == "leading"]
    assert (len(leading) > 1) is (found.alone == "")


def test_the_disease_is_called_beside_what_is_no_danger_and_leads_alone_without_it() -> None:
    shares = {"cmo": 0.5, "sapho": 0.4, "lch": 0.01}
    found = seen(child(IMAGE))
    assert called(order(shares), found, knowledge()) == "cmo"
    assert alone(order(shares), found, knowledge()) == ""
    beside = order({"cmo": 0.5, "lch": 0.4})
    assert called(beside, found, knowledge()) == ""


def test_another_condition_is_called_only_where_nothing_leads_beside_it() -> None:
    found = seen(child(IMAGE))
    assert called(order({"caffey": 0.5, "cmo": 0.4}), found, knowledge()) == ""
    assert called(order({"caffey": 0.8, "cmo": 0.1}), found, knowledge()) == "caffey"


def test_tissue_lets_the_disease_be_called_and_not_lead_alone() -> None:
    shares = order({"cmo": 0.99, "lch": 0.01})
    assert called(shares, child({"bone_pain": True}), knowledge()) == ""
    tissue = child({"biopsy_sterile_inflammation": True})
    assert called(shares, tissue, knowledge()) == "cmo"
    assert alone(shares, tissue, knowledge()) == ""
