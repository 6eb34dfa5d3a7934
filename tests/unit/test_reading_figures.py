"""How the reading of published cases is measured: on three made-up cases, worked out by hand."""

import json
from pathlib import Path

import pytest

from bench.reading import (
    CASES,
    CORRECTIONS,
    KEPT_BACK,
    TOLD,
    Correction,
    Miss,
    Share,
    answers,
    corrected,
    corrections_in,
    figures,
    judged,
    misses,
    told_in,
)
from multifocal.exchange.cases import read_cases
from multifocal.knowledge.load import load

SAID = {
    "a": {"bone_pain": "present", "fever": "absent", "limp": "present"},
    "b": {"fever": "present", "age_under_2": "present"},
    "c": {},
}
OURS = {
    "a": {"bone_pain": True, "fever": True, "limp": None, "number_of_doors": True},
    "b": {"fever": False, "limp": True, "age_under_2": None},
    "c": {"bone_pain": None, "sex_female": True},
}


def test_each_pair_counts_once_and_age_and_sex_do_not() -> None:
    # present: bone_pain and limp of a, fever of b. Called present: bone_pain and fever of a, limp
    # of b. Said at all: four, of which fever of a and of b are turned round.
    found = figures(OURS, SAID)  # type: ignore[arg-type]
    assert found.found == Share(1, 3)
    assert found.right == Share(1, 3)
    assert found.opposite == Share(2, 4)


def test_what_is_no_question_and_is_never_named_is_not_judged() -> None:
    assert "number_of_doors" not in judged(SAID)  # type: ignore[arg-type]
    assert "palpable_mass" in judged(SAID)  # type: ignore[arg-type]


def test_the_worst_come_first_with_what_went_wrong() -> None:
    first, *_ = misses(OURS, SAID)  # type: ignore[arg-type]
    assert first == Miss("fever", said=1, missed=1, made_up=1, turned=2)


def test_a_correction_changes_or_takes_out_an_answer_of_the_reader() -> None:
    changes = (
        Correction("a", "limp", "unsaid", "why"),
        Correction("b", "limp", "present", "why"),
        Correction("a", "fever", "present", "why"),
    )
    mended = corrected(SAID, changes)  # type: ignore[arg-type]
    assert mended["a"] == {"bone_pain": "present", "fever": "present"}
    assert figures(OURS, mended).found == Share(3, 4)
    assert SAID["a"]["limp"] == "present"


def test_every_correction_changes_something_and_quotes_the_text() -> None:
    told, found = told_in(TOLD), corrections_in(CORRECTIONS)
    assert len({(one.case, one.finding) for one in found}) == len(found)
    for one in found:
        before = told[one.case].get(one.finding)
        assert before != one.says
        assert (one.says == "unsaid") <= (before is not None)
    raw = {case["id"]: case for case in json.loads(CASES.read_bytes())}
    for one in found:
        quoted = one.reason.split("'")[1::2]
        case = json.dumps(raw[one.case], ensure_ascii=False)
        assert quoted, one
        assert any(quote in case or quote.replace(" ", "_") in case for quote in quoted), one


def test_what_is_kept_back_is_in_files_of_its_own() -> None:
    cases, told = KEPT_BACK
    kept = told_in(told)
    assert len(kept) == 25
    assert {case["id"] for case in json.loads(cases.read_bytes())} == set(kept)
    assert not kept.keys() & told_in(TOLD).keys()


@pytest.mark.long
def test_what_was_reached_on_the_development_cases_is_kept() -> None:
    knowledge = load()
    ours = answers(read_cases(CASES, knowledge=knowledge), knowledge)
    mended = corrected(told_in(TOLD), corrections_in(CORRECTIONS))
    found, right, opposite = figures(ours, mended)
    assert found.k / found.n >= FOUND
    assert right.k / right.n >= RIGHT
    assert opposite.k / opposite.n <= OPPOSITE


FOUND, RIGHT, OPPOSITE = 0.90, 0.95, 0.005
"""What is wanted of the reader, decided before it was measured."""


def test_a_figure_of_nothing_is_no_percentage(tmp_path: Path) -> None:
    file = tmp_path / "told.json"
    file.write_text("{}", encoding="utf-8")
    assert str(figures({}, told_in(file)).found) == "none"
