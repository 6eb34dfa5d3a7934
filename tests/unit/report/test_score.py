import pytest

from multifocal.knowledge.load import load
from multifocal.report.score import described, listing, rendered
from multifocal.workup.calculate import calculate

KNOWLEDGE = load()


def shown(set_: str, **given: object) -> str:
    return rendered(calculate(KNOWLEDGE.criteria_by_id[set_], given, knowledge=KNOWLEDGE))


def together(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("entry", KNOWLEDGE.criteria, ids=lambda entry: entry.id)
def test_no_answer_is_shown_without_its_label(entry: object) -> None:
    one = next(e for e in KNOWLEDGE.criteria if e is entry)
    text = shown(one.id)
    assert together(one.label) in together(text)
    assert text.index(one.label[:20]) < 400
    assert ("(not as published)" in text) is not one.as_published
    assert max(map(len, text.splitlines())) <= 80


def test_the_list_says_what_is_safe_to_compute_and_labels_what_is_not_as_published() -> None:
    text = together(listing(KNOWLEDGE.criteria))
    for entry in KNOWLEDGE.criteria:
        assert f"computes: {entry.computes}" in text
        assert (together(entry.label) in text) is not entry.as_published


def test_an_interval_is_written_as_one() -> None:
    assert "value  15 to 59 of 115" in shown(
        "nbods_2023", crp_mg_per_l=90, neutrophil_bands_per_ul=100
    )


def test_no_percentage_stands_beside_a_set_that_is_not_as_published() -> None:
    for entry in KNOWLEDGE.criteria:
        if not entry.as_published:
            text = shown(entry.id)
            assert "sensitivity 8" not in text
            assert "97%" not in text
            assert "0.97" not in text


def test_a_set_tells_what_may_be_asked_of_it() -> None:
    text = described(KNOWLEDGE.criteria_by_id["pedcno_2010"])
    assert "baseline=esr:N" in text
    assert "level=30|50|70|90" in text
    assert 'request="CNO flare"' in described(KNOWLEDGE.criteria_by_id["cno_states_2025"])
