"""The page of a family is short, easy to read, puts an alarm first and never calms."""

import re
from datetime import date

import msgspec
import pytest

from multifocal.examples import names, path
from multifocal.exchange.read import read
from multifocal.knowledge.load import Knowledge, load
from multifocal.model.assessment import Assessment
from multifocal.report.case import Case
from multifocal.report.family import family, sentences
from multifocal.workup.assess import assess, latest_day
from tests.reading import grade

CALMING = ("worry", "harmless", "good news", "all clear", "healthy", "nothing serious", "is normal")
GRADE, WORDS, LONGEST = 6, 250, 25


@pytest.fixture(scope="module")
def real() -> Knowledge:
    return load()


@pytest.fixture(scope="module", params=names())
def example(request: pytest.FixtureRequest, real: Knowledge) -> Assessment:
    record = read(path(request.param), knowledge=real)
    day = latest_day(record) or date(2026, 11, 1)
    return assess(record, as_of=day, knowledge=real, thorough=True)


def told(assessment: Assessment, knowledge: Knowledge) -> tuple[str, ...]:
    return sentences(family(Case(assessment, knowledge)))


def text(assessment: Assessment, knowledge: Knowledge) -> str:
    return " ".join(told(assessment, knowledge))


def test_it_has_at_most_250_words(example: Assessment, real: Knowledge) -> None:
    assert len(text(example, real).split()) <= WORDS


def test_it_reads_at_grade_six_or_below(example: Assessment, real: Knowledge) -> None:
    ended = (one if one.endswith((".", ":")) else f"{one}." for one in told(example, real))
    assert grade(" ".join(ended)) <= GRADE


def test_no_sentence_is_long(example: Assessment, real: Knowledge) -> None:
    every = [one for line in told(example, real) for one in re.split(r"(?<=[.?!:]) ", line)]
    assert [one for one in every if len(one.split()) > LONGEST] == []


def test_it_names_no_condition_and_never_calms(example: Assessment, real: Knowledge) -> None:
    shown = text(example, real).lower()
    assert [word for word in CALMING if word in shown] == []
    assert [one.name for one in real.conditions if one.name.lower() in shown] == []


def test_it_is_about_this_child(child: Assessment, knowledge: Knowledge) -> None:
    # The made-up girl has pain, a warm swelling, and two lesions in the right hand.
    shown = text(child, knowledge)
    assert (
        "Your child\N{RIGHT SINGLE QUOTATION MARK}s right hand hurts. It is swollen and warm."
        in shown
    )
    assert "They are in the right hand." in shown


def test_a_lesion_without_side_is_not_given_one(child: Assessment, knowledge: Knowledge) -> None:
    lesions = tuple(msgspec.structs.replace(one, laterality=None) for one in child.lesions)
    shown = text(msgspec.structs.replace(child, lesions=lesions), knowledge)
    assert "which side is not in the record" in shown
    assert "right hand" not in shown


def test_a_red_flag_comes_before_everything_else(flagged: Assessment, knowledge: Knowledge) -> None:
    heading, first, *_ = told(flagged, knowledge)
    assert heading == "Please act on this first"
    assert flagged.red_flags[0].plain in first


def test_lesser_red_flags_are_counted_beside_an_emergency(
    flagged: Assessment, knowledge: Knowledge
) -> None:
    lesser = msgspec.structs.replace(flagged.red_flags[0], urgency="soon", plain="Lesser words.")
    both = msgspec.structs.replace(flagged, red_flags=(*flagged.red_flags, lesser))
    shown = text(both, knowledge)
    assert "One more thing needs a doctor too." in shown
    assert "Lesser words." not in shown


def test_dangers_that_are_not_excluded_are_said(child: Assessment, knowledge: Knowledge) -> None:
    shown = text(child, knowledge)
    assert "One serious illness can look like this and must be looked for first." in shown
    assert "Other serious illnesses are not ruled out yet." in shown


def test_an_empty_record_is_not_called_well(empty: Assessment, knowledge: Knowledge) -> None:
    assert "That does not mean that all is well." in text(empty, knowledge)


@pytest.mark.parametrize("which", ["child", "flagged", "empty", "unread"])
def test_when_to_get_help_is_always_said(
    which: str, knowledge: Knowledge, request: pytest.FixtureRequest
) -> None:
    shown = text(request.getfixturevalue(which), knowledge)
    assert "When to get help" in shown
    assert "an arm or leg that your child will not use" in shown


def test_the_family_is_told_what_was_not_read(unread: Assessment, knowledge: Knowledge) -> None:
    shown = text(unread, knowledge)
    assert "could not read what some pictures show" in shown
    assert "3 things in the record could not be read." in shown
    bare = msgspec.structs.replace(unread, lesions=())
    assert "The record has no picture" not in text(bare, knowledge)
