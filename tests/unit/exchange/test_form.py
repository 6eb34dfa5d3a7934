"""Answers to the short form become facts: each as far as it was known, and no further."""

from collections.abc import Mapping
from datetime import date

import pytest

from multifocal.exchange.entered import EnteredError
from multifocal.exchange.form import Ago, Answer, Imaging, amount_of, day_of, record_of
from multifocal.exchange.numbers import Amount
from multifocal.knowledge.load import load
from multifocal.model.anatomy import BoneId, RegionId, Site
from multifocal.model.assessment import Assessment
from multifocal.model.record import Record
from multifocal.workup.assess import assess

KNOWLEDGE = load()
DAY = date(2026, 10, 20)
FIELDS = [field for section in KNOWLEDGE.form for field in section.field]
FINDINGS = {str(finding.id) for finding in KNOWLEDGE.findings}
ASKED = [field for field in FIELDS if field.kind == "truth" and field.concept in FINDINGS]
METACARPAL = Site(BoneId("metacarpal_3"), RegionId("metacarpus"), "right")
TIBIA = Site(BoneId("tibia"), RegionId("lower_leg"), "left")


def record(answers: Mapping[str, Answer]) -> Record:
    return record_of(answers, as_of=DAY, knowledge=KNOWLEDGE)


def assessed(answers: Mapping[str, Answer]) -> Assessment:
    return assess(record(answers), as_of=DAY, knowledge=KNOWLEDGE)


def truths(answers: Mapping[str, Answer]) -> dict[str, bool | None]:
    return {finding.id: finding.truth for finding in assessed(answers).findings}


def test_nothing_answered_is_nothing_known() -> None:
    empty = record({})
    assert (empty.facts, empty.patient.birth, empty.patient.sex) == ((), None, None)


@pytest.mark.parametrize("field", ASKED, ids=lambda field: field.id)
def test_yes_is_present_and_open_is_unknown(field: object) -> None:
    one = next(each for each in ASKED if each is field)
    assert truths({one.id: True})[one.concept] is True
    assert truths({})[one.concept] is None


def test_most_questions_can_be_denied() -> None:
    # Some findings are folded from more than one concept, and one denial does not settle them.
    denied = [one.id for one in ASKED if truths({one.id: False})[one.concept] is False]
    assert {"fever", "weight_loss", "pallor", "pain_at_night", "biopsy_organism"} <= {*denied}


@pytest.mark.parametrize(
    ("ago", "earliest", "latest"),
    [
        # 20 October less 42 days is 8 September; a week that has not passed makes six days more.
        (Ago(6, "wk"), date(2026, 9, 2), date(2026, 9, 8)),
        (Ago(0, "d"), date(2026, 10, 20), date(2026, 10, 20)),
        (Ago(3, "mo"), date(2026, 6, 21), date(2026, 7, 20)),
        (Ago(9, "a"), date(2016, 10, 21), date(2017, 10, 20)),
    ],
)
def test_so_long_ago_is_every_day_that_it_can_mean(ago: Ago, earliest: date, latest: date) -> None:
    day = day_of(ago, as_of=DAY)
    assert (day.earliest, day.latest) == (earliest, latest)


def test_six_weeks_of_pain_are_six_weeks_and_five_are_not() -> None:
    pain: dict[str, Answer] = {"bone_pain": True}
    assert truths({**pain, "symptom_onset": Ago(6, "wk")})["duration_over_6_weeks"] is True
    assert truths({**pain, "symptom_onset": Ago(5, "wk")})["duration_over_6_weeks"] is False
    assert truths(pain)["duration_over_6_weeks"] is None


def test_an_age_in_years_is_known_to_a_year() -> None:
    years = assessed({"age": Ago(9, "a")}).age_years
    assert years is not None
    assert (int(years[0]), int(years[1])) == (9, 9)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1.2 mg/dL", Amount(12.0)),  # 1 dL is 0.1 L
        ("<5 mg/L", Amount(5.0, "<")),
        ("≥ 0.5 mg/dL", Amount(5.0, ">=")),
        ("0,5 mg/dl", Amount(5.0)),
        ("1.240,5 µg/L", Amount(1.2405)),
    ],
)
def test_a_number_is_read_in_its_unit(typed: str, amount: Amount) -> None:
    crp = KNOWLEDGE.concepts_by_id["crp"]
    assert amount_of(typed, crp, knowledge=KNOWLEDGE) == amount


