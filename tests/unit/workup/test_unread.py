"""What was done and not read answers nothing, clears nothing, and holds a code back."""

from typing import Any

import pytest

from multifocal.model.finding import FindingId
from multifocal.model.issue import Level
from multifocal.model.record import Fact, NotRead, Record, Resources
from multifocal.report import figures
from multifocal.report.case import Case
from multifocal.workup.find import find
from multifocal.workup.red_flags import first_tests
from multifocal.workup.unread import is_telling
from tests.unit.workup.children import AS_OF, GIRL, assessed, fact, hand_child, knowledge

PATHOLOGY = NotRead(
    "report", "Histology", "DiagnosticReport 2", level=Level.WARNING, about="pathology"
)
IMAGING = NotRead("report", "MRI", "DiagnosticReport 3", level=Level.WARNING, about="imaging")


def study(concept: str = "whole_body_mri", **columns: Any) -> Fact:
    modality = {"whole_body_mri": "whole_body_mri", "xray_study": "xray", "mri_study": "mri"}
    return fact(concept, modality=modality[concept], **columns)


def with_unread(*not_read: NotRead) -> Record:
    return Record(GIRL, hand_child().facts, not_read=not_read)


# A study of which the result was not read


def test_whole_body_imaging_is_done_only_when_its_result_was_read() -> None:
    """CARRA 2018 asks for whole-body imaging before a biopsy may be left out."""

    def item(record: Record) -> str:
        [carra] = [one for one in assessed(record).criteria if one.id == "carra_ctp_2018"]
        [answer] = [one for one in carra.items if one.name == "whole_body_imaging"]
        return answer.state

    assert item(Record(GIRL, (study(),))) == "known"
    assert item(Record(GIRL, (study(unread=True),))) == "unknown"


def missed(record: Record) -> set[str]:
    found = find(record.facts, GIRL, as_of=AS_OF, knowledge=knowledge())
    return {one.id for one in first_tests(found, knowledge())}


def test_no_test_is_asked_for_as_missing_while_an_image_is_unread() -> None:
    pain = (
        fact("bone_pain", days_ago=120, onset=True, region="thigh", laterality="left"),
        fact("pain_persistent", region="thigh", laterality="left"),
        fact("pain_at_night", region="thigh", laterality="left"),
    )
    unread = study("mri_study", region="thigh", laterality="left", unread=True)
    without, with_it = Record(GIRL, pain), Record(GIRL, (*pain, unread))
    of_images = {"bone_pain_without_image", "daily_night_pain_without_mri"}
    assert of_images <= missed(without)
    assert not of_images & missed(with_it)
    assert not of_images & {one.id for one in assessed(without).red_flags}


def test_what_an_unread_image_covers_is_named_apart_and_never_as_imaged() -> None:
    assessment = assessed(Record(GIRL, (study(unread=True),)))
    assert assessment.regions_imaged == ()
    assert ("spine", None) in assessment.regions_unread
    assert ("thigh", "bilateral") in assessment.regions_unread
    assert "hand" not in {region for region, _ in assessment.regions_unread}


def test_an_unread_image_is_not_clean_on_the_map_even_if_another_was_read() -> None:
    read = study("xray_study", region="spine", days_ago=300)
    svg = figures.body(
        assessed(Record(GIRL, (read, study(unread=True)))), knowledge=knowledge(), theme="screen"
    )
    assert '<g id="body-midline-thoracic_vertebra_8-all" class="body-unread">' in svg


def test_a_study_that_stands_twice_and_was_read_once_was_read() -> None:
    assessment = assessed(Record(GIRL, (study(), study(unread=True))))
    assert assessment.regions_unread == ()
    assert ("spine", None) in assessment.regions_imaged


def test_the_report_is_asked_for_before_anything_is_done_again() -> None:
    unread = assessed(Record(GIRL, (*hand_child().facts, study(unread=True)))).next_tests
    assert unread[0].id == "unread_reports"
    assert unread[0].reason == "Whole-body MRI, 2026-10-10"
    assert "whole_body_mri" not in {test.id for test in unread}
    read = assessed(Record(GIRL, (*hand_child().facts, study()))).next_tests
    assert "unread_reports" not in {test.id for test in read}


# One answer for text and map


@pytest.mark.parametrize("region", sorted(one.id for one in knowledge().regions))
@pytest.mark.parametrize("side", [None, "left", "right", "bilateral"])
def test_the_map_clears_exactly_the_bones_of_the_regions_that_the_text_names(
    region: str, side: str | None
) -> None:
    assessment = assessed(Record(GIRL, (study("xray_study", region=region, laterality=side),)))
    told = " ".join(Case(assessment, knowledge()).regions(assessment.regions_imaged))
    svg = figures.body(assessment, knowledge=knowledge(), theme="screen")
    bones = [one for one in knowledge().bones if region in knowledge().places[one.id]]
    for bone in bones:
        for drawn in ("left", "right") if bone.paired else ("midline",):
            sure = side in (drawn, "bilateral") or (
                side is None and any(not one.paired for one in bones)
            )
            is_clear = f'<g id="body-{drawn}-{bone.id}-all" class="body-clear">' in svg
            assert is_clear == sure, (bone.id, drawn, told)
    unsure = side is None and all(one.paired for one in bones)
    assert ("side not recorded" in told) == unsure


