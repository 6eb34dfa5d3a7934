"""How often findings go with conditions, in words."""

import csv

import pytest

from multifocal.knowledge.load import DATA, Knowledge, load
from multifocal.knowledge.often import conditions_with, often, told_apart
from multifocal.model.finding import FindingId


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load()


def test_the_counts_of_several_cohorts_are_added(knowledge: Knowledge) -> None:
    # cells/cmo.csv has four cohorts for the clavicle: 14 of 37, 10 of 91, 6 of 31, 0 of 13.
    [clavicle] = [one for one in often("cmo", knowledge) if one.finding.id == "site_clavicle"]
    assert clavicle.words.startswith("30 of 172 (17%;")
    assert len(clavicle.sources) == 4


def test_a_word_of_judgement_stays_a_word(knowledge: Knowledge) -> None:
    cells = DATA / "differential" / "cells" / "ewing_sarcoma.csv"
    rows = csv.DictReader(cells.read_text(encoding="utf-8").splitlines())
    [row] = [row for row in rows if row["finding"] == "mri_periphyseal"]
    [found] = [one for one in often("ewing_sarcoma", knowledge) if one.finding.id == row["finding"]]
    assert (row["class"], found.words) == ("rare", "rare")


def test_a_finding_that_is_in_one_and_not_in_the_other_tells_most(knowledge: Knowledge) -> None:
    # Malignant cells are the tumour itself: almost always there, never in the other.
    first = [pair.here.finding.id for pair in told_apart("ewing_sarcoma", "cmo", knowledge)][:2]
    assert FindingId("biopsy_malignant_cells") in first


def test_the_background_is_no_condition(knowledge: Knowledge) -> None:
    found = conditions_with([FindingId("site_clavicle")], knowledge)
    assert "background" not in {one.condition for one in found}
    assert [one.share for one in found] == sorted((one.share for one in found), reverse=True)
