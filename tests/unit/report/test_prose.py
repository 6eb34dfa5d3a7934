"""The plain-words summary is easy to read, puts an alarm first and never calms."""

import msgspec
import pytest

from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import Assessment
from multifocal.report.prose import passages, summary

CALMING = ("worry", "harmless", "good news", "all clear", "healthy", "nothing serious", "is normal")


def test_the_summary_says_where_lesions_are_in_words_of_the_body(
    child: Assessment, knowledge: Knowledge
) -> None:
    assert "They are in the right hand." in " ".join(summary(child, knowledge))


def test_a_lesion_without_side_is_not_given_one(child: Assessment, knowledge: Knowledge) -> None:
    lesions = tuple(msgspec.structs.replace(one, laterality=None) for one in child.lesions)
    text = " ".join(summary(msgspec.structs.replace(child, lesions=lesions), knowledge))
    assert "which side is not in the record" in text
    assert "right hand" not in text


def test_a_red_flag_comes_before_everything_else(flagged: Assessment, knowledge: Knowledge) -> None:
    first = passages(flagged, knowledge)[0]
    assert first.id == "now"
    assert flagged.red_flags[0].plain in first.sentences


def test_a_red_flag_leaves_no_questions_about_later_tests(
    flagged: Assessment, knowledge: Knowledge
) -> None:
    assert "ask" not in {passage.id for passage in passages(flagged, knowledge)}


def test_lesser_red_flags_are_counted_beside_an_emergency(
    flagged: Assessment, knowledge: Knowledge
) -> None:
    lesser = msgspec.structs.replace(flagged.red_flags[0], urgency="soon", plain="Lesser words.")
    both = msgspec.structs.replace(flagged, red_flags=(*flagged.red_flags, lesser))
    text = " ".join(summary(both, knowledge))
    assert "One more thing needs a doctor too." in text
    assert "Lesser words." not in text


def test_dangers_that_are_not_excluded_are_said(child: Assessment, knowledge: Knowledge) -> None:
    said = summary(child, knowledge)
    assert "One serious illness can look like this and must be looked for first." in said
    assert "Other serious illnesses are not ruled out yet." in said


def test_an_empty_record_is_not_called_well(empty: Assessment, knowledge: Knowledge) -> None:
    text = " ".join(summary(empty, knowledge))
    assert "That does not mean that all is well." in text


@pytest.mark.parametrize("which", ["child", "flagged", "empty"])
def test_when_to_get_help_is_always_said_and_nothing_calms(
    which: str, knowledge: Knowledge, request: pytest.FixtureRequest
) -> None:
    assessment = request.getfixturevalue(which)
    assert passages(assessment, knowledge)[-1].id == "help"
    text = " ".join(summary(assessment, knowledge)).lower()
    assert [word for word in CALMING if word in text] == []