def test_a_whole_body_study_covers_both_sides_in_text_and_map() -> None:
    """The example of whole-body MRI named the thigh as imaged and drew the femora as not."""
    assessment = assessed(Record(GIRL, (study(),)))
    told = "; ".join(Case(assessment, knowledge()).regions(assessment.regions_imaged))
    svg = figures.body(assessment, knowledge=knowledge(), theme="screen")
    assert "left and right: " in told
    assert "thigh" in told
    for bone in ("left-femur", "right-femur", "left-humerus", "right-humerus"):
        assert f'<g id="body-{bone}-all" class="body-clear">' in svg
    assert '<g id="body-left-metacarpal_3-all" class="body-unseen">' in svg


def test_two_sides_are_said_once() -> None:
    both = (
        study("xray_study", region="hand", laterality="left"),
        study("xray_study", region="hand", laterality="right"),
        study("xray_study", region="hand"),
    )
    assert assessed(Record(GIRL, both)).regions_imaged == (("hand", "bilateral"),)


# The code


@pytest.mark.parametrize(
    "one",
    [
        PATHOLOGY,
        IMAGING,
        NotRead("report", "Report", "DiagnosticReport 1", level=Level.WARNING),
        NotRead("document", "Befund", "x", level=Level.WARNING, about="pathology"),
        NotRead("diagnosis", "Leukämie", "Condition 4", "acute leukaemia", level=Level.WARNING),
        NotRead("result", "Blasts", "Observation 4", "blasts", level=Level.WARNING),
    ],
)
def test_what_may_decide_against_it_holds_the_code_back(one: NotRead) -> None:
    assert assessed(hand_child()).coding.code == "M86.341"
    coding = assessed(with_unread(one)).coding
    assert coding.code is None
    assert coding.held
    assert "not read" in coding.title


@pytest.mark.parametrize(
    "one",
    [
        NotRead("report", "Report of a dentist", "DiagnosticReport 1"),
        NotRead("result", "Plasma viscosity", "Observation 17"),
        NotRead("document", "Letter", "DocumentReference 1", level=Level.WARNING),
        NotRead("answer", "Fever?", "QuestionnaireResponse 1", "fever", level=Level.WARNING),
        NotRead("resource", "Claim", "Claim 1", count=200),
    ],
)
def test_what_can_not_decide_holds_nothing_back(one: NotRead) -> None:
    coding = assessed(with_unread(one)).coding
    assert coding.code == "M86.341"
    assert not coding.held


@pytest.mark.parametrize(
    ("one", "telling"),
    [
        (PATHOLOGY, True),
        (NotRead("document", "Letter", "x", level=Level.WARNING), True),
        (NotRead("diagnosis", "Leukämie", "x", "acute leukaemia", level=Level.WARNING), True),
        (NotRead("answer", "Hobbies?", "x", level=Level.WARNING), False),
        (NotRead("report", "Dentist", "x"), False),
        (NotRead("resource", "Claim", "x"), False),
    ],
)
def test_what_ends_a_strict_run(one: NotRead, telling: bool) -> None:  # noqa: FBT001 # a column
    assert is_telling(one) is telling


def test_the_worst_comes_first_and_nothing_is_lost() -> None:
    given = (
        NotRead("resource", "Claim", "Claim 1", count=200),
        NotRead("answer", "Fever?", "x", level=Level.WARNING),
        NotRead("result", "Viscosity", "Observation 17"),
        NotRead("document", "Letter", "x", level=Level.WARNING),
        PATHOLOGY,
    )
    assessment = assessed(with_unread(*given))
    assert [one.kind for one in assessment.not_read] == [
        "report",
        "document",
        "answer",
        "resource",
        "result",
    ]
    assert set(assessment.not_read) == set(given)


def test_the_counts_of_the_record_are_given_on() -> None:
    record = Record(GIRL, hand_child().facts, resources=Resources(11, 1, 2))
    assert assessed(record).resources.total == 14


# An unread fact in the folding


def test_an_unread_result_is_neither_present_nor_absent() -> None:
    read = {one.id: one.truth for one in assessed(Record(GIRL, (fact("psoriasis"),))).findings}
    unread = assessed(Record(GIRL, (fact("psoriasis", unread=True),)))
    truths = {one.id: one.truth for one in unread.findings}
    assert read[FindingId("psoriasis")] is True
    assert truths[FindingId("psoriasis")] is None