@pytest.mark.parametrize(
    ("typed", "concept", "asked"),
    [
        ("12.9 g/L", "hb", "looks like g/dL"),
        ("102.4 °C", "temperature", "Fahrenheit"),
        ("250000 10*9/L", "platelets", "per microlitre"),
        ("1,240 mg/L", "crp", "two ways"),
        ("5-10 mg/L", "crp", "one number"),
    ],
)
def test_what_can_not_be_is_asked_about(typed: str, concept: str, asked: str) -> None:
    with pytest.raises(EnteredError, match=asked):
        amount_of(typed, KNOWLEDGE.concepts_by_id[concept], knowledge=KNOWLEDGE)


def test_a_value_that_is_rare_and_possible_is_taken() -> None:
    platelets = KNOWLEDGE.concepts_by_id["platelets"]
    assert amount_of("2 10*9/L", platelets, knowledge=KNOWLEDGE) == Amount(2.0)
    assert amount_of("2,000 /uL", platelets, knowledge=KNOWLEDGE) == Amount(2.0)


@pytest.mark.parametrize("typed", ["much", "-1 mg/L", "5", "5 cm", "1e999 mg/L", ""])
def test_what_is_no_amount_is_refused_without_being_told_again(typed: str) -> None:
    with pytest.raises(EnteredError) as fault:
        amount_of(typed, KNOWLEDGE.concepts_by_id["crp"], knowledge=KNOWLEDGE)
    assert not typed or typed not in str(fault.value)


def test_a_value_is_set_against_the_interval_for_the_age() -> None:
    # WHO 2024: anaemia is a haemoglobin below 115 g/L from 5 to 11 years.
    child: dict[str, Answer] = {"age": Ago(9, "a"), "sex": "female"}
    found = assessed({**child, "hb": Amount(114.0)})
    anaemia = next(one for one in found.criteria if one.id == "who_2024_anaemia")
    assert next(item for item in anaemia.items if item.name == "hb_g_per_l").low == 114.0
    assert truths({**child, "crp": Amount(12.0)})["crp_gt_10"] is True


def test_a_bone_is_abnormal_on_each_image_that_was_not_normal() -> None:
    facts = record(
        {
            "xray_study": Imaging(done=True, normal=True, place=Site(region=RegionId("hand"))),
            "mri_study": Imaging(done=True, normal=False, place=Site(region=RegionId("hand"))),
            "whole_body_mri": Imaging(done=True, normal=False),
            "lesions": (METACARPAL,),
        }
    ).facts
    lesions = [fact for fact in facts if fact.concept == "bone_lesion"]
    assert [(fact.bone, fact.modality) for fact in lesions] == [
        ("metacarpal_3", "mri"),
        ("metacarpal_3", "whole_body_mri"),
    ]
    assert [fact.region for fact in facts if fact.concept == "xray_normal"] == ["hand"]


def test_a_normal_image_shows_a_normal_bone_where_it_was_made() -> None:
    hand = Imaging(done=True, normal=True, place=Site(region=RegionId("hand"), laterality="right"))
    assert truths({"xray_study": hand})["xray_normal"] is True
    assert truths({"xray_study": Imaging(done=True, normal=False)})["xray_normal"] is None
    assert truths({"xray_study": Imaging(done=False)})["xray_normal"] is None


def test_a_sign_of_an_image_is_at_the_bone_only_when_there_is_one() -> None:
    def bones(*sites: Site) -> list[str | None]:
        facts = record({"lesions": sites, "xray_lytic": True}).facts
        return [fact.bone for fact in facts if fact.concept == "xray_lytic"]

    assert bones(METACARPAL) == ["metacarpal_3"]
    assert bones(METACARPAL, TIBIA) == [None]


def test_two_bones_are_multifocal_and_count_once_each() -> None:
    answers: dict[str, Answer] = {
        "mri_study": Imaging(done=True, normal=False),
        "xray_study": Imaging(done=True, normal=False),
        "lesions": (METACARPAL, TIBIA),
    }
    assert len(assessed(answers).lesions) == 2


def test_facts_say_that_they_were_entered_and_what_was_asked() -> None:
    [fact] = record({"fever": True}).facts
    assert (fact.origin.resource, fact.origin.text) == ("entered", "Fever")
    ids = [fact.id for fact in record({"fever": True, "pallor": False}).facts]
    assert len(ids) == len(set(ids)) == 2


def test_an_image_of_which_nothing_is_told_is_unread() -> None:
    def unread(image: Imaging) -> list[bool]:
        return [fact.unread for fact in record({"mri_study": image}).facts][:1]

    assert unread(Imaging(done=True)) == [True]
    assert unread(Imaging(done=True, normal=True)) == [False]
    assert unread(Imaging(done=True, normal=False)) == [False]
    assert unread(Imaging(done=False)) == [False]
