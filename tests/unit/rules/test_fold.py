from datetime import date
from math import inf

import pytest

from multifocal.model.day import Day
from multifocal.model.record import ConceptId, Fact, Origin
from multifocal.rules.fold import Folded, Folder, Looked, Select
from multifocal.rules.parse import parse

AS_OF = date(2026, 10, 20)


def fact(name: str, concept: str, **columns: object) -> Fact:
    return Fact(id=name, concept=concept, origin=Origin(name), **columns)  # type: ignore[arg-type] # plain test data


def of(*concepts: str) -> tuple[ConceptId, ...]:
    return tuple(map(ConceptId, concepts))


def folded(select: Select, *facts: Fact) -> tuple[object, object, tuple[str, ...]]:
    result: Folded = Folder({"x": select}, lambda f: (f.bone or "", "hand")).fold(
        facts, as_of=AS_OF
    )
    low, high = result.words["x"]
    return low, high, result.because["x"]


FEVER = Select("any", of("fever"))


def test_nothing_recorded_is_unknown() -> None:
    assert folded(FEVER) == (False, True, ())


def test_one_presence_outweighs_every_absence() -> None:
    facts = (fact("a", "fever", present=False), fact("b", "fever"))
    assert folded(FEVER, *facts) == (True, True, ("b",))


def test_a_recorded_absence_is_absence() -> None:
    assert folded(FEVER, fact("a", "fever", present=False)) == (False, False, ("a",))


def test_looking_and_finding_nothing_is_absence() -> None:
    select = Select("any", of("lesion"), looked=Looked(of("mri")))
    assert folded(select, fact("m", "mri")) == (False, False, ("m",))


def test_a_study_that_was_not_done_is_no_witness() -> None:
    select = Select("any", of("lesion"), looked=Looked(of("mri")))
    assert folded(select, fact("m", "mri", present=False)) == (False, True, ())


def test_a_study_whose_result_was_not_read_is_no_witness() -> None:
    select = Select("any", of("lesion"), looked=Looked(of("mri")))
    assert folded(select, fact("m", "mri", unread=True)) == (False, True, ())


def test_what_was_done_and_not_read_is_neither_present_nor_absent() -> None:
    assert folded(Select("any", of("mri")), fact("m", "mri", unread=True)) == (False, True, ())
    last = Select("last_day", of("mri"), gives="number")
    assert folded(last, fact("m", "mri", day=Day.parse("2026-10-01"), unread=True))[1] == inf


def test_a_count_leaves_room_for_what_was_not_read() -> None:
    select = Select("count", of("mri", "xray"), of=parse("concept"))
    facts = (fact("m", "mri", unread=True), fact("x", "xray"))
    assert folded(select, *facts) == (1.0, 2.0, ("x",))


SITES = Select("count", of("lesion"), of=parse("site"), looked=Looked(of("whole_body")))


def test_a_count_without_a_whole_look_is_at_least_what_was_seen() -> None:
    facts = (
        fact("a", "lesion", bone="metacarpal_3", laterality="right"),
        fact("b", "lesion", bone="metacarpal_3", laterality="right"),
        fact("c", "lesion", bone="metacarpal_3", laterality="left"),
    )
    assert folded(SITES, *facts)[:2] == (2.0, inf)


def test_a_whole_look_makes_the_count_exact() -> None:
    facts = (
        fact("a", "lesion", bone="metacarpal_3", laterality="right"),
        fact("w", "whole_body"),
    )
    assert folded(SITES, *facts) == (1.0, 1.0, ("a", "w"))


def test_absent_lesions_are_not_counted() -> None:
    facts = (fact("a", "lesion", bone="radius", present=False), fact("w", "whole_body"))
    assert folded(SITES, *facts)[:2] == (0.0, 0.0)


CRP = Select("latest", of("crp"), of=parse("value"), gives="number")


def test_latest_takes_the_last_day_and_of_several_values_of_it_all() -> None:
    facts = (
        fact("a", "crp", value=40.0, day=Day.parse("2026-09-01")),
        fact("c", "crp", value=12.0, day=Day.parse("2026-10-01")),
        fact("b", "crp", value=13.0, day=Day.parse("2026-10-01")),
    )
    assert folded(CRP, *facts) == (12.0, 13.0, ("c", "b"))


def test_a_result_that_is_normal_and_not_on_one_day_is_neither() -> None:
    day = Day.parse("2026-10-01")
    facts = (
        fact("a", "crp", value=5.0, flag="normal", day=day),
        fact("b", "crp", value=50.0, flag="high", day=day),
    )
    flag = Select("latest", of("crp"), of=parse("flag"), gives="text")
    low, high, _ = folded(flag, *facts)
    assert (low, high) == ("high", "normal")


def test_of_two_truths_of_one_day_the_latest_is_yes() -> None:
    today = Day(AS_OF, AS_OF)
    facts = (fact("a", "crp", day=today), fact("b", "crp", day=today, present=False))
    select = Select("latest", of("crp"), of=parse("present"))
    assert folded(select, *facts) == (True, True, ("a",))


def test_latest_passes_over_a_fact_without_a_value() -> None:
    facts = (
        fact("a", "crp", value=40.0, day=Day.parse("2026-09-01")),
        fact("b", "crp", day=Day.parse("2026-10-01")),
    )
    assert folded(CRP, *facts) == (40.0, 40.0, ("a",))


@pytest.mark.parametrize(
    ("comparator", "low", "high"), [("<=", 0.0, 5.0), (">=", 5.0, inf), (None, 5.0, 5.0)]
)
def test_a_censored_value_runs_to_its_bound(
    comparator: str | None, low: float, high: float
) -> None:
    assert folded(CRP, fact("a", "crp", value=5.0, comparator=comparator))[:2] == (low, high)


def test_less_than_five_is_below_five() -> None:
    low, high, _ = folded(CRP, fact("a", "crp", value=5.0, comparator="<"))
    assert low == 0.0
    assert isinstance(high, float)
    assert 4.999 < high < 5.0


def test_the_first_day_of_a_partial_date_is_a_span_of_days() -> None:
    select = Select("first_day", of("bone_pain"), gives="number")
    pain = fact("a", "bone_pain", day=Day.parse("2026-06"), onset=True)
    # From 30 June to 20 October are 112 days, from 1 June 141 (paper arithmetic).
    assert folded(select, pain) == (112.0, 141.0, ("a",))


def test_a_symptom_that_was_only_seen_may_be_older_than_the_visit() -> None:
    select = Select("first_day", of("bone_pain"), gives="number")
    seen = fact("a", "bone_pain", day=Day.parse("2026-10-10"))
    assert folded(select, seen) == (10.0, inf, ("a",))


def test_a_course_without_an_end_runs_to_the_day_of_assessment() -> None:
    select = Select("longest", of("nsaid"), gives="number")
    course = fact("a", "nsaid", day=Day.parse("2026-10-01"))
    assert folded(select, course) == (19.0, 19.0, ("a",))


def test_where_leaves_out_a_fact_of_which_the_column_is_not_known() -> None:
    select = Select("any", of("lesion"), where=parse("bone == 'clavicle'"))
    assert folded(select, fact("a", "lesion")) == (False, True, ())


def test_a_place_holds_the_regions_around_a_bone() -> None:
    select = Select("any", of("lesion"), where=parse("'hand' in place"))
    assert folded(select, fact("a", "lesion", bone="capitate"))[:2] == (True, True)
