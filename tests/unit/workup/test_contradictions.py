"""What the record says twice and differently, or beyond the evidence, is told in words."""

from datetime import date

import pytest

from multifocal.model.day import Day
from multifocal.model.issue import Issue, Level
from multifocal.model.record import Fact, Patient, Record
from multifocal.workup.assess import assess
from tests.unit.workup.children import AS_OF, GIRL, fact, knowledge


def told(*facts: Fact, patient: Patient = GIRL) -> list[Issue]:
    assessment = assess(Record(patient, facts), as_of=AS_OF, knowledge=knowledge())
    return [one for one in assessment.issues if one.level is not Level.INFO]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (
            (fact("crp", value=2.0, unit="mg/L"), fact("crp", value=80.0, unit="mg/L")),
            "C-reactive protein is normal and not normal on one day",
        ),
        (
            (fact("crp", value=2.0, unit="mg/L"), fact("crp_raised")),
            "CRP reported as raised and the value of the same day disagree",
        ),
        (
            (fact("crp", value=80.0, unit="mg/L"), fact("crp_raised", present=False)),
            "CRP reported as raised and the value of the same day disagree",
        ),
        (
            (fact("bone_culture"), fact("bone_culture", present=False)),
            "is recorded as present and as absent on one day",
        ),
    ],
    ids=["two values", "a value and a raised", "a value and a not raised", "a culture"],
)
def test_what_is_said_and_denied_on_one_day_is_told(facts: tuple[Fact, ...], words: str) -> None:
    [issue] = told(*facts)
    assert words in issue.message
    assert issue.level is Level.ERROR


def test_what_agrees_or_is_of_two_days_is_no_contradiction() -> None:
    assert told(fact("crp", value=80.0, unit="mg/L"), fact("crp_raised")) == []
    assert told(fact("crp", value=2.0, unit="mg/L"), fact("crp_raised", days_ago=90)) == []


def test_an_age_beyond_the_evidence_is_told_and_nothing_is_ranked_as_an_answer() -> None:
    old = Patient("synthetic", birth=Day(date(1956, 1, 1), date(1956, 1, 1)), synthetic=True)
    record = Record(old, (fact("bone_pain"), fact("crp", value=12.0, unit="mg/L")))
    assessment = assess(record, as_of=AS_OF, knowledge=knowledge())
    assert any("outside childhood and adolescence" in one.message for one in assessment.issues)
    assert assessment.differential is not None
    assert assessment.differential.abstained
    assert not any("outside childhood" in one.message for one in told(fact("bone_pain")))
