"""Ages of guardianship: as the NHS prints them, and refused where they can't be."""

from datetime import date

import msgspec
import pytest

from multifocal.knowledge.check_guardianship import guardianship_faults
from multifocal.knowledge.guardianship import dates, rule_for
from multifocal.knowledge.load import Knowledge, load


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load()


def test_a_british_child_has_the_ages_that_the_nhs_prints(knowledge: Knowledge) -> None:
    """nhs.uk: from when you turn 11 doctors may talk to you; at 16 a parent's access stops."""
    rule = rule_for("GB", knowledge.guardianship)
    found = dates(rule, birth_year=2015, birth_month=3)
    assert (found.review_from, found.ends) == (date(2026, 3, 1), date(2031, 3, 1))
    assert rule.source.certainty == "verified"


def test_a_country_without_a_row_has_the_row_for_all_others_marked_ours(
    knowledge: Knowledge,
) -> None:
    rule = rule_for("XX", knowledge.guardianship)
    assert (rule.id, rule.source.certainty) == ("elsewhere", "judgement")


def test_looking_again_goes_on_through_the_last_year_of_age(knowledge: Knowledge) -> None:
    rule = msgspec.structs.replace(knowledge.guardianship[0], review_until_years=12)
    assert dates(rule, birth_year=2000, birth_month=12).review_until == date(2013, 12, 1)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"review_from_years": 0}, "follow one another"),
        ({"review_from_years": 13, "review_until_years": 12}, "follow one another"),
        ({"ends_years": 15}, "follow one another"),
        ({"id": "gb"}, "no country of two letters"),
        ({"id": "GBR"}, "no country of two letters"),
    ],
)
def test_ages_that_cant_be_are_refused(
    knowledge: Knowledge, changed: dict[str, object], told: str
) -> None:
    row = msgspec.structs.replace(knowledge.guardianship[0], **changed)
    bad = msgspec.structs.replace(knowledge, guardianship=(row, *knowledge.guardianship[1:]))
    assert [told in fault.message for fault in guardianship_faults(bad)] == [True]


def test_the_row_for_all_others_can_not_be_left_out(knowledge: Knowledge) -> None:
    bad = msgspec.structs.replace(knowledge, guardianship=knowledge.guardianship[:1])
    assert [fault.entry for fault in guardianship_faults(bad)] == ["elsewhere"]


def test_a_country_has_one_row(knowledge: Knowledge) -> None:
    bad = msgspec.structs.replace(
        knowledge, guardianship=(*knowledge.guardianship, knowledge.guardianship[0])
    )
    assert [fault.message for fault in guardianship_faults(bad)] == ["is there twice"]
