"""Synthetic children seen several times; the days are worked out by hand."""

from datetime import date, timedelta
from typing import Any

import msgspec

from multifocal.model.day import Day
from multifocal.model.record import Fact, Record
from multifocal.model.replay import Replay, Visit
from multifocal.workup.assess import assess
from multifocal.workup.replay import replay
from multifocal.workup.validate import ranking
from tests.unit.workup.children import AS_OF, GIRL, fact, hand_child, knowledge, lesion

SETTING = "paediatric_rheumatology_referral"


def played(*facts: Fact) -> Replay:
    return replay(Record(GIRL, facts), knowledge=knowledge(), setting=SETTING, otherwise=AS_OF)


def bands(visit: Visit) -> set[tuple[str, str]]:
    return {(one.condition, one.band) for one in visit.top}


def ago(days: int) -> date:
    return AS_OF - timedelta(days=days)


def dated(concept: str, *, day: Day | None, recorded: Day | None = None, **columns: Any) -> Fact:
    return msgspec.structs.replace(fact(concept, **columns), day=day, recorded=recorded)


def test_every_day_on_which_something_was_written_down_is_a_visit() -> None:
    found = played(fact("fever", days_ago=40), fact("pallor", days_ago=40), fact("limp"))
    assert [(visit.day, visit.facts) for visit in found.visits] == [(ago(40), 2), (ago(10), 3)]


def test_a_fact_is_known_when_it_was_written_down_not_when_it_was_seen() -> None:
    seen, told = Day(ago(60), ago(60)), Day(ago(5), ago(5))
    found = played(dated("fever", day=seen, recorded=told), fact("limp", days_ago=30))
    assert [(visit.day, visit.facts) for visit in found.visits] == [(ago(30), 1), (ago(5), 2)]


def test_the_beginning_of_a_symptom_is_no_visit() -> None:
    begun = dated("bone_pain", day=Day(ago(200), ago(200)), onset=True)
    found = played(begun, fact("limp", days_ago=30), fact("fever", days_ago=10))
    assert [(visit.day, visit.facts) for visit in found.visits] == [(ago(30), 2), (ago(10), 3)]


def test_what_happened_in_a_month_is_known_at_its_end() -> None:
    found = played(dated("limp", day=Day.parse("2026-03")), fact("fever", days_ago=10))
    assert [visit.day for visit in found.visits] == [date(2026, 3, 31), ago(10)]


def test_a_year_that_is_not_over_is_known_at_the_last_entry() -> None:
    found = played(dated("limp", day=Day.parse("2026")), fact("fever", days_ago=10))
    assert [(visit.day, visit.facts) for visit in found.visits] == [(ago(10), 2)]


def test_a_fact_without_a_day_counts_at_the_last_visit_only() -> None:
    found = played(dated("pallor", day=None), fact("limp", days_ago=30), fact("fever", days_ago=10))
    assert [visit.facts for visit in found.visits] == [1, 3]
    assert found.undated == 1


def test_a_record_without_any_day_is_one_visit() -> None:
    found = played(dated("limp", day=None))
    assert [(visit.day, visit.facts) for visit in found.visits] == [(AS_OF, 1)]


def test_the_last_visit_says_what_the_work_up_says() -> None:
    record = hand_child()
    found = replay(record, knowledge=knowledge(), setting=SETTING, otherwise=AS_OF)
    now = assess(record, as_of=found.visits[-1].day, knowledge=knowledge(), setting=SETTING)
    assert found.visits[-1].top == ranking(now).ranked[:3]
    assert found.visits[-1].code == now.coding.code


def test_a_red_flag_is_dated_to_the_visit_at_which_it_first_stood() -> None:
    found = played(
        fact("bone_pain", days_ago=90),
        fact("blasts_on_film", days_ago=50),
        fact("limp", days_ago=10),
    )
    dated_flags = {flag.id: (flag.first, flag.lasts) for flag in found.red_flags}
    new = set(found.visits[1].red_flags) - set(found.visits[0].red_flags)
    assert new
    assert all(dated_flags[flag] == (ago(50), True) for flag in new)


def test_a_condition_is_dated_to_the_first_visit_with_it_among_three() -> None:
    found = replay(hand_child(), knowledge=knowledge(), setting=SETTING, otherwise=AS_OF)
    answered = [visit for visit in found.visits if not visit.abstained]
    for stay in found.conditions:
        among = [v.day for v in answered if stay.condition in {one.condition for one in v.top}]
        led = [v.day for v in answered if (stay.condition, "leading") in bands(v)]
        assert (stay.first, stay.until) == (among[0], among[-1])
        assert stay.led == (led[0] if led else None)
    assert {stay.condition for stay in found.conditions} == {
        one.condition for visit in answered for one in visit.top
    }


def test_a_visit_at_which_too_little_was_known_counts_for_no_condition() -> None:
    found = played(dated("age_years_stated", day=None))
    assert all(visit.abstained for visit in found.visits)
    assert found.conditions == ()


def test_what_came_later_changes_no_earlier_visit() -> None:
    first = (fact("bone_pain", days_ago=60), lesion("tibia", "left", days_ago=60))
    early = played(*first)
    late = played(*first, fact("blasts_on_film", days_ago=5))
    assert late.visits[0] == early.visits[0]
